/** In production a plan rises with the word of the payment provider, and falls with the owner's. */
import { createHmac, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attempts, type Known, prepare } from '../../permissions/matrix.ts';
import { callerOf } from '../../support/door.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { refusal, write } from '../../support/write.ts';

const secret = 'whsec_0123456789abcdef';

let gateway: Gateway;
let org: Org;
let id: string;

beforeAll(async () => {
  gateway = await startGateway({ SELF_SERVICE_PLANS: 'off', STRIPE_WEBHOOK_SECRET: secret });
  org = await gateway.organization('acme');
  await prepare(gateway);
  ({ id } = (await org.owner.ok('{ organization { subscription { id } } }')).organization.subscription);
});
afterAll(() => gateway.close());

const current = async () =>
  (await org.viewer.ok('{ organization { plan subscription { plan status seats } } }')).organization;
const seconds = () => Math.floor(Date.now() / 1000);

const signature = (body: string, time = seconds(), key = secret): string =>
  `t=${time},v1=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')},v0=ignored`;

async function tell(event: object, header?: string, method = 'POST'): Promise<number> {
  const body = JSON.stringify(event);
  const headers = { 'stripe-signature': header ?? signature(body) };
  const request = new Request(
    'http://gateway/webhooks/stripe',
    method === 'GET' ? { method } : { method, headers, body },
  );
  return (await gateway.server.fetch(request)).status;
}

interface Subscription {
  readonly id?: string;
  readonly status?: string;
  readonly plan?: string;
  readonly quantity?: number;
  readonly org?: string | null;
}

const event = (
  type: string,
  { id: subscription = 'sub_1', status = 'active', plan = 'pro', quantity = 5, org: to = org.id }: Subscription = {},
  created = seconds(),
) => ({
  id: `evt_${randomUUID()}`,
  type: `customer.subscription.${type}`,
  created,
  data: {
    object: {
      id: subscription,
      customer: 'cus_1',
      status,
      metadata: to ? { org_id: `organization_${to}` } : {},
      items: { data: [{ quantity, current_period_end: 1_900_000_000, price: { lookup_key: plan } }] },
    },
  },
});

describe('an owner', () => {
  test('raises neither the plan nor the seats', async () => {
    const codes = async (input: object) =>
      (await refusal(org.owner, 'billingSubscriptionUpdate', { id, ...input })).map(({ code, path }) => [
        code,
        ...path,
      ]);
    expect(await codes({ plan: 'ENTERPRISE' })).toEqual([['FORBIDDEN', 'plan']]);
    expect(await codes({ seats: 2 })).toEqual([['FORBIDDEN', 'seats']]);
    expect(await current()).toEqual({ plan: 'FREE', subscription: { plan: 'FREE', status: 'ACTIVE', seats: 1 } });
  });

  test('raises it not past the API either', async () => {
    const proof = await gateway.database.proofs.ofPlan(org.id, 'pro', 1);
    const statements = {
      raises: "update subscriptions set plan = 'enterprise'",
      'changes its state': "update subscriptions set status = 'trialing'",
      'makes another': "insert into subscriptions (plan) values ('enterprise')",
      'removes it': 'delete from subscriptions',
      'tells like the provider': `select app.apply_subscription('${org.id}', 'pro', null, null, null, null, null, now())`,
      'chooses without a proof': "select app.choose_plan(1, 'enterprise', 1, '')",
      'chooses with the proof of another plan': `select app.choose_plan(1, 'enterprise', 1, '${proof}')`,
      'changes the copy': "update organizations set plan = 'enterprise'",
    };
    const asked = Object.entries(statements).map(([what, statement]) => ({ what, statement }));
    expect(Object.fromEntries(await attempts(gateway, callerOf(org, 'owner') as Known, asked))).toEqual(
      Object.fromEntries(Object.keys(statements).map((what) => [what, '42501'])),
    );
  });

  test('lowers it', async () => {
    expect(await tell(event('created'))).toBe(200);
    expect(await current()).toEqual({ plan: 'PRO', subscription: { plan: 'PRO', status: 'ACTIVE', seats: 5 } });
    const lowered = await write(org.owner, 'billingSubscriptionUpdate', { id, plan: 'FREE', seats: 2 }, 'plan seats');
    expect(lowered).toEqual({ plan: 'FREE', seats: 2 });
  });
});

describe('the payment provider', () => {
  test('is believed with its signature alone', async () => {
    const raise = event('updated', { plan: 'enterprise' });
    const body = JSON.stringify(raise);
    const before = await current();
    for (const header of [
      '',
      't=1,v1=00',
      signature(body, seconds() - 301),
      signature(body, seconds() + 301),
      signature(body, seconds(), 'whsec_of_somebody_else'),
      signature(`${body} `),
      signature(body).replace('v1=', 'v0='),
    ])
      expect(await tell(raise, header), header).toBe(400);
    expect(await current()).toEqual(before);
    expect(await tell(raise, undefined, 'GET')).toBe(405);
    expect(await tell({ ...raise, padding: 'x'.repeat(300_000) })).toBe(413);
    expect(await tell(raise, `${signature(body, seconds(), 'whsec_of_before')},${signature(body).split(',')[1]}`)).toBe(
      200,
    );
    expect((await current()).plan).toBe('ENTERPRISE');
  });

  test('is heard in the order of what happened, and knows the customer again', async () => {
    const now = seconds() + 100;
    expect(await tell(event('updated', { plan: 'pro', quantity: 9, org: null }, now))).toBe(200);
    expect(await tell(event('updated', { plan: 'enterprise' }, now - 50))).toBe(200);
    expect(await current()).toEqual({ plan: 'PRO', subscription: { plan: 'PRO', status: 'ACTIVE', seats: 9 } });
    expect(await tell(event('updated', { status: 'past_due' }, now + 1))).toBe(200);
    expect((await current()).subscription).toMatchObject({ plan: 'PRO', status: 'PAST_DUE' });
    expect(await tell(event('deleted', { id: 'sub_0' }, now + 2))).toBe(200);
    expect((await current()).plan).toBe('PRO');
    expect(await tell(event('deleted', {}, now + 3))).toBe(200);
    expect((await current()).subscription).toMatchObject({ plan: 'FREE', status: 'CANCELED' });
  });

  test('begins nothing before it is paid, and nothing for what is unknown', async () => {
    const later = seconds() + 200;
    const before = await current();
    expect(await tell(event('created', { status: 'incomplete', plan: 'enterprise' }, later))).toBe(200);
    expect(await tell(event('updated', { org: randomUUID() }, later))).toBe(200);
    expect(await tell({ type: 'invoice.paid', created: later })).toBe(200);
    expect((await current()).plan).toEqual(before.plan);
  });
});

test('without a secret there is no such address', async () => {
  const other = await startGateway();
  const body = JSON.stringify({});
  const headers = { 'stripe-signature': signature(body), 'content-type': 'application/json' };
  const request = new Request('http://gateway/webhooks/stripe', { method: 'POST', headers, body });
  expect((await other.server.fetch(request)).status).toBe(404);
  await other.close();
});
