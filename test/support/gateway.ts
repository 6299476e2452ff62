/**
 * The gateway under test: the real server on a fresh, migrated, real database, and people to ask it.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, inject } from 'vitest';
import { signToken } from '../../src/auth/token.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { type Database, embeddedDatabase, openDatabase } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded.ts';
import { serviceTransaction } from '../../src/db/service.ts';
import { createGateway, type Gateway as Server } from '../../src/server.ts';
import { readsOf } from '../compiler/reads.ts';
import { Client } from './client.ts';
import { asAdmin, keep, readTemplate, serviceLogin, type Template, withDatabase } from './template.ts';

export { type Answer, Client, type Data } from './client.ts';

export interface Person {
  readonly id: string;
  readonly email: string;
}

/** An organization with one person for each role. */
export interface Org {
  readonly id: string;
  readonly slug: string;
  readonly owner: Client;
  readonly admin: Client;
  readonly member: Client;
  readonly viewer: Client;
  readonly people: Readonly<Record<'owner' | 'admin' | 'member' | 'viewer', Person>>;
}

/** What a read gives, and how many statements it takes. */
export interface CountedByBoth<T> {
  readonly result: T;
  readonly statements: { readonly compiler: number; readonly resolvers: number };
}

export type Env = Readonly<Record<string, string>>;

const quiet: Env = {
  NODE_ENV: 'test',
  LOG_LEVEL: process.env.TEST_LOG ?? 'silent',
  MIGRATE_ON_START: 'off',
  SEED_ON_START: 'off',
  REQUEST_LOG: 'off',
};

