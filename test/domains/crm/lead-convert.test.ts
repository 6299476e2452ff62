import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Data, type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const document = `mutation ($input: LeadConvertInput!) {
  leadConvert(input: $input) {
    lead { status convertedAt version convertedAccount { id } convertedContact { id } convertedDeal { id } }
    account { id name kind lifecycle email phone owner { id } }
    contact { id fullName firstName lastName email phone leadSource isPrimary account { id } assignedTo { id } }
    deal { id title value { cents currency } status stage { name } pipeline { name } account { id } contact { id } owner { id } }
    userErrors { code message path currentVersion }
  }
}`;

const convert = async (input: object): Promise<Data> => (await acme.member.ok(document, { input })).leadConvert;
const lead = (input: object) => make(acme.member, 'Lead', input);

/** How many rows there are of everything that a conversion makes, and what became of the lead. */
async function saved(id: string): Promise<Data> {
  const [counts] = await gateway.sql(
    'select (select count(*) from accounts) as accounts, (select count(*) from contacts) as contacts, (select count(*) from deals) as deals',
  );
  const [row] = await gateway.sql(
    'select status, version, converted_at, converted_account_id from leads where id = $1',
    [uuidOf(id)],
  );
  return { ...counts, ...row };
}

test('lead to account, contact and deal in one step: with what the lead was known by', async () => {
  const member = { id: `member_${acme.people.viewer.id}` };
  const id = await lead({
    firstName: 'Ada',
    lastName: 'Byron',
    email: 'ada@engines.example',
    phone: '1',
    companyName: 'Engines',
    source: 'Fair',
    assignedToId: member.id,
  });
  const made = await convert({ id, expectedVersion: 1, valueCents: '125000', currency: 'EUR' });
  const [account, contact, deal] = [made.account.id, made.contact.id, made.deal.id].map((one) => ({ id: one }));
  expect(made).toEqual({
    lead: {
      status: 'CONVERTED',
      convertedAt: made.lead.convertedAt,
      version: 2,
      convertedAccount: account,
      convertedContact: contact,
      convertedDeal: deal,
    },
    account: {
      ...account,
      name: 'Engines',
      kind: 'COMPANY',
      lifecycle: 'PROSPECT',
      email: null,
      phone: null,
      owner: member,
    },
    contact: {
      ...contact,
      fullName: 'Ada Byron',
      firstName: 'Ada',
      lastName: 'Byron',
      email: 'ada@engines.example',
      phone: '1',
      leadSource: 'Fair',
      isPrimary: true,
      account,
      assignedTo: member,
    },
    deal: {
      ...deal,
      title: 'Engines',
      value: { cents: '125000', currency: 'EUR' },
      status: 'OPEN',
      stage: { name: 'Qualification' },
      pipeline: { name: 'Sales' },
      account,
      contact,
      owner: member,
    },
    userErrors: [],
  });
  expect(Math.abs(Date.parse(made.lead.convertedAt) - Date.now())).toBeLessThan(60_000);
});

test('a lead without a company becomes a person', async () => {
  const made = await convert({ id: await lead({ firstName: 'Grace', email: 'grace@own.example', phone: '2' }) });
  expect(made.account).toMatchObject({ name: 'Grace', kind: 'PERSON', email: 'grace@own.example', phone: '2' });
  expect([made.contact.fullName, made.deal.title, made.deal.value]).toEqual([
    'Grace',
    'Grace',
    { cents: '0', currency: 'USD' },
  ]);
});

test.each([
  [{ email: 'only@mail.example' }, 'only@mail.example', 'PERSON', 'only@mail.example'],
  [{ companyName: 'Only Ltd' }, 'Only Ltd', 'COMPANY', 'Only Ltd'],
])('the lead %j gives the account %s', async (input, name, kind, fullName) => {
  const made = await convert({ id: await lead(input) });
  expect([made.account.name, made.account.kind, made.contact.fullName]).toEqual([name, kind, fullName]);
});

test('names, title and pipeline may be given, and the deal left out', async () => {
  const pipelineId = await make(acme.member, 'Pipeline', { name: 'Own', stages: [{ name: 'Start' }] });
  const named = await convert({
    id: await lead({ firstName: 'A', companyName: 'Old' }),
    accountName: 'New',
    dealTitle: 'Big one',
    pipelineId,
  });
  expect([named.account.name, named.deal.title, named.deal.pipeline.name, named.deal.stage.name]).toEqual([
    'New',
    'Big one',
    'Own',
    'Start',
  ]);
  const without = await convert({ id: await lead({ firstName: 'B' }), createDeal: false });
  expect([without.deal, without.lead.convertedDeal, without.account.name]).toEqual([null, null, 'B']);
});

test('a lead may join an account that is there already', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Known', lifecycle: 'CLIENT' });
  const made = await convert({ id: await lead({ firstName: 'Ada', companyName: 'Ignored' }), accountId });
  expect(made.account).toMatchObject({ id: accountId, name: 'Known', lifecycle: 'CLIENT', owner: null });
  expect(made.contact).toMatchObject({ isPrimary: false, account: { id: accountId } });
  expect(made.deal).toMatchObject({ title: 'Known', account: { id: accountId } });
});

