/**
 * Names of prepared statements: a text that comes again gets one, always the same, so that Postgres plans it once on each
 * connection. A text that comes once gets none, and takes nobody's place.
 */
import { createHash } from 'node:crypto';

export interface StatementNamesOptions {
  /** How many texts have a name at a time. */
  readonly most: number;
  /** Whether the text that was not used for longest gives up its name to a new one; else new texts go without. */
  readonly replace: boolean;
}

/** Makes a function that names texts; no name is ''. */
export function statementNames({ most, replace }: StatementNamesOptions): (text: string) => string {
  const names = new Map<string, string>();
  const seenOnce = new Set<string>();

  function use(text: string, name: string): string {
    names.delete(text);
    names.set(text, name);
    if (names.size > most) names.delete(names.keys().next().value ?? '');
    return name;
  }

  return (text) => {
    const known = names.get(text);
    if (known) return use(text, known);
    if (!replace && names.size >= most) return '';
    if (seenOnce.delete(text))
      return use(text, `g${createHash('sha256').update(text).digest('base64url').slice(0, 22)}`);
    if (seenOnce.size >= 5_000) seenOnce.clear();
    seenOnce.add(text);
    return '';
  };
}
