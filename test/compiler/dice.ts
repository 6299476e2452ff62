/**
 * Chance, as fast-check deals it: the same seed, the same throws.
 */
import fc from 'fast-check';

/** One arbitrary for all throws: fast-check looks through all that it was ever asked for, at every throw. */
const throwOf = () => fc.nat();

export class Dice {
  readonly #deal: fc.GeneratorValue;
  /** fast-check remembers what it is asked by; an arbitrary has to be asked by the same function each time. */
  readonly #askers: WeakMap<object, () => fc.Arbitrary<unknown>>;

  constructor(deal: fc.GeneratorValue, askers: WeakMap<object, () => fc.Arbitrary<unknown>>) {
    this.#deal = deal;
    this.#askers = askers;
  }

  /** A whole number from `min` to `max`, both included. */
  number(min: number, max: number): number {
    return min + (this.#deal(throwOf) % (max - min + 1));
  }

  chance(percent: number): boolean {
    return this.number(1, 100) <= percent;
  }

  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new Error('There is nothing to pick from.');
    return list[this.number(0, list.length - 1)] as T;
  }

  /** Picks by weight; a weight of 0 is never picked. */
  weighted<T>(choices: readonly (readonly [weight: number, value: T])[]): T {
    let left = this.number(
      1,
      choices.reduce((sum, [weight]) => sum + weight, 0),
    );
    for (const [weight, value] of choices) {
      left -= weight;
      if (left <= 0) return value;
    }
    throw new Error('There is nothing to pick from.');
  }

  shuffled<T>(list: readonly T[]): T[] {
    const left = [...list];
    return list.map(() => left.splice(this.number(0, left.length - 1), 1)[0] as T);
  }

  /** From one to `most` different items, in any order. */
  some<T>(list: readonly T[], most: number): T[] {
    return this.shuffled(list).slice(0, this.number(1, most));
  }

  of<T>(arbitrary: fc.Arbitrary<T>): T {
    const known = this.#askers.get(arbitrary) as (() => fc.Arbitrary<T>) | undefined;
    const asker = known ?? (() => arbitrary);
    if (!known) this.#askers.set(arbitrary, asker);
    return this.#deal(asker);
  }
}

/** An arbitrary made of throws. It is not shrunk: its value is for another shrinker. */
export function dealt<T>(make: (dice: Dice) => T): fc.Arbitrary<T> {
  const askers = new WeakMap<object, () => fc.Arbitrary<unknown>>();
  return fc.noBias(fc.gen().map((deal) => make(new Dice(deal, askers))));
}
