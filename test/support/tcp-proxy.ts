/**
 * A TCP proxy in front of the server under test: it can hold back what a client says, and cut connections.
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface TcpProxy {
  /** The address of the database behind the proxy. */
  readonly url: string;
  /** Holds packets of the client that contain a text, for so many milliseconds; an empty text holds nothing. */
  hold(text: string, ms: number): void;
  /** Cuts every connection as soon as the client says this text, before the server hears it. */
  cutAt(text: string): void;
  /** Refuses and cuts everything, or no longer does. */
  setDown(down: boolean): void;
  close(): Promise<void>;
}

/** Starts a proxy to the server of a database address. */
export async function startProxy(url: string): Promise<TcpProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  const rule = { hold: '', ms: 0, cut: '', down: false };

  const join = (client: Socket) => {
    if (rule.down) return void client.destroy();
    const server = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    server.pipe(client);
    let before: Promise<unknown> = Promise.resolve();
    client.on('data', (packet: Buffer) => {
      if (rule.cut && packet.includes(rule.cut)) return void client.destroy();
      const held = rule.hold && packet.includes(rule.hold) ? rule.ms : 0;
      before = before.then(() => (held ? sleep(held) : undefined)).then(() => server.writable && server.write(packet));
    });
  };

  const listener = createServer(join);
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = new URL(url);
  address.hostname = '127.0.0.1';
  address.port = String((listener.address() as AddressInfo).port);
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: address.href,
    hold: (text, ms) => Object.assign(rule, { hold: text, ms }),
    cutAt: (text) => Object.assign(rule, { cut: text }),
    setDown(down) {
      rule.down = down;
      if (down) cutAll();
    },
    async close() {
      cutAll();
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
