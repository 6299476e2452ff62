/** How each trade runs its projects: phases with their tasks, what the client gets, and what people write beside their time. */
import type { OrgSlug } from '../people.ts';

export interface PlannedTask {
  readonly title: string;
  readonly description: string;
  readonly hours: number;
  readonly points: number;
  readonly steps?: readonly string[];
}

export interface PlannedPhase {
  readonly name: string;
  /** What is reached at its end. */
  readonly milestone: string;
  readonly tasks: readonly PlannedTask[];
}

export interface DeliveryPlan {
  readonly phases: readonly PlannedPhase[];
  readonly deliverables: readonly { readonly name: string; readonly description: string }[];
  /** What people are in a project, and what an hour of them costs the client and the organization, in cents. */
  readonly roles: readonly { readonly role: string; readonly bill: number; readonly cost: number }[];
  readonly onSite: boolean;
  readonly standing: readonly string[];
  readonly notes: readonly string[];
  readonly comments: readonly string[];
}

const task = (
  title: string,
  description: string,
  hours: number,
  points: number,
  steps?: readonly string[],
): PlannedTask => ({ title, description, hours, points, ...(steps && { steps }) });

const agency: DeliveryPlan = {
  onSite: false,
  roles: [
    { role: 'Project lead', bill: 16_500, cost: 8_400 },
    { role: 'Designer', bill: 13_000, cost: 6_100 },
    { role: 'Developer', bill: 14_500, cost: 7_200 },
  ],
  phases: [
    {
      name: 'Discovery',
      milestone: 'Brief signed off',
      tasks: [
        task(
          'Run the kick-off workshop',
          'Half a day with everybody who decides, and with those who will use it.',
          6,
          3,
          ['Send the agenda', 'Book a room with a wall to write on', 'Share the photographs of the wall'],
        ),
        task(
          'Interview five customers',
          'Twenty minutes each, recorded with consent, quotes in the shared folder.',
          10,
          5,
        ),
        task(
          'Audit what is there',
          'Pages, texts, pictures and figures: what stays, what goes, what is missing.',
          8,
          5,
          ['Export the list of pages', 'Mark what has had no visit in a year', 'Collect the logins'],
        ),
        task('Write the creative brief', 'One page, one message, signed by the client before anything is drawn.', 5, 3),
      ],
    },
    {
      name: 'Concept',
      milestone: 'Concept approved',
      tasks: [
        task('Draw three directions', 'Apart from each other enough that choosing is easy.', 16, 8),
        task('Build a clickable prototype', 'The two most important journeys, on a phone first.', 14, 8, [
          'Home and search',
          'From product to thank-you page',
          'Test with two colleagues',
        ]),
        task('Write the tone of voice', 'Four rules with examples from their own texts.', 6, 3),
        task('Present to the board', 'Forty minutes, decisions noted on the last slide.', 4, 2),
      ],
    },
    {
      name: 'Production',
      milestone: 'Content complete',
      tasks: [
        task('Design the page templates', 'Eight templates with their empty and error states.', 24, 13),
        task('Set up the content system', 'Staging and production, roles for the editors, nightly backups.', 12, 5, [
          'Create the environments',
          'Import the old articles',
          'Train two editors',
        ]),
        task('Shoot the product photographs', 'Two days in the studio, sixty pieces, plain and in use.', 16, 8),
        task('Write the texts', 'Home, about, services and forty product texts.', 20, 8),
        task('Connect analytics and consent', 'Nothing is measured before the visitor agrees.', 6, 3),
      ],
    },
    {
      name: 'Launch',
      milestone: 'Live',
      tasks: [
        task('Test on real devices', 'The list of the ten most frequent ones, with a slow connection.', 8, 5, [
          'Phones',
          'Tablets',
          'Screen reader',
        ]),
        task('Redirect the old addresses', 'No link from a search engine ends nowhere.', 4, 3),
        task('Go live', 'Tuesday morning, with the client on the line.', 5, 2),
        task('Review after thirty days', 'Figures against the goals of the brief, and what to change next.', 4, 2),
      ],
    },
  ],
  deliverables: [
    { name: 'Creative brief', description: 'The one page that everything is measured against.' },
    { name: 'Design system', description: 'Colours, type, spacing and components, as a library and as a document.' },
    { name: 'Photograph library', description: 'Retouched, named and tagged, in print and screen sizes.' },
    { name: 'Editor handbook', description: 'How to write, crop and publish without asking us.' },
  ],
  standing: ['Search and content retainer', 'Campaign support', 'Quarterly design hours'],
  notes: [
    'Second round of changes from the client.',
    'Workshop, with notes.',
    'Templates for phone and desktop.',
    'Call about open questions, then corrections.',
    'Testing, and the bugs that came of it.',
    'Texts for the service pages.',
    'Preparation and follow-up of the presentation.',
    'Retouching.',
  ],
  comments: [
    'The client prefers the second direction, with the colours of the first.',
    'Waiting for the photographs; they promised them for Friday.',
    'Moved by a week, because their managing director is away.',
    'Looks right on my phone, the menu is cut off on the small one.',
    'Done, except for the two pages that legal still reads.',
  ],
};

