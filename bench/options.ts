/** The options of `npm run bench`. */
import { parseArgs } from 'node:util';
import { type PartName, partNames } from './part.ts';
import { type QueryName, queryNames } from './queries.ts';
import { type ServerName, serverNames } from './servers.ts';

export interface Options {
  readonly json: boolean;
  readonly fresh: boolean;
  readonly seconds: number;
  readonly rounds: number;
  /** How long the soak takes. */
  readonly minutes: number;
  readonly parts: readonly PartName[];
  /** Absent: each part has its own. */
  readonly servers?: readonly ServerName[];
  readonly queries?: readonly QueryName[];
}

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
      minutes: { type: 'string', default: '5' },
      part: { type: 'string', default: 'reads' },
      only: { type: 'string' },
      query: { type: 'string' },
    },
  });
  return {
    json: values.json,
    fresh: values.fresh,
    seconds: whole('seconds', values.seconds),
    rounds: whole('rounds', values.rounds),
    minutes: positive('minutes', values.minutes),
    parts: values.part === 'all' ? partNames : choices('part', values.part, partNames),
    servers: values.only === undefined ? undefined : choices('only', values.only, serverNames),
    queries: values.query === undefined ? undefined : choices('query', values.query, queryNames),
  };
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name} expects a whole number above 0, not "${text}".`);
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new Error(`--${name} expects a number above 0, not "${text}".`);
}

/** Keeps the order of the known names, whatever the order in which they were given. */
function choices<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  const given = text.split(',');
  const wrong = given.find((name) => !known.some((one) => one === name));
  if (wrong !== undefined) throw new Error(`--${option} expects some of ${known.join(', ')}, not "${wrong}".`);
  return known.filter((name) => given.includes(name));
}
