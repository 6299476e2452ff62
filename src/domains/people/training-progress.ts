import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { moveRow, moveStatus, rowIn, type StatusMove } from '../../graphql/status.ts';
import { type Concern, concern, requireManager } from './standing.ts';
import { unfinished } from './training-enrollment.ts';

const TrainingEnrollmentCompleteInput = builder.inputType('TrainingEnrollmentCompleteInput', {
  description: 'Which course is finished, and with what result.',
  fields: (t) => ({ ...target(t), score: t.int({ description: 'The result, from 0 to 100, if there was a test.' }) }),
});

const beginning: StatusMove = { from: ['assigned'], to: 'in_progress', done: 'started' };
const completion: StatusMove = { from: unfinished, to: 'completed', done: 'completed' };

function complete(context: Context, input: Input): Promise<Written> {
  const { score } = rowData<{ score?: number | null }>('TrainingEnrollment', { score: input.score });
  return moveStatus(context, 'TrainingEnrollment', input, completion, { completedAt: new Date(), score });
}

async function expire(context: Context, input: Input): Promise<Written> {
  const step = { from: unfinished, done: 'closed' };
  const row = await rowIn<Concern>(context, 'TrainingEnrollment', input, step, concern);
  requireManager(context, row);
  return moveRow(context, 'TrainingEnrollment', row, { status: 'expired' });
}

const common = { permission: 'people:write', returns: 'TrainingEnrollment' } as const;

mutation({
  ...common,
  name: 'trainingEnrollmentStart',
  description: 'Says that a course has begun: by the employee, the managers above and admins.',
  input: TargetInput,
  run: (input, context) => moveStatus(context, 'TrainingEnrollment', input, beginning),
});

mutation({
  ...common,
  name: 'trainingEnrollmentComplete',
  description: 'Says that a course is finished, with its result: by the employee, the managers above and admins.',
  input: TrainingEnrollmentCompleteInput,
  run: (input, context) => complete(context, input),
});

mutation({
  ...common,
  name: 'trainingEnrollmentExpire',
  description: 'Closes a course that was not finished in time: by the managers above and admins.',
  input: TargetInput,
  run: (input, context) => expire(context, input),
});
