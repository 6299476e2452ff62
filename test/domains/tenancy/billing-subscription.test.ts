import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failedMutation, lacks, nodes, nowhere, refusal, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const rowOf = async (org: Org) => (await gateway.sql('select * from subscriptions where org_id = $1', [org.id]))[0];
const idOf = async (org: Org) => `billing_subscription_${(await rowOf(org))?.id}`;

test('every organization has one from its first day on', async () => {
  const fields = 'id plan status seats currentPeriodEndAt stripeSubscriptionId stripeCustomerId version';
  expect(await nodes(acme.viewer, 'billingSubscriptions', '', fields)).toEqual([
    {
      id: await idOf(acme),
      plan: 'FREE',
      status: 'ACTIVE',
      seats: 1,
      currentPeriodEndAt: null,
      stripeSubscriptionId: null,
      stripeCustomerId: null,
      version: 1,
    },
  ]);
  const byId = `{ billingSubscription(id: "${await idOf(acme)}") { plan } }`;
  expect((await acme.viewer.ok(byId)).billingSubscription).toEqual({ plan: 'FREE' });
  expect((await globex.owner.ok(byId)).billingSubscription).toBeNull();
});

test('an owner changes plan and seats, and the organization follows', async () => {
  const { billingSubscription } = await send(
    acme.owner,
    'billingSubscriptionUpdate',
    { id: await idOf(acme), plan: 'PRO', seats: 12, expectedVersion: 1 },
    'billingSubscription { plan seats status version }',
  );
  expect(billingSubscription).toEqual({ plan: 'PRO', seats: 12, status: 'ACTIVE', version: 2 });
  expect(await acme.viewer.ok('{ viewer { plan } organization { plan } }')).toEqual({
    viewer: { plan: 'PRO' },
    organization: { plan: 'PRO' },
  });
  expect((await globex.viewer.ok('{ viewer { plan } }')).viewer.plan).toBe('FREE');
});

test('wrong, stale and forbidden changes are refused, and nothing changes', async () => {
  const before = [await rowOf(acme), await rowOf(globex)];
  const change = { id: await idOf(globex), plan: 'ENTERPRISE' };
  expect(await refusal(globex.owner, 'billingSubscriptionUpdate', { ...change, seats: 0 })).toEqual([
    'BAD_USER_INPUT',
    ['seats'],
    'The value of seats is not allowed.',
  ]);
  expect(await refusal(globex.owner, 'billingSubscriptionUpdate', { ...change, plan: null })).toEqual([
    'BAD_USER_INPUT',
    ['plan'],
    'plan is required and cannot be cleared.',
  ]);
  expect(await refusal(globex.owner, 'billingSubscriptionUpdate', { ...change, expectedVersion: 3 })).toEqual([
    'CONFLICT',
    ['expectedVersion'],
    'Somebody changed it: the current version is 1, not 3.',
  ]);
  expect(await failedMutation(globex.admin, 'billingSubscriptionUpdate', change)).toEqual(
    lacks('organization:own', 'OWNER'),
  );
  for (const id of [await idOf(acme), nowhere]) {
    expect(await refusal(globex.owner, 'billingSubscriptionUpdate', { ...change, id })).toEqual([
      'NOT_FOUND',
      ['id'],
      'There is no such BillingSubscription.',
    ]);
  }
  expect([await rowOf(acme), await rowOf(globex)]).toEqual(before);
});
