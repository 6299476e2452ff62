/**
 * SQL that a request must survive: it tries to leave its organization, to be somebody else or to gain a role. Each runs as
 * the login of requests, after a viewer has entered. Several statements of one attack run one after another.
 *
 * Placeholders: {own} and {other} are the two organizations, {me} the caller, {victim} the other's owner, {boss} the own
 * owner, {theirSeal} and {bossSeal} contexts that those two had in transactions of their own.
 */
export interface Attack {
  readonly name: string;
  readonly sql: readonly string[];
}

const attack = (name: string, ...sql: string[]): Attack => ({ name, sql });

const forgedContext = "'{other}|{victim}||owner||*||{}'";
const read = 'select name from accounts';

/** Every one of them is a single command that reads or writes rows: what a text that is injected, or a wrong resolver, can send. */
export const insideOneCommand: readonly Attack[] = [
  attack('setting the organization before', "select set_config('app.org_id', '{other}', true)", read),
  attack('setting the organization for the session', "select set_config('app.org_id', '{other}', false)", read),
  attack(
    'setting it in the list of what is selected',
    "select set_config('app.org_id', '{other}', true), name from accounts",
  ),
  attack(
    'setting it in a condition',
    "select name from accounts where set_config('app.org_id', '{other}', true) is not null",
  ),
  attack(
    'setting it in a CTE',
    "with s as materialized (select set_config('app.org_id', '{other}', true)) select name from s, accounts",
  ),
  attack('setting it in ORDER BY', "select name from accounts order by set_config('app.org_id', '{other}', true)"),
  attack(
    'setting it in a lateral join',
    "select name from (select set_config('app.org_id', '{other}', true) as s) s, lateral (select name from accounts where s <> '') a",
  ),
  attack(
    'setting it beside SQL in a text',
    "select set_config('app.org_id', '{other}', true), query_to_xml('select name from accounts', true, false, '')",
  ),
  attack('a context of its own making', `select set_config('app.context', ${forgedContext}, true)`, read),
  attack(
    'a context with a made-up seal',
    `select set_config('app.context', repeat('0', 64) || ${forgedContext}, true)`,
    read,
  ),
  attack(
    'a context with a seal of itself',
    `select set_config('app.context', encode(sha256(convert_to(${forgedContext}, 'UTF8')), 'hex') || ${forgedContext}, true)`,
    read,
  ),
  attack(
    'its own seal on another context',
    `select set_config('app.context', left(current_setting('app.context'), 64) || ${forgedContext}, true)`,
    read,
  ),
  attack(
    'its own context with another organization',
    "select set_config('app.context', replace(current_setting('app.context'), '{own}', '{other}'), true)",
    read,
  ),
  attack(
    'its own context with a higher role',
    "select set_config('app.context', replace(current_setting('app.context'), 'viewer', 'owner'), true)",
    "insert into accounts (name) values ('gained')",
  ),
  attack(
    'its own context with a permission',
    "select set_config('app.context', replace(current_setting('app.context'), '|viewer|', '|viewer|crm:write'), true)",
    "insert into accounts (name) values ('gained')",
  ),
  attack(
    'its own context with text behind it',
    "select set_config('app.context', current_setting('app.context') || ' ', true)",
    read,
  ),
  attack(
    "another organization's context, sealed elsewhere",
    "select set_config('app.context', '{theirSeal}', true)",
    read,
  ),
  attack(
    "its owner's context, sealed elsewhere",
    "select set_config('app.context', '{bossSeal}', true)",
    "insert into accounts (name) values ('gained')",
  ),
  attack('no context', "select set_config('app.context', '', true)", read),
  attack('the role of the service', "select set_config('role', 'gateway_service', true)", read),
  attack('the role of the owner', "select set_config('role', 'gateway_owner', true)", read),
  attack('no role', "select set_config('role', 'none', true)", read),
  attack('another session', "select set_config('session_authorization', 'postgres', true)", read),
  attack('the default session', "select set_config('session_authorization', 'default', true)", read),
  attack('no row security', "select set_config('row_security', 'off', true)", read),
  attack('no triggers', "select set_config('session_replication_role', 'replica', true)", read),
  attack('a path of its own', "select set_config('search_path', 'pg_temp, public', true)", read),
  attack('no time-outs', "select set_config('statement_timeout', '0', true), set_config('lock_timeout', '0', true)"),
  attack(
    'writing again',
    "select set_config('transaction_read_only', 'off', true)",
    "insert into accounts (name) values ('gained')",
  ),
  attack(
    'entering as somebody else without a proof',
    "select * from app.enter('{victim}', '{other}', null, '{}', '', false, 1000, 0)",
    read,
  ),
  attack(
    'entering with a proof of its own',
    "select * from app.enter('{victim}', '{other}', null, '{}', encode(sha256('x'), 'hex'), false, 1000, 0)",
    read,
  ),
  attack(
    'entering with its own seal as the proof',
    "select * from app.enter('{victim}', '{other}', null, '{}', left(current_setting('app.context'), 64), false, 1000, 0)",
    read,
  ),
  attack(
    'entering with a key',
    "select * from app.enter_with_key('{other}', 'prefix', 'hash', '{}', '', false, 1000, 0)",
    read,
  ),
  attack(
    'leaving, and entering again',
    "select set_config('app.context', '', true), * from app.enter('{victim}', '{other}', null, '{}', '', false, 1000, 0)",
    read,
  ),
  attack(
    'writing a context as the server does',
    "select app.write_context('{other}', '{victim}', null, 'owner', null, null, null, null)",
    read,
  ),
  attack('serving as somebody', "select app.serve_as('{other}', '{victim}')", read),
  attack('a seal for what it likes', `select app.seal('context' || ${forgedContext})`),
  attack('reading the keys of seals', 'select secret, inner_key, outer_key from app.mac_keys'),
  attack(
    'writing a key of seals',
    "insert into app.mac_keys (purpose, secret, inner_key, outer_key) values ('seal', sha256(''), '', '')",
  ),
  attack(
    'the key of proofs',
    "select app.hmac_of('entry', app.generation(), 'x'), app.inner_key('entry', 1), app.outer_key('entry', 1)",
  ),
  attack('renewing the keys', 'select app.renew_mac_keys()'),
  attack('a first sign-in of its own', "select app.sign_in(gen_random_uuid(), 'new@attack.example', null, null)"),
  attack('a note on a key', "select app.note_key_use('{other}', gen_random_uuid())"),
  attack('a number of another organization', "select app.next_number('{other}', 'invoice')"),
  attack(
    'a number without a context',
    "select set_config('app.context', '', true)",
    "select app.next_number('{other}', 'invoice')",
  ),
  attack(
    'a notice to another organization',
    "select app.notify('{other}', '{victim}', 'attack', 'attack', null, null, null)",
  ),
  attack('provisioning another organization', "select app.provision('{other}', '{me}')"),
  attack('reading through statistics', "select * from pg_stats where schemaname = 'public'"),
  attack('reading what others run', "select query from pg_stat_activity where query like '%globexcanary%'"),
  attack('reading their large objects', "select lo_get(lo_from_bytea(0, 'attack'))"),
  attack('SQL in a text: a table', "select table_to_xml('accounts', true, false, '')"),
  attack('SQL in a text: the schema', "select schema_to_xml('public', true, false, '')"),
  attack('SQL in a text: statistics of words', "select * from ts_stat('select search from documents')"),
  attack(
    'SQL in a text: a cursor',
    "select query_to_xml('select set_config(''app.org_id'', ''{other}'', true) from accounts', true, false, '')",
  ),
  attack('SQL in a text: another database', "select dblink('dbname=postgres', 'select 1')"),
  attack('files of the server', "select pg_read_file('/etc/passwd')"),
  attack('folders of the server', "select pg_ls_dir('.')"),
  attack('stopping others', 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()'),
  attack('holding a lock for ever', 'select pg_advisory_lock(1)'),
  attack('the lock of another organization', "select pg_advisory_xact_lock(hashtextextended('{other}', 0))"),
  attack('telling others', "select pg_notify('attack', 'attack')"),
  attack('inserting into the other', "insert into accounts (org_id, name) values ('{other}', 'attack')"),
  attack('updating the other', "update accounts set name = 'attack' where org_id = '{other}'"),
  attack('deleting from the other', "delete from accounts where org_id = '{other}'"),
  attack('moving a row to the other', "update accounts set org_id = '{other}'"),
  attack('writing the trail', "insert into audit_logs (action, entity_type) values ('attack', 'attack')"),
  attack('clearing the trail', 'delete from audit_logs'),
  attack(
    'writing the log of changes',
    "insert into change_events (seq, entity_type, entity_id, operation) values (1, 'attack', gen_random_uuid(), 'created')",
  ),
  attack(
    'changing its own membership',
    "update org_members set role = 'owner', permissions = '{crm:write}' where user_id = '{me}'",
  ),
  attack('joining the other', "insert into org_members (org_id, user_id, role) values ('{other}', '{me}', 'owner')"),
  attack(
    'a new organization for somebody else',
    "insert into organizations (id, name, slug) values (gen_random_uuid(), 'attack', 'attack')",
  ),
  attack('reading a hash of a key', 'select secret from app.secrets'),
  attack('writing a hash of a key', "insert into app.secrets values ('api_keys', '{own}', gen_random_uuid(), 'x')"),
  attack('stashing a secret by hand', 'select app.stash_secret()'),
];

/** Commands that change the connection or the schema: the pool does not send them, and Postgres refuses what matters. */
export const otherCommands: readonly Attack[] = [
  attack('RESET ROLE', 'reset role', read),
  attack('SET ROLE to the service', 'set role gateway_service', read),
  attack('SET ROLE to the owner', 'set local role gateway_owner', read),
  attack('SET SESSION AUTHORIZATION', 'set session authorization postgres', read),
  attack('RESET SESSION AUTHORIZATION', 'reset session authorization', read),
  attack('RESET ALL', 'reset all', read),
  attack('DISCARD ALL', 'discard all', read),
  attack('SET the context', `set local app.context = ${forgedContext}`, read),
  attack('SET a stolen context', "set local app.context = '{theirSeal}'", read),
  attack('SET no row security', 'set local row_security = off', read),
  attack(
    'DO',
    "do $$ begin perform set_config('app.org_id', '{other}', true); insert into accounts (name) values ('gained'); end $$",
  ),
  attack(
    'a function of its own',
    'create function pg_temp.attack() returns int language sql security definer as $$ select 1 $$',
  ),
  attack(
    'a function in public',
    'create function public.split_part(text, text, int) returns text language sql as $$ select 1 $$',
  ),
  attack('a temporary table', 'create temporary table accounts (name text)', read),
  attack('a table', 'create table attack (name text)'),
  attack('a table from a query', 'select name into attack from accounts'),
  attack('switching row security off', 'alter table accounts disable row level security', read),
  attack('another policy', 'create policy attack on accounts using (true)', read),
  attack('truncating', 'truncate accounts'),
  attack('copying out', "copy accounts to '/tmp/attack'"),
  attack('running a program', "copy accounts from program 'id'"),
  attack('explaining', 'explain analyze select name from accounts'),
  attack('listening', 'listen attack'),
  attack(
    'a prepared statement',
    "prepare attack as select name from accounts where org_id = '{other}'",
    'execute attack',
  ),
  attack('loading a library', "load 'dblink'"),
  attack('an extension', 'create extension dblink'),
  attack('committing', 'commit'),
  attack('a second statement', 'select 1; set role gateway_service; select name from accounts'),
  attack(
    'a new transaction with a stolen context',
    "commit; begin; set local role gateway; set local app.context = '{theirSeal}'",
    read,
  ),
  attack('a new transaction with its own context', 'commit; begin; set local role gateway', read),
  attack('a key of its own in the catalog', 'update pg_authid set rolsuper = true where rolname = current_user', read),
];
