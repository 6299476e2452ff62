/** What the server sends to addresses of tenants: where to, how long, how much. Servers of this machine answer. */
import type { LookupAddress, lookup } from 'node:dns';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type PublicRequest, publicFetch } from '../../src/outgoing/public-fetch.ts';
import { selfSigned } from '../support/certificate.ts';

let servers: Server[] = [];
afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  servers = [];
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

/** A server that notes what it is asked. */
async function serve(answer: RequestListener): Promise<{ port: number; heard: IncomingMessage[] }> {
  const heard: IncomingMessage[] = [];
  const port = await listen(
    createServer((request, response) => {
      heard.push(request);
      answer(request, response);
    }),
  );
  return { port, heard };
}

const options: PublicRequest = { method: 'POST', body: '{}', timeoutMs: 2_000, maxBytes: 1_000, allowLoopback: true };
const send = (url: string, changes: Partial<PublicRequest> = {}) => publicFetch(url, { ...options, ...changes });
const outside: Partial<PublicRequest> = { allowLoopback: false };

/** Resolves every name to these addresses, one list after the other. */
function resolver(...lists: readonly (readonly string[])[]) {
  const asked: string[] = [];
  const resolve = ((
    name: string,
    _options: object,
    callback: (error: null, addresses: readonly LookupAddress[]) => void,
  ) => {
    const list = lists[Math.min(asked.push(name), lists.length) - 1] ?? [];
    const found = list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    queueMicrotask(() => callback(null, found));
  }) as unknown as typeof lookup;
  return { resolve, asked };
}

test('development: this machine is sent to by address and by name, and the answer comes back', async () => {
  const { port, heard } = await serve((request, response) => {
    request.pipe(response.writeHead(202, { 'x-answer': 'yes' }));
  });
  for (const host of ['127.0.0.1', 'localhost']) {
    const answer = await send(`http://${host}:${port}/hook?x=1`, { body: 'körper', headers: { 'x-signature': 's' } });
    expect(answer).toMatchObject({ status: 202, body: Buffer.from('körper'), isCut: false });
    expect(answer.headers['x-answer']).toBe('yes');
  }
  expect(heard.map(({ url, headers }) => [url, headers['x-signature'], headers['content-length']])).toEqual([
    ['/hook?x=1', 's', '7'],
    ['/hook?x=1', 's', '7'],
  ]);
});

test.each(['http', 'https'])('this machine is not sent to by %s unless it is allowed', async (scheme) => {
  const { port, heard } = await serve((_, response) => response.end());
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '127.1', '2130706433', '0x7f000001', '[::ffff:127.0.0.1]'])
    await expect(send(`${scheme}://${host}:${port}/`, outside)).rejects.toMatchObject({ fault: 'address' });
  expect(heard).toEqual([]);
});

test.each([
  ['127.0.0.1'],
  ['10.1.2.3'],
  ['169.254.169.254'],
  ['::1'],
  ['fd00::1'],
  ['::ffff:127.0.0.1'],
  ['64:ff9b::7f00:1'],
  ['93.184.215.14', '127.0.0.1'],
])('a name that leads to %s %s is not connected to, whatever is allowed', async (...addresses) => {
  const { port, heard } = await serve((_, response) => response.end());
  for (const allowLoopback of [true, false]) {
    const { resolve, asked } = resolver(addresses);
    await expect(send(`https://hooks.example:${port}/`, { resolve, allowLoopback })).rejects.toMatchObject({
      fault: 'address',
      message: 'The name leads to an address that is not public.',
    });
    expect(asked).toEqual(['hooks.example']);
  }
  expect(heard).toEqual([]);
});

test('localhost that leads elsewhere into our network is not connected to', async () => {
  const { resolve } = resolver(['10.0.0.1']);
  await expect(send('http://localhost:4000/', { resolve })).rejects.toMatchObject({ fault: 'address' });
});

test('a name is resolved once, and what was checked is connected to', async () => {
  const { port, heard } = await serve((_, response) => response.end('ok'));
  const { resolve, asked } = resolver(['127.0.0.1'], ['10.0.0.1']);
  expect((await send(`http://localhost:${port}/`, { resolve })).body.toString()).toBe('ok');
  expect(asked).toEqual(['localhost']);
  expect(heard.map(({ headers }) => headers.host)).toEqual([`localhost:${port}`]);
  await expect(send(`http://localhost:${port}/`, { resolve })).rejects.toMatchObject({ fault: 'address' });
  expect(heard).toHaveLength(1);
});

test.each([301, 302, 303, 307, 308])('a redirect with %d is an answer, and not followed', async (status) => {
  const target = await serve((_, response) => response.end());
  const { port } = await serve((_, response) => {
    response.writeHead(status, { location: `http://127.0.0.1:${target.port}/` }).end();
  });
  expect((await send(`http://127.0.0.1:${port}/`)).status).toBe(status);
  expect(target.heard).toEqual([]);
});

test('an answer is read up to its bound, and the rest is hung up on', async () => {
  let isClosed = false;
  const { port } = await serve((_, response) => {
    const fill = () => {
      while (!response.closed && response.write('x'.repeat(65_536)));
    };
    response.on('drain', fill).on('close', () => {
      isClosed = true;
    });
    fill();
  });
  const { body, isCut } = await send(`http://127.0.0.1:${port}/`);
  expect([body.length, isCut]).toEqual([1_000, true]);
  await expect.poll(() => isClosed).toBe(true);
});

test.each<[string, RequestListener]>([
  ['says nothing', () => {}],
  ['stops in the middle', (_, response) => response.write('x')],
  [
    'sends byte after byte',
    (_, response) => {
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    },
  ],
])('an address that %s is given up in time', async (_, answer) => {
  const { port } = await serve(answer);
  const startedAt = Date.now();
  await expect(send(`http://127.0.0.1:${port}/`, { timeoutMs: 400 })).rejects.toMatchObject({ fault: 'timeout' });
  expect(Date.now() - startedAt).toBeLessThan(1_500);
});

test('a caller can stop, and hears of a lost connection', async () => {
  const silent = await serve(() => {});
  const stop = new AbortController();
  const sent = send(`http://127.0.0.1:${silent.port}/`, { signal: stop.signal });
  setTimeout(() => stop.abort(), 50);
  await expect(sent).rejects.toMatchObject({ fault: 'connection' });
  const rude = await serve((request) => request.socket.destroy());
  await expect(send(`http://127.0.0.1:${rude.port}/`)).rejects.toMatchObject({ fault: 'connection' });
  const upgrading = await serve((request) =>
    request.socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: other\r\n\r\n'),
  );
  await expect(send(`http://127.0.0.1:${upgrading.port}/`)).rejects.toMatchObject({ fault: 'connection' });
});

test('a certificate that no authority has signed is refused', async () => {
  let heard = 0;
  const server = createSecureServer(selfSigned(), (_, response) => {
    heard++;
    response.end();
  });
  const port = await listen(server as unknown as Server);
  await expect(send(`https://localhost:${port}/`)).rejects.toMatchObject({
    fault: 'connection',
    message: 'The connection failed (DEPTH_ZERO_SELF_SIGNED_CERT).',
  });
  expect(heard).toBe(0);
});
