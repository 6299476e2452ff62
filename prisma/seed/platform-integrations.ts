/** Credentials for other services, webhook endpoints and what they were told. */
import { encrypt, type SecretPlace } from '../../src/credentials/cipher.ts';
import { insertRows } from './insert.ts';
import { at } from './random.ts';
import type { Scene } from './scene.ts';

/** What a demo secret is called, so that nobody takes it for a real one. */
const secretOf = ({ org }: Scene, name: string): string => `demo-secret-of-${org.slug}-${name}`;

const credentials = [
  { provider: 'stripe', label: null, age: 330, used: 1, isSet: true },
  { provider: 'wordpress', label: 'Company blog', age: 210, used: 12, isSet: true },
  { provider: 'wordpress', label: 'Careers site', age: 180, used: 64, isSet: true },
  { provider: 'google_calendar', label: null, age: 95, used: null, isSet: true },
  { provider: 'mailchimp', label: 'Newsletter', age: 300, used: 160, isSet: false },
];

type Key = NonNullable<Scene['credentials']['key']>;

/** Encrypted as the API does it. */
const encrypted = (scene: Scene, key: Key, table: SecretPlace['table'], id: string, secret: string): Buffer =>
  encrypt(key, { table, organization: scene.org.id, id }, secret);

async function seedCredentials(scene: Scene, key: Key): Promise<void> {
  const rows = credentials.slice(0, scene.org.plan === 'free' ? 1 : undefined);
  for (const [index, { provider, label, age, used, isSet }] of rows.entries()) {
    const id = scene.id('integration_credentials', index);
    const secret = isSet ? encrypted(scene, key, 'integration_credentials', id, secretOf(scene, provider)) : null;
    const made = scene.calendar.workday(age, 140);
    await scene.client.query(
      `insert into integration_credentials (org_id, id, provider, label, secret_ciphertext, key_version, secret_set_at, last_used_at, created_at, updated_at)
       select $1, $2, $3, $4, $5::bytea, case when $5 is not null then $6 end,
         case when $5 is not null then $7::timestamptz end, $8::timestamptz, $7, $7`,
      [
        scene.org.id,
        id,
        provider,
        label,
        secret,
        key.version,
        made,
        used === null ? null : scene.calendar.ago(used, 500),
      ],
    );
  }
}

interface Endpoint {
  readonly path: string;
  readonly description: string;
  readonly eventTypes: readonly string[];
  readonly age: number;
  readonly failures: number;
  /** Days since it was disabled; null while it is active. */
  readonly disabled: number | null;
}

const endpoints: readonly Endpoint[] = [
  {
    path: 'accounting',
    description: 'Tells the accounting of invoices and payments.',
    eventTypes: ['invoice.created', 'invoice.updated', 'payment.created'],
    age: 280,
    failures: 0,
    disabled: null,
  },
  {
    path: 'chat',
    description: 'Posts new and moved deals to the sales channel.',
    eventTypes: ['deal.created', 'deal.updated'],
    age: 190,
    failures: 2,
    disabled: null,
  },
  { path: 'warehouse', description: 'Copies everything.', eventTypes: ['*'], age: 150, failures: 12, disabled: 20 },
];

async function seedEndpoints(scene: Scene, key: Key): Promise<void> {
  for (const [index, endpoint] of endpoints.entries()) {
    const { path, description, eventTypes, age, failures, disabled } = endpoint;
    const id = scene.id('webhook_endpoints', index);
    const secret = `whsec_${Buffer.from(secretOf(scene, path)).toString('base64')}`;
    await scene.client.query(
      `insert into webhook_endpoints (org_id, id, url, description, secret_ciphertext, key_version, secret_set_at, event_types,
         is_active, failure_count, disabled_at, created_at, updated_at)
       select $1, $2, $3, $4, $5::bytea, $6, $7::timestamptz, $8::text[], $9::timestamptz is null, $10::integer, $9, $7, $7`,
      [
        scene.org.id,
        id,
        `https://hooks.${scene.org.slug}.example/${path}`,
        description,
        encrypted(scene, key, 'webhook_endpoints', id, secret),
        key.version,
        scene.calendar.workday(age, 170),
        eventTypes,
        disabled === null ? null : scene.calendar.ago(disabled, 300),
        failures,
      ],
    );
  }
}

