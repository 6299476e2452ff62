-- Organizations, people and what binds them.
set local role gateway_owner;

create table organizations (
  id uuid primary key default app.uuid_v7(),
  name text not null check (name <> ''),
  slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9]){1,62}$'),
  type text not null default 'team' check (type in ('personal', 'team')),
  plan text not null default 'free' check (plan in ('free', 'pro', 'enterprise')),
  billing_owner_user_id uuid,
  is_onboarding_completed boolean not null default false,
  settings jsonb not null default '{}',
  branding jsonb not null default '{}',
  default_currency char(3) not null default 'USD' check (default_currency ~ '^[A-Z]{3}$'),
  time_zone text not null default 'UTC',
  stripe_customer_id text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1
);
create unique index organizations_slug_key on organizations (slug);

create table users (
  id uuid primary key,
  email text not null check (email <> ''),
  full_name text,
  avatar_url text,
  current_org_id uuid references organizations (id),
  preferences jsonb not null default '{}',
  is_onboarding_completed boolean not null default false,
  is_active boolean not null default true,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1
);
create unique index users_email_key on users (lower(email)) where deleted_at is null;
alter table organizations add constraint organizations_billing_owner_user_id_fkey
  foreign key (billing_owner_user_id) references users (id);

create table org_members (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid not null references users (id),
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'viewer')),
  permissions text[] not null default '{}',
  title text,
  status text not null default 'active' check (status in ('active', 'removed')),
  display_name text,
  email text,
  avatar_url text,
  invited_by_id uuid,
  joined_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint org_members_user_id_key unique (org_id, user_id)
);
select app.reference('org_members', 'invited_by_id', 'org_members');
create index org_members_page on org_members (org_id, created_at desc, id desc);
-- The one look-up before the organization is known: the organizations of a person.
create index org_members_of_user on org_members (user_id);

