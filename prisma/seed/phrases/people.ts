/** Who works in each organization besides those who sign in, and what is said of their work. */
import type { OrgSlug } from '../people.ts';

/** Somebody at work: `under` is the mailbox of a person who signs in, or the name of a colleague. */
export interface Staff {
  readonly name: string;
  readonly title: string;
  readonly department: string;
  readonly under: string;
  readonly type?: 'full_time' | 'part_time' | 'contractor' | 'intern';
  readonly status?: 'active' | 'on_leave' | 'terminated';
}

const acme: readonly Staff[] = [
  { name: 'Mira Castellanos', title: 'Creative director', department: 'Design', under: 'owner' },
  { name: 'Owen Whitlock', title: 'Head of engineering', department: 'Engineering', under: 'owner' },
  { name: 'Sana Qureshi', title: 'Account manager', department: 'Clients', under: 'member' },
  { name: 'Felix Brandt', title: 'Junior account manager', department: 'Clients', under: 'member' },
  { name: 'Naledi Mokoena', title: 'Project coordinator', department: 'Clients', under: 'member', type: 'part_time' },
  { name: 'Tom Hagen', title: 'Office manager', department: 'Operations', under: 'admin' },
  { name: 'Lucia Ferri', title: 'People partner', department: 'Operations', under: 'admin', type: 'part_time' },
  { name: 'Jae-won Park', title: 'Senior designer', department: 'Design', under: 'Mira Castellanos' },
  {
    name: 'Helena Novak',
    title: 'Brand designer',
    department: 'Design',
    under: 'Mira Castellanos',
    status: 'on_leave',
  },
  { name: 'Ravi Iyer', title: 'Motion designer', department: 'Design', under: 'Mira Castellanos', type: 'contractor' },
  { name: 'Beatriz Lima', title: 'Illustrator', department: 'Design', under: 'Jae-won Park', type: 'contractor' },
  { name: 'Noah Fischer', title: 'Design intern', department: 'Design', under: 'Jae-won Park', type: 'intern' },
  { name: 'Amara Diallo', title: 'Frontend engineer', department: 'Engineering', under: 'Owen Whitlock' },
  { name: 'Piotr Zielinski', title: 'Backend engineer', department: 'Engineering', under: 'Owen Whitlock' },
  { name: 'Yuki Mori', title: 'Frontend engineer', department: 'Engineering', under: 'Owen Whitlock' },
  {
    name: 'Claire Dubois',
    title: 'Quality engineer',
    department: 'Engineering',
    under: 'Owen Whitlock',
    type: 'part_time',
  },
  {
    name: 'Samuel Osei',
    title: 'Working student',
    department: 'Engineering',
    under: 'Piotr Zielinski',
    type: 'intern',
  },
  { name: 'Ingrid Solberg', title: 'Copywriter', department: 'Content', under: 'Mira Castellanos' },
  { name: 'Diego Vargas', title: 'Content strategist', department: 'Content', under: 'Ingrid Solberg' },
  { name: 'Ruth Adler', title: 'Web designer', department: 'Design', under: 'Mira Castellanos', status: 'terminated' },
];

