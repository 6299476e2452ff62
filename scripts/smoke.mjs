// Builds the server and uses it once as its users would: start on an empty folder, ask, stop.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const folder = mkdtempSync(join(tmpdir(), 'gateway-smoke-'));
const port = 4_000 + Math.floor(Math.random() * 20_000);
const base = `http://127.0.0.1:${port}`;
const say = (text) => process.stdout.write(`${text}\n`);

async function waitUntilReady() {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await fetch(`${base}/ready`).catch(() => null);
    if (answer?.ok) return;
    await sleep(100);
  }
  throw new Error('The server did not become ready in 60 s.');
}

async function ask(token) {
  const response = await fetch(`${base}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'x-org': 'acme' },
    body: JSON.stringify({
      query: '{ viewer { role } contacts(first: 3) { totalCount nodes { fullName account { name } } } }',
    }),
  });
  const { data, errors } = await response.json();
  if (errors || data.viewer.role !== 'OWNER' || data.contacts.nodes.length !== 3)
    throw new Error(JSON.stringify({ data, errors }));
  say(`${data.contacts.totalCount} contacts, the first: ${data.contacts.nodes[0].fullName}`);
}

const build = spawnSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(1);
say(`Node ${process.version}`);
const env = { ...process.env, PORT: String(port), DATA_DIR: folder, LOG_LEVEL: 'warn', NODE_ENV: 'development' };
const server = spawn(process.execPath, ['--enable-source-maps', 'dist/main.js'], {
  env,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = new Promise((resolve) => server.once('exit', (code) => resolve(code)));
let printed = '';
server.stdout.on('data', (chunk) => {
  printed += chunk;
});

try {
  await Promise.race([
    waitUntilReady(),
    ended.then((code) => {
      throw new Error(`The server ended with ${code}.\n${printed}`);
    }),
  ]);
  await sleep(300);
  const token = /^\s+(eyJ\S+)$/m.exec(printed)?.[1];
  if (!token) throw new Error(`No token was printed:\n${printed}`);
  await ask(token);
  server.kill('SIGTERM');
  const code = await Promise.race([ended, sleep(15_000, 'no end')]);
  if (code !== 0) throw new Error(`After SIGTERM: ${code}`);
  say(`Stopped cleanly. ${/Ready after [\d.]+ s/.exec(printed)?.[0] ?? ''}`);
} finally {
  server.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
}
