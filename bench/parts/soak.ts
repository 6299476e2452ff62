/**
 * The part `soak`: whether a server stays as it is while it works for minutes. The four queries in turn, without a break;
 * the memory of its process is read every second.
 */
import { withServers } from '../compare.ts';
import { busyOrgs } from '../data-set.ts';
import { type Sending, sendFor } from '../load.ts';
import type { Options } from '../options.ts';
import { type Bench, type Part, serverOptions } from '../part.ts';
import { queries, queryNames } from '../queries.ts';
import { round } from '../report.ts';
import { type Askers, type Requests, requestsFor, rotate } from '../requests.ts';
import { type Server, type ServerName, serverNames } from '../servers.ts';
import { slope } from '../slope.ts';
import { table } from '../table.ts';
import { connections } from '../turns.ts';

/** Memory in MiB; requests per second in the first and the last minute, or half if the whole is shorter than two. */
interface Soaked {
  readonly minutes: number;
  readonly requests: number;
  readonly memoryAtStart: number;
  readonly memoryAtEnd: number;
  readonly peakMemory: number;
  /** MiB per minute, by least squares over all readings after the warm-up, and over those of the second half. */
  readonly memorySlope: number;
  readonly lateMemorySlope: number;
  readonly firstRps: number;
  readonly lastRps: number;
}

const warmUpSeconds = 30;
const secondsOf = ({ minutes }: Options): number => Math.max(2, Math.round(minutes * 60));
const windowOf = (seconds: number): number => Math.min(60, Math.floor(seconds / 2));
const mean = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0) / counts.length;

function mixed(server: ServerName, askers: Askers, bench: Bench): Requests {
  const rows = (bench.options.queries ?? queryNames).map((name) => requestsFor(server, queries[name], askers));
  return (n) => rotate(rows, n)(Math.floor(n / rows.length));
}

/** Counts answers by the second, and reads the memory as often. */
async function watch(server: Server, sending: Sending, seconds: number) {
  const start = performance.now();
  const answers = Array.from({ length: Math.ceil(seconds) }, () => 0);
  const memory: (readonly [minute: number, MiB: number])[] = [];
  const read = () => memory.push([(performance.now() - start) / 60_000, server.memory()]);
  read();
  const timer = setInterval(read, 1000);
  try {
    await sendFor(sending, seconds, () => {
      const second = Math.min(Math.floor((performance.now() - start) / 1000), answers.length - 1);
      answers[second] = (answers[second] ?? 0) + 1;
    });
  } finally {
    clearInterval(timer);
  }
  read();
  return { answers, memory };
}

async function soakServer(server: Server, requests: Requests, { options, say }: Bench): Promise<Soaked> {
  const seconds = secondsOf(options);
  const sending = { port: server.port, connections, requests };
  say(`Soaking ${server.name} for ${seconds} s.`);
  await sendFor(sending, Math.min(warmUpSeconds, seconds / 10), () => {});
  const { answers, memory } = await watch(server, sending, seconds);
  const window = windowOf(seconds);
  return {
    minutes: round(seconds / 60, 2),
    requests: answers.reduce((sum, count) => sum + count, 0),
    memoryAtStart: round(memory[0]?.[1] ?? Number.NaN, 1),
    memoryAtEnd: round(memory.at(-1)?.[1] ?? Number.NaN, 1),
    peakMemory: round(server.peakMemory(), 1),
    memorySlope: round(slope(memory), 2),
    lateMemorySlope: round(slope(memory.slice(Math.floor(memory.length / 2))), 2),
    firstRps: round(mean(answers.slice(0, window)), 0),
    lastRps: round(mean(answers.slice(-window)), 0),
  };
}

const headOf = (window: number): string[] => [
  '',
  'minutes',
  'requests',
  'MiB at start',
  'at end',
  'peak',
  'MiB/minute',
  'in second half',
  `requests/s, first ${window} s`,
  `last ${window} s`,
];

export const soak: Part = {
  title: 'memory and speed while the four queries are asked without a break',
  servers: ['gateway'],
  able: serverNames,
  async run(bench) {
    const options = serverOptions(bench, await bench.databases.open(busyOrgs));
    const soaked: [ServerName, Soaked][] = [];
    for (const name of bench.servers) {
      const figures = await withServers([name], options, (servers) => {
        const requests = mixed(name, options, bench);
        return Promise.all(servers.map((server) => soakServer(server, requests, bench)));
      });
      soaked.push(...figures.map((one): [ServerName, Soaked] => [name, one]));
    }
    const head = headOf(windowOf(secondsOf(bench.options)));
    const rows = soaked.map(([name, figures]) => [name, ...Object.values(figures)]);
    return { report: Object.fromEntries(soaked), table: table(head, rows) };
  },
};