const refused = (code: string, message: string, path: string, currentVersion: number | null = null) => [
  { code, message, path: [path], currentVersion },
];

async function expectRefused(id: string, input: object, errors: unknown): Promise<void> {
  const before = await saved(id);
  const { data } = await acme.member.run(document, { input: { id, ...input } });
  expect(data.leadConvert).toEqual({ lead: null, account: null, contact: null, deal: null, userErrors: errors });
  expect(await saved(id)).toEqual(before);
}

test('a mail address that a contact has already stops everything', async () => {
  await make(acme.member, 'Contact', { fullName: 'Here first', email: 'taken@place.example' });
  const id = await lead({ firstName: 'Second', companyName: 'Half done', email: 'TAKEN@place.example' });
  await expectRefused(id, {}, refused('CONFLICT', 'That email is taken already.', 'email'));
  expect(await gateway.sql("select id from accounts where name = 'Half done'")).toEqual([]);
});

test('a lead is converted once', async () => {
  const id = await lead({ firstName: 'Once' });
  await convert({ id });
  await expectRefused(id, {}, refused('CONFLICT', 'This lead is converted already.', 'id', 2));
});

test('a deleted lead is not converted', async () => {
  const id = await lead({ firstName: 'Gone' });
  await write(acme.member, 'leadDelete', { id });
  await expectRefused(id, {}, refused('CONFLICT', 'It is deleted. Restore it first.', 'id', 2));
});

test('a stale version is told the current one', async () => {
  const id = await lead({ firstName: 'Stale' });
  await write(acme.member, 'leadUpdate', { id, notes: 'x' });
  await expectRefused(
    id,
    { expectedVersion: 1 },
    refused('CONFLICT', 'Somebody changed it: the current version is 2, not 1.', 'expectedVersion', 2),
  );
});

test.each([
  [{ currency: 'EURO' }, 'currency is an ISO 4217 code, for example EUR.', 'currency'],
  [{ valueCents: '-1' }, 'The value of valueCents is not allowed.', 'valueCents'],
  [{ accountId: 'account' }, 'Expected an id of Account: account_<uuid> or a UUID.', 'accountId'],
  [{ accountId: randomUUID(), accountName: 'Both' }, 'Give accountId or accountName, not both.', 'accountName'],
])('a conversion with %j saves nothing', async (input, message, path) => {
  await expectRefused(await lead({ firstName: 'Wrong' }), input, refused('BAD_USER_INPUT', message, path));
});

test('an account or pipeline of another organization, a deleted account and none at all are the same', async () => {
  const id = await lead({ firstName: 'Strange' });
  const gone = await make(acme.member, 'Account', { name: 'Gone' });
  await write(acme.member, 'accountDelete', { id: gone });
  const theirs = await make(globex.member, 'Account', { name: 'Theirs' });
  for (const accountId of [gone, theirs, randomUUID()]) {
    await expectRefused(id, { accountId }, refused('NOT_FOUND', 'There is no such account.', 'accountId'));
  }
  const { nodes } = (await globex.viewer.ok('{ pipelines { nodes { id } } }')).pipelines;
  for (const pipelineId of [nodes[0].id, randomUUID()]) {
    await expectRefused(id, { pipelineId }, refused('NOT_FOUND', 'There is no such pipeline.', 'pipelineId'));
  }
});

test("a viewer converts nothing, and nobody another organization's lead", async () => {
  const id = await lead({ firstName: 'Mine' });
  expect(await failure(acme.viewer, 'leadConvert', { id })).toEqual([
    'FORBIDDEN',
    'This needs the permission crm:write (role MEMBER or above).',
  ]);
  for (const unknown of [id, randomUUID()]) {
    expect(await refusal(globex.member, 'leadConvert', { id: unknown })).toEqual(
      refused('NOT_FOUND', 'There is no such Lead.', 'id'),
    );
  }
  expect(await saved(id)).toMatchObject({ status: 'new', version: 1, converted_at: null });
});

test('what a lead became leads back to it', async () => {
  const made = await convert({ id: await lead({ firstName: 'Traced' }) });
  const { contact, deal } = await acme.viewer.ok(
    'query ($contact: ID!, $deal: ID!) { contact(id: $contact) { convertedLeads { nodes { firstName } } } deal(id: $deal) { convertedLeads { nodes { firstName } } } }',
    {
      contact: made.contact.id,
      deal: made.deal.id,
    },
  );
  expect([contact, deal]).toEqual(Array(2).fill({ convertedLeads: { nodes: [{ firstName: 'Traced' }] } }));
  expect(await refusal(acme.admin, 'dealDestroy', { id: made.deal.id })).toEqual(
    refused('CONFLICT', 'Still used by leads.', 'id'),
  );
});

test('of two conversions at the same moment one is refused, and one deal is made', async () => {
  const id = await lead({ firstName: 'Twice', companyName: 'Twice Ltd' });
  const answers = await Promise.all([1, 2].map(() => acme.member.run(document, { input: { id } })));
  expect(
    answers.map(({ data }) => data.leadConvert.userErrors.map(({ code }: { code: string }) => code)).sort(),
  ).toEqual([[], ['CONFLICT']]);
  expect(await gateway.sql("select count(*)::integer as n from accounts where name = 'Twice Ltd'")).toEqual([{ n: 1 }]);
});
