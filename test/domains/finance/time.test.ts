import { beforeAll, expect, test } from 'vitest';
import type { Client, Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { approvedTime, prepare } from './invoices.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

interface Job {
  readonly accountId: string;
  readonly projectId: string;
  readonly tasks: readonly string[];
}

/** A project for an account, with two tasks. */
async function job(client: Client, currency = 'EUR', account?: string): Promise<Job> {
  const accountId = account ?? (await make(client, 'Account', { name: 'Payer' }));
  const projectId = await make(client, 'Project', { name: 'Site', accountId, currency });
  const task = (title: string) => make(client, 'Task', { projectId, title });
  return { accountId, projectId, tasks: [await task('Build'), await task('Test')] };
}

const march = { from: '2026-03-01', to: '2026-03-31' };
const lines = `id status currency: total { currency } total { cents }
  lineItems { nodes { id description quantity unitPrice { cents } tax { cents } total { cents } invoiceTimeEntries { totalCount } } }`;
const bill = (client: Client, input: object): Promise<Data> =>
  write(client, 'invoiceFromTimeEntries', { ...march, groupBy: 'TASK', ...input }, lines);
const short = ({ lineItems }: Data) =>
  lineItems.nodes.map((line: Data) => [
    line.description,
    line.quantity,
    line.unitPrice.cents,
    line.total.cents,
    line.invoiceTimeEntries.totalCount,
  ]);
const nothing = (path: string) => conflict('There is no approved time left to bill.', path, null);

test('approved time becomes lines by task, one for each rate', async () => {
  const { projectId, accountId, tasks } = await job(acme.member);
  const [build, check] = tasks;
  await approvedTime(gateway, acme, projectId, [
    { minutes: 90, rate: 10_000, task: build },
    { minutes: 20, rate: 10_000, task: build },
    { minutes: 60, rate: 12_000, task: build },
    { minutes: 45, rate: 10_000, task: check },
    { minutes: 30, rate: 10_000 },
  ]);
  const invoice = await bill(acme.member, { projectId, taxRateBps: 1900 });
  expect(invoice).toMatchObject({ status: 'DRAFT', currency: { currency: 'EUR' } });
  expect(short(invoice)).toEqual([
    ['Build', '1.833', '10000', '18330', 2],
    ['Build', '1', '12000', '12000', 1],
    ['Test', '0.75', '10000', '7500', 1],
    ['Other work', '0.5', '10000', '5000', 1],
  ]);
  expect(invoice.lineItems.nodes[0].tax.cents).toBe('3483');
  const { row } = await acme.member.ok('query ($id: ID!) { row: invoice(id: $id) { account { id } project { id } } }', {
    id: invoice.id,
  });
  expect(row).toEqual({ account: { id: accountId }, project: { id: projectId } });
});

test('the time of an account is billed over its projects, by person', async () => {
  const first = await job(acme.member);
  const second = await job(acme.member, 'EUR', first.accountId);
  const admin = acme.people.admin.id;
  await approvedTime(gateway, acme, first.projectId, [{ minutes: 60, rate: 9_000 }]);
  await approvedTime(gateway, acme, second.projectId, [
    { minutes: 30, rate: 9_000 },
    { minutes: 120, rate: 15_000, user: admin },
  ]);
  const invoice = await bill(acme.member, { accountId: first.accountId, groupBy: 'PERSON' });
  expect(
    short(invoice)
      .map(([, ...rest]: unknown[]) => rest)
      .sort(),
  ).toEqual([
    ['1.5', '9000', '13500', 2],
    ['2', '15000', '30000', 1],
  ]);
});

test('only approved, billable, live time of the period is billed', async () => {
  const { projectId } = await job(acme.member);
  const [gone, free, pending] = await approvedTime(
    gateway,
    acme,
    projectId,
    Array.from({ length: 3 }, () => ({ minutes: 60, rate: 100 })),
  );
  await approvedTime(gateway, acme, projectId, [
    { minutes: 60, rate: 100, on: '2026-02-28' },
    { minutes: 60, rate: 100, on: '2026-04-01' },
  ]);
  await prepare(gateway, [
    `update time_entries set deleted_at = now() where id = '${gone}'`,
    `update time_entries set is_billable = false where id = '${free}'`,
    `update timesheets set status = 'submitted' where id = (select timesheet_id from time_entries where id = '${pending}')`,
  ]);
  const none = await refusal(acme.member, 'invoiceFromTimeEntries', { ...march, projectId, groupBy: 'TASK' });
  expect(none).toEqual(nothing('projectId'));
  await approvedTime(gateway, acme, projectId, [{ minutes: 6, rate: 100, on: '2026-03-31' }]);
  expect(short(await bill(acme.member, { projectId }))).toEqual([['Other work', '0.1', '100', '10', 1]]);
});

test('each entry is billed once, however many bill at the same time', async () => {
  const { projectId, accountId } = await job(acme.member);
  const ids = await approvedTime(
    gateway,
    acme,
    projectId,
    Array.from({ length: 4 }, () => ({ minutes: 60, rate: 100 })),
  );
  const ask = (input: object) =>
    acme.member.run(
      'mutation ($input: InvoiceFromTimeEntriesInput!) { made: invoiceFromTimeEntries(input: $input) { invoice { id } userErrors { message } } }',
      { input: { ...march, groupBy: 'PERSON', ...input } },
    );
  const answers = await Promise.all([{ projectId }, { accountId }, { projectId }, { accountId }].map(ask));
  expect(answers.filter(({ data }) => data.made.invoice)).toHaveLength(1);
  expect(answers.flatMap(({ data }) => data.made.userErrors)).toEqual(
    Array.from({ length: 3 }, () => ({ message: 'There is no approved time left to bill.' })),
  );
  const billed = await gateway.sql('select count(*)::int from invoice_time_entries where time_entry_id = any($1)', [
    ids,
  ]);
  expect(billed).toEqual([{ count: 4 }]);
  const [entry] = await gateway.sql('select * from invoice_time_entries where time_entry_id = $1', [ids[0]]);
  await expect(
    gateway.sql('insert into invoice_time_entries (org_id, line_item_id, time_entry_id) values ($1, $2, $3)', [
      acme.id,
      entry?.line_item_id,
      ids[0],
    ]),
  ).rejects.toMatchObject({ code: '23505' });
});

test('time is free again when the line of a draft goes, and after a void only if one says so', async () => {
  const { projectId } = await job(acme.member);
  const [id] = await approvedTime(gateway, acme, projectId, [{ minutes: 60, rate: 100 }]);
  const first = await bill(acme.member, { projectId });
  await write(acme.member, 'invoiceLineItemDelete', { id: first.lineItems.nodes[0].id });
  const second = await bill(acme.member, { projectId });
  await write(acme.member, 'invoiceIssue', { id: second.id });
  await expect(gateway.sql('delete from invoice_time_entries where time_entry_id = $1', [id])).rejects.toThrow(
    'is fixed',
  );
  await write(acme.member, 'invoiceVoid', { id: second.id, releaseTime: true });
  const third = await bill(acme.member, { projectId });
  await write(acme.member, 'invoiceIssue', { id: third.id });
  await write(acme.member, 'invoiceVoid', { id: third.id });
  expect(await refusal(acme.member, 'invoiceFromTimeEntries', { ...march, projectId, groupBy: 'TASK' })).toEqual(
    nothing('projectId'),
  );
});

test('time without a rate needs one', async () => {
  const { projectId } = await job(acme.member);
  await approvedTime(gateway, acme, projectId, [
    { minutes: 60, rate: null },
    { minutes: 60, rate: 50 },
  ]);
  expect(await refusal(acme.member, 'invoiceFromTimeEntries', { ...march, projectId, groupBy: 'PERSON' })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'Time entries without a rate: 1. Give defaultRateCents.',
      path: ['defaultRateCents'],
      currentVersion: null,
    },
  ]);
  const { total } = await bill(acme.member, { projectId, defaultRateCents: '9007199254740993' });
  expect(total.cents).toBe('9007199254741043');
});

