/**
 * The demo's rows made less tidy: values left out, equal values where lists are sorted, deleted rows, odd currencies and
 * numbers, permissions beyond a role, JSON that is hard to print. Over all tables of the catalog; what a table's rules do not
 * allow stays as it was.
 *
 * Triggers are off meanwhile: they would put back what is changed here, and note each change.
 */
import type { Opened } from '../support/gateway.ts';

/** A share of a table's rows, the same ones on every run. */
const oneIn = (parts: number, which = 0): string => `abs(hashtext(id::text || '${which}')) % ${parts} = 0`;

/** One of several values, the same one for a row on every run. */
const oneOf = (values: string, which = ''): string => {
  const list = `array[${values}]`;
  return `(${list})[1 + abs(hashtext(id::text || '${which}')) % cardinality(${list})]`;
};

/** What a column of a table may become, by what it is. */
const changes = `
  select c.relname as relation, a.attname as field, c.relname || a.attname as salt, a.attnum,
    case when a.attname = 'deleted_at' then $q$'2026-02-03T04:05:06.789Z'$q$
      when a.attname = 'created_at' then $q$date_trunc('month', created_at)$q$
      when a.attname = 'currency' then $q$${oneOf("'JPY', 'KWD', 'CLF', 'XTS', 'EUR'")}$q$
      when a.attname ~ '_cents$' and a.attnotnull then $q$${oneOf('0, 5, 99, 100, 123456789, 9007199254740993, 9223372036854775807')}$q$
      else 'null' end as value,
    case a.attname when 'deleted_at' then 9 when 'created_at' then 3 when 'currency' then 4 else 5 end as parts
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    and exists (select from pg_attribute where attrelid = c.oid and attname = 'org_id') and c.relname not in ('audit_logs', 'change_events')
    and (a.attname in ('deleted_at', 'created_at', 'currency') or a.attname ~ '_cents$' or not a.attnotnull)
    and a.attname <> 'embedding'
  order by 1, a.attnum`;

const everywhere = `
  for change in ${changes} loop
    begin
      execute format('update %I set %I = %s where abs(hashtext(id::text || %L)) %% %s = 0', change.relation, change.field, change.value, change.salt, change.parts);
    exception when integrity_constraint_violation or numeric_value_out_of_range then null;
    end;
  end loop`;

const numbers = [
  `update proposals set subtotal_cents = -12345 where ${oneIn(6, 2)}`,
  `update proposal_line_items set quantity = ${oneOf('0.001, 10.5, 1000000, 999999999.999')},
     unit_price_cents = ${oneOf('-1, 0, 7, 123456', 'x')} where ${oneIn(3, 1)}`,
  `update properties set latitude = ${oneOf("0, '-0', 1e-7, 0.1 + 0.2::float8, 5e-324, 89.99999999999999")} where ${oneIn(3, 3)}`,
  `update properties set longitude = ${oneOf('-180, 1e-9, 123.456, 1.0, -0.000001, 179.99999999999997')} where ${oneIn(3, 4)}`,
];

const oddJson = JSON.stringify({
  b: 1,
  a: [1, 2.5, { c: null, 'd e': [] }],
  'x y': true,
  '': 'an empty key',
  'q"\\\n\u2028': 'a "quoted" \\ text\n\u2029😀',
  nested: { nested: { nested: {} } },
});

const texts = [
  `update contacts set metadata = '${oddJson.replaceAll("'", "''")}' where ${oneIn(6, 1)}`,
  `update accounts set billing_address = '{"lines": ["1", "2"], "zip": null, "10": "ten", "2": "two"}' where ${oneIn(8, 1)}`,
  `update accounts set tags = '{"", "a b", "q\\"uote", "{}", "ü😀"}' where ${oneIn(6, 2)}`,
  `update contacts set tags = '{}' where ${oneIn(4, 1)}`,
  `update leads set notes = E'Line one\\nline "two"\\t\\\\ \\u2028 😀' where ${oneIn(6, 5)}`,
];

const people = [
  `update org_members set permissions = '{keys:read,audit:read}' where role = 'viewer' and email like '%@globex.example'`,
  `update org_members set avatar_url = 'https://pictures.example/a%20b?c=d&e="f"' where ${oneIn(3, 1)}`,
  `update feature_flags set allowed_roles = '{viewer,member}' where ${oneIn(2, 1)}`,
];

const trail = [
  `update audit_logs set ip = '192.0.2.7', user_agent = 'a "browser"', request_id = 'request-7',
     api_key_id = (select id from api_keys k where k.org_id = audit_logs.org_id order by id limit 1) where ${oneIn(6, 1)}`,
  `insert into activities (org_id, entity_type, entity_id, type, subject)
     select id, kind, '00000000-0000-4000-8000-00000000000a', 'task', 'Leads nowhere'
     from organizations, unnest(array['spaceship', 'account', 'Contact', '']) as kind where slug in ('acme', 'globex')`,
];

/** Makes the demo's rows less tidy. */
export async function varyRows(sql: Opened['sql']): Promise<void> {
  const statements = [everywhere, ...numbers, ...texts, ...people, ...trail];
  await sql(`do $vary$ declare change record; begin
    perform set_config('session_replication_role', 'replica', true);
    ${statements.join(';\n')};
  end $vary$`);
  await sql('analyze');
}
