import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const WizardSessionStatus = enumOf('WizardSessionStatus', 'Where a wizard session stands.', [
  'in_progress',
  'completed',
  'abandoned',
]);

readable('WizardSession', {
  permission: 'delivery:read',
  filter: {
    columns: ['accountId', 'projectId', 'userId', 'currentStep', 'completedAt'],
    enums: { status: WizardSessionStatus },
    relations: ['account', 'project', 'user', 'wizardAnswers', 'contextSnapshots'],
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
    wizardAnswers: relatedList(t, 'wizardAnswers', 'The wizard answers.'),
    contextSnapshots: relatedList(t, 'contextSnapshots', 'The context snapshots.'),
  }),
});

builder.queryFields((t) => ({
  wizardSession: byId(t, 'WizardSession', 'One wizard session.'),
  wizardSessions: list(t, 'WizardSession', 'The wizard sessions of the organization.'),
}));

const details = (t: InputFields) => ({
  accountId: t.id(),
  projectId: t.id(),
  currentStep: t.int(),
});

const WizardSessionCreateInput = builder.inputType('WizardSessionCreateInput', {
  description: 'A new wizard session.',
  fields: (t) => ({ id: clientId(t), ...details(t) }),
});

const WizardSessionUpdateInput = builder.inputType('WizardSessionUpdateInput', {
  description: 'Changes to a wizard session. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), ...details(t) }),
});

lifecycle('WizardSession', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: WizardSessionCreateInput,
  update: WizardSessionUpdateInput,
});
