import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { requireFeature } from '../../graphql/features.ts';
import { mutation, payloadRow, TargetInput } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { reference } from '../../graphql/reference.ts';
import { type Input, liveRow } from '../../graphql/rows.ts';

const WebhookDeliveryStatus = enumOf('WebhookDeliveryStatus', 'How far a delivery is.', {
  pending: 'Still to be told, or to be tried again.',
  delivered: 'The endpoint took it.',
  failed: 'Given up after several attempts.',
});

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
  description: 'One event for one endpoint: told, or still to be told. Written by the server alone.',
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
    event: reference(t, 'ChangeEvent', 'eventId', 'The change it tells of; null for a test.'),
    endpoint: t.relation('endpoint'),
  }),
});

builder.queryFields((t) => ({
  webhookDelivery: byId(t, 'WebhookDelivery', 'One delivery to an endpoint.'),
  webhookDeliveries: list(t, 'WebhookDelivery', 'What endpoints were told, and are still to be told, newest first.'),
}));

async function queueTest(context: Context, input: Input) {
  await requireFeature(context, 'webhooks');
  const { id, isActive, version } = await liveRow(context, 'WebhookEndpoint', input, { id: true, isActive: true });
  if (!isActive) throw new UserError('CONFLICT', 'This endpoint is disabled. Enable it first.', ['id'], version);
  const [row] = await context.db.$queryRaw<{ id: string }[]>`select app.queue_webhook_test(${id}::uuid) as id`;
  return { id: String(id), extra: { deliveryId: row?.id } };
}

mutation({
  name: 'webhookEndpointTest',
  description:
    'Queues a test event for an endpoint: a delivery of type `webhook_endpoint.test`, to be sent like any other.',
  permission: 'integrations:write',
  input: TargetInput,
  returns: 'WebhookEndpoint',
  payload: (t) => ({
    webhookDelivery: payloadRow(
      t,
      'WebhookDelivery',
      'The delivery that is queued; null when the mutation was refused.',
      ({ extra }) => extra.deliveryId,
    ),
  }),
  run: (input, context) => queueTest(context, input),
});
