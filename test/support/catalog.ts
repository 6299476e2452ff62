/**
 * The tables as the catalog has them, and rows for all of them made of nothing else: a new table needs no new fixture.
 */
import { randomUUID } from 'node:crypto';

export type Sql = (text: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>;
export type Row = Readonly<Record<string, unknown>>;

interface Column {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly hasDefault: boolean;
  /** The values of its CHECK list; null without one. */
  readonly values: readonly string[] | null;
  /** Whether another CHECK speaks of it. */
  readonly checked: boolean;
}

/** A foreign key: pairs of its own column and the one it leads to. */
export interface ForeignKey {
  readonly name: string;
  readonly target: string;
  readonly columns: readonly (readonly [own: string, target: string])[];
}

export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly keys: readonly ForeignKey[];
  /** Whether its rows belong to an organization. */
  readonly ofTenant: boolean;
}

const columnsOf = `select relname as table, attname as name, format_type(atttypid, atttypmod) as type, attnotnull as required, atthasdef as "hasDefault",
    (select string_agg(pg_get_constraintdef(k.oid), ' ') from pg_constraint k where contype = 'c' and conrelid = attrelid and attnum = any (conkey)) as checks
  from pg_attribute join pg_class c on c.oid = attrelid
  where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> '_prisma_migrations' and attnum > 0
    and not attisdropped and attgenerated = '' order by relname, attnum`;

const keysOf = `select conrelid::regclass::text as table, conname as name, confrelid::regclass::text as target,
    (select json_agg(json_build_array(a.attname, b.attname)) from unnest(conkey, confkey) as pair (own, theirs)
      join pg_attribute a on a.attrelid = conrelid and a.attnum = own join pg_attribute b on b.attrelid = confrelid and b.attnum = theirs) as columns
  from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by cardinality(conkey), conname`;

/** \`CHECK ((kind = ANY (ARRAY['a'::text, 'b'::text])))\` -> a, b. */
function checkList(name: string, checks: string | null): readonly string[] | null {
  const list = new RegExp(`\\(${name} = ANY \\(ARRAY\\[([^\\]]*)\\]`).exec(checks ?? '')?.[1];
  return list ? [...list.matchAll(/'([^']*)'/g)].map(([, value = '']) => value) : null;
}

/** Reads the tables. */
export async function readTables(sql: Sql): Promise<Table[]> {
  const columns = (await sql(columnsOf)) as unknown as (Column & { table: string; checks: string | null })[];
  const keys = (await sql(keysOf)) as unknown as (ForeignKey & { table: string })[];
  return [...new Set(columns.map(({ table }) => table))].map((name) => {
    const own = columns.filter(({ table }) => table === name);
    return {
      name,
      columns: own.map((column) => ({
        ...column,
        values: checkList(column.name, column.checks),
        checked: Boolean(column.checks),
      })),
      keys: keys.filter(({ table }) => table === name),
      ofTenant: own.some((column) => column.name === 'org_id'),
    };
  });
}

/** A value of a type that carries the canary, where the type can. */
function sampleValue({ name, type, values, checked }: Column, canary: string): unknown {
  if (values) return values[0];
  if (type === 'uuid') return randomUUID();
  if (/email$/.test(name)) return `${canary}@example.org`;
  if (/(url|uri|website)$/.test(name)) return `https://${canary}.example.org`;
  if (type === 'text') return checked ? `${canary}${name.replaceAll('_', '')}` : `${canary} ${name}`;
  if (type === 'text[]') return [canary];
  if (type === 'uuid[]') return [];
  if (type === 'jsonb') return JSON.stringify({ [canary]: canary });
  if (/^(integer|bigint|numeric|double)/.test(type)) return 1;
  if (/^(timestamp|date)/.test(type)) return /^ends_/.test(name) ? '2026-01-03' : '2026-01-02';
  if (type.startsWith('vector'))
    return JSON.stringify(Array.from({ length: Number(/\d+/.exec(type)?.[0]) }, (_, index) => (index % 7) + 1));
  return { boolean: true, inet: '192.0.2.1', 'character(3)': 'EUR', bytea: Buffer.from(canary) }[type] ?? null;
}

