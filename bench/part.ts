/** What a part of the benchmark is, and what it gets and gives. Each stands in a file of its own under parts/. */
import type { BenchDatabase, Databases } from './database.ts';
import type { Options } from './options.ts';
import type { ServerName, ServerOptions } from './servers.ts';

export const partNames = ['reads', 'mutations', 'soak', 'depth', 'pages', 'orgs', 'seal', 'compile'] as const;
export type PartName = (typeof partNames)[number];

/** What all parts share, and the servers that this one is to measure. */
export interface Bench {
  readonly options: Options;
  readonly servers: readonly ServerName[];
  readonly databases: Databases;
  /** The Node 24 that runs the servers. */
  readonly node: string;
  /** Signs the tokens. */
  readonly secret: string;
  /** Tells of progress. */
  readonly say: (line: string) => void;
}

/** The same figures twice: for programs and for people. */
export interface Result {
  readonly report: Readonly<Record<string, unknown>>;
  readonly table: string;
}

export interface Part {
  /** What it measures. */
  readonly title: string;
  /** The servers that it measures unless it is told otherwise. */
  readonly servers: readonly ServerName[];
  /** All servers that it can measure. */
  readonly able: readonly ServerName[];
  run(bench: Bench): Promise<Result>;
}

/** What a server needs to run on one of the databases. */
export const serverOptions = ({ node, secret }: Bench, { url, orgs }: BenchDatabase): ServerOptions => ({
  node,
  secret,
  orgs,
  databaseUrl: url,
});
