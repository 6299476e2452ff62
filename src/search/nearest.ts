/**
 * The nearest rows to a vector, among those of the caller's organization that match a condition. It gives min(k, matching
 * rows), whatever the size of the organization and of its neighbours in the index, which all organizations share.
 *
 * Up to {@link exactLimit} matching rows are all compared. Beyond, the HNSW index is asked to go on until k rows match
 * (pgvector's iterative scan); if it gives up before, all are compared after all. Rows of another embedding model never are.
 */
import type { Db } from '../db/client.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { isSoft } from '../graphql/model.ts';
import { rootAlias } from '../graphql/sql-filter.ts';
import { columnSql, tableSql } from '../graphql/sql-names.ts';
import type { Embedding } from './embed-row.ts';

/** Up to so many rows, comparing all is as fast as the index, and exact. */
export const exactLimit = 2_000;

/** How many neighbours the index keeps in view; more is slower and finds more of the nearest. */
const efSearch = 100;
/** How many rows of all organizations the index may pass before it gives up, and how much memory for that, in work_mem. */
const maxScanTuples = 100_000;
const scanMemory = 16;

export interface NearestOptions {
  readonly model: string;
  /** The vector, and the model that made it. */
  readonly query: Embedding;
  /** At most so many rows: 1 to 100. */
  readonly k: number;
  /** A condition on the table under `rootAlias`. */
  readonly condition: Prisma.Sql | null;
}

/** A row, and its cosine similarity to the vector: 1 for the same direction, -1 for the opposite. */
export interface Scored {
  readonly id: string;
  readonly score: number;
}

export interface Nearest {
  /** The nearest first. */
  readonly rows: readonly Scored[];
  /** Whether every matching row was compared. */
  readonly exact: boolean;
}

const from = (model: string): Prisma.Sql => Prisma.sql`${tableSql(model)} as ${Prisma.raw(`"${rootAlias}"`)}`;

/** The organization is named once more than row security does, so that its own index leads to its rows. */
function matching({ model, query, condition }: NearestOptions): Prisma.Sql {
  const column = (field: string) => columnSql(rootAlias, model, field);
  return Prisma.join(
    [
      Prisma.sql`${column('orgId')} = app.org_id()`,
      Prisma.sql`${column('embeddingModel')} = ${query.model}`,
      ...(isSoft(model) ? [Prisma.sql`${column('deletedAt')} is null`] : []),
      ...(condition ? [condition] : []),
    ],
    ' and ',
  );
}

const distance = ({ query }: NearestOptions): Prisma.Sql => Prisma.sql`${Prisma.raw(`"${rootAlias}"."embedding"`)} <=> ${query.literal}::vector`;

/** How many rows match, counted no further than needed; and the settings of the index, for the rest of the transaction. */
async function probe(db: Db, options: NearestOptions): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    select (select count(*)::integer from (select from ${from(options.model)} where ${matching(options)} limit ${exactLimit + 1}) some) as count,
      set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', ${String(efSearch)}, true),
      set_config('hnsw.max_scan_tuples', ${String(maxScanTuples)}, true), set_config('hnsw.scan_mem_multiplier', ${String(scanMemory)}, true)`;
  return row?.count ?? 0;
}

/** Compares every matching row. Being materialized keeps the index of all organizations out of it. */
const compareAll = (db: Db, options: NearestOptions): Promise<Scored[]> => db.$queryRaw`
  with compared as materialized (
    select ${columnSql(rootAlias, options.model, 'id')} as id, ${distance(options)} as distance from ${from(options.model)} where ${matching(options)}
  )
  select id, 1 - distance as score from compared order by distance, id limit ${options.k}`;

const askIndex = (db: Db, options: NearestOptions): Promise<Scored[]> => db.$queryRaw`
  with near as materialized (
    select ${columnSql(rootAlias, options.model, 'id')} as id, ${distance(options)} as distance from ${from(options.model)}
      where ${matching(options)} order by ${distance(options)} limit ${options.k}
  )
  select id, 1 - distance as score from near order by distance, id`;

/** Finds the nearest rows; the vector has passed the check of `vector.ts`. */
export async function nearest(db: Db, options: NearestOptions): Promise<Nearest> {
  const count = await probe(db, options);
  if (count === 0) return { rows: [], exact: true };
  if (count > exactLimit) {
    const rows = await askIndex(db, options);
    if (rows.length === options.k) return { rows, exact: false };
  }
  return { rows: await compareAll(db, options), exact: true };
}
