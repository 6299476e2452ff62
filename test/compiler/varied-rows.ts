/**
 * The demo's rows made less tidy: values left out, equal values where lists are sorted, deleted rows, odd currencies and
 * numbers, permissions beyond a role, JSON that is hard to print.
 *
 * Triggers are off meanwhile: they would put back what is changed here, and note each change.
 */
import type { Opened } from '../support/gateway.ts';

/** A share of a table's rows, the same ones on every run. */
const oneIn = (parts: number, which = 0): string => `abs(hashtext(id::text || '${which}')) % ${parts} = 0`;

const leaveOut = (table: string, columns: readonly string[]): string[] =>
  columns.map((column, index) => `update ${table} set ${column} = null where ${oneIn(5, index)}`);

const softTables = ['accounts', 'properties', 'contacts', 'deals', 'leads', 'proposals', 'contracts', 'documents'];

const deleted = softTables.map(
  (table) => `update ${table} set deleted_at = '2026-02-03T04:05:06.789Z' where deleted_at is null and ${oneIn(9, 7)}`,
);

const sameMoments = [...softTables, 'interactions', 'activities', 'services'].map(
  (table) => `update ${table} set created_at = date_trunc('month', created_at) where ${oneIn(3, 8)}`,
);

const leftOut = [
  ...leaveOut('accounts', [
    'classification',
    'industry',
    'website',
    'email',
    'phone',
    'owner_id',
    'last_interaction_at',
  ]),
  ...leaveOut('contacts', ['account_id', 'first_name', 'last_name', 'title', 'assigned_to_id', 'linkedin_url']),
  ...leaveOut('deals', ['account_id', 'contact_id', 'expected_close_on', 'owner_id', 'lost_reason']),
  ...leaveOut('leads', ['first_name', 'assigned_to_id', 'source', 'notes']),
  ...leaveOut('proposals', ['account_id', 'deal_id', 'template_id', 'valid_until_on', 'sent_at']),
  ...leaveOut('contracts', ['account_id', 'client_name', 'scope', 'terms', 'starts_on', 'ends_on', 'signed_by']),
  ...leaveOut('interactions', ['account_id', 'contact_id', 'sentiment', 'subject', 'body', 'user_id']),
  ...leaveOut('activities', ['subject', 'user_id']),
  ...leaveOut('documents', ['account_id', 'embedding_model', 'embedded_at']),
  ...leaveOut('client_intelligence', ['account_id', 'summary', 'embedding_model']),
  ...leaveOut('properties', ['latitude', 'longitude']),
  ...leaveOut('services', ['description']),
  ...leaveOut('proposal_line_items', ['service_id']),
];

const numbers = [
  `update deals set currency = (array['JPY', 'KWD', 'CLF', 'XTS', 'EUR'])[1 + abs(hashtext(id::text)) % 5],
     value_cents = (array[0, 5, 99, 100, 123456789, 9007199254740993, 9223372036854775807]::bigint[])[1 + abs(hashtext(id::text)) % 7]
     where ${oneIn(4, 1)}`,
  `update services set currency = 'JPY' where ${oneIn(4, 1)}`,
  `update proposals set currency = 'KWD', tax_cents = 7 where ${oneIn(4, 1)}`,
  `update proposals set subtotal_cents = -12345 where ${oneIn(6, 2)}`,
  `update proposal_line_items set quantity = (array[0.001, 10.5, 1000000, 999999999.999])[1 + abs(hashtext(id::text)) % 4],
     unit_price_cents = (array[-1, 0, 7, 123456])[1 + abs(hashtext(id::text || 'x')) % 4] where ${oneIn(3, 1)}`,
  `update properties set latitude = (array[0, '-0', 1e-7, 0.1 + 0.2::float8, 5e-324, 89.99999999999999]::float8[])[1 + abs(hashtext(id::text)) % 6]
     where ${oneIn(3, 3)}`,
  `update properties set longitude = (array[-180, 1e-9, 123.456, 1.0, -0.000001, 179.99999999999997]::float8[])[1 + abs(hashtext(id::text)) % 6]
     where ${oneIn(3, 4)}`,
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
  ...leaveOut('org_members', ['title', 'display_name', 'email']),
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
  const statements = [...leftOut, ...numbers, ...texts, ...people, ...trail, ...deleted, ...sameMoments];
  await sql(`do $vary$ begin
    perform set_config('session_replication_role', 'replica', true);
    ${statements.join(';\n')};
  end $vary$`);
  await sql('analyze');
}
