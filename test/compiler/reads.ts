/**
 * Who answered a server's reads, by its own numbers.
 */
import type { Gateway as Server } from '../../src/server.ts';

export interface Reads {
  readonly compiler: number;
  readonly resolvers: number;
}

/** How many operations the compiler has answered so far, and how many the resolvers; 0 where the server does not count. */
export async function readsOf(server: Server): Promise<Reads> {
  const metrics = await (await server.fetch(new Request('http://gateway/metrics'))).text();
  const count = (by: string) =>
    Number(new RegExp(`^gateway_reads_total\\{by="${by}"\\} (\\d+)`, 'm').exec(metrics)?.[1] ?? 0);
  return { compiler: count('compiler'), resolvers: count('resolvers') };
}
