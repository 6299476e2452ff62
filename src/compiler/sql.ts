/**
 * From the tree of what is read to one SQL statement whose single value is the text of the answer.
 *
 * Takes a plan, gives parts. Rows of relations are sub-selects over their keys, which were faster than lateral joins here.
 */
import { parseGlobalId, toUuid } from '../graphql/ids.ts';
import { keyColumn, type ModelField, modelField, snakeCase } from '../graphql/model.ts';
import { amountSql } from '../graphql/money.ts';
import { checkIds } from '../graphql/node.ts';
import { joinColumns, joinSql, tableSql } from '../graphql/sql-names.ts';
import { type Alias, Aliases, currentOrg } from './alias.ts';
import { connectionParts } from './connection-sql.ts';
import { concat, type Item, literal, type Member, object, sql, text } from './json-text.ts';
import { arrayLiteral, bound, compact, fromGiven, type Parts } from './parts.ts';
import type { ConnectionPlan, FieldPlan, Link, MoneyField, ObjectPlan, QueryPlan, RootField } from './plan-tree.ts';
import { NotCompiled } from './planning.ts';
import { printColumn } from './scalars.ts';

/** The making of one statement. */
interface Writing {
  readonly aliases: Aliases;
  /** Set when JavaScript has to print the answer once more. */
  reprint: boolean;
}

type FieldOf<Kind> = Extract<FieldPlan, { kind: Kind }>;

/** The column that ids speak of. */
const keyOf = (row: Alias): string => row.column(keyColumn(row.model));

/** The join from a row to the rows of a relation, noting the columns that it takes. */
function joinOf(relation: ModelField, from: Alias, to: Alias): string {
  for (const column of joinColumns(from.model, relation)) from.column(column);
  return joinSql(from.model, relation, from.name, to.name).text;
}

function linkCondition(link: Link, from: Alias, to: Alias): string {
  if ('relation' in link) return joinOf(link.relation, from, to);
  return `${to.ownRows} and ${keyOf(to)} = ${from.column(link.reference.column)}`;
}

/** One value of the row of a table that meets a condition, as a sub-select. */
const subSelect = (value: Parts, row: Alias, condition: Parts): Parts => [
  '(select ',
  ...value,
  ` from ${tableSql(row.model).text} as "${row.name}" where `,
  ...condition,
  ')',
];

const orElse = (value: Parts, otherwise: string): Parts => ['coalesce(', ...value, `, ${otherwise})`];

/** The row that a link leads to. One that must be there and is not is the resolvers' to explain. */
function rowItems({ link, required, object: plan }: FieldOf<'row'>, from: Alias, writing: Writing): Item[] {
  const to = writing.aliases.of(plan.model);
  const row = subSelect(concat(objectItems(plan, to, writing)), to, [linkCondition(link, from, to)]);
  return [sql(...orElse(row, required ? 'app.missing()' : "'null'"))];
}

/** A column of this row, or of the row that a path of to-one relations leads to. */
function pathColumn([name = '', ...rest]: readonly string[], from: Alias, writing: Writing): string {
  if (rest.length === 0) return from.column(name);
  const relation = modelField(from.model, name);
  const to = writing.aliases.of(relation.type);
  return subSelect([pathColumn(rest, to, writing)], to, [joinOf(relation, from, to)]).join('');
}

function moneyItems({ columns, fields }: FieldOf<'money'>, from: Alias, writing: Writing): Item[] {
  const cents = from.column(columns.cents);
  const currency = pathColumn(columns.currency, from, writing);
  const values: Record<MoneyField['name'], readonly Item[]> = {
    __typename: [text('"Money"')],
    cents: [text('"'), sql(cents), text('"')],
    currency: [sql(`to_json(${currency})`)],
    amount: [text('"'), sql(amountSql(cents, currency)), text('"')],
  };
  const items = object(fields.map(({ key, name }) => [key, values[name]]));
  const isRequired = modelField(from.model, columns.cents).isRequired;
  return isRequired ? items : [sql(`case when ${cents} is null then 'null' else `, ...concat(items), ' end')];
}

function columnItems({ field, type, place }: FieldOf<'column'>, from: Alias, writing: Writing): readonly Item[] {
  const printed = printColumn(type, field, from.column(field.name));
  if (!printed) throw new NotCompiled(place, 'has a type that SQL does not print');
  writing.reprint ||= printed.reprint;
  return printed.items;
}

