/** Measuring in turns: each server and query a little, again and again, so that a slow minute of the machine meets all of them. */
import { type Load, runLoad, sendFirst } from './load.ts';
import type { Query } from './queries.ts';
import { median } from './report.ts';
import type { Requests } from './requests.ts';
import type { Server } from './servers.ts';

export const connections = 16;
const warmUpSeconds = 2;

/** A server with what it is asked, and what was measured so far: one load for each round. */
export interface Subject {
  /** How it is called while it is measured. */
  readonly label: string;
  readonly query: Query;
  readonly server: Server;
  readonly requests: Requests;
  readonly loads: Load[];
}

export interface Turns {
  readonly seconds: number;
  readonly rounds: number;
}

/** Measures all subjects one after the other, in their order, and that several times. */
export async function measureInTurns(
  subjects: readonly Subject[],
  { seconds, rounds }: Turns,
  say: (line: string) => void,
): Promise<void> {
  for (let round = 1; round <= rounds; round += 1) {
    say(`Round ${round}`);
    for (const { label, server, requests, loads } of subjects) {
      const sending = { port: server.port, connections, requests };
      await runLoad(sending, Math.min(warmUpSeconds, seconds));
      const load = await runLoad(sending, seconds);
      // Where only the present size is told, the peak is that of these readings.
      server.peakMemory();
      say(`  ${label}: ${load.rps.toFixed(0)} requests/s`);
      loads.push(load);
    }
  }
}

/** Sends each subject its first requests once, so many of them. */
export async function meetAll(subjects: readonly Subject[], count: number): Promise<void> {
  for (const { server, requests } of subjects) await sendFirst({ port: server.port, connections, requests }, count);
}

/** The median of the rounds, figure by figure. */
export function middleLoad(loads: readonly Load[]): Load {
  const middle = (key: keyof Load) => median(loads.map((load) => load[key]));
  return { rps: middle('rps'), p50: middle('p50'), p99: middle('p99') };
}
