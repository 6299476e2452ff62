import type { Context } from '../../context.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, type Written } from '../../graphql/rows.ts';
import { rowIn, type Step } from './state.ts';

async function move(context: Context, input: Input, step: Step, status: string): Promise<Written> {
  const { id, version } = await rowIn(context, 'Project', input, step);
  return changeRow(context, 'Project', { id, expectedVersion: version, data: { status } });
}

const common = { permission: 'delivery:write', input: TargetInput, returns: 'Project' } as const;

mutation({
  ...common,
  name: 'projectActivate',
  description: 'Starts a project that is planned, or takes up again one that was held, completed or archived.',
  run: (input, context) => {
    const step = { from: ['planning', 'on_hold', 'completed', 'archived'], done: 'activated' };
    return move(context, input, step, 'active');
  },
});

mutation({
  ...common,
  name: 'projectHold',
  description: 'Holds a project that is planned or active, for example until the client has decided.',
  run: (input, context) => move(context, input, { from: ['planning', 'active'], done: 'held' }, 'on_hold'),
});

mutation({
  ...common,
  name: 'projectComplete',
  description: 'Completes a project that is active or on hold.',
  run: (input, context) => move(context, input, { from: ['active', 'on_hold'], done: 'completed' }, 'completed'),
});

mutation({
  ...common,
  name: 'projectArchive',
  description: 'Puts a project away that is not active. It takes no more tasks and no more time.',
  run: (input, context) => {
    const step = { from: ['planning', 'on_hold', 'completed'], done: 'archived' };
    return move(context, input, step, 'archived');
  },
});
