/**
 * Proofs that it is the server who enters as a caller: an HMAC that SQL inside of a request cannot make. The key is made by
 * the database, and read by the login of the server's own work; nothing is configured, and every server has the same.
 */
import { createHmac } from 'node:crypto';
import type { Caller } from '../auth/scope.ts';
import type { GuardedPool } from './pool.ts';
import { serviceTransaction } from './service.ts';

type KnownCaller = Exclude<Caller, { readonly kind: 'anyone' }>;

/** What a proof is over: as `app.enter` and `app.enter_with_key` have it. */
const messageOf = (caller: KnownCaller): string =>
  caller.kind === 'person'
    ? `person\n${caller.userId}\n${caller.wantedOrg ?? ''}\n${caller.claimedOrg ?? ''}`
    : `key\n${caller.orgId}\n${caller.prefix}\n${caller.hash}`;

/** So many callers are remembered; making a proof takes some microseconds. */
const most = 5_000;

/** Whether the database did not take a proof: its key was renewed. */
export const isProofRefused = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'GW011';

export class EntryProofs {
  /** Whether transactions must take on the role `gateway`: not those of a login that has its rights and no others. */
  readonly takesRole: boolean;
  readonly #pool: GuardedPool;
  #key: Promise<Buffer> | undefined;
  #made = new Map<string, string>();

  /** @param pool the pool of the server's own work. */
  constructor(pool: GuardedPool, takesRole: boolean) {
    this.#pool = pool;
    this.takesRole = takesRole;
  }

  /** The proof of a caller: 64 hex digits. Throws what Postgres or the pool says when the key cannot be read. */
  async of(caller: KnownCaller): Promise<string> {
    const message = messageOf(caller);
    const known = this.#made.get(message);
    if (known) return known;
    const key = await this.load();
    const proof = createHmac('sha256', key).update(message).digest('hex');
    if (this.#made.size >= most) this.#made.clear();
    this.#made.set(message, proof);
    return proof;
  }

  /** Reads the key, unless it is known. */
  load(): Promise<Buffer> {
    this.#key ??= this.#read();
    return this.#key;
  }

  /** Forgets the key, so that the next proof is made with the current one. */
  renew(): void {
    this.#key = undefined;
    this.#made.clear();
  }

  /** The proof that the server lets an owner choose a plan without paying. */
  async ofPlan(orgId: string, plan: string, seats: number): Promise<string> {
    this.#key ??= this.#read();
    return createHmac('sha256', await this.#key)
      .update(`plan\n${orgId}\n${plan}\n${seats}`)
      .digest('hex');
  }

  async #read(): Promise<Buffer> {
    try {
      const { rows } = await serviceTransaction(this.#pool, (client) =>
        client.query<{ key: Buffer }>(
          "select secret as key from app.mac_keys where purpose = 'entry' order by generation desc limit 1",
        ),
      );
      return rows[0]?.key ?? Buffer.alloc(0);
    } catch (error) {
      this.#key = undefined;
      throw error;
    }
  }
}
