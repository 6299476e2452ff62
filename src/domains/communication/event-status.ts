import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { moveStatus, type StatusMove } from '../../graphql/status.ts';

const cancellation: StatusMove = { from: ['scheduled'], to: 'canceled', done: 'canceled' };
const completion: StatusMove = { from: ['scheduled'], to: 'done', done: 'completed' };

const common = { permission: 'communication:write', input: TargetInput, returns: 'Event' } as const;

mutation({
  ...common,
  name: 'eventCancel',
  description: 'Calls off a scheduled event with all its repetitions. It stays in the calendar, and keeps nobody busy.',
  run: (input, context) => moveStatus(context, 'Event', input, cancellation),
});

mutation({
  ...common,
  name: 'eventComplete',
  description: 'Notes that a scheduled event took place.',
  run: (input, context) => moveStatus(context, 'Event', input, completion),
});
