/**
 * Texts, JSON, numbers, moments and days that are hard to carry, and rows that hold them.
 */
import type { Opened } from '../support/gateway.ts';

/** All of these can be stored. */
export const texts = [
  'O\'Neil says "no" to `it`',
  "'; drop table accounts; --",
  '"} , "x": {"',
  'back\\slash \\\\ \\n \\u0041 \\',
  'lines\nand\r\nmore\ttabs\f\b\v',
  '\u0001\u0002\u001b\u001f\u007f\u0080\u0085\u009f',
  'line\u2028and\u2029paragraph',
  '😀👩‍👩‍👧 𝕏 \u{10ffff} é é ß İ ı ﬀ',
  '\ufeff\u200e\u202ertl שלום\u202c\ufffe\uffff',
  '%_\\%\\_*?[a-z]$1 $2 $$ :x @y $\x7bz} {{q}}',
  '  around  ',
  'null',
  '[1, {"a": "b"}]',
  '</script><!--',
  `long ${'x"\\\n😀'.repeat(2_000)}`,
];

/** Objects, as the text that Postgres reads. */
export const jsons: readonly (readonly [what: string, json: string])[] = [
  ['integer-like keys', '{"b": 1, "10": 2, "2": 3, "01": 4, "-1": 5, "4294967295": 6, "a": 7}'],
  ['keys of objects themselves', '{"__proto__": {"a": 1}, "constructor": 2, "toString": null, "hasOwnProperty": []}'],
  ['a prototype that is no object', '{"__proto__": 5, "x": {"__proto__": null}}'],
  ['keys that need escapes', '{"": 1, "a\\"b": 2, "\\\\": 3, "\\n": 4, "\\u2028": 5, "😀": 6, "\\u0001": 7}'],
  ['long and short keys', '{"aaa": 1, "bb": 2, "c": 3, "B": 4, "ä": 5}'],
  ['the same key twice', '{"a": 1, "a": 2}'],
  ['nested arrays', '{"a": [[[]], [[1, [2, [3]]]], {}, [{}], null, true, false]}'],
  ['whole numbers', '{"a": [0, -0, 1, 12345678901234567890, 9007199254740993, -9223372036854775808]}'],
  ['fractions', '{"a": [1.0, 1.50, 0.1, 1e-7, 1e-6, 123e-20, 0.30000000000000004, 100.000]}'],
  ['large numbers', '{"a": [1e20, 1e21, 123456789012345678901234567890, 1.7976931348623157e308]}'],
  ['numbers beyond a double', '{"a": [1e400, -1e400, 1e-400]}'],
  ['texts in it', JSON.stringify({ texts })],
  ['depth', `{"a": ${'['.repeat(200)}${']'.repeat(200)}}`],
  ['spaces', '{  "a" :   [ 1 ,2 ]  }'],
];

export const floats = [
  0,
  -0,
  1,
  1.5,
  1e-7,
  1.5e-9,
  0.1 + 0.2,
  1 / 3,
  5e-324,
  2.2250738585072014e-308,
  1e-5,
  0.00001234,
  89.99999999999999,
  -45.5,
  12.000000000000002,
  123.456 / 2,
];

export const moments = [
  '0001-01-01T00:00:00Z',
  '0099-12-31T23:59:59.999Z',
  '1582-10-10T12:00:00Z',
  '1969-12-31T23:59:59.999Z',
  '2024-02-29T23:59:60Z',
  '2026-03-29T02:30:00+01:00',
  '9999-12-31T23:59:59.999Z',
];

export const days = ['0001-01-01', '0099-03-01', '1900-02-28', '2024-02-29', '2026-12-31', '9999-12-31'];

type Sql = Opened['sql'];

/** A moment of row n of several that a test lists in this order: rows made within one millisecond could swap. */
const made = (n: number): string => new Date(Date.UTC(2026, 0, 1, 0, 0, n)).toISOString();

const insertAccount = (sql: Sql, org: string, text: string, n: number) =>
  sql(
    `insert into accounts (org_id, name, industry, tags, metadata, billing_address, created_at)
     values ($1, $2, 'hostile', $3, $4, $5, $6)`,
    [org, text, [text, ''], JSON.stringify({ [text]: text, list: [text] }), JSON.stringify([text]), made(n)],
  );

const insertLead = (sql: Sql, org: string, what: string, json: string) =>
  sql("insert into leads (org_id, company_name, source, metadata) values ($1, $2, 'hostile', $3::jsonb)", [
    org,
    what,
    json,
  ]);

const insertProperty = (sql: Sql, org: string, float: number, n: number) =>
  sql(
    `insert into properties (org_id, account_id, name, latitude, longitude, created_at)
     select $1, id, 'hostile', $2::float8, -$2::float8, $3 from accounts where org_id = $1 order by id limit 1`,
    [org, Object.is(float, -0) ? '-0' : String(float), made(n)],
  );

/**
 * Writes a row for each: accounts of the industry "hostile" for texts, leads of that source for JSON; properties,
 * interactions and contracts of that name, subject and title for numbers, moments and days.
 */
export async function insertHostileRows(sql: Sql, org: string): Promise<void> {
  for (const [n, text] of texts.entries()) await insertAccount(sql, org, text, n);
  for (const [what, json] of jsons) await insertLead(sql, org, what, json);
  for (const [n, float] of floats.entries()) await insertProperty(sql, org, float, n);
  for (const moment of moments)
    await sql("insert into interactions (org_id, subject, occurred_at) values ($1, 'hostile', $2)", [org, moment]);
  for (const day of days)
    await sql("insert into contracts (org_id, title, starts_on) values ($1, 'hostile', $2)", [org, day]);
}
