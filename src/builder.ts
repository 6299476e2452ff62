/**
 * The Pothos builder: plugins, scalars and defaults. Defines no types; `schema.ts` imports those.
 */
import SchemaBuilder from '@pothos/core';
import PrismaPlugin from '@pothos/plugin-prisma';
import { testing } from './config.ts';
import type { Context } from './context.ts';
import type PrismaTypes from './db/generated/pothos.ts';
import { getDatamodel } from './db/generated/pothos.ts';
import { type Scalars, scalars } from './graphql/scalars.ts';

export const builder = new SchemaBuilder<{
  Context: Context;
  PrismaTypes: PrismaTypes;
  Scalars: Scalars;
  DefaultFieldNullability: false;
}>({
  plugins: [PrismaPlugin],
  defaultFieldNullability: false,
  prisma: {
    client: (context) => context.db as never,
    dmmf: getDatamodel(),
    exposeDescriptions: true,
    onUnusedQuery: testing ? 'error' : null,
  },
});

/** The types that the builder works with; what helpers are generic over. */
export type Types = (typeof builder)['$inferSchemaTypes'];

builder.queryType({ description: 'Everything that can be read.' });
builder.mutationType({
  description:
    'Everything that can be written. A document with several mutations is saved as a whole or not at all. With the header `Idempotency-Key` it is done once: whoever sends the same request again within a day gets the answer of the first time.',
});

for (const [name, scalar] of Object.entries(scalars))
  builder.addScalarType(name as keyof typeof scalars, scalar as never);
