import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, refusal, uuidOf, write } from '../../support/write.ts';
import { account, read } from './invoices.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;
let accountId: string;
let count = 0;

beforeAll(async () => {
  gateway = await sharedGateway();
  acme = await newOrganization(gateway);
  globex = await newOrganization(gateway);
  accountId = await account(acme.member);
});

const at = (second: number): string => new Date(Date.UTC(2026, 2, 1, 12, 0, second)).toISOString();
function newId(): string {
  count += 1;
  return `in_${count}`;
}

/** What Stripe says of one invoice over time. */
const story = (stripeInvoiceId: string) => {
  const base = { stripeInvoiceId, accountId, currency: 'EUR', subtotalCents: '1000', taxCents: '190', paidCents: '0' };
  const issued = { ...base, number: `ST-${stripeInvoiceId}`, issuedOn: '2026-03-01', dueOn: '2026-03-15' };
  return {
    draft: { ...base, eventAt: at(1), status: 'DRAFT', subtotalCents: '900', taxCents: '0' },
    open: { ...issued, eventAt: at(2), status: 'OPEN' },
    part: { ...issued, eventAt: at(3), status: 'OPEN', paidCents: '190', stripePaymentId: `pi_a_${stripeInvoiceId}` },
    paid: { ...issued, eventAt: at(4), status: 'PAID', paidCents: '1190', stripePaymentId: `pi_b_${stripeInvoiceId}` },
    void: { ...issued, eventAt: at(5), status: 'VOID' },
    lost: { ...issued, eventAt: at(3), status: 'UNCOLLECTIBLE' },
  };
};

const mutation = `mutation ($input: InvoiceUpsertFromStripeInput!) { invoiceUpsertFromStripe(input: $input) {
  isApplied invoice { id status invoiceNumber total { cents currency } paid { cents } dueOn stripeEventAt version } userErrors { message } } }`;
const tell = async (input: object): Promise<Data> =>
  (await acme.member.ok(mutation, { input })).invoiceUpsertFromStripe;

const end = {
  status: 'PAID',
  total: { cents: '1190', currency: 'EUR' },
  paid: { cents: '1190' },
  dueOn: '2026-03-15',
  stripeEventAt: at(4),
};

test('Stripe ids keep invoices in step: in order, each event moves the invoice on', async () => {
  const id = newId();
  const { draft, open, part, paid } = story(id);
  const first = await tell(draft);
  expect(first).toMatchObject({
    isApplied: true,
    invoice: { status: 'DRAFT', total: { cents: '900' }, invoiceNumber: null },
  });
  expect((await tell(open)).invoice).toMatchObject({ id: first.invoice.id, status: 'OPEN', invoiceNumber: `ST-${id}` });
  expect((await tell(part)).invoice).toMatchObject({ status: 'OPEN', paid: { cents: '190' } });
  expect((await tell(paid)).invoice).toMatchObject({ id: first.invoice.id, ...end });
  const { payments } = await read(
    acme.member,
    first.invoice.id,
    'payments { nodes { amount { cents } method stripePaymentId } }',
  );
  expect(payments.nodes).toEqual([
    { amount: { cents: '1000' }, method: 'STRIPE', stripePaymentId: `pi_b_${id}` },
    { amount: { cents: '190' }, method: 'STRIPE', stripePaymentId: `pi_a_${id}` },
  ]);
});

test.each([
  ['paid draft open part'],
  ['open paid part draft'],
  ['part draft paid open'],
  ['open open paid paid draft'],
])('an older event never overwrites a newer one: %s', async (order) => {
  const events = story(newId());
  const answers: Data[] = [];
  for (const name of order.split(' ')) answers.push(await tell(events[name as keyof typeof events]));
  const last = answers.at(-1);
  expect(last?.isApplied).toBe(false);
  expect(last?.invoice).toMatchObject(end);
  expect(new Set(answers.map(({ invoice }) => invoice.id)).size).toBe(1);
});

