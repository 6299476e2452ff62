import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { moveRow, rowIn } from '../../graphql/status.ts';

const MilestoneReachInput = builder.inputType('MilestoneReachInput', {
  description: 'Which milestone is reached.',
  fields: (t) => ({
    ...target(t),
    reachedAt: t.field({ type: 'DateTime', description: 'When it was reached; now unless given.' }),
  }),
});

async function reach(context: Context, input: Input): Promise<Written> {
  const milestone = await rowIn(context, 'Milestone', input, { from: ['pending', 'missed'], done: 'reached' });
  const { reachedAt } = rowData<Input>('Milestone', { reachedAt: input.reachedAt ?? new Date() });
  return moveRow(context, 'Milestone', milestone, { status: 'reached', reachedAt });
}

mutation({
  name: 'milestoneReach',
  description: 'Marks a milestone as reached. One that was missed can still be reached.',
  permission: 'delivery:write',
  input: MilestoneReachInput,
  returns: 'Milestone',
  run: (input, context) => reach(context, input),
});
