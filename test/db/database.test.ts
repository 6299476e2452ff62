import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { Config } from '../../src/config.ts';
import { assertSafe, openDatabase } from '../../src/db/database.ts';
import { GuardedPool } from '../../src/db/pool.ts';
import { configWith } from '../support/door.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { asAdmin, withDatabase } from '../support/template.ts';

const template = inject('template');
let gateway: Gateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const production = (url?: string): Config =>
  configWith({
    ...(url ? { SERVICE_DATABASE_URL: gateway.config.database.serviceUrl ?? '' } : {}),
    NODE_ENV: 'production',
    JWT_SECRET: 'x'.repeat(32),
    JWT_ISSUER: 'i',
    JWT_AUDIENCE: 'a',
    ...(url ? { DATABASE_URL: url } : {}),
  });

const check = () => assertSafe(gateway.database, gateway.config);
const refused = (fault: string) => `This database cannot be used: ${fault}`;

test('the database of these tests is fit for production', async () => {
  await assertSafe(gateway.database, production(gateway.config.database.url));
});

test('a table without forced row security keeps the server from starting', async () => {
  await gateway.sql('create table bare (org_id uuid); alter table bare enable row level security');
  await expect(check()).rejects.toThrow(refused('1 tables are without forced row security.'));
  await gateway.sql('alter table bare force row level security');
  await check();
  await gateway.sql('drop table bare');
});

if (template.kind === 'embedded') {
  // Roles belong to the whole cluster: here that is this file's own.
  const faults = [
    [
      'alter role gateway superuser',
      'alter role gateway nosuperuser',
      'The role gateway is a superuser or bypasses row security.',
    ],
    [
      'alter role gateway bypassrls',
      'alter role gateway nobypassrls',
      'The role gateway is a superuser or bypasses row security.',
    ],
    [
      'grant gateway_owner to gateway',
      'revoke gateway_owner from gateway',
      'The role gateway is a member of gateway_owner, and must be of no other role.',
    ],
    [
      'grant gateway_service to gateway',
      'revoke gateway_service from gateway',
      'The role gateway is a member of gateway_service, and must be of no other role.',
    ],
  ] as const;
  for (const [spoil, mend, fault] of faults) {
    test(`"${spoil}" keeps the server from starting`, async () => {
      await gateway.sql(spoil);
      await expect(check()).rejects.toThrow(refused(fault));
      await gateway.sql(mend);
      await check();
    });
  }
}

if (template.kind === 'server') {
  const { adminUrl, database } = template;
  const asLogin = async (options: string, grants: string, work: (url: string) => Promise<void>): Promise<void> => {
    const login = `${database}_other`;
    const name = new URL(gateway.config.database.url ?? '').pathname.slice(1);
    await asAdmin(adminUrl, (client) =>
      client.query(
        `create role ${login} login ${options} password 'p'; ${grants ? `grant ${grants} to ${login}` : ''}`,
      ),
    );
    try {
      await work(withDatabase(adminUrl, name, login, 'p'));
    } finally {
      await asAdmin(adminUrl, (client) => client.query(`drop role ${login}`));
    }
  };
  const open = (config: Config) => openDatabase(config).then((opened) => opened.close());

  test('in production requests do not sign in as a login that can become more than gateway', async () => {
    for (const attribute of ['superuser', 'bypassrls', 'createrole', 'createdb', 'replication']) {
      await asLogin(attribute, 'gateway', async (url) => {
        await expect(open(production(url))).rejects.toThrow(
          `The login of DATABASE_URL has the attributes ${attribute}`,
        );
      });
    }
    for (const role of ['gateway_service', 'gateway_owner', 'pg_read_all_data', template.login]) {
      for (const inherit of ['inherit', 'noinherit']) {
        await asLogin(inherit, `gateway, ${role}`, async (url) => {
          await expect(open(production(url))).rejects.toThrow(`The login of DATABASE_URL can become ${role}`);
        });
      }
    }
    await asLogin('superuser', '', (url) => open(configWith({ DATABASE_URL: url })));
    await asLogin('inherit', 'gateway', (url) => open(production(url)));
    await asLogin('noinherit', 'gateway', async (url) => {
      await expect(open(production(url))).rejects.toThrow('must inherit the rights of gateway');
    });
  });

  test('a login that cannot act as its role keeps the server from starting', async () => {
    const off = { MIGRATE_ON_START: 'off' };
    await asLogin('noinherit', 'gateway', async (url) => {
      await expect(open(configWith({ DATABASE_URL: url, ...off }))).rejects.toThrow(
        refused(
          'the login of DATABASE_URL must be a member of gateway_service, or SERVICE_DATABASE_URL must name one that is.',
        ),
      );
      await expect(open(configWith({ DATABASE_URL: url, SERVICE_DATABASE_URL: url, ...off }))).rejects.toThrow(
        refused('the login of SERVICE_DATABASE_URL must be a member of gateway_service.'),
      );
    });
    await asLogin('noinherit', '', async (url) => {
      await expect(open(configWith({ DATABASE_URL: url, ...off }))).rejects.toThrow(
        refused('The login of DATABASE_URL must be a member of gateway.'),
      );
    });
  });

  test('a database that is not migrated says so, and starts once it is', async () => {
    const empty = `${database}_empty`;
    await asAdmin(adminUrl, (client) => client.query(`create database ${empty}`));
    const url = withDatabase(adminUrl, empty);
    const sentence = refused('It is not migrated: run npm run db:migrate, or set MIGRATE_ON_START=on.');
    await expect(open(configWith({ DATABASE_URL: url, MIGRATE_ON_START: 'off' }))).rejects.toThrow(sentence);
    const twice = await Promise.all([1, 2].map(() => openDatabase(configWith({ DATABASE_URL: url }))));
    for (const { close } of twice) await close();
  });

  test('a server that is not there is an error at the start, and leaves no connection behind', async () => {
    const config = configWith({ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none', MIGRATE_ON_START: 'off' });
    await expect(openDatabase(config)).rejects.toThrow('ECONNREFUSED');
  });

  test('the pool waits for a connection no longer than it is told', async () => {
    const pool = new GuardedPool({
      connectionString: gateway.config.database.url,
      max: 1,
      connectionTimeoutMillis: 100,
    });
    const held = await pool.connect();
    await expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect');
    held.release();
    await pool.end();
    expect(gateway.database.pool.options.connectionTimeoutMillis).toBe(gateway.config.timeouts.poolWaitMs);
  });
}
