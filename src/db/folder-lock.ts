/**
 * An exclusive lock on a folder: a file that names its holder by process id and start time. A living holder is never
 * robbed, whatever the age of the lock; a dead one leaves nothing behind.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another process has the folder. The message names it. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

interface Holder {
  readonly pid: number;
  readonly startedAt: string;
}

/** When a process started, as the system tells it, so that a reused process id is not taken for the old holder. */
function startTime(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? 'unknown';
  } catch {
    return 'unknown';
  }
}

function isAlive({ pid, startedAt }: Holder): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return startedAt === 'unknown' || startTime(pid) === 'unknown' || startTime(pid) === startedAt;
}

function readHolder(file: string): Holder | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

/** Writes the lock aside and links it into place: it appears whole, or not at all. */
function tryTake(file: string, me: Holder): boolean {
  const draft = `${file}.${me.pid}`;
  writeFileSync(draft, JSON.stringify(me));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/**
 * Locks a folder for this process.
 *
 * @returns the function that unlocks it.
 * @throws FolderInUseError naming the holder, when a living process has it.
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, 'lock.json');
  const me = { pid: process.pid, startedAt: startTime(process.pid) };
  for (let attempt = 1; !tryTake(file, me); attempt++) {
    const holder = readHolder(file);
    if ((holder && isAlive(holder)) || attempt > 3) {
      throw new FolderInUseError(`The folder ${folder} is in use by process ${holder?.pid ?? 'unknown'}. Stop it, or set DATA_DIR to another folder.`);
    }
    rmSync(file, { force: true });
  }
  return () => rmSync(file, { force: true });
}
