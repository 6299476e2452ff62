/**
 * Requests that were given up: the client is gone, or the deadline has passed. What such a request has running in Postgres is
 * cancelled, and it sends nothing more but the end of its transaction.
 *
 * A cancellation is a message on a connection of its own, and hits whatever the other connection runs when it arrives. So
 * that connection is used again only once the server has closed the cancelling one: what it signals has been signalled by then.
 */
import pg from 'pg';
import type { Wanted } from '../wanted.ts';

/** What `pg` has of a client, besides its published type. */
interface Reachable {
  readonly host: string;
  readonly port: number;
  readonly ssl: pg.ClientConfig['ssl'];
  readonly processID: number | null;
  readonly secretKey: unknown;
}

interface Wire {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: unknown): void;
  on(event: 'connect' | 'sslconnect' | 'end', listener: () => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  readonly stream: { destroy(): void };
}

const cancelMs = 3_000;

/** Asks Postgres to cancel what a connection runs. Settles when that is done, or cannot be done. */
export function cancelStatement(client: pg.ClientBase): Promise<void> {
  const { host, port, ssl, processID, secretKey } = client as unknown as Reachable;
  if (processID === null) return Promise.reject(new Error('The connection has no key to cancel by.'));
  const { connection: wire } = new pg.Client({ host, port, ssl }) as unknown as { connection: Wire };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => wire.stream.destroy(), cancelMs);
    const done = (settle: () => void) => () => {
      clearTimeout(timer);
      settle();
    };
    const cancel = () => wire.cancel(processID, secretKey);
    wire.on('connect', () => (ssl ? wire.requestSsl() : cancel()));
    wire.on('sslconnect', cancel);
    wire.on('error', (error) => done(() => reject(error))());
    wire.on('end', done(resolve));
    if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`);
    else wire.connect(port, host);
  });
}

/** What becomes of one checkout of a connection when its request is given up. */
export class Cancellation {
  readonly #client: pg.ClientBase;
  readonly #request: Wanted | undefined;
  readonly #isBusy: () => boolean;
  readonly #listener = () => this.#cancel();
  #under: Promise<boolean> | undefined;

  /** @param isBusy whether something runs that is to be cancelled. */
  constructor(client: pg.ClientBase, request: Wanted | undefined, isBusy: () => boolean) {
    this.#client = client;
    this.#request = request;
    this.#isBusy = isBusy;
    request?.onGivenUp(this.#listener);
  }

  get happened(): boolean {
    return this.#request?.givenUp ?? false;
  }

  /** Set while and after a statement is cancelled: whether the connection is good afterwards. */
  get under(): Promise<boolean> | undefined {
    return this.#under;
  }

  #cancel(): void {
    if (this.#isBusy())
      this.#under = cancelStatement(this.#client).then(
        () => true,
        () => false,
      );
  }

  /** The checkout is over: what is cancelled from now on is not this. */
  end(): void {
    this.#request?.forget(this.#listener);
  }
}
