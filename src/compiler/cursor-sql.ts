/**
 * A row's cursor as SQL: the content that `encodeCursor` makes of the row's sort keys. It is sealed in the text of the answer,
 * where a character marks both its ends that JSON never holds bare.
 */
import { signature } from '../graphql/cursor.ts';
import type { SortKey } from '../graphql/order.ts';
import type { SealCursor } from '../graphql/sealed-cursors.ts';
import { concat, type Item, sql, text } from './json-text.ts';
import type { Parts } from './parts.ts';
import { NotCompiled } from './planning.ts';
import { decimalText, isoText } from './scalars.ts';

/** Between two of these stands the content of a cursor. */
const mark = '\u0001';

const orNull = (expression: string): Item => sql(`coalesce(${expression}, 'null')`);

/** A value as a JSON string, or null. */
function valueItem({ kind, path }: SortKey, column: string): Item {
  const quoted = (printed: string) => orNull(`'"' || ${printed} || '"'`);
  switch (kind) {
    case 'String':
      return orNull(`to_json(${column})`);
    case 'DateTime':
      return quoted(isoText(column));
    case 'Date':
      return quoted(`to_char(${column}, 'YYYY-MM-DD"T00:00:00.000Z"')`);
    case 'Decimal':
      return quoted(decimalText(column));
    case 'ID':
    case 'Int':
    case 'BigInt':
    case 'Boolean':
      return quoted(`${column}::text`);
    default:
      throw new NotCompiled(path.join('.'), `is a ${kind}, which SQL does not print in a cursor`);
  }
}

/**
 * The content of the cursor of a row in an order, between its marks.
 *
 * @param columns the values of the keys, as SQL.
 */
export function cursorSql(model: string, keys: readonly SortKey[], columns: readonly string[]): Parts {
  const values = keys.flatMap((key, index) => [text(','), valueItem(key, columns[index] ?? 'null')]);
  const json = concat([text(`["${signature(model, keys)}"`), ...values, text(']')]);
  return ['chr(1) || ', ...json, ' || chr(1)'];
}

/** Seals the cursors in the text of an answer. */
export function sealCursors(answer: string, seal: SealCursor): string {
  if (!answer.includes(mark)) return answer;
  return answer
    .split(mark)
    .map((piece, index) => (index % 2 === 1 ? seal(piece) : piece))
    .join('');
}
