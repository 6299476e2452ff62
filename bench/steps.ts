/** Compares servers on queries that ask for more and more, and tells what each step costs. */
import { compare } from './compare.ts';
import type { BenchDatabase } from './database.ts';
import type { Bench, Result } from './part.ts';
import { costOf, printSteps, type Step } from './report.ts';

/** Measures all steps; `heading` says what their labels are. */
export async function compareSteps(
  bench: Bench,
  database: BenchDatabase,
  heading: string,
  steps: readonly Step[],
): Promise<Result> {
  const queries = steps.map(({ query }) => query);
  const compared = await compare(bench, database, queries);
  const report = steps.map((step) => {
    const costs = bench.servers.map((server) => [server, costOf(compared, steps, step, server)]);
    return [step.query.name, { ...compared[step.query.name], cost: Object.fromEntries(costs) }];
  });
  return { report: Object.fromEntries(report), table: printSteps(compared, heading, steps) };
}
