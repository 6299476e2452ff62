import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import type { DerivedJson } from '../../graphql/declared.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { clientId, mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { Role } from '../../graphql/role.ts';
import { createRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';

readable('FeatureFlag', {
  permission: 'organization:read',
  filter: { columns: ['featureKey', 'isEnabled', 'allowedRoles'] },
  orderBy: { columns: ['featureKey', 'isEnabled'] },
  defaultOrder: [{ featureKey: { direction: 'asc' } }],
});

const allowedRolesSql: DerivedJson = (column) =>
  `coalesce(to_json(nullif(upper(${column('allowedRoles')}::text)::text[], '{}')), 'null')`;

builder.prismaObject('FeatureFlag', {
  description: 'A switch for one feature of the organization.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    featureKey: t.exposeString('featureKey'),
    isEnabled: t.exposeBoolean('isEnabled'),
    allowedRoles: t.field({
      type: [Role],
      nullable: true,
      description: 'The roles that may use the feature; null means every role.',
      select: { allowedRoles: true },
      extensions: { derived: allowedRolesSql },
      resolve: ({ allowedRoles }) => (allowedRoles.length > 0 ? allowedRoles : null),
    }),
  }),
});

builder.queryFields((t) => ({
  featureFlag: byId(t, 'FeatureFlag', 'One feature flag.'),
  featureFlags: list(t, 'FeatureFlag', 'The feature flags of the organization, by key.'),
}));

const FeatureFlagCreateInput = builder.inputType('FeatureFlagCreateInput', {
  description: 'A new feature flag.',
  fields: (t) => ({
    id: clientId(t),
    featureKey: t.string({ required: true }),
    isEnabled: t.boolean(),
    allowedRoles: t.field({ type: [Role] }),
  }),
});

const FeatureFlagUpdateInput = builder.inputType('FeatureFlagUpdateInput', {
  description: 'Changes to a feature flag. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    featureKey: t.string(),
    isEnabled: t.boolean(),
    allowedRoles: t.field({ type: [Role] }),
  }),
});

const FeatureFlagSetInput = builder.inputType('FeatureFlagSetInput', {
  description: 'How a feature flag shall be, whether there is one already or not.',
  fields: (t) => ({
    featureKey: t.string({ required: true, description: 'The feature, for example `subtasks`.' }),
    isEnabled: t.boolean({ required: true, description: 'Whether the feature is on.' }),
    allowedRoles: t.field({
      type: [Role],
      description: 'The roles that may use the feature; null means every role. Stays when left out.',
    }),
  }),
});

interface Roles {
  readonly allowedRoles?: readonly string[] | null | undefined;
}

/** Prisma keeps no null in a list column: an empty one stands for "every role", and so cannot mean "nobody". */
function withRoles<Input extends Roles>(input: Input): Input {
  const { allowedRoles } = input;
  if (allowedRoles?.length === 0) {
    throw new UserError('BAD_USER_INPUT', 'Nobody could use the feature: switch it off, or give null for every role.', [
      'allowedRoles',
    ]);
  }
  return allowedRoles === undefined ? input : { ...input, allowedRoles: [...new Set(allowedRoles ?? [])] };
}

/** One statement, so that two callers who set the same flag at once do not meet. */
async function setFlag({ db }: Context, input: typeof FeatureFlagSetInput.$inferInput): Promise<Written> {
  const { featureKey, isEnabled, allowedRoles } = rowData<typeof input>('FeatureFlag', withRoles(input));
  const [row] = await db.$queryRaw<Written[]>`
    insert into feature_flags as flag (feature_key, is_enabled, allowed_roles)
    values (${featureKey}, ${isEnabled}, ${allowedRoles ?? []}::text[])
    on conflict on constraint feature_flags_feature_key_key do update set is_enabled = excluded.is_enabled,
      allowed_roles = case when ${allowedRoles === undefined} then flag.allowed_roles else excluded.allowed_roles end
    returning flag.id`;
  return { id: row?.id ?? '' };
}

mutation({
  name: 'featureFlagCreate',
  description: 'Makes a feature flag.',
  permission: 'organization:write',
  input: FeatureFlagCreateInput,
  returns: 'FeatureFlag',
  run: (input, context) => createRow(context, 'FeatureFlag', withRoles({ allowedRoles: null, ...input })),
});

mutation({
  name: 'featureFlagUpdate',
  description: 'Changes a feature flag.',
  permission: 'organization:write',
  input: FeatureFlagUpdateInput,
  returns: 'FeatureFlag',
  run: (input, context) => updateRow(context, 'FeatureFlag', withRoles(input)),
});

mutation({
  name: 'featureFlagSet',
  description: 'Makes a feature flag, or changes the one with that key.',
  permission: 'organization:write',
  input: FeatureFlagSetInput,
  returns: 'FeatureFlag',
  run: (input, context) => setFlag(context, input),
});

lifecycle('FeatureFlag', { write: 'organization:write', destroy: 'organization:write' });
