import { randomBytes } from 'node:crypto';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { isEntityType } from '../../graphql/entity.ts';
import { requireFeature } from '../../graphql/features.ts';
import {
  clientId,
  type InputFields,
  type MutationOptions,
  mutation,
  TargetInput,
  target,
} from '../../graphql/mutation.ts';
import { changeRow, createRow, type Input, liveRow, rowId, updateRow, type Written } from '../../graphql/rows.ts';
import { urlFault } from '../../outgoing/url-rules.ts';
import { encryptSecret, newRowId } from './encrypted-secret.ts';

const details = (t: InputFields) => ({
  description: t.string(),
  eventTypes: t.stringList({
    description:
      'What it is told of: an entity and `created`, `updated` or `deleted`, as in `contact.created`; or `*` for everything.',
  }),
});

const urlText =
  'Where events are posted to: https, a public address, port 443 or from 1024 on, no user name. Redirects are not followed.';

const WebhookEndpointCreateInput = builder.inputType('WebhookEndpointCreateInput', {
  description: 'A new endpoint. It is told of everything unless event types are given.',
  fields: (t) => ({
    id: clientId(t),
    url: t.field({ type: 'URL', required: true, description: urlText }),
    ...details(t),
  }),
});

const WebhookEndpointUpdateInput = builder.inputType('WebhookEndpointUpdateInput', {
  description: 'Changes to an endpoint. Fields left out stay; null clears.',
  fields: (t) => ({ ...target(t), url: t.field({ type: 'URL', description: urlText }), ...details(t) }),
});

/** What is sent is for one receiver alone, and the server sends it: outside of production also to the machine itself. */
function checkUrl(url: unknown, { production }: Context): void {
  if (url === undefined || url === null) return;
  const fault = urlFault(String(url), { allowLoopback: !production });
  if (fault) throw new UserError('BAD_USER_INPUT', fault, ['url']);
}

function checkEventTypes(eventTypes: unknown): void {
  if (!Array.isArray(eventTypes)) return;
  const unknown = eventTypes.find((type: string) => {
    const [, entity = ''] = /^([a-z_]+)\.(created|updated|deleted)$/.exec(type) ?? [];
    return type !== '*' && !isEntityType(entity);
  });
  if (unknown === undefined) return;
  const message = 'There is no such event type: give such as contact.created, deal.updated, or *.';
  throw new UserError('BAD_USER_INPUT', message, ['eventTypes']);
}

/** A secret as Standard Webhooks has it, and its columns. */
function newSecret(context: Context, id: string) {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  return { secret, columns: { ...encryptSecret(context, 'WebhookEndpoint', id, secret) } };
}

async function createEndpoint(context: Context, input: Input) {
  await requireFeature(context, 'webhooks');
  checkUrl(input.url, context);
  checkEventTypes(input.eventTypes);
  const id = newRowId('WebhookEndpoint', input);
  const { secret, columns } = newSecret(context, id);
  return { ...(await createRow(context, 'WebhookEndpoint', { ...input, id }, columns)), extra: { secret } };
}

async function rotateSecret(context: Context, input: Input) {
  const { secret, columns } = newSecret(context, rowId('WebhookEndpoint', input));
  return { ...(await updateRow(context, 'WebhookEndpoint', input, columns)), extra: { secret } };
}

function updateEndpoint(context: Context, input: Input): Promise<Written> {
  checkUrl(input.url, context);
  checkEventTypes(input.eventTypes);
  return updateRow(context, 'WebhookEndpoint', input);
}

async function setActive(context: Context, input: Input, isActive: boolean): Promise<Written> {
  const { isActive: before, version } = await liveRow(context, 'WebhookEndpoint', input, { isActive: true });
  if (before === isActive) {
    const message = `This endpoint is ${isActive ? 'enabled' : 'disabled'} already.`;
    throw new UserError('CONFLICT', message, ['id'], version);
  }
  const data = isActive ? { isActive, disabledAt: null, failureCount: 0 } : { isActive, disabledAt: new Date() };
  return changeRow(context, 'WebhookEndpoint', { id: rowId('WebhookEndpoint', input), expectedVersion: version, data });
}

/** The field of a payload that shows a secret, this once. */
const secretOnce: Pick<MutationOptions<object>, 'payload'> = {
  payload: (t) => ({
    secret: t.string({
      nullable: true,
      description: 'The secret: `whsec_` and 32 bytes in base64. Shown only here; what is stored is encrypted.',
      resolve: ({ extra }) => (extra.secret as string | undefined) ?? null,
    }),
  }),
};

const common = { permission: 'integrations:write', returns: 'WebhookEndpoint' } as const;

mutation({
  ...common,
  ...secretOnce,
  name: 'webhookEndpointCreate',
  description: 'Makes an endpoint, and the secret that signs what it is sent.',
  input: WebhookEndpointCreateInput,
  run: (input, context) => createEndpoint(context, input),
});

mutation({
  ...common,
  name: 'webhookEndpointUpdate',
  description: 'Changes an endpoint.',
  input: WebhookEndpointUpdateInput,
  run: (input, context) => updateEndpoint(context, input),
});

mutation({
  ...common,
  ...secretOnce,
  name: 'webhookEndpointRotateSecret',
  description: 'Gives an endpoint another secret. The one before is good for nothing from then on.',
  input: TargetInput,
  run: (input, context) => rotateSecret(context, input),
});

mutation({
  ...common,
  name: 'webhookEndpointEnable',
  description: 'Has a disabled endpoint told again, and forgets its failures.',
  input: TargetInput,
  run: (input, context) => setActive(context, input, true),
});

mutation({
  ...common,
  name: 'webhookEndpointDisable',
  description: 'Stops telling an endpoint.',
  input: TargetInput,
  run: (input, context) => setActive(context, input, false),
});
