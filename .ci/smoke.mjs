// Starts the built server on an embedded database in a new folder, asks it something as a demo person, and ends it.
// Prints one line for each step: `ok` or `failed`, and what it was. A step that fails ends the rest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = mkdtempSync(join(tmpdir(), 'gateway-smoke-'));
const { PATH } = process.env;
const server = spawn(process.execPath, ['--enable-source-maps', resolve('dist/main.js')], {
  cwd: folder,
  env: { PATH, PORT: '0', DATA_DIR: join(folder, 'data') },
});
const exited = once(server, 'exit');
let output = '';
for (const stream of [server.stdout, server.stderr]) {
  stream.on('data', (chunk) => {
    output += chunk;
  });
}

const find = (pattern) => pattern.exec(output)?.[1];
const fail = (reason) => {
  throw new Error(reason);
};

/** Tries until something comes back, for a minute. */
async function eventually(attempt) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(250)) {
    const found = await attempt();
    if (found) return found;
    if (server.exitCode !== null) fail('it ended by itself');
  }
  return fail('not within a minute');
}

let address = '';
const steps = {
  'it runs on Node.js 24': () => process.versions.node.startsWith('24.') || fail(process.version),
  'it becomes ready': () =>
    eventually(async () => {
      const port = find(/"port":(\d+)/);
      address = `http://127.0.0.1:${port}`;
      return port && (await fetch(`${address}/ready`)).ok && find(/^ {4}(ey\S+)$/m);
    }),
  'a demo person reads contacts': async () => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${find(/^ {4}(ey\S+)$/m)}` },
      body: JSON.stringify({ query: '{ contacts(first: 3) { totalCount nodes { fullName } } }' }),
    });
    const text = await response.text();
    const { data } = JSON.parse(text);
    if (!(data?.contacts.nodes.length === 3 && data.contacts.totalCount >= 3)) fail(text);
  },
  'SIGTERM ends it with exit code 0': async () => {
    server.kill('SIGTERM');
    const [code] = await exited;
    if (code !== 0) fail(`exit code ${code}`);
  },
  'it says nothing of deprecation': () => !/deprecat/i.test(output) || fail('it does'),
};

for (const [name, run] of Object.entries(steps)) {
  try {
    await run();
    process.stdout.write(`ok ${name}\n`);
  } catch (error) {
    process.stdout.write(`failed ${name}: ${error.message}\n`);
    process.stderr.write(output);
    process.exitCode = 1;
    break;
  }
}
server.kill('SIGKILL');
rmSync(folder, { recursive: true, force: true });
