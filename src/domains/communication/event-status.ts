import { statusMutations } from '../../graphql/status-mutations.ts';

statusMutations('Event', 'communication:write', {
  eventCancel: {
    description:
      'Calls off a scheduled event with all its repetitions. It stays in the calendar, and keeps nobody busy.',
    move: { from: ['scheduled'], to: 'canceled', done: 'canceled' },
  },
  eventComplete: {
    description: 'Notes that a scheduled event took place.',
    move: { from: ['scheduled'], to: 'done', done: 'completed' },
  },
});
