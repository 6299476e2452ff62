import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { changeRow, type Input, rowData, type Written } from '../../graphql/rows.ts';
import { requireManager, requireState, type Standing, standingOf } from './standing.ts';
import { unfinished } from './training-enrollment.ts';

const TrainingEnrollmentCompleteInput = builder.inputType('TrainingEnrollmentCompleteInput', {
  description: 'Which course is finished, and with what result.',
  fields: (t) => ({ ...target(t), score: t.int({ description: 'The result, from 0 to 100, if there was a test.' }) }),
});

async function move(
  context: Context,
  input: Input,
  wanted: readonly string[],
  participle: string,
  data: Input,
  allow?: (context: Context, row: Standing) => void,
): Promise<Written> {
  const row = await standingOf(context, 'TrainingEnrollment', input);
  requireState('TrainingEnrollment', row, wanted, participle);
  allow?.(context, row);
  return changeRow(context, 'TrainingEnrollment', { id: row.id, expectedVersion: row.version, data });
}

function complete(context: Context, input: Input): Promise<Written> {
  const { score } = rowData<{ score?: number | null }>('TrainingEnrollment', { score: input.score });
  const data = { status: 'completed', completedAt: new Date(), score };
  return move(context, input, unfinished, 'completed', data);
}

const common = { permission: 'people:write', returns: 'TrainingEnrollment' } as const;

mutation({
  ...common,
  name: 'trainingEnrollmentStart',
  description: 'Says that a course has begun: by the employee, the managers above and admins.',
  input: TargetInput,
  run: (input, context) => move(context, input, ['assigned'], 'started', { status: 'in_progress' }),
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
  run: (input, context) => move(context, input, unfinished, 'closed', { status: 'expired' }, requireManager),
});
