import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';
import { account, day, draft, issued, line, read } from './invoices.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const amounts = 'subtotal { cents } tax { cents } total { cents } version';
const rowOf = async (id: string) => (await gateway.sql('select * from invoices where id = $1', [uuidOf(id)]))[0];

test('the totals of an invoice are those of its lines, the tax of each rounded for itself', async () => {
  const lines = [line, line, { ...line, taxRateBps: 0 }, { description: 'Discount', unitPriceCents: '-100' }];
  const id = await draft(acme.member, { lineItems: lines });
  // 1.5 * 3.33 are 4.995, so 5.00; 19 % of that are 0.95.
  expect(await read(acme.member, id, amounts)).toMatchObject({
    subtotal: { cents: '1400' },
    tax: { cents: '190' },
    total: { cents: '1590' },
  });
  const { lineItems } = await read(
    acme.member,
    id,
    'lineItems { nodes { id position total { cents } tax { cents } } }',
  );
  expect(lineItems.nodes[0]).toMatchObject({ position: 1, total: { cents: '500' }, tax: { cents: '95' } });
  await write(acme.member, 'invoiceLineItemUpdate', { id: lineItems.nodes[0].id, taxRateBps: 10_000 });
  await write(acme.member, 'invoiceLineItemDelete', { id: lineItems.nodes[1].id });
  expect(await read(acme.member, id, amounts)).toMatchObject({ subtotal: { cents: '900' }, tax: { cents: '500' } });
});

test('an amount is exact beyond what a number holds', async () => {
  const id = await draft(acme.member, { lineItems: [{ description: 'All', unitPriceCents: '9007199254740993' }] });
  expect(await read(acme.member, id, 'total { cents amount }')).toEqual({
    total: { cents: '9007199254740993', amount: '90071992547409.93' },
  });
});

test('a new invoice is in the currency of its project, else of its organization', async () => {
  const projectId = await make(acme.member, 'Project', { name: 'Abroad', currency: 'CHF' });
  const accountId = await account(acme.member);
  const currencyOf = async (more: object) =>
    (await write(acme.member, 'invoiceCreate', { accountId, ...more }, 'currency: total { currency }')).currency
      .currency;
  expect(await currencyOf({ projectId })).toBe('CHF');
  await gateway.sql("update organizations set default_currency = 'EUR' where id = $1", [acme.id]);
  expect(await currencyOf({})).toBe('EUR');
  expect(await currencyOf({ projectId, currency: 'JPY' })).toBe('JPY');
  await gateway.sql("update organizations set default_currency = 'USD' where id = $1", [acme.id]);
});

test('a wrong line is named, and nothing is saved', async () => {
  const lineItems = [line, { ...line, quantity: '0' }];
  expect(await refusal(acme.member, 'invoiceCreate', { accountId: await account(acme.member), lineItems })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'A quantity is 0.001 to 999999999.999.',
      path: ['lineItems', '1', 'quantity'],
      currentVersion: null,
    },
  ]);
});

test('issuing gives a number, today and 30 days to pay; the draft has none of them', async () => {
  const id = await draft(globex.member);
  const selection = 'invoiceNumber status issuedOn dueOn isOverdue';
  expect(await read(globex.member, id, selection)).toEqual({
    invoiceNumber: null,
    status: 'DRAFT',
    issuedOn: null,
    dueOn: null,
    isOverdue: false,
  });
  expect(await write(globex.member, 'invoiceIssue', { id }, selection)).toEqual({
    invoiceNumber: 'INV-000001',
    status: 'OPEN',
    issuedOn: day(0),
    dueOn: day(30),
    isOverdue: false,
  });
  const dated = await draft(globex.member, { dueOn: '2026-03-31' });
  const issue = { id: dated, issuedOn: '2026-03-01' };
  expect(await write(globex.member, 'invoiceIssue', issue, 'invoiceNumber issuedOn dueOn')).toEqual({
    invoiceNumber: 'INV-000002',
    issuedOn: '2026-03-01',
    dueOn: '2026-03-31',
  });
});

