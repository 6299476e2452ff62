import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('AnalyticsEvent', {
  permission: 'ai:read',
  filter: { columns: ['name', 'userId', 'properties', 'occurredAt'], relations: ['user'] },
  orderBy: { columns: ['name', 'occurredAt'], relations: ['user'] },
  defaultOrder: [{ occurredAt: { direction: 'desc' } }],
});

builder.prismaObject('AnalyticsEvent', {
  description: 'Something that happened in an application of the organization. Never changed.',
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
  analyticsEvent: byId(t, 'AnalyticsEvent', 'Something that happened.'),
  analyticsEvents: list(t, 'AnalyticsEvent', 'What happened in the applications, the latest first.'),
}));