export interface Opened {
  readonly config: Config;
  readonly database: Database;
  readonly sql: (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
  readonly close: () => Promise<void>;
}

interface Clone extends Opened {
  /** Closes it, and leaves it for others to be cloned from. */
  readonly freeze: () => Promise<Template>;
}

/** Opens a database of its own. */
export async function openClone(template: Template, env: Env = {}): Promise<Clone> {
  if (template.kind === 'embedded') {
    const config = readConfig({ ...quiet, FILES_DIR: template.files, ...env });
    const embedded = await openEmbedded(null, await readTemplate(template.file));
    const database = await embeddedDatabase(embedded, config);
    const sql = async (text: string, values: readonly unknown[] = []) =>
      (await database.pool.query(text, [...values])).rows;
    const close = () => database.close();
    const freeze = async () => {
      const file = await keep(embedded, template.files);
      await close();
      return { ...template, file };
    };
    return { config, database, sql, close, freeze };
  }
  const name = `${template.database}_${randomBytes(4).toString('hex')}`;
  await asAdmin(template.adminUrl, async (client) => {
    await client.query(`create database ${name} template ${template.database}`);
    // The rights on a database itself are not those of its template.
    await client.query(`revoke temporary on database ${name} from public`);
  });
  const urlOf = (login: string) => withDatabase(template.adminUrl, name, login, template.password);
  const urls = { DATABASE_URL: urlOf(template.login), SERVICE_DATABASE_URL: urlOf(serviceLogin(template.login)) };
  const config = readConfig({ ...quiet, ...urls, FILES_DIR: template.files, ...env });
  const database = await openDatabase(config);
  const admin = new pg.Pool({ connectionString: withDatabase(template.adminUrl, name), max: 2 });
  admin.on('error', () => {});
  const disconnect = async () => {
    await admin.end();
    await database.close();
  };
  return {
    config,
    database,
    sql: async (text, values = []) => (await admin.query(text, [...values])).rows,
    async freeze() {
      await disconnect();
      return { ...template, database: name };
    },
    async close() {
      await disconnect();
      await asAdmin(template.adminUrl, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

const openingTexts =
  /^(begin|commit|rollback|BEGIN|COMMIT|ROLLBACK|set local role)\b|^select (\* from app\.enter|set_config\('role', 'gateway', true\))/;

export class Gateway {
  readonly config: Config;
  readonly database: Database;
  readonly server: Server;
  /** A second server on the same database, which leaves every read to the resolvers. */
  readonly resolvers: Server;
  /** Runs SQL as the administrator, past row security: to prepare and to check. */
  readonly sql: Opened['sql'];
  readonly #close: () => Promise<void>;

  constructor(opened: Opened) {
    this.config = opened.config;
    this.database = opened.database;
    this.sql = opened.sql;
    this.server = createGateway(opened.config, opened.database);
    this.resolvers = createGateway({ ...opened.config, compiledReads: false }, opened.database);
    this.#close = opened.close;
  }

  get anonymous(): Client {
    return new Client(this.server, {});
  }

  /** A client with a token of one's own making. */
  withToken(token: string): Client {
    return new Client(this.server, { authorization: `Bearer ${token}` });
  }

  withKey(key: string): Client {
    return this.withToken(key);
  }

  /** A token for a person, as the development secret signs it. */
  token(person: Person, claims: Readonly<Record<string, unknown>> = {}): Promise<string> {
    return signToken(this.config.auth, { sub: person.id, email: person.email, email_verified: true, ...claims });
  }

  /** A client for somebody who has never been here. */
  async person(
    claims: { readonly email?: string; readonly id?: string; readonly name?: string } = {},
  ): Promise<Client> {
    const person = {
      id: claims.id ?? randomUUID(),
      email: claims.email ?? `${randomBytes(6).toString('hex')}@people.example`,
    };
    return this.withToken(await this.token(person, claims.name ? { name: claims.name } : {}));
  }

  /** Makes an organization with an owner, an admin, a member and a viewer. */
  async organization(slug: string): Promise<Org> {
    const named = (role: string): Person => ({ id: randomUUID(), email: `${role}@${slug}.example` });
    const people = { owner: named('owner'), admin: named('admin'), member: named('member'), viewer: named('viewer') };
    const id = await serviceTransaction(this.database.service, async (client) => {
      for (const [role, { id, email }] of Object.entries(people))
        await client.query('select app.sign_in($1, $2, $3, null)', [id, email, `${role} of ${slug}`]);
      await client.query('select app.serve_as(null, $1)', [people.owner.id]);
      const { rows } = await client.query<{ id: string }>(
        "select app.create_organization(null, $1, $1, 'team', null, null) as id",
        [slug],
      );
      const org = rows[0]?.id ?? '';
      for (const role of ['admin', 'member', 'viewer'] as const) {
        await client.query('insert into org_members (org_id, user_id, role) values ($1, $2, $3)', [
          org,
          people[role].id,
          role,
        ]);
      }
      return org;
    });
    const client = async (person: Person) => this.withToken(await this.token(person)).inOrg(slug);
    return {
      id,
      slug,
      people,
      owner: await client(people.owner),
      admin: await client(people.admin),
      member: await client(people.member),
      viewer: await client(people.viewer),
    };
  }

  /** Runs something, and gives the statements it sent to Postgres, without those that open and end transactions. */
  async counting<T>(work: () => Promise<T>): Promise<{ readonly statements: string[]; readonly result: T }> {
    const statements: string[] = [];
    const pools = new Set([this.database.pool, this.database.service]);
    const onStatement = (text: string) => {
      if (!openingTexts.test(text)) statements.push(text);
    };
    for (const { events } of pools) events.onStatement = onStatement;
    try {
      return { result: await work(), statements };
    } finally {
      for (const { events } of pools) delete events.onStatement;
    }
  }

  /**
   * Runs one read as somebody, by the compiler and by the resolvers, and gives how many statements each of them sent. Fails
   * when the results differ, or when the compiler left the read to the resolvers.
   */
  async countingBoth<T>(client: Client, read: (client: Client) => Promise<T>): Promise<CountedByBoth<T>> {
    const { compiler, resolvers } = await readsOf(this.server);
    const compiled = await this.counting(() => read(client.via(this.server)));
    expect(await readsOf(this.server)).toEqual({ compiler: compiler + 1, resolvers });
    const resolved = await this.counting(() => read(client.via(this.resolvers)));
    expect(compiled.result).toEqual(resolved.result);
    const statements = { compiler: compiled.statements.length, resolvers: resolved.statements.length };
    return { result: resolved.result, statements };
  }

  async close(): Promise<void> {
    await Promise.all([this.server.close(), this.resolvers.close()]);
    await this.#close();
  }
}

/** Starts the gateway on a fresh database, with further environment variables. */
export async function startGateway(env: Env = {}): Promise<Gateway> {
  return new Gateway(await openClone(inject('template'), env));
}