test('numbers have no gaps and no doubles, however many are issued at the same time, and some refused', async () => {
  const org = await newOrganization(gateway);
  const ids: string[] = [];
  for (let index = 0; index < 8; index += 1)
    ids.push(await draft(org.member, index % 3 === 1 ? { lineItems: [] } : {}));
  const issue = (id: string) =>
    org.member.run('mutation ($id: ID!) { invoiceIssue(input: { id: $id }) { invoice { invoiceNumber } } }', { id });
  const answers = await Promise.all(ids.map(issue));
  const last = await write(org.member, 'invoiceIssue', { id: await draft(org.member) }, 'invoiceNumber');
  const given = [...answers.map(({ data }) => data?.invoiceIssue.invoice), last].flatMap((invoice) =>
    invoice ? [invoice.invoiceNumber] : [],
  );
  expect(given.length).toBeGreaterThan(1);
  expect(given.sort()).toEqual(given.map((_, index) => `INV-00000${index + 1}`));
});

test('nothing is issued that nobody could pay', async () => {
  const empty = await draft(acme.member, { lineItems: [] });
  expect(await refusal(acme.member, 'invoiceIssue', { id: empty })).toEqual(
    conflict('This invoice has no lines. Add one first.', 'id', 1),
  );
  const free = await draft(acme.member, { lineItems: [{ description: 'Free' }] });
  expect(await refusal(acme.member, 'invoiceIssue', { id: free })).toEqual(
    conflict('This invoice comes to 0, so there is nothing to issue.', 'id', 1),
  );
  await expect(gateway.sql("update invoices set status = 'open' where id = $1", [uuidOf(free)])).rejects.toThrow(
    'nothing to pay',
  );
  const early = { id: await draft(acme.member), issuedOn: '2026-03-02', dueOn: '2026-03-01' };
  expect((await refusal(acme.member, 'invoiceIssue', early))[0]).toMatchObject({
    code: 'BAD_USER_INPUT',
    message: 'An invoice is not due before it is issued.',
    path: ['dueOn'],
  });
});

test('an issued invoice and its lines are fixed, but for the notes', async () => {
  const id = await issued(acme.member);
  const { version, lineItems } = await read(acme.member, id, 'version lineItems { nodes { id } }');
  for (const [field, value] of Object.entries({
    accountId: await account(acme.member),
    currency: 'EUR',
    dueOn: day(9),
  }))
    expect(await refusal(acme.member, 'invoiceUpdate', { id, [field]: value })).toEqual(
      conflict(`This invoice is open, so its ${field} cannot change.`, field, version),
    );
  const fixed = 'This invoice is open; lines change only while it is a draft.';
  const item = lineItems.nodes[0].id;
  expect(await refusal(acme.member, 'invoiceLineItemCreate', { invoiceId: id, description: 'More' })).toEqual(
    conflict(fixed, 'invoiceId', null),
  );
  expect(await refusal(acme.member, 'invoiceLineItemUpdate', { id: item, quantity: '2' })).toEqual(
    conflict(fixed, 'id', 1),
  );
  expect(await refusal(acme.member, 'invoiceLineItemDelete', { id: item })).toEqual(conflict(fixed, 'id', 1));
  expect(await write(acme.member, 'invoiceUpdate', { id, notes: 'Called.' }, 'notes')).toEqual({ notes: 'Called.' });
});

test.each([
  "update invoices set currency = 'EUR' where id = $1",
  'update invoices set subtotal_cents = 1 where id = $1',
  "update invoices set invoice_number = 'X' where id = $1",
  "update invoices set status = 'draft', invoice_number = null, issued_on = null where id = $1",
  'update invoices set deleted_at = now() where id = $1',
  'update invoices set paid_cents = 10000 where id = $1',
  "update invoices set status = 'paid', paid_at = now() where id = $1",
  'delete from invoices where id = $1',
  'delete from invoice_line_items where invoice_id = $1',
  'update invoice_line_items set unit_price_cents = 1 where invoice_id = $1',
  "insert into invoice_line_items (org_id, invoice_id, description) select org_id, id, 'x' from invoices where id = $1",
])('the database holds it fixed against whoever writes: %s', async (statement) => {
  const id = await issued(acme.member);
  const before = await rowOf(id);
  await expect(gateway.sql(statement, [uuidOf(id)])).rejects.toMatchObject({ code: '23514' });
  expect(await rowOf(id)).toEqual(before);
});

