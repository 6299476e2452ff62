import { beforeAll, expect, test } from 'vitest';
import type { Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, queryFailure, refusal, uuidOf, write } from '../../support/write.ts';
import { account, day, draft, issued, read } from './invoices.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
});

const standing = 'status paidAt paid { cents } balance { cents }';

test('an invoice is paid in parts, and paid when nothing is left', async () => {
  const invoiceId = await issued(acme.member);
  const part = {
    invoiceId,
    amountCents: '200',
    method: 'CHECK',
    reference: 'No. 7',
    receivedAt: '2026-02-03T10:00:00Z',
  };
  expect(
    await write(acme.member, 'paymentRecord', part, 'amount { amount currency } method reference receivedAt'),
  ).toEqual({
    amount: { amount: '2.00', currency: 'USD' },
    method: 'CHECK',
    reference: 'No. 7',
    receivedAt: '2026-02-03T10:00:00.000Z',
  });
  expect(await read(acme.member, invoiceId, standing)).toMatchObject({
    status: 'OPEN',
    paidAt: null,
    paid: { cents: '200' },
    balance: { cents: '395' },
  });
  const rest = { invoiceId, receivedAt: '2026-02-04T10:00:00Z' };
  expect(await write(acme.member, 'paymentRecord', rest, `amount { cents } method invoice { ${standing} }`)).toEqual({
    amount: { cents: '395' },
    method: 'BANK_TRANSFER',
    invoice: { status: 'PAID', paidAt: '2026-02-04T10:00:00.000Z', paid: { cents: '595' }, balance: { cents: '0' } },
  });
  expect(await refusal(acme.member, 'paymentRecord', { invoiceId, amountCents: '1' })).toEqual(
    conflict('This invoice is paid; only one that is open can be paid.', 'invoiceId', null),
  );
});

test('nobody pays more than the balance, even together at the same time', async () => {
  const invoiceId = await issued(acme.member);
  expect(await refusal(acme.member, 'paymentRecord', { invoiceId, amountCents: '596' })).toEqual(
    conflict('Only 5.95 USD is left to pay.', 'amountCents', null),
  );
  const pay = () =>
    acme.member.run(
      'mutation ($id: ID!) { paymentRecord(input: { invoiceId: $id, amountCents: "250" }) { userErrors { message } } }',
      { id: invoiceId },
    );
  const answers = await Promise.all(Array.from({ length: 5 }, pay));
  const told = answers.flatMap(({ data }) =>
    data.paymentRecord.userErrors.map(({ message }: { message: string }) => message),
  );
  expect(told).toEqual(Array.from({ length: 3 }, () => 'Only 0.95 USD is left to pay.'));
  expect(await read(acme.member, invoiceId, `${standing} payments { totalCount }`)).toMatchObject({
    status: 'OPEN',
    paid: { cents: '500' },
    payments: { totalCount: 2 },
  });
  await expect(
    gateway.sql('insert into payments (org_id, invoice_id, amount_cents) values ($1, $2, 96)', [
      acme.id,
      uuidOf(invoiceId),
    ]),
  ).rejects.toThrow('more than the balance');
});

test('a payment is in the currency of its invoice, of an amount, and of one payment at Stripe', async () => {
  const invoiceId = await issued(acme.member, { currency: 'EUR' });
  const told = async (input: object) => (await refusal(acme.member, 'paymentRecord', { invoiceId, ...input }))[0];
  expect(await told({ currency: 'USD' })).toMatchObject({ message: 'This invoice is in EUR.', path: ['currency'] });
  expect(await told({ amountCents: '0' })).toMatchObject({ code: 'BAD_USER_INPUT', path: ['amountCents'] });
  expect(await told({ amountCents: '-5' })).toMatchObject({ code: 'BAD_USER_INPUT', path: ['amountCents'] });
  await write(acme.member, 'paymentRecord', { invoiceId, amountCents: '5', currency: 'EUR', stripePaymentId: 'pi_1' });
  expect(await told({ amountCents: '5', stripePaymentId: 'pi_1' })).toMatchObject({
    code: 'CONFLICT',
    message: 'That stripePaymentId is taken already.',
  });
  await expect(
    gateway.sql("insert into payments (org_id, invoice_id, amount_cents, currency) values ($1, $2, 5, 'USD')", [
      acme.id,
      uuidOf(invoiceId),
    ]),
  ).rejects.toThrow('another currency');
});

