import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ProjectStatus = enumOf('ProjectStatus', 'Where a project stands.', {
  planning: 'Agreed on, not begun. Every project starts here.',
  active: 'Being worked on.',
  on_hold: 'Waiting, for example for a decision of the client.',
  completed: 'Finished.',
  archived: 'Put away: it takes no more tasks and no more time.',
});

readable('Project', {
  permission: 'delivery:read',
  filter: {
    columns: [
      'name',
      'accountId',
      'propertyId',
      'dealId',
      'managerId',
      'budgetCents',
      'currency',
      'startsOn',
      'endsOn',
      'description',
      'metadata',
      'tags',
    ],
    enums: { status: ProjectStatus },
    relations: [
      'account',
      'property',
      'deal',
      'manager',
      'projectPhases',
      'projectMembers',
      'tasks',
      'milestones',
      'deliverables',
      'timeEntries',
      'projectSystems',
      'projectServices',
      'briefs',
      'wizardSessions',
      'contextSnapshots',
      'roadmaps',
      'invoices',
      'expenses',
      'events',
      'documents',
    ],
  },
  orderBy: {
    columns: ['name', 'status', 'budgetCents', 'currency', 'startsOn', 'endsOn'],
    relations: ['account', 'property', 'deal', 'manager'],
  },
});

builder.prismaObject('Project', {
  description:
    'Work for a client, from planning to completion: its tasks, its people, the time it takes and what it earns.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    status: t.expose('status', { type: ProjectStatus }),
    budget: money(t, 'What the client has agreed to pay.', 'budgetCents'),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    tags: t.exposeStringList('tags'),
    account: t.relation('account', { nullable: true }),
    property: t.relation('property', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    manager: t.relation('manager', { nullable: true }),
    projectPhases: relatedList(t, 'projectPhases', 'Its phases, in their order.'),
    projectMembers: relatedList(t, 'projectMembers', 'The people who work on it, with their rates.'),
    tasks: relatedList(t, 'tasks', 'Its tasks by their place on the board; filter by status for one column.'),
    milestones: relatedList(t, 'milestones', 'What is to be reached and when, the earliest first.'),
    deliverables: relatedList(t, 'deliverables', 'What the client gets.'),
    timeEntries: relatedList(t, 'timeEntries', 'The time that went into it, the latest day first.'),
    projectSystems: relatedList(t, 'projectSystems', 'The systems that it builds on or changes.'),
    projectServices: relatedList(t, 'projectServices', 'The services of the catalog that were sold with it.'),
    briefs: relatedList(t, 'briefs', 'What the client wants from it.'),
    wizardSessions: relatedList(t, 'wizardSessions', 'The runs of the strategy wizard for it.'),
    contextSnapshots: relatedList(t, 'contextSnapshots', 'What was known about it at certain moments.'),
    roadmaps: relatedList(t, 'roadmaps', 'The versions of its roadmap.'),
    invoices: relatedList(t, 'invoices', 'What the client was billed for it.'),
    expenses: relatedList(t, 'expenses', 'What was spent on it.'),
    events: relatedList(t, 'events', 'The appointments about it.'),
    documents: relatedList(t, 'documents', 'The documents about it.'),
  }),
});

builder.queryFields((t) => ({
  project: byId(t, 'Project', 'One project.'),
  projects: list(t, 'Project', 'The projects of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  propertyId: t.id(),
  dealId: t.id(),
  managerId: t.id({
    description:
      'Who runs it, and decides on its time and deliverables. Needs `projects:assign`; only admins name themselves.',
  }),
  budgetCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
  description: t.string(),
  metadata: t.field({ type: 'JSON' }),
  tags: t.stringList(),
});

const ProjectCreateInput = builder.inputType('ProjectCreateInput', {
  description: 'A new project. It is planned; `projectActivate` starts it.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), ...details(t) }),
});

const ProjectUpdateInput = builder.inputType('ProjectUpdateInput', {
  description: 'Changes to a project. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), ...details(t) }),
});

lifecycle('Project', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: ProjectCreateInput,
  update: ProjectUpdateInput,
});