test('currencies are not mixed, and who pays is said once', async () => {
  const first = await job(acme.member, 'EUR');
  const second = await job(acme.member, 'CHF', first.accountId);
  for (const { projectId } of [first, second])
    await approvedTime(gateway, acme, projectId, [{ minutes: 60, rate: 100 }]);
  const told = (input: object) =>
    refusal(acme.member, 'invoiceFromTimeEntries', { ...march, groupBy: 'TASK', ...input });
  const { accountId, projectId } = first;
  expect(await told({ accountId })).toEqual(
    conflict('The projects are in CHF and EUR. Bill one at a time.', 'accountId', null),
  );
  for (const both of [{}, { accountId, projectId }])
    expect((await told(both))[0]).toMatchObject({ message: 'Give projectId or accountId, one of them.' });
  expect((await told({ projectId, from: '2026-04-01' }))[0]).toMatchObject({ path: ['to'] });
  const alone = await make(acme.member, 'Project', { name: 'Inside' });
  expect(await told({ projectId: alone })).toEqual(
    conflict('This project has no account that could pay.', 'projectId', null),
  );
});

test('time is billed by those who write, in their organization', async () => {
  const { projectId, accountId } = await job(acme.member);
  await approvedTime(gateway, acme, projectId, [{ minutes: 60, rate: 100 }]);
  const input = { ...march, groupBy: 'TASK' };
  expect((await failure(acme.viewer, 'invoiceFromTimeEntries', { ...input, projectId }))[0]).toBe('FORBIDDEN');
  for (const [field, id] of Object.entries({ projectId, accountId }))
    expect((await refusal(globex.member, 'invoiceFromTimeEntries', { ...input, [field]: id }))[0]).toMatchObject({
      code: 'NOT_FOUND',
      path: [field],
    });
  expect(await gateway.sql('select 1 from invoices where account_id = $1', [uuidOf(accountId)])).toEqual([]);
});
