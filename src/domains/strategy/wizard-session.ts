import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

const WizardSessionStatus = enumOf('WizardSessionStatus', 'Where a wizard session stands.', {
  in_progress: 'It takes answers.',
  completed: 'Its answers became a snapshot and a roadmap. Set by `wizardComplete` alone.',
  abandoned: 'It was given up. Set by `wizardAbandon` alone.',
});

readable('WizardSession', {
  permission: 'delivery:read',
  filter: {
    columns: ['accountId', 'projectId', 'userId', 'currentStep', 'completedAt'],
    enums: { status: WizardSessionStatus },
    relations: ['account', 'project', 'user', 'answers', 'contextSnapshots'],
  },
  orderBy: { columns: ['status', 'currentStep', 'completedAt'], relations: ['account', 'project', 'user'] },
});

builder.prismaObject('WizardSession', {
  description: 'A walk through the questions of the strategy wizard.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    status: t.expose('status', { type: WizardSessionStatus }),
    currentStep: t.exposeInt('currentStep'),
    completedAt: t.expose('completedAt', { type: 'DateTime', nullable: true }),
    account: t.relation('account', { nullable: true }),
    project: t.relation('project', { nullable: true }),
    user: t.relation('user', { nullable: true }),
    answers: relatedList(t, 'answers', 'What was answered, by step and question.'),
    contextSnapshots: relatedList(t, 'contextSnapshots', 'The snapshot that it became: one when it is completed.'),
  }),
});

builder.queryFields((t) => ({
  wizardSession: byId(t, 'WizardSession', 'One wizard session.'),
  wizardSessions: list(t, 'WizardSession', 'The wizard sessions of everybody in the organization.'),
}));

const details = (t: InputFields) => ({ accountId: t.id(), projectId: t.id() });

const WizardSessionCreateInput = builder.inputType('WizardSessionCreateInput', {
  description: 'A new wizard session, at its first step.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const WizardSessionUpdateInput = builder.inputType('WizardSessionUpdateInput', {
  description: 'Whom a wizard session is for, while it is in progress. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

mutation({
  name: 'wizardSessionCreate',
  description: 'Begins a wizard session.',
  permission: 'delivery:write',
  input: WizardSessionCreateInput,
  returns: 'WizardSession',
  run: (input, context) => createRow(context, 'WizardSession', input, { userId: context.scope.userId }),
});

lifecycle('WizardSession', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  update: WizardSessionUpdateInput,
});
