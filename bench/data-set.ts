/**
 * The data sets of the benchmark: one data.sql, filled with the sizes of each. Two of them differ in nothing but the
 * number of organizations.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The number of organizations, of rows that each of them has, and of interactions that each deal has. */
export interface Sizes {
  readonly orgs: number;
  readonly people: number;
  readonly accounts: number;
  /** At least as many as deals: each deal has a contact of its own. */
  readonly contacts: number;
  readonly deals: number;
  readonly steps: number;
}

export interface DataSet {
  /** The name of its database. */
  readonly database: string;
  readonly sizes: Sizes;
}

/** With half as many contacts Postgres would read a page of 20 by another plan where there are few organizations. */
const small = { people: 4, accounts: 10, contacts: 80, deals: 20, steps: 5 };

/** 50 organizations as large as a busy one. */
export const busyOrgs: DataSet = {
  database: 'gateway_bench',
  sizes: { orgs: 50, people: 8, accounts: 200, contacts: 2000, deals: 2000, steps: 10 },
};

/** A few small organizations, and many of the same size. */
export const fewOrgs: DataSet = { database: 'gateway_bench_50_orgs', sizes: { orgs: 50, ...small } };
export const manyOrgs: DataSet = { database: 'gateway_bench_5000_orgs', sizes: { orgs: 5000, ...small } };

const template = readFileSync(join(import.meta.dirname, 'data.sql'), 'utf8');
const isSize = (name: string, sizes: Sizes): name is keyof Sizes => name in sizes;

/**
 * Gives data.sql with the sizes in place of `:orgs` and the like, as psql writes variables.
 *
 * @throws Error when it asks for a size that there is not.
 */
export function dataSql({ sizes }: DataSet): string {
  return template.replace(/(?<![:\w]):([a-z]+)\b/g, (_, name: string) => {
    if (isSize(name, sizes)) return String(sizes[name]);
    throw new Error(`data.sql asks for the size "${name}".`);
  });
}

/** How many rows data.sql makes, those that come with each organization left out. */
export const rowsOf = ({ sizes: { orgs, people, accounts, contacts, deals, steps } }: DataSet): number =>
  orgs * (1 + people + accounts + contacts + deals * (1 + steps));
