/**
 * Many rows for the plans of Postgres to be tried on: organizations of equal size, whose rows stand mixed on the pages of
 * each table as they do when many write at the same time. Always the same rows, made by the administrator in seconds.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inject } from 'vitest';
import type { Opened } from '../support/gateway.ts';

/** Whether the tables are as large as they are on a server. The embedded database takes too long to write as many rows. */
export const large = inject('template').kind === 'server';

/** Rows in `contacts`, and as many in `interactions`: a million on the server of DATABASE_URL, else a tenth of that. */
export const manyRows = large ? 1_000_000 : 100_000;

/** Multiples of `orgs`, so row n of any table is of organization n modulo `orgs`. */
const sizes = { orgs: 50, accounts: 10_000, deals: manyRows / 20, contacts: manyRows, interactions: manyRows };

export type Table = Exclude<keyof typeof sizes, 'orgs'>;

export const interactionsOfDeal = sizes.interactions / sizes.deals;

/** How many rows each organization has in a table. */
export const rowsOfOrg = (table: Table): number => sizes[table] / sizes.orgs;

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

/** Organizations beside those of the test, each with an owner, a pipeline and stages, until there are enough. */
const organizations = `
  create temp table made on commit drop as select app.uuid_v7() as org, app.uuid_v7() as owner, n
    from generate_series(1, ${sizes.orgs} - (select count(*) from organizations where type = 'team')) n;
  insert into organizations (id, name, slug) select org, 'Organization ' || n, 'many-' || n from made;
  insert into users (id, email, current_org_id) select owner, format('owner@many-%s.example', n), org from made;
  select app.provision(org, owner) from made;
  create temp table org on commit drop as select row_number() over (order by slug) - 1 as n, id
    from organizations where type = 'team';`;

/** The id of row n of a table: in the order of the rows, as in UUID version 7. */
const rowId = (n: string) => `(lpad(to_hex(${n}), 12, '0') || '70008000000000000000')::uuid`;

/** The row of a smaller table that row n belongs to: of the same organization. */
const parent = (table: Table, n: string) => `(${n} - 1) % ${sizes[table]} + 1`;

/** Rows n of a table with their organization, and the moment when each was made: in equal steps over one year. */
const rows = (table: Table) => `
  from generate_series(1, ${sizes[table]}) n
    join org on org.n = n.n % ${sizes.orgs}
    cross join lateral (select timestamptz '2024-06-01T00:00:00Z' + n.n * interval '${31_536_000_000 / sizes[table]} ms') moment (at)`;

const accounts = `
  insert into accounts (org_id, id, name, email, created_at, updated_at)
    select org.id, ${rowId('n.n')}, 'Account ' || n.n, format('hello@account-%s.example.org', n.n), at, at ${rows('accounts')};`;

/** A name in ten begins with an "A", one person in four is the first to call, and one in fifty is deleted. */
const contacts = `
  insert into contacts (org_id, id, account_id, first_name, last_name, full_name, email, phone, title, is_primary, lead_source,
      deleted_at, created_at, updated_at)
    select org.id, ${rowId('n.n')}, ${rowId(parent('accounts', 'n.n'))}, first, last, first || ' ' || last,
      format('%s.%s@example.org', lower(first), n.n), '+1 555 ' || lpad(n.n::text, 7, '0'),
      (array['Buyer', 'Director', 'Engineer', 'Founder'])[1 + c % 4], c / 40 % 4 = 0, 'website',
      case when c % 50 = 7 then at end, at, at ${rows('contacts')}
    cross join lateral (select n.n / ${sizes.orgs}) number (c)
    cross join lateral (select
      (array['Ada', 'Adam', 'Alice', 'Amir', 'Bea', 'Boris', 'Carla', 'Chen', 'Dana', 'Diego', 'Elena', 'Emil', 'Fatima', 'Felix',
        'Grace', 'Gus', 'Hana', 'Hugo', 'Ida', 'Ivan', 'Jana', 'Jon', 'Kira', 'Kofi', 'Lena', 'Luis', 'Maya', 'Milo', 'Nina', 'Noah',
        'Olga', 'Omar', 'Paula', 'Pedro', 'Rosa', 'Ryan', 'Sara', 'Tom', 'Uma', 'Vera'])[1 + c % 40],
      (array['Abbott', 'Baker', 'Castro', 'Dietrich', 'Evans', 'Fischer', 'Garcia', 'Haas', 'Ibrahim', 'Jansen'])[1 + c / 160 % 10]
    ) name (first, last);`;

const deals = `
  insert into deals (org_id, id, title, account_id, contact_id, pipeline_id, stage_id, value_cents, probability, status,
      deleted_at, created_at, updated_at)
    select org.id, ${rowId('n.n')}, 'Deal ' || n.n, ${rowId(parent('accounts', 'n.n'))}, ${rowId('n.n')}, stage.pipeline_id, stage.id,
      n.n * 12345, stage.probability, stage.kind, case when n.n / ${sizes.orgs} % 50 = 7 then at end, at, at ${rows('deals')}
    join pipeline_stages stage on stage.org_id = org.id and stage.position = 1 + n.n / ${sizes.orgs} % 6;`;

/** As many for each deal, spread over the year. */
const interactions = `
  insert into interactions (org_id, id, account_id, contact_id, deal_id, type, sentiment, subject, body, occurred_at,
      duration_minutes, created_at, updated_at)
    select org.id, ${rowId('n.n')}, ${rowId(parent('accounts', 'deal'))}, ${rowId('deal')}, ${rowId('deal')},
      (array['call', 'email', 'meeting', 'message', 'note'])[1 + n.n / ${sizes.orgs} % 5], 'neutral', format('Step %s of deal %s', n.n, deal),
      'We talked about scope, price and the next date. ' || md5(deal::text), at, 15, at, at ${rows('interactions')}
    cross join lateral (select ${parent('deals', 'n.n')}) parent (deal);`;

const filled = ['accounts', 'contacts', 'deals', 'interactions', 'pipeline_stages'];
const quoted = filled.map((table) => `'${table}'`).join(', ');

/** Nothing is to change the statistics between one plan and the next. */
const keepStatistics = filled.map((table) => `alter table ${table} set (autovacuum_enabled = off);`).join('\n  ');

/** Triggers would fill in what is given here, one row at a time. */
const fill = `begin;
  ${keepStatistics}
  ${organizations} ${dropIndexes}
  set local session_replication_role = replica;
  ${accounts} ${contacts} ${deals} ${interactions}
  set local session_replication_role = origin;
  ${makeIndexes}
  commit`;

const seenByAll = `select bool_and(relallvisible * 2 > relpages) as done from pg_class
  where relname in (${quoted}) and relnamespace = 'public'::regnamespace`;

const maxTries = 40;

/** As autovacuum does in time. While others use the server, pages may not be marked as visible to all: it is tried again. */
async function vacuum(sql: Opened['sql']): Promise<void> {
  for (let tries = 0; tries < maxTries; tries++) {
    await sql(`vacuum ${filled.join(', ')}`);
    if ((await sql(seenByAll))[0]?.done) return;
    await sleep(500);
  }
  throw new Error('A transaction of somebody else kept the tables from being vacuumed.');
}

/** Fills the tables. The team organizations that are there get rows as the others do. */
export async function fillManyRows(sql: Opened['sql']): Promise<void> {
  await sql(fill);
  await vacuum(sql);
  await sql(`analyze ${filled.join(', ')}`);
}
