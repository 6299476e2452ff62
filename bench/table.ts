/** Tables for people: columns as wide as their widest cell, numbers at the right. */

export type Cell = string | number | undefined;

const text = (cell: Cell): string => (cell === undefined ? '' : String(cell));

/** Writes a table without lines; a column that holds only numbers stands at the right. */
export function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const columns = head.map((title, column) => {
    const values = rows.map((row) => text(row[column]));
    const isNumber = values.every((value) => /^-?[\d.]*$/.test(value));
    const cells = [title, ...values];
    const width = Math.max(...cells.map((cell) => cell.length));
    return cells.map((cell) => (isNumber ? cell.padStart(width) : cell.padEnd(width)));
  });
  const lines = Array.from({ length: rows.length + 1 }, (_, line) => columns.map((column) => column[line]).join('  '));
  return lines.map((line) => `  ${line.trimEnd()}`).join('\n');
}
