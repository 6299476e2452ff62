import { builder } from '../../builder.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const FileStatus = enumOf('FileStatus', 'Where a file stands.', ['pending', 'ready', 'quarantined']);

readable('File', {
  permission: 'files:read',
  filter: {
    columns: ['name', 'storageKey', 'sizeBytes', 'mimeType', 'uploadedById'],
    enums: { status: FileStatus },
    relations: ['uploadedBy', 'attachments', 'deliverables', 'receiptOfExpenses'],
  },
  orderBy: { columns: ['name', 'sizeBytes', 'mimeType', 'status'], relations: ['uploadedBy'] },
});

builder.prismaObject('File', {
  description: 'A file: announced, uploaded, checked.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    storageKey: t.exposeString('storageKey'),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', nullable: true }),
    mimeType: t.exposeString('mimeType'),
    status: t.expose('status', { type: FileStatus }),
    uploadedBy: t.relation('uploadedBy', { nullable: true }),
    attachments: relatedList(t, 'attachments', 'The attachments.'),
    deliverables: relatedList(t, 'deliverables', 'The deliverables.'),
    receiptOfExpenses: relatedList(t, 'receiptOfExpenses', 'The expenses.'),
  }),
});

builder.queryFields((t) => ({
  file: byId(t, 'File', 'One file.'),
  files: list(t, 'File', 'The files of the organization.'),
}));

const FileCreateInput = builder.inputType('FileCreateInput', {
  description: 'A new file.',
  fields: (t) => ({ id: clientId(t), name: t.string({ required: true }), mimeType: t.string({ required: true }) }),
});

const FileUpdateInput = builder.inputType('FileUpdateInput', {
  description: 'Changes to a file. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), name: t.string(), mimeType: t.string() }),
});

lifecycle('File', { write: 'files:write', destroy: 'files:destroy', create: FileCreateInput, update: FileUpdateInput });
