import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { signToken } from '../../src/auth/token.ts';
import { type Answer, type Client, type Gateway, type Org, startGateway } from '../support/gateway.ts';

let gateway: Gateway;
let acme: Org;
let globex: Org;

beforeAll(async () => {
  gateway = await startGateway();
  acme = await gateway.organization('acme');
  globex = await gateway.organization('globex');
});
afterAll(() => gateway.close());

const whereAmI = '{ viewer { role organization { slug } } }';

/** Where a client is, and in which role. */
async function place(client: Client): Promise<readonly [slug: string | undefined, role: string | null]> {
  const { viewer } = await client.ok(whereAmI);
  return [viewer.organization?.slug, viewer.role];
}

const errorOf = ({ status, errors = [], data }: Answer) => ({
  status,
  data,
  code: errors[0]?.extensions.code,
  message: errors[0]?.message,
  count: errors.length,
});

const notAMember = {
  status: 403,
  data: {},
  code: 'FORBIDDEN',
  message: 'You are not a member of this organization, or it does not exist.',
  count: 1,
};

/** What a new person has in the database. */
const footprint = (id: string) =>
  gateway.sql(
    `select u.email, u.full_name, u.avatar_url, o.name, o.type, m.role, m.status, u.current_org_id = o.id as current from users u
      join org_members m on m.user_id = u.id join organizations o on o.id = m.org_id where u.id = $1`,
    [id],
  );

/** Runs something that must not send a single statement. */
async function withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
  const before = gateway.database.pool.events.statements;
  const result = await work();
  expect(gateway.database.pool.events.statements).toBe(before);
  return result;
}

test('handle_new_user: the first request of a person makes their user and personal organization', async () => {
  const id = randomUUID();
  const token = await gateway.token(
    { id, email: 'nora@people.example' },
    { name: 'Nora New', picture: 'https://pictures.example/nora.png' },
  );
  expect(await place(gateway.withToken(token))).toEqual(['nora-new', 'OWNER']);
  expect(await footprint(id)).toEqual([
    {
      email: 'nora@people.example',
      full_name: 'Nora New',
      avatar_url: 'https://pictures.example/nora.png',
      name: 'Nora New',
      type: 'personal',
      role: 'owner',
      status: 'active',
      current: true,
    },
  ]);
});

test('later requests make nothing more, even if the token says something new', async () => {
  const id = randomUUID();
  await place(gateway.withToken(await gateway.token({ id, email: 'otto@people.example' })));
  const before = await footprint(id);
  await place(gateway.withToken(await gateway.token({ id, email: 'otto.new@people.example' }, { name: 'Other' })));
  expect(await footprint(id)).toEqual(before);
});

test('ten first requests at once make one user and one organization, and all succeed', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id, name: 'Petra Parallel' });
  const places = await Promise.all(Array.from({ length: 10 }, () => place(person)));
  expect(places).toEqual(Array.from({ length: 10 }, () => ['petra-parallel', 'OWNER']));
  expect(await footprint(id)).toHaveLength(1);
  expect(
    await gateway.sql("select count(*)::int as count from organizations where slug like 'petra-parallel%'"),
  ).toEqual([{ count: 1 }]);
});

if (inject('template').kind === 'server')
  test('a person who is made while their request enters is found with their organization', async () => {
    const id = randomUUID();
    // Entering looks for the person first, and then has to wait: for the memberships, or for the end of this.
    const making = gateway.sql(`do $$ begin
      perform app.sign_in('${id}', 'paul@people.example', null, null);
      lock table org_members in access exclusive mode;
      while not exists (select from pg_locks where pg_backend_pid() = any (pg_blocking_pids(pid)))
        loop perform pg_sleep(0.01); end loop;
    end $$`);
    const isLocked = "select from pg_locks where relation = 'org_members'::regclass and mode = 'AccessExclusiveLock'";
    while ((await gateway.sql(isLocked)).length === 0);
    const found = await place(await gateway.person({ id, email: 'paul@people.example' }));
    await making;
    expect(found).toEqual(['paul', 'OWNER']);
  });

