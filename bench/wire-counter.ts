/**
 * A TCP proxy in front of Postgres that counts what a server asks of it. The backend's messages tell: one
 * CommandComplete (or its kin) for each statement that ran, one ReadyForQuery for each time the server had to wait.
 * Protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface WireCount {
  readonly statements: number;
  readonly roundTrips: number;
}

export interface WireCounter {
  /** Address of the database, through the proxy. */
  readonly url: string;
  /** Gives the counts since the last call and begins anew. */
  take(): WireCount;
  close(): void;
}

/** CommandComplete, EmptyQueryResponse, PortalSuspended. */
const statementEnds = new Set([...'CIs'].map((letter) => letter.charCodeAt(0)));
const readyForQuery = 'Z'.charCodeAt(0);
/** SSLRequest and GSSENCRequest: length 8, then a code instead of a version. */
const encryptionRequests = new Set([80877103, 80877104]);

/** Starts a proxy for the database of `databaseUrl` on a free port of this host; connections through it are plain. */
export async function startWireCounter(databaseUrl: string): Promise<WireCounter> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let count = { statements: 0, roundTrips: 0 };
  const see = (type: number) => {
    if (statementEnds.has(type)) count.statements += 1;
    else if (type === readyForQuery) count.roundTrips += 1;
  };
  const proxy = createServer((client) => {
    const server = connect(Number(target.port || 5432), target.hostname);
    for (const socket of [client, server]) sockets.add(socket.setNoDelay(true));
    join(client, server, see);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return {
    url: url.href,
    take: () => {
      const taken = count;
      count = { statements: 0, roundTrips: 0 };
      return taken;
    },
    close: () => {
      proxy.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

function join(client: Socket, server: Socket, see: (type: number) => void): void {
  const read = messageReader(see);
  client.on('data', (bytes: Buffer) => {
    const refused = bytes.length === 8 && encryptionRequests.has(bytes.readInt32BE(4));
    if (refused) client.write('N');
    else server.write(bytes);
  });
  server.on('data', (bytes: Buffer) => {
    read(bytes);
    client.write(bytes);
  });
  client.on('close', () => server.destroy()).on('error', () => server.destroy());
  server.on('close', () => client.destroy()).on('error', () => client.destroy());
}

/** Walks over messages that arrive in pieces: a type byte, then a length that counts itself, then the rest. */
function messageReader(see: (type: number) => void): (bytes: Buffer) => void {
  let held: Buffer = Buffer.alloc(0);
  return (bytes) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
    while (held.length >= 5 && held.length >= 1 + held.readInt32BE(1)) {
      see(held.readUInt8(0));
      held = held.subarray(1 + held.readInt32BE(1));
    }
  };
}
