import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { badInput } from '../../errors.ts';
import { delegate } from '../../graphql/delegate.ts';
import { toUuid } from '../../graphql/ids.ts';
import type { PageRow } from '../../graphql/page.ts';

const longestDays = 31;
const mostPeople = 50;
const dayMs = 86_400_000;

interface Span {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

interface Busy {
  readonly user: PageRow;
  readonly busy: readonly Span[];
}

const BusySpan = builder.objectRef<Span>('BusySpan').implement({
  description: 'A time that is taken. What by is not told.',
  fields: (t) => ({
    startsAt: t.expose('startsAt', { type: 'DateTime', description: 'When it begins; not before the window does.' }),
    endsAt: t.expose('endsAt', { type: 'DateTime', description: 'When it ends; not after the window does.' }),
  }),
});

const userPath = [[{ name: 'user' }]];

const FreeBusy = builder.objectRef<Busy>('FreeBusy').implement({
  description: 'When one member is busy within a window; at all other times they are free.',
  fields: (t) => ({
    user: t.field({ type: 'Member' as never, description: 'The member.', resolve: ({ user }) => user as never }),
    busy: t.field({
      type: [BusySpan],
      extensions: { size: 100 },
      description: 'The times that are taken, in their order. They neither overlap nor touch.',
      resolve: ({ busy }) => busy,
    }),
  }),
});

/** The merged times of everybody in one statement: what they organize, or are invited to and have not declined. */
const findBusy = (
  { db }: Context,
  users: readonly string[],
  { startsAt, endsAt }: Span,
): Promise<(Span & { readonly userId: string })[]> => db.$queryRaw`
  with invited as (
    select event_id, user_id from event_attendees where user_id = any (${users}::uuid[]) and status <> 'declined'
    union select id, organizer_id from events where organizer_id = any (${users}::uuid[])
  ), taken as (
    select invited.user_id, app.occurrences(events, ${startsAt}::timestamptz, ${endsAt}::timestamptz) as span
      from invited join events on events.id = invited.event_id
      where events.deleted_at is null and events.status <> 'canceled'
        and events.starts_at < ${endsAt}::timestamptz + interval '1 day'
        and (events.recurrence is not null or events.ends_at > ${startsAt}::timestamptz - interval '1 day')
  ), merged as (
    select user_id, unnest(range_agg(span) * tstzmultirange(tstzrange(${startsAt}::timestamptz, ${endsAt}::timestamptz))) as span
      from taken group by user_id
  )
  select user_id::text as "userId", lower(span) as "startsAt", upper(span) as "endsAt" from merged order by user_id, span`;

function checkWindow({ startsAt, endsAt }: Span, people: number): void {
  const length = endsAt.getTime() - startsAt.getTime();
  if (length <= 0) throw badInput('The window ends before it begins.');
  if (length > longestDays * dayMs) throw badInput(`The window has at most ${longestDays} days.`);
  if (people > mostPeople) throw badInput(`At most ${mostPeople} people at once.`);
}

/** The members, with what the document selects of them, in the order that was asked for. */
async function findMembers(context: Context, users: readonly string[], info: GraphQLResolveInfo): Promise<PageRow[]> {
  const selection = queryFromInfo({
    context,
    info,
    typeName: 'Member',
    paths: userPath,
    select: { userId: true } as never,
  });
  const found = await delegate(context.db, 'Member').findMany({
    ...(selection as object),
    where: { userId: { in: users } },
  });
  return users.map((id) => {
    const member = found.find(({ userId }) => userId === id);
    if (!member) throw badInput('There is no such member.');
    return member;
  });
}

builder.queryField('freeBusy', (t) =>
  t.field({
    type: [FreeBusy],
    description:
      'When members are busy: with events that they organize, or are invited to and have not declined, and their repetitions. Titles stay out of it. Needs `communication:read`.',
    extensions: { permission: 'communication:read' },
    args: {
      userIds: t.arg.idList({ required: true, description: `The members, at most ${mostPeople}.` }),
      from: t.arg({ type: 'DateTime', required: true, description: 'When the window begins.' }),
      to: t.arg({
        type: 'DateTime',
        required: true,
        description: `When the window ends, at most ${longestDays} days later.`,
      }),
    },
    resolve: async (_root, { userIds, from, to }, context, info) => {
      const users = [...new Set(userIds.map((id) => toUuid('Member', id)))];
      const window = { startsAt: from, endsAt: to };
      checkWindow(window, users.length);
      const members = await findMembers(context, users, info);
      const spans = await findBusy(context, users, window);
      return members.map((user) => ({ user, busy: spans.filter(({ userId }) => userId === user.userId) }));
    },
  }),
);