type Wanted = (column: Column, isKey: boolean) => boolean;

const carriesText = ({ type }: Column): boolean => ['text', 'text[]', 'jsonb'].includes(type);

/** Which optional columns get a value: as many as the table's rules allow. Moments stay empty: they end things. */
const attempts: readonly Wanted[] = [
  (column, isKey) =>
    isKey || (column.hasDefault ? !column.checked && carriesText(column) : !column.type.startsWith('timestamp')),
  (column, isKey) => isKey || (!column.checked && !column.hasDefault && carriesText(column)),
];

/** Of some keys a row holds exactly one: each of them alone, the last first. */
const oneKey = ({ keys }: Table): Wanted[] =>
  keys
    .map(({ columns }) => columns.at(-1)?.[0])
    .reverse()
    .map((key) => (column, isKey) => (isKey ? column.name === key : !column.checked && carriesText(column)));

/** What a row's foreign keys hold, taken from rows of the same organization; null where there is none yet. */
function keyValues({ keys, name }: Table, made: ReadonlyMap<string, Row>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const { target, columns } of keys) {
    const row = target === name ? undefined : made.get(target);
    for (const [own, theirs] of columns) if (own !== 'org_id') values.set(own, row?.[theirs] ?? null);
  }
  return values;
}

const unusual = new Set(['23505', '23514', '23502', '22001']);

async function insert(
  sql: Sql,
  table: Table,
  org: string,
  canary: string,
  made: ReadonlyMap<string, Row>,
): Promise<Row> {
  const keys = keyValues(table, made);
  let last: unknown;
  for (const wanted of [...attempts, ...oneKey(table), () => false]) {
    const columns = table.columns.filter(
      (column) =>
        column.name !== 'org_id' && ((column.required && !column.hasDefault) || wanted(column, keys.has(column.name))),
    );
    const values = columns.map((column) =>
      keys.has(column.name) ? keys.get(column.name) : sampleValue(column, canary),
    );
    const names = [...columns.map(({ name }) => name), 'org_id'];
    try {
      const [row] = await sql(
        `insert into ${table.name} (${names.join(', ')}) values (${names.map((_, index) => `$${index + 1}`).join(', ')}) returning *`,
        [...values, org],
      );
      return row ?? {};
    } catch (error) {
      if (!unusual.has((error as { code: string }).code)) throw error;
      last = error;
    }
  }
  const [existing] = await sql(`select * from ${table.name} where org_id = $1 order by id limit 1`, [org]);
  if (existing) return existing;
  throw new Error(`No row could be made for ${table.name}.`, { cause: last });
}

const leadsTo = ({ keys, name }: Table): string[] =>
  keys.map(({ target }) => target).filter((target) => ![name, 'organizations'].includes(target));

/** The tables that the required columns of a table lead to. */
const needs = (table: Table): string[] => {
  const isRequired = (own: string) => table.columns.find(({ name }) => name === own)?.required;
  return leadsTo({ ...table, keys: table.keys.filter(({ columns }) => columns.every(([own]) => isRequired(own))) });
};

/** Makes a row in every tenant table of an organization, with the canary in its texts. Gives the rows by table. */
export async function makeRows(
  sql: Sql,
  tables: readonly Table[],
  org: string,
  canary: string,
): Promise<Map<string, Row>> {
  const [owner = {}] = await sql("select * from org_members where org_id = $1 and role = 'owner'", [org]);
  const [user = {}] = await sql('select * from users where id = $1', [owner.user_id]);
  const made = new Map<string, Row>([
    ['users', user],
    ['org_members', owner],
  ]);
  const left = new Set(tables.filter(({ name, ofTenant }) => ofTenant && name !== 'org_members'));
  while (left.size > 0) {
    const whose = (targets: (table: Table) => string[]) =>
      [...left].find((table) => targets(table).every((target) => made.has(target)));
    const table = whose(leadsTo) ?? whose(needs);
    if (!table) throw new Error('Required foreign keys go in a circle.');
    left.delete(table);
    made.set(table.name, await insert(sql, table, org, canary, made));
  }
  return made;
}
