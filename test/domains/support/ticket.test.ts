import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let other: Org;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  other = await newOrganization(gateway);
});

const ticket = (input: object = {}) => make(org.member, 'Ticket', { subject: 'Cold room is warm', ...input });
const sla = (input: object) =>
  make(org.member, 'Sla', { name: 'Fast', firstResponseMinutes: 30, resolutionMinutes: 90, ...input });

const read = async (id: string, fields: string): Promise<Data> =>
  (await org.viewer.ok(`query ($id: ID!) { ticket(id: $id) { ${fields} } }`, { id })).ticket;

const due = 'createdAt firstResponseDueAt resolutionDueAt sla { name }';

/** Minutes from the making of a ticket to when it is due. */
const promised = ({ createdAt, firstResponseDueAt, resolutionDueAt, sla: level }: Data) => [
  level?.name ?? null,
  ...[firstResponseDueAt, resolutionDueAt].map((at) => at && (Date.parse(at) - Date.parse(createdAt)) / 60_000),
];

/** Makes a ticket as old as it takes, as only the database can. */
const age = (id: string, minutes: number) =>
  gateway.sql(
    `update tickets set first_response_due_at = first_response_due_at - $2 * interval '1 minute',
       resolution_due_at = resolution_due_at - $2 * interval '1 minute' where id = $1`,
    [uuidOf(id), minutes],
  );

test('a number stays, whoever writes', async () => {
  const id = await ticket();
  const { ticketNumber } = await read(id, 'ticketNumber');
  await gateway.sql("update tickets set ticket_number = 'T-1' where id = $1", [uuidOf(id)]);
  expect(await read(id, 'ticketNumber')).toEqual({ ticketNumber });
});

test('a ticket is due by the SLA that is given, else by the active one of its priority, else never', async () => {
  expect(promised(await read(await ticket(), due))).toEqual([null, null, null]);
  const urgent = await sla({ name: 'Urgent', priority: 'URGENT' });
  const slaId = await sla({ name: 'Named', firstResponseMinutes: 1, resolutionMinutes: 2 });
  expect(promised(await read(await ticket({ priority: 'URGENT' }), due))).toEqual(['Urgent', 30, 90]);
  expect(promised(await read(await ticket({ priority: 'URGENT', slaId }), due))).toEqual(['Named', 1, 2]);
  await write(org.member, 'slaUpdate', { id: urgent, isActive: false });
  expect(promised(await read(await ticket({ priority: 'URGENT' }), due))).toEqual([null, null, null]);
});

test('a ticket is due anew when its SLA or its priority changes', async () => {
  await sla({ name: 'High', priority: 'HIGH', firstResponseMinutes: 10, resolutionMinutes: 20 });
  const slaId = await sla({ name: 'For all' });
  const change = async (id: string, input: object) =>
    promised(await write(org.member, 'ticketUpdate', { id, ...input }, due));
  const id = await ticket();
  expect(await change(id, { priority: 'HIGH' })).toEqual(['High', 10, 20]);
  expect(await change(id, { priority: 'LOW' })).toEqual([null, null, null]);
  expect(await change(id, { slaId })).toEqual(['For all', 30, 90]);
  expect(await change(id, { priority: 'HIGH' })).toEqual(['For all', 30, 90]);
  expect(await change(id, { slaId: null })).toEqual([null, null, null]);
});

test('of the active SLAs each priority has one', async () => {
  await sla({ name: 'Low', priority: 'LOW' });
  const twice = { name: 'Low too', priority: 'LOW', firstResponseMinutes: 1, resolutionMinutes: 1 };
  expect(await refusal(org.member, 'slaCreate', twice)).toEqual(
    conflict('There is an active SLA for this priority already.', 'priority', null),
  );
  await make(org.member, 'Sla', { ...twice, isActive: false });
  expect(await refusal(org.member, 'slaCreate', { ...twice, priority: null, resolutionMinutes: 0 })).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'A solution takes no less time than the first answer.',
      path: ['resolutionMinutes'],
      currentVersion: null,
    },
  ]);
});

test('the first comment of staff that the client can read answers a ticket', async () => {
  const id = await ticket();
  const say = (input: object) => make(org.member, 'TicketComment', { ticketId: id, body: 'x', ...input });
  await say({ isInternal: true });
  await say({ isFromClient: true });
  expect(await read(id, 'firstRespondedAt version')).toEqual({ firstRespondedAt: null, version: 1 });
  const first = await write(org.member, 'ticketCommentCreate', { ticketId: id, body: 'We come.' }, 'createdAt');
  await say({ body: 'We came.' });
  expect(await read(id, 'firstRespondedAt version')).toEqual({ firstRespondedAt: first.createdAt, version: 2 });
});

test('an internal comment answers once it is no longer internal', async () => {
  const id = await ticket();
  const comment = await make(org.member, 'TicketComment', { ticketId: id, body: 'Part ordered', isInternal: true });
  expect((await read(id, 'firstRespondedAt')).firstRespondedAt).toBeNull();
  await write(org.member, 'ticketCommentUpdate', { id: comment, isInternal: false });
  expect((await read(id, 'firstRespondedAt')).firstRespondedAt).not.toBeNull();
});

