/**
 * Runs a compiled read: binds, sends, and passes the text of the answer on as it came.
 *
 * Takes a request and its caller; gives the text, or null when the resolvers must answer: the operation is not compiled, the
 * caller lacks a permission that it asks for, or a value is missing that the schema promises. They run it anew and say why.
 */
import { type Caller, isAllowed, ownerOf, type RequestInfo, type Scope } from '../auth/scope.ts';
import { lackingPermission } from '../db/demand.ts';
import type { OrgRead, RunOrgRead } from '../db/org-read.ts';
import { translateError } from '../db/postgres-errors.ts';
import { statementNames } from '../db/statement-names.ts';
import { GatewayError } from '../errors.ts';
import type { Cursors } from '../graphql/sealed-cursors.ts';
import { type Compile, type CompiledRead, isRefused, type Operation, type Refused } from './compile.ts';
import { sealCursors } from './cursor-sql.ts';

export interface ReadAnswer {
  /** `{"data":...}` */
  readonly text: string;
  readonly scope: Scope;
}

export interface CompiledReadsOptions {
  readonly compile: Compile;
  readonly run: RunOrgRead;
  readonly preparedStatements: boolean;
  readonly cursors: Cursors;
  /** Told of every read: what left it to the resolvers, or null. */
  readonly onRead: (refused: Refused | null, request: RequestInfo) => void;
  /** Called after each answered read with the scope it ran in. */
  readonly onEntered: (scope: Scope) => void;
}

/** @throws GatewayError when the database turns the caller away, takes too long, or is not there. */
export type AnswerRead = (operation: Operation, caller: Caller, request: RequestInfo) => Promise<ReadAnswer | null>;

const because = (reason: string): Refused => ({ field: null, reason });

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

/** What the resolvers would meet as well is thrown; what they can explain is a reason to ask them. */
function reasonOf(error: unknown): Refused {
  if (codeOf(error) === lackingPermission)
    return because(error instanceof Error ? error.message : 'a permission is lacking');
  const translated = translateError(error);
  if (translated instanceof GatewayError && codeOf(error) !== '42501') throw translated;
  return because(error instanceof Error ? `Postgres: ${error.message}` : 'Postgres failed');
}

const printedAgain = (text: string): string => JSON.stringify(JSON.parse(text));

/** Makes what answers reads. */
export function createCompiledReads({
  compile,
  run,
  preparedStatements,
  cursors,
  onRead,
  onEntered,
}: CompiledReadsOptions): AnswerRead {
  const nameOf = preparedStatements ? statementNames() : () => '';

  async function read(
    { statement, requirements, reprint }: CompiledRead,
    caller: Caller,
    request: RequestInfo,
    cursorOrgs: ReadonlySet<string | null>,
  ): Promise<ReadAnswer | Refused> {
    const name = nameOf(statement.text, ownerOf(caller));
    const found = await run(caller, request, { ...statement, name }, requirements).catch(reasonOf);
    if (isRefused(found)) return found;
    const { rows, scope }: OrgRead = found;
    for (const requirement of requirements)
      if (!isAllowed(scope, requirement)) return because(`the caller lacks ${requirement}`);
    if ([...cursorOrgs].some((orgId) => orgId !== scope.orgId)) return because('a cursor is of another organization');
    const text = sealCursors(String(rows[0]?.answer), (content) => cursors.seal({ orgId: scope.orgId, content }));
    return { text: reprint ? printedAgain(text) : text, scope };
  }

  return async (operation, caller, request) => {
    // The organization of the caller is known after the read; of which one a cursor is, is noted until then.
    const cursorOrgs = new Set<string | null>();
    const compiled = compile(operation, (cursor) => {
      const opened = cursors.open(cursor);
      if (opened) cursorOrgs.add(opened.orgId);
      return opened?.content ?? null;
    });
    const answer = isRefused(compiled) ? compiled : await read(compiled, caller, request, cursorOrgs);
    onRead(isRefused(answer) ? answer : null, request);
    if (isRefused(answer)) return null;
    onEntered(answer.scope);
    return answer;
  };
}
