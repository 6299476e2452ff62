import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { badInput, unavailable } from '../../errors.ts';
import { byId, list, readable, relatedList } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { type Input, rowId } from '../../graphql/rows.ts';

/** What to do about a server that is not told where to keep files. */
export const noStore = 'This server keeps no files: set FILES_SECRET and PUBLIC_URL, or S3_BUCKET.';

const FileStatus = enumOf('FileStatus', 'How far the upload of a file is.', {
  pending: 'Announced; its bytes are still to come, or to be confirmed.',
  ready: 'Its bytes are there, and are those that were announced. It can be downloaded and attached.',
  quarantined: 'Other bytes came than were announced. It stays locked away: announce the file anew.',
});

readable('File', {
  permission: 'files:read',
  filter: {
    columns: ['name', 'sizeBytes', 'mimeType', 'sha256', 'uploadedById'],
    enums: { status: FileStatus },
    relations: ['uploadedBy', 'attachments', 'deliverables', 'receiptOfExpenses'],
  },
  orderBy: { columns: ['name', 'sizeBytes', 'mimeType', 'status'], relations: ['uploadedBy'] },
});

interface Stored {
  readonly storageKey: string;
  readonly name: string;
  readonly mimeType: string;
  readonly status: string;
  readonly deletedAt: Date | null;
}

const longestSeconds = 86_400;

async function downloadUrl(file: Stored, seconds: number, { files: { store } }: Context): Promise<string | null> {
  if (seconds < 1 || seconds > longestSeconds)
    throw badInput(`expiresInSeconds is between 1 and ${longestSeconds}, not ${seconds}.`);
  if (file.status !== 'ready' || file.deletedAt) return null;
  if (!store) throw unavailable(noStore);
  return store.download({ ...file, key: file.storageKey }, new Date(Date.now() + seconds * 1000));
}

builder.prismaObject('File', {
  description:
    'A file: announced, uploaded, checked. Where its bytes lie is not told; `downloadUrl` leads to them. It is seen by everyone in the organization until it is attached, and then by those who see something that it is attached to.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    sizeBytes: t.expose('sizeBytes', { type: 'BigInt', nullable: true }),
    mimeType: t.exposeString('mimeType'),
    sha256: t.exposeString('sha256', { nullable: true }),
    status: t.expose('status', { type: FileStatus }),
    quarantineReason: t.exposeString('quarantineReason', { nullable: true }),
    downloadUrl: t.field({
      type: 'URL',
      nullable: true,
      description:
        'An address that gives the content, as an attachment, to whoever has it, until it expires. Null unless the file is ready and live.',
      args: {
        expiresInSeconds: t.arg.int({
          defaultValue: 300,
          description: `For how long it works, in seconds: at most ${longestSeconds}.`,
        }),
      },
      select: { storageKey: true, name: true, mimeType: true, status: true, deletedAt: true },
      resolve: (file, { expiresInSeconds }, context) => downloadUrl(file, expiresInSeconds ?? 300, context),
    }),
    uploadedBy: t.relation('uploadedBy', { nullable: true }),
    attachments: relatedList(t, 'attachments', 'What it is attached to.'),
    deliverables: relatedList(t, 'deliverables', 'The deliverables whose content it is.'),
    receiptOfExpenses: relatedList(t, 'receiptOfExpenses', 'The expenses whose receipt it is.'),
  }),
});

builder.queryFields((t) => ({
  file: byId(t, 'File', 'One file.'),
  files: list(t, 'File', 'The files of the organization, whatever their state.'),
}));

const FileUpdateInput = builder.inputType('FileUpdateInput', {
  description: 'Another name for a file. Its content never changes: upload another file instead.',
  fields: (t) => ({ ...target(t), name: t.string() }),
});

/** The bytes go once the row is gone for good. If the store fails then, they stay as nobody's, and the failure is logged. */
async function removeBytes(input: Input, { db, files: { store }, afterCommit }: Context): Promise<void> {
  const file = await db.file.findFirst({ where: { id: rowId('File', input) }, select: { storageKey: true } });
  if (file && store) afterCommit(() => store.remove(file.storageKey));
}

lifecycle('File', { write: 'files:write', destroy: 'files:destroy', update: FileUpdateInput, before: removeBytes });
