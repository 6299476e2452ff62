import { beforeAll, expect, test } from 'vitest';
import type { Client, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const taxi = { vendor: 'Taxi', category: 'travel', amountCents: '2350', spentOn: '2026-03-02', currency: 'EUR' };
const expense = (client: Client, more: object = {}): Promise<string> => make(client, 'Expense', { ...taxi, ...more });
async function submitted(client: Client, more: object = {}): Promise<string> {
  const id = await expense(client, more);
  await write(client, 'expenseSubmit', { id });
  return id;
}
const personOf = (role: 'owner' | 'admin' | 'member') => `member_${acme.people[role].id}`;
const forbidden = (message: string, path: string, currentVersion: number | null) => [
  { code: 'FORBIDDEN', message, path: [path], currentVersion },
];

test('an expense goes from draft over a decision to reimbursed', async () => {
  const id = await expense(acme.member);
  const submission = await write(acme.member, 'expenseSubmit', { id }, 'status submittedAt user { id }');
  expect(submission).toMatchObject({ status: 'SUBMITTED', user: { id: personOf('member') } });
  const approved = await write(
    acme.admin,
    'expenseApprove',
    { id, note: 'Fine.' },
    'status note decidedAt decidedBy { id }',
  );
  expect(approved).toMatchObject({ status: 'APPROVED', note: 'Fine.', decidedBy: { id: personOf('admin') } });
  const done = await write(acme.admin, 'expenseReimburse', { id }, 'status reimbursedAt amount { amount currency }');
  expect(done).toMatchObject({ status: 'REIMBURSED', amount: { amount: '23.50', currency: 'EUR' } });
  for (const time of [submission.submittedAt, approved.decidedAt, done.reimbursedAt])
    expect(Math.abs(Date.parse(time) - Date.now())).toBeLessThan(60_000);
});

test('a rejected expense is changed and submitted again', async () => {
  const id = await submitted(acme.member);
  expect((await refusal(acme.admin, 'expenseReject', { id, note: '' }))[0]).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'A note says something, or is left out.',
    path: ['note'],
  });
  await write(acme.admin, 'expenseReject', { id, note: 'No receipt.' });
  expect(
    await write(acme.member, 'expenseUpdate', { id, amountCents: '2300' }, 'status note amount { cents }'),
  ).toEqual({
    status: 'REJECTED',
    note: 'No receipt.',
    amount: { cents: '2300' },
  });
  expect(await write(acme.member, 'expenseSubmit', { id }, 'status note decidedAt decidedBy { id }')).toEqual({
    status: 'SUBMITTED',
    note: null,
    decidedAt: null,
    decidedBy: null,
  });
});

test('each step begins in its own state', async () => {
  const id = await expense(acme.member);
  const only = (now: string, wanted: string, step: string) =>
    `This expense is ${now}; only one that is ${wanted} can be ${step}.`;
  const told = (step: string, more: object = {}) => refusal(acme.admin, step, { id, ...more });
  expect(await told('expenseApprove')).toEqual(conflict(only('draft', 'submitted', 'approved'), 'id', 1));
  expect(await told('expenseReject', { note: '' })).toEqual(conflict(only('draft', 'submitted', 'rejected'), 'id', 1));
  expect(await told('expenseReimburse')).toEqual(conflict(only('draft', 'approved', 'reimbursed'), 'id', 1));
  await write(acme.member, 'expenseSubmit', { id });
  expect(await told('expenseSubmit')).toEqual(conflict(only('submitted', 'draft or rejected', 'submitted'), 'id', 2));
  await expect(gateway.sql("update expenses set status = 'reimbursed' where id = $1", [uuidOf(id)])).rejects.toThrow(
    'no way from submitted to reimbursed',
  );
});

