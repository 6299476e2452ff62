/** What stands in the calendars: `{account}` stands for a client's name. */
import type { OrgSlug } from '../people.ts';

export interface Series {
  readonly title: string;
  readonly description: string;
  readonly recurrence: string;
  /** The weekday that it begins on, Sunday is 0; null for any. */
  readonly weekday: number | null;
  /** The minute of the local day, and how many minutes it takes; null for whole days. */
  readonly minute: number | null;
  readonly length: number;
  readonly location: string | null;
  readonly kind: 'event' | 'meeting';
}

export interface Occasion {
  readonly title: string;
  readonly description: string;
  /** Days from now. */
  readonly days: number;
  readonly length: number;
  readonly location: string;
}

export interface Dates {
  readonly series: readonly Series[];
  readonly visits: readonly {
    readonly title: string;
    readonly description: string;
    readonly kind: 'event' | 'meeting';
  }[];
  readonly occasions: readonly Occasion[];
}

const common: readonly Series[] = [
  {
    title: 'Weekly planning',
    description: 'What is due, what is late, who needs help.',
    recurrence: 'FREQ=WEEKLY;BYDAY=MO',
    weekday: 1,
    minute: 540,
    length: 45,
    location: 'Meeting room 1',
    kind: 'meeting',
  },
  {
    title: 'Review of the month',
    description: 'Numbers, lessons and thanks.',
    recurrence: 'FREQ=MONTHLY;BYDAY=-1FR',
    weekday: 5,
    minute: 900,
    length: 60,
    location: 'Meeting room 1',
    kind: 'meeting',
  },
  {
    title: 'Invoices go out',
    description: 'Time sheets are complete by then.',
    recurrence: 'FREQ=MONTHLY;BYMONTHDAY=-1',
    weekday: null,
    minute: null,
    length: 1,
    location: null,
    kind: 'event',
  },
  {
    title: 'One to one',
    description: 'No agenda but yours.',
    recurrence: 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=20',
    weekday: 4,
    minute: 840,
    length: 30,
    location: null,
    kind: 'meeting',
  },
];

const agency: Dates = {
  series: [
    ...common,
    {
      title: 'Stand-up of the studio',
      description: 'Ten minutes, standing.',
      recurrence: 'FREQ=WEEKLY;BYDAY=TU,WE,TH',
      weekday: 2,
      minute: 570,
      length: 15,
      location: 'Kitchen',
      kind: 'meeting',
    },
    {
      title: 'Birthday of the studio',
      description: 'Cake at four.',
      recurrence: 'FREQ=YEARLY',
      weekday: null,
      minute: null,
      length: 1,
      location: 'Kitchen',
      kind: 'event',
    },
  ],
  visits: [
    { title: 'Kick-off with {account}', description: 'Goals, dates and who decides.', kind: 'meeting' },
    { title: 'Layouts for {account}', description: 'Two routes, printed and on screen.', kind: 'meeting' },
    { title: 'Photo shoot for {account}', description: 'Full day with stylist; see the shot list.', kind: 'event' },
    { title: 'Results of the campaign, {account}', description: 'What worked and what we change.', kind: 'meeting' },
    { title: 'Workshop with {account}', description: 'From the brief to three ideas.', kind: 'meeting' },
    { title: 'Approval call with {account}', description: 'Last look before print.', kind: 'meeting' },
  ],
  occasions: [
    {
      title: 'Design week',
      description: 'Our talk is on the second day.',
      days: -140,
      length: 3,
      location: 'Convention center',
    },
    { title: 'Company outing', description: 'Sturdy shoes.', days: -62, length: 1, location: 'Hudson Highlands' },
    { title: 'Award show', description: 'Two of our works are nominated.', days: 38, length: 1, location: 'Town hall' },
    { title: 'Studio closed', description: 'The floor is renewed.', days: 74, length: 2, location: 'Studio' },
  ],
};

const fieldService: Dates = {
  series: [
    ...common,
    {
      title: 'Handover of the on-call week',
      description: 'Keys, phone and open cases.',
      recurrence: 'FREQ=WEEKLY;BYDAY=FR',
      weekday: 5,
      minute: 780,
      length: 30,
      location: 'Dispatch',
      kind: 'meeting',
    },
    {
      title: 'Inventory',
      description: 'Warehouse and vans.',
      recurrence: 'FREQ=YEARLY',
      weekday: 6,
      minute: null,
      length: 1,
      location: 'Warehouse',
      kind: 'event',
    },
  ],
  visits: [
    { title: 'Site survey at {account}', description: 'Measure, photograph, note the access.', kind: 'event' },
    { title: 'Yearly inspection, {account}', description: 'With protocol and refrigerant log.', kind: 'event' },
    {
      title: 'Handover of the new unit, {account}',
      description: 'Instruction of the caretaker, signature.',
      kind: 'event',
    },
    { title: 'Talk about the contract, {account}', description: 'Scope and response times.', kind: 'meeting' },
    { title: 'Offer for {account}', description: 'Two variants, with subsidy.', kind: 'meeting' },
  ],
  occasions: [
    {
      title: 'Trade fair for building technology',
      description: 'Stand in hall 4.',
      days: -118,
      length: 4,
      location: 'Frankfurt',
    },
    {
      title: 'First-aid course',
      description: 'Everybody who drives a van.',
      days: -47,
      length: 1,
      location: 'Training room',
    },
    {
      title: 'Refrigerant course',
      description: 'Certificates are renewed.',
      days: 41,
      length: 2,
      location: 'Chamber of crafts',
    },
    { title: 'Party of the team', description: 'Families are welcome.', days: 83, length: 1, location: 'Yard' },
  ],
};

const software: Dates = {
  series: common.slice(0, 1),
  visits: [{ title: 'Demo for {account}', description: 'Reports and import.', kind: 'meeting' }],
  occasions: [{ title: 'Day off', description: 'Phone is off.', days: 12, length: 1, location: 'Lake' }],
};

export const datesOf: Readonly<Record<OrgSlug, Dates>> = { acme: agency, globex: fieldService, initech: software };
