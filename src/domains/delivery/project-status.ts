import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

const moves = {
  projectActivate: {
    description: 'Starts a project that is planned, or takes up again one that was held, completed or archived.',
    move: { from: ['planning', 'on_hold', 'completed', 'archived'], to: 'active', done: 'activated' },
  },
  projectHold: {
    description: 'Holds a project that is planned or active, for example until the client has decided.',
    move: { from: ['planning', 'active'], to: 'on_hold', done: 'held' },
  },
  projectComplete: {
    description: 'Completes a project that is active or on hold.',
    move: { from: ['active', 'on_hold'], to: 'completed', done: 'completed' },
  },
  projectArchive: {
    description: 'Puts a project away that is not active. It takes no more tasks and no more time.',
    move: { from: ['planning', 'on_hold', 'completed'], to: 'archived', done: 'archived' },
  },
} as const satisfies Record<string, { description: string; move: StatusMove }>;

const common = { permission: 'delivery:write', input: TargetInput, returns: 'Project' } as const;

for (const [name, { description, move }] of Object.entries(moves)) {
  mutation({ ...common, name, description, run: (input, context) => moveStatus(context, 'Project', input, move) });
}
