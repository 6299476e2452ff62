import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { entityFields } from '../../graphql/entity.ts';
import { enumOf } from '../../graphql/enums.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ChangeOperation = enumOf('ChangeOperation', 'What happened to a row.', {
  created: 'It was made, or brought back.',
  updated: 'It was changed.',
  deleted: 'It was hidden, or removed for good.',
});

readable('ChangeEvent', {
  permission: 'audit:read',
  filter: { columns: ['seq', 'entityType', 'entityId', 'changedAt'], enums: { operation: ChangeOperation } },
  orderBy: { columns: ['seq', 'entityType', 'operation', 'changedAt'] },
  defaultOrder: [{ seq: { direction: 'desc' } }],
});

builder.prismaObject('ChangeEvent', {
  description:
    'One change of one row. The log behind subscriptions, synchronization and webhooks. Written by the database, changed by nobody.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    seq: t.expose('seq', { type: 'BigInt' }),
    operation: t.expose('operation', { type: ChangeOperation }),
    changedAt: t.expose('changedAt', { type: 'DateTime' }),
    ...entityFields(t, 'by triggers'),
  }),
});

builder.queryFields((t) => ({
  changeEvent: byId(t, 'ChangeEvent', 'One entry of the log of changes.'),
  changeEvents: list(t, 'ChangeEvent', 'The log of changes of the organization, newest first.'),
}));
