import { demandPerson } from '../../auth/scope.ts';
import { builder } from '../../builder.ts';
import type { Context } from '../../context.ts';
import { UserError } from '../../errors.ts';
import { mutation, TargetInput, target } from '../../graphql/mutation.ts';
import { type Input, rowData, type Written } from '../../graphql/rows.ts';
import { demandState, moveRow, type Step } from '../../graphql/status.ts';
import { ownExpense } from './expense.ts';

/** Reads an expense, and refuses it unless it is in a state that the step begins in. */
async function expenseIn(context: Context, input: Input, step: Step) {
  const expense = await ownExpense(context, input);
  demandState('Expense', expense, step);
  return expense;
}

async function submit(input: Input, context: Context): Promise<Written> {
  const expense = await expenseIn(context, input, { from: ['draft', 'rejected'], done: 'submitted' });
  const decision = { decidedById: null, decidedAt: null, note: null };
  return moveRow(context, 'Expense', expense, { status: 'submitted', submittedAt: new Date(), ...decision });
}

/** Nobody decides on money for themselves, but the owner, above whom there is nobody; the database holds it, too. */
async function decide(context: Context, input: Input, status: 'approved' | 'rejected'): Promise<Written> {
  const decidedById = demandPerson(context.scope);
  const expense = await expenseIn(context, input, { from: ['submitted'], done: status });
  if (expense.userId === decidedById && context.scope.role !== 'owner')
    throw new UserError('FORBIDDEN', 'Somebody else decides on your expense.', ['id'], expense.version);
  const { note } = rowData<Input>('Expense', { note: input.note });
  return moveRow(context, 'Expense', expense, { status, decidedById, decidedAt: new Date(), note });
}

const ExpenseApproveInput = builder.inputType('ExpenseApproveInput', {
  description: 'Which expense is approved.',
  fields: (t) => ({ ...target(t), note: t.string({ description: 'What is to be said to it.' }) }),
});

const ExpenseRejectInput = builder.inputType('ExpenseRejectInput', {
  description: 'Which expense is sent back, and why.',
  fields: (t) => ({ ...target(t), note: t.string({ required: true, description: 'Why it is sent back.' }) }),
});

const forAdmins = { permission: 'finance:destroy', returns: 'Expense' } as const;

mutation({
  name: 'expenseSubmit',
  description: 'Hands in a draft, or an expense that was rejected, for decision. Members hand in their own.',
  permission: 'finance:write',
  input: TargetInput,
  returns: 'Expense',
  run: submit,
});

mutation({
  ...forAdmins,
  name: 'expenseApprove',
  description: 'Approves a submitted expense of somebody else; owners may approve their own.',
  input: ExpenseApproveInput,
  run: (input, context) => decide(context, input, 'approved'),
});

mutation({
  ...forAdmins,
  name: 'expenseReject',
  description:
    'Sends a submitted expense of somebody else back to whoever handed it in; owners may do so with their own. They can change it and submit it again.',
  input: ExpenseRejectInput,
  run: (input, context) => decide(context, input, 'rejected'),
});

mutation({
  ...forAdmins,
  name: 'expenseReimburse',
  description: 'Notes that an approved expense of somebody else was paid back; owners may do so with their own.',
  input: TargetInput,
  run: async (input, context) =>
    moveRow(context, 'Expense', await expenseIn(context, input, { from: ['approved'], done: 'reimbursed' }), {
      status: 'reimbursed',
      reimbursedAt: new Date(),
    }),
});
