import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { loadRow } from '../../graphql/row-loader.ts';

const WebhookDeliveryStatus = enumOf('WebhookDeliveryStatus', 'Where a webhook delivery stands.', [
  'pending',
  'delivered',
  'failed',
]);

readable('WebhookDelivery', {
  permission: 'integrations:read',
  filter: {
    columns: [
      'endpointId',
      'eventId',
      'eventType',
      'payload',
      'attempt',
      'nextAttemptAt',
      'responseStatus',
      'responseExcerpt',
      'deliveredAt',
    ],
    enums: { status: WebhookDeliveryStatus },
    relations: ['endpoint'],
  },
  orderBy: {
    columns: ['eventType', 'status', 'attempt', 'nextAttemptAt', 'responseStatus', 'deliveredAt'],
    relations: ['endpoint'],
  },
});

builder.prismaObject('WebhookDelivery', {
  description: 'Something an endpoint was told, or is to be told.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    eventType: t.exposeString('eventType'),
    payload: t.expose('payload', { type: 'JSON' }),
    status: t.expose('status', { type: WebhookDeliveryStatus }),
    attempt: t.exposeInt('attempt'),
    nextAttemptAt: t.expose('nextAttemptAt', { type: 'DateTime', nullable: true }),
    responseStatus: t.exposeInt('responseStatus', { nullable: true }),
    responseExcerpt: t.exposeString('responseExcerpt', { nullable: true }),
    deliveredAt: t.expose('deliveredAt', { type: 'DateTime', nullable: true }),
    event: t.field({
      type: 'ChangeEvent' as never,
      nullable: true,
      description: 'The change it tells of.',
      select: { eventId: true },
      extensions: { reference: { model: 'ChangeEvent', column: 'eventId' } },
      resolve: ({ eventId }, _args, context, info) => loadRow(context, info, 'ChangeEvent', eventId) as never,
    }),
    endpoint: t.relation('endpoint'),
  }),
});

builder.queryFields((t) => ({
  webhookDelivery: byId(t, 'WebhookDelivery', 'One webhook delivery.'),
  webhookDeliveries: list(t, 'WebhookDelivery', 'The webhook deliveries of the organization.'),
}));
