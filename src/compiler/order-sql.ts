/**
 * The order of a page as SQL: its expressions, and the joins to the rows that it sorts by.
 */
import { modelField } from '../graphql/model.ts';
import type { SortKey } from '../graphql/order.ts';
import { columnSql, joinSql, tableSql } from '../graphql/sql-names.ts';

export interface OrderSql {
  /** `left join ...`, for keys in other rows. */
  readonly joins: string;
  /** The value of each key. */
  readonly columns: readonly string[];
  /** What stands after `order by`. */
  readonly order: string;
}

/** Postgres puts rows without a value last when ascending and first when descending, and so do its indexes. */
const direction = ({ direction, nulls }: SortKey): string =>
  nulls === (direction === 'asc' ? 'last' : 'first') ? direction : `${direction} nulls ${nulls}`;

/**
 * Writes an order.
 *
 * @param keys in the direction in which the rows are read.
 * @param alias of the table that is sorted.
 */
export function orderSql(model: string, alias: string, keys: readonly SortKey[]): OrderSql {
  const joins = new Map<string, { alias: string; sql: string }>();

  /** The alias of the row that a path of relations leads to, joined once for all keys. */
  function joined(path: readonly string[]): { model: string; alias: string } {
    if (path.length === 0) return { model, alias };
    const from = joined(path.slice(0, -1));
    const relation = modelField(from.model, path.at(-1) ?? '');
    const place = path.join('.');
    const known = joins.get(place) ?? { alias: `${alias}_${joins.size + 1}`, sql: '' };
    const on = joinSql(from.model, relation, from.alias, known.alias).text;
    joins.set(place, { ...known, sql: ` left join ${tableSql(relation.type).text} as "${known.alias}" on ${on}` });
    return { model: relation.type, alias: known.alias };
  }

  const columns = keys.map(({ path }) => {
    const at = joined(path.slice(0, -1));
    return columnSql(at.alias, at.model, path.at(-1) ?? '').text;
  });
  const order = keys.map((key, index) => `${columns[index]} ${direction(key)}`).join(', ');
  return { joins: [...joins.values()].map(({ sql }) => sql).join(''), columns, order };
}
