/**
 * The part `seal`: what sealing the context costs. One contact by id, asked of the gateway on the same rows twice: once as it
 * is, once in a copy where nothing is hashed and settings are believed, as they are where row security is used without a seal.
 */
import { subjectsOf, withServers } from '../compare.ts';
import { fewOrgs } from '../data-set.ts';
import { type Bench, type Part, serverOptions } from '../part.ts';
import { queries } from '../queries.ts';
import { median, round } from '../report.ts';
import { table } from '../table.ts';
import { measureInTurns, middleLoad, type Subject } from '../turns.ts';

const unsealed = `
  create or replace function app.hmac_of(purpose text, of_generation integer, message bytea) returns text
    language sql immutable parallel restricted return repeat('0', 64);
  create or replace function app.is_proven(message text, proof text) returns boolean language sql stable return true;
  create or replace function app.context() returns text
    language sql stable parallel restricted return nullif(substr(current_setting('app.context', true), 65), '')`;

/** Requests per second with the seal, divided by those without, round by round. */
const ratios = (sealed: Subject, plain: Subject): number[] =>
  sealed.loads.map(({ rps }, at) => rps / (plain.loads[at]?.rps ?? Number.NaN));

async function measure(bench: Bench, copy: Parameters<typeof serverOptions>[1]): Promise<readonly Subject[]> {
  const whole = serverOptions(bench, await bench.databases.open(fewOrgs));
  const bare = serverOptions(bench, copy);
  return withServers(bench.servers, whole, (sealed) =>
    withServers(bench.servers, bare, async (plain) => {
      const subjects = [
        ...subjectsOf(sealed, [queries.contact], whole, ', sealed'),
        ...subjectsOf(plain, [queries.contact], bare, ', not sealed'),
      ];
      await measureInTurns(subjects, bench.options, bench.say);
      return subjects;
    }),
  );
}

export const seal: Part = {
  title:
    'one contact by id with the sealed context and without; ratio is the median of requests/s with, divided by without',
  servers: ['gateway'],
  able: ['gateway'],
  run: (bench) =>
    bench.databases.lendCopy(fewOrgs, async (copy, client) => {
      await client.query(unsealed);
      const [sealed, plain] = await measure(bench, copy);
      if (!sealed || !plain) throw new Error('The part seal measures the gateway alone.');
      const [withSeal, without] = [sealed, plain].map(({ loads }) => round(middleLoad(loads).rps, 0));
      const ratio = round(median(ratios(sealed, plain)), 3);
      const rows = [['one contact by id', withSeal ?? 0, without ?? 0, ratio.toFixed(3)]];
      return { report: { withSeal, without, ratio }, table: table(['', 'sealed', 'not sealed', 'ratio'], rows) };
    }),
};
