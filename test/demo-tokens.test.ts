/** Who is handed a token of the demo people: whoever asks a development server on the machine itself, and nobody else. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { demoPeople } from '../prisma/seed/people.ts';
import { developmentSecret } from '../src/config.ts';
import { createGateway } from '../src/server.ts';
import { startDemo } from './support/demo.ts';
import { type Gateway, startGateway } from './support/gateway.ts';
import { buildServer, startProcess, temporaryFolder } from './support/process.ts';

vi.setConfig({ hookTimeout: 120_000, testTimeout: 120_000 });

let gateway: Gateway;

beforeAll(async () => {
  gateway = await startDemo();
});
afterAll(() => gateway.close());

const tokenShape = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
const ownSecret = 'a secret of the test, long enough for it';

/** What a server of a changed configuration shows at an address, with everything it refers to. */
async function shownBy(changes: object, url = 'http://localhost/graphiql'): Promise<string> {
  const server = createGateway({ ...gateway.config, ...changes }, gateway.database);
  const texts = await Promise.all(
    [url, new URL('/', url).href, new URL('/graphiql/page.js', url).href].map(async (address) =>
      (await server.fetch(new Request(address))).text(),
    ),
  );
  await server.close();
  return texts.join('\n');
}

test.each(['127.0.0.1', '127.8.0.9', 'localhost', '::1'])('listening on %s, tokens are at /graphiql', async (host) => {
  expect(await shownBy({ host })).toMatch(tokenShape);
});

test.each(['0.0.0.0', '::', '192.168.1.4', '10.0.0.1', 'gateway.local', '203.0.113.7', '::ffff:10.0.0.1', ''])(
  'listening on "%s", there are none',
  async (host) => {
    expect(await shownBy({ host })).not.toMatch(tokenShape);
  },
);

test('a server with a secret of its own, a key set, or in production has none', async () => {
  const { auth } = gateway.config;
  expect(auth.secret).toBe(developmentSecret);
  expect(await shownBy({ auth: { ...auth, secret: ownSecret } })).not.toMatch(tokenShape);
  const keySet = { ...auth, secret: undefined, jwksUrl: 'https://id.example/keys' };
  expect(await shownBy({ auth: keySet })).not.toMatch(tokenShape);
  expect(await shownBy({ production: true, graphiql: true })).not.toMatch(tokenShape);
});

test('behind a proxy, or asked by another name, there are none', async () => {
  expect(await shownBy({ trustProxy: true })).not.toMatch(tokenShape);
  for (const host of ['rebound.example', '192.168.1.4', '127.0.0.1.nip.example', 'localhost.example'])
    expect(await shownBy({}, `http://${host}/graphiql`)).not.toMatch(tokenShape);
  expect(await shownBy({}, 'http://127.0.0.1:4000/graphiql')).toMatch(tokenShape);
  expect(await shownBy({}, 'http://[::1]:4000/graphiql')).toMatch(tokenShape);
});

test('without the demo people there are none, not even for those who signed up under their ids', async () => {
  const empty = await startGateway();
  const read = async () => (await empty.server.fetch(new Request('http://localhost/graphiql'))).text();
  expect(await read()).not.toMatch(tokenShape);
  for (const { uuid: id, email } of demoPeople)
    await empty.withToken(await empty.token({ id, email })).ok('{ viewer { role } }');
  expect(await read()).not.toMatch(tokenShape);
  await empty.close();
});

test('a person of the demo who was removed or disabled has none', async () => {
  const [ada, bruno, chloe] = demoPeople;
  await gateway.sql('update users set is_active = false where id = $1', [bruno?.uuid]);
  await gateway.sql(
    "update org_members set status = 'removed' where user_id = $1 and org_id = (select id from organizations where slug = 'acme')",
    [chloe?.uuid],
  );
  const page = await shownBy({});
  expect(page).toContain(ada?.email);
  expect(page).not.toContain(bruno?.email);
  expect(page).not.toContain(chloe?.email);
});

test('what a server prints at its start', async () => {
  await buildServer();
  const folder = await temporaryFolder();
  const printed = async (env: Readonly<Record<string, string>>) => {
    const { child, port, ended } = startProcess(folder.path, { DATA_DIR: folder.path, ...env });
    await port;
    setTimeout(() => child.kill('SIGTERM'), 1_000);
    return (await ended).out;
  };
  const unseeded = await printed({});
  expect(unseeded).not.toMatch(tokenShape);
  const loopback = await printed({ SEED_ON_START: 'on' });
  expect(loopback.match(new RegExp(tokenShape, 'g'))).toHaveLength(demoPeople.length);
  const everywhere = await printed({ HOST: '0.0.0.0' });
  expect(everywhere).not.toMatch(tokenShape);
  expect(everywhere).toContain('Whoever reaches this address can sign in as anyone');
  const own = await printed({ JWT_SECRET: ownSecret });
  expect(own).not.toMatch(tokenShape);
  expect(own).not.toContain('Whoever reaches this address');
  await folder.remove();
});
