/**
 * A process of its own on an embedded database's folder, to be killed by the tests. Run with the folder and what to do:
 * `hold` it open, or `load` it with rows and tell each one that was saved, both with a dump to begin with or `none`;
 * or `race` for the locks of many folders.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { openEmbedded } from '../../src/db/embedded.ts';
import { lockFolder } from '../../src/db/folder-lock.ts';

const [folder = '', what = '', argument = '', ...rest] = process.argv.slice(2);
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

async function open(): Promise<pg.Pool> {
  const snapshot = argument === 'none' ? undefined : new Blob([new Uint8Array(readFileSync(argument))]);
  const pool = new pg.Pool((await openEmbedded(folder, snapshot)).config);
  await pool.query('create table if not exists acknowledged (n integer primary key, filling text)');
  say('ready');
  return pool;
}

/** Writes rows from a number on, for ever, with a checkpoint now and then; tells each once it is committed. */
async function load(from: number): Promise<never> {
  const pool = await open();
  for (let n = from; ; n++) {
    await pool.query("insert into acknowledged values ($1, repeat('x', 2000))", [n]);
    if (n % 40 === 0) await pool.query('checkpoint');
    if (n % 100 === 0) await pool.query(`create table made_${n} as select * from acknowledged limit 10`);
    say(String(n));
  }
}

/** Tries at the same moment as the others to lock each of the folders; tells which it got. */
function race(startAt: number, count: number): void {
  for (let round = 0; round < count; round++) {
    while (Date.now() < startAt + round * 40);
    try {
      lockFolder(join(folder, String(round)));
      say(String(round));
    } catch (error) {
      if (!(error instanceof Error && error.name === 'FolderInUseError')) throw error;
    }
  }
}

if (what === 'hold') await open();
if (what === 'load') await load(Number(rest[0]));
if (what === 'race') race(Number(argument), Number(rest[0]));
