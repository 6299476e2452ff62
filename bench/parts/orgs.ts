/**
 * The part `orgs`: what it costs that there are more organizations. The same reads in two databases that differ in nothing
 * but their number, 50 and 5,000; all of them ask in turn.
 */
import { subjectsOf, withServers } from '../compare.ts';
import { type DataSet, fewOrgs, manyOrgs } from '../data-set.ts';
import { type Bench, type Part, serverOptions } from '../part.ts';
import { type Query, queries } from '../queries.ts';
import { round } from '../report.ts';
import { checkSameRows } from '../rows.ts';
import { type Server, serverNames } from '../servers.ts';
import { type Cell, table } from '../table.ts';
import { measureInTurns, meetAll, middleLoad, type Subject } from '../turns.ts';

/** Requests per second and the median latency in milliseconds; memory in MiB. */
interface Measured {
  readonly rps: number;
  readonly p50: number;
  readonly peakMemoryMiB: number;
}

interface Growth {
  readonly few: Measured;
  readonly many: Measured;
  /** Requests per second with many organizations, divided by those with few. */
  readonly manyToFew: number;
}

/** Each organization asks once before all begin again. */
const askedOnce = (query: Query): Query => ({ ...query, turns: 1 });

/**
 * Starts the servers on a database, and gives what is measured there once each organization has been seen. Those of the
 * few organizations get as many requests before, so that all servers are equally warm.
 */
async function withSubjects<T>(
  bench: Bench,
  set: DataSet,
  asked: readonly Query[],
  work: (subjects: readonly Subject[]) => Promise<T>,
): Promise<T> {
  const options = serverOptions(bench, await bench.databases.open(set));
  return withServers(bench.servers, options, async (servers: readonly Server[]) => {
    for (const query of asked) await checkSameRows(servers, query, options);
    const subjects = subjectsOf(servers, asked, options, `, ${set.sizes.orgs} organizations`);
    await meetAll(subjects, manyOrgs.sizes.orgs);
    return work(subjects);
  });
}

function measured({ server, loads }: Subject): Measured {
  const { rps, p50 } = middleLoad(loads);
  return { rps: round(rps, 0), p50: round(p50, 2), peakMemoryMiB: round(server.peakMemory(), 0) };
}

function growth(few: Subject, many: Subject): Growth {
  const [a, b] = [measured(few), measured(many)];
  return { few: a, many: b, manyToFew: round(b.rps / a.rps, 2) };
}

interface Row {
  readonly subject: Subject;
  readonly growth: Growth;
}

function reportOf(rows: readonly Row[]): Record<string, Record<string, Growth>> {
  const report: Record<string, Record<string, Growth>> = {};
  for (const { subject, growth } of rows) {
    report[subject.query.name] = { ...report[subject.query.name], [subject.server.name]: growth };
  }
  return report;
}

const head = ['', 'server', 'orgs', 'requests/s', 'p50 ms', 'peak MiB', 'ratio'];

function lines({ subject: { query, server }, growth: { few, many, manyToFew } }: Row): Cell[][] {
  const cells = ({ sizes }: DataSet, { rps, p50, peakMemoryMiB }: Measured) => [
    sizes.orgs,
    rps,
    p50.toFixed(2),
    peakMemoryMiB,
  ];
  return [
    [query.title, server.name, ...cells(fewOrgs, few)],
    ['', '', ...cells(manyOrgs, many), manyToFew.toFixed(2)],
  ];
}

export const orgs: Part = {
  title:
    'the same reads over 50 and over 5,000 small organizations; ratio is requests/s over many, divided by over few',
  servers: ['gateway', 'postgraphile', 'limit'],
  able: serverNames,
  async run(bench) {
    const asked = (bench.options.queries ?? (['contacts', 'contact'] as const)).map((name) => askedOnce(queries[name]));
    const rows = await withSubjects(bench, fewOrgs, asked, (few) =>
      withSubjects(bench, manyOrgs, asked, async (many) => {
        const pairs = few.flatMap((one, index) => [one, many[index] ?? one]);
        await measureInTurns(pairs, bench.options, bench.say);
        return few.map((one, index) => ({ subject: one, growth: growth(one, many[index] ?? one) }));
      }),
    );
    return { report: reportOf(rows), table: table(head, rows.flatMap(lines)) };
  },
};
