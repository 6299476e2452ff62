import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, startGateway } from '../support/gateway.ts';
import { type Listener, listen } from '../support/listener.ts';

/** Audits of graphql-http that this server fails on purpose, by id, with the reason; none at present. */
const refusedOnPurpose: Readonly<Record<string, string>> = {};

let gateway: Gateway;
let listener: Listener;
let authorization: string;

beforeAll(async () => {
  gateway = await startGateway();
  const acme = await gateway.organization('acme');
  listener = await listen(gateway.server.http());
  authorization = `Bearer ${await gateway.token(acme.people.member)}`;
});
afterAll(async () => {
  await listener.close();
  await gateway.close();
});

const signedIn = (url: string, init: RequestInit = {}) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', authorization);
  return fetch(url, { ...init, headers });
};

const audits = serverAudits({ url: () => listener.url, fetchFn: signedIn });

test('there are 61 audits', () => {
  expect(audits.length).toBe(61);
});

test.each(audits)('$id $name', async ({ id, fn }) => {
  const { status, ...result } = await fn();
  const outcome = status === 'ok' ? 'ok' : `${status}: ${'reason' in result ? result.reason : ''}`;
  if (id in refusedOnPurpose) expect(status).not.toBe('ok');
  else expect(outcome).toBe('ok');
});