test('a first request can be a mutation, and is in the audit trail as theirs', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await person.ok(
    'mutation { featureFlagSet(input: { featureKey: "first", isEnabled: true }) { userErrors { code } } }',
  );
  expect(
    await gateway.sql("select action from audit_logs where user_id = $1 and entity_type = 'feature_flag'", [id]),
  ).toEqual([{ action: 'feature_flag.created' }]);
});

test("an address that is somebody else's signs nobody in", async () => {
  const id = randomUUID();
  const answer = await (await gateway.person({ id, email: 'OWNER@acme.example' })).run(whereAmI);
  expect(errorOf(answer)).toEqual({
    status: 403,
    data: {},
    code: 'FORBIDDEN',
    message: 'Another account uses this mail address. Sign in with that account.',
    count: 1,
  });
  expect(await gateway.sql('select id from users where id = $1', [id])).toEqual([]);
});

test('a disabled or deleted account is refused from its next request on', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await place(person);
  await gateway.sql('update users set is_active = false where id = $1', [id]);
  const disabled = { status: 403, data: {}, code: 'FORBIDDEN', message: 'This account is disabled.', count: 1 };
  expect(errorOf(await person.run(whereAmI))).toEqual(disabled);
  await gateway.sql('update users set is_active = true, deleted_at = now() where id = $1', [id]);
  expect(errorOf(await person.run(whereAmI))).toEqual(disabled);
  expect(await gateway.sql('select count(*)::int as count from org_members where user_id = $1', [id])).toEqual([
    { count: 1 },
  ]);
});

test('X-Org names the organization by id or slug', async () => {
  for (const name of [acme.id, acme.id.toUpperCase(), 'acme', 'ACME', ' acme '])
    expect(await place(acme.member.inOrg(name))).toEqual(['acme', 'MEMBER']);
});

test('the header comes before the token, the token before the current organization', async () => {
  const person = acme.people.member;
  await gateway.sql("insert into org_members (org_id, user_id, role) values ($1, $2, 'viewer')", [
    globex.id,
    person.id,
  ]);
  const plain = gateway.withToken(await gateway.token(person));
  const claimed = gateway.withToken(await gateway.token(person, { org_id: globex.id }));
  expect(await place(plain)).toEqual(['member-of-acme', 'OWNER']);
  expect(await place(claimed)).toEqual(['globex', 'VIEWER']);
  expect(await place(claimed.inOrg('acme'))).toEqual(['acme', 'MEMBER']);
  await gateway.sql('update users set current_org_id = $1 where id = $2', [acme.id, person.id]);
  expect(await place(plain)).toEqual(['acme', 'MEMBER']);
  expect(await place(plain.inOrg(''))).toEqual(['acme', 'MEMBER']);
});

test('an organization of others and one that does not exist are the same answer', async () => {
  const client = acme.owner.withHeaders({ 'x-request-id': 'same' });
  const wanted = [globex.id, 'globex', randomUUID(), 'no-such-organization', "'; drop table users --", '%'];
  for (const org of wanted) expect(errorOf(await client.inOrg(org).run(whereAmI))).toEqual(notAMember);
  const [theirs, nobodys] = [
    await client.inOrg(globex.id).run(whereAmI),
    await client.inOrg(randomUUID()).run(whereAmI),
  ];
  expect(theirs.errors).toEqual(nobodys.errors);
  expect([...theirs.headers].sort()).toEqual([...nobodys.headers].sort());
});

test('a claim in the token counts no more than the header without a membership', async () => {
  const claimed = gateway.withToken(await gateway.token(acme.people.owner, { org_id: globex.id }));
  expect(errorOf(await claimed.run(whereAmI))).toEqual(notAMember);
  const slug = gateway.withToken(await gateway.token(acme.people.owner, { org_id: 'globex' }));
  expect(errorOf(await slug.run(whereAmI))).toEqual(notAMember);
});