interface Change {
  readonly id: string;
  readonly entity_type: string;
  readonly entity_id: string;
  readonly operation: string;
}

/** Entries of the log of changes to tell of. The log is written when a transaction is saved, so here it is asked to write now. */
async function changesOf({ client, org }: Scene): Promise<Change[]> {
  await client.query('set constraints all immediate');
  await client.query('set constraints all deferred');
  const { rows } = await client.query<Change>(
    `select id, entity_type, entity_id, operation from (select *, row_number() over (partition by entity_type order by seq) as n
       from change_events where org_id = $1 and entity_type in ('deal', 'invoice', 'payment', 'account', 'contact')) told
     where n <= 80 order by seq`,
    [org.id],
  );
  return rows;
}

/** How a delivery ended: most went well, some on a later attempt, some are waiting, some were given up. */
const endings = [
  { status: 'delivered', attempt: 1, response: 200, excerpt: 'ok' },
  { status: 'delivered', attempt: 1, response: 204, excerpt: '' },
  { status: 'delivered', attempt: 3, response: 200, excerpt: 'ok' },
  { status: 'failed', attempt: 8, response: 500, excerpt: 'Internal Server Error' },
  { status: 'delivered', attempt: 1, response: 202, excerpt: '{"queued":true}' },
  { status: 'pending', attempt: 2, response: 503, excerpt: 'Service Unavailable' },
  { status: 'delivered', attempt: 1, response: 200, excerpt: 'ok' },
  { status: 'failed', attempt: 8, response: null, excerpt: 'The connection was refused.' },
  { status: 'pending', attempt: 0, response: null, excerpt: null },
] as const;

function deliveryRows(scene: Scene, changes: readonly Change[], count: number) {
  const random = scene.random('webhook_deliveries');
  const wanted = endpoints.map(({ eventTypes }) =>
    changes.filter(
      ({ entity_type: type, operation }) => eventTypes.includes('*') || eventTypes.includes(`${type}.${operation}`),
    ),
  );
  return wanted.flatMap((told, endpoint) =>
    random.some(told, count).map((change, index) => {
      const ending = at(endings, index);
      const age = ending.status === 'pending' ? 0 : random.int(1, 120);
      const moment = scene.calendar.ago(age, random.int(0, 600));
      return {
        org_id: scene.org.id,
        id: scene.id(`webhook_deliveries:${endpoint}`, index),
        endpoint_id: scene.id('webhook_endpoints', endpoint),
        event_id: change.id,
        event_type: `${change.entity_type}.${change.operation}`,
        payload: {
          id: `change_event_${change.id}`,
          type: `${change.entity_type}.${change.operation}`,
          createdAt: moment,
          data: {
            entityType: change.entity_type,
            entityId: `${change.entity_type}_${change.entity_id}`,
            operation: change.operation,
          },
        },
        status: ending.status,
        attempt: ending.attempt,
        next_attempt_at: ending.status === 'pending' ? scene.calendar.ago(-1, 60 * ending.attempt) : null,
        response_status: ending.response,
        response_excerpt: ending.excerpt,
        delivered_at: ending.status === 'delivered' ? moment : null,
        created_at: moment,
      };
    }),
  );
}

/** Everything that connects an organization to other services: nothing where there is no key to encrypt secrets with. */
export async function seedIntegrations(scene: Scene): Promise<void> {
  const { key } = scene.credentials;
  if (!key) return;
  await seedCredentials(scene, key);
  if (scene.org.plan === 'free') return;
  await seedEndpoints(scene, key);
  await insertRows(scene.client, 'webhook_deliveries', deliveryRows(scene, await changesOf(scene), 24));
}
