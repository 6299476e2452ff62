import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { faultOf } from '../../files/check.ts';
import type { FileStore, Upload } from '../../files/store.ts';
import { requireFeature } from '../../graphql/features.ts';
import { clientId, mutation, TargetInput } from '../../graphql/mutation.ts';
import { changeRow, createRow, type Input, liveRow, lockRow, rowId, type Written } from '../../graphql/rows.ts';
import { noStore } from './file.ts';

const addressMinutes = 15;

const UploadHeader = builder.objectRef<Upload['headers'][number]>('UploadHeader').implement({
  description: 'A header to send with the bytes of a file.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
  }),
});

const FileUpload = builder.objectRef<Upload>('FileUpload').implement({
  description: 'Where and how to send the bytes of a file. Whoever has the address needs no token.',
  fields: (t) => ({
    url: t.expose('url', { type: 'URL', description: 'The address.' }),
    method: t.exposeString('method', { description: 'The HTTP method: `PUT`.' }),
    headers: t.field({
      type: [UploadHeader],
      description: 'The headers to send, beside a Content-Length of exactly the announced size.',
      resolve: ({ headers }) => [...headers],
    }),
    expiresAt: t.expose('expiresAt', {
      type: 'DateTime',
      description: `Until when the address works: ${addressMinutes} minutes.`,
    }),
  }),
});

const FileUploadStartInput = builder.inputType('FileUploadStartInput', {
  description: 'A file to be uploaded.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true, description: 'Its name, without a path: 255 characters at most.' }),
    mimeType: t.string({
      required: true,
      description: 'The media type, without parameters. Common formats must begin as files of that type do.',
    }),
    sizeBytes: t.field({ type: 'BigInt', required: true, description: 'The size in bytes.' }),
    sha256: t.string({
      required: true,
      description: 'The SHA-256 checksum of the content, as 64 hexadecimal digits.',
    }),
  }),
});

/** The store, if uploads are open and the server has one. */
async function openStore(context: Context): Promise<FileStore> {
  await requireFeature(context, 'uploads');
  if (!context.files.store) throw new UserError('UNAVAILABLE', noStore);
  return context.files.store;
}

function checkSize(sizeBytes: bigint, { maxBytes }: Context['files']): void {
  if (sizeBytes <= BigInt(maxBytes)) return;
  throw new UserError('BAD_USER_INPUT', `A file has at most ${maxBytes} bytes here.`, ['sizeBytes']);
}

const stored = { storageKey: true, name: true, mimeType: true, sizeBytes: true, sha256: true } as const;

/** A file as the store knows it. */
const announced = (file: Input) => ({
  key: String(file.storageKey),
  name: String(file.name),
  mimeType: String(file.mimeType),
  sizeBytes: Number(file.sizeBytes),
  sha256: String(file.sha256),
});

async function startUpload(context: Context, input: typeof FileUploadStartInput.$inferInput) {
  const store = await openStore(context);
  checkSize(input.sizeBytes, context.files);
  const { id } = await createRow(
    context,
    'File',
    { ...input, mimeType: input.mimeType.toLowerCase(), sha256: input.sha256.toLowerCase() },
    { uploadedById: context.scope.userId },
  );
  const file = await context.db.file.findFirstOrThrow({ where: { id }, select: stored });
  const upload = await store.upload(announced(file), new Date(Date.now() + addressMinutes * 60_000));
  return { id, extra: { upload } };
}

/** Two confirmations of one file take turns: each moves the bytes that it checks. */
async function confirm(input: Input, context: Context): Promise<Written> {
  const store = await openStore(context);
  const id = rowId('File', input);
  await lockRow(context, 'File', input);
  const { version, ...file } = await liveRow(context, 'File', input, { ...stored, status: true });
  const refuse = (message: string) => new UserError('CONFLICT', message, ['id'], version);
  if (file.status !== 'pending') throw refuse(`This file is ${file.status} already.`);
  const received = await store.receive(String(file.storageKey));
  if (!received) throw refuse('Nothing has been uploaded yet.');
  const fault = faultOf(announced(file), received);
  const data = fault ? { status: 'quarantined', quarantineReason: fault } : { status: 'ready' };
  return changeRow(context, 'File', { id, expectedVersion: version, data });
}

mutation({
  name: 'fileUploadStart',
  description: 'Announces a file, and gives an address to send its bytes to. `fileConfirm` comes after that.',
  permission: 'files:write',
  input: FileUploadStartInput,
  returns: 'File',
  payload: (t) => ({
    upload: t.field({
      type: FileUpload,
      nullable: true,
      description: 'Where to send the bytes; null when the mutation was refused.',
      resolve: ({ extra }) => (extra.upload as Upload | undefined) ?? null,
    }),
  }),
  run: (input, context) => startUpload(context, input),
});

mutation({
  name: 'fileConfirm',
  description:
    'Reads back what was uploaded and compares it with what was announced: size, checksum and format. The file is READY then, or QUARANTINED with the reason, which is saved and no refusal.',
  permission: 'files:write',
  input: TargetInput,
  returns: 'File',
  run: (input, context) => confirm(input, context),
});
