import { statusMutations } from '../../graphql/status-mutations.ts';

statusMutations('Project', 'delivery:write', {
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
});
