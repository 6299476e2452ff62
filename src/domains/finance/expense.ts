import { builder } from '../../builder.ts';
import { byId, list, readable } from '../../graphql/connection.ts';
import { enumOf } from '../../graphql/enums.ts';
import { lifecycle } from '../../graphql/lifecycle.ts';
import { money } from '../../graphql/money.ts';
import { clientId, type InputFields, target } from '../../graphql/mutation.ts';
import { Node, recordFields } from '../../graphql/record.ts';

const ExpenseStatus = enumOf('ExpenseStatus', 'Where an expense stands.', [
  'draft',
  'submitted',
  'approved',
  'rejected',
  'reimbursed',
]);

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
      'decidedById',
      'decidedAt',
    ],
    enums: { status: ExpenseStatus },
    relations: ['project', 'user', 'receiptFile', 'decidedBy'],
  },
  orderBy: {
    columns: ['category', 'vendor', 'amountCents', 'currency', 'spentOn', 'status', 'isBillable', 'decidedAt'],
    relations: ['project', 'user', 'receiptFile', 'decidedBy'],
  },
});

builder.prismaObject('Expense', {
  description: 'Money a person spent for the organization.',
  interfaces: [Node],
  select: { id: true },
  fields: (t) => ({
    ...recordFields(t),
    category: t.exposeString('category', { nullable: true }),
    vendor: t.exposeString('vendor', { nullable: true }),
    amount: money(t, 'The amount.', 'amountCents'),
    spentOn: t.expose('spentOn', { type: 'Date' }),
    status: t.expose('status', { type: ExpenseStatus }),
    isBillable: t.exposeBoolean('isBillable'),
    decidedAt: t.expose('decidedAt', { type: 'DateTime', nullable: true }),
    project: t.relation('project', { nullable: true }),
    user: t.relation('user'),
    receiptFile: t.relation('receiptFile', { nullable: true }),
    decidedBy: t.relation('decidedBy', { nullable: true }),
  }),
});

builder.queryFields((t) => ({
  expense: byId(t, 'Expense', 'One expense.'),
  expenses: list(t, 'Expense', 'The expenses of the organization.'),
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
  description: 'A new expense.',
  fields: (t) => ({
    id: clientId(t),
    userId: t.id({ required: true }),
    amountCents: t.field({ type: 'BigInt', required: true }),
    spentOn: t.field({ type: 'Date', required: true }),
    ...details(t),
  }),
});

const ExpenseUpdateInput = builder.inputType('ExpenseUpdateInput', {
  description: 'Changes to an expense. Fields left out stay; null clears.',
  fields: (t) => ({
    ...target(t),
    userId: t.id(),
    amountCents: t.field({ type: 'BigInt' }),
    spentOn: t.field({ type: 'Date' }),
    ...details(t),
  }),
});

lifecycle('Expense', {
  write: 'finance:write',
  destroy: 'finance:destroy',
  create: ExpenseCreateInput,
  update: ExpenseUpdateInput,
});
