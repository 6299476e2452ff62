import { queryFromInfo } from '@pothos/plugin-prisma';
import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { delegate } from '../../graphql/delegate.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('FileStorageStats', {
  permission: 'files:read',
  filter: { columns: ['totalBytes', 'fileCount'] },
  orderBy: { columns: ['totalBytes', 'fileCount'] },
});

builder.prismaObject('FileStorageStats', {
  description: 'How much the organization stores. Every organization has one row, and the database keeps it.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    totalBytes: t.expose('totalBytes', { type: 'BigInt' }),
    fileCount: t.exposeInt('fileCount'),
  }),
});

builder.queryFields((t) => ({
  fileStorage: t.field({
    type: 'FileStorageStats' as never,
    description: 'How much the organization stores. Needs `files:read`.',
    extensions: { permission: 'files:read' },
    resolve: (_root, _args, context, info) =>
      delegate(context.db, 'FileStorageStats').findFirst(queryFromInfo({ context, info })) as never,
  }),
  fileStorageStats: byId(t, 'FileStorageStats', 'The storage statistics by their id.'),
  fileStorageStatsList: list(t, 'FileStorageStats', 'The storage statistics of the organization: a list of one.'),
}));
