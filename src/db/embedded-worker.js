/**
 * The thread in which the embedded database runs, so that a long statement does not hold up the server, and one that never
 * ends can be stopped. Plain JavaScript: a thread is loaded by Node alone, from here as from the build.
 * Takes `{ id, kind, bytes }`, one at a time and in order, and answers `{ id, bytes }`.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto';
import { vector } from '@electric-sql/pglite-pgvector';

const { dataDir, snapshot, program } = workerData;
const lite = await PGlite.create({
  extensions: { vector, pgcrypto, btree_gist },
  pgliteWasmModule: program,
  ...(dataDir ? { dataDir } : {}),
  ...(snapshot ? { loadDataDir: snapshot } : {}),
});

const work = {
  /** A connection begins as if it were new: there is one session for all of them. */
  async begin() {
    await lite.exec('rollback');
    await lite.exec('discard all');
  },
  /** Messages of the Postgres protocol, up to one that asks for an answer. */
  talk: (bytes) => lite.execProtocolRaw(bytes),
  dump: async () => new Uint8Array(await (await lite.dumpDataDir('none')).arrayBuffer()),
  close: () => lite.close(),
};

/** What Postgres refuses is an answer like any other; whatever is thrown here ends the thread. */
async function answer({ id, kind, bytes }) {
  const result = await work[kind](bytes);
  const copy = result ? new Uint8Array(result) : undefined;
  parentPort.postMessage({ id, bytes: copy }, copy ? [copy.buffer] : []);
}

let turn = Promise.resolve();
parentPort.on('message', (message) => {
  turn = turn.then(() => answer(message));
});
