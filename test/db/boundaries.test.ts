import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';

const root = join(projectRoot, 'src');
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((file) => !file.startsWith('db/generated/'));
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Import {
  readonly from: string;
  /** What is imported of it as a value; empty for types alone. */
  readonly values: readonly string[];
}

/** The imports of a file; those of our own files by their path below src. */
function importsOf(file: string): Import[] {
  return [...text(file).matchAll(/^import\s+(?:([^'";]*?)\s+from\s+)?'([^']+)';/gm)].map(
    ([, names = '*', from = '']) => ({
      from: from.startsWith('.') ? join(dirname(file), from) : from,
      values: names.startsWith('type ')
        ? []
        : names
            .replace(/[{}]/g, '')
            .split(',')
            .map((name) => name.trim())
            .filter((name) => name && !name.startsWith('type ')),
    }),
  );
}

/** Every file that a file loads, through whatever it loads. */
function loadedBy(file: string, seen = new Set<string>()): ReadonlySet<string> {
  for (const { from, values } of importsOf(file)) {
    if (!from.endsWith('.ts') || values.length === 0 || seen.has(from)) continue;
    seen.add(from);
    if (!from.startsWith('db/generated/')) loadedBy(from, seen);
  }
  return seen;
}

const containing = (pattern: RegExp, among = files): string[] =>
  among.filter((file) => pattern.test(text(file))).sort();
const domains = files.filter((file) => file.startsWith('domains/'));

test('the files that this test reads are there', () => {
  expect(domains.length).toBeGreaterThan(20);
  expect(importsOf('domains/crm/account.ts').map(({ from }) => from)).toContain('graphql/connection.ts');
  expect(loadedBy('server.ts')).toContain('db/pool.ts');
});

test('nothing that the schema is made of holds the root client, the pool or a driver', () => {
  const database = [...loadedBy('schema.ts')].filter(
    (file) => file.startsWith('db/') && !file.startsWith('db/generated/'),
  );
  expect(database.sort()).toEqual(['db/duty-rules.ts', 'db/pool-errors.ts', 'db/postgres-errors.ts']);
  const reached = [...loadedBy('schema.ts'), 'schema.ts'].filter((file) => !file.startsWith('db/'));
  const drivers = reached.flatMap((file) =>
    importsOf(file).filter(({ from, values }) => /^pg$|^pg-|@prisma\/|electric-sql/.test(from) && values.length > 0),
  );
  expect(drivers).toEqual([]);
});

test('domain files import of the database only types, and the builder of SQL fragments', () => {
  const taken = domains.flatMap((file) =>
    importsOf(file).filter(({ from, values }) => from.startsWith('db/') && values.length > 0),
  );
  expect(
    taken.filter(({ from, values }) => from !== 'db/generated/prisma/client.ts' || values.join() !== 'Prisma'),
  ).toEqual([]);
  expect(
    domains.flatMap((file) => importsOf(file)).filter(({ from }) => from === 'pg' || from.startsWith('@prisma/')),
  ).toEqual([]);
});

test('the service role stays on the server: it is used by the server itself alone, and the root client is made in one place', () => {
  expect(containing(/\bnew PrismaClient\b/)).toEqual(['db/client.ts']);
  expect(containing(/\bcreatePrisma\(/)).toEqual(['db/client.ts', 'server.ts']);
  expect(containing(/\bserviceTransaction\b/)).toEqual([
    'credentials/read-secret.ts',
    'credentials/rotate.ts',
    'db/entry-proofs.ts',
    'db/service.ts',
    'demo.ts',
    'files/clean.ts',
    'plugins/use-stripe.ts',
    'request-log.ts',
    'sign-up.ts',
    'tools/renew-keys.ts',
  ]);
  expect(containing(/\$transaction\(/)).toEqual(['db/org-transaction.ts']);
  expect(containing(/\$extends\(/)).toEqual([]);
});

test('no domain file names the column of the organization; those about organizations may name its id', () => {
  const about = [
    'domains/tenancy/invitation-flow.ts',
    'domains/tenancy/membership.ts',
    'domains/tenancy/organization.ts',
    'domains/tenancy/viewer.ts',
  ];
  expect(containing(/\borg_id\b|\borgId\b/, domains).filter((file) => !about.includes(file))).toEqual([]);
});

test("settings are the database's own to make, and never hold beyond the transaction", () => {
  expect(containing(/set_config\((?!'role', 'gateway', true\))/)).toEqual([]);
  expect(containing(/set_config\([^)]*\bfalse\b|set session\b|\bset role\b(?<!local role)/i)).toEqual([]);
  expect(containing(/^(?!.*Never set).*\bquery_timeout\b/m)).toEqual([]);
});

test('SQL text is put together from names of the model alone, in reviewed files', () => {
  expect(containing(/RawUnsafe/)).toEqual([]);
  expect(containing(/Prisma\.raw\(/)).toEqual([
    'domains/communication/unread.ts',
    'graphql/sql-conditions.ts',
    'graphql/sql-filter.ts',
    'graphql/sql-names.ts',
    'search/nearest.ts',
  ]);
});