const fieldService: DeliveryPlan = {
  onSite: true,
  roles: [
    { role: 'Site manager', bill: 9_800, cost: 5_600 },
    { role: 'Technician', bill: 8_200, cost: 4_300 },
    { role: 'Apprentice', bill: 5_400, cost: 2_500 },
  ],
  phases: [
    {
      name: 'Survey',
      milestone: 'Survey accepted',
      tasks: [
        task(
          'Survey the site',
          'Measurements, photographs and a list of what is installed, with serial numbers.',
          5,
          3,
          ['Plant room', 'Roof or shaft', 'Electrical connection'],
        ),
        task('Check the load calculation', 'For the building as it is, not as the plans say.', 4, 3),
        task('Clear access and parking', 'With the caretaker, in writing, for the whole period.', 2, 1),
      ],
    },
    {
      name: 'Planning',
      milestone: 'Material on stock',
      tasks: [
        task('Draw the installation plan', 'Positions, pipe runs and penetrations, for the owner and for us.', 8, 5),
        task('Apply for the subsidy', 'Before anything is ordered: afterwards it is too late.', 4, 2, [
          'Form of the owner',
          'Offer with the technical data',
          'Confirmation of the energy adviser',
        ]),
        task('Order the material', 'Long lead times first; check against the plan before sending.', 3, 2),
        task('Schedule the crew', 'Two technicians and the crane on the same morning.', 2, 1),
      ],
    },
    {
      name: 'Installation',
      milestone: 'In operation',
      tasks: [
        task('Remove the old equipment', 'Drain, dismantle and dispose, with the certificates.', 12, 8),
        task('Install the new equipment', 'By the plan; changes are photographed and noted.', 24, 13, [
          'Set the foundation',
          'Place the unit',
          'Connect the pipes',
          'Connect the power',
        ]),
        task('Insulate the pipes', 'All of them, also where nobody looks.', 8, 5),
        task('Commission and measure', 'Settings and readings go into the protocol.', 6, 5, [
          'Pressure test',
          'Flow and return temperature',
          'Alarm test',
        ]),
      ],
    },
    {
      name: 'Handover',
      milestone: 'Accepted by the owner',
      tasks: [
        task('Instruct the caretaker', 'An hour on site, with the short manual left in the plant room.', 2, 1),
        task('File the documents', 'Protocol, certificates, warranty cards and photographs.', 3, 2),
        task('Fix what the acceptance found', 'Within ten working days, with a photograph each.', 6, 3),
      ],
    },
  ],
  deliverables: [
    { name: 'Survey report', description: 'What we found, with photographs and measurements.' },
    { name: 'Installation plan', description: 'Drawings and list of parts, as built.' },
    { name: 'Commissioning protocol', description: 'Settings and readings, signed by the technician.' },
    { name: 'Maintenance file', description: 'Certificates, manuals and intervals in one folder.' },
  ],
  standing: ['Yearly inspection round', 'Spare parts and repairs', 'Winter readiness'],
  notes: [
    'Two technicians on site.',
    'Travel and set-up, then measurements.',
    'Waiting for access, forty minutes.',
    'Parts fetched from the wholesaler.',
    'Pressure test repeated after a joint was sealed.',
    'Protocol and photographs.',
    'Old unit cut up and carried out.',
    'Instruction of the caretaker.',
  ],
  comments: [
    'The key is at the office of the administration, not at the caretaker.',
    'The pipe runs differ from the plan; new drawing is attached to the survey.',
    'Delivery is a week late, the crew is rescheduled.',
    'Tenants were informed with a notice in the stairwell.',
    'Reading is within limits, checked twice.',
  ],
};

const software: DeliveryPlan = {
  onSite: false,
  roles: [{ role: 'Consultant', bill: 14_000, cost: 6_500 }],
  phases: [
    {
      name: 'Analysis',
      milestone: 'Scope agreed',
      tasks: [
        task('Map the data', 'Every table that the report reads, and who owns it.', 8, 5),
        task('Write down the rules', 'In sentences that finance signs.', 5, 3),
      ],
    },
    {
      name: 'Build',
      milestone: 'Report accepted',
      tasks: [
        task('Program the import', 'With a log that says what was left out and why.', 16, 8),
        task('Compare with last month', 'To the cent, or with a reason for the difference.', 6, 3),
      ],
    },
    {
      name: 'Rollout',
      milestone: 'Running by itself',
      tasks: [
        task('Rehearse the first night', 'With the copy of the database.', 4, 2),
        task('Hand over to the office', 'One page: what to do when it stops.', 3, 1),
      ],
    },
  ],
  deliverables: [
    { name: 'Data map', description: 'Which number comes from where.' },
    { name: 'Runbook', description: 'What to do when it stops.' },
  ],
  standing: ['Support hours'],
  notes: ['Import of the old years.', 'Call with finance.', 'Tests with real data.'],
  comments: ['The supplier changed a column again.', 'Finance agrees with the totals.'],
};

const plans: Readonly<Record<OrgSlug, DeliveryPlan>> = { acme: agency, globex: fieldService, initech: software };

export const deliveryPlanOf = (slug: OrgSlug): DeliveryPlan => plans[slug];
