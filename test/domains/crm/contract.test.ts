import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gateway, type Org, startGateway } from '../../support/gateway.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const contract = (more: object = {}) => make(acme.member, 'Contract', { title: 'C', ...more });
const rowOf = async (id: string) =>
  (await gateway.sql('select status, signed_by, signed_at, version from contracts where id = $1', [uuidOf(id)]))[0];

test('a contract is made as a draft, and keeps what it was given', async () => {
  const accountId = await make(acme.member, 'Account', { name: 'Client' });
  const proposalId = await make(acme.member, 'Proposal', { proposalNumber: 'C-1', title: 'Offer' });
  const input = {
    title: 'Garden',
    clientName: 'Client Ltd',
    scope: 'All',
    terms: 'Net 30',
    startsOn: '2026-01-31',
    endsOn: '2026-01-31',
    accountId,
    proposalId,
  };
  const fields =
    'title clientName scope terms status startsOn endsOn signedAt signedBy version account { name } proposal { title }';
  expect(await write(acme.member, 'contractCreate', input, fields)).toEqual({
    title: 'Garden',
    clientName: 'Client Ltd',
    scope: 'All',
    terms: 'Net 30',
    status: 'DRAFT',
    startsOn: '2026-01-31',
    endsOn: '2026-01-31',
    signedAt: null,
    signedBy: null,
    version: 1,
    account: { name: 'Client' },
    proposal: { title: 'Offer' },
  });
});

test.each(['DRAFT', 'SENT'])('a contract that is %s is signed, now unless said otherwise', async (status) => {
  const [now, then] = [await contract({ status }), await contract({ status })];
  const signed = await write(
    acme.member,
    'contractSign',
    { id: now, signedBy: 'Ann', expectedVersion: 1 },
    'status signedBy signedAt version',
  );
  expect(signed).toMatchObject({ status: 'SIGNED', signedBy: 'Ann', version: 2 });
  expect(Math.abs(Date.parse(signed.signedAt) - Date.now())).toBeLessThan(60_000);
  const signedAt = '2026-02-03T04:05:06.789Z';
  expect(await write(acme.member, 'contractSign', { id: then, signedBy: 'Ben', signedAt }, 'signedAt')).toEqual({
    signedAt,
  });
});

test.each(['SIGNED', 'TERMINATED', 'EXPIRED'])('a contract that is %s is not signed', async (status) => {
  const id = await contract();
  if (status === 'SIGNED') await write(acme.member, 'contractSign', { id, signedBy: 'Ann' });
  else await write(acme.member, 'contractUpdate', { id, status });
  const before = await rowOf(id);
  const message = `This contract is ${status.toLowerCase()}; only one that is draft or sent can be signed.`;
  expect(await refusal(acme.member, 'contractSign', { id, signedBy: 'Ben' })).toEqual(conflict(message, 'id', 2));
  expect(await rowOf(id)).toEqual(before);
});

test('a contract is signed by somebody, at the version seen, by who may write here', async () => {
  const id = await contract();
  expect(await refusal(acme.member, 'contractSign', { id, signedBy: ' ' })).toEqual([
    { code: 'BAD_USER_INPUT', message: 'Say who signed.', path: ['signedBy'], currentVersion: null },
  ]);
  const stale = 'Somebody changed it: the current version is 1, not 7.';
  expect(await refusal(acme.member, 'contractSign', { id, signedBy: 'Ann', expectedVersion: 7 })).toEqual(
    conflict(stale, 'expectedVersion', 1),
  );
  expect((await failure(acme.viewer, 'contractSign', { id, signedBy: 'Ann' }))[0]).toBe('FORBIDDEN');
  expect(await refusal(globex.member, 'contractSign', { id, signedBy: 'Ann' })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such Contract.', path: ['id'], currentVersion: null },
  ]);
  expect(await rowOf(id)).toEqual({ status: 'draft', signed_by: null, signed_at: null, version: 1 });
});

test('a deleted contract is not signed', async () => {
  const id = await contract();
  await write(acme.member, 'contractDelete', { id });
  expect(await refusal(acme.member, 'contractSign', { id, signedBy: 'Ann' })).toEqual(
    conflict('It is deleted. Restore it first.', 'id', 2),
  );
});

