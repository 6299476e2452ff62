/**
 * The only reader of the environment. Everything is read and checked once, at the start; a missing or wrong variable
 * stops the start with one sentence that names it and what it expects. `.env.example` lists them all.
 */

import { existsSync } from 'node:fs';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** A wrong or missing variable. The message is a sentence for the person who starts the server. */
export class ConfigError extends Error {
  constructor(name: string, expectation: string) {
    super(`${name} ${expectation}`);
    this.name = 'ConfigError';
  }
}

/** Whether the test suite is running: developers' mistakes that are only slow elsewhere are errors there. */
export const testing = process.env.NODE_ENV === 'test';

export type Config = ReturnType<typeof readConfig>;

/** The secret that signs the tokens of the demo people. Refused in production. */
export const developmentSecret = 'development-secret-of-the-demo-people-do-not-use';

/** What seals the addresses of the demo's files, and what encrypts its credentials. Refused in production. */
export const developmentFilesSecret = 'development-secret-of-the-demo-files-do-not-use';
export const developmentCredentialsKey = 'development-key-of-the-demo-credentials-do-not-use';

const text = (env: Environment, name: string, fallback: string): string => env[name]?.trim() || fallback;

const required = (env: Environment, name: string, expectation: string): string => {
  const value = optional(env, name);
  if (value === undefined) throw new ConfigError(name, `is missing: ${expectation}`);
  return value;
};

const optional = (env: Environment, name: string): string | undefined => env[name]?.trim() || undefined;

const integer = (env: Environment, name: string, fallback: number, min: number, max: number): number => {
  const value = optional(env, name);
  const number = value === undefined ? fallback : Number(value);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw new ConfigError(name, `expects a whole number from ${min} to ${max}, not "${value}".`);
  }
  return number;
};

const flag = (env: Environment, name: string, fallback: boolean): boolean => {
  const value = optional(env, name)?.toLowerCase();
  if (value === undefined) return fallback;
  if (['on', 'true', '1', 'yes'].includes(value)) return true;
  if (['off', 'false', '0', 'no'].includes(value)) return false;
  throw new ConfigError(name, `expects on or off, not "${value}".`);
};

const choice = <T extends string>(env: Environment, name: string, choices: readonly T[], fallback: T): T => {
  const value = optional(env, name) ?? fallback;
  const found = choices.find((candidate) => candidate === value);
  if (!found) throw new ConfigError(name, `expects one of ${choices.join(', ')}, not "${value}".`);
  return found;
};

const address = (env: Environment, name: string, protocols: readonly string[]): string | undefined => {
  const value = optional(env, name);
  if (value === undefined) return undefined;
  if (!URL.canParse(value) || !protocols.includes(new URL(value).protocol)) {
    throw new ConfigError(name, `expects an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}.`);
  }
  return value;
};

const isOrigin = (text: string): boolean => text === '*' || (URL.canParse(text) && new URL(text).origin === text);

/** A secret of 32 characters or more; unless given that of development, which production has not and does not take. */
function secret(env: Environment, name: string, production: boolean, development?: string): string | undefined {
  const value = optional(env, name);
  if (value === undefined) return production ? undefined : development;
  if (value.length >= 32 && !(production && value === development)) return value;
  throw new ConfigError(name, `expects 32 characters or more${development ? ', and not the development secret' : ''}.`);
}

const origins = (env: Environment, name: string): readonly string[] => {
  const items = (optional(env, name) ?? '').split(',').map((item) => item.trim());
  const wrong = items.filter(Boolean).find((item) => !isOrigin(item));
  if (wrong)
    throw new ConfigError(
      name,
      `expects origins such as https://app.example.com, with commas between, not "${wrong}".`,
    );
  return items.filter(Boolean);
};