create table org_invitations (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  email text not null check (email <> ''),
  role text not null default 'member' check (role in ('owner', 'admin', 'member', 'viewer')),
  token_hash text not null,
  status text not null default 'pending' check (status in ('pending', 'accepted', 'revoked', 'expired')),
  invited_by_id uuid,
  expires_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index org_invitations_email_key on org_invitations (org_id, lower(email)) where status = 'pending';
create index org_invitations_token on org_invitations (org_id, token_hash);
create index org_invitations_page on org_invitations (org_id, created_at desc, id desc);
select app.reference('org_invitations', 'invited_by_id', 'org_members');

create table subscriptions (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  plan text not null default 'free' check (plan in ('free', 'pro', 'enterprise')),
  status text not null default 'active' check (status in ('active', 'trialing', 'past_due', 'canceled')),
  stripe_subscription_id text,
  stripe_customer_id text,
  current_period_end_at timestamptz(3),
  seats integer not null default 1 check (seats > 0),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint subscriptions_org_id_key unique (org_id)
);

create table feature_flags (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  feature_key text not null check (feature_key ~ '^[a-z][a-z0-9_.]{0,63}$'),
  is_enabled boolean not null default false,
  allowed_roles text[] not null default '{}' check (allowed_roles <@ array['owner', 'admin', 'member', 'viewer']),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint feature_flags_feature_key_key unique (org_id, feature_key)
);

create table system_settings (
  id uuid primary key default app.uuid_v7(),
  key text not null unique check (key ~ '^[a-z][a-z0-9_.]{0,63}$'),
  value jsonb not null default '{}',
  description text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1
);

-- The organizations of the caller beyond the current one, once app.memberships() or a function that makes one was called.
create function app.own_org_ids() returns uuid[] language sql stable parallel safe
  return coalesce(string_to_array(nullif(current_setting('app.own_org_ids', true), ''), ',')::uuid[], '{}');
grant execute on function app.own_org_ids() to gateway, gateway_service;

select app.protect('organizations', 'global');
create policy read on organizations for select to gateway
  using (id = (select app.org_id()) or id = any ((select app.own_org_ids())::uuid[]));
create policy change on organizations for update to gateway
  using (id = (select app.org_id()) and (select app.is_admin())) with check (id = (select app.org_id()) and (select app.is_admin()));
grant select on organizations to gateway;
grant update (name, slug, is_onboarding_completed, settings, branding, default_currency, time_zone, billing_owner_user_id, deleted_at)
  on organizations to gateway;

select app.protect('users', 'global');
create policy read on users for select to gateway using (id = (select app.user_id()));
create policy change on users for update to gateway
  using (id = (select app.user_id())) with check (id = (select app.user_id()));
grant select on users to gateway;
grant update (full_name, avatar_url, current_org_id, preferences, is_onboarding_completed) on users to gateway;

select app.protect('system_settings', 'global');
create policy read on system_settings for select to gateway using ((select app.user_id()) is not null or (select app.org_id()) is not null);
grant select on system_settings to gateway;

select app.protect('org_members', 'admin');
select app.protect('org_invitations', 'admin');
select app.protect('subscriptions', 'admin');
select app.protect('feature_flags', 'admin');

set local role gateway_service;

-- Organizations have no org_id column: the audit row of one belongs to the organization itself.
create function app.audit_organization() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  changed jsonb;
begin
  select jsonb_object_agg(key, jsonb_build_object('before', to_jsonb(old) -> key, 'after', to_jsonb(new) -> key)) into changed
    from jsonb_object_keys(to_jsonb(new)) as key
    where key not in ('updated_at', 'version') and to_jsonb(old) -> key is distinct from to_jsonb(new) -> key;
  insert into public.audit_logs (org_id, user_id, api_key_id, action, entity_type, entity_id, changes, ip, user_agent, request_id)
  values (new.id, app.user_id(), app.api_key_id(), 'organization.updated', 'organization', new.id, coalesce(changed, '{}'),
    nullif(current_setting('app.ip', true), '')::inet, nullif(current_setting('app.user_agent', true), ''),
    nullif(current_setting('app.request_id', true), ''));
  return null;
end
$$;

-- Memberships keep copies of their person's name, address and picture.
create function app.copy_user_to_members() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  update public.org_members set display_name = coalesce(new.full_name, new.email), email = new.email, avatar_url = new.avatar_url
    where user_id = new.id;
  return null;
end
$$;

create function app.copy_user_to_member() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  select coalesce(full_name, users.email), users.email, users.avatar_url into new.display_name, new.email, new.avatar_url
    from public.users where users.id = new.user_id;
  return new;
end
$$;

-- At least one active owner always remains. The lock on the organization makes two removals wait for each other.
create function app.keep_an_owner() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if old.role = 'owner' and old.status = 'active' and (tg_op = 'DELETE' or new.role <> 'owner' or new.status <> 'active') then
    perform 1 from public.organizations where id = old.org_id for update;
    if not exists (select from public.org_members
        where org_id = old.org_id and id <> old.id and role = 'owner' and status = 'active') then
      raise exception 'the last owner stays' using errcode = 'check_violation', constraint = 'org_members_last_owner';
    end if;
  end if;
  return coalesce(new, old);
end
$$;

-- An admin neither makes nor unmakes an owner: only an owner does.
create function app.guard_ownership() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if app.org_id() = coalesce(new.org_id, old.org_id) and app.role() is distinct from 'owner'
      and ((tg_op <> 'DELETE' and new.role = 'owner') <> (tg_op <> 'INSERT' and old.role = 'owner')
        or (tg_op <> 'INSERT' and old.role = 'owner' and (tg_op = 'DELETE' or new.status <> old.status))) then
    raise exception 'only an owner changes owners' using errcode = 'insufficient_privilege', constraint = 'org_members_owner_only';
  end if;
  return coalesce(new, old);
end
$$;

create function app.copy_plan() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  update public.organizations set plan = new.plan, stripe_customer_id = coalesce(new.stripe_customer_id, stripe_customer_id)
    where id = new.org_id and (plan, stripe_customer_id) is distinct from (new.plan, coalesce(new.stripe_customer_id, stripe_customer_id));
  return null;
end
$$;
grant execute on function app.audit_organization(), app.copy_user_to_members(), app.copy_user_to_member(), app.keep_an_owner(),
  app.guard_ownership(), app.copy_plan() to gateway_owner;

set local role gateway_owner;
create trigger audit after update on organizations for each row execute function app.audit_organization();
create trigger copy_to_members after update of full_name, email, avatar_url on users for each row execute function app.copy_user_to_members();
create trigger copy_from_user before insert on org_members for each row execute function app.copy_user_to_member();
create trigger guard_ownership before insert or update or delete on org_members for each row execute function app.guard_ownership();
create trigger keep_an_owner before update or delete on org_members for each row execute function app.keep_an_owner();
create trigger guard_ownership before insert or update or delete on org_invitations for each row execute function app.guard_ownership();
create trigger copy_plan after insert or update on subscriptions for each row execute function app.copy_plan();
