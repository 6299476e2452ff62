/**
 * Embeddings of rows: made before the first write, so that an embedder that fails leaves nothing behind, and stored right
 * after the row in the same transaction. Storing one is no change of its own: it counts no version and writes no audit entry
 * (the trigger `touch` leaves its columns out, `app.audit` hides them).
 */
import type { Context } from '../context.ts';
import { Prisma } from '../db/generated/prisma/client.ts';
import { isOpen } from '../graphql/features.ts';
import { checkVector, toVectorLiteral } from './vector.ts';

/** A checked vector, as pgvector reads it, and the model that made it. */
export interface Embedding {
  readonly literal: string;
  readonly model: string;
}

const isEmpty = (text: string | null): boolean => text === null || text.trim() === '';

/**
 * Embeds the text of a row. A row without text has no embedding, and none has while embedding is switched off: it is found
 * by everything but its meaning.
 *
 * @param dimensions those of the row's column.
 * @throws GatewayError UNAVAILABLE when the embedding service gives no usable answer.
 */
export const embedRow = async (context: Context, text: string | null, dimensions: number): Promise<Embedding | null> =>
  isEmpty(text) || !(await isOpen(context, 'embedding')) ? null : embedText(context, text, dimensions);

/** Embeds a text, for a search or a row; an empty one has no embedding. */
export async function embedText(context: Context, text: string | null, dimensions: number): Promise<Embedding | null> {
  if (text === null || isEmpty(text)) return null;
  const { embedder } = context;
  const [vector = []] = await embedder.embed([text], dimensions);
  return { literal: toVectorLiteral(checkVector(vector, dimensions)), model: embedder.model };
}

const assignments = (embedding: Embedding | null): Prisma.Sql =>
  embedding
    ? Prisma.sql`embedding = ${embedding.literal}::vector, embedding_model = ${embedding.model}, embedded_at = now()`
    : Prisma.sql`embedding = null, embedding_model = null, embedded_at = null`;

const tables = {
  interactions: Prisma.sql`interactions`,
  documents: Prisma.sql`documents`,
  client_intelligence: Prisma.sql`client_intelligence`,
  org_brain: Prisma.sql`org_brain`,
} as const;

/** A table whose rows have an embedding. */
export type EmbeddedTable = keyof typeof tables;

/** Stores the embedding of a row, or takes it away. */
export async function storeEmbedding(
  context: Context,
  table: EmbeddedTable,
  id: string,
  embedding: Embedding | null,
): Promise<void> {
  await context.db.$executeRaw`update ${tables[table]} set ${assignments(embedding)} where id = ${id}::uuid`;
}
