/**
 * The part `compile`: what making the SQL of a document takes. In this process, without a database: the first time with a
 * compiler that has seen nothing of it, then over and over with other variables.
 */
import { type DocumentNode, parse } from 'graphql';
import { createCompiler, isRefused } from '../../src/compiler/compile.ts';
import { schema } from '../../src/schema.ts';
import type { Part } from '../part.ts';
import { queries } from '../queries.ts';
import { median } from '../report.ts';
import { table } from '../table.ts';

const firstRuns = 200;
const cachedRuns = 20_000;

const idOf = (n: number) => `contact_00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;

function microseconds(work: () => unknown): number {
  const start = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - start) / 1_000;
}

/** Microseconds to compile a document that is new: each time by another compiler. */
function firstTimes(document: DocumentNode): number[] {
  return Array.from({ length: firstRuns }, (_, n) => {
    const compile = createCompiler(schema);
    return microseconds(() => compile({ document, variables: { id: idOf(n) } }));
  });
}

/** Microseconds for a document that is known, on average. */
function cachedTime(document: DocumentNode): number {
  const compile = createCompiler(schema);
  const all = microseconds(() => {
    for (let n = 0; n < cachedRuns; n++) {
      if (isRefused(compile({ document, variables: { id: idOf(n) } }))) throw new Error('It is not compiled.');
    }
  });
  return all / cachedRuns;
}

export const compile: Part = {
  title: 'microseconds to make the SQL of a document: new to the process, new to the compiler, and known',
  servers: ['gateway'],
  able: ['gateway'],
  async run() {
    const figures = Object.entries(queries).map(([name, { gateway }]) => {
      const document = parse(gateway);
      const times = firstTimes(document);
      return { name, first: times[0] ?? 0, again: median(times), known: cachedTime(document) };
    });
    const rows = figures.map(({ name, first, again, known }) => [
      name,
      first.toFixed(0),
      again.toFixed(0),
      known.toFixed(1),
    ]);
    return {
      report: Object.fromEntries(figures.map(({ name, ...times }) => [name, times])),
      table: table(['', 'first', 'new', 'known'], rows),
    };
  },
};