function readAuth(env: Environment, production: boolean) {
  const jwksUrl = address(env, 'JWKS_URL', ['http:', 'https:']);
  const given = optional(env, 'JWT_SECRET');
  if (jwksUrl && given) throw new ConfigError('JWT_SECRET', 'and JWKS_URL exclude each other: set one of them.');
  if (production && !jwksUrl && !given) {
    throw new ConfigError('JWT_SECRET', '(32 characters or more) or JWKS_URL is needed in production.');
  }
  if (given && (given.length < 32 || (production && given === developmentSecret))) {
    throw new ConfigError('JWT_SECRET', 'expects 32 characters or more, and not the development secret.');
  }
  return {
    secret: jwksUrl ? undefined : (given ?? developmentSecret),
    jwksUrl,
    issuer: production
      ? required(env, 'JWT_ISSUER', 'it expects the "iss" of the tokens.')
      : text(env, 'JWT_ISSUER', 'tenant-gateway'),
    audience: production
      ? required(env, 'JWT_AUDIENCE', 'it expects the "aud" of the tokens.')
      : text(env, 'JWT_AUDIENCE', 'tenant-gateway'),
    clockToleranceSeconds: integer(env, 'JWT_CLOCK_TOLERANCE_SECONDS', 30, 0, 60),
    maxTokenAgeSeconds: integer(env, 'JWT_MAX_AGE_SECONDS', 86_400, 60, 31_536_000),
    assumeEmailVerified: flag(env, 'JWT_ASSUME_EMAIL_VERIFIED', false),
    jwksMaxStaleSeconds: integer(env, 'JWKS_MAX_STALE_SECONDS', 3_600, 600, 86_400),
  };
}

function readTimeouts(env: Environment) {
  const statementMs = integer(env, 'STATEMENT_TIMEOUT_MS', 5_000, 100, 600_000);
  const transactionMs = integer(env, 'TRANSACTION_TIMEOUT_MS', 8_000, 200, 600_000);
  const requestMs = integer(env, 'REQUEST_TIMEOUT_MS', 12_000, 300, 600_000);
  if (!(statementMs < transactionMs && transactionMs < requestMs)) {
    throw new ConfigError(
      'STATEMENT_TIMEOUT_MS',
      'must be below TRANSACTION_TIMEOUT_MS, and that below REQUEST_TIMEOUT_MS.',
    );
  }
  return { statementMs, transactionMs, requestMs, poolWaitMs: integer(env, 'POOL_WAIT_MS', 3_000, 50, 60_000) };
}

function readSeed(env: Environment, url: string | undefined, production: boolean): boolean {
  const seed = flag(env, 'SEED_ON_START', url === undefined && !production);
  if (seed && production) throw new ConfigError('SEED_ON_START', 'expects off in production: the demo is not for it.');
  return seed;
}

function readDatabase(env: Environment, production: boolean) {
  const url = address(env, 'DATABASE_URL', ['postgres:', 'postgresql:']);
  const serviceUrl = address(env, 'SERVICE_DATABASE_URL', ['postgres:', 'postgresql:']);
  if (production && url && !serviceUrl) {
    throw new ConfigError('SERVICE_DATABASE_URL', "is needed in production: the login of the server's own work.");
  }
  if (serviceUrl && !url) throw new ConfigError('SERVICE_DATABASE_URL', 'is for a server: set DATABASE_URL too.');
  return {
    url,
    /** The login of the server's own work; that of requests when undefined. */
    serviceUrl,
    migrationUrl: address(env, 'MIGRATION_DATABASE_URL', ['postgres:', 'postgresql:']) ?? url,
    dataDir: text(env, 'DATA_DIR', '.data'),
    poolSize: integer(env, 'DATABASE_POOL_SIZE', 10, 1, 500),
    preparedStatements: flag(env, 'PREPARED_STATEMENTS', true),
    migrateOnStart: flag(env, 'MIGRATE_ON_START', !production || url === undefined),
    seedOnStart: readSeed(env, url, production),
  };
}

function readEmbedder(env: Environment) {
  const url = address(env, 'EMBEDDING_URL', ['http:', 'https:']);
  return {
    url,
    apiKey: optional(env, 'EMBEDDING_API_KEY'),
    model: text(env, 'EMBEDDING_MODEL', 'text-embedding-3-small'),
    timeoutMs: integer(env, 'EMBEDDING_TIMEOUT_MS', 3_000, 100, 60_000),
  };
}

function readS3(env: Environment) {
  const bucket = optional(env, 'S3_BUCKET');
  const endpoint = address(env, 'S3_ENDPOINT', ['http:', 'https:']);
  const region = text(env, 'S3_REGION', 'us-east-1');
  const accessKeyId = optional(env, 'S3_ACCESS_KEY_ID');
  const secretAccessKey = optional(env, 'S3_SECRET_ACCESS_KEY');
  if (bucket === undefined) return undefined;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw new ConfigError('S3_BUCKET', 'expects a bucket name.');
  if (!accessKeyId || !secretAccessKey) {
    throw new ConfigError('S3_ACCESS_KEY_ID', 'and S3_SECRET_ACCESS_KEY are needed with S3_BUCKET.');
  }
  return { bucket, endpoint, region, accessKeyId, secretAccessKey };
}

