import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns = 'name address latitude longitude accessNotes status account { name } version';

test('a property keeps every column that it is made with', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Owner' });
  const input = {
    name: 'Mill',
    address: { street: 'Weir 1' },
    latitude: 59.913868,
    longitude: -10.752245,
    accessNotes: 'Ring twice',
    status: 'INACTIVE',
  };
  expect(await write(acme.member, 'propertyCreate', { ...input, accountId }, columns)).toEqual({
    ...input,
    account: { name: 'Owner' },
    version: 1,
  });
});

test('a property moves to another account, and clears what is null', async () => {
  const [from, to] = [
    await make(acme.member, 'Account', { name: 'From' }),
    await make(acme.member, 'Account', { name: 'To' }),
  ];
  const id = await make(acme.member, 'Property', { name: 'House', accountId: from, latitude: 1 });
  expect(await write(acme.member, 'propertyUpdate', { id, accountId: to, latitude: null }, columns)).toEqual({
    name: 'House',
    address: {},
    latitude: null,
    longitude: null,
    accessNotes: null,
    status: 'ACTIVE',
    account: { name: 'To' },
    version: 2,
  });
  const { accounts } = await acme.viewer.ok(
    '{ accounts(orderBy: [{ name: {} }], filter: { name: { in: ["From", "To"] } }) { nodes { properties { nodes { name } } } } }',
  );
  expect(accounts.nodes).toEqual([{ properties: { nodes: [] } }, { properties: { nodes: [{ name: 'House' }] } }]);
});

test.each([
  [{ latitude: 90.5 }, 'The value of latitude is not allowed.', 'latitude'],
  [{ longitude: -181 }, 'The value of longitude is not allowed.', 'longitude'],
  [{ name: '' }, 'The value of name is not allowed.', 'name'],
  [{ accountId: null }, 'accountId is required and cannot be cleared.', 'accountId'],
  [{ status: null }, 'status is required and cannot be cleared.', 'status'],
])('the change %j is refused', async (change, message, path) => {
  const id = await make(acme.member, 'Property', {
    name: 'Shed',
    accountId: await make(acme.member, 'Account', { name: 'A' }),
  });
  expect(await refusal(acme.member, 'propertyUpdate', { id, ...change })).toEqual([
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ]);
  expect((await acme.viewer.ok('query ($id: ID!) { property(id: $id) { name version } }', { id })).property).toEqual({
    name: 'Shed',
    version: 1,
  });
});

test('properties are found by where they are', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'North' });
  for (const latitude of [60.5, 61.5])
    await make(acme.member, 'Property', { name: `At ${latitude}`, accountId, latitude });
  const { properties } = await acme.viewer.ok(
    '{ properties(filter: { latitude: { gt: 61, lt: 62 }, account: { name: { eq: "North" } } }) { nodes { name } } }',
  );
  expect(properties.nodes).toEqual([{ name: 'At 61.5' }]);
});
