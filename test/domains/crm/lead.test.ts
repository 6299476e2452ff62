import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
});
afterAll(() => gateway.close());

const columns =
  'firstName lastName email phone companyName source status score notes metadata assignedTo { id } convertedAt version';

test('a lead keeps every column that it is made with', async () => {
  const input = {
    firstName: 'Ada',
    lastName: 'Byron',
    email: 'ada@lead.example',
    phone: '1',
    companyName: 'Engines',
    source: 'Fair',
    status: 'QUALIFIED',
    score: 90,
    notes: 'Call in May',
    metadata: { hall: 3 },
  };
  const assignedTo = { id: `member_${acme.people.member.id}` };
  expect(await write(acme.member, 'leadCreate', { ...input, assignedToId: assignedTo.id }, columns)).toEqual({
    ...input,
    assignedTo,
    convertedAt: null,
    version: 1,
  });
});

const refused = (code: string, message: string, path: string, currentVersion: number | null = null) => [
  { code, message, path: [path], currentVersion },
];

test.each([
  [{}, 'A lead needs a name, a mail address or a company.', 'firstName'],
  [{ phone: '1', notes: 'Nobody' }, 'A lead needs a name, a mail address or a company.', 'firstName'],
  [{ firstName: 'A', score: 101 }, 'The value of score is not allowed.', 'score'],
  [{ firstName: 'A', score: -1 }, 'The value of score is not allowed.', 'score'],
  [{ firstName: 'A', status: 'CONVERTED' }, 'Only leadConvert converts a lead.', 'status'],
])('the lead %j is refused', async (input, message, path) => {
  const before = await gateway.sql('select count(*) from leads');
  expect(await refusal(acme.member, 'leadCreate', input)).toEqual(refused('BAD_USER_INPUT', message, path));
  expect(await gateway.sql('select count(*) from leads')).toEqual(before);
});

test('a lead moves between all states but converted', async () => {
  const id = await make(acme.member, 'Lead', { firstName: 'Ada' });
  for (const status of ['CONTACTED', 'QUALIFIED', 'UNQUALIFIED', 'NEW']) {
    expect(await write(acme.member, 'leadUpdate', { id, status }, 'status')).toEqual({ status });
  }
  expect(await refusal(acme.member, 'leadUpdate', { id, status: 'CONVERTED' })).toEqual(
    refused('BAD_USER_INPUT', 'Only leadConvert converts a lead.', 'status'),
  );
  expect(await refusal(acme.member, 'leadUpdate', { id, status: null })).toEqual(
    refused('BAD_USER_INPUT', 'status is required and cannot be cleared.', 'status'),
  );
  expect(await gateway.sql('select status, version from leads where id = $1', [uuidOf(id)])).toEqual([
    { status: 'new', version: 5 },
  ]);
});

test('lead score 0-100: nothing below or above', async () => {
  for (const score of [-1, 101]) {
    expect(await refusal(acme.member, 'leadCreate', { firstName: 'Ada', score })).toEqual(
      refused('BAD_USER_INPUT', 'The value of score is not allowed.', 'score'),
    );
  }
  for (const score of [0, 100]) {
    expect(await write(acme.member, 'leadCreate', { firstName: 'Ada', score }, 'score')).toEqual({ score });
  }
});

test('a lead cannot lose the last thing it is known by', async () => {
  const id = await make(acme.member, 'Lead', { firstName: 'Ada' });
  expect(await refusal(acme.member, 'leadUpdate', { id, firstName: null })).toEqual(
    refused('BAD_USER_INPUT', 'A lead needs a name, a mail address or a company.', 'firstName'),
  );
  expect(
    await write(acme.member, 'leadUpdate', { id, firstName: null, email: 'ada@known.example' }, 'firstName email'),
  ).toEqual({ firstName: null, email: 'ada@known.example' });
});

test('a converted lead stays converted, and may still be annotated', async () => {
  const id = await make(acme.member, 'Lead', { firstName: 'Ada' });
  await write(acme.member, 'leadConvert', { id });
  expect(await refusal(acme.member, 'leadUpdate', { id, status: 'NEW' })).toEqual(
    refused('CONFLICT', 'This lead is converted and stays so.', 'status', 2),
  );
  expect(await write(acme.member, 'leadUpdate', { id, notes: 'Nice' }, 'notes status version')).toEqual({
    notes: 'Nice',
    status: 'CONVERTED',
    version: 3,
  });
});

test('a status change at a stale version tells the current one', async () => {
  const id = await make(acme.member, 'Lead', { firstName: 'Ada' });
  await write(acme.member, 'leadUpdate', { id, score: 5 });
  expect(await refusal(acme.member, 'leadUpdate', { id, status: 'QUALIFIED', expectedVersion: 1 })).toEqual(
    refused('CONFLICT', 'Somebody changed it: the current version is 2, not 1.', 'expectedVersion', 2),
  );
});

test('leads are found by score and status, and sorted by what they became', async () => {
  for (const score of [61, 62, 63]) await make(acme.member, 'Lead', { companyName: 'Scored', score });
  const { leads } = await acme.viewer.ok(
    '{ leads(filter: { score: { gt: 61 }, companyName: { eq: "Scored" }, status: { eq: NEW } }, orderBy: [{ convertedAccount: { name: {} } }, { score: { direction: DESC } }]) { nodes { score convertedAccount { id } } } }',
  );
  expect(leads.nodes).toEqual([
    { score: 63, convertedAccount: null },
    { score: 62, convertedAccount: null },
  ]);
});
