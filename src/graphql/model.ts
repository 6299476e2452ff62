/**
 * What the Prisma model says about columns and relations, for the helpers that turn arguments into queries.
 */

import type PrismaTypes from '../db/generated/pothos.ts';
import { getDatamodel } from '../db/generated/pothos.ts';

export type ModelName = keyof PrismaTypes & string;

export interface ModelField {
  readonly name: string;
  /** The Prisma type: String, Int, DateTime, ... or the model that a relation leads to. */
  readonly type: string;
  readonly kind: string;
  readonly isRequired: boolean;
  readonly isList: boolean;
  readonly relationName?: string;
  readonly relationFromFields?: readonly string[];
  readonly documentation?: string;
}

interface Datamodel {
  readonly datamodel: { readonly models: Readonly<Record<string, { readonly fields: readonly ModelField[] }>> };
}

const { models } = (getDatamodel() as unknown as Datamodel).datamodel;
const fields = new Map(
  Object.entries(models).map(([name, model]) => [name, new Map(model.fields.map((f) => [f.name, f]))]),
);

/** One field of a model; a wrong name is a developer's mistake and fails while the schema builds. */
export function modelField(model: string, name: string): ModelField {
  const field = fields.get(model)?.get(name);
  if (!field) throw new Error(`The Prisma model ${model} has no field ${name}.`);
  return field;
}

/** Every field of a model. */
export const modelFields = (model: string): readonly ModelField[] => [...(fields.get(model)?.values() ?? [])];

/** Whether a model has a field. */
export const hasField = (model: string, name: string): boolean => fields.get(model)?.has(name) ?? false;

/** The words of the Prisma model on a column, if it is one. */
export const fieldDescription = (model: string, name: string): string | undefined =>
  fields.get(model)?.get(name)?.documentation;

/** Every model name. */
export const modelNames: readonly string[] = Object.keys(models);

/** Whether rows of a model are hidden before they are destroyed. */
export const isSoft = (model: string): boolean => hasField(model, 'deletedAt');

/** The columns that every row has, by which it can always be filtered: its key first. */
export const recordColumns = (model: string): readonly string[] =>
  [keyColumn(model), 'deletedAt', 'createdAt', 'updatedAt', 'version'].filter((name) => hasField(model, name));

/** The model that a foreign key column leads to, or undefined for any other column. */
export function referencedModel(model: string, column: string): string | undefined {
  for (const field of fields.get(model)?.values() ?? []) {
    if (field.relationFromFields?.at(-1) === column) return field.type;
  }
  return undefined;
}

/** The column that identifies a row inside its organization: people are known by their user id. */
export const keyColumn = (model: string): 'id' | 'userId' => (model === 'Member' ? 'userId' : 'id');

/** `Contact` -> `contact`: the delegate of the Prisma client, and the field of a payload. */
export const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** `PipelineStage` -> `pipeline_stage`. */
export const snakeCase = (name: string): string =>
  lowerFirst(name).replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** `PipelineStage` -> `pipeline stage`, and `on_hold` -> `on hold`. */
export const inWords = (name: string): string => snakeCase(name).replaceAll('_', ' ');
