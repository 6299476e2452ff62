import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('WizardAnswer', {
  permission: 'delivery:read',
  filter: { columns: ['sessionId', 'step', 'questionKey', 'answer'], relations: ['session'] },
  orderBy: { columns: ['step', 'questionKey'], relations: ['session'] },
});

builder.prismaObject('WizardAnswer', {
  description: 'An answer to one question of the strategy wizard.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    step: t.exposeInt('step'),
    questionKey: t.exposeString('questionKey'),
    answer: t.expose('answer', { type: 'JSON' }),
    session: t.relation('session'),
  }),
});

builder.queryFields((t) => ({
  wizardAnswer: byId(t, 'WizardAnswer', 'One wizard answer.'),
  wizardAnswers: list(t, 'WizardAnswer', 'The wizard answers of the organization.'),
}));

const details = (t: InputFields) => ({
  answer: t.field({ type: 'JSON' }),
});

const WizardAnswerCreateInput = builder.inputType('WizardAnswerCreateInput', {
  description: 'A new wizard answer.',
  fields: (t) => ({
    id: clientId(t),
    sessionId: t.id({ required: true }),
    step: t.int({ required: true }),
    questionKey: t.string({ required: true }),
    ...details(t),
  }),
});

const WizardAnswerUpdateInput = builder.inputType('WizardAnswerUpdateInput', {
  description: 'Changes to a wizard answer. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), step: t.int(), questionKey: t.string(), ...details(t) }),
});

lifecycle('WizardAnswer', {
  write: 'delivery:write',
  destroy: 'delivery:destroy',
  create: WizardAnswerCreateInput,
  update: WizardAnswerUpdateInput,
});