const listParts = (plan: ConnectionPlan, condition: (row: Alias) => string, writing: Writing): Parts =>
  connectionParts(plan, condition, writing.aliases, (inner, row) => objectItems(inner, row, writing));

const listItems = ({ relation, connection }: FieldOf<'list'>, from: Alias, writing: Writing): Item[] => [
  sql(...listParts(connection, (to) => joinOf(relation, from, to), writing)),
];

function fieldItems(field: FieldPlan, row: Alias, writing: Writing): readonly Item[] {
  switch (field.kind) {
    case 'typename':
      return [text(`"${field.name}"`)];
    case 'id':
      return [text(`"${snakeCase(row.model)}_`), sql(keyOf(row)), text('"')];
    case 'column':
      return columnItems(field, row, writing);
    case 'derived':
      return [sql(field.json((name) => row.column(name)))];
    case 'ofRow':
      return objectItems(field.object, row, writing);
    case 'money':
      return moneyItems(field, row, writing);
    case 'row':
      return rowItems(field, row, writing);
    case 'list':
      return listItems(field, row, writing);
  }
}

/** The JSON of a row. */
const objectItems = (plan: ObjectPlan, row: Alias, writing: Writing): Item[] =>
  object(plan.fields.map((field): Member => [field.key, fieldItems(field, row, writing)]));

/** One row of a table that meets a condition. */
function rowParts(plan: ObjectPlan, condition: (row: Alias) => Parts, writing: Writing): Parts {
  const row = writing.aliases.of(plan.model);
  const json = concat(objectItems(plan, row, writing));
  return subSelect(json, row, [`${row.ownRows} and `, ...condition(row)]);
}

/** Rows of several types in the order of their ids. */
function nodesParts({ ids, objects }: Extract<RootField, { kind: 'nodes' }>, writing: Writing): Parts {
  const branches = objects.flatMap((plan) => [
    ` when ${literal(plan.model)} then `,
    ...rowParts(plan, (row) => [`${keyOf(row)} = wanted.id`], writing),
  ]);
  const json = branches.length > 0 ? ['case wanted.model', ...branches, ' end'] : ['null::text'];
  const list = (texts: readonly string[]): Parts => {
    const parsed = texts.map((id) => parseGlobalId(String(id)));
    const column = (name: 'type' | 'id') => bound(arrayLiteral(parsed.map((id) => id?.[name] ?? null)));
    return ['unnest(', column('type'), '::text[], ', column('id'), '::uuid[])'];
  };
  const from = fromGiven(ids, (texts) => list(checkIds(texts)));
  return [
    "(select concat('[', string_agg(coalesce(",
    ...json,
    ", 'null'), ',' order by wanted.place), ']') from ",
    ...from,
    ' with ordinality as wanted(model, id, place))',
  ];
}

function rootParts(field: RootField, writing: Writing): Parts {
  const keyed = (plan: ObjectPlan, key: Parts) => rowParts(plan, (row) => [`${keyOf(row)} = `, ...key], writing);
  switch (field.kind) {
    case 'typename':
      return [literal(`"${field.name}"`)];
    case 'list':
      return listParts(field.connection, (row) => row.ownRows, writing);
    case 'own':
      return orElse(keyed(field.object, [currentOrg]), 'app.missing()');
    case 'byId': {
      const uuid = (id: string) => toUuid(field.object.model, String(id));
      return orElse(keyed(field.object, [...fromGiven(field.id, (id) => [bound(uuid(id))]), '::uuid']), "'null'");
    }
    case 'node': {
      const uuid = (id: string) => parseGlobalId(String(id))?.id ?? null;
      const found = field.object && keyed(field.object, [...fromGiven(field.id, (id) => [bound(uuid(id))]), '::uuid']);
      return found ? orElse(found, "'null'") : [literal('null')];
    }
    case 'nodes':
      return nodesParts(field, writing);
  }
}

/** The statement of a query, and whether JavaScript has to print its answer once more. */
export function querySql({ fields }: QueryPlan): { readonly parts: Parts; readonly reprint: boolean } {
  const writing: Writing = { aliases: new Aliases(), reprint: false };
  const members = fields.map((field): Member => [field.key, [sql(...rootParts(field, writing))]]);
  const parts = compact(['select ', ...concat([text('{"data":'), ...object(members), text('}')]), ' as answer']);
  return { parts, reprint: writing.reprint };
}
