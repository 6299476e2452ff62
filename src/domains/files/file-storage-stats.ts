import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { Node, recordFields } from '../../graphql/record.ts';

readable('FileStorageStats', {
  permission: 'files:read',
  filter: { columns: ['totalBytes', 'fileCount'] },
  orderBy: { columns: ['totalBytes', 'fileCount'] },
});

builder.prismaObject('FileStorageStats', {
  description: 'How much the organization stores; one row, kept by the database.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    totalBytes: t.expose('totalBytes', { type: 'BigInt' }),
    fileCount: t.exposeInt('fileCount'),
  }),
});

builder.queryFields((t) => ({
  fileStorageStats: byId(t, 'FileStorageStats', 'One file storage stats.'),
  fileStorageStatsList: list(t, 'FileStorageStats', 'The file storage stats of the organization.'),
}));
