/** What the websites of the demo say. */
import type { OrgSlug } from '../people.ts';

export interface News {
  readonly title: string;
  readonly body: string;
  readonly status?: 'draft' | 'archived' | 'coming' | 'deleted';
}

const agency: readonly News[] = [
  {
    title: 'We are looking for a second developer',
    body: 'Four days a week, from anywhere within two hours of the studio. Write to Bruno and show us something that you have made.',
  },
  {
    title: 'Blue Heron Tea sells online again',
    body: 'Three weeks from the first sketch to the first order. The old shop took eleven clicks to buy a tin of tea; the new one takes four.',
  },
  {
    title: 'What a brief should say',
    body: 'A goal with a number, an audience that you have met, and one thing that must not happen. The rest we find out together.',
  },
  {
    title: 'Open studio on the first Friday',
    body: 'Coffee from eight, and the walls are full of work that is not finished. Bring yours.',
    status: 'coming',
  },
  {
    title: 'Numbers of the year',
    body: 'Still to be checked by Dario: projects, hours, returning clients.',
    status: 'draft',
  },
  { title: 'Closed between the years', body: 'We are back on the second of January.', status: 'archived' },
  { title: 'Test, please ignore', body: 'Does this line break?', status: 'deleted' },
];

const fieldService: readonly News[] = [
  {
    title: 'The emergency line in the holidays',
    body: 'Day and night, as always. In the first hour please tell us three things: the building, what you hear, and whether anybody is inside.',
  },
  {
    title: 'Subsidies for heat pumps: what changes',
    body: 'Applications now need the noise measurement at the fence. We bring the device to the site survey, so that nothing is missing.',
  },
  {
    title: 'Lift inspections are due in spring',
    body: 'We announce every visit four weeks ahead. If your building has no caretaker, name somebody who can open the machine room.',
  },
  { title: 'Our new depot opens', body: 'Spare parts for boilers within the hour, from Monday on.', status: 'coming' },
  { title: 'Energy audit: five examples', body: 'Waiting for the consent of two clients.', status: 'draft' },
  { title: 'Road works at the main gate', body: 'Please use the entrance from the station.', status: 'archived' },
  { title: 'Draft without a name', body: 'To be removed.', status: 'deleted' },
];

const software: readonly News[] = [
  { title: 'Support plans have a second day', body: 'Sixteen hours a month, answers within half a day.' },
  { title: 'How we try back-ups', body: 'A restore every quarter, with a protocol. To be written.', status: 'draft' },
];

const news: Readonly<Record<OrgSlug, readonly News[]>> = { acme: agency, globex: fieldService, initech: software };

export const newsOf = (slug: OrgSlug): readonly News[] => news[slug];
