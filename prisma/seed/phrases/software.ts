/** The trade of a very small software consultancy, for an organization with little data. */
import type { Trade } from '../trade.ts';

export const softwareTrade: Trade = {
  companies: {
    Logistics: ['Lone Star Haulage', 'Prairie Parcel'],
    Finance: ['Bluebonnet Savings'],
    Manufacturing: ['Cactus Valve Works', 'Mesa Plastics'],
  },
  personIndustry: 'Sole trader',
  tags: ['support', 'integration', 'reports'],
  jobTitles: ['IT manager', 'Chief executive', 'Office manager'],
  services: [
    { name: 'Consulting', description: 'Analysis, advice and small programs.', unit: 'hour', cents: 14_000 },
    { name: 'Support plan', description: 'Eight hours a month, answers within a day.', unit: 'month', cents: 98_000 },
  ],
  work: [
    { title: 'Report automation', from: 4_000, to: 15_000 },
    { title: 'Data migration', from: 8_000, to: 30_000 },
    { title: 'Support plan', from: 6_000, to: 12_000 },
  ],
  secondPipeline: {
    name: 'Support plans',
    stages: [
      { name: 'Trial month', probability: 60, kind: 'open' },
      { name: 'Subscribed', probability: 100, kind: 'won' },
      { name: 'Declined', probability: 0, kind: 'lost' },
    ],
  },
  lostReasons: ['They bought a finished product.', 'No budget this year.'],
  leadSources: ['Referral', 'Website form'],
  leadNotes: [
    'Copies numbers between two systems by hand every morning.',
    'Wants to know whether the old database can be saved.',
  ],
  unqualifiedNotes: ['Needs a new printer.'],
  topics: [
    {
      subject: 'Nightly import failed',
      about: 'the import that stopped at two in the morning',
      positive: 'The cause was found before they had noticed, and the missing orders were loaded.',
      neutral: 'The supplier changed a column; the import is adapted this week.',
      negative: 'A whole day of orders was missing in the warehouse and trucks left half empty.',
    },
    {
      subject: 'Monthly report',
      about: 'the figures in the monthly report',
      positive: 'The report now takes four minutes instead of two days, and finance is delighted.',
      neutral: 'They want the totals by region as well.',
      negative: 'Returns were counted twice and the board saw wrong numbers.',
    },
    {
      subject: 'Migration weekend',
      about: 'the plan for the migration weekend',
      positive: 'The rehearsal went without a fault and the date is fixed.',
      neutral: 'Two tables still need an owner who can check the data.',
      negative: 'They lost trust after the failed rehearsal and want to postpone.',
    },
  ],
  nextSteps: ['Next: send the estimate.', 'They test it on Friday.', 'No further action.'],
  tasks: ['Write the test plan', 'Check the backup'],
  sites: ['Head office', 'Plant'],
  accessNotes: ['Sign in at the gate.'],
  templates: [{ name: 'Fixed-price offer', type: 'proposal', sections: ['Problem', 'Solution', 'Tests', 'Price'] }],
  contractScope: 'Programs and data work as described in the offer, with source code and a written hand-over.',
  contractTerms: 'Payable within 30 days. Faults reported within 90 days are corrected without charge.',
  clientDocuments: [
    {
      title: '{client}: system overview',
      body: 'Orders of {client} arrive by mail and by file, are checked by a script and stored in a database from 2011. Backups run at night and were restored once, as a test, this spring. One person knows the warehouse interface.',
    },
  ],
  ownDocuments: [
    {
      title: 'How we test a migration',
      body: 'Rehearse with a full copy, count rows and sums on both sides, let the customer check ten records they know, and write down how to go back. A migration without a way back does not start.',
    },
  ],
  motivations: ['less manual work', 'numbers that can be trusted'],
  decisionStyles: ['chief executive decides after a demonstration'],
  knowledge: [
    {
      type: 'positioning',
      source: 'Founder',
      text: 'We connect old systems that work with new ones that are needed, and leave both running.',
    },
    {
      type: 'pricing',
      source: 'Founder',
      text: 'An hour costs 140 dollars; fixed prices only after a paid analysis of one day.',
    },
    {
      type: 'lesson',
      source: 'Founder',
      text: 'Always ask who will look at the report. Half of the reports we were asked for had no reader.',
    },
    {
      type: 'faq',
      source: 'Founder',
      text: 'Can you take over code that somebody else wrote? Usually, after a day of reading and a list of what we found.',
    },
  ],
};
