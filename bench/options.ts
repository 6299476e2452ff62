/** The options of `npm run bench`. */
import { parseArgs } from 'node:util';
import { isQueryName, type QueryName, queryNames } from './queries.ts';
import { type ServerName, serverNames } from './servers.ts';

export interface Options {
  readonly json: boolean;
  readonly fresh: boolean;
  readonly seconds: number;
  readonly rounds: number;
  readonly servers: readonly ServerName[];
  readonly queries: readonly QueryName[];
}

const isServerName = (name: string): name is ServerName => serverNames.some((known) => known === name);

/**
 * Reads the command line.
 *
 * @throws Error with a sentence for the first option that is wrong.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      json: { type: 'boolean', default: false },
      fresh: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '8' },
      rounds: { type: 'string', default: '3' },
      only: { type: 'string', default: serverNames.join(',') },
      query: { type: 'string', default: queryNames.join(',') },
    },
  });
  return {
    json: values.json,
    fresh: values.fresh,
    seconds: positive('seconds', values.seconds),
    rounds: positive('rounds', values.rounds),
    servers: choices('only', values.only, isServerName, serverNames),
    queries: choices('query', values.query, isQueryName, queryNames),
  };
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} expects a whole number above 0, not "${text}".`);
}

/** Keeps the order of the known names, whatever the order in which they were given. */
function choices<T extends string>(
  option: string,
  text: string,
  isKnown: (name: string) => name is T,
  known: readonly T[],
): T[] {
  const given = text.split(',');
  const wrong = given.find((name) => !isKnown(name));
  if (wrong !== undefined) throw new Error(`--${option} expects some of ${known.join(', ')}, not "${wrong}".`);
  return known.filter((name) => given.includes(name));
}
