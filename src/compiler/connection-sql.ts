/**
 * A page of a list as SQL: its rows in order, one more to know whether others follow, its cursors, its total.
 *
 * The page itself (conditions, keys, size) is planned by the same code as for the resolvers, so it means the same and
 * refuses the same. Its size is the one number that stands in the text: Postgres plans for it.
 */
import type { Requirement } from '../auth/permissions.ts';
import type { Where } from '../graphql/filter-conditions.ts';
import { reversed } from '../graphql/order.ts';
import { type ListArgs, type Page, planPage } from '../graphql/page.ts';
import type { OpenCursor } from '../graphql/sealed-cursors.ts';
import { whereSql } from '../graphql/sql-filter.ts';
import { columnSql, tableSql } from '../graphql/sql-names.ts';
import type { Alias, Aliases } from './alias.ts';
import { cursorSql } from './cursor-sql.ts';
import { concat, type Item, type Member, object, sql, text } from './json-text.ts';
import { orderSql } from './order-sql.ts';
import { fromGiven, type Parts, sqlParts } from './parts.ts';
import type { ConnectionField, ConnectionPlan, EdgeField, ObjectPlan, PageInfoField } from './plan-tree.ts';

/** Writes the JSON of a row of the page. */
export type WriteObject = (plan: ObjectPlan, row: Alias) => readonly Item[];

/** What is asked of a page, and with what it is answered. */
interface Asked {
  readonly plan: ConnectionPlan;
  readonly row: Alias;
  /** Which rows there are at all: the caller's, or those of a relation. */
  readonly condition: string;
  /** The JSON of each object in the selection. */
  readonly objects: ReadonlyMap<ObjectPlan, readonly Item[]>;
  readonly names: ReadonlySet<string>;
}

const pageInfoNames = ['hasNextPage', 'hasPreviousPage', 'startCursor', 'endCursor'];

/** What the selection names, as far as it decides how the page is read. */
function namesIn(fields: readonly ConnectionField[]): ReadonlySet<string> {
  return new Set(
    fields.flatMap((field) => {
      if (field.kind === 'pageInfo') return [...field.fields.map(({ name }) => name as string), 'pageInfo'];
      return field.kind === 'edges' ? [...field.fields.map(({ kind }) => kind as string), 'edges'] : [field.kind];
    }),
  );
}

function objectsIn(fields: readonly ConnectionField[]): ObjectPlan[] {
  return fields.flatMap((field) => {
    if (field.kind === 'nodes') return [field.object];
    return field.kind === 'edges' ? field.fields.flatMap((edge) => (edge.kind === 'node' ? [edge.object] : [])) : [];
  });
}

/** One page under way: what was asked, and what its arguments say. */
interface PageSql extends Asked {
  readonly page: Page;
  /** Whether rows are numbered, to find the first and the last, or to turn them round. */
  readonly numbered: boolean;
  /** Whether one more row is read, to know whether others follow. */
  readonly oneMore: boolean;
  /** What the filter and the order need of the caller. */
  readonly needs: readonly Requirement[];
}

function pageSql(asked: Asked, args: ListArgs, open: OpenCursor): PageSql {
  const { plan, names } = asked;
  const needs = new Set<Requirement>();
  const page = planPage(plan.model, args, plan.defaultOrder, { need: (requirement) => needs.add(requirement), open });
  const oneMore = names.has(page.backward ? 'hasPreviousPage' : 'hasNextPage');
  const numbered = page.backward || pageInfoNames.some((name) => names.has(name));
  return { ...asked, page, oneMore, numbered, needs: [...needs] };
}

const and = (condition: string, model: string, where: Where, alias: string): Parts => [
  condition,
  ' and ',
  ...sqlParts(whereSql(model, where, alias)),
];

/** The columns that are taken out of the table: those of the selection, and the sort keys when a cursor is made of them. */
function columnsOf({ row, names }: PageSql, keys: readonly string[]): string {
  const withCursor = ['cursor', 'startCursor', 'endCursor'].some((name) => names.has(name));
  const own = [...row.used].map((field) => columnSql(row.name, row.model, field).text);
  return [...own, ...(withCursor ? keys.map((key, index) => `${key} as cursor_${index}`) : [])].join(', ');
}

