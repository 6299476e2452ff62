/**
 * The migrated database that test files start from: a file of the embedded one, or a template on the server of
 * DATABASE_URL. Made once for a run.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { embeddedDatabase } from '../../src/db/database.ts';
import { type EmbeddedDatabase, openEmbedded } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';

/** `files` is a folder for the files of every server under test. */
export type Template =
  | { readonly kind: 'embedded'; readonly files: string; readonly file: string }
  | {
      readonly kind: 'server';
      readonly files: string;
      readonly adminUrl: string;
      readonly database: string;
      /** The login of requests; that of the server's own work has `_service` behind its name. */
      readonly login: string;
      readonly password: string;
    };

export const withDatabase = (url: string, database: string, user?: string, password?: string): string => {
  const address = new URL(url);
  address.pathname = `/${database}`;
  if (user) Object.assign(address, { username: user, password: password ?? '' });
  return address.href;
};

/** Runs statements on a server as its administrator. */
export async function asAdmin<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const makeFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'gateway-test-'));

/** Writes an embedded database into a file among `files`, and gives its path. */
export async function keep(embedded: EmbeddedDatabase, files: string): Promise<string> {
  const file = join(files, `${randomBytes(4).toString('hex')}.tar`);
  await writeFile(file, Buffer.from(await (await embedded.dump()).arrayBuffer()));
  return file;
}

async function makeEmbedded(): Promise<Template> {
  const embedded = await openEmbedded(null);
  const database = await embeddedDatabase(embedded);
  const files = await makeFolder();
  const file = await keep(embedded, files);
  await database.close();
  return { kind: 'embedded', files, file };
}

/** The two logins of a server, and the role that each is a member of. */
const loginsOf = ({ login }: { readonly login: string }) =>
  [
    ['gateway', login],
    ['gateway_service', serviceLogin(login)],
  ] as const;

/** The login of the server's own work. */
export const serviceLogin = (login: string): string => `${login}_service`;

async function makeServer(adminUrl: string): Promise<Template> {
  const suffix = randomBytes(4).toString('hex');
  const template = {
    kind: 'server',
    files: await makeFolder(),
    adminUrl,
    database: `gateway_test_${suffix}`,
    login: `gateway_test_${suffix}`,
    password: randomBytes(12).toString('hex'),
  } as const;
  await asAdmin(adminUrl, (client) => client.query(`create database ${template.database}`));
  await asAdmin(withDatabase(adminUrl, template.database), async (client) => {
    await migrate(client);
    for (const [role, login] of loginsOf(template)) {
      await client.query(`create role ${login} login password '${template.password}'`);
      await client.query(`grant ${role} to ${login}`);
    }
  });
  return template;
}

/** Makes the template of a run. */
export const makeTemplate = (adminUrl: string | undefined): Promise<Template> =>
  adminUrl ? makeServer(adminUrl) : makeEmbedded();

/** Removes what `makeTemplate` and its clones left. */
export async function removeTemplate(template: Template): Promise<void> {
  await rm(template.files, { recursive: true, force: true });
  if (template.kind === 'embedded') return;
  await asAdmin(template.adminUrl, async (client) => {
    const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname like $1', [
      `${template.database}%`,
    ]);
    for (const { datname } of rows) await client.query(`drop database ${datname} with (force)`);
    for (const [, login] of loginsOf(template)) await client.query(`drop role ${login}`);
  });
}

const contents = new Map<string, Promise<Blob>>();

/** What the embedded template's file holds; read once by each process. */
export function readTemplate(file: string): Promise<Blob> {
  const blob = contents.get(file) ?? readFile(file).then((bytes) => new Blob([new Uint8Array(bytes)]));
  contents.set(file, blob);
  return blob;
}
