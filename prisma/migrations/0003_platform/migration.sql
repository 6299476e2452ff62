-- The audit trail, API keys, and the door: app.enter, app.enter_with_key, app.sign_in.
set local role gateway_owner;

create table audit_logs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid,
  api_key_id uuid,
  action text not null,
  entity_type text not null,
  entity_id uuid,
  changes jsonb not null default '{}',
  ip inet,
  user_agent text,
  request_id text,
  created_at timestamptz(3) not null default now(),
  primary key (org_id, id)
);
create index audit_logs_page on audit_logs (org_id, created_at desc, id desc);
create index audit_logs_entity on audit_logs (org_id, entity_type, entity_id, created_at desc);
create index audit_logs_user_id_idx on audit_logs (org_id, user_id, created_at desc);
select app.protect('audit_logs', 'log');

create table api_keys (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  prefix text not null,
  key_hash text not null,
  role text not null default 'member' check (role in ('admin', 'member', 'viewer')),
  scopes text[] not null default '{*}' check (cardinality(scopes) > 0),
  created_by_id uuid,
  last_used_at timestamptz(3),
  expires_at timestamptz(3),
  revoked_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint api_keys_prefix_key unique (org_id, prefix)
);
create index api_keys_page on api_keys (org_id, created_at desc, id desc);
select app.reference('api_keys', 'created_by_id', 'org_members');
select app.protect('api_keys', 'admin');
drop trigger audit on api_keys;
drop trigger touch on api_keys;
-- A note of the last use is neither a change of the key nor worth an audit row.
create trigger touch before update on api_keys for each row
  when (old.last_used_at is not distinct from new.last_used_at) execute function app.touch();
create trigger audit_change after update on api_keys for each row
  when (old.last_used_at is not distinct from new.last_used_at) execute function app.audit();
create trigger audit after insert or delete on api_keys for each row execute function app.audit();

set local role gateway_service;

