import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, mutation, target } from '../../graphql/mutation.ts';
import { ownUnlessGiven } from '../../graphql/own.ts';
import { Node, recordFields } from '../../graphql/record.ts';
import { createRow, type Input, liveRow, rowData, updateRow, uuidAt, type Written } from '../../graphql/rows.ts';

const ExpenseStatus = enumOf('ExpenseStatus', 'Where an expense stands.', {
  draft: 'Being written.',
  submitted: 'Waiting for a decision; fixed from here on.',
  approved: 'To be paid back.',
  rejected: 'Sent back: it can be changed and submitted again.',
  reimbursed: 'Paid back.',
});

readable('Expense', {
  permission: 'finance:read',
  filter: {
    columns: [
      'projectId',
      'userId',
      'category',
      'vendor',
      'amountCents',
      'currency',
      'spentOn',
      'isBillable',
      'receiptFileId',
      'submittedAt',
      'decidedById',
      'decidedAt',
      'note',
      'reimbursedAt',
    ],
    enums: { status: ExpenseStatus },
    relations: ['project', 'user', 'receiptFile', 'decidedBy'],
  },
  orderBy: {
    columns: [
      'category',
      'vendor',
      'amountCents',
      'currency',
      'spentOn',
      'status',
      'isBillable',
      'submittedAt',
      'decidedAt',
      'reimbursedAt',
    ],
    relations: ['project', 'user', 'decidedBy'],
  },
});

builder.prismaObject('Expense', {
  description:
    'Money a person spent for the organization and gets back once it is approved. It is fixed from its submission on.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    category: t.exposeString('category', { nullable: true }),
    vendor: t.exposeString('vendor', { nullable: true }),
    amount: money(t, 'What was spent.', 'amountCents'),
    spentOn: t.expose('spentOn', { type: 'Date' }),
    status: t.expose('status', { type: ExpenseStatus }),
    isBillable: t.exposeBoolean('isBillable'),
    submittedAt: t.expose('submittedAt', { type: 'DateTime', nullable: true }),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    note: t.exposeString('note', { nullable: true }),
    reimbursedAt: t.expose('reimbursedAt', { type: 'DateTime', nullable: true }),
    project: t.relation('project', { nullable: true }),
    user: t.relation('user'),
    receiptFile: t.relation('receiptFile', { nullable: true }),
    decidedBy: t.relation('decidedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  expense: byId(t, 'Expense', 'One expense.'),
  expenses: list(t, 'Expense', 'The expenses of everybody in the organization.'),
}));

const details = (t: InputFields) => ({
  projectId: t.id(),
  category: t.string(),
  vendor: t.string(),
  currency: t.string(),
  isBillable: t.boolean(),
  receiptFileId: t.id(),
});

const ExpenseCreateInput = builder.inputType('ExpenseCreateInput', {
  description: 'A new expense, a draft.',
  fields: (t) => ({
    id: clientId(t),
    userId: t.id({ description: 'Who spent it: the caller unless given. Only admins name somebody else.' }),
    amountCents: t.field({ type: 'BigInt', required: true }),
    spentOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const ExpenseUpdateInput = builder.inputType('ExpenseUpdateInput', {
  description: 'Changes to an expense that is a draft, or was rejected. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    userId: t.id({ description: 'Who spent it. Only admins name somebody else.' }),
    amountCents: t.field({ type: 'BigInt' }),
    spentOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

const isAdmin = ({ scope }: Context): boolean => scope.role === 'admin' || scope.role === 'owner';

/** Members write their own expenses, as row security has it; here it is told. */
function demandOwn(context: Context, userId: unknown, path: string, version?: number): void {
  if (userId !== undefined && userId !== context.scope.userId && !isAdmin(context))
    throw new UserError('FORBIDDEN', 'Members write their own expenses only.', [path], version);
}

/**
 * Reads an expense that the caller may write.
 *
 * @throws UserError NOT_FOUND, CONFLICT with the current version, or FORBIDDEN.
 */
export async function ownExpense(context: Context, input: Input) {
  const expense = await liveRow(context, 'Expense', input, { id: true, userId: true, status: true });
  demandOwn(context, expense.userId, 'id', expense.version);
  return expense as { readonly id: string; readonly userId: string; readonly status: string; readonly version: number };
}

async function createExpense(context: Context, input: Input): Promise<Written> {
  const own = ownUnlessGiven(context, input);
  demandOwn(context, uuidAt('Member', own.userId, ['userId']), 'userId');
  return createRow(context, 'Expense', own);
}

async function updateExpense(context: Context, input: Input): Promise<Written> {
  const { status, version } = await ownExpense(context, input);
  if (status !== 'draft' && status !== 'rejected')
    throw new UserError('CONFLICT', `This expense is ${status}, so it cannot change.`, ['id'], version);
  const { userId } = rowData<{ userId?: string }>('Expense', { userId: input.userId });
  demandOwn(context, userId, 'userId', version);
  return updateRow(context, 'Expense', { ...input, expectedVersion: version });
}

mutation({
  name: 'expenseCreate',
  description: 'Makes an expense, a draft. Members make their own; admins those of anybody.',
  permission: 'finance:write',
  input: ExpenseCreateInput,
  returns: 'Expense',
  run: (input, context) => createExpense(context, input),
});

mutation({
  name: 'expenseUpdate',
  description: 'Changes an expense that was not submitted, or was rejected. Members change their own.',
  permission: 'finance:write',
  input: ExpenseUpdateInput,
  returns: 'Expense',
  run: (input, context) => updateExpense(context, input),
});

lifecycle('Expense', { write: 'finance:write', destroy: 'finance:destroy' });
