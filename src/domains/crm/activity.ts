import type { GraphQLResolveInfo } from 'graphql';
import { isPermission } from '../../auth/permissions.ts';
import { can } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, findReadable, list, readable } from '../../graphql/connection.ts';
import { delegate } from '../../graphql/delegate.ts';
import { enumOf } from '../../graphql/enums.ts';
import { parseGlobalId } from '../../graphql/ids.ts';
import { isSoft, type ModelName, modelNames, snakeCase } from '../../graphql/model.ts';
import { clientId, mutation } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { loadRow } from '../../graphql/row-loader.ts';
import { createRow, type Input, type Written } from '../../graphql/rows.ts';

const ActivityType = enumOf('ActivityType', 'What happened.', {
  call: 'A call.',
  email: 'A mail.',
  meeting: 'A meeting.',
  message: 'A short message or chat.',
  note: 'A note was taken.',
  task: 'A task was done.',
  status_change: 'The record went to another state.',
});

readable('Activity', {
  permission: 'crm:read',
  filter: {
    columns: [
      'id',
      'entityType',
      'entityId',
      'subject',
      'body',
      'occurredAt',
      'durationMinutes',
      'userId',
      'createdAt',
      'updatedAt',
      'version',
    ],
    enums: { type: ActivityType },
    relations: ['user'],
  },
  orderBy: {
    columns: ['id', 'entityType', 'type', 'subject', 'occurredAt', 'durationMinutes', 'createdAt', 'updatedAt'],
    relations: ['user'],
  },
});

const types = new Map(modelNames.map((name) => [snakeCase(name), name as ModelName]));

/** Whether the caller may read rows of a type. */
function mayRead({ scope }: Context, type: ModelName): boolean {
  const permission = findReadable(type)?.permission;
  return permission !== undefined && (!isPermission(permission) || can(scope, permission));
}

async function loadEntity(context: Context, info: GraphQLResolveInfo, entityType: string, id: string) {
  const type = types.get(entityType);
  const row = type && mayRead(context, type) ? await loadRow(context, info, type, id) : null;
  return row && Object.assign(row, { __typename: type });
}

builder.prismaObject('Activity', {
  description: 'An entry in the history of any record. Never changed.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    entityType: t.exposeString('entityType'),
    entityId: t.id({
      description: 'The global id of the record, also when it is gone.',
      select: { entityType: true, entityId: true },
      extensions: { derived: (column) => `to_json(${column('entityType')} || '_' || ${column('entityId')})` },
      resolve: ({ entityType, entityId }) => `${entityType}_${entityId}`,
    }),
    entity: t.field({
      type: Node,
      nullable: true,
      description: 'The record; null when it is gone, or not for the caller to read.',
      select: { entityType: true, entityId: true },
      resolve: ({ entityType, entityId }, _args, context, info) =>
        loadEntity(context, info, entityType, entityId) as never,
    }),
    type: t.expose('type', { type: ActivityType }),
    subject: t.exposeString('subject', { nullable: true }),
    body: t.exposeString('body', { nullable: true }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime' }),
    durationMinutes: t.exposeInt('durationMinutes', { nullable: true }),
    user: t.relation('user', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  activity: byId(t, 'Activity', 'One activity.'),
  activities: list(t, 'Activity', 'The history of all records, newest first.'),
}));

const subjects = ['Account', 'Contact', 'Deal', 'Lead', 'Proposal', 'Contract', 'Property', 'Document'] as const;
const subjectNames = subjects.map((name) => name.toLowerCase()).join(', ');

const ActivityCreateInput = builder.inputType('ActivityCreateInput', {
  description: 'A new entry in the history of a record. It stays as it is.',
  fields: (t) => ({
    id: clientId(t),
    entityId: t.id({ required: true, description: `The global id of the record: one of ${subjectNames}.` }),
    type: t.field({ type: ActivityType, required: true }),
    subject: t.string(),
    body: t.string(),
    occurredAt: t.field({ type: 'DateTime' }),
    durationMinutes: t.int(),
  }),
});

/** No foreign key watches over the record of an activity, so it is looked for. */
async function findSubject(
  context: Context,
  globalId: string,
): Promise<{ readonly type: string; readonly id: string }> {
  const parsed = parseGlobalId(globalId);
  const type = subjects.find((name) => name === parsed?.type);
  if (!parsed || !type)
    throw new UserError('BAD_USER_INPUT', `Expected the global id of one of: ${subjectNames}.`, ['entityId']);
  const where = { id: parsed.id, ...(isSoft(type) && { deletedAt: null }) };
  const found = mayRead(context, type) && (await delegate(context.db, type).findFirst({ where, select: { id: true } }));
  if (!found) throw new UserError('NOT_FOUND', `There is no such ${type.toLowerCase()}.`, ['entityId']);
  return parsed;
}

async function createActivity(context: Context, { entityId, ...input }: Input): Promise<Written> {
  const { type, id } = await findSubject(context, String(entityId));
  return createRow(context, 'Activity', input, {
    entityType: snakeCase(type),
    entityId: id,
    userId: context.scope.userId,
  });
}

mutation({
  name: 'activityCreate',
  description: 'Adds an entry to the history of a record.',
  permission: 'crm:write',
  input: ActivityCreateInput,
  returns: 'Activity',
  run: (input, context) => createActivity(context, input),
});