test('the same event again, also at the same time, changes nothing', async () => {
  const { open, paid } = story(newId());
  const answers = await Promise.all([open, paid, open, paid, open].map((input) => tell(input)));
  expect(new Set(answers.map(({ invoice }) => invoice.id)).size).toBe(1);
  const { invoice } = await tell(paid);
  expect(invoice).toMatchObject(end);
  expect(await tell(paid)).toMatchObject({ isApplied: false, invoice: { version: invoice.version } });
  const rows = await gateway.sql('select sum(amount_cents)::text as sum from payments where invoice_id = $1', [
    uuidOf(invoice.id),
  ]);
  expect(rows).toEqual([{ sum: '1190' }]);
});

test('of two events of the same second the one that is further counts', async () => {
  const { open, paid } = story(newId());
  await tell({ ...paid, eventAt: at(4) });
  expect(await tell({ ...open, eventAt: at(4) })).toMatchObject({ isApplied: false, invoice: { status: 'PAID' } });
  const other = story(newId());
  await tell({ ...other.open, eventAt: at(4) });
  expect(await tell(other.paid)).toMatchObject({ isApplied: true, invoice: { status: 'PAID' } });
});

test('Stripe voids, gives up, and is paid after all', async () => {
  const one = story(newId());
  await tell(one.open);
  expect((await tell(one.void)).invoice.status).toBe('VOID');
  const other = story(newId());
  expect((await tell(other.lost)).invoice.status).toBe('UNCOLLECTIBLE');
  expect((await tell(other.paid)).invoice).toMatchObject(end);
});

test('without a number of Stripe it takes the next one here', async () => {
  const { number: _, ...open } = story(newId()).open;
  expect((await tell(open)).invoice.invoiceNumber).toBe('INV-000001');
});

test('a deleted draft is there again when Stripe issues it', async () => {
  const { draft, open } = story(newId());
  const { invoice } = await tell(draft);
  await write(acme.member, 'invoiceDelete', { id: invoice.id });
  expect((await tell(open)).invoice).toMatchObject({ id: invoice.id, status: 'OPEN' });
  expect((await read(acme.member, invoice.id, 'deletedAt')).deletedAt).toBeNull();
});

test('what contradicts what was issued is refused', async () => {
  const { open, paid } = story(newId());
  await tell(open);
  const told = (input: object) => refusal(acme.member, 'invoiceUpsertFromStripe', { ...input, eventAt: at(9) });
  expect(await told({ ...open, subtotalCents: '1' })).toEqual(
    conflict('This invoice is open, so its subtotalCents cannot change.', 'subtotalCents', null),
  );
  await tell(paid);
  expect(await told({ ...open, paidCents: '0' })).toEqual(
    conflict('This invoice is paid; it is not open again.', 'status', null),
  );
  for (const wrong of [{ paidCents: '1191' }, { paidCents: '-1' }, { status: 'PAID' }, { paidCents: '1190' }])
    expect((await told({ ...open, ...wrong }))[0]).toMatchObject({ code: 'BAD_USER_INPUT', path: ['paidCents'] });
});

test('the lines of an invoice that follows Stripe are there', async () => {
  const { invoice } = await tell(story(newId()).draft);
  expect(await refusal(acme.member, 'invoiceLineItemCreate', { invoiceId: invoice.id, description: 'More' })).toEqual(
    conflict('This invoice follows the one at Stripe; its lines are there.', 'invoiceId', null),
  );
});

test('the same id at Stripe is another invoice in another organization; viewers tell nothing', async () => {
  const { open } = story(newId());
  const { invoice } = await tell(open);
  const theirs = { ...open, accountId: await account(globex.member) };
  expect((await write(globex.member, 'invoiceUpsertFromStripe', theirs)).id).not.toBe(invoice.id);
  expect((await failure(acme.viewer, 'invoiceUpsertFromStripe', open))[0]).toBe('FORBIDDEN');
  const foreign = await refusal(globex.member, 'invoiceUpsertFromStripe', { ...open, stripeInvoiceId: newId() });
  expect(foreign[0]).toMatchObject({ code: 'NOT_FOUND', path: ['accountId'] });
});
