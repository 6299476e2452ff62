/** People, organizations, memberships, invitations, subscriptions, flags, keys and system settings. */
import type pg from 'pg';
import type { Calendar } from './calendar.ts';
import { insertRows } from './insert.ts';
import {
  type DemoOrganization,
  demoId,
  demoOrganizations,
  demoPeople,
  formerPeople,
  guestMemberships,
  ownerOf,
  peopleOf,
} from './people.ts';
import { createRandom, type Random } from './random.ts';

/** Nobody knows a key or token with such a hash: it is not the hash of anything that was made. */
const unknownHash = (random: Random): string =>
  Array.from({ length: 64 }, () => random.int(0, 15).toString(16)).join('');

const everybody = [...demoPeople, ...formerPeople];

async function signInEverybody(client: pg.ClientBase): Promise<void> {
  await client.query(
    `select app.sign_in(uuid, email, name, null)
       from jsonb_to_recordset($1::jsonb) as people (uuid uuid, email text, name text)`,
    [JSON.stringify(everybody)],
  );
}

/** Who acts from here on: the author in the audit trail, and the owner of an organization that is made. */
export async function actAs(client: pg.ClientBase, userId: string): Promise<void> {
  await client.query(`select app.serve_as(null, $1)`, [userId]);
}

async function createOrganization(client: pg.ClientBase, org: DemoOrganization): Promise<void> {
  await actAs(client, ownerOf(org.slug).uuid);
  await client.query(`select app.create_organization($1, $2, $3, 'team', $4, $5)`, [
    org.id,
    org.name,
    org.slug,
    org.currency,
    org.timeZone,
  ]);
  await client.query(
    `update organizations set is_onboarding_completed = true, branding = $2, settings = $3 where id = $1`,
    [org.id, { primaryColor: org.color }, { weekStartsOn: 'monday', fiscalYearStartsInMonth: 1 }],
  );
}

async function addMembers(client: pg.ClientBase, org: DemoOrganization, calendar: Calendar): Promise<void> {
  const owner = ownerOf(org.slug);
  const guests = guestMemberships.filter((guest) => guest.org === org.slug);
  const colleagues = [
    ...peopleOf(org.slug)
      .filter(({ role }) => role !== 'owner')
      .map((person) => ({ ...person, status: 'active' })),
    ...formerPeople.filter((person) => person.org === org.slug).map((person) => ({ ...person, status: 'removed' })),
    ...guests.flatMap(({ email, role }) =>
      demoPeople
        .filter((person) => person.email === email)
        .map((person) => ({ ...person, role, title: 'Partner', status: 'active' })),
    ),
  ];
  const rows = colleagues.map(({ uuid, role, title, status }, index) => ({
    org_id: org.id,
    id: demoId(`member:${org.slug}:${uuid}`),
    user_id: uuid,
    role,
    title,
    status,
    invited_by_id: owner.uuid,
    joined_at: calendar.workday(380 - index * 41, 30 + index * 25),
    created_at: calendar.workday(380 - index * 41, 30 + index * 25),
  }));
  await insertRows(client, 'org_members', rows);
  await client.query('update org_members set title = $3, joined_at = $4 where org_id = $1 and user_id = $2', [
    org.id,
    owner.uuid,
    owner.title,
    calendar.workday(400, 0),
  ]);
}

async function addInvitations(client: pg.ClientBase, org: DemoOrganization, calendar: Calendar): Promise<void> {
  const random = createRandom(`${org.slug}:invitations`);
  const first = org.slug === 'acme' ? 'member' : 'viewer';
  const invitations = [
    { mailbox: 'newcomer', role: first, status: 'pending', sent: 2, expires: -5, accepted: null },
    { mailbox: 'wrong.address', role: 'owner', status: 'revoked', sent: 60, expires: 53, accepted: null },
    { mailbox: 'freelancer', role: 'admin', status: 'expired', sent: 120, expires: 113, accepted: null },
    { mailbox: 'member', role: 'member', status: 'accepted', sent: 342, expires: 335, accepted: 339 },
  ];
  const rows = invitations.map(({ mailbox, role, status, sent, expires, accepted }) => {
    const email = `${mailbox}@${org.slug}.example`;
    return {
      org_id: org.id,
      id: demoId(`invitation:${org.slug}:${email}`),
      email,
      role,
      token_hash: unknownHash(random),
      status,
      invited_by_id: ownerOf(org.slug).uuid,
      expires_at: calendar.ago(expires, 600),
      accepted_at: accepted === null ? null : calendar.workday(accepted, 90),
      created_at: calendar.workday(sent, 60),
    };
  });
  await insertRows(client, 'org_invitations', rows);
}

async function addFlags(client: pg.ClientBase, org: DemoOrganization, calendar: Calendar): Promise<void> {
  const flags = [
    { feature_key: 'semantic_search', is_enabled: true, allowed_roles: [] },
    { feature_key: 'proposal_brain', is_enabled: org.plan !== 'free', allowed_roles: [] },
    { feature_key: 'sales.forecast', is_enabled: true, allowed_roles: ['owner', 'admin'] },
    { feature_key: 'client_portal', is_enabled: false, allowed_roles: [] },
  ];
  const rows = flags.map((flag) => ({
    org_id: org.id,
    id: demoId(`flag:${org.slug}:${flag.feature_key}`),
    ...flag,
    created_at: calendar.workday(310, 75),
  }));
  await insertRows(client, 'feature_flags', rows);
}

