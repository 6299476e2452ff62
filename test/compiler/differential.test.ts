/**
 * Operations at random, answered with and without the compiler: the texts must be the same.
 *
 * DIFFERENTIAL_SEED chooses the operations, DIFFERENTIAL_RUNS how many there are. A difference is made as small as it goes
 * before it is shown. COMPILED_READS=off lets the resolvers answer twice, which tries the test itself: only the share of
 * compiled operations is then too small.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Asked, arbitraryOperation } from './arbitrary-operation.ts';
import { type Both, describeFault, faultOf } from './faults.ts';
import { hasErrors } from './operation.ts';
import { readsOf } from './reads.ts';
import { shrink } from './shrink.ts';
import { each, startTwoServers, type TwoServers } from './two-servers.ts';
import { readWorld, type World } from './world.ts';

const seed = Number(process.env.DIFFERENTIAL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const runs = Number(process.env.DIFFERENTIAL_RUNS ?? 5_000);
const rounds = Math.max(1, Math.ceil(runs / 500));
const runsInRound = Math.ceil(runs / rounds);

let two: TwoServers;
let world: World;
const seen = { asked: 0, withoutErrors: 0, compiled: 0, characters: 0 };
const refusals = new Map<string, number>();

beforeAll(async () => {
  two = await startTwoServers();
  world = await readWorld(two, seed);
}, 180_000);
afterAll(() => two.close());

/** The fault as small as it goes; as it was when it does not come back. */
async function report({ caller, operation }: Asked, both: Both): Promise<string> {
  const fault = faultOf(both);
  const small = await shrink(operation, async (smaller) => faultOf(await two.ask(caller, smaller)) === fault);
  const again = await two.ask(caller, small);
  if (faultOf(again) === fault) return `Seed ${seed}, ${describeFault(caller, small, again)}`;
  return `Seed ${seed}, did not come back: ${describeFault(caller, operation, both)}`;
}

async function compare(asked: Asked): Promise<Both> {
  const both = await two.ask(asked.caller, asked.operation);
  if (faultOf(both)) expect.fail(await report(asked, both));
  return both;
}

/** One round; it is counted once all of it was answered alike. */
async function compareAll(operations: readonly Asked[]): Promise<void> {
  const before = await readsOf(two.compiled);
  const answers: Both[] = [];
  await each(operations, two.width, async (asked) => {
    answers.push(await compare(asked));
  });
  seen.asked += answers.length;
  const good = answers.filter(({ plain }) => !hasErrors(plain));
  seen.withoutErrors += good.length;
  seen.characters += good.reduce((sum, { plain }) => sum + plain.body.length, 0);
  seen.compiled += (await readsOf(two.compiled)).compiler - before.compiler;
  for (const { refused } of good) if (refused) refusals.set(refused, (refusals.get(refused) ?? 0) + 1);
}

/** Why operations without errors were left to the resolvers, the most frequent reasons first. */
const reasons = (): string =>
  [...refusals]
    .sort(([, one], [, other]) => other - one)
    .slice(0, 10)
    .map(([reason, times]) => `${times} ${reason}`)
    .join('; ');

describe(`operations of seed ${seed}`, () => {
  test.each(Array.from({ length: rounds }, (_, round) => round))(
    `round %i: ${runsInRound} operations are answered alike`,
    async (round) => {
      const operations = fc.sample(arbitraryOperation(world, two.callers.all), {
        seed: seed + round,
        numRuns: runsInRound,
      });
      await compareAll(operations);
    },
    600_000,
  );

  test('most of them are answered without errors', ({ annotate }) => {
    const { asked, withoutErrors, characters } = seen;
    expect(asked).toBeGreaterThan(0);
    annotate(`${withoutErrors} of ${asked} without errors, ${Math.round(characters / withoutErrors)} characters each`);
    expect(withoutErrors).toBeGreaterThan(asked * 0.6);
  });

  test('at least half of those are compiled', ({ annotate }) => {
    annotate(`${seen.compiled} of ${seen.withoutErrors} without errors are compiled; not: ${reasons()}`);
    expect(seen.compiled, 'gateway_reads_total{by="compiler"}').toBeGreaterThan(seen.withoutErrors / 2);
  });
});
