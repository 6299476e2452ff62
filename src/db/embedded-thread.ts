/**
 * The embedded database's thread, and the socket that `pg` takes for one to a server. A thread that was stopped is started
 * again by the next connection: what was committed is in the folder.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';

type Kind = 'begin' | 'talk' | 'dump' | 'close';
type Answer = { readonly id: number; readonly bytes?: Uint8Array };
type Waiting = { resolve(bytes: Uint8Array): void; reject(error: Error): void };

/** What whoever waits for an answer is told when the thread ends. */
const stopped = 'The embedded database was stopped.';

export interface ThreadOptions {
  /** Where the files are; null for memory. */
  readonly dataDir: string | null;
  /** A dump to begin with, the first time. */
  readonly snapshot?: Blob;
}

let compiled: WebAssembly.Module | undefined;

/** The database's program, compiled once for the threads of a process: a thread that takes over is there the sooner. */
const program = (): WebAssembly.Module =>
  (compiled ??= new WebAssembly.Module(
    readFileSync(join(createRequire(import.meta.url).resolve('@electric-sql/pglite'), '../pglite.wasm')),
  ));

export class EmbeddedThread {
  #options: ThreadOptions;
  #worker: Worker | undefined;
  #waiting = new Map<number, Waiting>();
  #count = 0;
  #stopped: Promise<unknown> | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
  }

  /** Asks the thread, starting it when it does not run. */
  async ask(kind: Kind, bytes?: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    await this.#stopped;
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = ++this.#count;
    worker.postMessage({ id, kind, bytes }, bytes ? [bytes.buffer] : []);
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  #start(): Worker {
    if (this.#count > 0 && !this.#options.dataDir) throw new Error('The embedded database in memory is gone.');
    // A dump is what a new folder begins with; a thread that takes over finds the folder as it was left.
    const options = this.#count > 0 ? { dataDir: this.#options.dataDir } : this.#options;
    const workerData = { ...options, program: program() };
    const worker = new Worker(new URL('./embedded-worker.js', import.meta.url), { workerData });
    let reason = new Error(stopped);
    worker.on('message', ({ id, bytes }: Answer) => {
      this.#waiting.get(id)?.resolve(bytes ?? new Uint8Array());
      this.#waiting.delete(id);
    });
    worker.once('error', (error) => {
      reason = error;
    });
    worker.once('exit', () => this.#end(worker, reason));
    return worker;
  }

  #end(worker: Worker, reason: Error): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(reason);
    this.#waiting.clear();
  }

  /** Stops the thread, whatever it is doing. The next one waits for its end: two would spoil the files. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    if (worker) {
      this.#stopped = worker.terminate();
      // Now, not when it is gone: a question asked meanwhile must go to the next thread.
      this.#end(worker, new Error(stopped));
    }
    await this.#stopped;
  }

  /** Writes what is left to write and stops for good: the folder may have another holder from now on. */
  async close(): Promise<void> {
    if (this.#worker) await this.ask('close');
    await this.stop();
    this.#stopped = Promise.reject(new Error('The embedded database is closed.'));
    this.#stopped.catch(() => {});
  }
}

/** As `pg` says it of a server, so that it is told as an outage. */
const lost = (reason: Error): Error => new Error(`Connection terminated: ${reason.message}`, { cause: reason });

/** Messages of the protocol that are answered only with a later one: Parse, Bind, Describe, Execute, Close. */
const unanswered = new Set([...'PBDEC'].map((letter) => letter.charCodeAt(0)));
const terminate = 'X'.charCodeAt(0);

/** What `pg` takes for a socket. Messages are gathered until one asks for an answer, so a statement is one exchange. */
export class EmbeddedSocket extends Duplex {
  #thread: EmbeddedThread;
  #gathered: Buffer[] = [];

  constructor(thread: EmbeddedThread) {
    super();
    this.#thread = thread;
  }

  connect(): this {
    this.#thread.ask('begin').then(
      () => this.emit('connect'),
      (reason: Error) => this.destroy(lost(reason)),
    );
    return this;
  }

  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}
  override _read(): void {}

  override _write(message: Buffer, _encoding: unknown, done: () => void): void {
    done();
    if (message[0] === terminate) return void this.destroy();
    this.#gathered.push(message);
    if (unanswered.has(message[0] ?? 0)) return;
    const bytes = new Uint8Array(Buffer.concat(this.#gathered));
    this.#gathered = [];
    this.#thread.ask('talk', bytes).then(
      (answer) => this.push(answer),
      (reason: Error) => this.destroy(lost(reason)),
    );
  }
}
