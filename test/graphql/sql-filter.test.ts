import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoOrganizations, demoPeople } from '../../prisma/seed/people.ts';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import type { OrgTransaction } from '../../src/db/org-transaction.ts';
import { GatewayError } from '../../src/errors.ts';
import { delegate } from '../../src/graphql/delegate.ts';
import { toWhere } from '../../src/graphql/filter.ts';
import type { FilterInput } from '../../src/graphql/filter-conditions.ts';
import { modelFields, modelNames } from '../../src/graphql/model.ts';
import { filterSql, rootAlias } from '../../src/graphql/sql-filter.ts';
import { tableSql } from '../../src/graphql/sql-names.ts';
import { startDemo } from '../support/demo.ts';
import { configWith, openDoor } from '../support/door.ts';
import type { Gateway } from '../support/gateway.ts';
import { arbitraryFilter } from './arbitrary-filter.ts';

let gateway: Gateway;
let door: ReturnType<typeof openDoor>;
const pools = new Map<string, readonly unknown[]>();
const anything = () => {};

const acme = demoOrganizations.find(({ slug }) => slug === 'acme')?.id ?? '';
const owner = demoPeople.find(({ email }) => email === 'owner@acme.example');

const inAcme = <T>(work: (tx: OrgTransaction) => Promise<T>): Promise<T> =>
  door.read(
    {
      kind: 'person',
      verifiedEmail: null,
      userId: owner?.uuid ?? '',
      email: owner?.email ?? '',
      fullName: null,
      avatarUrl: null,
      wantedOrg: acme,
      claimedOrg: null,
    },
    work,
  );

const distinct = (values: readonly unknown[]): unknown[] => {
  const seen = new Map(
    values
      .flat()
      .map((value) => [
        String(value instanceof Date || typeof value !== 'object' ? value : JSON.stringify(value)),
        value,
      ]),
  );
  return [...seen.values()].filter((value) => value !== null).slice(0, 40);
};

async function readPools({ db }: OrgTransaction): Promise<void> {
  for (const model of modelNames) {
    const columns = modelFields(model).filter(({ kind }) => kind !== 'object');
    const rows = await delegate(db, model).findMany({
      take: 60,
      select: Object.fromEntries(columns.map(({ name }) => [name, true])),
    });
    for (const { name } of columns) pools.set(`${model}.${name}`, distinct(rows.map((row) => row[name])));
  }
}

beforeAll(async () => {
  gateway = await startDemo();
  await gateway.sql('analyze');
  door = openDoor(gateway.database, configWith({ TRANSACTION_TIMEOUT_MS: '25000', REQUEST_TIMEOUT_MS: '30000' }));
  await inAcme(readPools);
}, 120_000);
afterAll(async () => {
  await door.close();
  await gateway.close();
});

const values = (model: string, column: string) => pools.get(`${model}.${column}`) ?? [];

const byPrisma = async ({ db }: OrgTransaction, model: string, filter: FilterInput): Promise<string[]> =>
  (await delegate(db, model).findMany({ where: toWhere(model, filter, anything), select: { id: true } }))
    .map(({ id }) => String(id))
    .sort();

async function bySql({ db }: OrgTransaction, model: string, filter: FilterInput): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select id from ${tableSql(model)} as ${Prisma.raw(`"${rootAlias}"`)} where ${filterSql(model, filter, anything)}`;
  return rows.map(({ id }) => id).sort();
}

const rounds = 25;
const filtersInRound = 10;

const readable = (filter: FilterInput): string =>
  JSON.stringify(filter, (_, value) => (typeof value === 'bigint' ? String(value) : value));

test.each(['Account', 'Contact', 'Deal', 'Document', 'Invoice'])(
  'any filter of %s finds in SQL what it finds in a list',
  async (model) => {
    let telling = 0;
    const total = await inAcme(({ db }) => delegate(db, model).count({}));
    const filters = fc.array(arbitraryFilter(model, values, 3), {
      minLength: filtersInRound,
      maxLength: filtersInRound,
    });
    const sameRows = fc.asyncProperty(filters, (list) =>
      inAcme(async (tx) => {
        for (const filter of list) {
          const expected = await byPrisma(tx, model, filter);
          if (expected.length > 0 && expected.length < total) telling++;
          expect({ filter: readable(filter), rows: await bySql(tx, model, filter) }).toEqual({
            filter: readable(filter),
            rows: expected,
          });
        }
      }),
    );
    await fc.assert(sameRows, { numRuns: rounds, endOnFailure: true });
    expect(telling).toBeGreaterThan((rounds * filtersInRound) / 10);
  },
  120_000,
);

const refusal = (filter: FilterInput): string => {
  try {
    filterSql('Account', filter, anything);
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'taken';
};

test.each<[FilterInput, string]>([
  [{}, 'filter is empty. Leave it out, or give it a condition.'],
  [{ name: {} }, 'filter.name is empty. Leave it out, or give it a condition.'],
  [{ name: null }, 'filter.name is null. Leave it out, or use isNull.'],
  [{ deals: { some: { title: { eq: null } } } }, 'filter.deals.some.title.eq is null. Leave it out, or use isNull.'],
  [{ and: [] }, 'filter.and is an empty list. Leave it out, or give it a condition.'],
])('%j is refused as it is in a list', (filter, message) => {
  expect(refusal(filter)).toBe(`BAD_USER_INPUT: ${message}`);
});

test('values are bound, and never part of the text', () => {
  const evil = `x' or true --`;
  const { sql, values: bound } = filterSql(
    'Account',
    {
      name: { eq: evil, contains: evil, in: [evil] },
      tags: { has: evil },
      metadata: { path: [evil], eq: evil, contains: evil },
      deals: { some: { title: { ne: evil } } },
    },
    anything,
  );
  expect(sql).not.toContain('true --');
  expect(bound.flat().filter((value) => String(value).includes(evil))).toHaveLength(10);
});

test('a field that the model does not have is no identifier', () => {
  expect(() => filterSql('Account', { 'name" or true --': { eq: 'x' } }, anything)).toThrow(
    'The Prisma model Account has no field name" or true --.',
  );
});
