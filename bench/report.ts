/** The figures of a comparison, and how they are printed. */
import type { Query } from './queries.ts';
import { type ServerName, serverNames } from './servers.ts';
import { table } from './table.ts';

/** One server on one query: requests per second, latency in milliseconds, work for one request, memory in MiB. */
export interface Figures {
  readonly rps: number;
  readonly p50: number;
  readonly p99: number;
  readonly statements: number;
  readonly roundTrips: number;
  readonly peakMemoryMiB: number;
}

export type QueryReport = Partial<Record<ServerName, Figures>> & {
  /** Requests per second of the gateway, divided by those of the other. */
  readonly gatewayToResolvers?: number;
  readonly gatewayToPostgraphile?: number;
  readonly gatewayToLimit?: number;
  /** All servers gave the same rows; absent when they were not compared. */
  readonly sameRows?: boolean;
  /** How many objects an answer holds. */
  readonly objects: number;
};

/** By the names of the queries. */
export type Report = Readonly<Record<string, QueryReport>>;

/** Cuts a figure to the digits that are worth reading. */
export const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Rounds the figures and adds the ratios. */
export function queryReport(
  figures: Partial<Record<ServerName, Figures>>,
  objects: number,
  sameRows?: boolean,
): QueryReport {
  const ratio = (other: ServerName) =>
    figures.gateway && figures[other] && round(figures.gateway.rps / figures[other].rps, 2);
  const rounded = Object.entries(figures).map(([name, { rps, p50, p99, peakMemoryMiB, ...counts }]) => [
    name,
    { rps: round(rps, 0), p50: round(p50, 2), p99: round(p99, 2), ...counts, peakMemoryMiB: round(peakMemoryMiB, 0) },
  ]);
  const servers: Partial<Record<ServerName, Figures>> = Object.fromEntries(rounded);
  return {
    ...servers,
    gatewayToResolvers: ratio('resolvers'),
    gatewayToPostgraphile: ratio('postgraphile'),
    gatewayToLimit: ratio('limit'),
    sameRows,
    objects,
  };
}

const columns = ['requests/s', 'p50 ms', 'p99 ms', 'statements', 'round trips'];

/** The cells of a server under these columns. */
const cells = ({ rps, p50, p99, statements, roundTrips }: Figures) => [
  rps,
  p50.toFixed(2),
  p99.toFixed(2),
  statements,
  roundTrips,
];

/** Writes a table for each query. */
export function printQueries(report: Report, queries: readonly Query[]): string {
  const blocks = queries.map((query) => {
    const own = report[query.name];
    return own && [`${query.name}: ${query.title}`, queryTable(own), ...remarks(own)].join('\n');
  });
  return blocks.join('\n\n');
}

function queryTable(report: QueryReport): string {
  const rows = serverNames.flatMap((server) => {
    const figures = report[server];
    return figures ? [[server, ...cells(figures), figures.peakMemoryMiB]] : [];
  });
  return table(['', ...columns, 'peak MiB'], rows);
}

function remarks({ gatewayToResolvers, gatewayToPostgraphile, gatewayToLimit, sameRows }: QueryReport): string[] {
  const ratios = [
    ['gateway/resolvers', gatewayToResolvers],
    ['gateway/postgraphile', gatewayToPostgraphile],
    ['gateway/limit', gatewayToLimit],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  const all = [...ratios, ...(sameRows ? ['same rows'] : [])];
  return all.length > 0 ? [`  ${all.join(', ')}`] : [];
}

/** One of several queries that ask for more and more. */
export interface Step {
  readonly label: string;
  readonly query: Query;
}

/** The time that a server takes for a step, divided by its time for the first one: by the requests per second. */
export function costOf(report: Report, steps: readonly Step[], { query }: Step, server: ServerName) {
  const first = report[steps[0]?.query.name ?? '']?.[server];
  const own = report[query.name]?.[server];
  return first && own && round(first.rps / own.rps, 2);
}

const gatewayTo = (report: QueryReport | undefined, server: ServerName): string | undefined =>
  report?.gateway && report[server] && (report.gateway.rps / report[server].rps).toFixed(2);

/** Writes one table of all steps, with what each costs. */
export function printSteps(report: Report, heading: string, steps: readonly Step[]): string {
  const rows = steps.flatMap((step) => {
    const own = report[step.query.name];
    const present = serverNames.filter((server) => own?.[server]);
    return present.map((server, index) => [
      ...(index === 0 ? [step.label, own?.objects] : ['', '']),
      server,
      ...(own?.[server] ? cells(own[server]) : []),
      costOf(report, steps, step, server)?.toFixed(2),
      server === 'gateway' ? '' : gatewayTo(own, server),
    ]);
  });
  return table([heading, 'objects', 'server', ...columns, 'cost', 'gateway/it'], rows);
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
