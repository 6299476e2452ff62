/**
 * What may be wrong with two answers to one operation, in words that are enough to see it again.
 */
import { type Caller, hasErrors, type Operation, type RawAnswer } from './operation.ts';

/** Both answers, and why the compiler left the operation to the resolvers; null when it did not. */
export interface Both {
  readonly compiled: RawAnswer;
  readonly plain: RawAnswer;
  readonly refused: string | null;
}

/** The answers differ, a compiled statement fails that the resolvers can do without, or the server itself does. */
export type Fault = 'difference' | 'failed statement' | 'failed server';

const isFailure = ({ body }: RawAnswer): boolean => /"code":"(INTERNAL|TIMEOUT|UNAVAILABLE)"/.test(body);

/** What is wrong; null when nothing is. */
export function faultOf({ compiled, plain, refused }: Both): Fault | null {
  if (compiled.status !== plain.status || compiled.type !== plain.type || compiled.body !== plain.body)
    return 'difference';
  if (isFailure(plain)) return 'failed server';
  return refused?.includes('Postgres') && !hasErrors(plain) ? 'failed statement' : null;
}

const shown = 200;

/** The place where two texts part, and what follows there. */
function parting(one: string, other: string): string {
  let at = 0;
  while (at < Math.max(one.length, other.length) && one[at] === other[at]) at++;
  const from = Math.max(0, at - 60);
  const part = (text: string) => text.slice(from, at + shown);
  return `from character ${from}, parting at ${at}\n  compiled:  ${part(one)}\n  resolvers: ${part(other)}`;
}

/** Everything that is needed to see a fault again. */
export function describeFault(caller: Caller, operation: Operation, both: Both): string {
  const { compiled, plain, refused } = both;
  return [
    `${faultOf(both)}, asked by ${caller.name}:`,
    operation.query,
    `variables: ${JSON.stringify(operation.variables)}`,
    ...(operation.operationName ? [`operation: ${operation.operationName}`] : []),
    `compiled:  ${compiled.status} ${compiled.type}${refused ? `, left to the resolvers: ${refused}` : ''}`,
    `resolvers: ${plain.status} ${plain.type}`,
    `bodies ${parting(compiled.body, plain.body)}`,
  ].join('\n');
}
