import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('WebhookEndpoint', {
  permission: 'integrations:read',
  filter: {
    columns: ['url', 'description', 'eventTypes', 'isActive', 'failureCount', 'secretSetAt', 'disabledAt'],
    relations: ['webhookDeliveries'],
  },
  orderBy: { columns: ['url', 'isActive', 'failureCount', 'secretSetAt', 'disabledAt'] },
});

builder.prismaObject('WebhookEndpoint', {
  description:
    'An address outside that is told of what happens in the organization. What it is sent is signed with a secret that is shown once.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    url: t.expose('url', { type: 'URL' }),
    description: t.exposeString('description', { nullable: true }),
    eventTypes: t.exposeStringList('eventTypes'),
    isActive: t.exposeBoolean('isActive'),
    failureCount: t.exposeInt('failureCount'),
    secretSetAt: t.expose('secretSetAt', { type: 'DateTime' }),
    keyVersion: t.exposeString('keyVersion', { nullable: true }),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    webhookDeliveries: relatedList(t, 'webhookDeliveries', 'What it was told, and what it is still to be told.'),
  }),
});

builder.queryFields((t) => ({
  webhookEndpoint: byId(t, 'WebhookEndpoint', 'One endpoint of webhooks.'),
  webhookEndpoints: list(t, 'WebhookEndpoint', 'The endpoints of webhooks, disabled ones included.'),
}));

lifecycle('WebhookEndpoint', { write: 'integrations:write', destroy: 'integrations:write' });
