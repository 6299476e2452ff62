import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
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

const document = `mutation ($input: ClientOnboardInput!) {
  clientOnboard(input: $input) {
    account { id lifecycle projects { totalCount } conversations { totalCount } }
    project { id name status startsOn manager { id } account { id } }
    conversation { type title account { id } participants: conversationParticipants { nodes { user { id } } } }
    task { title dueOn assignee { id } project { id } }
    userErrors { code message path currentVersion }
  }
}`;
const onboard = async (input: object): Promise<Data> => (await acme.member.ok(document, { input })).clientOnboard;
const account = (input: object = {}) => make(acme.member, 'Account', { name: 'Harbor Dental', ...input });

/** What an account has of all that an onboarding makes. */
const saved = async (id: string) =>
  (
    await gateway.sql(
      `select lifecycle, (select count(*)::int from projects where account_id = $1) as projects,
         (select count(*)::int from conversations where account_id = $1) as conversations from accounts where id = $1`,
      [uuidOf(id)],
    )
  )[0];

test('handle_client_onboarding: an account becomes a client with a project, a conversation and a kick-off', async () => {
  const accountId = await account();
  const made = await onboard({ accountId });
  const me = { id: `member_${acme.people.member.id}` };
  const project = { id: made.project.id };
  expect(made).toEqual({
    account: { id: accountId, lifecycle: 'CLIENT', projects: { totalCount: 1 }, conversations: { totalCount: 1 } },
    project: {
      ...project,
      name: 'Harbor Dental',
      status: 'PLANNING',
      startsOn: null,
      manager: null,
      account: { id: accountId },
    },
    conversation: {
      type: 'CLIENT',
      title: 'Harbor Dental',
      account: { id: accountId },
      participants: { nodes: [{ user: me }] },
    },
    task: {
      title: 'Kick-off with Harbor Dental',
      dueOn: new Date(Date.now() + 7 * 86_400_000).toISOString().slice(0, 10),
      assignee: me,
      project,
    },
    userErrors: [],
  });
});

test('name, manager and days can be chosen, and a former client comes back', async () => {
  const managerId = `member_${acme.people.admin.id}`;
  const accountId = await account({ lifecycle: 'FORMER' });
  const told = [['FORBIDDEN', ['managerId'], 'Who runs a project is named with projects:assign.']];
  const refused = await refusal(acme.member, 'clientOnboard', { accountId, managerId });
  expect(refused.map(({ code, path, message }) => [code, path, message])).toEqual(told);
  const wishes = { projectName: 'Relaunch', managerId, startsOn: '2026-04-01', kickOffOn: '2026-03-20' };
  expect((await acme.admin.ok(document, { input: { accountId, ...wishes } })).clientOnboard).toMatchObject({
    account: { lifecycle: 'CLIENT' },
    project: { name: 'Relaunch', startsOn: '2026-04-01', manager: { id: managerId } },
    task: { dueOn: '2026-03-20', assignee: { id: managerId } },
    conversation: { participants: { nodes: [{ user: { id: managerId } }] } },
  });
});

test('a second onboarding is refused and makes nothing', async () => {
  const accountId = await account();
  await onboard({ accountId });
  const before = await saved(accountId);
  expect(await refusal(acme.member, 'clientOnboard', { accountId })).toEqual(
    conflict('This account is a client already.', 'accountId', 2),
  );
  expect(await saved(accountId)).toEqual(before);
});

test('of two onboardings at the same moment one is refused', async () => {
  const accountId = await account();
  const answers = await Promise.all([1, 2].map(() => acme.member.run(document, { input: { accountId } })));
  const codes = answers.map(({ data }) => data.clientOnboard.userErrors.map(({ code }: { code: string }) => code));
  expect(codes.sort()).toEqual([[], ['CONFLICT']]);
  expect(await saved(accountId)).toEqual({ lifecycle: 'client', projects: 1, conversations: 1 });
});

test('all of it is saved or nothing', async () => {
  const accountId = await account();
  expect(await refusal(acme.admin, 'clientOnboard', { accountId, managerId: randomUUID() })).toEqual([
    { code: 'NOT_FOUND', message: 'There is no such manager.', path: ['managerId'], currentVersion: null },
  ]);
  expect(await saved(accountId)).toEqual({ lifecycle: 'prospect', projects: 0, conversations: 0 });
});

test('an account of others, a deleted one and none at all are the same; a viewer onboards nobody', async () => {
  const [accountId, gone] = [await account(), await account()];
  await write(acme.member, 'accountDelete', { id: gone });
  const nothing = [
    { code: 'NOT_FOUND', message: 'There is no such account.', path: ['accountId'], currentVersion: null },
  ];
  expect(await refusal(globex.member, 'clientOnboard', { accountId })).toEqual(nothing);
  for (const unknown of [gone, randomUUID()])
    expect(await refusal(acme.member, 'clientOnboard', { accountId: unknown })).toEqual(nothing);
  expect((await failure(acme.viewer, 'clientOnboard', { accountId }))[0]).toBe('FORBIDDEN');
});

test('a key needs the scopes of all that is made', async () => {
  const key = async (scopes: readonly string[]) => {
    const { apiKeyCreate } = await acme.admin.ok(
      'mutation ($scopes: [String!]) { apiKeyCreate(input: { name: "K", scopes: $scopes }) { secret userErrors { code } } }',
      { scopes },
    );
    return gateway.withKey(apiKeyCreate.secret);
  };
  const accountId = await account();
  expect(await failure(await key(['crm:*', 'delivery:*']), 'clientOnboard', { accountId })).toEqual([
    'FORBIDDEN',
    'This needs the key scope communication:write (role MEMBER or above).',
  ]);
  await write(await key(['crm:*', 'delivery:*', 'communication:*']), 'clientOnboard', { accountId });
  expect(await saved(accountId)).toEqual({ lifecycle: 'client', projects: 1, conversations: 1 });
});
