import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

test('keys come in the order of the selection, whichever field is ready first', async () => {
  await acme.member.ok('mutation { accountCreate(input: {name: "Tern"}) { account { id } userErrors { code } } }');
  const { data } = await acme.viewer.run(
    '{ contacts { totalCount nodes { id } } viewer { role memberships { role } } accounts { totalCount nodes { name id } pageInfo { hasNextPage } } }',
  );
  expect(Object.keys(data)).toEqual(['contacts', 'viewer', 'accounts']);
  expect(Object.keys(data.accounts)).toEqual(['totalCount', 'nodes', 'pageInfo']);
  expect(Object.keys(data.accounts.nodes[0])).toEqual(['name', 'id']);
});
