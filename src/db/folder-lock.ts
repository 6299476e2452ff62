/**
 * An exclusive lock on a folder: a file that names its holder by machine, process id and start time. A living holder is
 * never robbed, whatever the age of the lock, and neither is one on another machine, of which nothing can be known; a dead
 * one leaves nothing behind. Taking over from a dead one is a lock of its own: two who find it dead do not both go on.
 */
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Another process has the folder. The message names it. */
export class FolderInUseError extends Error {
  override name = 'FolderInUseError';
}

interface Holder {
  /** A container is a machine of its own here: it has its own process ids. */
  readonly host: string;
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

function mayBeAlive({ host, pid, startedAt }: Holder): boolean {
  if (host !== hostname()) return true;
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

function inUse(folder: string, file: string, { host, pid }: Holder): FolderInUseError {
  const holder = host === hostname() ? `process ${pid}` : `process ${pid} of the machine ${host}`;
  const otherwise = host === hostname() ? '' : ` If that machine is gone, delete ${file}.`;
  return new FolderInUseError(
    `The folder ${folder} is in use by ${holder}. Stop it, or set DATA_DIR to another folder.${otherwise}`,
  );
}

/** Takes the lock of a dead holder, or of one who has just let go. */
function takeOver(folder: string, file: string, me: Holder): void {
  const guard = `${file}.takeover`;
  if (!tryTake(guard, me)) {
    throw new FolderInUseError(`Another process is opening the folder ${folder}. If none is, delete ${guard}.`);
  }
  try {
    const holder = readHolder(file);
    if (holder && mayBeAlive(holder)) throw inUse(folder, file, holder);
    rmSync(file, { force: true });
    if (!tryTake(file, me)) throw inUse(folder, file, readHolder(file) ?? me);
  } finally {
    rmSync(guard, { force: true });
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
  const me = { host: hostname(), pid: process.pid, startedAt: startTime(process.pid) };
  if (!tryTake(file, me)) {
    const holder = readHolder(file);
    if (holder && mayBeAlive(holder)) throw inUse(folder, file, holder);
    takeOver(folder, file, me);
  }
  return () => rmSync(file, { force: true });
}
