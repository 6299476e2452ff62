/**
 * What graphql-js says of a document, without the values that it repeats. Its sentences begin with words of its own, so the
 * first mark in one is where a value begins.
 */

/** How a sentence begins, and what stands before the value in it. */
const marks: readonly (readonly [start: string, mark: string])[] = [
  ['Expected value of type "', ', found '],
  ['Argument "', ' has invalid value '],
  ['Syntax Error: ', 'Name "'],
  ['Syntax Error: ', 'String "'],
  ['Syntax Error: ', 'Int "'],
  ['Syntax Error: ', 'Float "'],
];

function endOf(message: string, mark: string): number {
  const at = message.indexOf(mark);
  if (at < 0) return message.length;
  return mark.endsWith(' "') ? at + mark.length - 2 : at;
}

/** A sentence of graphql-js without values. */
export function withoutValues(message: string): string {
  const ends = marks.filter(([start]) => message.startsWith(start)).map(([, mark]) => endOf(message, mark));
  const end = Math.min(message.length, ...ends);
  return end < message.length ? `${message.slice(0, end)}.` : message;
}
