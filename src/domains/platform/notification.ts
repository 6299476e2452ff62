import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('Notification', {
  permission: 'platform:read',
  filter: { columns: ['userId', 'type', 'title', 'body', 'entityType', 'entityId', 'readAt'], relations: ['user'] },
  orderBy: { columns: ['type', 'title', 'entityType', 'readAt'], relations: ['user'] },
});

builder.prismaObject('Notification', {
  description: 'Something a person should know.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    ...entityFields(t),
    type: t.exposeString('type'),
    title: t.exposeString('title'),
    body: t.exposeString('body', { nullable: true }),
    readAt: t.expose('readAt', { type: 'DateTime', nullable: true }),
    user: t.relation('user'),
  }),
});

builder.queryFields((t) => ({
  notification: byId(t, 'Notification', 'One notification.'),
  notifications: list(t, 'Notification', 'The notifications of the organization.'),
}));

const details = (t: InputFields) => ({
  body: t.string(),
});

const NotificationCreateInput = builder.inputType('NotificationCreateInput', {
  description: 'A new notification.',
  fields: (t) => ({
    id: clientId(t),
    userId: t.id({ required: true }),
    type: t.string({ required: true }),
    title: t.string({ required: true }),
    ...details(t),
  }),
});

const NotificationUpdateInput = builder.inputType('NotificationUpdateInput', {
  description: 'Changes to a notification. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), userId: t.id(), type: t.string(), title: t.string(), ...details(t) }),
});

lifecycle('Notification', {
  write: 'platform:write',
  destroy: 'platform:destroy',
  create: NotificationCreateInput,
  update: NotificationUpdateInput,
});