const globex: readonly Staff[] = [
  { name: 'Matthias Krüger', title: 'Head of service', department: 'Service', under: 'owner' },
  { name: 'Sabine Hofmann', title: 'Head of finance', department: 'Office', under: 'owner' },
  { name: 'Ayşe Yıldız', title: 'Field sales', department: 'Sales', under: 'member' },
  { name: 'Lars Petersen', title: 'Inside sales', department: 'Sales', under: 'member' },
  { name: 'Greta Simon', title: 'Sales assistant', department: 'Sales', under: 'member', type: 'part_time' },
  { name: 'Ole Janssen', title: 'Dispatcher', department: 'Dispatch', under: 'admin' },
  { name: 'Paula Richter', title: 'Dispatcher', department: 'Dispatch', under: 'admin', type: 'part_time' },
  { name: 'Kemal Aksoy', title: 'Lead technician, ventilation', department: 'Service', under: 'Matthias Krüger' },
  { name: 'Stefan Wolf', title: 'Lead technician, alarms', department: 'Service', under: 'Matthias Krüger' },
  { name: 'Jan Nowak', title: 'Technician', department: 'Service', under: 'Kemal Aksoy' },
  { name: 'Mehmet Demir', title: 'Technician', department: 'Service', under: 'Kemal Aksoy' },
  { name: 'Ronny Schulz', title: 'Technician', department: 'Service', under: 'Kemal Aksoy', status: 'on_leave' },
  { name: 'Tereza Dvořák', title: 'Technician', department: 'Service', under: 'Stefan Wolf' },
  { name: 'Uwe Lehmann', title: 'Technician', department: 'Service', under: 'Stefan Wolf' },
  { name: 'Fatima El Amrani', title: 'Technician', department: 'Service', under: 'Stefan Wolf', type: 'part_time' },
  { name: 'Leon Bauer', title: 'Apprentice', department: 'Service', under: 'Kemal Aksoy', type: 'intern' },
  { name: 'Mia Neumann', title: 'Apprentice', department: 'Service', under: 'Stefan Wolf', type: 'intern' },
  { name: 'Dieter Franke', title: 'Warehouse keeper', department: 'Warehouse', under: 'Matthias Krüger' },
  { name: 'Anna Winkler', title: 'Bookkeeper', department: 'Office', under: 'Sabine Hofmann', type: 'part_time' },
  { name: 'Horst Beyer', title: 'Technician', department: 'Service', under: 'Stefan Wolf', status: 'terminated' },
];

export const staffOf: Readonly<Record<OrgSlug, readonly Staff[]>> = { acme, globex, initech: [] };

/** Where those who sign in work, by their mailbox, and who leads them. */
export const departments: Readonly<Record<string, { readonly department: string; readonly under: string | null }>> = {
  owner: { department: 'Management', under: null },
  admin: { department: 'Operations', under: 'owner' },
  member: { department: 'Clients', under: 'admin' },
  viewer: { department: 'Office', under: 'admin' },
  former: { department: 'Operations', under: 'admin' },
};

export const strengths = [
  'Explains hard things in plain words; clients ask for this person by name.',
  'Never late, and says early when something will be.',
  'Finds the fault that others pass by.',
  'Keeps calm when three things go wrong at once.',
  'Teaches the new ones without being asked.',
  'Writes things down, so that nobody asks twice.',
];

export const improvements = [
  'Could hand over more, and earlier.',
  'Estimates are a third too short; plan with more room.',
  'Speaks up too little in large meetings.',
  'Should take the certificate that was agreed on last year.',
  'Notes after visits come days later, and then leave things out.',
  'Too many open tasks at once.',
];

export const reasons = {
  vacation: ['Two weeks in the mountains', 'Visiting family', 'Time at home', null, 'School holidays'],
  sick: [null, 'Flu', 'Surgery'],
  parental: ['Our second child'],
  unpaid: ['Moving house', 'Further studies'],
  other: ['Wedding of my sister', 'Court hearing as a witness'],
} as const;

export const courses = [
  { title: 'Data protection', provider: 'In-house', url: 'https://learn.example/data-protection', is_mandatory: true },
  { title: 'Fire safety', provider: 'City fire service', url: 'https://learn.example/fire-safety', is_mandatory: true },
  { title: 'First aid', provider: 'Red Cross', url: 'https://learn.example/first-aid', is_mandatory: false },
  {
    title: 'Difficult conversations',
    provider: 'Lumen Academy',
    url: 'https://learn.example/talks',
    is_mandatory: false,
  },
  {
    title: 'Leading a small team',
    provider: 'Lumen Academy',
    url: 'https://learn.example/leading',
    is_mandatory: false,
  },
];