-- Writes who is asking, and from where, into the running transaction. Refuses a second time: a transaction has one caller.
create function app.set_caller(org uuid, person uuid, key uuid, role_name text, request jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if app.org_id() is not null or app.user_id() is not null then
    raise exception 'this transaction already has a caller' using errcode = 'GW009';
  end if;
  perform set_config('app.org_id', coalesce(org::text, ''), true), set_config('app.user_id', coalesce(person::text, ''), true),
    set_config('app.api_key_id', coalesce(key::text, ''), true), set_config('app.role', coalesce(role_name, ''), true),
    set_config('app.own_org_ids', '', true), set_config('app.request_id', coalesce(request ->> 'id', ''), true),
    set_config('app.ip', coalesce(request ->> 'ip', ''), true), set_config('app.user_agent', coalesce(request ->> 'agent', ''), true);
end
$$;

-- The role that row policies see: that of the member, or the one that a permission granted beyond it stands for. What
-- exactly the caller may do inside the organization is decided in front of the resolvers; nobody is granted ownership.
create function app.ceiling(role_name text, granted text[]) returns text language sql immutable
  return case
    when role_name in ('owner', 'admin') then role_name
    when exists (select from unnest(granted) as permission
      where permission ~ ':destroy$|^(members|keys|organization):write$|^(keys|audit):read$') then 'admin'
    when exists (select from unnest(granted) as permission where permission ~ ':write$') then 'member'
    else role_name end;

-- Enters the organization a signed-in person asks for (by id or slug), else the token's, else their current one.
-- Errors: GW001 no such person yet, GW002 account disabled, GW003 not a member (or no such organization: the same answer).
create function app.enter(subject uuid, wanted text, claimed text, request jsonb)
returns table (org_id uuid, user_id uuid, role text, plan text, permissions text[])
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  person public.users;
  asked constant text := coalesce(nullif(wanted, ''), nullif(claimed, ''));
  asked_id uuid;
begin
  select * into person from public.users where users.id = subject and users.deleted_at is null;
  if person.id is null then
    raise exception 'unknown user' using errcode = 'GW001';
  elsif not person.is_active then
    raise exception 'account disabled' using errcode = 'GW002';
  end if;
  asked_id := case when asked is null then person.current_org_id
    when asked ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then asked::uuid
    else (select organizations.id from public.organizations where organizations.slug = lower(asked)) end;
  select organizations.id, person.id, org_members.role, organizations.plan, org_members.permissions
    into enter.org_id, enter.user_id, enter.role, enter.plan, enter.permissions
    from public.org_members join public.organizations on organizations.id = org_members.org_id
    where org_members.org_id = asked_id and org_members.user_id = person.id
      and org_members.status = 'active' and organizations.deleted_at is null;
  if enter.org_id is null and asked is not null then
    raise exception 'not a member' using errcode = 'GW003';
  end if;
  enter.user_id := person.id;
  perform app.set_caller(enter.org_id, person.id, null, app.ceiling(enter.role, enter.permissions), request);
  return next;
end
$$;

-- Enters with an API key, known by its organization, prefix and SHA-256 hash. Error: GW004, whatever is wrong with the key.
create function app.enter_with_key(org uuid, key_prefix text, hash text, request jsonb)
returns table (org_id uuid, api_key_id uuid, role text, plan text, scopes text[], last_used_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  select organizations.id, api_keys.id, api_keys.role, organizations.plan, api_keys.scopes, api_keys.last_used_at
    into enter_with_key.org_id, enter_with_key.api_key_id, enter_with_key.role, enter_with_key.plan,
      enter_with_key.scopes, enter_with_key.last_used_at
    from public.api_keys join public.organizations on organizations.id = api_keys.org_id
    where api_keys.org_id = org and api_keys.prefix = key_prefix and api_keys.key_hash = hash and api_keys.revoked_at is null
      and (api_keys.expires_at is null or api_keys.expires_at > now()) and organizations.deleted_at is null;
  if enter_with_key.org_id is null then
    raise exception 'key refused' using errcode = 'GW004';
  end if;
  perform app.set_caller(org, null, enter_with_key.api_key_id, enter_with_key.role, request);
  return next;
end
$$;

-- Notes the use of a key, at most once a minute.
create function app.note_key_use(org uuid, key uuid) returns void language sql security definer set search_path = pg_catalog, public, app, pg_temp
  begin atomic
    update public.api_keys set last_used_at = now()
      where org_id = org and id = key and (last_used_at is null or last_used_at < now() - interval '1 minute');
  end;

-- The caller's organizations and roles; from here on the policies of this transaction let their rows be read.
create function app.memberships() returns table (org_id uuid, role text)
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  perform set_config('app.own_org_ids', coalesce((select string_agg(m.org_id::text, ',') from public.org_members m
    join public.organizations o on o.id = m.org_id and o.deleted_at is null
    where m.user_id = app.user_id() and m.status = 'active'), ''), true);
  return query select m.org_id, m.role from public.org_members m
    where m.user_id = app.user_id() and m.status = 'active' and m.org_id = any (app.own_org_ids()) order by m.joined_at, m.org_id;
end
$$;

-- Makes a free address out of a name: acme, acme-2f4c, ...
create function app.free_slug(base text) returns text
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  candidate text := trim(both '-' from left(regexp_replace(lower(base), '[^a-z0-9]+', '-', 'g'), 40));
begin
  if length(candidate) < 2 then
    candidate := 'org-' || left(replace(gen_random_uuid()::text, '-', ''), 8);
  end if;
  if exists (select from public.organizations where slug = candidate) then
    candidate := candidate || '-' || left(replace(gen_random_uuid()::text, '-', ''), 6);
  end if;
  return candidate;
end
$$;

-- What every new organization starts with, its owner first. Later migrations replace this function as they add tables.
create function app.provision(org uuid, owner uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  insert into public.org_members (org_id, user_id, role) values (org, owner, 'owner');
  insert into public.subscriptions (org_id) values (org);
end
$$;

create function app.create_organization(org uuid, name text, slug text, type text, currency text, zone text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  if app.user_id() is null then
    raise exception 'only a person makes an organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.organizations (id, name, slug, type, billing_owner_user_id, default_currency, time_zone)
    values (coalesce(org, app.uuid_v7()), name, coalesce(nullif(slug, ''), app.free_slug(name)), coalesce(type, 'team'), app.user_id(),
      coalesce(currency, 'USD'), coalesce(zone, 'UTC'))
    returning id into made;
  perform app.provision(made, app.user_id());
  update public.users set current_org_id = made where id = app.user_id() and current_org_id is null;
  perform app.memberships();
  return made;
end
$$;

-- The first sign-in of a token subject makes the person and their personal organization. Repeatable.
-- Error: GW005 when the address belongs to somebody else.
create function app.sign_in(subject uuid, address text, name text, picture text) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  insert into public.users (id, email, full_name, avatar_url) values (subject, address, name, picture)
    on conflict (id) do nothing;
  if not found then
    return;
  end if;
  perform set_config('app.user_id', subject::text, true);
  made := app.create_organization(null, coalesce(nullif(name, ''), split_part(address, '@', 1)), null, 'personal', null, null);
  update public.users set current_org_id = made where id = subject;
  perform set_config('app.user_id', '', true);
exception when unique_violation then
  if exists (select from public.users where lower(email) = lower(address) and id <> subject and deleted_at is null) then
    raise exception 'address in use' using errcode = 'GW005';
  end if;
  raise;
end
$$;

-- Joins the organization that an invitation names. Error: GW006, whatever is wrong with the token.
create function app.accept_invitation(org uuid, hash text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  invitation public.org_invitations;
begin
  select * into invitation from public.org_invitations
    where org_id = org and token_hash = hash and status = 'pending' and expires_at > now() for update;
  if invitation.id is null or app.user_id() is null
      or exists (select from public.organizations where id = org and deleted_at is not null) then
    raise exception 'invitation refused' using errcode = 'GW006';
  end if;
  update public.org_invitations set status = 'accepted', accepted_at = now() where org_id = org and id = invitation.id;
  insert into public.org_members (org_id, user_id, role, invited_by_id)
    values (org, app.user_id(), invitation.role, invitation.invited_by_id)
    on conflict (org_id, user_id) do update set status = 'active', role = excluded.role, invited_by_id = excluded.invited_by_id, joined_at = now()
      where org_members.status = 'removed';
  update public.users set current_org_id = org where id = app.user_id() and current_org_id is null;
  perform app.memberships();
  return invitation.id;
end
$$;

grant execute on function app.enter(uuid, text, text, jsonb), app.enter_with_key(uuid, text, text, jsonb), app.memberships(),
  app.create_organization(uuid, text, text, text, text, text), app.accept_invitation(uuid, text) to gateway;
