/** What each trade sets up for its clients, what it asks them, and what their briefs say. */
import type { OrgSlug } from '../people.ts';

type Answer = string | number | readonly string[];

export interface PlannedSystem {
  readonly name: string;
  readonly category: string;
  readonly description: string;
  /** The services that setting it up takes, by their place in the offer of the trade. */
  readonly services: readonly number[];
}

export interface Question {
  readonly step: number;
  readonly key: string;
  readonly answers: readonly Answer[];
}

/** A brief as it grows: each version is the one before with these sections written anew. */
export interface PlannedBrief {
  readonly title: string;
  readonly versions: readonly Readonly<Record<string, string | number | readonly string[]>>[];
}

export interface StrategyPlan {
  readonly systems: readonly PlannedSystem[];
  readonly notes: readonly string[];
  readonly questions: readonly Question[];
  readonly briefs: readonly PlannedBrief[];
}

const agency: StrategyPlan = {
  systems: [
    {
      name: 'Marketing website',
      category: 'website',
      description: 'Pages that the client edits, with forms that lead into the pipeline.',
      services: [2, 3, 4],
    },
    {
      name: 'Online shop',
      category: 'commerce',
      description: 'Catalogue, checkout and the mails around an order.',
      services: [2, 3, 8],
    },
    {
      name: 'Newsletter and flows',
      category: 'email',
      description: 'Welcome, win-back and a monthly letter, with one list for all of them.',
      services: [4, 9],
    },
    {
      name: 'Measurement',
      category: 'analytics',
      description: 'Consent, events and one page of figures that everybody looks at.',
      services: [10],
    },
    {
      name: 'Brand kit',
      category: 'design',
      description: 'Logo, colours, type and templates, in one place that suppliers can use.',
      services: [0, 1],
    },
    {
      name: 'Booking page',
      category: 'website',
      description: 'Free times from the client’s calendar, and a reminder the day before.',
      services: [3],
    },
  ],
  notes: [
    'Replaces what the client built themselves.',
    'Data moves over in the last week.',
    'Client keeps the licence.',
  ],
  questions: [
    {
      step: 1,
      key: 'goal',
      answers: [
        'More enquiries from people nearby',
        'A shop that sells while we sleep',
        'To be taken seriously by larger clients',
        'Fewer calls that the website could answer',
      ],
    },
    {
      step: 1,
      key: 'success_in_a_year',
      answers: ['Twice as many enquiries', 'A third of sales online', 'Two rebrands that we are proud to show'],
    },
    {
      step: 2,
      key: 'audience',
      answers: [
        'Families within half an hour’s drive',
        'Buyers in companies of 50 to 500',
        'People between 25 and 40 who cook',
        'Practice managers who decide alone',
      ],
    },
    { step: 2, key: 'tone', answers: ['Calm and clear', 'Warm, a little dry', 'Confident, never loud'] },
    {
      step: 3,
      key: 'channels',
      answers: [
        ['Search', 'Email'],
        ['Instagram', 'Shop window'],
        ['Search', 'Fairs', 'Referrals'],
      ],
    },
    { step: 3, key: 'monthly_visits', answers: [1_800, 4_200, 12_500, 26_000] },
    { step: 4, key: 'team_size', answers: [1, 2, 3, 5] },
    { step: 4, key: 'budget', answers: [18_000, 32_000, 55_000, 90_000] },
  ],
  briefs: [
    {
      title: 'New website',
      versions: [
        { goal: 'A website that brings enquiries.', audience: 'People nearby', pages: 8 },
        { goal: 'A website that brings forty enquiries a month.', audience: 'Families within half an hour', pages: 12 },
        { pages: 10, launch: 'Before the summer', languages: ['en', 'es'] },
      ],
    },
    {
      title: 'Brand refresh',
      versions: [
        { goal: 'Look our age.', keep: ['The name', 'The green'], mood: 'Quiet' },
        {
          goal: 'Look established, not old.',
          mood: 'Quiet, with one loud detail',
          deliverables: ['Logo', 'Type', 'Signs'],
        },
      ],
    },
    {
      title: 'Launch campaign',
      versions: [
        { goal: 'Five hundred orders in the first week.', channels: ['Search', 'Instagram'], budget: 24_000 },
        { channels: ['Search', 'Instagram', 'Email'], budget: 28_000 },
        { goal: 'Six hundred orders in the first two weeks.', stop: 'When an order costs more than 18 dollars' },
        { budget: 31_500, proof: 'Reviews of the first hundred buyers' },
      ],
    },
    {
      title: 'Newsletter that is read',
      versions: [{ goal: 'Half of the list opens it.', rhythm: 'Monthly', voice: 'The founder' }],
    },
  ],
};