test('internal comments are marked, and told from others by a filter', async () => {
  const id = await ticket();
  await make(org.member, 'TicketComment', { ticketId: id, body: 'To you' });
  await make(org.member, 'TicketComment', { ticketId: id, body: 'Among us', isInternal: true });
  await make(org.member, 'TicketComment', { ticketId: id, body: 'From me', isFromClient: true });
  const { comments } = await read(
    id,
    'comments(filter: { isInternal: { eq: false } }, orderBy: [{ createdAt: {} }]) { nodes { body isInternal author { id } } }',
  );
  expect(comments.nodes).toEqual([
    { body: 'To you', isInternal: false, author: { id: `member_${org.people.member.id}` } },
    { body: 'From me', isInternal: false, author: null },
  ]);
});

test('a comment is changed by its author and by admins, and words of the client are not internal', async () => {
  const ticketId = await ticket();
  const id = await make(org.admin, 'TicketComment', { ticketId, body: 'Mine' });
  const forbidden = [
    { code: 'FORBIDDEN', message: 'Only its author and admins change a comment.', path: ['id'], currentVersion: 1 },
  ];
  expect(await refusal(org.member, 'ticketCommentUpdate', { id, body: 'Yours' })).toEqual(forbidden);
  expect(await refusal(org.member, 'ticketCommentDelete', { id })).toEqual(forbidden);
  await write(org.owner, 'ticketCommentUpdate', { id, body: 'Better' });
  const both = { ticketId, body: 'x', isInternal: true, isFromClient: true };
  expect(await refusal(org.member, 'ticketCommentCreate', both)).toEqual([
    {
      code: 'BAD_USER_INPUT',
      message: 'Words of the client are not internal.',
      path: ['isInternal'],
      currentVersion: null,
    },
  ]);
});

test('there is no comment on a deleted ticket, or on one of another organization', async () => {
  const gone = await ticket();
  await write(org.member, 'ticketDelete', { id: gone });
  for (const ticketId of [gone, await make(other.member, 'Ticket', { subject: 'Theirs' })]) {
    expect(await refusal(org.member, 'ticketCommentCreate', { ticketId, body: 'x' })).toEqual([
      { code: 'NOT_FOUND', message: 'There is no such ticket.', path: ['ticketId'], currentVersion: null },
    ]);
  }
});

test('late answers and solutions are breaches, by field and by filter, in one statement', async () => {
  const own = await newOrganization(gateway);
  const level = { name: 'Medium', priority: 'MEDIUM', firstResponseMinutes: 30, resolutionMinutes: 90 };
  await make(own.member, 'Sla', level);
  const aged = async (subject: string, minutes: number) => {
    const id = await make(own.member, 'Ticket', { subject });
    await age(id, minutes);
    return id;
  };
  await aged('in time', 20);
  await aged('unanswered', 40);
  const answered = await aged('answered in time', 20);
  await make(own.member, 'TicketComment', { ticketId: answered, body: 'x' });
  await age(answered, 0);
  const late = await aged('solved late', 100);
  await write(own.member, 'ticketResolve', { id: late });
  const rows = `{ tickets(orderBy: [{ createdAt: {} }]) { nodes { subject isFirstResponseBreached isResolutionBreached } } }`;
  const { result, statements } = await gateway.countingBoth(own.viewer, (client) => client.ok(rows));
  expect(result.tickets.nodes.map((row: Data) => Object.values(row))).toEqual([
    ['in time', false, false],
    ['unanswered', true, false],
    ['answered in time', false, false],
    ['solved late', true, true],
  ]);
  expect(statements.compiler).toBe(1);
  const found = async (filter: string) =>
    (
      await own.viewer.ok(`{ tickets(filter: { ${filter} }, orderBy: [{ createdAt: {} }]) { nodes { subject } } }`)
    ).tickets.nodes.map(({ subject }: Data) => subject);
  expect(await found('isFirstResponseBreached: true')).toEqual(['unanswered', 'solved late']);
  expect(await found('isFirstResponseBreached: false')).toEqual(['in time', 'answered in time']);
  expect(await found('isResolutionBreached: true, status: { eq: RESOLVED }')).toEqual(['solved late']);
});

test('tickets are numbered without gaps in their organization, also when some are refused or many made at once', async () => {
  const one = await newOrganization(gateway);
  const document = `mutation ($input: TicketCreateInput!) { ticketCreate(input: $input) { ticket { ticketNumber } userErrors { code } } }`;
  const subjects = ['a', '', 'b', 'c'];
  const answers = await Promise.all(subjects.map((subject) => one.member.run(document, { input: { subject } })));
  const numbers = answers.flatMap(({ data }) => data.ticketCreate.ticket?.ticketNumber ?? []);
  expect(numbers.sort()).toEqual([1, 2, 3].map((number) => `T-00000${number}`));
  const two = await newOrganization(gateway);
  const theirs = await write(two.member, 'ticketCreate', { subject: 'Theirs' }, 'ticketNumber');
  expect(theirs).toEqual({ ticketNumber: 'T-000001' });
});

test('a viewer reads tickets, and writes none', async () => {
  expect(await failure(org.viewer, 'ticketCreate', { subject: 'x' })).toEqual([
    'FORBIDDEN',
    'This needs the permission support:write (role MEMBER or above).',
  ]);
});
