import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, rowData, rowId, updateRow, type Written } from '../../graphql/rows.ts';
import { encryptSecret, newRowId } from './encrypted-secret.ts';

readable('IntegrationCredential', {
  permission: 'integrations:read',
  filter: { columns: ['provider', 'label', 'keyVersion', 'secretSetAt', 'lastUsedAt'] },
  orderBy: { columns: ['provider', 'label', 'secretSetAt', 'lastUsedAt'] },
});

builder.prismaObject('IntegrationCredential', {
  description: 'A secret for another service, encrypted. It can be set and replaced, and no field ever gives it back.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    provider: t.exposeString('provider'),
    label: t.exposeString('label', { nullable: true }),
    isSet: t.boolean({
      description: 'Whether there is a secret.',
      select: { secretSetAt: true },
      extensions: { derived: (column) => `(${column('secretSetAt')} is not null)::text` },
      resolve: ({ secretSetAt }) => secretSetAt !== null,
    }),
    secretSetAt: t.expose('secretSetAt', { type: 'DateTime', nullable: true }),
    keyVersion: t.exposeString('keyVersion', { nullable: true }),
    lastUsedAt: t.expose('lastUsedAt', { type: 'DateTime', nullable: true }),
  }),
});

builder.queryFields((t) => ({
  integrationCredential: byId(t, 'IntegrationCredential', 'One credential for another service.'),
  integrationCredentials: list(t, 'IntegrationCredential', 'The credentials for other services.'),
}));

const secretText = 'The secret: up to 10000 characters. It is encrypted at once, and never shown again.';

const IntegrationCredentialSetInput = builder.inputType('IntegrationCredentialSetInput', {
  description: 'A secret, and which service it is for.',
  fields: (t) => ({
    id: clientId(t),
    provider: t.string({ required: true, description: 'The other service, in lower case: `stripe`, `wordpress`.' }),
    label: t.string({ description: 'Tells several credentials of one service apart.' }),
    secret: t.string({ required: true, description: secretText }),
  }),
});

const IntegrationCredentialUpdateInput = builder.inputType('IntegrationCredentialUpdateInput', {
  description: 'Changes to a credential. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    label: t.string(),
    secret: t.string({ description: `${secretText} Null forgets it.` }),
  }),
});

const longest = 10_000;

function checkSecret(secret: string): void {
  const fault = secret === '' ? 'A secret is not empty.' : 'A secret has at most 10000 characters, and no NUL.';
  if (secret === '' || secret.length > longest || secret.includes('\0'))
    throw new UserError('BAD_USER_INPUT', fault, ['secret']);
}

function sealed(context: Context, id: string, secret: string): Input {
  checkSecret(secret);
  return { ...encryptSecret(context, 'IntegrationCredential', id, secret) };
}

/** Makes the credential of a service and label, or replaces its secret. */
async function setCredential(context: Context, input: Input & { secret: string }): Promise<Written> {
  checkSecret(input.secret);
  const { provider, label = null } = rowData<{ provider: string; label?: string | null }>('IntegrationCredential', {
    provider: input.provider,
    label: input.label,
  });
  const found = await context.db.integrationCredential.findFirst({ where: { provider, label }, select: { id: true } });
  const id = found?.id ?? newRowId('IntegrationCredential', input);
  const secret = sealed(context, id, input.secret);
  if (found) return updateRow(context, 'IntegrationCredential', { id }, secret);
  return createRow(context, 'IntegrationCredential', { ...input, id }, secret);
}

const nothing: Input = { secretCiphertext: null, keyVersion: null, secretSetAt: null };

function updateCredential(context: Context, input: Input): Promise<Written> {
  const { secret } = input;
  if (typeof secret === 'string')
    return updateRow(
      context,
      'IntegrationCredential',
      input,
      sealed(context, rowId('IntegrationCredential', input), secret),
    );
  return updateRow(context, 'IntegrationCredential', input, secret === null ? nothing : {});
}

mutation({
  name: 'integrationCredentialSet',
  description:
    'Stores a secret for another service: makes the credential of that service and label, or replaces its secret.',
  permission: 'integrations:write',
  input: IntegrationCredentialSetInput,
  returns: 'IntegrationCredential',
  run: (input, context) => setCredential(context, input),
});

mutation({
  name: 'integrationCredentialUpdate',
  description: 'Gives a credential another label or another secret, or forgets its secret.',
  permission: 'integrations:write',
  input: IntegrationCredentialUpdateInput,
  returns: 'IntegrationCredential',
  run: (input, context) => updateCredential(context, input),
});

lifecycle('IntegrationCredential', { write: 'integrations:write', destroy: 'integrations:write' });
