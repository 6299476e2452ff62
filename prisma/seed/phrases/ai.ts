/** What agents are called and told in each trade, and what their steps put out. */
import type { OrgSlug } from '../people.ts';

export interface DemoAgent {
  readonly name: string;
  readonly role: string;
  readonly model: string;
  readonly instructions: string;
  readonly tools: { readonly [name: string]: { readonly [setting: string]: string | number | boolean } };
  readonly isEnabled?: boolean;
}

const search = { search: { corpus: 'org_brain', limit: 8 } };
const mail = { mail: { send: false } };

export const agentsOf: Readonly<Record<OrgSlug, readonly DemoAgent[]>> = {
  acme: [
    {
      name: 'Proposal writer',
      role: 'writer',
      model: 'gpt-4.1',
      instructions:
        'Write proposals in our voice: plain, warm, one idea a paragraph. Quote prices only from the service list.',
      tools: search,
    },
    {
      name: 'Prospect researcher',
      role: 'researcher',
      model: 'mistral-large',
      instructions:
        'Collect what a company sells, to whom, and what it says about itself. Name the source of every fact.',
      tools: { ...search, browse: { pages: 12 } },
    },
    {
      name: 'Brief editor',
      role: 'editor',
      model: 'gpt-4.1-mini',
      instructions: 'Turn workshop notes into a brief of one page. Leave out what nobody decided.',
      tools: {},
    },
    {
      name: 'Follow-up assistant',
      role: 'assistant',
      model: 'llama-3.3-70b',
      instructions: 'Draft short follow-up mails three days after a meeting. Never send them.',
      tools: mail,
      isEnabled: false,
    },
  ],
  globex: [
    {
      name: 'Quote writer',
      role: 'writer',
      model: 'gpt-4.1',
      instructions: 'Write quotes for maintenance contracts. List every device with its interval, and every exclusion.',
      tools: search,
    },
    {
      name: 'Site researcher',
      role: 'researcher',
      model: 'mistral-large',
      instructions: 'Find out how large a site is, who runs it and which systems it has. Say what is a guess.',
      tools: { ...search, browse: { pages: 6 } },
    },
    {
      name: 'Report summarizer',
      role: 'editor',
      model: 'gpt-4.1-mini',
      instructions: 'Summarize service reports for the customer in five sentences, defects first.',
      tools: {},
    },
    {
      name: 'Dispatch assistant',
      role: 'planner',
      model: 'llama-3.3-70b',
      instructions: 'Propose which technician goes where. A person decides.',
      tools: { calendar: { write: false } },
      isEnabled: false,
    },
  ],
  initech: [
    {
      name: 'Proposal writer',
      role: 'writer',
      model: 'llama-3.3-70b',
      instructions: 'Write one page at most.',
      tools: {},
    },
  ],
};

/** Models, who runs them, and what a million tokens cost in micros of a dollar: in and out. */
export const models: Readonly<
  Record<string, { readonly provider: string; readonly in: number; readonly out: number }>
> = {
  'gpt-4.1': { provider: 'openai', in: 2_000_000, out: 8_000_000 },
  'mistral-large': { provider: 'mistral', in: 2_000_000, out: 6_000_000 },
  'llama-3.3-70b': { provider: 'groq', in: 590_000, out: 790_000 },
  'gpt-4.1-mini': { provider: 'openai', in: 400_000, out: 1_600_000 },
};

/** The steps of a run and what each of them puts out. */
export const steps: readonly { readonly step: string; readonly output: { readonly [key: string]: string | number } }[] =
  [
    { step: 'research', output: { sources: 6, note: 'Two earlier projects and the notes of the first call.' } },
    { step: 'outline', output: { sections: 4, note: 'Summary, scope, timeline, investment.' } },
    { step: 'draft', output: { words: 860, note: 'All sections written, prices from the service list.' } },
    { step: 'review', output: { remarks: 3, note: 'Shorter summary, one price checked, dates made firm.' } },
  ];

export const failures = [
  'The model did not answer within 120 seconds.',
  'The answer was no valid JSON.',
  'Rate limit of the provider reached; try again later.',
  'The draft was longer than the limit of 4,000 words.',
];

/** Questions that were asked more than once. */
export const questions = [
  'Summarize the first call',
  'Suggest a title',
  'Translate the summary into German',
  'List the open questions',
  'Shorten to 100 words',
  'Rate the tone',
  'Name three risks',
  'Extract names and dates',
  'Explain the price',
  'Draft a subject line',
  'Compare with the last offer',
  'Check for jargon',
];

export const findings = [
  { size: '11-50', buys: 'by recommendation', interest: 'a clearer offer', confidence: 0.8 },
  { size: '51-200', buys: 'by tender', interest: 'one partner for everything', confidence: 0.7 },
  { size: '2-10', buys: 'by the founder', interest: 'speed', confidence: 0.9 },
  { size: '201-500', buys: 'through procurement', interest: 'fixed prices', confidence: 0.6 },
  { size: '11-50', buys: 'after a pilot', interest: 'proof that it works', confidence: 0.75 },
];

export const events = [
  'proposal.opened',
  'proposal.exported',
  'deal.board_viewed',
  'search.used',
  'contact.imported',
  'dashboard.viewed',
  'project.opened',
  'file.downloaded',
];

export const prospects: Readonly<Record<OrgSlug, readonly string[]>> = {
  acme: [
    'Larkspur Botanics',
    'Harbor & Pine Outfitters',
    'Quill Street Books',
    'Meridian Cycle Works',
    'Saltbox Ceramics',
    'Northway Credit Union',
    'Tallgrass Dairy',
    'Ember Coffee Roasters',
    'Juniper Health Clinics',
    'Fathom Aquarium',
    'Cobalt Film Festival',
    'Redwood Elder Care',
  ],
  globex: [
    'Stadtwerke Lindenau',
    'Klinikum Seeblick',
    'Hotel Alte Post',
    'Logistikpark Nordkreuz',
    'Brauerei Hagedorn',
    'Schulzentrum Am Anger',
    'Kühlhaus Brandis',
    'Therme Bad Eltern',
    'Druckerei Zeilenwerk',
    'Markthalle Süd',
    'Pflegeheim Rosenhof',
    'Rechenzentrum Taucha',
  ],
  initech: ['Chotchkie Foods'],
};
