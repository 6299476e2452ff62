/**
 * Rows that are about a row of any type: `entity_type` and `entity_id`. What one field leads to all over a list is one
 * statement for each type.
 */
import type { PrismaModelTypes } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { isPermission } from '../auth/permissions.ts';
import { can } from '../auth/scope.ts';
import type { Types } from '../builder.ts';
import type { Context } from '../context.ts';
import { UserError } from '../errors.ts';
import { findReadable } from './connection.ts';
import type { DerivedJson } from './declared.ts';
import { delegate } from './delegate.ts';
import { parseGlobalId } from './ids.ts';
import { inWords, isSoft, keyColumn, type ModelName, modelField, modelNames, snakeCase } from './model.ts';
import type { InputFields } from './mutation.ts';
import { Node } from './record.ts';
import { loadMemberId, loadRow, memberIdSql } from './row-loader.ts';

/** Models by the kind of record; the database speaks of some by the name of their table. */
const types = new Map<string, ModelName>([
  ...modelNames.map((name) => [snakeCase(name), name as ModelName] as const),
  ['org_member', 'Member'],
  ['org_invitation', 'Invitation'],
  ['subscription', 'BillingSubscription'],
  ['org_brain', 'OrgBrainEntry'],
]);

/** Whether the database speaks of records by this name: `contact`, `org_member`. */
export const isEntityType = (name: string): boolean => types.has(name);

/** Whether the caller may read rows of a type. */
function mayRead({ scope }: Context, type: ModelName): boolean {
  const permission = findReadable(type)?.permission;
  return permission !== undefined && (!isPermission(permission) || can(scope, permission));
}

interface About {
  readonly entityType: string | null;
  readonly entityId: string | null;
}

/** Triggers know a member by its row, the API by its person. */
const isMemberRow = (entityType: string): boolean => entityType === 'org_member';

async function keyOf({ entityType, entityId }: About, context: Context, info: GraphQLResolveInfo) {
  return entityId && isMemberRow(entityType ?? '') ? loadMemberId(context, info, entityId) : entityId;
}

async function loadEntity(about: About, context: Context, info: GraphQLResolveInfo) {
  const key = await keyOf(about, context, info);
  const type = types.get(about.entityType ?? '');
  const row = key && type && mayRead(context, type) ? await loadRow(context, info, type, key) : null;
  return row && Object.assign(row, { __typename: type });
}

/** The name of a kind of record in global ids. One that has gone from the API keeps its own. */
function prefixOf(entityType: string): string {
  const type = types.get(entityType);
  return type ? snakeCase(type) : entityType;
}

const entityIdSql: DerivedJson = (column) => {
  const id = column('entityId');
  const renamed = [...types].filter(([entityType]) => prefixOf(entityType) !== entityType);
  const branches = renamed.map(([entityType]) => {
    const key = isMemberRow(entityType) ? memberIdSql(id) : id;
    return `when '${entityType}' then '"${prefixOf(entityType)}_' || ${key} || '"'`;
  });
  const otherwise = `to_json(${column('entityType')} || '_' || ${id})::text`;
  return `coalesce(case ${column('entityType')} ${branches.join(' ')} else ${otherwise} end, 'null')`;
};

/**
 * `entityType`, `entityId` and `entity` of a row that is about another one.
 *
 * @param written who wrote the row: the API, which knows what it is about, or triggers, which may speak of a member that is
 *   gone.
 */
export function entityFields<Model extends PrismaModelTypes, Shape extends object>(
  t: PothosSchemaTypes.PrismaObjectFieldBuilder<Types, Model, Shape>,
  written: 'by the API' | 'by triggers' = 'by the API',
) {
  const { model } = t as unknown as { model: string };
  const isRequired = modelField(model, 'entityId').isRequired;
  const select = { entityType: true, entityId: true };
  return {
    entityType: t.expose('entityType' as never, { type: 'String', nullable: !isRequired } as never),
    entityId: t.field({
      type: 'ID',
      nullable: !isRequired || written === 'by triggers',
      description: 'The global id of the record, also when it is gone.',
      select,
      extensions: { derived: entityIdSql },
      resolve: async (about: About, _args: object, context: Context, info: GraphQLResolveInfo) => {
        const key = await keyOf(about, context, info);
        return key === null || about.entityType === null ? null : `${prefixOf(about.entityType)}_${key}`;
      },
    } as never),
    entity: t.field({
      type: Node,
      nullable: true,
      description: 'The record; null when it is gone, or not for the caller to read.',
      select,
      resolve: (about: About, _args: object, context: Context, info: GraphQLResolveInfo) =>
        loadEntity(about, context, info),
    } as never),
  };
}

const listed = (models: readonly string[]): string => models.map(inWords).join(', ');

/** Every type that a caller can read somehow: what a row about anything may be about. */
const anything = (): ModelName[] => (modelNames as ModelName[]).filter((name) => findReadable(name));

/** An input field that takes the global id of a record of one of these types. */
export const entityIdInput = (t: InputFields, models: readonly ModelName[]) =>
  t.id({ required: true, description: `The global id of the record: one of ${listed(models)}.` });

/**
 * The record that a row is to be about. No foreign key watches over it, so it is looked for: it must be live, in the
 * caller's organization, and the caller's to read.
 *
 * @param models the types that it may be of; any type unless given.
 * @returns the values of the columns `entity_type` and `entity_id`.
 * @throws UserError BAD_USER_INPUT for an id of another type, NOT_FOUND.
 */
export async function findEntity(
  context: Context,
  globalId: unknown,
  models?: readonly ModelName[],
): Promise<{ readonly entityType: string; readonly entityId: string }> {
  const parsed = parseGlobalId(String(globalId));
  const type = (models ?? anything()).find((name) => name === parsed?.type);
  if (!parsed || !type) {
    const expected = models ? `one of: ${listed(models)}` : 'a record';
    throw new UserError('BAD_USER_INPUT', `Expected the global id of ${expected}.`, ['entityId']);
  }
  const where = { [keyColumn(type)]: parsed.id, ...(isSoft(type) && { deletedAt: null }) };
  const select = { [keyColumn(type)]: true };
  const found = mayRead(context, type) && (await delegate(context.db, type).findFirst({ where, select }));
  if (!found) throw new UserError('NOT_FOUND', `There is no such ${inWords(type)}.`, ['entityId']);
  return { entityType: snakeCase(type), entityId: parsed.id };
}