/** The rows of the page, each with its number and the number of all when they are numbered. */
function rowsParts(asked: PageSql): Parts {
  const { page, row, condition, numbered, oneMore } = asked;
  const { joins, columns, order } = orderSql(row.model, row.name, page.backward ? reversed(page.keys) : page.keys);
  const rows = [
    `(select ${columnsOf(asked, columns)} from ${tableSql(row.model).text} as "${row.name}"${joins} where `,
    ...and(condition, row.model, page.query.where, row.name),
    ` order by ${order} limit ${page.size + (oneMore ? 1 : 0)}) as "${row.name}"`,
  ];
  if (!numbered) return rows;
  const numbers = 'row_number() over () as page_place, count(*) over () as page_rows';
  return [`(select "${row.name}".*, ${numbers} from `, ...rows, `) as "${row.name}"`];
}

/** All rows of the page as one list. */
function listItem({ page, oneMore, row }: PageSql, json: readonly Item[]): Item[] {
  const order = page.backward ? ` order by "${row.name}".page_place desc` : '';
  const filter = oneMore ? ` filter (where "${row.name}".page_place <= ${page.size})` : '';
  return [text('['), sql('string_agg(', ...concat(json), `, ','${order})${filter}`), text(']')];
}

const cursorOf = ({ page, row }: PageSql): Parts =>
  cursorSql(
    row.model,
    page.keys,
    page.keys.map((_, index) => `"${row.name}".cursor_${index}`),
  );

function edgeItems(asked: PageSql, fields: readonly EdgeField[]): Item[] {
  const members = fields.map((field): Member => {
    if (field.kind === 'typename') return [field.key, [text(`"${field.name}"`)]];
    if (field.kind === 'cursor') return [field.key, [text('"'), sql(...cursorOf(asked)), text('"')]];
    return [field.key, asked.objects.get(field.object) ?? []];
  });
  return listItem(asked, object(members));
}

function pageInfoItem(asked: PageSql, { name }: PageInfoField): Item {
  const { page, row } = asked;
  const place = `"${row.name}".page_place`;
  const last = `least("${row.name}".page_rows, ${page.size})`;
  const more = sql(`to_json(count(*) > ${page.size})`);
  const continued = text(String(page.continued));
  const cursorAt = (first: boolean): Item => {
    const at = `${place} <= ${page.size} and ${place} = ${first === page.backward ? last : 1}`;
    return sql(`coalesce(max('"' || `, ...cursorOf(asked), ` || '"') filter (where ${at}), 'null')`);
  };
  switch (name) {
    case '__typename':
      return text('"PageInfo"');
    case 'hasNextPage':
      return page.backward ? continued : more;
    case 'hasPreviousPage':
      return page.backward ? more : continued;
    case 'startCursor':
      return cursorAt(true);
    case 'endCursor':
      return cursorAt(false);
  }
}

function totalItem({ page, row, condition }: PageSql): Item {
  const from = `(select count(*) from ${tableSql(row.model).text} as "${row.name}" where `;
  return sql(from, ...and(condition, row.model, page.matching, row.name), ')');
}

function fieldItems(asked: PageSql, field: ConnectionField): readonly Item[] {
  switch (field.kind) {
    case 'typename':
      return [text(`"${field.name}"`)];
    case 'totalCount':
      return [totalItem(asked)];
    case 'nodes':
      return listItem(asked, asked.objects.get(field.object) ?? []);
    case 'edges':
      return edgeItems(asked, field.fields);
    case 'pageInfo':
      return object(field.fields.map((inner): Member => [inner.key, [pageInfoItem(asked, inner)]]));
  }
}

/** Whether anything is made of the rows: all that is makes one value of many, so one row comes out. */
const readsRows = ({ names, oneMore }: PageSql): boolean =>
  oneMore || ['nodes', 'edges', 'startCursor', 'endCursor'].some((name) => names.has(name));

function connectionJson(asked: PageSql): Parts {
  const members = asked.plan.fields.map((field): Member => [field.key, fieldItems(asked, field)]);
  const from = readsRows(asked) ? [' from ', ...rowsParts(asked)] : [];
  return [{ needs: asked.needs }, '(select ', ...concat(object(members)), ...from, ')'];
}

/**
 * A connection.
 *
 * @param condition which rows there are at all, as SQL on the table under the alias.
 * @throws GatewayError BAD_USER_INPUT as `planPage` does, here or when the parts are written.
 */
export function connectionParts(
  plan: ConnectionPlan,
  condition: (row: Alias) => string,
  aliases: Aliases,
  write: WriteObject,
): Parts {
  const row = aliases.of(plan.model);
  // Before anything is written: what the objects take of the row is then known.
  const objects = new Map(objectsIn(plan.fields).map((inner) => [inner, write(inner, row)]));
  const asked = { plan, row, condition: condition(row), objects, names: namesIn(plan.fields) };
  return fromGiven(plan.args, (args, open) => connectionJson(pageSql(asked, args, open)));
}
