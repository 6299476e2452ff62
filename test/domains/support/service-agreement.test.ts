import { beforeAll, expect, test } from 'vitest';
import type { Data, Gateway, Org } from '../../support/gateway.ts';
import { newOrganization, sharedGateway } from '../../support/shared.ts';
import { conflict, failure, make, refusal, uuidOf, write } from '../../support/write.ts';

let gateway: Gateway;
let org: Org;
let accountId: string;

beforeAll(async () => {
  gateway = await sharedGateway();
  org = await newOrganization(gateway);
  accountId = await make(org.member, 'Account', { name: 'Kühlhaus Nord' });
});

/** A day so many days from now. */
const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

const agreement = (input: object = {}) =>
  make(org.member, 'ServiceAgreement', { accountId, name: 'Full maintenance', ...input });

async function active(input: object = {}): Promise<string> {
  const id = await agreement(input);
  await write(org.member, 'serviceAgreementActivate', { id });
  return id;
}

/** Lets an agreement end, as time alone does. */
const end = (id: string) =>
  gateway.sql('update service_agreements set starts_on = $2, ends_on = $3 where id = $1', [
    uuidOf(id),
    day(-9),
    day(-1),
  ]);

test('a draft is activated from today on, or from its first day on', async () => {
  const fields = 'status isActive startsOn';
  const activate = async (input: object) =>
    write(org.member, 'serviceAgreementActivate', { id: await agreement(input) }, fields);
  expect(await activate({})).toEqual({ status: 'ACTIVE', isActive: true, startsOn: day(0) });
  expect(await activate({ startsOn: day(-3), endsOn: day(0) })).toMatchObject({ status: 'ACTIVE', isActive: true });
  expect(await activate({ startsOn: day(1) })).toMatchObject({ status: 'ACTIVE', isActive: false, startsOn: day(1) });
});

test('what is over, active or canceled is not activated', async () => {
  const over = await agreement({ startsOn: day(-9), endsOn: day(-1) });
  expect(await refusal(org.member, 'serviceAgreementActivate', { id: over })).toEqual(
    conflict('The last day of this service agreement is over.', 'id', 1),
  );
  const id = await active();
  const only = 'only one that is draft can be activated.';
  expect(await refusal(org.member, 'serviceAgreementActivate', { id })).toEqual(
    conflict(`This service agreement is active; ${only}`, 'id', 2),
  );
  expect(await write(org.member, 'serviceAgreementCancel', { id }, 'status isActive')).toEqual({
    status: 'CANCELED',
    isActive: false,
  });
  expect(await refusal(org.member, 'serviceAgreementActivate', { id })).toEqual(
    conflict(`This service agreement is canceled; ${only}`, 'id', 3),
  );
  expect(await refusal(org.member, 'serviceAgreementCancel', { id })).toEqual(
    conflict('This service agreement is canceled; only one that is draft or active can be canceled.', 'id', 3),
  );
});

test('viewers move no agreement', async () => {
  const id = await agreement();
  for (const mutation of ['serviceAgreementActivate', 'serviceAgreementCancel']) {
    expect((await failure(org.viewer, mutation, { id }))[0]).toBe('FORBIDDEN');
  }
});

test('an active agreement keeps a first day, and none ends before it begins', async () => {
  const id = await active();
  const refused = (path: string, message: string) => [
    { code: 'BAD_USER_INPUT', message, path: [path], currentVersion: null },
  ];
  expect(await refusal(org.member, 'serviceAgreementUpdate', { id, startsOn: null })).toEqual(
    refused('startsOn', 'An agreement that is active has a first day.'),
  );
  expect(await refusal(org.member, 'serviceAgreementUpdate', { id, endsOn: day(-1) })).toEqual(
    refused('endsOn', 'The last day is before the first.'),
  );
});

test('agreements active today, and on a day', async () => {
  const own = await newOrganization(gateway);
  const owner = await make(own.member, 'Account', { name: 'Owner' });
  const terms = { draft: {}, now: { endsOn: day(0) }, later: { startsOn: day(5) }, ended: {}, canceled: {} };
  for (const [name, term] of Object.entries(terms)) {
    const id = await make(own.member, 'ServiceAgreement', { accountId: owner, name, ...term });
    if (name !== 'draft') await write(own.member, 'serviceAgreementActivate', { id });
    if (name === 'canceled') await write(own.member, 'serviceAgreementCancel', { id });
    if (name === 'ended') await end(id);
  }
  const list = (filter: string) =>
    `{ serviceAgreements(filter: { ${filter} }, orderBy: [{ createdAt: {} }]) { nodes { name status isActive } } }`;
  const found = async (filter: string) => {
    const read = gateway.countingBoth(own.viewer, (client) => client.ok(list(filter)));
    return (await read).result.serviceAgreements.nodes.map(({ name, status, isActive }: Data) => [
      name,
      status,
      isActive,
    ]);
  };
  const [draft, now, later, ended, canceled] = [
    ['draft', 'DRAFT', false],
    ['now', 'ACTIVE', true],
    ['later', 'ACTIVE', false],
    ['ended', 'EXPIRED', false],
    ['canceled', 'CANCELED', false],
  ];
  expect(await found('isActive: true')).toEqual([now]);
  expect(await found('isActive: false')).toEqual([draft, later, ended, canceled]);
  expect(await found(`activeOn: "${day(6)}"`)).toEqual([later]);
  expect(await found('activeOn: "-P2D"')).toEqual([ended]);
});

test("a ticket is due by the SLA of its account's active agreement, one for the very place first", async () => {
  const sla = (name: string, input: object = {}) =>
    make(org.member, 'Sla', { name, firstResponseMinutes: 1, resolutionMinutes: 1, ...input });
  const propertyId = await make(org.member, 'Property', { accountId, name: 'Cold store' });
  const ticket = async (input: object) =>
    (await write(org.member, 'ticketCreate', { subject: 'x', accountId, ...input }, 'sla { name }')).sla?.name;
  await sla('Of the priority', { priority: 'MEDIUM' });
  const later = await active({ slaId: await sla('Later'), startsOn: day(3) });
  const draft = await agreement({ slaId: await sla('Draft') });
  expect(await ticket({})).toBe('Of the priority');
  const whole = await active({ slaId: await sla('Of the client') });
  await active({ slaId: await sla('Of the place'), propertyId });
  expect(await ticket({})).toBe('Of the client');
  expect(await ticket({ priority: 'URGENT' })).toBe('Of the client');
  expect(await ticket({ propertyId })).toBe('Of the place');
  await end(whole);
  expect(await ticket({})).toBe('Of the priority');
  for (const id of [later, draft]) await write(org.member, 'serviceAgreementDelete', { id });
});
