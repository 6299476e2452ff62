import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('WebhookEndpoint', {
  permission: 'integrations:read',
  filter: {
    columns: ['url', 'description', 'eventTypes', 'isActive', 'failureCount', 'disabledAt'],
    relations: ['webhookDeliveries'],
  },
  orderBy: { columns: ['url', 'isActive', 'failureCount', 'disabledAt'] },
});

builder.prismaObject('WebhookEndpoint', {
  description: 'An address that is told of what happens.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    url: t.expose('url', { type: 'URL' }),
    description: t.exposeString('description', { nullable: true }),
    eventTypes: t.exposeStringList('eventTypes'),
    isActive: t.exposeBoolean('isActive'),
    failureCount: t.exposeInt('failureCount'),
    disabledAt: t.expose('disabledAt', { type: 'DateTime', nullable: true }),
    webhookDeliveries: relatedList(t, 'webhookDeliveries', 'The webhook deliveries.'),
  }),
});

builder.queryFields((t) => ({
  webhookEndpoint: byId(t, 'WebhookEndpoint', 'One webhook endpoint.'),
  webhookEndpoints: list(t, 'WebhookEndpoint', 'The webhook endpoints of the organization.'),
}));

const details = (t: InputFields) => ({
  description: t.string(),
  eventTypes: t.stringList(),
  isActive: t.boolean(),
});

const WebhookEndpointCreateInput = builder.inputType('WebhookEndpointCreateInput', {
  description: 'A new webhook endpoint.',
  fields: (t) => ({ id: clientId(t), url: t.field({ type: 'URL', required: true }), ...details(t) }),
});

const WebhookEndpointUpdateInput = builder.inputType('WebhookEndpointUpdateInput', {
  description: 'Changes to a webhook endpoint. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), url: t.field({ type: 'URL' }), ...details(t) }),
});

lifecycle('WebhookEndpoint', {
  write: 'integrations:write',
  destroy: 'integrations:write',
  create: WebhookEndpointCreateInput,
  update: WebhookEndpointUpdateInput,
});
