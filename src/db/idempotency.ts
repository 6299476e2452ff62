/**
 * Mutations that a client may send again with the same `Idempotency-Key`. What was answered is kept in the transaction that
 * did the work, so both are saved or neither is; for a day the same request gets the same answer, and nothing runs.
 *
 * The database never holds the key, only its hash, and the answer encrypted with the key: an answer may hold a secret that is
 * shown once.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { ExecutionResult, OperationDefinitionNode } from 'graphql';
import { badInput } from '../errors.ts';
import type { Db } from './client.ts';

/** A request that may come again. */
export interface Repeatable {
  readonly key: string;
  /** The name of the operation, or of its first field. */
  readonly operation: string;
  /** The same for the same document and variables. */
  readonly hash: string;
}

/** What a request asks for. */
export interface Asked {
  readonly query?: string | null | undefined;
  readonly variables?: object | null | undefined;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** JSON that does not depend on the order of keys. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );

function nameOf({ name, selectionSet }: OperationDefinitionNode): string {
  const [first] = selectionSet.selections;
  return (name ?? (first?.kind === 'Field' ? first.name : undefined))?.value ?? 'mutation';
}

/**
 * The request of an `Idempotency-Key` header.
 *
 * @throws GatewayError BAD_USER_INPUT for a key that is too long, or not printable.
 */
export function repeatable(key: string, { query, variables }: Asked, operation: OperationDefinitionNode): Repeatable {
  if (!/^[\x20-\x7e]{1,255}$/.test(key)) throw badInput('Idempotency-Key expects 1 to 255 printable characters.');
  const name = nameOf(operation);
  return { key, operation: name, hash: digest(stable([query, name, variables ?? {}])).toString('hex') };
}

const hashOf = ({ key }: Repeatable): string => digest(key).toString('hex');
const cipherKey = ({ key }: Repeatable): Buffer => digest(`answer ${key}`);

interface Sealed {
  readonly iv: string;
  readonly tag: string;
  readonly text: string;
}

function seal(request: Repeatable, text: string): Sealed {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', cipherKey(request), iv);
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  return { iv: iv.toString('base64'), tag: cipher.getAuthTag().toString('base64'), text: sealed.toString('base64') };
}

function unseal(request: Repeatable, { iv, tag, text }: Sealed): string {
  const decipher = createDecipheriv('aes-256-gcm', cipherKey(request), Buffer.from(iv, 'base64'));
  decipher.setAuthTag(Buffer.from(tag, 'base64'));
  return decipher.update(text, 'base64', 'utf8') + decipher.final('utf8');
}

/**
 * Begins the work of a request, or gives what was answered to it before. Waits for one that is under way.
 *
 * @throws the database's GW008 when the key was sent with another request.
 */
export async function beginRepeatable(db: Db, request: Repeatable): Promise<ExecutionResult | null> {
  const [row] = await db.$queryRaw<{ kept: Sealed | null }[]>`
    select app.begin_idempotent(${hashOf(request)}, ${request.operation}, ${request.hash}) as kept`;
  return row?.kept ? (JSON.parse(unseal(request, row.kept)) as ExecutionResult) : null;
}

/** Keeps what is answered. */
export async function finishRepeatable(db: Db, request: Repeatable, { data }: ExecutionResult): Promise<void> {
  const sealed = JSON.stringify(seal(request, JSON.stringify({ data })));
  await db.$executeRaw`select app.finish_idempotent(${hashOf(request)}, ${sealed}::jsonb)`;
}