test('what was submitted is fixed, whoever writes', async () => {
  const id = await submitted(acme.member);
  expect(await refusal(acme.member, 'expenseUpdate', { id, amountCents: '9999' })).toEqual(
    conflict('This expense is submitted, so it cannot change.', 'id', 2),
  );
  const fixed = conflict('An expense that was submitted is fixed until it is rejected.', 'id', null);
  expect(await refusal(acme.member, 'expenseDelete', { id })).toEqual(fixed);
  expect(await refusal(acme.admin, 'expenseDestroy', { id })).toEqual(fixed);
  await expect(gateway.sql('update expenses set amount_cents = 1 where id = $1', [uuidOf(id)])).rejects.toThrow(
    'is fixed',
  );
  await expect(gateway.sql('delete from expenses where id = $1', [uuidOf(id)])).rejects.toThrow('is fixed');
});

test('members write their own expenses, admins those of everybody', async () => {
  const own = 'Members write their own expenses only.';
  expect(await refusal(acme.member, 'expenseCreate', { ...taxi, userId: personOf('admin') })).toEqual(
    forbidden(own, 'userId', null),
  );
  const theirs = await expense(acme.admin);
  const read = 'query ($id: ID!) { expense(id: $id) { vendor } expenses { nodes { id } } }';
  const seen = await acme.member.ok(read, { id: theirs });
  expect(seen.expense).toBeNull();
  expect(seen.expenses.nodes).not.toContainEqual({ id: theirs });
  expect((await acme.admin.ok(read, { id: theirs })).expense).toEqual({ vendor: 'Taxi' });
  for (const [name, more] of Object.entries({ expenseUpdate: { vendor: 'Me' }, expenseSubmit: {}, expenseDelete: {} }))
    expect((await refusal(acme.member, name, { id: theirs, ...more }))[0]?.code).toBe('NOT_FOUND');
  const mine = await expense(acme.member);
  expect(await refusal(acme.member, 'expenseUpdate', { id: mine, userId: personOf('owner') })).toEqual(
    forbidden(own, 'userId', 1),
  );
  expect((await failure(acme.viewer, 'expenseCreate', taxi))[0]).toBe('FORBIDDEN');
  const forOther = await expense(acme.admin, { userId: personOf('member') });
  expect(await write(acme.member, 'expenseSubmit', { id: forOther }, 'status')).toEqual({ status: 'SUBMITTED' });
});

test('nobody decides on their own expense but the owner', async () => {
  const id = await submitted(acme.admin);
  const message = 'Somebody else decides on your expense.';
  expect(await refusal(acme.admin, 'expenseApprove', { id })).toEqual(forbidden(message, 'id', 2));
  expect(await refusal(acme.admin, 'expenseReject', { id, note: 'No' })).toEqual(forbidden(message, 'id', 2));
  expect(await write(acme.owner, 'expenseApprove', { id }, 'status')).toEqual({ status: 'APPROVED' });
  const own = await submitted(acme.owner);
  expect(await write(acme.owner, 'expenseApprove', { id: own }, 'status')).toEqual({ status: 'APPROVED' });
});

test.each(['expenseApprove', 'expenseReject', 'expenseReimburse'])(
  '%s is for admins of the organization, at the version they saw',
  async (step) => {
    const id = await submitted(acme.member);
    const note = step === 'expenseReject' ? { note: 'No' } : {};
    expect((await failure(acme.member, step, { id, ...note }))[0]).toBe('FORBIDDEN');
    expect((await refusal(acme.admin, step, { id, ...note, expectedVersion: 1 }))[0]?.path).toEqual([
      'expectedVersion',
    ]);
    expect((await refusal(globex.admin, step, { id, ...note }))[0]?.code).toBe('NOT_FOUND');
  },
);

test('of an approval and a rejection at the same time one holds', async () => {
  const id = await submitted(acme.member);
  const answers = await Promise.all([
    acme.admin.run('mutation ($id: ID!) { step: expenseApprove(input: { id: $id }) { userErrors { code } } }', { id }),
    acme.owner.run(
      'mutation ($id: ID!) { step: expenseReject(input: { id: $id, note: "No" }) { userErrors { code } } }',
      {
        id,
      },
    ),
  ]);
  expect(answers.flatMap(({ data }) => data.step.userErrors)).toEqual([{ code: 'CONFLICT' }]);
});
