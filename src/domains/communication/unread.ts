/** Messages that the caller has not read: those of others, later than the marker of their own place in the conversation. */
import DataLoader from 'dataloader';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import type { Db } from '../../db/client.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import type { DerivedJson } from '../../graphql/declared.ts';

/** SQL of their number: in one conversation, or in all. */
const unreadSql = (conversation?: string): string => `(
  select count(*) from conversation_participants own
    join messages unread on unread.conversation_id = own.conversation_id
      and unread.sent_at > coalesce(own.last_read_at, '-infinity')
      and unread.deleted_at is null and unread.sender_id is distinct from own.user_id
    where own.user_id = (select app.user_id())${conversation ? ` and own.conversation_id = ${conversation}` : ''})`;

/** The number for a conversation, as a compiled read has it. */
export const unreadJson: DerivedJson = (column) => `${unreadSql(column('id'))}::text`;

const unreadOfEach = Prisma.raw(unreadSql('conversation.id'));

/** One statement for all conversations of a list. Nothing is kept: a later mutation of the same document may change it. */
const makeLoader = (db: Db): DataLoader<string, number> =>
  new DataLoader(
    async (ids: readonly string[]) => {
      const rows = await db.$queryRaw<{ id: string; count: number }[]>`
        select id::text, ${unreadOfEach}::integer as count from unnest(${ids}::uuid[]) as conversation (id)`;
      const counts = new Map(rows.map(({ id, count }) => [id, count]));
      return ids.map((id) => counts.get(id) ?? 0);
    },
    { cache: false },
  );

const loaders = new WeakMap<Db, DataLoader<string, number>>();

/** {@link unreadJson} for the resolvers. */
export function loadUnread({ db }: Context, conversationId: string): Promise<number> {
  const loader = loaders.get(db) ?? makeLoader(db);
  loaders.set(db, loader);
  return loader.load(conversationId);
}

builder.queryField('unreadMessageCount', (t) =>
  t.int({
    description:
      'How many messages of others the caller has not read, in all conversations that they take part in. Needs `communication:read`.',
    extensions: { permission: 'communication:read' },
    resolve: async (_root, _args, { db }) => {
      const [row] = await db.$queryRaw<{ count: number }[]>`select ${Prisma.raw(unreadSql())}::integer as count`;
      return row?.count ?? 0;
    },
  }),
);