async function addKeys(client: pg.ClientBase, org: DemoOrganization, calendar: Calendar): Promise<void> {
  const random = createRandom(`${org.slug}:keys`);
  const keys = [
    {
      name: 'Website forms',
      role: 'member',
      scopes: ['crm:read', 'crm:write'],
      age: 200,
      used: 1,
      expires: null,
      revoked: null,
    },
    {
      name: 'Reporting, last year',
      role: 'viewer',
      scopes: ['crm:read'],
      age: 390,
      used: 31,
      expires: 30,
      revoked: null,
    },
    { name: 'Old import script', role: 'admin', scopes: ['*'], age: 300, used: 91, expires: null, revoked: 90 },
  ];
  const rows = keys.map(({ name, role, scopes, age, used, expires, revoked }) => ({
    org_id: org.id,
    id: demoId(`key:${org.slug}:${name}`),
    name,
    prefix: unknownHash(random).slice(0, 8),
    key_hash: unknownHash(random),
    role,
    scopes,
    created_by_id: ownerOf(org.slug).uuid,
    last_used_at: calendar.ago(used, 425),
    expires_at: expires === null ? null : calendar.ago(expires),
    revoked_at: revoked === null ? null : calendar.workday(revoked, 200),
    created_at: calendar.workday(age, 45),
  }));
  await insertRows(client, 'api_keys', rows);
}

/** The three organizations have their plans; the personal ones show what else a subscription can be. */
async function subscribe(client: pg.ClientBase, calendar: Calendar): Promise<void> {
  const teams = demoOrganizations.map(({ slug, plan, seats }) => ({
    slug,
    plan,
    seats,
    status: 'active',
    owner: null,
  }));
  const personal = [
    { email: 'member@globex.example', plan: 'pro', status: 'trialing' },
    { email: 'viewer@globex.example', plan: 'free', status: 'canceled' },
    { email: 'former@globex.example', plan: 'pro', status: 'past_due' },
  ].map(({ email, plan, status }) => ({ slug: null, plan, seats: 1, status, owner: demoId(`person:${email}`) }));
  await client.query(
    `update subscriptions set plan = wanted.plan, status = wanted.status, seats = wanted.seats,
         current_period_end_at = case when wanted.plan <> 'free' then $2::timestamptz end,
         stripe_customer_id = case when wanted.slug <> 'initech' then 'cus_demo_' || wanted.slug end,
         stripe_subscription_id = case when wanted.slug <> 'initech' then 'sub_demo_' || wanted.slug end
       from jsonb_to_recordset($1::jsonb) as wanted (slug text, owner uuid, plan text, status text, seats integer)
       join organizations on organizations.slug = wanted.slug
         or (organizations.type = 'personal' and organizations.billing_owner_user_id = wanted.owner)
       where subscriptions.org_id = organizations.id`,
    [JSON.stringify([...teams, ...personal]), calendar.ago(-19)],
  );
}

/** Everybody opens the application in the organization they work for. */
async function settlePeople(client: pg.ClientBase): Promise<void> {
  const homes = everybody.map(({ uuid, org }) => ({ uuid, org: demoId(`organization:${org}`) }));
  await client.query(
    `update users set current_org_id = homes.org, is_onboarding_completed = true,
         preferences = '{"theme": "system", "locale": "en"}'
       from jsonb_to_recordset($1::jsonb) as homes (uuid uuid, org uuid) where users.id = homes.uuid`,
    [JSON.stringify(homes.filter(({ uuid }) => demoPeople.some((person) => person.uuid === uuid)))],
  );
}

async function addSystemSettings(client: pg.ClientBase): Promise<void> {
  const off = { active: false, reason: null };
  const rows = [
    { key: 'kill.ai', value: off, description: 'Stops every feature that calls a language model.' },
    { key: 'kill.embedding', value: off, description: 'Stops the embedding of new and changed text.' },
    { key: 'kill.search', value: off, description: 'Stops the search by similarity.' },
    { key: 'kill.jobs', value: off, description: 'Stops background jobs: none is queued, and none is claimed.' },
    { key: 'kill.uploads', value: off, description: 'Stops uploads of files.' },
    { key: 'kill.webhooks', value: off, description: 'Stops the delivery of webhooks.' },
    { key: 'kill.sign_up', value: off, description: 'Stops new people from making organizations.' },
    {
      key: 'notice.banner',
      value: { text: null, level: 'info' },
      description: 'A line shown to everybody who signs in.',
    },
  ];
  await insertRows(client, 'system_settings', rows, 'on conflict (key) do nothing');
}

/** Makes the demo people and organizations, with everything that belongs to them but their business. */
export async function seedTenancy(client: pg.ClientBase, calendar: Calendar): Promise<void> {
  await signInEverybody(client);
  for (const org of demoOrganizations) {
    await createOrganization(client, org);
    await addMembers(client, org, calendar);
    await addFlags(client, org, calendar);
    if (org.plan === 'free') continue;
    await addInvitations(client, org, calendar);
    await addKeys(client, org, calendar);
  }
  await actAs(client, '');
  await subscribe(client, calendar);
  await settlePeople(client);
  await addSystemSettings(client);
}
