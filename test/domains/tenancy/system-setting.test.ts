import { afterAll, beforeAll, expect, test } from 'vitest';
import { schema } from '../../../src/schema.ts';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { nodes, pages, send } from './ask.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
  await gateway.sql(`insert into system_settings (key, value, description) values
    ('kill.search', '{"active": true}', 'Stops the search.'), ('kill.ai', '{"active": false}', null), ('notice.banner', '{"text": "Maintenance"}', null)`);
});
afterAll(() => gateway.close());

test('everyone in any organization reads the same settings, by key', async () => {
  const expected = [
    { key: 'kill.ai', value: { active: false }, description: null },
    { key: 'kill.search', value: { active: true }, description: 'Stops the search.' },
    { key: 'notice.banner', value: { text: 'Maintenance' }, description: null },
  ];
  for (const client of [acme.viewer, globex.owner])
    expect(await nodes(client, 'systemSettings', '', 'key value description')).toEqual(expected);
});

test('a key with any scope reads them', async () => {
  const { secret } = await send(
    acme.owner,
    'apiKeyCreate',
    { name: 'CRM', role: 'VIEWER', scopes: ['crm:read'] },
    'secret',
  );
  expect(await nodes(gateway.withKey(secret), 'systemSettings', 'first: 1', 'key')).toEqual([{ key: 'kill.ai' }]);
});

test('are found by id, by node and by value', async () => {
  const [search] = await nodes(
    acme.viewer,
    'systemSettings',
    'filter: { value: { path: ["active"], eq: true } }',
    'id key',
  );
  expect(search.key).toBe('kill.search');
  const found = await acme.viewer.ok(`{ systemSetting(id: "${search.id}") { key } node(id: "${search.id}") { id } }`);
  expect(found).toEqual({ systemSetting: { key: 'kill.search' }, node: { id: search.id } });
});

test('page both ways', async () => {
  expect(await pages(acme.viewer, 'systemSettings', 'key', 2, 'first')).toEqual([
    ['kill.ai', 'kill.search'],
    ['notice.banner'],
  ]);
  expect(await pages(acme.viewer, 'systemSettings', 'key', 2, 'last')).toEqual([
    ['kill.search', 'notice.banner'],
    ['kill.ai'],
  ]);
});

test('no mutation speaks of them', () => {
  const mutations = Object.keys(schema.getMutationType()?.getFields() ?? {});
  expect(mutations.filter((name) => /systemSetting/i.test(name))).toEqual([]);
});
