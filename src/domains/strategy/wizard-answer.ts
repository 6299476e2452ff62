import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { mutation, payloadRow } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { rowData } from '../../graphql/rows.ts';
import { lockSession } from './wizard-progress.ts';

readable('WizardAnswer', {
  permission: 'delivery:read',
  filter: { columns: ['sessionId', 'step', 'questionKey', 'answer'], relations: ['session'] },
  orderBy: { columns: ['step', 'questionKey'], relations: ['session'] },
  defaultOrder: [{ step: { direction: 'asc' } }, { questionKey: { direction: 'asc' } }],
});

builder.prismaObject('WizardAnswer', {
  description: 'The answer to one question of the strategy wizard.',
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
  wizardAnswer: byId(t, 'WizardAnswer', 'One answer.'),
  wizardAnswers: list(t, 'WizardAnswer', 'The answers of all wizard sessions, by step and question.'),
}));

const WizardAnswerInput = builder.inputType('WizardAnswerInput', {
  description: 'What was answered to a question. A session has one answer to a question of a step.',
  fields: (t) => ({
    sessionId: t.id({ required: true, description: 'The session, which must be in progress.' }),
    step: t.int({ required: true, description: 'The step of the question, 1 to 100.' }),
    questionKey: t.string({
      required: true,
      description: 'The question: lower-case letters, digits and underscores, a letter first; `team_size`.',
    }),
    answer: t.field({
      type: 'JSON',
      required: true,
      description: '`{ "value": … }`, a text, a number or a list of texts, and whatever else belongs to it.',
    }),
  }),
});

interface Answer {
  readonly sessionId: string;
  readonly step: number;
  readonly questionKey: string;
  readonly answer: object;
}

async function saveAnswer(context: Context, input: typeof WizardAnswerInput.$inferInput) {
  const { sessionId, step, questionKey, answer } = rowData<Answer>('WizardAnswer', input);
  const { status, version } = await lockSession(context, sessionId, 'sessionId');
  if (status !== 'in_progress')
    throw new UserError('CONFLICT', `This wizard session is ${status} and takes no answers.`, ['sessionId'], version);
  const [saved] = await context.db.$queryRaw<{ id: string }[]>`
    insert into wizard_answers (session_id, step, question_key, answer)
      values (${sessionId}::uuid, ${step}, ${questionKey}, ${JSON.stringify(answer)}::jsonb)
      on conflict on constraint wizard_answers_question_key_key do update set answer = excluded.answer
      returning id`;
  return { id: saved?.id ?? '', extra: { sessionId } };
}

mutation({
  name: 'wizardAnswer',
  description:
    'Answers a question of a wizard session, or answers it anew. The current step of the session follows to the furthest one answered.',
  permission: 'delivery:write',
  input: WizardAnswerInput,
  returns: 'WizardAnswer',
  payload: (t) => ({
    wizardSession: payloadRow(t, 'WizardSession', 'The session.', ({ extra }) => extra.sessionId),
  }),
  run: (input, context) => saveAnswer(context, input),
});

lifecycle('WizardAnswer', { write: 'delivery:write', destroy: 'delivery:destroy' });