test('an issued invoice is neither deleted nor destroyed; a draft is both', async () => {
  const id = await issued(acme.member);
  const stays = conflict('An issued invoice stays. Void it instead.', 'id', null);
  expect(await refusal(acme.member, 'invoiceDelete', { id })).toEqual(stays);
  expect(await refusal(acme.admin, 'invoiceDestroy', { id })).toEqual(stays);
  const other = await draft(acme.member);
  await write(acme.member, 'invoiceDelete', { id: other });
  await write(acme.member, 'invoiceRestore', { id: other });
  await acme.admin.ok('mutation ($id: ID!) { invoiceDestroy(input: { id: $id }) { invoiceId } }', { id: other });
  expect(await gateway.sql('select 1 from invoice_line_items where invoice_id = $1', [uuidOf(other)])).toEqual([]);
});

test('a line is added to a draft or the draft is issued, never both halfway', async () => {
  for (let round = 0; round < 4; round += 1) {
    const id = await draft(acme.member);
    await Promise.all([
      acme.member.run('mutation ($id: ID!) { invoiceIssue(input: { id: $id }) { userErrors { code } } }', { id }),
      acme.admin.run(
        'mutation ($id: ID!) { invoiceLineItemCreate(input: { invoiceId: $id, description: "More", unitPriceCents: "100" }) { userErrors { code } } }',
        { id },
      ),
    ]);
    const { status, total, lineItems } = await read(acme.member, id, 'status total { cents } lineItems { totalCount }');
    expect([
      ['OPEN', '595', 1],
      ['OPEN', '695', 2],
    ]).toContainEqual([status, total.cents, lineItems.totalCount]);
  }
});

test.each([
  ['invoiceVoid', 'voided', 'VOID'],
  ['invoiceMarkUncollectible', 'given up', 'UNCOLLECTIBLE'],
])('%s ends an open invoice, and nothing else', async (step, word, status) => {
  const id = await draft(acme.member);
  expect(await refusal(acme.member, step, { id })).toEqual(
    conflict(`This invoice is draft; only one that is open can be ${word}.`, 'id', 2),
  );
  await write(acme.member, 'invoiceIssue', { id });
  expect(await write(acme.member, step, { id, expectedVersion: 3 }, 'status invoiceNumber')).toMatchObject({
    status,
    invoiceNumber: expect.stringMatching(/^INV-\d{6}$/),
  });
  expect(await refusal(acme.member, step, { id })).toEqual(
    conflict(`This invoice is ${status.toLowerCase()}; only one that is open can be ${word}.`, 'id', 4),
  );
});

test.each(['invoiceIssue', 'invoiceVoid', 'invoiceMarkUncollectible'])(
  '%s is for those who write, at the version they saw, in their organization',
  async (step) => {
    const id = step === 'invoiceIssue' ? await draft(acme.member) : await issued(acme.member);
    const before = await rowOf(id);
    expect((await failure(acme.viewer, step, { id }))[0]).toBe('FORBIDDEN');
    expect((await refusal(acme.member, step, { id, expectedVersion: 1 }))[0]?.path).toEqual(['expectedVersion']);
    expect((await refusal(globex.member, step, { id }))[0]?.code).toBe('NOT_FOUND');
    expect(await rowOf(id)).toEqual(before);
  },
);

test('overdue is open and due before today, as a field and as a filter, compiled and not', async () => {
  const org = await newOrganization(gateway);
  const late = { issuedOn: '2026-01-01', dueOn: day(-1) };
  const ids = {
    late: await issued(org.member, {}, late),
    dueToday: await issued(org.member, {}, { issuedOn: '2026-01-01', dueOn: day(0) }),
    draft: await draft(org.member, { dueOn: '2026-01-01' }),
    undated: await draft(org.member),
    gone: await issued(org.member, {}, late),
  };
  await write(org.member, 'invoiceVoid', { id: ids.gone });
  const query = `query ($yes: Boolean!) { invoices(filter: { isOverdue: $yes }) { nodes { id isOverdue } }
    account: accounts(filter: { invoices: { some: { isOverdue: true } } }) { totalCount } }`;
  const others = [ids.dueToday, ids.draft, ids.undated, ids.gone].sort();
  for (const [yes, expected] of [[true, [ids.late]] as const, [false, others] as const]) {
    const both = await gateway.countingBoth(org.member, (client) => client.ok(query, { yes }));
    const { invoices, account } = both.result;
    expect(invoices.nodes.map(({ id }: { id: string }) => id).sort()).toEqual(expected);
    expect(invoices.nodes.every(({ isOverdue }: { isOverdue: boolean }) => isOverdue === yes)).toBe(true);
    expect(account.totalCount).toBe(1);
  }
});