test('neither making nor changing a contract signs it', async () => {
  const refused = [
    { code: 'BAD_USER_INPUT', message: 'Only contractSign signs a contract.', path: ['status'], currentVersion: null },
  ];
  expect(await refusal(acme.member, 'contractCreate', { title: 'Signed at once', status: 'SIGNED' })).toEqual(refused);
  expect(await gateway.sql("select id from contracts where title = 'Signed at once'")).toEqual([]);
  const id = await contract();
  expect(await refusal(acme.member, 'contractUpdate', { id, status: 'SIGNED' })).toEqual(refused);
  expect(await rowOf(id)).toMatchObject({ status: 'draft', version: 1 });
});

test('the state of a contract changes freely until it is signed; after that it can only end', async () => {
  const id = await contract();
  const to = (status: string) => write(acme.member, 'contractUpdate', { id, status }, 'status');
  for (const status of ['SENT', 'EXPIRED', 'DRAFT']) expect(await to(status)).toEqual({ status });
  await write(acme.member, 'contractSign', { id, signedBy: 'Ann' });
  const message = (now: string, wanted: string) =>
    `This contract was signed and is ${now}; it cannot be ${wanted} again.`;
  expect(await refusal(acme.member, 'contractUpdate', { id, status: 'DRAFT' })).toEqual(
    conflict(message('signed', 'draft'), 'status', 5),
  );
  expect(await to('TERMINATED')).toEqual({ status: 'TERMINATED' });
  expect(await refusal(acme.member, 'contractUpdate', { id, status: 'SENT' })).toEqual(
    conflict(message('terminated', 'sent'), 'status', 6),
  );
  expect(await rowOf(id)).toMatchObject({ status: 'terminated', signed_by: 'Ann', version: 6 });
});

test('the last day is not before the first, whichever of them changes', async () => {
  const refused = [
    { code: 'BAD_USER_INPUT', message: 'The last day is before the first.', path: ['endsOn'], currentVersion: null },
  ];
  expect(
    await refusal(acme.member, 'contractCreate', { title: 'Backwards', startsOn: '2026-02-01', endsOn: '2026-01-31' }),
  ).toEqual(refused);
  const id = await contract({ startsOn: '2026-01-01', endsOn: '2026-01-31' });
  expect(await refusal(acme.member, 'contractUpdate', { id, startsOn: '2026-02-01' })).toEqual(refused);
  expect(
    await write(acme.member, 'contractUpdate', { id, endsOn: null, startsOn: '2026-02-01' }, 'startsOn endsOn'),
  ).toEqual({ startsOn: '2026-02-01', endsOn: null });
});

test('contracts are filtered, sorted and paged both ways', async () => {
  const clientName = 'Listed';
  for (const [title, endsOn] of [
    ['a', '2027-03-01'],
    ['b', '2027-01-01'],
    ['c', '2027-02-01'],
  ])
    await contract({ title, clientName, endsOn });
  const page = async (args: string, more = '') =>
    (
      await acme.viewer.ok(
        `{ contracts(filter: { clientName: { eq: "Listed" } ${more} }, orderBy: [{ endsOn: {} }], ${args}) { totalCount nodes { title } pageInfo { startCursor endCursor } } }`,
      )
    ).contracts;
  expect(await page('first: 9', 'endsOn: { gte: "2027-02-01" }, status: { eq: DRAFT }')).toMatchObject({
    totalCount: 2,
    nodes: [{ title: 'c' }, { title: 'a' }],
  });
  const first = await page('first: 2');
  expect(first.nodes).toEqual([{ title: 'b' }, { title: 'c' }]);
  const second = await page(`first: 2, after: "${first.pageInfo.endCursor}"`);
  expect(second.nodes).toEqual([{ title: 'a' }]);
  expect((await page(`last: 1, before: "${second.pageInfo.startCursor}"`)).nodes).toEqual([{ title: 'c' }]);
});

test('contracts with what they belong to are one statement, by the resolvers one more for the total', async () => {
  const rows =
    'nodes { title account { name contracts { nodes { title } } } proposal { title lineItems { totalCount } } }';
  const list = await gateway.countingBoth(acme.viewer, (client) => client.ok(`{ contracts { ${rows} } }`));
  expect(list.statements).toEqual({ compiler: 1, resolvers: 1 });
  const total = await gateway.countingBoth(acme.viewer, (client) => client.ok(`{ contracts { totalCount ${rows} } }`));
  expect(total.statements).toEqual({ compiler: 1, resolvers: 2 });
});