test('only open invoices are paid, by those who write, in their organization', async () => {
  const gone = await issued(acme.member);
  await write(acme.member, 'invoiceVoid', { id: gone });
  for (const [invoiceId, status] of [
    [await draft(acme.member), 'draft'],
    [gone, 'void'],
  ])
    expect(await refusal(acme.member, 'paymentRecord', { invoiceId })).toEqual(
      conflict(`This invoice is ${status}; only one that is open can be paid.`, 'invoiceId', null),
    );
  const invoiceId = await issued(acme.member);
  expect((await failure(acme.viewer, 'paymentRecord', { invoiceId }))[0]).toBe('FORBIDDEN');
  expect((await refusal(globex.member, 'paymentRecord', { invoiceId }))[0]).toMatchObject({
    code: 'NOT_FOUND',
    path: ['invoiceId'],
  });
});

test('an invoice on which something was paid is not voided', async () => {
  const id = await issued(acme.member);
  await write(acme.member, 'paymentRecord', { invoiceId: id, amountCents: '1' });
  expect(await refusal(acme.member, 'invoiceVoid', { id })).toEqual(
    conflict('Something was paid on this invoice already, so it stands.', 'id', 4),
  );
});

test('a payment and a void at the same time: one of them', async () => {
  for (let round = 0; round < 4; round += 1) {
    const id = await issued(acme.member);
    await Promise.all([
      acme.member.run('mutation ($id: ID!) { paymentRecord(input: { invoiceId: $id }) { userErrors { code } } }', {
        id,
      }),
      acme.admin.run('mutation ($id: ID!) { invoiceVoid(input: { id: $id }) { userErrors { code } } }', { id }),
    ]);
    const { status, payments } = await read(acme.member, id, 'status payments { totalCount }');
    expect([
      ['PAID', 1],
      ['VOID', 0],
    ]).toContainEqual([status, payments.totalCount]);
  }
});

test('receivables are summed for each currency, and never over several', async () => {
  const org = await newOrganization(gateway);
  const late = { issuedOn: '2026-01-01', dueOn: day(-1) };
  await issued(org.member, {}, late);
  const part = await issued(org.member, {}, late);
  await write(org.member, 'paymentRecord', { invoiceId: part, amountCents: '95' });
  await issued(org.member);
  await draft(org.member);
  const euro = await issued(org.member, { currency: 'EUR' });
  await write(org.member, 'paymentRecord', { invoiceId: euro, receivedAt: '2020-01-01T00:00:00Z' });
  const lost = await issued(org.member, { currency: 'EUR' });
  await write(org.member, 'invoiceMarkUncollectible', { id: lost });
  const query = `query ($accountId: ID) { receivables(accountId: $accountId) {
    currency openCount overdueCount open { cents currency } overdue { cents } paidThisMonth { cents } uncollectible { cents }
  } }`;
  const cents = (value: number) => ({ cents: String(value) });
  const euros = { currency: 'EUR', openCount: 0, overdueCount: 0, open: { cents: '0', currency: 'EUR' } };
  const dollars = { currency: 'USD', openCount: 3, overdueCount: 2, open: { cents: '1690', currency: 'USD' } };
  const expected = [
    { ...euros, overdue: cents(0), paidThisMonth: cents(0), uncollectible: cents(595) },
    { ...dollars, overdue: cents(1095), paidThisMonth: cents(95), uncollectible: cents(0) },
  ];
  const both = await gateway.counting(() => org.member.ok(query));
  expect(both.result.receivables).toEqual(expected);
  expect(both.statements).toHaveLength(1);
  expect((await org.member.ok(query, { accountId: await account(org.member) })).receivables).toEqual(expected);
  expect((await globex.member.ok(query, { accountId: await account(org.member) })).receivables).toEqual([]);
  expect((await queryFailure(org.member, query, { accountId: euro }))[0]).toBe('BAD_USER_INPUT');
});
