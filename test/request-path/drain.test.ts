import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/auth/token.ts';
import { readConfig } from '../../src/config.ts';
import { buildServer, type Started, startProcess, temporaryFolder } from '../support/process.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let authorization: string;
let running: Started[] = [];

beforeAll(async () => {
  await buildServer();
  folder = await temporaryFolder();
  // The first start makes the database; the tests are about those that follow.
  const first = startProcess(folder.path, { DATA_DIR: folder.path });
  await first.port;
  first.child.kill('SIGTERM');
  expect((await first.ended).code).toBe(0);
  const sub = '0199aaaa-bbbb-4ccc-8ddd-eeeeffff0000';
  authorization = `Bearer ${await signToken(readConfig({}).auth, { sub, email: 'ada@people.example' })}`;
});
afterEach(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGKILL');
    await ended;
  }
  running = [];
});
afterAll(() => folder.remove());

function start(env: Record<string, string> = {}, preload: string[] = []): Started {
  const started = startProcess(folder.path, { DATA_DIR: folder.path, ...env }, preload);
  running.push(started);
  return started;
}

const body = JSON.stringify({ query: '{ viewer { user { email } } }' });

/** A request that is under way: its head is sent, and all of its body but the last byte. */
function begin(port: number): { readonly finish: () => Promise<string>; readonly socket: Socket } {
  let heard = '';
  const socket = connect(port, '127.0.0.1');
  const head = `POST /graphql HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  socket.write(head + body.slice(0, -1));
  socket.on('data', (chunk) => {
    heard += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<string>((resolve) => socket.on('close', () => resolve(heard)));
  return {
    socket,
    finish() {
      socket.write(body.slice(-1));
      return closed;
    },
  };
}

const ask = (port: number) =>
  fetch(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body,
  });
const statusOf = async (port: number, path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;

describe('SIGTERM', () => {
  test('what is under way is finished, its connection closed, nothing new accepted, and the exit code is 0', async () => {
    const { child, port, ended } = start();
    expect((await ask(await port)).status).toBe(200);
    const request = begin(await port);
    await sleep(200);
    child.kill('SIGTERM');
    await sleep(200);
    await expect(ask(await port)).rejects.toThrow();
    const answer = await request.finish();
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(answer).toContain('{"data":{"viewer":{"user":{"email":"ada@people.example"}}}}');
    const { code, out, err } = await ended;
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('"signal":"SIGTERM","msg":"draining"');
  });

  test('with a delay /ready says no first, while requests are still answered', async () => {
    const { child, port, ended } = start({ DRAIN_DELAY_MS: '1500' });
    expect(await statusOf(await port, '/ready')).toBe(200);
    let closing = false;
    const client = async () => {
      while (!closing) {
        const response = await ask(await port);
        expect(response.status).toBe(200);
        await response.text();
        closing = response.headers.get('connection') === 'close';
      }
    };
    const clients = Array.from({ length: 4 }, client);
    await sleep(300);
    child.kill('SIGTERM');
    await sleep(300);
    expect([await statusOf(await port, '/ready'), await statusOf(await port, '/live')]).toEqual([503, 200]);
    expect((await ask(await port)).status).toBe(200);
    await Promise.all(clients);
    expect((await ended).code).toBe(0);
  });

  test('what does not finish in time is cut off', async () => {
    const { child, port, ended } = start({ DRAIN_TIMEOUT_MS: '300' });
    const { socket } = begin(await port);
    await sleep(200);
    const startedAt = performance.now();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    socket.destroy();
  });

  test('a second one ends it at once, with exit code 1', async () => {
    const { child, port, ended } = start({ DRAIN_TIMEOUT_MS: '60000' });
    const { socket } = begin(await port);
    await sleep(200);
    child.kill('SIGTERM');
    await sleep(200);
    child.kill('SIGTERM');
    expect((await ended).code).toBe(1);
    socket.destroy();
  });
});

test('an error that nobody caught is logged, what is under way is finished, and the exit code is 1', async () => {
  const bug = 'data:text/javascript,process.on("SIGUSR2", () => { throw new Error("a bug in a timer"); });';
  const { child, port, ended } = start({}, [bug]);
  const request = begin(await port);
  await sleep(200);
  child.kill('SIGUSR2');
  await sleep(200);
  expect(await request.finish()).toMatch(/^HTTP\/1\.1 200 /);
  const { code, out } = await ended;
  expect(code).toBe(1);
  expect(out).toMatch(/"level":"fatal".*"message":"a bug in a timer".*"msg":"uncaught error"/);
});

describe('a mistake at the start is one sentence and exit code 1', () => {
  const secret = 'a-secret-of-the-tests-that-is-long-enough';
  const mistakes: [string, Record<string, string>, string][] = [
    ['a wrong PORT', { PORT: 'http' }, 'PORT expects a whole number from 0 to 65535, not "http".'],
    [
      'a short secret',
      { JWT_SECRET: 'short' },
      'JWT_SECRET expects 32 characters or more, and not the development secret.',
    ],
    [
      'a secret and a key set',
      { JWT_SECRET: secret, JWKS_URL: 'https://id.example/keys' },
      'JWT_SECRET and JWKS_URL exclude each other: set one of them.',
    ],
    [
      'production without a secret',
      { NODE_ENV: 'production' },
      'JWT_SECRET (32 characters or more) or JWKS_URL is needed in production.',
    ],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgresql://me:hunter2@127.0.0.1:1/nothing' },
      'DATABASE_URL leads to no database: nobody answers there.',
    ],
  ];

  test.concurrent.each(mistakes)('%s', async (_what, env, sentence) => {
    const { ended } = startProcess(folder.path, { DATA_DIR: folder.path, ...env });
    expect(await ended).toEqual({ code: 1, out: '', err: `${sentence}\n` });
  });

  test('a folder that another server uses, and a port that is taken', async () => {
    const first = start();
    await first.port;
    const second = await start().ended;
    expect([second.code, second.err]).toEqual([
      1,
      `The folder ${folder.path} is in use by process ${first.child.pid}. Stop it, or set DATA_DIR to another folder.\n`,
    ]);
    first.child.kill('SIGTERM');
    expect((await first.ended).code).toBe(0);
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const address = holder.address();
    const third = await start({ PORT: String(typeof address === 'object' ? address?.port : 0) }).ended;
    expect([third.code, third.err]).toEqual([
      1,
      'PORT is taken by another process: choose another one, or stop that process.\n',
    ]);
    holder.close();
  });
});
