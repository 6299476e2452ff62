/**
 * The server as a process of its own: the build, as a person starts it, on the embedded database in a folder of its own.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../../src/root.ts';

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Started {
  readonly child: ChildProcess;
  /** The port, once it listens. */
  readonly port: Promise<number>;
  readonly ended: Promise<Ended>;
}

const built = join(projectRoot, 'node_modules', '.cache', 'tenant-gateway', 'server');

/** Builds the server that `startProcess` starts. */
export async function buildServer(): Promise<void> {
  await promisify(execFile)(process.execPath, [join('scripts', 'build.mjs'), built], { cwd: projectRoot });
}

type Env = Readonly<Record<string, string>>;

/** A folder for `DATA_DIR`, and the way to remove it. */
export async function temporaryFolder(): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'gateway-process-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Starts the server with these variables and no others. `preload` is loaded first. */
export function startProcess(folder: string, env: Env, preload: readonly string[] = []): Started {
  const options = ['--trace-deprecation', '--enable-source-maps', ...preload.flatMap((url) => ['--import', url])];
  const child = spawn(process.execPath, [...options, join(built, 'main.js')], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', SEED_ON_START: 'off', ...env },
  });
  let out = '';
  let err = '';
  const port = new Promise<number>((resolve, reject) => {
    child.stdout?.on('data', (chunk) => {
      out += chunk;
      const found = /"port":(\d+)/.exec(out)?.[1];
      if (found) resolve(Number(found));
    });
    child.once('exit', () => reject(new Error(`The server ended before it listened: ${err}`)));
  });
  port.catch(() => {});
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const ended = once(child, 'close').then(([code]) => ({ code, out, err }));
  return { child, port, ended };
}
