import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, type Input, liveRow, type Written } from '../../graphql/rows.ts';

/** Moves an event on from where every event begins. */
async function settle(input: Input, context: Context, status: 'canceled' | 'done'): Promise<Written> {
  const event = await liveRow(context, 'Event', input, { id: true, status: true });
  if (event.status !== 'scheduled')
    throw new UserError('CONFLICT', `This event is ${String(event.status)} already.`, ['id'], event.version);
  return changeRow(context, 'Event', { id: String(event.id), expectedVersion: event.version, data: { status } });
}

const common = { permission: 'communication:write', input: TargetInput, returns: 'Event' } as const;

mutation({
  ...common,
  name: 'eventCancel',
  description: 'Calls off a scheduled event with all its repetitions. It stays in the calendar, and keeps nobody busy.',
  run: (input, context) => settle(input, context, 'canceled'),
});

mutation({
  ...common,
  name: 'eventComplete',
  description: 'Notes that a scheduled event took place.',
  run: (input, context) => settle(input, context, 'done'),
});
