import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoOrganizations, demoPeople } from '../../prisma/seed/people.ts';
import { seedDemo } from '../../src/demo.ts';
import { Prisma } from '../../src/db/generated/prisma/client.ts';
import type { OrgTransaction } from '../../src/db/org-transaction.ts';
import { delegate } from '../../src/graphql/delegate.ts';
import { toWhere } from '../../src/graphql/filter.ts';
import type { FilterInput } from '../../src/graphql/filter-conditions.ts';
import { modelFields, modelNames } from '../../src/graphql/model.ts';
import { filterSql, rootAlias } from '../../src/graphql/sql-filter.ts';
import { tableSql } from '../../src/graphql/sql-names.ts';
import { configWith, openDoor } from '../support/door.ts';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { arbitraryFilter } from './arbitrary-filter.ts';

let gateway: Gateway;
let door: ReturnType<typeof openDoor>;
const pools = new Map<string, readonly unknown[]>();

const acme = demoOrganizations.find(({ slug }) => slug === 'acme')?.id ?? '';
const owner = demoPeople.find(({ email }) => email === 'owner@acme.example');

const inAcme = <T>(work: (tx: OrgTransaction) => Promise<T>): Promise<T> =>
  door.read({ kind: 'person', userId: owner?.uuid ?? '', email: owner?.email ?? '', fullName: null, avatarUrl: null, wantedOrg: acme, claimedOrg: null }, work);

const distinct = (values: readonly unknown[]): unknown[] => {
  const seen = new Map(values.flat().map((value) => [String(value instanceof Date || typeof value !== 'object' ? value : JSON.stringify(value)), value]));
  return [...seen.values()].filter((value) => value !== null).slice(0, 40);
};

async function readPools({ db }: OrgTransaction): Promise<void> {
  for (const model of modelNames) {
    const columns = modelFields(model).filter(({ kind }) => kind !== 'object');
    const rows = await delegate(db, model).findMany({ take: 60, select: Object.fromEntries(columns.map(({ name }) => [name, true])) });
    for (const { name } of columns) pools.set(`${model}.${name}`, distinct(rows.map((row) => row[name])));
  }
}

beforeAll(async () => {
  gateway = await startGateway();
  await seedDemo(gateway.database, gateway.config);

  door = openDoor(gateway.database.pool, configWith({ TRANSACTION_TIMEOUT_MS: '25000', REQUEST_TIMEOUT_MS: '30000' }));
  await inAcme(readPools);
}, 280_000);
afterAll(async () => {
  await door.close();
  await gateway.close();
});

const values = (model: string, column: string) => pools.get(`${model}.${column}`) ?? [];

const byPrisma = async ({ db }: OrgTransaction, model: string, filter: FilterInput): Promise<string[]> =>
  (await delegate(db, model).findMany({ where: toWhere(model, filter), select: { id: true } })).map(({ id }) => String(id)).sort();

async function bySql({ db }: OrgTransaction, model: string, filter: FilterInput): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    select id from ${tableSql(model)} as ${Prisma.raw(`"${rootAlias}"`)} where ${filterSql(model, filter)}`;
  return rows.map(({ id }) => id).sort();
}

const runs = 250;

test.each(['Account', 'Contact', 'Deal', 'Document'])('any filter of %s finds in SQL what it finds in a list', async (model) => {
  let telling = 0;
  const total = await inAcme(({ db }) => delegate(db, model).count({}));
  const same = fc.asyncProperty(fc.array(arbitraryFilter(model, values, 3), { minLength: 10, maxLength: 10 }), (filters) =>
    inAcme(async (tx) => {
      for (const filter of filters) {
        const t0=Date.now(); const expected = await byPrisma(tx, model, filter);
        const t1=Date.now(); if (expected.length > 0 && expected.length < total) telling++;
        const got=await bySql(tx, model, filter); const t2=Date.now();
        const js=JSON.stringify(filter, (_, value) => (typeof value === 'bigint' ? String(value) : value));
        if (t2-t0>4000) console.log('SLOW',t1-t0,t2-t1,js);
        if (got.join()!==expected.join()) console.log('DIFF', model, expected.length, got.length, js, JSON.stringify(toWhere(model,filter), (_, value) => (typeof value === 'bigint' ? String(value) : value)));
      }
    }),
  );
  await fc.assert(same, { numRuns: runs / 10, seed: 20_260_301, endOnFailure: true });
  expect(telling).toBeGreaterThan(runs / 5);
}, 280_000);
