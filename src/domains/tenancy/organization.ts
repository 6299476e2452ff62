import { queryFromInfo } from '@pothos/plugin-prisma';
import { demandOrganization, demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { requireFeature } from '../../graphql/features.ts';
import { clientId, mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { loadRow } from '../../graphql/row-loader.ts';
import { changeRow, type Input, rowData, rowId, updateRow, type Written } from '../../graphql/rows.ts';

const OrganizationType = enumOf('OrganizationType', 'Whose organization it is.', {
  personal: 'Of one person; made at their first sign-in.',
  team: 'Of a team.',
});

export const Plan = enumOf('Plan', 'What is paid for.', ['free', 'pro', 'enterprise']);

readable('Organization', {
  permission: 'organization:read',
  filter: {
    columns: ['name', 'slug', 'isOnboardingCompleted', 'defaultCurrency', 'timeZone'],
    enums: { type: OrganizationType, plan: Plan },
  },
  orderBy: { columns: ['name', 'slug'] },
});

builder.prismaObject('Organization', {
  description: 'A tenant: everything else belongs to exactly one organization.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    name: t.exposeString('name'),
    slug: t.exposeString('slug'),
    type: t.expose('type', { type: OrganizationType }),
    plan: t.expose('plan', { type: Plan }),
    isOnboardingCompleted: t.exposeBoolean('isOnboardingCompleted'),
    settings: t.expose('settings', { type: 'JSON' }),
    branding: t.expose('branding', { type: 'JSON' }),
    defaultCurrency: t.exposeString('defaultCurrency'),
    timeZone: t.exposeString('timeZone'),
    stripeCustomerId: t.exposeString('stripeCustomerId', { nullable: true }),
    siteKey: t.exposeString('siteKey'),
    subscription: t.relation('subscription', {
      nullable: true,
      description: 'What the organization pays for. Null in organizations other than the current one.',
    }),
    billingOwner: t.field({
      type: 'Member' as never,
      nullable: true,
      description: 'The member who pays. Null in organizations other than the current one.',
      select: { id: true, billingOwnerUserId: true },
      extensions: { reference: { model: 'Member', column: 'billingOwnerUserId' } },
      resolve: ({ id, billingOwnerUserId }, _args, context, info) =>
        (billingOwnerUserId && id === context.scope.orgId
          ? loadRow(context, info, 'Member', billingOwnerUserId)
          : null) as never,
    }),
  }),
});

builder.queryField('organization', (t) =>
  t.field({
    type: 'Organization' as never,
    description: 'The current organization. Needs `organization:read`.',
    extensions: { permission: 'organization:read', own: 'Organization' },
    resolve: (_root, _args, context, info) => {
      const selection = queryFromInfo({ context, info, select: { id: true } });
      return context.db.organization.findFirstOrThrow({
        ...selection,
        where: { id: demandOrganization(context.scope) },
      }) as never;
    },
  }),
);

const OrganizationCreateInput = builder.inputType('OrganizationCreateInput', {
  description: 'A new organization. The caller becomes its owner.',
  fields: (t) => ({
    id: clientId(t),
    name: t.string({ required: true }),
    slug: t.string({
      description: 'The short name used in addresses and in the X-Org header; made of the name unless given.',
    }),
    defaultCurrency: t.string(),
    timeZone: t.string(),
  }),
});

const OrganizationUpdateInput = builder.inputType('OrganizationUpdateInput', {
  description: 'Changes to the current organization. Fields left out stay.',
  fields: (t) => ({
    ...target(t),
    name: t.string(),
    slug: t.string(),
    isOnboardingCompleted: t.boolean(),
    settings: t.field({ type: 'JSON' }),
    branding: t.field({ type: 'JSON' }),
    defaultCurrency: t.string(),
    timeZone: t.string(),
  }),
});

/** Whether the runtime knows a time zone of this name. It also knows offsets such as `+01:00`, which are no names. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What no constraint of the table says. */
function checkConventions({ defaultCurrency, timeZone }: Input): void {
  if (typeof defaultCurrency === 'string' && !/^[A-Z]{3}$/.test(defaultCurrency)) {
    throw new UserError('BAD_USER_INPUT', 'A currency is an ISO 4217 code, for example EUR.', ['defaultCurrency']);
  }
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) {
    throw new UserError('BAD_USER_INPUT', 'A time zone is an IANA name, for example Europe/Berlin.', ['timeZone']);
  }
}

interface NewOrganization {
  readonly id?: string;
  readonly name: string;
  readonly slug?: string;
  readonly defaultCurrency?: string;
  readonly timeZone?: string;
}

/** The database makes it with all that an organization starts with: the owner, a plan, a pipeline, templates. */
async function createOrganization(context: Context, input: Input): Promise<Written> {
  demandPerson(context.scope);
  await requireFeature(context, 'sign_up');
  checkConventions(input);
  const {
    id = null,
    name,
    slug = null,
    defaultCurrency = null,
    timeZone = null,
  } = rowData<NewOrganization>('Organization', input);
  if (slug === '')
    throw new UserError('BAD_USER_INPUT', 'A slug has 2 to 63 lower-case letters, digits and single hyphens.', [
      'slug',
    ]);
  const made = await context.db.$queryRaw<Written[]>`
    select app.create_organization(${id}::uuid, ${name}, ${slug}, 'team', ${defaultCurrency}, ${timeZone}) as id`;
  return { id: made[0]?.id ?? '' };
}

async function deleteOrganization(context: Context, input: Input): Promise<Written> {
  const id = rowId('Organization', input);
  const organization = await context.db.organization.findFirst({ where: { id }, select: { type: true } });
  if (organization?.type === 'personal') {
    throw new UserError('CONFLICT', 'A personal organization stays as long as its person does.', ['id']);
  }
  return changeRow(context, 'Organization', {
    id,
    expectedVersion: input.expectedVersion,
    data: { deletedAt: new Date() },
  });
}

mutation({
  name: 'organizationCreate',
  description: 'Makes an organization, whose owner the caller becomes. API keys cannot.',
  permission: 'signedIn',
  input: OrganizationCreateInput,
  returns: 'Organization',
  run: (input, context) => createOrganization(context, input),
});

mutation({
  name: 'organizationUpdate',
  description: 'Changes the current organization.',
  permission: 'organization:write',
  input: OrganizationUpdateInput,
  returns: 'Organization',
  run: (input, context) => {
    checkConventions(input);
    return updateRow(context, 'Organization', input);
  },
});

mutation({
  name: 'organizationDelete',
  description:
    'Closes the current organization for everyone in it. Its rows stay; a personal organization cannot be deleted.',
  permission: 'organization:own',
  input: TargetInput,
  returns: 'Organization',
  run: (input, context) => deleteOrganization(context, input),
});
