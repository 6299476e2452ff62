import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opening } from '../src/graphiql/examples/index.ts';
import { browserPath, type ClosedPage, openClosedPage } from './support/browser.ts';
import { startDemo } from './support/demo.ts';
import type { Data, Gateway } from './support/gateway.ts';

let gateway: Gateway;
beforeAll(async () => {
  gateway = await startDemo();
});
afterAll(() => gateway.close());

if (browserPath)
  describe('in a browser with the network closed', () => {
    let server: Server;
    let origin: string;
    let closed: ClosedPage;

    beforeAll(async () => {
      server = gateway.server.http();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      closed = await openClosedPage(browserPath ?? '', origin);
      await closed.page.goto(origin);
    });
    afterAll(async () => {
      await closed.browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    /** The operation that GraphiQL would run: it reads it out of a tab's text a moment after the tab was opened. */
    const chosen = () =>
      closed.page.evaluate(() => {
        const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem('graphiql:tabState') ?? '{"tabs":[]}');
        return tabs[activeTabIndex]?.operationName;
      });

    /** Presses the run button, and gives what the gateway answered. */
    async function run(operation: string): Promise<Data> {
      await expect.poll(chosen).toBe(operation);
      const answer = closed.page.waitForResponse(
        (response) => response.request().postData()?.includes(`query ${operation}`) === true,
      );
      await closed.page.getByRole('button', { name: /^Execute query/ }).click();
      return (await (await answer).json()).data;
    }

    const shown = () => closed.page.locator('.graphiql-response .view-lines').textContent();
    const activeTab = () => closed.page.locator('.graphiql-tab-active .graphiql-tab-button').textContent();
    const organizations = () => closed.page.getByLabel('Organization').locator('option').allTextContents();

    async function choose(label: string | RegExp, value: string): Promise<void> {
      await Promise.all([closed.page.waitForEvent('load'), closed.page.getByLabel(label).selectOption(value)]);
    }

    test('the first example is selected, runs at a press, and shows rows', async () => {
      expect(await activeTab()).toBe('WhoAmI');
      const { viewer, members } = await run('WhoAmI');
      expect([viewer.user.email, viewer.role, viewer.organization.slug]).toEqual([
        'owner@acme.example',
        'OWNER',
        'acme',
      ]);
      expect(members.totalCount).toBe(4);
      await expect.poll(shown).toContain('owner@acme.example');
    });

    test('the organizations offered are those that the person is a member of', async () => {
      await expect
        .poll(organizations)
        .toEqual([
          'Acme Studio (acme), as owner',
          'Globex Field Services (globex), as viewer',
          'Ada Okafor (ada-okafor), as owner',
        ]);
    });

    test('another tab runs with the same headers', async () => {
      await closed.page.getByRole('button', { name: 'Accounts', exact: true }).click();
      const { accounts } = await run('Accounts');
      expect(accounts.nodes).toHaveLength(5);
    });

    test('in another organization the same tab shows other rows', async () => {
      const acme = (await run('Accounts')).accounts.nodes.map(({ id }: Data) => id);
      await choose('Organization', 'globex');
      expect(new URL(closed.page.url()).search).toBe('?as=owner%40acme.example&org=globex');
      await expect.poll(activeTab).toBe('Accounts');
      const globex = (await run('Accounts')).accounts.nodes.map(({ id }: Data) => id);
      expect(globex).toHaveLength(5);
      expect(acme.filter((id: string) => globex.includes(id))).toEqual([]);
    });

    test('another person starts in their own organization', async () => {
      await choose('Signed in as', 'member@globex.example');
      expect(new URL(closed.page.url()).search).toBe('?as=member%40globex.example');
      await expect
        .poll(organizations)
        .toEqual(['Globex Field Services (globex), as member', 'Ines Duarte (ines-duarte), as owner']);
    });

    test('an example that is chosen opens in a tab, once', async () => {
      const tabs = closed.page.locator('.graphiql-tab');
      const first = await tabs.count();
      await choose(/^Example/, 'Timesheets');
      await expect.poll(activeTab).toBe('Timesheets');
      expect(await tabs.count()).toBe(first + 1);
      expect((await run('Timesheets')).timesheets.nodes.length).toBeGreaterThan(0);
      await choose(/^Example/, 'Accounts');
      await expect.poll(activeTab).toBe('Accounts');
      await choose(/^Example/, 'Timesheets');
      await expect.poll(activeTab).toBe('Timesheets');
      expect(await tabs.count()).toBe(first + 1);
    });

    test('the first examples can be opened again', async () => {
      const tabs = closed.page.locator('.graphiql-tab');
      const all = await tabs.count();
      await closed.page.locator('.graphiql-tab-active').getByRole('button', { name: 'Close Tab' }).click();
      await expect.poll(() => tabs.count()).toBe(all - 1);
      await Promise.all([
        closed.page.waitForEvent('load'),
        closed.page.getByRole('button', { name: 'Start over' }).click(),
      ]);
      await expect.poll(() => tabs.count()).toBe(opening.length);
      expect(await activeTab()).toBe('WhoAmI');
    });

    test('no token is left in the browser', async () => {
      expect(await closed.page.evaluate('JSON.stringify(localStorage)')).not.toContain('Bearer ey');
    });

    test('a picture can be taken', async () => {
      expect((await closed.page.screenshot()).subarray(1, 4).toString()).toBe('PNG');
    });

    test('no outside address was asked for, and the browser has no complaints', () => {
      expect(closed.outside).toEqual([]);
      expect(closed.complaints).toEqual([]);
    });

    test('an outside address cannot be reached, and asking for one would have been noticed', async () => {
      const outcome = closed.page.evaluate("fetch('http://outside.example').then(() => 'reached', () => 'refused')");
      expect(await outcome).toBe('refused');
      await expect.poll(() => closed.complaints.join()).toContain('Content Security Policy');
    });
  });

if (!browserPath)
  describe('without a browser (none found; CHROMIUM_PATH names one)', () => {
    test('the page at least names no outside address', async () => {
      const response = await gateway.server.fetch(new Request('http://gateway/graphiql'));
      expect((await response.text()).match(/\b(https?|wss?):|["'(]\/\//g)).toBeNull();
    });
  });
