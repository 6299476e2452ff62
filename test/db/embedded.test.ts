import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openEmbedded } from '../../src/db/embedded.ts';
import { FolderInUseError, lockFolder } from '../../src/db/folder-lock.ts';
import { projectRoot } from '../../src/root.ts';

// Processes and databases are started: a busy machine takes its time.
vi.setConfig({ testTimeout: 120_000 });

const base = mkdtempSync(join(tmpdir(), 'embedded-'));
const dump = join(base, 'blank.tar');
const children: ChildProcess[] = [];
let blank: Blob;

beforeAll(async () => {
  const embedded = await openEmbedded(null);
  blank = await embedded.dump();
  writeFileSync(dump, new Uint8Array(await blank.arrayBuffer()));
  await embedded.close();
}, 120_000);
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
});

let folders = 0;
function newFolder(): string {
  const folder = join(base, String(++folders));
  mkdirSync(folder);
  return folder;
}

interface Other {
  readonly pid: number;
  /** The lines it has said. */
  readonly lines: string[];
  readonly kill: () => Promise<void>;
  readonly exit: Promise<unknown>;
}

/** Starts another process on a folder. */
function start(folder: string, ...args: string[]): Other {
  const file = join(projectRoot, 'test', 'support', 'embedded-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', file, folder, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const exit = once(child, 'close');
  const kill = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  return { pid: child.pid ?? 0, lines, kill, exit };
}

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(20);
};

const inUse = (folder: string, pid: number) =>
  `The folder ${folder} is in use by process ${pid}. Stop it, or set DATA_DIR to another folder.`;
const write = (folder: string, holder: object): void =>
  writeFileSync(join(folder, 'lock.json'), JSON.stringify(holder));

test('a second process is refused with a sentence that names the first; once that is killed, the folder is taken over', async () => {
  const folder = newFolder();
  const other = start(folder, 'hold', dump);
  await until(() => other.lines.includes('ready'));
  await expect(openEmbedded(folder)).rejects.toThrow(new FolderInUseError(inUse(folder, other.pid)));

  const env = { PATH: process.env.PATH, DATA_DIR: folder };
  const server = spawn(process.execPath, ['--import', 'tsx', join(projectRoot, 'src', 'main.ts')], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  server.stderr.on('data', (text) => {
    said += String(text);
  });
  expect(await once(server, 'close')).toEqual([1, null]);
  expect(said).toBe(`${inUse(folder, other.pid)}\n`);

  await other.kill();
  const mine = await openEmbedded(folder);
  await expect(openEmbedded(folder)).rejects.toThrow(inUse(folder, process.pid));
  await mine.close();
  lockFolder(folder)();
});

test('a process id that was given to another process is not taken for the holder', () => {
  const folder = newFolder();
  write(folder, { host: hostname(), pid: process.pid, startedAt: '1' });
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(inUse(folder, process.pid));
  unlock();
});

test('a holder on another machine may be alive, so it is not robbed, whatever its process id', () => {
  const folder = newFolder();
  write(folder, { host: 'elsewhere', pid: 999_999_999, startedAt: '1' });
  const file = join(folder, 'lock.json');
  const sentence = `The folder ${folder} is in use by process 999999999 of the machine elsewhere. Stop it, or set DATA_DIR to another folder.`;
  expect(() => lockFolder(folder)).toThrow(`${sentence} If that machine is gone, delete ${file}.`);
  rmSync(file);
  lockFolder(folder)();
});

test('a lock that a crash of the machine left empty is taken over', () => {
  const folder = newFolder();
  writeFileSync(join(folder, 'lock.json'), '');
  lockFolder(folder)();
});

test('of many who find the holder dead at the same moment, one gets the folder', async () => {
  const [folder, rounds] = [newFolder(), 40];
  for (let round = 0; round < rounds; round++) {
    mkdirSync(join(folder, String(round)));
    write(join(folder, String(round)), { host: hostname(), pid: 999_999_999, startedAt: '1' });
  }
  const startAt = String(Date.now() + 5_000);
  const racers = Array.from({ length: 4 }, () => start(folder, 'race', startAt, String(rounds)));
  await Promise.all(racers.map(({ exit }) => exit));
  const wins = racers
    .flatMap(({ lines }) => lines)
    .map(Number)
    .sort((a, b) => a - b);
  expect(wins).toEqual(Array.from({ length: rounds }, (_, round) => round));
});

test('a process that is killed under load has lost no write that it told of', async () => {
  const folder = newFolder();
  const told: number[] = [];
  for (let round = 1; round <= 3; round++) {
    const other = start(folder, 'load', round === 1 ? dump : 'none', String(round * 100_000));
    await until(() => other.lines.length > 60 * round);
    await other.kill();
    told.push(...other.lines.filter((line) => /^\d+$/.test(line)).map(Number));
  }
  const embedded = await openEmbedded(folder);
  const pool = new pg.Pool(embedded.config);
  const { rows } = await pool.query<{ n: number }>('select n from acknowledged');
  const kept = new Set(rows.map(({ n }) => n));
  expect(told.length).toBeGreaterThan(300);
  expect(told.filter((n) => !kept.has(n))).toEqual([]);
  expect(rows.length - told.length).toBeLessThanOrEqual(3);
  await pool.end();
  await embedded.close();
});

test('a database that was closed stays closed, however often', async () => {
  const folder = newFolder();
  const embedded = await openEmbedded(folder, blank);
  await Promise.all([embedded.close(), embedded.close()]);
  const other = lockFolder(folder);
  const pool = new pg.Pool(embedded.config);
  await expect(pool.query('select 1')).rejects.toThrow('The embedded database is closed.');
  await embedded.close();
  expect(() => lockFolder(folder)).toThrow(inUse(folder, process.pid));
  other();
});

test('what a connection leaves behind is gone when the next one begins', async () => {
  const embedded = await openEmbedded(null, blank);
  const pool = new pg.Pool(embedded.config);
  const first = await pool.connect();
  await first.query('create table left_open (n integer)');
  await first.query("begin; set time zone 'Asia/Tokyo'; insert into left_open values (1)");
  await first.query({ name: 'mine', text: 'select 1 as one' });
  first.release(true);
  const next = await pool.connect();
  expect(
    (await next.query('select count(*)::int as n, current_setting($1) as zone from left_open', ['timezone'])).rows,
  ).toEqual([{ n: 0, zone: expect.not.stringContaining('Tokyo') }]);
  expect((await next.query({ name: 'mine', text: 'select 2 as two' })).rows).toEqual([{ two: 2 }]);
  next.release();
  await pool.end();
  await embedded.close();
});
