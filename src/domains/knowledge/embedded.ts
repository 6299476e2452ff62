import type { Context } from '../../context.ts';
import type { ModelName } from '../../graphql/model.ts';
import { createRow, type Input, liveRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';
import { type EmbeddedTable, embedRow, storeEmbedding } from '../../search/embed-row.ts';

/** What of a row its embedding stands for: the columns, one a line. */
export interface EmbeddedText {
  readonly model: ModelName;
  readonly table: EmbeddedTable;
  readonly columns: readonly string[];
  readonly dimensions: number;
}

export const documentText: EmbeddedText = {
  model: 'Document',
  table: 'documents',
  columns: ['title', 'body'],
  dimensions: 768,
};

export const clientText: EmbeddedText = {
  model: 'ClientIntelligence',
  table: 'client_intelligence',
  columns: ['clientName', 'summary'],
  dimensions: 1536,
};

export const knowledgeText: EmbeddedText = {
  model: 'OrgBrainEntry',
  table: 'org_brain',
  columns: ['contentText'],
  dimensions: 1536,
};

const textOf = ({ columns }: EmbeddedText, row: Input): string =>
  columns
    .map((column) => row[column] ?? '')
    .join('\n')
    .trimEnd();

/** Makes a row and its embedding. */
export async function createEmbedded(context: Context, of: EmbeddedText, input: Input): Promise<Written> {
  const embedding = await embedRow(context, textOf(of, rowData<Input>(of.model, input)), of.dimensions);
  const written = await createRow(context, of.model, input);
  if (embedding) await storeEmbedding(context, of.table, written.id, embedding);
  return written;
}

/** Changes a row; only another text gives it another embedding. */
export async function updateEmbedded(context: Context, of: EmbeddedText, input: Input): Promise<Written> {
  const changes = rowData<Input>(of.model, input);
  if (!of.columns.some((column) => column in changes)) return updateRow(context, of.model, input);
  const select = Object.fromEntries(of.columns.map((column) => [column, true]));
  const { version, ...before } = await liveRow(context, of.model, input, select);
  const text = textOf(of, { ...before, ...changes });
  const seen = { ...input, expectedVersion: version };
  if (text === textOf(of, before)) return updateRow(context, of.model, seen);
  const embedding = await embedRow(context, text, of.dimensions);
  const written = await updateRow(context, of.model, seen);
  await storeEmbedding(context, of.table, written.id, embedding);
  return written;
}
