/**
 * What the Prisma model says about tables, columns and joins, for SQL that Prisma cannot write. Identifiers come from the
 * model alone, never from a request; a test holds them against the `@map` and `@@map` of the Prisma files.
 */
import { Prisma } from '../db/generated/prisma/client.ts';
import { keyColumn, type ModelField, modelField, modelFields, snakeCase } from './model.ts';

/** Tables that are not called by the plural of their model. */
const irregular: Readonly<Record<string, string>> = {
  Member: 'org_members',
  Invitation: 'org_invitations',
  BillingSubscription: 'subscriptions',
  OrgBrainEntry: 'org_brain',
  ClientIntelligence: 'client_intelligence',
  ProspectIntelligence: 'prospect_intelligence',
  AiCache: 'ai_cache',
  VehicleInventory: 'vehicle_inventory',
  FileStorageStats: 'file_storage_stats',
  NumberSeries: 'number_series',
};

const plural = (name: string): string => (/[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`);

/** The table of a model. */
export const tableName = (model: string): string => irregular[model] ?? plural(snakeCase(model));

/** The column of a field. */
export const columnName = (field: string): string => snakeCase(field);

/** A table as SQL. */
export const tableSql = (model: string): Prisma.Sql => Prisma.raw(`"${tableName(model)}"`);

/** A column of a table's alias as SQL; a field that the model does not have is a developer's mistake, and throws. */
export const columnSql = (alias: string, model: string, field: string): Prisma.Sql =>
  Prisma.raw(`"${alias}"."${columnName(modelField(model, field).name)}"`);

/** The last column of a reference holds the other row's key; those before it are called the same on both sides. */
const referencedField = (target: string, fields: readonly string[], field: string): string =>
  field === fields.at(-1) ? keyColumn(target) : field;

/** The side of a relation that holds the reference, if it is the other one. */
function otherSide(model: string, relation: ModelField): ModelField {
  const found = modelFields(relation.type).find(
    (field) => field.relationName === relation.relationName && field.relationFromFields?.length,
  );
  if (!found) throw new Error(`Nothing in ${relation.type} refers to ${model} by ${relation.relationName}.`);
  return found;
}

/** The columns of a row that a relation of it joins by: its own reference, or what the other side refers to. */
export function joinColumns(model: string, relation: ModelField): readonly string[] {
  if (relation.relationFromFields?.length) return relation.relationFromFields;
  const fields = otherSide(model, relation).relationFromFields ?? [];
  return fields.map((field) => referencedField(model, fields, field));
}

/** The condition that joins a row to the rows of a relation: one equality for each column of the reference. */
export function joinSql(model: string, relation: ModelField, from: string, to: string): Prisma.Sql {
  const equal = (
    fields: readonly string[],
    [own, ownAlias]: readonly string[],
    [other, otherAlias]: readonly string[],
  ) =>
    fields.map((field) => {
      const target = columnSql(otherAlias ?? '', other ?? '', referencedField(other ?? '', fields, field));
      return Prisma.sql`${columnSql(ownAlias ?? '', own ?? '', field)} = ${target}`;
    });
  const own = relation.relationFromFields ?? [];
  const pairs =
    own.length > 0
      ? equal(own, [model, from], [relation.type, to])
      : equal(otherSide(model, relation).relationFromFields ?? [], [relation.type, to], [model, from]);
  return Prisma.join(pairs, ' and ');
}
