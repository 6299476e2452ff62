/**
 * Many rows for the plans of Postgres to be tried on: organizations of equal size, whose rows stand mixed on the pages of
 * each table as they do when many write at the same time. Always the same rows, made by the administrator in seconds.
 */
import { inject } from 'vitest';
import type { Opened } from '../support/gateway.ts';

/**
 * Rows in `contacts`, and as many in `interactions`. On the server of DATABASE_URL a million. The embedded database takes
 * ten times as long to write a row, so it gets a tenth; what is asserted is the same.
 */
export const manyRows = inject('template').kind === 'server' ? 1_000_000 : 100_000;

/** Numbers of rows, each divided by the one before it: row n of any table belongs to organization n modulo `orgs`. */
export const sizes = { orgs: 50, accounts: manyRows / 100, deals: manyRows / 20, contacts: manyRows, interactions: manyRows };

/** The rows of each organization in a table. */
export const rowsOfOrg = (table: Exclude<keyof typeof sizes, 'orgs'>): number => sizes[table] / sizes.orgs;

const filled = ['accounts', 'contacts', 'deals', 'interactions', 'pipeline_stages'];

/** An index is made faster at once than row by row. Those of constraints stay. */
const dropIndexes = `
  create temp table secondary on commit drop as select indexname, indexdef from pg_indexes
    where tablename in ('contacts', 'interactions') and indexname not in (select conname from pg_constraint);
  do $$ declare name text; begin
    for name in select indexname from secondary loop execute format('drop index %I', name); end loop;
  end $$;`;

const makeIndexes = `
  do $$ declare definition text; begin
    for definition in select indexdef from secondary loop execute definition; end loop;
  end $$;`;

/** Ids whose order is that of the rows, as in UUID version 7; and moments in equal steps over one year. */
const functions = `
  create function pg_temp.row_id(n bigint) returns uuid language sql immutable
    return (lpad(to_hex(n), 12, '0') || '70008000000000000000')::uuid;
  create function pg_temp.moment(n bigint, total bigint) returns timestamptz language sql stable
    return timestamptz '2024-06-01T00:00:00Z' + n * interval '1 millisecond' * (31536000000 / total);`;

/** Organizations beside those of the test, each with an owner, a pipeline and stages, until there are enough. */
const organizations = `
  create temp table made on commit drop as select app.uuid_v7() as org, app.uuid_v7() as owner, n
    from generate_series(1, ${sizes.orgs} - (select count(*) from organizations where type = 'team')) n;
  insert into organizations (id, name, slug) select org, 'Organization ' || n, 'many-' || n from made;
  insert into users (id, email, current_org_id) select owner, format('owner@many-%s.example', n), org from made;
  select app.provision(org, owner) from made;
  create temp table org on commit drop as select row_number() over (order by slug) - 1 as n, id
    from organizations where type = 'team';`;

const accounts = `
  insert into accounts (org_id, id, name, created_at, updated_at)
    select org.id, pg_temp.row_id(n), 'Account ' || n, at, at
    from (select n, pg_temp.moment(n, ${sizes.accounts}) as at from generate_series(1, ${sizes.accounts}) n) row
      join org using (n);`;

/** A name in ten begins with an "A", one contact in four is its account's first, and one in fifty is deleted. */
const contacts = '';

/** Every deal has as many interactions as any other, spread over the year. */
const deals = '';
const interactions = '';
