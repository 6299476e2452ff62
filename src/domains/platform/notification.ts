import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields, findEntity } from '../../graphql/entity.ts';
import { toGlobalId } from '../../graphql/ids.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { mutation, TargetInput } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { changeRow, type Input, liveRow, rowData, type Written } from '../../graphql/rows.ts';

readable('Notification', {
  permission: 'platform:read',
  filter: { columns: ['type', 'title', 'body', 'entityType', 'entityId', 'readAt'] },
  orderBy: { columns: ['type', 'title', 'entityType', 'readAt'] },
});

builder.prismaObject('Notification', {
  description: 'Something a person should know. Nobody else reads it, not even admins.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t, 'by triggers'),
    type: t.exposeString('type'),
    title: t.exposeString('title'),
    body: t.exposeString('body', { nullable: true }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true }),
    user: t.relation('user'),
  }),
});

const unread = ({ db, scope: { userId } }: Context): Promise<number> =>
  userId ? db.notification.count({ where: { userId, readAt: null } }) : Promise.resolve(0);

builder.queryFields((t) => ({
  notification: byId(t, 'Notification', 'One notification of the caller.'),
  notifications: list(t, 'Notification', 'What the caller should know, newest first. API keys have none.'),
  unreadNotificationCount: t.int({
    description: 'How many notifications of the caller are unread. Needs `platform:read`.',
    extensions: { permission: 'platform:read' },
    resolve: (_root, _args, context) => unread(context),
  }),
}));

const NotificationSendInput = builder.inputType('NotificationSendInput', {
  description: 'Whom to tell what.',
  fields: (t) => ({
    userId: t.id({ required: true, description: 'The member who should know.' }),
    type: t.string({
      required: true,
      description: 'What happened, for programs: lower-case words with dots, for example `report.ready`.',
    }),
    title: t.string({ required: true, description: 'What happened, in a line.' }),
    body: t.string({ description: 'What else there is to say.' }),
    entityId: t.id({ description: 'The global id of the record that it is about, of any type.' }),
  }),
});

const NotificationMarkAllReadInput = builder.inputType('NotificationMarkAllReadInput', {
  description: 'Which notifications were read.',
  fields: (t) => ({
    until: t.field({ type: 'DateTime', description: 'Only those made up to this moment; all of them unless given.' }),
  }),
});

interface Told {
  readonly userId: string;
  readonly type: string;
  readonly title: string;
  readonly body?: string | null;
}

/** The database writes it: row security lets nobody write into another person's list. */
async function send({ entityId, ...input }: typeof NotificationSendInput.$inferInput, context: Context) {
  const { userId, type, title, body = null } = rowData<Told>('Notification', input);
  const about = entityId ? await findEntity(context, entityId) : { entityType: null, entityId: null };
  const [sent] = await context.db.$queryRaw<{ id: string | null }[]>`
    select app.notify(null, ${userId}::uuid, ${type}, ${title}, ${body}, ${about.entityType}, ${about.entityId}::uuid) as id`;
  if (!sent?.id) throw new UserError('NOT_FOUND', 'There is no such member.', ['userId']);
  return { extra: { id: sent.id } };
}

async function markRead(input: Input, context: Context): Promise<Written> {
  const { id, readAt, version } = await liveRow(context, 'Notification', input, { id: true, readAt: true });
  const row = { id: String(id), expectedVersion: version };
  return readAt ? row : changeRow(context, 'Notification', { ...row, data: { readAt: new Date() } });
}

async function markAllRead({ until }: typeof NotificationMarkAllReadInput.$inferInput, context: Context) {
  const where = { userId: demandPerson(context.scope), readAt: null, ...(until && { createdAt: { lte: until } }) };
  const { count } = await context.db.notification.updateMany({ where, data: { readAt: new Date() } });
  return { extra: { count, unread: await unread(context) } };
}

mutation({
  name: 'notificationSend',
  description: 'Tells a member of the organization something. What was sent is for that member alone to read.',
  permission: 'platform:write',
  input: NotificationSendInput,
  payload: (t) => ({
    notificationId: t.id({
      nullable: true,
      description: 'The global id of what was sent.',
      resolve: ({ extra }) => (extra.id ? toGlobalId('Notification', String(extra.id)) : null),
    }),
  }),
  run: send,
});

mutation({
  name: 'notificationMarkRead',
  description: 'Marks a notification of the caller as read. One that is read already stays as it is.',
  permission: 'platform:read',
  input: TargetInput,
  returns: 'Notification',
  run: markRead,
});

mutation({
  name: 'notificationMarkAllRead',
  description: 'Marks the notifications of the caller as read. API keys have none.',
  permission: 'platform:read',
  input: NotificationMarkAllReadInput,
  payload: (t) => ({
    markedCount: t.int({
      description: 'How many were unread until now.',
      resolve: ({ extra }) => Number(extra.count ?? 0),
    }),
    unreadCount: t.int({
      description: 'How many are unread still: those made after the moment that was given.',
      resolve: ({ extra }) => Number(extra.unread ?? 0),
    }),
  }),
  run: markAllRead,
});

lifecycle('Notification', { write: 'platform:read', destroy: 'platform:read' });
