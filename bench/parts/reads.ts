/** The part `reads`: four queries, each on all servers. */
import { compare } from '../compare.ts';
import { busyOrgs } from '../data-set.ts';
import type { Part } from '../part.ts';
import { queries, queryNames } from '../queries.ts';
import { printQueries } from '../report.ts';
import { serverNames } from '../servers.ts';

export const reads: Part = {
  title: 'four queries over 50 organizations',
  servers: ['gateway', 'postgraphile', 'limit'],
  able: serverNames,
  async run(bench) {
    const asked = (bench.options.queries ?? queryNames).map((name) => queries[name]);
    const report = await compare(bench, await bench.databases.open(busyOrgs), asked);
    return { report, table: printQueries(report, asked) };
  },
};
