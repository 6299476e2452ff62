import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hasField, modelField, modelNames } from '../../src/graphql/model.ts';
import { columnName, joinSql, tableName } from '../../src/graphql/sql-names.ts';

const folder = join(import.meta.dirname, '../../prisma/models');
const text = readdirSync(folder)
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n');
const models = [...text.matchAll(/^model (\w+) \{(.*?)^\}/gms)].map(([, name = '', body = '']) => ({ name, body }));

test('every model has the table that its Prisma file names', () => {
  expect(models.map(({ name }) => name).sort()).toEqual([...modelNames].sort());
  const named = models.map(({ name, body }) => [name, /@@map\("(\w+)"\)/.exec(body)?.[1]]);
  expect(modelNames.map((name) => [name, tableName(name)]).sort()).toEqual(named.sort());
});

test('every field has the column that its Prisma file names', () => {
  const fields = models.flatMap(({ name, body }) =>
    [...body.matchAll(/^ {2}(\w+) .*$/gm)].map(([line, field = '']) => ({ name, field, line })),
  );
  const columns = fields.filter(({ name, field, line }) => !line.includes('@relation') && hasField(name, field));
  expect(columns.length).toBeGreaterThan(200);
  for (const { field, line } of columns) expect(columnName(field)).toBe(/@map\("(\w+)"\)/.exec(line)?.[1] ?? field);
});

test.each([
  ['Deal', 'account', '"a"."org_id" = "b"."org_id" and "a"."account_id" = "b"."id"'],
  ['Deal', 'owner', '"a"."org_id" = "b"."org_id" and "a"."owner_id" = "b"."user_id"'],
  ['Account', 'deals', '"b"."org_id" = "a"."org_id" and "b"."account_id" = "a"."id"'],
  ['Member', 'ownedDeals', '"b"."org_id" = "a"."org_id" and "b"."owner_id" = "a"."user_id"'],
])('%s.%s joins by every column of its reference', (model, relation, sql) => {
  expect(joinSql(model, modelField(model, relation), 'a', 'b').sql).toBe(sql);
});
