import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../../src/root.ts';
import { startGateway } from '../support/gateway.ts';
import { tables } from './tables.ts';

/** The models of prisma/models: table -> column -> the Prisma type with its `?`, `[]` and database type. */
function prismaModels(): Map<string, Map<string, string>> {
  const folder = join(projectRoot, 'prisma', 'models');
  const text = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n');
  return new Map(
    [...text.matchAll(/^model \w+ \{\n(.*?)^\}/gms)].map(([, body = '']) => {
      const columns = body.split('\n').flatMap((line) => {
        const [, field = '', type = '', rest = ''] = /^ {2}(\w+)\s+(\S+)(.*)$/.exec(line) ?? [];
        if (!field || rest.includes('@relation') || (/^[A-Z]\w*\[\]$/.test(type) && !type.startsWith('String')))
          return [];
        const database = /@db\.(\w+)/.exec(rest)?.[1] ?? '';
        return [[/@map\("(\w+)"\)/.exec(rest)?.[1] ?? field, `${type} ${database}`.trim()] as const];
      });
      return [/@@map\("(\w+)"\)/.exec(body)?.[1] ?? '', new Map(columns)];
    }),
  );
}

const prismaTypes: Readonly<Record<string, string>> = {
  uuid: 'String Uuid',
  text: 'String',
  integer: 'Int',
  bigint: 'BigInt',
  boolean: 'Boolean',
  jsonb: 'Json',
  date: 'DateTime Date',
  'timestamp(3) with time zone': 'DateTime Timestamptz',
  'double precision': 'Float',
  'character(3)': 'String Char',
  'numeric(12,3)': 'Decimal Decimal',
  inet: 'String Inet',
  bytea: 'Bytes',
};

test('the Prisma model is the catalog, column by column', async ({ onTestFinished }) => {
  const gateway = await startGateway();
  onTestFinished(() => gateway.close());
  const columns =
    await gateway.sql(`select t.relname as table, attname as column, format_type(atttypid, atttypmod) as type, attnotnull as required
    from pg_attribute join (${tables}) t on t.oid = attrelid where attnum > 0 and not attisdropped order by 1, attnum`);
  const models = prismaModels();
  const wanted = columns.map(({ table, column, type, required }) => {
    const list = String(type).endsWith('[]');
    const known = prismaTypes[String(type).replace('[]', '')] ?? `Unsupported("${String(type)}")`;
    const [base = '', ...database] = known.split(' ');
    return `${String(table)}.${String(column)} ${[base + (list ? '[]' : required ? '' : '?'), ...database].join(' ')}`;
  });
  const found = [...models].flatMap(([table, fields]) =>
    [...fields].map(([column, type]) => `${table}.${column} ${type}`),
  );
  expect(found.sort()).toEqual(wanted.sort());
});
