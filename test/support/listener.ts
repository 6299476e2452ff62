/**
 * The gateway behind a real socket, and what only a socket shows: raw bytes, slow bodies, connections that end.
 */
import type { Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface Listener {
  readonly port: number;
  /** The address of the API. */
  readonly url: string;
  /** Another address of the same server. */
  readonly at: (path: string) => string;
  close(): Promise<void>;
}

/** Lets a server listen on a free port. */
export async function listen(server: Server): Promise<Listener> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const at = (path: string) => `http://127.0.0.1:${port}${path}`;
  return {
    port,
    at,
    url: at('/graphql'),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Says something on a connection of its own, and gives all that comes back until the server ends it or falls silent. */
export function speak(port: number, text: string, silenceMs = 500): Promise<string> {
  return new Promise((resolve) => {
    let heard = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    socket.setTimeout(silenceMs, () => socket.destroy());
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1');
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(heard));
  });
}