const fieldService: StrategyPlan = {
  systems: [
    {
      name: 'Heat pump with control',
      category: 'heating',
      description: 'Outdoor unit, buffer and control, set up for the house and registered with the maker.',
      services: [3, 10],
    },
    {
      name: 'Boiler monitoring',
      category: 'monitoring',
      description: 'Sensors on pressure and temperature, with alarms to the dispatch desk.',
      services: [2, 10],
    },
    {
      name: 'Fire alarm system',
      category: 'safety',
      description: 'Detectors, panel and the yearly test with its protocol.',
      services: [6],
    },
    {
      name: 'Air conditioning, several rooms',
      category: 'cooling',
      description: 'One outdoor unit for up to five rooms, with a filter plan.',
      services: [4, 9],
    },
    {
      name: 'Maintenance calendar',
      category: 'planning',
      description: 'All yearly duties of a building in one plan, announced four weeks ahead.',
      services: [7],
    },
  ],
  notes: ['Access through the caretaker.', 'Subsidy applied for.', 'Old unit is taken away on the same day.'],
  questions: [
    {
      step: 1,
      key: 'goal',
      answers: [
        'Lower heating costs',
        'No failures in winter',
        'One contact for all buildings',
        'Meet the new energy rules',
      ],
    },
    {
      step: 1,
      key: 'worst_failure_last_year',
      answers: ['Two days without heating', 'A stuck lift on a Saturday', 'A false alarm at night'],
    },
    { step: 2, key: 'buildings', answers: [1, 3, 8, 14] },
    {
      step: 2,
      key: 'equipment',
      answers: [['Boiler', 'Lift'], ['Heat pump'], ['Boiler', 'Fire alarm', 'Air conditioning']],
    },
    { step: 3, key: 'answer_time', answers: ['Four hours', 'The same day', 'The next working day'] },
    { step: 3, key: 'energy_cost_per_year', answers: [14_000, 38_000, 96_000] },
    { step: 4, key: 'budget', answers: [25_000, 60_000, 140_000] },
  ],
  briefs: [
    {
      title: 'Heating that lasts',
      versions: [
        { goal: 'Replace the boiler before winter.', building: 'Main house', rooms: 24 },
        { goal: 'Replace the boiler by a heat pump before winter.', rooms: 26, subsidy: 'Applied for' },
        { subsidy: 'Granted', noise: 'Below 45 dB at the fence', works: ['Foundation', 'Pipes', 'Control'] },
      ],
    },
    {
      title: 'One plan for all buildings',
      versions: [
        { goal: 'All yearly duties in one calendar.', buildings: 6 },
        { buildings: 8, announce: 'Four weeks ahead', contact: 'The caretakers, not the office' },
      ],
    },
    {
      title: 'Cooler offices',
      versions: [{ goal: 'No more than 26 degrees at a desk.', rooms: ['Sales', 'Server room'], budget: 42_000 }],
    },
  ],
};

const software: StrategyPlan = {
  systems: [
    {
      name: 'Back-up that was tried',
      category: 'operations',
      description: 'Nightly copies to another place, and a restore every quarter.',
      services: [0, 1],
    },
  ],
  notes: ['Runs beside the old one for a month.'],
  questions: [
    { step: 1, key: 'goal', answers: ['Know that the back-up works', 'Spend less time on reports'] },
    { step: 2, key: 'users', answers: [4, 12] },
    { step: 3, key: 'deadline', answers: ['Before the audit', 'This quarter'] },
  ],
  briefs: [
    {
      title: 'Reports without copying',
      versions: [
        { goal: 'The monthly report makes itself.', source: 'Two spreadsheets' },
        { source: 'The accounts, read once a night' },
      ],
    },
  ],
};

const plans: Readonly<Record<OrgSlug, StrategyPlan>> = { acme: agency, globex: fieldService, initech: software };

export const strategyPlanOf = (slug: OrgSlug): StrategyPlan => plans[slug];
