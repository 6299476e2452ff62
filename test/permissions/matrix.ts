/**
 * What a caller may do with every table, found out by doing it: as the role of requests, past the API, in one statement for
 * all tables. Nothing of it stays.
 */
import type { Caller } from '../../src/auth/scope.ts';
import type { Row, Table } from '../support/catalog.ts';
import type { Gateway } from '../support/gateway.ts';

/** `unclear` is what a rule about the row itself refuses before anybody is asked for a permission. */
export type Verdict = 'yes' | 'no' | 'unclear';
export const operations = ['read', 'add', 'change', 'remove'] as const;
export type Operation = (typeof operations)[number];
export type Verdicts = Readonly<Record<Operation, Verdict>>;

/** Tries one statement, and undoes it: gives how many rows it met, or the SQLSTATE. */
const attempt = `create function public.test_attempt(statement text, given jsonb) returns text language plpgsql as $$
declare
  met bigint;
begin
  begin
    execute statement using given;
    get diagnostics met = row_count;
    raise exception using errcode = 'ZZ000';
  exception
    when sqlstate 'ZZ000' then return met::text;
    when others then return sqlstate;
  end;
end
$$`;

const everything = `create function public.test_everything(entering text, statements jsonb) returns table (what text, outcome text) language plpgsql as $$
declare
  entry jsonb;
begin
  execute entering;
  perform set_config('role', 'gateway', true);
  for entry in select jsonb_array_elements(statements) loop
    what := entry ->> 'what';
    outcome := public.test_attempt(entry ->> 'statement', entry -> 'given');
    return next;
  end loop;
  reset role;
end
$$`;

/** Makes what the rest needs of a database; goes with it. */
export async function prepare({ sql }: Gateway): Promise<void> {
  if ((await sql("select from pg_proc where proname = 'test_everything'")).length > 0) return;
  await sql(attempt);
  await sql(everything);
  await sql('grant execute on function public.test_attempt(text, jsonb) to gateway');
}

const quoted = (value: string | null): string => (value === null ? 'null' : `'${value.replaceAll("'", "''")}'`);

/** SQL that enters as somebody. */
async function entering({ database }: Gateway, caller: Known): Promise<string> {
  const rest = `'{}', ${quoted(await database.proofs.of(caller))}, false, 60000, 0`;
  return caller.kind === 'person'
    ? `select * from app.enter(${[caller.userId, caller.wantedOrg, caller.claimedOrg].map(quoted).join(', ')}, ${rest})`
    : `select * from app.enter_with_key(${[caller.orgId, caller.prefix, caller.hash].map(quoted).join(', ')}, ${rest})`;
}

const statementsOf = ({ name, columns }: Table): Readonly<Record<Operation, string>> => {
  const names = columns.map((column) => column.name).join(', ');
  return {
    read: `select id from ${name}`,
    add: `insert into ${name} (${names}) select ${names} from jsonb_populate_record(null::${name}, $1)`,
    change: `update ${name} set id = id`,
    remove: `delete from ${name}`,
  };
};

/** Row security is asked before keys and unique values are, so whoever comes to those has passed it. */
function verdictOf(outcome: string): Verdict {
  if (/^(23503|23505|23P01)$/.test(outcome)) return 'yes';
  if (/^\d{1,4}$/.test(outcome)) return Number(outcome) > 0 ? 'yes' : 'no';
  return outcome === '42501' ? 'no' : 'unclear';
}

export type Known = Exclude<Caller, { kind: 'anyone' }>;

interface Attempt {
  readonly what: string;
  readonly statement: string;
  readonly given?: Row | undefined;
}

/** What came of statements, each tried by itself and undone: how many rows it met, or the SQLSTATE. */
export async function attempts(
  gateway: Gateway,
  caller: Known,
  statements: readonly Attempt[],
): Promise<ReadonlyMap<string, string>> {
  const found = await gateway.sql('select * from public.test_everything($1, $2)', [
    await entering(gateway, caller),
    JSON.stringify(statements),
  ]);
  return new Map(found.map(({ what, outcome }) => [String(what), String(outcome)]));
}

/** What a caller may do with the tables, each of which has rows, one of them as given. */
export async function ask(
  gateway: Gateway,
  caller: Known,
  tables: readonly Table[],
  rows: ReadonlyMap<string, Row>,
): Promise<Map<string, Verdicts>> {
  const statements = tables.flatMap((table) =>
    Object.entries(statementsOf(table)).map(([operation, statement]) => ({
      what: `${table.name} ${operation}`,
      statement,
      given: rows.get(table.name),
    })),
  );
  const outcomes = await attempts(gateway, caller, statements);
  const verdict = (name: string, operation: Operation) => verdictOf(outcomes.get(`${name} ${operation}`) ?? '');
  return new Map(
    tables.map(({ name }) => [
      name,
      {
        read: verdict(name, 'read'),
        add: verdict(name, 'add'),
        change: verdict(name, 'change'),
        remove: verdict(name, 'remove'),
      },
    ]),
  );
}
