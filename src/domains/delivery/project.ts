import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ProjectStatus = enumOf('ProjectStatus', 'Where a project stands.', [
  'planning',
  'active',
  'on_hold',
  'completed',
  'archived',
]);

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
  description: 'Work for a client, from planning to completion.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    status: t.expose('status', { type: ProjectStatus }),
    budget: money(t, 'What it may cost.', 'budgetCents'),
    startsOn: t.expose('startsOn', { type: 'Date', nullable: true }),
    endsOn: t.expose('endsOn', { type: 'Date', nullable: true }),
    description: t.exposeString('description', { nullable: true }),
    metadata: t.expose('metadata', { type: 'JSON' }),
    tags: t.exposeStringList('tags'),
    account: t.relation('account', { nullable: true }),
    property: t.relation('property', { nullable: true }),
    deal: t.relation('deal', { nullable: true }),
    manager: t.relation('manager', { nullable: true }),
    projectPhases: relatedList(t, 'projectPhases', 'The project phases.'),
    projectMembers: relatedList(t, 'projectMembers', 'The project members.'),
    tasks: relatedList(t, 'tasks', 'The tasks.'),
    milestones: relatedList(t, 'milestones', 'The milestones.'),
    deliverables: relatedList(t, 'deliverables', 'The deliverables.'),
    timeEntries: relatedList(t, 'timeEntries', 'The time entries.'),
    projectSystems: relatedList(t, 'projectSystems', 'The project systems.'),
    projectServices: relatedList(t, 'projectServices', 'The project services.'),
    briefs: relatedList(t, 'briefs', 'The briefs.'),
    wizardSessions: relatedList(t, 'wizardSessions', 'The wizard sessions.'),
    contextSnapshots: relatedList(t, 'contextSnapshots', 'The context snapshots.'),
    roadmaps: relatedList(t, 'roadmaps', 'The roadmaps.'),
    invoices: relatedList(t, 'invoices', 'The invoices.'),
    expenses: relatedList(t, 'expenses', 'The expenses.'),
    events: relatedList(t, 'events', 'The events.'),
    documents: relatedList(t, 'documents', 'The documents.'),
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
  managerId: t.id(),
  status: t.field({ type: ProjectStatus }),
  budgetCents: t.field({ type: 'BigInt' }),
  currency: t.string(),
  startsOn: t.field({ type: 'Date' }),
  endsOn: t.field({ type: 'Date' }),
  description: t.string(),
  metadata: t.field({ type: 'JSON' }),
  tags: t.stringList(),
});

const ProjectCreateInput = builder.inputType('ProjectCreateInput', {
  description: 'A new project.',
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
