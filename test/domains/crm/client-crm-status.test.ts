import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, queryFailure, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let busy: string;

async function prepare(): Promise<void> {
  busy = await make(acme.member, 'Account', { name: 'Busy', classification: 'HOT' });
  await make(acme.member, 'Account', { name: 'Quiet' });
  const deleted = await make(acme.member, 'Account', { name: 'Absent' });
  await write(acme.member, 'accountDelete', { id: deleted });
  for (const fullName of ['One', 'Two', 'Gone']) {
    const id = await make(acme.member, 'Contact', { fullName, accountId: busy });
    if (fullName === 'Gone') await write(acme.member, 'contactDelete', { id });
  }
  for (const [title, valueCents, currency] of [
    ['Open', '9007199254740993', 'USD'],
    ['Open', '7', 'USD'],
    ['Open', '5', 'EUR'],
    ['Won', '100', 'EUR'],
    ['Lost', '1', 'USD'],
    ['Gone', '1', 'USD'],
  ]) {
    const id = await make(acme.member, 'Deal', { title, valueCents, currency, accountId: busy });
    if (title === 'Won') await write(acme.member, 'dealWin', { id });
    if (title === 'Lost') await write(acme.member, 'dealLose', { id, lostReason: 'x' });
    if (title === 'Gone') await write(acme.member, 'dealDelete', { id });
  }
  await gateway.sql("update accounts set last_interaction_at = now() - interval '3 days 1 hour' where id = $1", [
    uuidOf(busy),
  ]);
  await make(globex.member, 'Account', { name: 'Theirs' });
}

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await prepare();
});
afterAll(() => gateway.close());

const columns = `account { id name contacts { totalCount } } name classification lastInteractionAt daysSinceInteraction contactCount openDealCount
  openValue { cents currency } wonValue { cents currency amount }`;

test('a status counts live contacts and deals, and sums each currency for itself', async () => {
  const { clientCrmStatus } = await acme.viewer.ok(
    `query ($id: ID!) { clientCrmStatus(accountId: $id) { ${columns} } }`,
    { id: busy },
  );
  expect(clientCrmStatus).toEqual({
    account: { id: busy, name: 'Busy', contacts: { totalCount: 2 } },
    name: 'Busy',
    classification: 'HOT',
    lastInteractionAt: clientCrmStatus.lastInteractionAt,
    daysSinceInteraction: 3,
    contactCount: 2,
    openDealCount: 3,
    openValue: [
      { cents: '5', currency: 'EUR' },
      { cents: '9007199254741000', currency: 'USD' },
    ],
    wonValue: [{ cents: '100', currency: 'EUR', amount: '1.00' }],
  });
  expect(Math.abs(Date.parse(clientCrmStatus.lastInteractionAt) - (Date.now() - 73 * 3_600_000))).toBeLessThan(60_000);
});

test('statuses come by name, without deleted accounts', async () => {
  const { clientCrmStatuses } = await acme.viewer.ok(
    '{ clientCrmStatuses { name classification daysSinceInteraction contactCount openDealCount openValue { cents } wonValue { cents } } }',
  );
  expect(clientCrmStatuses.map(({ name }: { name: string }) => name)).toEqual(['Busy', 'Quiet']);
  expect(clientCrmStatuses[1]).toEqual({
    name: 'Quiet',
    classification: null,
    daysSinceInteraction: null,
    contactCount: 0,
    openDealCount: 0,
    openValue: [],
    wonValue: [],
  });
  expect((await acme.viewer.ok('{ clientCrmStatuses(first: 1) { name account { id } } }')).clientCrmStatuses).toEqual([
    { name: 'Busy', account: { id: busy } },
  ]);
  expect((await acme.viewer.ok('{ clientCrmStatuses(first: 0) { name } }')).clientCrmStatuses).toEqual([]);
});

test('at most 100 are given', async () => {
  const message = 'A page has 0 to 100 rows; 101 were asked for.';
  expect(await queryFailure(acme.viewer, '{ clientCrmStatuses(first: 101) { name } }')).toEqual([
    'BAD_USER_INPUT',
    message,
  ]);
});

test("another organization's account has no status, like one that was never made", async () => {
  const [theirs] = await gateway.sql("select id from accounts where name = 'Theirs'");
  for (const id of [theirs?.id, randomUUID()]) {
    expect(await acme.viewer.ok('query ($id: ID!) { clientCrmStatus(accountId: $id) { name } }', { id })).toEqual({
      clientCrmStatus: null,
    });
  }
  expect((await globex.viewer.ok('{ clientCrmStatuses { name } }')).clientCrmStatuses).toEqual([{ name: 'Theirs' }]);
});

test('statuses are one statement, and one more for their accounts', async () => {
  const names = await gateway.counting(() => acme.viewer.ok('{ clientCrmStatuses { name openValue { cents } } }'));
  expect(names.statements).toHaveLength(1);
  const accounts = await gateway.counting(() =>
    acme.viewer.ok('{ clientCrmStatuses { name account { name owner { id } contacts { nodes { fullName } } } } }'),
  );
  expect(accounts.statements).toHaveLength(2);
});
