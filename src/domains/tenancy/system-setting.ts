import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('SystemSetting', {
  permission: 'member',
  filter: { columns: ['key', 'value', 'description'] },
  orderBy: { columns: ['key'] },
  defaultOrder: [{ key: { direction: 'asc' } }],
});

builder.prismaObject('SystemSetting', {
  description:
    'A setting of the whole installation, such as a kill switch. Everyone reads it, only the server writes it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    key: t.exposeString('key'),
    value: t.expose('value', { type: 'JSON' }),
    description: t.exposeString('description', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  systemSetting: byId(t, 'SystemSetting', 'One setting of the installation.'),
  systemSettings: list(t, 'SystemSetting', 'The settings of the installation, by key.'),
}));
