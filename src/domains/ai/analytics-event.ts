import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { clientId, type InputFields, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow } from '../../graphql/rows.ts';

readable('AnalyticsEvent', {
  permission: 'ai:read',
  filter: { columns: ['name', 'userId', 'properties', 'occurredAt'], relations: ['user'] },
  orderBy: { columns: ['name', 'occurredAt'], relations: ['user'] },
});

builder.prismaObject('AnalyticsEvent', {
  description: 'Something that happened in an application. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    properties: t.expose('properties', { type: 'JSON' }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    user: t.relation('user', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  analyticsEvent: byId(t, 'AnalyticsEvent', 'One analytics event.'),
  analyticsEvents: list(t, 'AnalyticsEvent', 'The analytics events of the organization.'),
}));

const details = (t: InputFields) => ({
  properties: t.field({ type: 'JSON' }),
});

const AnalyticsEventCreateInput = builder.inputType('AnalyticsEventCreateInput', {
  description: 'A new analytics event.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    occurredAt: t.field({ type: 'DateTime', required: true }),
    ...details(t),
  }),
});

mutation({
  name: 'analyticsEventCreate',
  description: 'Adds an analytics event. It stays as it is.',
  permission: 'ai:write',
  input: AnalyticsEventCreateInput,
  returns: 'AnalyticsEvent',
  run: (input, context) => createRow(context, 'AnalyticsEvent', input),
});
