/**
 * A browser with the network closed: nothing but one server can be reached, and every attempt at anything else is noted.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const places = process.env.CHROMIUM_PATH ? [process.env.CHROMIUM_PATH] : usual;

/** The browser that CHROMIUM_PATH names, or else that of this computer; undefined when there is none. */
export const browserPath = places.find((place) => existsSync(place));

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
];

export interface ClosedPage {
  readonly browser: Browser;
  readonly page: Page;
  /** The addresses outside of the server that were asked for. */
  readonly outside: readonly string[];
  /** What the browser complained of: errors, and what the page's policy forbade. */
  readonly complaints: readonly string[];
}

/** Opens an empty page that may reach `origin` alone. */
export async function openClosedPage(executablePath: string, origin: string): Promise<ClosedPage> {
  const browser = await chromium.launch({ executablePath, args: flags });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const outside: string[] = [];
  const complaints: string[] = [];
  await context.route(
    (url) => url.origin !== origin,
    (route) => {
      outside.push(route.request().url());
      return route.abort();
    },
  );
  const page = await context.newPage();
  page.on('websocket', (socket) => outside.push(socket.url()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { browser, page, outside, complaints };
}
