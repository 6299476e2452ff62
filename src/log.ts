/**
 * The structured log: one JSON object a line. What must stay true: no credential, no document, no variable and no row
 * reaches it. Errors are therefore written by name, code, message and stack only: what Postgres and Prisma attach to
 * theirs (detail, bind values, the failing row) belongs to a tenant.
 */
import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino';
import type { Config } from './config.ts';

export type Logger = PinoLogger;

const secrets = ['authorization', 'token', 'secret', 'password', 'cookie', 'key'];

interface LoggedError {
  readonly type: string;
  readonly code?: unknown;
  readonly message: string;
  readonly stack?: string | undefined;
}

function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) };
  const code = 'code' in error ? { code: error.code } : {};
  return { type: error.name, ...code, message: error.message, stack: error.stack };
}

/** Makes the log; `destination` takes its lines, standard output unless given. */
export const createLogger = (level: Config['logLevel'], destination?: DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: describeError },
      redact: secrets.flatMap((name) => [name, `*.${name}`]),
    },
    destination,
  );
