/** The figures of a run, and the two ways in which they are printed. */
import { type QueryName, queries } from './queries.ts';
import { type ServerName, serverNames } from './servers.ts';

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
  readonly gatewayToPostgraphile?: number;
  readonly gatewayToLimit?: number;
  /** All servers gave the same rows; absent when there was only one. */
  readonly sameRows?: boolean;
};

export type Report = Partial<Record<QueryName, QueryReport>>;

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** Rounds the figures and adds the two ratios. */
export function queryReport(figures: Partial<Record<ServerName, Figures>>, sameRows?: boolean): QueryReport {
  const ratio = (other: ServerName) =>
    figures.gateway && figures[other] && round(figures.gateway.rps / figures[other].rps, 2);
  const rounded = Object.entries(figures).map(([name, { rps, p50, p99, peakMemoryMiB, ...counts }]) => [
    name,
    { rps: round(rps, 0), p50: round(p50, 2), p99: round(p99, 2), ...counts, peakMemoryMiB: round(peakMemoryMiB, 0) },
  ]);
  const servers: Partial<Record<ServerName, Figures>> = Object.fromEntries(rounded);
  return { ...servers, gatewayToPostgraphile: ratio('postgraphile'), gatewayToLimit: ratio('limit'), sameRows };
}

const columns = ['requests/s', 'p50 ms', 'p99 ms', 'statements', 'round trips', 'peak MiB'];
const widths = columns.map((column) => column.length + 2);
const row = (name: string, cells: readonly (string | number)[]): string =>
  `  ${name.padEnd(14)}${cells.map((cell, index) => String(cell).padStart(widths[index] ?? 0)).join('')}`;

/** Writes the report as a table for people. */
export function printTable(report: Report): string {
  const names = Object.keys(report) as QueryName[];
  return names.map((name) => [`${name}: ${queries[name].title}`, ...queryLines(report[name])].join('\n')).join('\n\n');
}

function queryLines(report: QueryReport | undefined): string[] {
  if (!report) return [];
  const rows = serverNames.flatMap((server) => {
    const figures = report[server];
    if (!figures) return [];
    const { rps, p50, p99, statements, roundTrips, peakMemoryMiB } = figures;
    return [row(server, [rps, p50.toFixed(2), p99.toFixed(2), statements, roundTrips, peakMemoryMiB])];
  });
  const ratios = [
    ['gateway/postgraphile', report.gatewayToPostgraphile],
    ['gateway/limit', report.gatewayToLimit],
  ].flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`]));
  const remarks = [...ratios, ...(report.sameRows ? ['same rows'] : [])];
  return [row('', columns), ...rows, ...(remarks.length ? [`  ${remarks.join(', ')}`] : [])];
}

/** The middle of the values, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.floor((sorted.length - 1) / 2), Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}
