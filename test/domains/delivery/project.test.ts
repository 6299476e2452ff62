import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, queryFailure, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const project = (input: object = {}) => make(acme.member, 'Project', { name: 'Shop', ...input });

test('a project is planned, active, held, completed, archived and taken up again', async () => {
  const id = await project();
  const steps = [
    ['Hold', 'ON_HOLD'],
    ['Activate', 'ACTIVE'],
    ['Hold', 'ON_HOLD'],
    ['Complete', 'COMPLETED'],
    ['Archive', 'ARCHIVED'],
    ['Activate', 'ACTIVE'],
    ['Complete', 'COMPLETED'],
  ];
  for (const [step, status] of steps)
    expect(await write(acme.member, `project${step}`, { id }, 'status')).toEqual({ status });
});

test.each([
  ['projectComplete', [], 'planning; only one that is active or on hold can be completed.'],
  ['projectArchive', ['Activate'], 'active; only one that is planning, on hold or completed can be archived.'],
  ['projectHold', ['Activate', 'Complete'], 'completed; only one that is planning or active can be held.'],
  [
    'projectActivate',
    ['Activate'],
    'active; only one that is planning, on hold, completed or archived can be activated.',
  ],
])('%s is refused after %j', async (step, before, message) => {
  const id = await project();
  for (const name of before) await write(acme.member, `project${name}`, { id });
  expect(await refusal(acme.member, step, { id })).toEqual(
    conflict(`This project is ${message}`, 'id', before.length + 1),
  );
});

test('a state is changed by those who write, at the version they saw, in their organization', async () => {
  const id = await project();
  expect((await failure(acme.viewer, 'projectActivate', { id }))[0]).toBe('FORBIDDEN');
  expect((await refusal(globex.owner, 'projectActivate', { id }))[0]?.code).toBe('NOT_FOUND');
  expect(await refusal(acme.member, 'projectActivate', { id, expectedVersion: 2 })).toEqual(
    conflict('Somebody changed it: the current version is 1, not 2.', 'expectedVersion', 1),
  );
});

test('phases stand in their order, and days in theirs', async () => {
  const id = await project();
  for (const name of ['a', 'b']) await make(acme.member, 'ProjectPhase', { projectId: id, name });
  await make(acme.member, 'ProjectPhase', { projectId: id, name: 'first', position: 0 });
  const query = 'query ($id: ID!) { project(id: $id) { projectPhases { nodes { name } } } }';
  const { nodes } = (await acme.viewer.ok(query, { id })).project.projectPhases;
  expect(nodes.map(({ name }: Data) => name)).toEqual(['first', 'a', 'b']);
  const days = { startsOn: '2026-02-02', endsOn: '2026-02-01' };
  const errors = [
    { code: 'BAD_USER_INPUT', message: 'The last day is before the first.', path: ['endsOn'], currentVersion: null },
  ];
  expect(await refusal(acme.member, 'projectUpdate', { id, ...days })).toEqual(errors);
  expect(await refusal(acme.member, 'projectPhaseCreate', { projectId: id, name: 'x', ...days })).toEqual(errors);
});

const progressQuery =
  'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Project { progress { total done overdue percent } } } }';

test('progress counts live tasks, of all projects of a page in one statement', async () => {
  const [some, none] = [await project(), await project()];
  const task = (input: object) => make(acme.member, 'Task', { projectId: some, title: 'x', ...input });
  await task({ status: 'DONE', dueOn: '2020-01-01' });
  await task({ dueOn: '2020-01-01' });
  await task({ status: 'BLOCKED', dueOn: '2999-01-01' });
  await task({});
  await write(acme.member, 'taskDelete', { id: await task({ status: 'DONE' }) });
  const { statements, result } = await gateway.countingBoth(acme.viewer, (client) =>
    client.ok(progressQuery, { ids: [some, none] }),
  );
  expect(result.nodes).toEqual([
    { progress: { total: 4, done: 1, overdue: 1, percent: 25 } },
    { progress: { total: 0, done: 0, overdue: 0, percent: null } },
  ]);
  expect(statements).toEqual({ compiler: 1, resolvers: 2 });
});

test('a task is overdue after its day unless it is done, and can be found so', async () => {
  const id = await project();
  const task = (title: string, input: object) => make(acme.member, 'Task', { projectId: id, title, ...input });
  await task('late', { dueOn: '2020-01-01' });
  await task('done', { dueOn: '2020-01-01', status: 'DONE' });
  await task('early', { dueOn: '2999-01-01' });
  await task('any', {});
  const query = `query ($id: ID!) { project(id: $id) {
    overdue: tasks(filter: { isOverdue: true }) { nodes { title isOverdue } }
    others: tasks(filter: { isOverdue: false }, orderBy: [{ title: {} }]) { nodes { title isOverdue } }
  } }`;
  const { result } = await gateway.countingBoth(acme.viewer, (client) => client.ok(query, { id }));
  const named = (title: string, isOverdue: boolean) => ({ title, isOverdue });
  expect(result.project.overdue.nodes).toEqual([named('late', true)]);
  expect(result.project.others.nodes).toEqual(['any', 'done', 'early'].map((title) => named(title, false)));
});

