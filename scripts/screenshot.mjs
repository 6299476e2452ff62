// Starts the gateway on a fresh embedded database, runs an example in GraphiQL, and writes docs/graphiql.png.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = (process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : usual).find((place) =>
  existsSync(place),
);
if (!executablePath) throw new Error('No browser found: CHROMIUM_PATH names one.');

const folder = await mkdtemp(join(tmpdir(), 'gateway-picture-'));
const server = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
  env: {
    ...process.env,
    NODE_ENV: 'development',
    DATA_DIR: join(folder, 'data'),
    DATABASE_URL: '',
    PORT: '0',
    LOG_LEVEL: 'warn',
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const stopped = new Promise((resolve) => server.once('exit', resolve));

async function addressOf() {
  for await (const line of createInterface({ input: server.stdout })) {
    const [, address] = /^GraphiQL\s+(\S+)/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('The gateway did not start.');
}

async function takePicture(address) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto(address);
  await page.getByRole('button', { name: 'Accounts', exact: true }).click();
  // GraphiQL reads the operation out of the tab's text a moment after it was opened.
  await page.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('"operationName":"Accounts"'));
  await page.getByRole('button', { name: /^Execute query/ }).click();
  await page.getByText('"accounts"').waitFor();
  await page.getByLabel('Organization').locator('option').nth(1).waitFor({ state: 'attached' });
  await page.mouse.move(640, 790);
  await page.waitForTimeout(1_000);
  await mkdir('docs', { recursive: true });
  await page.screenshot({ path: 'docs/graphiql.png' });
  await browser.close();
}

try {
  await takePicture(await addressOf());
} finally {
  server.kill('SIGTERM');
  await stopped;
  await rm(folder, { recursive: true, force: true });
}