function readFiles(env: Environment, production: boolean, { host, port }: { host: string; port: number }) {
  const here = `http://${host === '0.0.0.0' ? 'localhost' : host}:${port}`;
  return {
    maxBytes: integer(env, 'FILE_MAX_BYTES', 26_214_400, 1, 268_435_456),
    folder: text(env, 'FILES_DIR', join(text(env, 'DATA_DIR', '.data'), 'files')),
    secret: secret(env, 'FILES_SECRET', production, developmentFilesSecret),
    publicUrl: address(env, 'PUBLIC_URL', ['http:', 'https:']) ?? (production ? undefined : here),
    s3: readS3(env),
  };
}

function readCredentials(env: Environment, production: boolean) {
  const key = secret(env, 'CREDENTIALS_KEY', production, developmentCredentialsKey);
  const previous = secret(env, 'CREDENTIALS_KEY_PREVIOUS', production);
  if (previous !== undefined && previous === key) {
    throw new ConfigError('CREDENTIALS_KEY_PREVIOUS', 'and CREDENTIALS_KEY are the same.');
  }
  return { key, previous };
}

/**
 * What cursors are sealed with: a secret of their own, else that of the tokens, else the address of the database with its
 * password. Without any of them each process seals its own.
 */
function readCursorSecret(env: Environment, production: boolean, tokens: string | undefined, url: string | undefined) {
  return secret(env, 'CURSOR_SECRET', production) ?? tokens ?? (url && new URL(url).password ? url : undefined);
}

function readStripe(env: Environment) {
  const webhookSecret = optional(env, 'STRIPE_WEBHOOK_SECRET');
  if (webhookSecret !== undefined && webhookSecret.length < 16)
    throw new ConfigError('STRIPE_WEBHOOK_SECRET', 'expects the signing secret of the endpoint, as Stripe shows it.');
  return { webhookSecret };
}

function readLimits(env: Environment) {
  return {
    bodyBytes: integer(env, 'MAX_BODY_BYTES', 1_048_576, 1_024, 104_857_600),
    tokens: integer(env, 'MAX_TOKENS', 2_000, 100, 100_000),
    depth: integer(env, 'MAX_DEPTH', 12, 3, 100),
    aliases: integer(env, 'MAX_ALIASES', 30, 1, 10_000),
    cost: integer(env, 'MAX_COST', 100_000, 100, 100_000_000),
  };
}

/** The environment of the process; a file `.env` in the working folder adds what is not set. */
export function readEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

/**
 * Reads and checks the whole configuration.
 *
 * @throws ConfigError for the first variable that is missing or wrong.
 */
export function readConfig(env: Environment = readEnvironment()) {
  const environment = choice(env, 'NODE_ENV', ['development', 'test', 'production'], 'development');
  const production = environment === 'production';
  const host = text(env, 'HOST', production ? '0.0.0.0' : '127.0.0.1');
  const port = integer(env, 'PORT', 4000, 0, 65_535);
  const auth = readAuth(env, production);
  const database = readDatabase(env, production);
  return Object.freeze({
    production,
    host,
    port,
    logLevel: choice(env, 'LOG_LEVEL', ['debug', 'info', 'warn', 'error', 'silent'], 'info'),
    requestLog: choice(env, 'REQUEST_LOG', ['off', 'keys', 'all'], 'keys'),
    graphiql: flag(env, 'GRAPHIQL', !production),
    compiledReads: flag(env, 'COMPILED_READS', true),
    /** Whether owners choose any plan by themselves, without paying. */
    selfServicePlans: flag(env, 'SELF_SERVICE_PLANS', !production),
    stripe: readStripe(env),
    corsOrigins: origins(env, 'CORS_ORIGINS'),
    trustProxy: flag(env, 'TRUST_PROXY', false),
    drainDelayMs: integer(env, 'DRAIN_DELAY_MS', production ? 5_000 : 0, 0, 600_000),
    drainTimeoutMs: integer(env, 'DRAIN_TIMEOUT_MS', 15_000, 0, 600_000),
    auth,
    database,
    timeouts: readTimeouts(env),
    limits: readLimits(env),
    embedder: readEmbedder(env),
    files: readFiles(env, production, { host, port }),
    credentials: readCredentials(env, production),
    cursorSecret: readCursorSecret(env, production, auth.secret, database.url),
  });
}
