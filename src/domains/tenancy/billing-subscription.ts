import { demandOrganization } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context, PlanProofs } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { mutation, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { type Input, liveRow, rowData, updateRow, type Written } from '../../graphql/rows.ts';
import { Plan } from './organization.ts';

const BillingSubscriptionStatus = enumOf('BillingSubscriptionStatus', 'Whether the plan is paid for.', {
  active: 'Paid for.',
  trialing: 'Not paid for yet: a trial.',
  past_due: 'A payment is missing.',
  canceled: 'Ended.',
});

readable('BillingSubscription', {
  permission: 'organization:read',
  filter: {
    columns: ['stripeSubscriptionId', 'stripeCustomerId', 'currentPeriodEndAt', 'seats', 'toldAt'],
    enums: { plan: Plan, status: BillingSubscriptionStatus },
  },
  orderBy: { columns: ['plan', 'status', 'seats', 'currentPeriodEndAt', 'toldAt'] },
});

/** Row security leaves the members of the organization alone, which is the one that the subscription is of. */
const seatsInUseSql = `(select count(*) from org_members where status = 'active')`;

builder.prismaObject('BillingSubscription', {
  description: 'The plan that the organization pays for. Every organization has exactly one, from its first day on.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    plan: t.expose('plan', { type: Plan }),
    status: t.expose('status', { type: BillingSubscriptionStatus }),
    seats: t.exposeInt('seats'),
    seatsInUse: t.int({
      description: 'How many active members the organization has, viewers included.',
      select: { id: true },
      extensions: { derived: () => seatsInUseSql },
      resolve: (_row, _args, { db }) => db.member.count({ where: { status: 'active' } }),
    }),
    currentPeriodEndAt: t.expose('currentPeriodEndAt', { type: 'DateTime', nullable: true }),
    toldAt: t.expose('toldAt', { type: 'DateTime', nullable: true }),
    stripeSubscriptionId: t.exposeString('stripeSubscriptionId', { nullable: true }),
    stripeCustomerId: t.exposeString('stripeCustomerId', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  billingSubscription: byId(t, 'BillingSubscription', 'One subscription.'),
  billingSubscriptions: list(t, 'BillingSubscription', 'The subscription of the organization: a list of one.'),
}));

const BillingSubscriptionUpdateInput = builder.inputType('BillingSubscriptionUpdateInput', {
  description: 'Changes to the subscription. Fields left out stay.',
  fields: (t) => ({ ...target(t), plan: t.field({ type: Plan }), seats: t.int() }),
});

/** Without the payment provider, where the server lets owners do so: the database asks for the server's proof. */
async function choosePlan(plans: PlanProofs, context: Context, input: Input): Promise<Written> {
  const { version, ...now } = await liveRow(context, 'BillingSubscription', input, { plan: true, seats: true });
  const wanted = rowData<{ plan?: string; seats?: number }>('BillingSubscription', input);
  const { plan, seats } = { ...(now as unknown as { plan: string; seats: number }), ...wanted };
  const proof = await plans.ofPlan(demandOrganization(context.scope), plan, seats);
  const [chosen] = await context.db.$queryRaw<{ id: string | null }[]>`
    select app.choose_plan(${version}::integer, ${plan}, ${seats}::integer, ${proof}) as id`;
  if (!chosen?.id) throw new UserError('CONFLICT', 'Somebody changed it. Try again.', ['id']);
  return { id: chosen.id };
}

mutation({
  name: 'billingSubscriptionUpdate',
  description:
    'Changes what the organization pays for: less at any time. More follows from what the payment provider says, unless this server lets owners choose (`SELF_SERVICE_PLANS`).',
  permission: 'organization:own',
  input: BillingSubscriptionUpdateInput,
  returns: 'BillingSubscription',
  run: (input, context) =>
    context.plans ? choosePlan(context.plans, context, input) : updateRow(context, 'BillingSubscription', input),
});
