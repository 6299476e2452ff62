/**
 * Search by meaning: the root field of a type whose rows have an embedding. It takes a text or a vector, and the ordinary
 * filter of the type.
 */
import { queryFromInfo } from '@pothos/plugin-prisma';
import { selectedFieldNames } from '@pothos/selection-mapper';
import type { GraphQLResolveInfo } from 'graphql';
import type { Requirement } from '../auth/permissions.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { badInput } from '../errors.ts';
import { type Embedding, embedText } from '../search/embed-row.ts';
import { hashingDescription } from '../search/hashing-embedder.ts';
import { nearest, type Scored } from '../search/nearest.ts';
import { checkVector, toVectorLiteral } from '../search/vector.ts';
import { delegate } from './delegate.ts';
import { demandFeature } from './features.ts';
import { filterRef } from './filter.ts';
import type { FilterInput } from './filter-conditions.ts';
import { isSoft, type ModelName } from './model.ts';
import { maxPageSize, type PageRow } from './page.ts';
import { demandOf } from './paths.ts';
import { filterSql } from './sql-filter.ts';

const defaultSize = 10;

interface Edge {
  readonly node: PageRow;
  readonly score: number;
}

interface Result {
  readonly edges: readonly Edge[];
  readonly exact: boolean;
  readonly model: string;
}

export interface SearchOptions {
  readonly permission: Requirement;
  readonly description: string;
  /** How many numbers the embeddings of the type have. */
  readonly dimensions: number;
}

interface SearchArgs {
  readonly text?: string | null | undefined;
  readonly vector?: readonly number[] | null | undefined;
  readonly model?: string | null | undefined;
  readonly filter?: FilterInput | null | undefined;
  readonly first?: number | null | undefined;
}

function resultOf(model: ModelName) {
  const node = model as never;
  const edge = builder.objectRef<Edge>(`${model}SearchEdge`).implement({
    description: `A ${model} that was found.`,
    fields: (t) => ({
      node: t.field({ type: node, description: 'The row.', resolve: (found) => found.node as never }),
      score: t.exposeFloat('score', {
        description:
          'The cosine similarity to what was searched for: 1 for the same direction, 0 for nothing in common.',
      }),
    }),
  });
  return builder.objectRef<Result>(`${model}SearchConnection`).implement({
    description: `The ${model} rows that are nearest to what was searched for, the nearest first.`,
    fields: (t) => ({
      edges: t.field({ type: [edge], description: 'The rows with their scores.', resolve: ({ edges }) => edges }),
      nodes: t.field({
        type: [node],
        description: 'The rows.',
        resolve: ({ edges }) => edges.map((found) => found.node) as never,
      }),
      exact: t.exposeBoolean('exact', {
        description: 'Whether every matching row was compared; else the nearest come from an approximate index.',
      }),
      model: t.exposeString('model', {
        description: 'The embedding model that the compared rows and the search share.',
      }),
    }),
  });
}

/**
 * What is searched for, as a vector; everything that can be wrong with it is found before any SQL.
 *
 * @throws GatewayError BAD_USER_INPUT, or UNAVAILABLE or FORBIDDEN while the search is closed.
 */
async function searched(context: Context, { text, vector, model }: SearchArgs, dimensions: number): Promise<Embedding> {
  if ((text ?? null) === null) {
    if (!vector) throw badInput('Give a text or a vector to search for.');
    const literal = toVectorLiteral(checkVector(vector, dimensions));
    await demandFeature(context, 'search');
    return { literal, model: model ?? context.embedder.model };
  }
  if (vector) throw badInput('Give a text or a vector, not both.');
  if (model)
    throw badInput('model says which model made a given vector; a text is embedded by the model of the server.');
  await demandFeature(context, 'search');
  const embedding = await embedText(context, text ?? null, dimensions);
  if (!embedding) throw badInput('The text to search for is empty.');
  return embedding;
}

function sizeOf({ first }: SearchArgs): number {
  const size = first ?? defaultSize;
  if (size < 1 || size > maxPageSize)
    throw badInput(`A search gives 1 to ${maxPageSize} rows; ${size} were asked for.`);
  return size;
}

const nodePaths = [[{ name: 'nodes' }], [{ name: 'edges' }, { name: 'node' }]];

/** The rows that were found, with what the document selects of them. */
async function load(
  model: ModelName,
  found: readonly Scored[],
  context: Context,
  info: GraphQLResolveInfo,
): Promise<Edge[]> {
  const names = selectedFieldNames(context, info);
  if (found.length === 0 || !(names.has('nodes') || names.has('edges'))) return [];
  const selection = queryFromInfo({ context, info, typeName: model, paths: nodePaths, select: { id: true } as never });
  const rows = await delegate(context.db, model).findMany({
    ...(selection as object),
    where: { id: { in: found.map(({ id }) => id) } },
  });
  const byId = new Map(rows.map((row) => [String(row.id), row]));
  return found.flatMap(({ id, score }) => {
    const node = byId.get(id);
    return node ? [{ node, score }] : [];
  });
}

/** Adds the search of a type to the schema. */
export function searchField(
  name: string,
  model: ModelName,
  { permission, description, dimensions }: SearchOptions,
): void {
  const type = resultOf(model);
  const rows = isSoft(model) ? 'Deleted rows are left out, and so are those' : 'Rows are left out';
  builder.queryField(name, (t) =>
    t.field({
      type,
      description: `${description} ${rows} that have no embedding of the same model. Without an embedding service a text is compared so: ${hashingDescription} Needs \`${permission}\`.`,
      extensions: { permission, search: model },
      args: {
        text: t.arg.string({ description: 'What to search for, in words. Give this or a vector.' }),
        vector: t.arg({
          type: 'Vector',
          description: `What to search for, as an embedding of ${dimensions} numbers. Give this or a text.`,
        }),
        model: t.arg.string({ description: 'The model that made the given vector; that of the server unless given.' }),
        filter: t.arg({ type: filterRef(model), description: 'Only rows that match.' }),
        first: t.arg.int({ defaultValue: defaultSize, description: `How many rows at most: 1 to ${maxPageSize}.` }),
      },
      resolve: async (_root, args, context, info) => {
        const k = sizeOf(args);
        const condition = args.filter ? filterSql(model, args.filter, demandOf(context)) : null;
        const query = await searched(context, args, dimensions);
        const { rows: found, exact } = await nearest(context.db, { model, query, k, condition });
        return { edges: await load(model, found, context, info), exact, model: query.model };
      },
    }),
  );
}
