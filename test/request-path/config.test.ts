import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig } from '../../src/config.ts';
import { projectRoot } from '../../src/root.ts';

const secret = 'a-secret-of-the-tests-that-is-long-enough';
const production = { NODE_ENV: 'production', JWT_SECRET: secret, JWT_ISSUER: 'issuer', JWT_AUDIENCE: 'audience' };

/** The sentence that a start with these variables ends with. */
function sentenceFor(env: Readonly<Record<string, string>>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return error instanceof Error ? error.message : '';
  }
  return 'none';
}

/** Every variable that is read, in whichever mode. */
function variablesRead(): Set<string> {
  const names = new Set<string>();
  const noting = (env: Readonly<Record<string, string>>) =>
    new Proxy(env, {
      get(target, name) {
        names.add(String(name));
        return Reflect.get(target, name);
      },
    });
  readConfig(noting({}));
  readConfig(noting(production));
  return names;
}

describe('.env.example', () => {
  const text = readFileSync(join(projectRoot, '.env.example'), 'utf8');
  const lines = text.split('\n').filter((line) => /^#?[A-Z0-9_]+=/.test(line));
  const defaults = Object.fromEntries(lines.map((line) => line.replace('#', '').split('=') as [string, string]));

  test('lists every variable that is read, and no other', () => {
    expect(Object.keys(defaults).sort()).toEqual([...variablesRead()].sort());
    expect(lines.length).toBe(Object.keys(defaults).length);
  });

  test('shows the defaults: setting them changes nothing', () => {
    expect(readConfig(defaults)).toEqual(readConfig({}));
  });

  test('sets nothing by itself', () => {
    expect(lines.filter((line) => !line.startsWith('#'))).toEqual([]);
  });

  test('says something of each, and keeps to the width', () => {
    const paragraphs = text.split(/\n\n+/).filter((paragraph) => /^#?[A-Z0-9_]+=/m.test(paragraph));
    expect(paragraphs.filter((paragraph) => !paragraph.startsWith('# '))).toEqual([]);
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(120);
  });
});

test.each<[string, Record<string, string>, string | undefined]>([
  ['a secret of their own', { CURSOR_SECRET: 'c'.repeat(32), JWT_SECRET: secret }, 'c'.repeat(32)],
  ['that of the tokens', { JWT_SECRET: secret }, secret],
  [
    'the password of the database',
    { JWKS_URL: 'https://id.example', DATABASE_URL: 'postgres://a:b@c/d' },
    'postgres://a:b@c/d',
  ],
  ['one of each process', { JWKS_URL: 'https://id.example', DATABASE_URL: 'postgres://c/d' }, undefined],
])('cursors are sealed with %s', (_, env, expected) => {
  expect(readConfig(env).cursorSecret).toBe(expected);
});

describe('a wrong variable stops the start with a sentence', () => {
  test.each<[string, Record<string, string>, string]>([
    ['PORT', { PORT: 'four thousand' }, 'PORT expects a whole number from 0 to 65535, not "four thousand".'],
    ['PORT', { PORT: '65536' }, 'PORT expects a whole number from 0 to 65535, not "65536".'],
    [
      'DATABASE_POOL_SIZE',
      { DATABASE_POOL_SIZE: '1.5' },
      'DATABASE_POOL_SIZE expects a whole number from 1 to 500, not "1.5".',
    ],
    ['NODE_ENV', { NODE_ENV: 'prod' }, 'NODE_ENV expects one of development, test, production, not "prod".'],
    ['LOG_LEVEL', { LOG_LEVEL: 'loud' }, 'LOG_LEVEL expects one of debug, info, warn, error, silent, not "loud".'],
    ['GRAPHIQL', { GRAPHIQL: 'maybe' }, 'GRAPHIQL expects on or off, not "maybe".'],
    [
      'DATABASE_URL',
      { DATABASE_URL: 'mysql://x:hunter2@y/z' },
      'DATABASE_URL expects an address that begins with postgres:// or postgresql://.',
    ],
    [
      'DATABASE_URL',
      { DATABASE_URL: 'localhost' },
      'DATABASE_URL expects an address that begins with postgres:// or postgresql://.',
    ],
    ['JWKS_URL', { JWKS_URL: 'keys.json' }, 'JWKS_URL expects an address that begins with http:// or https://.'],
    [
      'CORS_ORIGINS',
      { CORS_ORIGINS: 'https://a.example, b.example' },
      'CORS_ORIGINS expects origins such as https://app.example.com, with commas between, not "b.example".',
    ],
    [
      'CORS_ORIGINS',
      { CORS_ORIGINS: 'https://a.example/' },
      'CORS_ORIGINS expects origins such as https://app.example.com, with commas between, not "https://a.example/".',
    ],
    [
      'JWT_SECRET',
      { JWT_SECRET: 'short' },
      'JWT_SECRET expects 32 characters or more, and not the development secret.',
    ],
    [
      'JWT_SECRET',
      { JWT_SECRET: secret, JWKS_URL: 'https://id.example/keys' },
      'JWT_SECRET and JWKS_URL exclude each other: set one of them.',
    ],
    [
      'FILES_SECRET',
      { FILES_SECRET: 'short' },
      'FILES_SECRET expects 32 characters or more, and not the development secret.',
    ],
    [
      'CREDENTIALS_KEY',
      { CREDENTIALS_KEY: 'short' },
      'CREDENTIALS_KEY expects 32 characters or more, and not the development secret.',
    ],
    ['CURSOR_SECRET', { CURSOR_SECRET: 'short' }, 'CURSOR_SECRET expects 32 characters or more.'],
    [
      'CREDENTIALS_KEY_PREVIOUS',
      { CREDENTIALS_KEY: secret, CREDENTIALS_KEY_PREVIOUS: secret },
      'CREDENTIALS_KEY_PREVIOUS and CREDENTIALS_KEY are the same.',
    ],
    ['FILE_MAX_BYTES', { FILE_MAX_BYTES: '0' }, 'FILE_MAX_BYTES expects a whole number from 1 to 268435456, not "0".'],
    ['S3_BUCKET', { S3_BUCKET: 'My Bucket' }, 'S3_BUCKET expects a bucket name.'],
    ['S3_BUCKET', { S3_BUCKET: 'files' }, 'S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY are needed with S3_BUCKET.'],
    [
      'STATEMENT_TIMEOUT_MS',
      { STATEMENT_TIMEOUT_MS: '9000' },
      'STATEMENT_TIMEOUT_MS must be below TRANSACTION_TIMEOUT_MS, and that below REQUEST_TIMEOUT_MS.',
    ],
    [
      'STATEMENT_TIMEOUT_MS',
      { REQUEST_TIMEOUT_MS: '8000' },
      'STATEMENT_TIMEOUT_MS must be below TRANSACTION_TIMEOUT_MS, and that below REQUEST_TIMEOUT_MS.',
    ],
    [
      'JWT_CLOCK_TOLERANCE_SECONDS',
      { JWT_CLOCK_TOLERANCE_SECONDS: '61' },
      'JWT_CLOCK_TOLERANCE_SECONDS expects a whole number from 0 to 60, not "61".',
    ],
  ])('%s of %o', (_name, env, sentence) => {
    expect(sentenceFor(env)).toBe(sentence);
  });

  test.each<[string, Record<string, string>, string]>([
    ['a key', { JWT_SECRET: '' }, 'JWT_SECRET (32 characters or more) or JWKS_URL is needed in production.'],
    [
      'a key of its own',
      { JWT_SECRET: 'development-secret-of-the-demo-people-do-not-use' },
      'JWT_SECRET expects 32 characters or more, and not the development secret.',
    ],
    ['an issuer', { JWT_ISSUER: ' ' }, 'JWT_ISSUER is missing: it expects the "iss" of the tokens.'],
    [
      'a database of its own making',
      { SEED_ON_START: 'on' },
      'SEED_ON_START expects off in production: the demo is not for it.',
    ],
    [
      'a key of its own for credentials',
      { CREDENTIALS_KEY: 'development-key-of-the-demo-credentials-do-not-use' },
      'CREDENTIALS_KEY expects 32 characters or more, and not the development secret.',
    ],
    ['an audience', { JWT_AUDIENCE: '' }, 'JWT_AUDIENCE is missing: it expects the "aud" of the tokens.'],
  ])('production without %s', (_what, env, sentence) => {
    expect(sentenceFor({ ...production, ...env })).toBe(sentence);
  });
});

test('in production nothing is offered to strangers, and it listens to everybody', () => {
  const config = readConfig(production);
  expect(config).toMatchObject({
    production: true,
    graphiql: false,
    host: '0.0.0.0',
    drainDelayMs: 5_000,
    corsOrigins: [],
  });
  expect(config.database.seedOnStart).toBe(false);
  const server = { DATABASE_URL: 'postgresql://x/y', SERVICE_DATABASE_URL: 'postgresql://z/y' };
  expect(readConfig({ ...production, ...server }).database.migrateOnStart).toBe(false);
  expect(() => readConfig({ ...production, DATABASE_URL: 'postgresql://x/y' })).toThrow(
    "SERVICE_DATABASE_URL is needed in production: the login of the server's own work.",
  );
  expect(() => readConfig({ SERVICE_DATABASE_URL: 'postgresql://z/y' })).toThrow('set DATABASE_URL too');
});

test('the configuration is frozen, and blanks around values do not count', () => {
  const config = readConfig({ PORT: ' 8080 ', CORS_ORIGINS: ' https://a.example ,, https://b.example:8443 ' });
  expect(Object.isFrozen(config)).toBe(true);
  expect([config.port, config.corsOrigins]).toEqual([8080, ['https://a.example', 'https://b.example:8443']]);
});

test('the time-outs stand in order, and together stay below the limit of a request', () => {
  const { statementMs, transactionMs, requestMs, poolWaitMs } = readConfig({}).timeouts;
  expect(statementMs).toBeLessThan(transactionMs);
  expect(poolWaitMs + transactionMs).toBeLessThan(requestMs);
});
