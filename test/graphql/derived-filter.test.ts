import { type FieldNode, parse } from 'graphql';
import { expect, test } from 'vitest';
import { argumentsOf } from '../../src/compiler/arguments.ts';
import { toWhere } from '../../src/graphql/filter.ts';
import { filterSql } from '../../src/graphql/sql-filter.ts';
import { schema } from '../../src/schema.ts';

const today = new Date(`${new Date().toISOString().slice(0, 10)}T00:00:00Z`);
const anything = () => {};
const overdue = {
  AND: [{ status: { equals: 'open' } }, { AND: [{ dueOn: { not: null } }, { dueOn: { lt: today } }] }],
};

test('a derived filter is a name for another filter, and false is everything else', () => {
  expect(toWhere('Invoice', { isOverdue: true }, anything)).toEqual(overdue);
  expect(toWhere('Invoice', { isOverdue: false }, anything)).toEqual({ NOT: overdue });
  expect(toWhere('Account', { invoices: { some: { not: { isOverdue: true } } } }, anything)).toMatchObject({
    invoices: { some: { AND: [{ deletedAt: null }, { NOT: overdue }] } },
  });
});

test('it is the same in SQL', () => {
  const { sql, values } = filterSql('Invoice', { isOverdue: true }, anything);
  expect(sql).toContain('"t0"."due_on" is not null');
  expect(values).toEqual(['open', today.toISOString().slice(0, 10)]);
});

const argumentsIn = (query: string) => {
  const [operation] = parse(query).definitions;
  const node = (operation as { selectionSet?: { selections: FieldNode[] } }).selectionSet?.selections[0];
  return argumentsOf({ definition: schema.getQueryType()?.getFields().invoices, nodes: [node] } as never);
};

test('what hangs on the day is read anew with each request, however often a document was compiled', () => {
  expect(argumentsIn('{ invoices(filter: { not: { isOverdue: true } }) { totalCount } }')).toHaveProperty('late');
  expect(argumentsIn('{ invoices(filter: { notes: { eq: "isOverdue" } }) { totalCount } }')).toHaveProperty('now');
});
