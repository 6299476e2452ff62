import { queryFromInfo } from '@pothos/plugin-prisma';
import type { GraphQLResolveInfo } from 'graphql';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { Prisma } from '../../db/generated/prisma/client.ts';
import { badInput } from '../../errors.ts';
import { delegate } from '../../graphql/delegate.ts';
import { toUuid } from '../../graphql/ids.ts';
import { Money } from '../../graphql/money.ts';
import { maxPageSize, type PageRow } from '../../graphql/page.ts';
import { AccountClassification } from './account.ts';

/** A row of the view `client_crm_status`. Sums are texts by currency, too long for a number. */
interface StatusRow {
  readonly accountId: string;
  readonly name: string;
  readonly classification: string | null;
  readonly lastInteractionAt: Date | null;
  readonly daysSinceInteraction: number | null;
  readonly contactCount: number;
  readonly openDealCount: number;
  readonly openValue: Readonly<Record<string, string>>;
  readonly wonValue: Readonly<Record<string, string>>;
}

interface Status extends StatusRow {
  readonly account: PageRow | undefined;
}

const amounts = (sums: StatusRow['openValue']) =>
  Object.entries(sums)
    .sort()
    .map(([currency, cents]) => ({ cents: BigInt(cents), currency }));

const ClientCrmStatus = builder.objectRef<Status>('ClientCrmStatus').implement({
  description: 'Where the organization stands with one account, in numbers.',
  fields: (t) => ({
    account: t.field({
      type: 'Account' as never,
      description: 'The account.',
      resolve: ({ account }) => account as never,
    }),
    name: t.exposeString('name', { description: 'The name of the account.' }),
    classification: t.field({
      type: AccountClassification,
      nullable: true,
      description: 'How promising or endangered the relation is.',
      resolve: ({ classification }) => classification,
    }),
    lastInteractionAt: t.expose('lastInteractionAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the two last spoke.',
    }),
    daysSinceInteraction: t.exposeInt('daysSinceInteraction', {
      nullable: true,
      description: 'Whole days since the two last spoke.',
    }),
    contactCount: t.exposeInt('contactCount', { description: 'How many contacts it has.' }),
    openDealCount: t.exposeInt('openDealCount', { description: 'How many open deals there are.' }),
    openValue: t.field({
      type: [Money],
      description: 'The value of the open deals, one amount for each currency.',
      resolve: ({ openValue }) => amounts(openValue),
    }),
    wonValue: t.field({
      type: [Money],
      description: 'The value of the won deals, one amount for each currency.',
      resolve: ({ wonValue }) => amounts(wonValue),
    }),
  }),
});

const readStatuses = (context: Context, which: Prisma.Sql): Promise<StatusRow[]> => context.db.$queryRaw`
  select account_id as "accountId", name, classification, last_interaction_at as "lastInteractionAt",
      days_since_interaction as "daysSinceInteraction", contact_count as "contactCount", open_deal_count as "openDealCount",
      open_value as "openValue", won_value as "wonValue"
    from client_crm_status ${which}`;

/** Reads statuses, and their accounts if the document selects anything of them. */
async function statuses(context: Context, info: GraphQLResolveInfo, which: Prisma.Sql): Promise<Status[]> {
  const rows = await readStatuses(context, which);
  const selection: { select?: object } = queryFromInfo({
    context,
    info,
    typeName: 'Account',
    paths: [[{ name: 'account' }]],
  });
  if (rows.length === 0 || !selection.select) return rows.map((row) => ({ ...row, account: undefined }));
  const where = { id: { in: rows.map(({ accountId }) => accountId) } };
  const accounts = await delegate(context.db, 'Account').findMany({ ...selection, where });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  return rows.map((row) => ({ ...row, account: byId.get(row.accountId) }));
}

builder.queryFields((t) => ({
  clientCrmStatus: t.field({
    type: ClientCrmStatus,
    nullable: true,
    description:
      'Where the organization stands with one account. Null when there is no such live account. Needs `crm:read`.',
    extensions: { permission: 'crm:read' },
    args: { accountId: t.arg.id({ required: true, description: 'The account.' }) },
    resolve: async (_root, { accountId }, context, info) =>
      (await statuses(context, info, Prisma.sql`where account_id = ${toUuid('Account', accountId)}::uuid`))[0] ?? null,
  }),
  clientCrmStatuses: t.field({
    type: [ClientCrmStatus],
    description: 'Where the organization stands with its live accounts, by name. Needs `crm:read`.',
    extensions: { permission: 'crm:read' },
    args: { first: t.arg.int({ defaultValue: 25, description: `How many, at most ${maxPageSize}.` }) },
    resolve: (_root, { first }, context, info) => {
      const count = first ?? 25;
      if (count < 0 || count > maxPageSize)
        throw badInput(`A page has 0 to ${maxPageSize} rows; ${count} were asked for.`);
      return statuses(context, info, Prisma.sql`order by name, account_id limit ${count}`);
    },
  }),
}));