const sums =
  'currency invoiced { cents } revenue { cents } paid { cents } labourCost { cents } expenses { cents } margin { amount }';
const profitQuery = `query ($ids: [ID!]!) {
  nodes(ids: $ids) { ... on Project { profitability { byCurrency { ${sums} } byMonth { month ${sums} } } } }
}`;
const cents = (list: readonly string[]) => list.map((value) => ({ cents: value }));
const figures = (currency: string, list: readonly string[], amount: string) => {
  const [invoiced, revenue, paid, labourCost, expenses] = cents(list);
  return { currency, invoiced, revenue, paid, labourCost, expenses, margin: { amount } };
};

/** Invoices, a payment and expenses, past the API. */
async function books(projectId: string): Promise<void> {
  const values = [acme.id, uuidOf(projectId), acme.people.member.id];
  await gateway.sql("insert into accounts (org_id, name) values ($1, 'Payer')", [acme.id]);
  await gateway.sql(
    `insert into invoices (org_id, account_id, project_id, invoice_number, status, currency, subtotal_cents, tax_cents, issued_on, due_on)
       select $1, accounts.id, $2, 'P-' || nullif(status, 'draft'), status, currency, subtotal, tax, day::date, day::date + 30
         from accounts, (values ('open', 'EUR', 9007199254740993, 7, '2026-01-31'), ('draft', 'EUR', 5000, 0, null),
           ('void', 'EUR', 5000, 0, '2026-01-31'), ('uncollectible', 'USD', 700, 0, '2026-02-01')) list (status, currency, subtotal, tax, day)
         where org_id = $1 and name = 'Payer'`,
    values.slice(0, 2),
  );
  await gateway.sql(
    `insert into payments (org_id, invoice_id, amount_cents, currency, method, received_at)
       select org_id, id, 107, currency, 'cash', '2026-02-28T23:59:59Z' from invoices where org_id = $1 and status = 'open'`,
    [acme.id],
  );
  await gateway.sql(
    `insert into expenses (org_id, project_id, user_id, amount_cents, currency, spent_on, status)
       select $1, $2, $3, amount, 'USD', '2026-02-03', status
         from (values (300, 'approved'), (20, 'reimbursed'), (9000, 'submitted'), (9000, 'rejected')) list (amount, status)`,
    values,
  );
}

test('time logged drives project profitability', async () => {
  const [id, empty] = [await project({ currency: 'EUR' }), await project()];
  await books(id);
  const log = (loggedOn: string, durationMinutes: number, costRateCents: string) =>
    make(acme.admin, 'TimeEntry', { projectId: id, loggedOn, durationMinutes, costRateCents });
  await log('2026-01-05', 90, '4001');
  await log('2026-02-05', 1, '100');
  await write(acme.admin, 'timeEntryDelete', { id: await log('2026-02-05', 600, '100000') });
  const { statements, result } = await gateway.counting(() => acme.admin.ok(profitQuery, { ids: [id, empty] }));
  expect(statements.filter((text) => text.includes('time_entries'))).toHaveLength(1);
  const months = (month: string, ...rest: Parameters<typeof figures>) => ({ month, ...figures(...rest) });
  expect(result.nodes).toEqual([
    {
      profitability: {
        byCurrency: [
          figures('EUR', ['9007199254741000', '9007199254740993', '107', '6004', '0'], '90071992547349.89'),
          figures('USD', ['0', '0', '0', '0', '320'], '-3.20'),
        ],
        byMonth: [
          months('2026-01', 'EUR', ['9007199254741000', '9007199254740993', '0', '6002', '0'], '90071992547349.91'),
          months('2026-02', 'EUR', ['0', '0', '107', '2', '0'], '-0.02'),
          months('2026-02', 'USD', ['0', '0', '0', '0', '320'], '-3.20'),
        ],
      },
    },
    { profitability: { byCurrency: [], byMonth: [] } },
  ]);
  expect((await globex.owner.ok(profitQuery, { ids: [id] })).nodes).toEqual([null]);
});

test('profit is for those who may read finance', async () => {
  const id = await project();
  const created = await acme.admin.ok(
    'mutation { apiKeyCreate(input: { name: "Delivery", role: MEMBER, scopes: ["delivery:read"] }) { secret userErrors { message } } }',
  );
  const key = gateway.withKey(created.apiKeyCreate.secret);
  const progress = 'query ($id: ID!) { project(id: $id) { progress { total } } }';
  expect((await key.ok(progress, { id })).project.progress).toEqual({ total: 0 });
  const profit = 'query ($id: ID!) { project(id: $id) { profitability { byCurrency { currency } } } }';
  expect((await queryFailure(key, profit, { id }))[0]).toBe('FORBIDDEN');
});
