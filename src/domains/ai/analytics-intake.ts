/** What happens in applications comes in batches: all of a batch is kept with one statement, or nothing of it. */
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError, UserErrors } from '../../errors.ts';
import { mutation, type Outcome } from '../../graphql/mutation.ts';
import { rowData } from '../../graphql/rows.ts';

const maxEvents = 500;
/** Clocks of clients run ahead a little. */
const aheadMs = 300_000;

const AnalyticsEventInput = builder.inputType('AnalyticsEventInput', {
  description: 'Something that happened.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'What happened, for example `proposal.opened`.' }),
    properties: t.field({ type: 'JSON', description: 'What else is known about it: a JSON object.' }),
    occurredAt: t.field({ type: 'DateTime', description: 'When it happened; now unless given.' }),
  }),
});

const AnalyticsEventTrackInput = builder.inputType('AnalyticsEventTrackInput', {
  description: 'What happened.',
  fields: (t) => ({
    events: t.field({
      type: [AnalyticsEventInput],
      required: true,
      description: `The events: 1 to ${maxEvents}.`,
    }),
  }),
});

type Event = typeof AnalyticsEventInput.$inferInput;

/** What is wrong with an event, or null. */
function faultOf(event: Event, index: number): UserError | null {
  const at = (message: string, ...path: readonly string[]) =>
    new UserError('BAD_USER_INPUT', message, ['events', String(index), ...path]);
  if (event.name === '' || event.name.length > 100) return at('A name has 1 to 100 characters.', 'name');
  if (event.occurredAt && event.occurredAt.getTime() > Date.now() + aheadMs)
    return at('It has not happened yet.', 'occurredAt');
  try {
    rowData('AnalyticsEvent', { ...event, properties: event.properties ?? undefined });
    return null;
  } catch (error) {
    if (error instanceof UserError) return at(error.message, ...error.path);
    throw error;
  }
}

function check(events: readonly Event[]): void {
  if (events.length === 0 || events.length > maxEvents)
    throw new UserError('BAD_USER_INPUT', `Send 1 to ${maxEvents} events; these are ${events.length}.`, ['events']);
  const [first, ...others] = events.map(faultOf).filter((fault) => fault !== null);
  if (first) throw new UserErrors(first, ...others);
}

async function track({ events }: typeof AnalyticsEventTrackInput.$inferInput, context: Context): Promise<Outcome> {
  check(events);
  const data = events.map(({ name, properties, occurredAt }) => ({
    name,
    properties: (properties ?? {}) as object,
    occurredAt: occurredAt ?? undefined,
    userId: context.scope.userId,
  }));
  const { count } = await context.db.analyticsEvent.createMany({ data });
  return { id: null, extra: { count } };
}

mutation({
  name: 'analyticsEventTrack',
  description: `Keeps what happened, up to ${maxEvents} events at once: all of them or, when one is at fault, none.`,
  permission: 'ai:write',
  input: AnalyticsEventTrackInput,
  payload: (t) => ({
    count: t.int({ description: 'How many events were kept.', resolve: ({ extra }) => Number(extra.count ?? 0) }),
  }),
  run: track,
});
