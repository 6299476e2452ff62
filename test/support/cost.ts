import type { Client } from './client.ts';

/** As much work as refusing a request may take, in milliseconds. */
export const budgetMs = 200;

/** Runs what is slow the first time only. */
export async function warmUp(client: Client): Promise<void> {
  for (let round = 0; round < 3; round++) await client.ok(`{ accounts { nodes { id owner { id } } } } #${round}`);
}

/** Milliseconds of work, whatever else the machine is doing. */
export async function costOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