test('a removed member is refused at the next request, although the token lives', async () => {
  const id = randomUUID();
  const person = await gateway.person({ id });
  await place(person);
  await gateway.sql("insert into org_members (org_id, user_id, role) values ($1, $2, 'admin')", [acme.id, id]);
  expect(await place(person.inOrg('acme'))).toEqual(['acme', 'ADMIN']);
  await gateway.sql("update org_members set status = 'removed' where org_id = $1 and user_id = $2", [acme.id, id]);
  expect(errorOf(await person.inOrg('acme').run(whereAmI))).toEqual(notAMember);
});

test('another role takes effect at the next request', async () => {
  const create = 'mutation { accountCreate(input: { name: "By role" }) { userErrors { code } } }';
  expect(errorOf(await globex.viewer.run(create))).toMatchObject({
    code: 'FORBIDDEN',
    message: 'This needs the permission crm:write (role MEMBER or above).',
  });
  await gateway.sql("update org_members set role = 'member' where org_id = $1 and user_id = $2", [
    globex.id,
    globex.people.viewer.id,
  ]);
  await globex.viewer.ok(create);
  await gateway.sql("update org_members set role = 'viewer' where org_id = $1 and user_id = $2", [
    globex.id,
    globex.people.viewer.id,
  ]);
  expect(errorOf(await globex.viewer.run(create))).toMatchObject({ code: 'FORBIDDEN' });
  expect(await gateway.sql("select count(*)::int as count from accounts where name = 'By role'")).toEqual([
    { count: 1 },
  ]);
});

test('without a credential nothing is answered, and the way to sign in is named', async () => {
  const answer = await withoutDatabase(() => gateway.anonymous.run(whereAmI));
  expect(errorOf(answer)).toEqual({
    status: 401,
    data: {},
    code: 'UNAUTHENTICATED',
    message: 'Sign in: send a token as "Authorization: Bearer <token>".',
    count: 1,
  });
  expect(answer.headers.get('www-authenticate')).toBe('Bearer');
});

test('a wrong credential is 401 before the database hears of it', async () => {
  const { auth } = gateway.config;
  const person = { sub: acme.people.owner.id, email: acme.people.owner.email };
  const good = await signToken(auth, person);
  const wrong = [
    'Bearer nonsense',
    'Bearer',
    `Basic ${good}`,
    good,
    `Bearer ${good.slice(0, -2)}`,
    `Bearer ${good.split('.').slice(0, 2).join('.')}.`,
    `Bearer ${await signToken({ ...auth, secret: 'another-secret-of-at-least-32-characters' }, person)}`,
    `Bearer ${await signToken({ ...auth, issuer: 'somebody-else' }, person)}`,
    `Bearer ${await signToken({ ...auth, audience: 'something-else' }, person)}`,
    `Bearer ${await signToken(auth, { ...person, exp: Math.floor(Date.now() / 1000) - 3_600 })}`,
  ];
  for (const authorization of wrong) {
    const answer = await withoutDatabase(() =>
      gateway.anonymous.withHeaders({ authorization, 'x-org': 'acme' }).run(whereAmI),
    );
    expect({ authorization, ...errorOf(answer) }).toMatchObject({
      status: 401,
      data: {},
      code: 'UNAUTHENTICATED',
      count: 1,
    });
  }
});

test('in production nobody learns of the schema without a credential', async () => {
  const production = await startGateway({
    NODE_ENV: 'production',
    JWT_SECRET: 's'.repeat(32),
    JWT_ISSUER: 'issuer',
    JWT_AUDIENCE: 'audience',
  });
  for (const query of ['{ noSuchField }', '{ __schema { types { name } } }', '{ __typename viewer { role } }']) {
    expect(errorOf(await production.anonymous.run(query))).toMatchObject({
      status: 401,
      data: {},
      code: 'UNAUTHENTICATED',
      count: 1,
    });
  }
  await production.close();
});
