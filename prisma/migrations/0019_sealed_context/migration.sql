-- The context of a transaction is sealed: one setting, written with a MAC that the role of requests cannot make. SQL that
-- runs in a request can change settings, and so could become another caller; a setting with a wrong MAC is no context.
-- Entering needs a proof that the server asked. What Postgres offers beyond a request's needs is taken away.

-- Whoever creates objects could shadow ours; whoever runs DO writes programs. The functions below change settings, hold what
-- others wait for, stop others, or run SQL given as text. Only the owner of such a function, mostly a superuser, can take it
-- away: elsewhere they stay, and the seal holds without.
revoke create on schema public from public;
do $$
declare
  target text;
begin
  execute format('revoke temporary on database %I from public', current_database());
  for target in
    select oid::regprocedure::text from pg_proc
      where pronamespace = 'pg_catalog'::regnamespace and prokind = 'f' and proname ~ ('^(set_config|pg_(try_)?advisory_.*'
        '|pg_(cancel|terminate)_backend|lo_.*|loread|lowrite|pg_notify|pg_export_snapshot|pg_logical_emit_message'
        '|(query|table|schema|database|cursor)_to_xml.*|ts_stat|pg_stat_get_(activity|backend_activity))$')
        and has_function_privilege('public', oid, 'execute') -- what nobody may run anyway stays as it is
  loop
    begin
      execute format('grant execute on function %s to %I, gateway_owner, gateway_service, pg_monitor', target, current_user);
      execute format('revoke execute on function %s from public', target);
    exception when insufficient_privilege then null;
    end;
  end loop;
  begin
    execute format('grant usage on language plpgsql to %I, gateway_owner, gateway_service', current_user);
    revoke usage on language plpgsql from public;
  exception when insufficient_privilege then null;
  end;
exception when insufficient_privilege then null;
end
$$;

set local role gateway_owner;

-- Keys of HMAC-SHA-256 (RFC 2104), each as the two keys that it derives. The current generation makes MACs, the one before it
-- is still believed, so that whatever began before a renewal ends well.
create table app.mac_keys (
  purpose text not null check (purpose in ('seal', 'entry')),
  generation integer not null,
  secret bytea not null check (length(secret) = 32),
  inner_key bytea not null,
  outer_key bytea not null,
  primary key (purpose, generation)
);
grant select on app.mac_keys to gateway_service;

-- A renewal replaces this function, and with it every plan that has taken it in. Were it immutable, plans would keep its value
-- and forget where it came from.
create function app.generation() returns integer language sql stable parallel safe return 0;

-- The keys of a generation never change, so a plan holds them as constants and no statement looks them up.
create function app.inner_key(wanted text, of_generation integer) returns bytea language plpgsql immutable parallel restricted as $$
begin
  return (select inner_key from app.mac_keys where purpose operator(pg_catalog.=) wanted and generation operator(pg_catalog.=) of_generation);
end
$$;
create function app.outer_key(wanted text, of_generation integer) returns bytea language plpgsql immutable parallel restricted as $$
begin
  return (select outer_key from app.mac_keys where purpose operator(pg_catalog.=) wanted and generation operator(pg_catalog.=) of_generation);
end
$$;

-- A key padded to a block of SHA-256, each byte with `mask` applied.
create function app.padded(secret bytea, mask integer) returns bytea language sql immutable
  return (select string_agg(set_byte('\x00'::bytea, 0, (case when i < length(secret) then get_byte(secret, i) else 0 end) # mask), '' order by i)
    from generate_series(0, 63) as i);

-- Makes the next generation of both keys.
create function app.renew_mac_keys() returns integer
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  upcoming constant integer := app.generation() + 1;
begin
  insert into app.mac_keys (purpose, generation, secret, inner_key, outer_key)
    select purpose, upcoming, secret, app.padded(secret, 54), app.padded(secret, 92) -- 0x36 and 0x5c
    from (select purpose, sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) as secret -- 244 random bits
      from unnest(array['seal', 'entry']) as purpose) fresh;
  delete from app.mac_keys where generation < upcoming - 1;
  execute format('create or replace function app.generation() returns integer language sql stable parallel safe return %s', upcoming);
  return upcoming;
end
$$;
select app.renew_mac_keys();

-- In hex.
create function app.hmac_of(purpose text, of_generation integer, message bytea) returns text language sql immutable parallel restricted
  return encode(sha256(app.outer_key(purpose, of_generation) || sha256(app.inner_key(purpose, of_generation) || message)), 'hex');

-- What a seal is over: a text, with this connection and this transaction, so that it counts nowhere else.
create function app.sealed_bytes(message text) returns bytea language sql stable parallel restricted
  return timestamptz_send(now()) || int4send(pg_backend_pid()) || convert_to(message, 'UTF8');

create function app.seal(message text) returns text
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return app.hmac_of('seal', app.generation(), app.sealed_bytes(message));
end
$$;

-- A context that was sealed before the last renewal of the keys.
create function app.former_context() returns text
language plpgsql stable parallel restricted security definer set search_path = pg_catalog, pg_temp as $$
begin
  return case left(current_setting('app.context', true), 64)
    when app.hmac_of('seal', app.generation() - 1, app.sealed_bytes('context' || substr(current_setting('app.context', true), 65)))
      then substr(current_setting('app.context', true), 65) end;
end
$$;

-- The context of the running transaction, when its seal is right, else null: organization, person, API key, role,
-- permissions granted beyond it, scopes of the key, the person's organizations, and where the request comes from, with |
-- between. Every statement asks, so this is one short expression, and operators are named in full instead of setting a
-- search path, which takes as long as the rest.
create function app.context() returns text language plpgsql stable parallel restricted security definer cost 1 as $$
begin
  return case pg_catalog.left(pg_catalog.current_setting('app.context', true), 64)
    when app.hmac_of('seal', app.generation(), app.sealed_bytes('context' operator(pg_catalog.||) pg_catalog.substr(pg_catalog.current_setting('app.context', true), 65)))
    then pg_catalog.substr(pg_catalog.current_setting('app.context', true), 65)
    else app.former_context() end;
end
$$;

create or replace function app.org_id() returns uuid language sql stable parallel restricted
  return nullif(split_part(app.context(), '|', 1), '')::uuid;
create or replace function app.user_id() returns uuid language sql stable parallel restricted
  return nullif(split_part(app.context(), '|', 2), '')::uuid;
create or replace function app.api_key_id() returns uuid language sql stable parallel restricted
  return nullif(split_part(app.context(), '|', 3), '')::uuid;
create or replace function app.role() returns text language sql stable parallel restricted
  return nullif(split_part(app.context(), '|', 4), '');
create or replace function app.is_member() returns boolean language sql stable parallel restricted
  return coalesce(split_part(app.context(), '|', 4) in ('owner', 'admin', 'member'), false);
create or replace function app.is_admin() returns boolean language sql stable parallel restricted
  return coalesce(split_part(app.context(), '|', 4) in ('owner', 'admin'), false);
create or replace function app.own_org_ids() returns uuid[] language sql stable parallel restricted
  return coalesce(string_to_array(nullif(split_part(app.context(), '|', 7), ''), ',')::uuid[], '{}');
-- The organization that the setting names, whether the seal is right or not: for conditions that stand beside row security,
-- which verifies it, and never in its place.
create function app.named_org_id() returns uuid language sql stable parallel safe
  return nullif(split_part(substr(current_setting('app.context', true), 65), '|', 1), '')::uuid;
-- Where the request comes from: id, ip, agent. It stands last, since it is the only text of others.
create function app.request() returns jsonb language sql stable parallel restricted
  return substring(app.context() from '^(?:[^|]*\|){7}(.*)$')::jsonb;

-- Whether this is the server's own work: the login of requests cannot become the role of the service.
create function app.is_service() returns boolean language sql stable
  return current_setting('role') <> 'gateway' and pg_has_role(session_user, 'gateway_service', 'member');

grant execute on function app.context(), app.named_org_id(), app.request(), app.is_service() to gateway, gateway_service;
grant execute on function app.seal(text), app.renew_mac_keys(), app.generation(), app.inner_key(text, integer), app.outer_key(text, integer),
  app.hmac_of(text, integer, bytea), app.sealed_bytes(text) to gateway_service;

-- What proves a secret is not read by requests, not even by those of its own organization: it goes into a table of the service
-- role when it is written, and a mark stays in its place. (Prisma's joins select whole rows, so a column cannot be closed.)
set local role gateway_owner;

create table app.secrets (
  relation text not null,
  org_id uuid not null,
  id uuid not null,
  secret text not null,
  primary key (relation, org_id, id)
);
create index secrets_secret on app.secrets (relation, org_id, secret);
grant select, insert, update, delete on app.secrets to gateway_service;

set local role gateway_service;

-- The arguments: the column of the secret, and the mark that stays in its place.
create function app.stash_secret() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  given constant text := case when tg_op <> 'DELETE' then to_jsonb(new) ->> tg_argv[0] end;
begin
  if tg_op = 'DELETE' then
    delete from app.secrets where relation = tg_table_name and org_id = old.org_id and id = old.id;
    return old;
  elsif given = tg_argv[1] or new.org_id is distinct from coalesce(app.org_id(), new.org_id) then
    return new; -- row security rejects what is of another organization
  elsif given is null then
    delete from app.secrets where relation = tg_table_name and org_id = new.org_id and id = new.id;
    return new;
  end if;
  insert into app.secrets (relation, org_id, id, secret) values (tg_table_name, new.org_id, new.id, given)
    on conflict (relation, org_id, id) do update set secret = excluded.secret;
  return jsonb_populate_record(new, jsonb_build_object(tg_argv[0], tg_argv[1]));
end
$$;
grant execute on function app.stash_secret() to gateway_owner;

set local role gateway_owner;

create function app.hide(relation text, hidden text, mark text) returns void language plpgsql as $$
begin
  execute format('create trigger stash_secret before insert or update of %I on %I for each row execute function app.stash_secret(%L, %L)',
    hidden, relation, hidden, mark);
  execute format('create trigger forget_secret before delete on %I for each row execute function app.stash_secret(%L, %L)', relation, hidden, mark);
end
$$;
select app.hide('api_keys', 'key_hash', 'stored'), app.hide('org_invitations', 'token_hash', 'stored'),
  app.hide('integration_credentials', 'secret_ciphertext', '\x'), app.hide('webhook_endpoints', 'secret_ciphertext', '\x');
drop index org_invitations_token;

-- Secrets that are there already move as well; their rows do not count as changed.
alter table api_keys disable trigger user;
alter table org_invitations disable trigger user;
alter table integration_credentials disable trigger user;
alter table webhook_endpoints disable trigger user;
set local role gateway_service;
insert into app.secrets (relation, org_id, id, secret)
  select 'api_keys', org_id, id, key_hash from api_keys
  union all select 'org_invitations', org_id, id, token_hash from org_invitations
  union all select 'integration_credentials', org_id, id, secret_ciphertext::text from integration_credentials where secret_ciphertext is not null
  union all select 'webhook_endpoints', org_id, id, secret_ciphertext::text from webhook_endpoints;
update api_keys set key_hash = 'stored';
update org_invitations set token_hash = 'stored';
update integration_credentials set secret_ciphertext = '\x' where secret_ciphertext is not null;
update webhook_endpoints set secret_ciphertext = '\x';
set local role gateway_owner;
alter table api_keys enable trigger user;
alter table org_invitations enable trigger user;
alter table integration_credentials enable trigger user;
alter table webhook_endpoints enable trigger user;

set local role gateway_service;

-- Writes the context and its seal into the running transaction.
create function app.write_context(org uuid, person uuid, key uuid, role_name text, granted text[], scopes text[], own uuid[], request jsonb) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  content constant text := coalesce(org::text, '') || '|' || coalesce(person::text, '') || '|' || coalesce(key::text, '') || '|'
    || coalesce(role_name, '') || '|' || coalesce(array_to_string(granted, ','), '') || '|' || coalesce(array_to_string(scopes, ','), '*')
    || '|' || coalesce(array_to_string(own, ','), '') || '|' || coalesce(request::text, '{}');
begin
  perform set_config('app.context', app.seal('context' || content) || content, true);
end
$$;

-- Holds the rest of the transaction to its limits, in milliseconds; an idle time of 0 is none.
create function app.limit_transaction(read_only boolean, statement_ms integer, idle_ms integer) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  perform set_config('statement_timeout', statement_ms::text, true), set_config('lock_timeout', statement_ms::text, true),
    set_config('idle_in_transaction_session_timeout', idle_ms::text, true);
  if read_only then
    perform set_config('transaction_read_only', 'on', true);
  end if;
end
$$;

-- Permissions and scopes as they are sealed: nothing but names, for they stand in one text.
create function app.names_only(names text[]) returns text[] language sql immutable cost 1
  return (select coalesce(array_agg(name), '{}') from unnest(names) as name where name ~ '^(\*|[a-z_]+:(\*|[a-z_]+))$');

drop function app.enter(uuid, text, text, jsonb);
drop function app.enter_with_key(uuid, text, text, jsonb);
drop function app.set_caller(uuid, uuid, uuid, text, jsonb);
drop function app.ceiling(text, text[]);

-- Whether a proof is that of the server for a message; the second function, whether it was before the last renewal of the keys.
create function app.was_proven(message text, proof text) returns boolean
language plpgsql stable security definer cost 1 set search_path = pg_catalog, pg_temp as $$
begin
  return coalesce(proof = app.hmac_of('entry', app.generation() - 1, convert_to(message, 'UTF8')), false);
end
$$;
create function app.is_proven(message text, proof text) returns boolean language sql stable
  return coalesce(proof = app.hmac_of('entry', app.generation(), convert_to(message, 'UTF8')), false) or app.was_proven(message, proof);

-- Holds that the server asked, and that nobody has entered: a transaction has one caller.
create function app.demand_proof(message text, proof text) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if not app.is_proven(message, proof) then
    raise exception 'the server did not ask for this' using errcode = 'GW011';
  elsif app.context() is not null then
    raise exception 'this transaction already has a caller' using errcode = 'GW009';
  end if;
end
$$;

-- What becomes of a person who did not enter an organization: why, or a context without one when none was asked for.
create function app.enter_none(subject uuid, is_known boolean, has_asked boolean, message text, proof text, request jsonb) returns table (org_id uuid, user_id uuid)
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  -- Each statement sees what was saved when it begins: a person who was not known to an earlier one is found the next time.
  active boolean := (select is_active from public.users where id = subject and deleted_at is null and is_known);
begin
  perform app.demand_proof(message, proof);
  if active is null then
    raise exception 'unknown user' using errcode = 'GW001';
  elsif not active then
    raise exception 'account disabled' using errcode = 'GW002';
  elsif has_asked then
    raise exception 'not a member' using errcode = 'GW003';
  end if;
  perform app.write_context(null, subject, null, null, null, null, null, request);
  return query select null::uuid, subject;
end
$$;

-- Enters the organization a signed-in person asks for (by id or slug), else the token's, else their current one.
-- The proof is the HMAC of 'person', subject, wanted and claimed, with line ends between, under the key of entries.
-- The usual case is one statement: each one more, and each function called on the way, takes as long as all look-ups.
-- Errors: GW001 no such person yet, GW002 account disabled, GW003 not a member (or no such organization: the same answer),
-- GW009 entered already, GW011 no proof.
create function app.enter(subject uuid, wanted text, claimed text, request json, proof text, read_only boolean, statement_ms integer, idle_ms integer)
returns table (org_id uuid, user_id uuid, role text, plan text, permissions text[])
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  message constant text := E'person\n' || subject || E'\n' || coalesce(wanted, '') || E'\n' || coalesce(claimed, '');
  asked constant text := coalesce(nullif(wanted, ''), nullif(claimed, ''));
  asked_id uuid;
  is_known boolean := true;
  entered text;
begin
  if asked is null then
    select users.current_org_id into asked_id from public.users where users.id = subject;
    is_known := found;
  elsif asked ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then
    asked_id := asked::uuid;
  else
    select organizations.id into asked_id from public.organizations where organizations.slug = lower(asked);
  end if;

  select organizations.id, users.id, org_members.role, organizations.plan, org_members.permissions,
      set_config('app.context', app.hmac_of('seal', app.generation(), app.sealed_bytes('context' || content.text)) || content.text, true)
        || set_config('statement_timeout', statement_ms::text, true) || set_config('lock_timeout', statement_ms::text, true)
        || case when idle_ms > 0 then set_config('idle_in_transaction_session_timeout', idle_ms::text, true) else '' end
        || case when read_only then set_config('transaction_read_only', 'on', true) else '' end
    into enter.org_id, enter.user_id, enter.role, enter.plan, enter.permissions, entered
    from public.users
    join public.org_members on org_members.user_id = users.id and org_members.status = 'active'
      and org_members.org_id = asked_id
    join public.organizations on organizations.id = org_members.org_id and organizations.deleted_at is null
    cross join lateral (select organizations.id || '|' || users.id || '||' || org_members.role || '|' || case org_members.permissions
      when '{}' then '' else array_to_string(app.names_only(org_members.permissions), ',') end || '|*||' || coalesce(request::text, '{}') as text) content
    where users.id = subject and users.is_active and users.deleted_at is null and app.is_proven(message, proof)
      and (nullif(current_setting('app.context', true), '') is null or app.context() is null);
  if entered is null then
    return query select outside.org_id, outside.user_id, null::text, null::text, null::text[]
      from app.enter_none(subject, is_known, asked is not null, message, proof, request::jsonb) as outside;
    perform app.limit_transaction(read_only, statement_ms, idle_ms);
  else
    return next;
  end if;
end
$$;

-- The lesser of two roles; null when either is.
create function app.lesser_role(one text, other text) returns text language sql immutable
  return (array['viewer', 'member', 'admin', 'owner'])[least(array_position(array['viewer', 'member', 'admin', 'owner'], one),
    array_position(array['viewer', 'member', 'admin', 'owner'], other))];

-- Enters with an API key, known by its organization, prefix and SHA-256 hash. A key does no more than the person who made it
-- may do now, and nothing once they have left. The proof is the HMAC of 'key', organization, prefix and hash.
-- Errors: GW004, whatever is wrong with the key; GW009 entered already; GW011 no proof.
create function app.enter_with_key(org uuid, key_prefix text, hash text, request jsonb, proof text, read_only boolean, statement_ms integer, idle_ms integer)
returns table (org_id uuid, api_key_id uuid, role text, plan text, scopes text[], last_used_at timestamptz)
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  perform app.demand_proof(concat_ws(E'\n', 'key', org, key_prefix, hash), proof);
  select organizations.id, api_keys.id, case when maker.user_id is null then api_keys.role else app.lesser_role(api_keys.role, maker.role) end,
      organizations.plan, app.names_only(api_keys.scopes), api_keys.last_used_at
    into enter_with_key.org_id, enter_with_key.api_key_id, enter_with_key.role, enter_with_key.plan,
      enter_with_key.scopes, enter_with_key.last_used_at
    from public.api_keys
    join app.secrets on secrets.relation = 'api_keys' and secrets.org_id = api_keys.org_id and secrets.id = api_keys.id and secrets.secret = hash
    join public.organizations on organizations.id = api_keys.org_id
    left join public.org_members maker on maker.org_id = api_keys.org_id and maker.user_id = api_keys.created_by_id
    where api_keys.org_id = org and api_keys.prefix = key_prefix and api_keys.revoked_at is null
      and (api_keys.expires_at is null or api_keys.expires_at > now()) and organizations.deleted_at is null
      and (maker.user_id is null or maker.status = 'active');
  if enter_with_key.org_id is null then
    raise exception 'key refused' using errcode = 'GW004';
  end if;
  perform app.write_context(org, null, enter_with_key.api_key_id, enter_with_key.role, null, enter_with_key.scopes, null, request);
  perform app.limit_transaction(read_only, statement_ms, idle_ms);
  return next;
end
$$;

-- Acts as a person, in an organization or in none, with all that an owner may do. For the server's own work.
create function app.serve_as(org uuid, person uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if not app.is_service() then
    raise exception 'for the server only' using errcode = 'insufficient_privilege';
  end if;
  perform app.write_context(org, person, null, case when org is not null then 'owner' end, null, null, null, null);
end
$$;

-- The caller's organizations and roles; from here on the policies of this transaction let their rows be read.
create or replace function app.memberships() returns table (org_id uuid, role text)
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  context constant text[] := string_to_array(app.context(), '|');
begin
  if app.user_id() is null then
    return;
  end if;
  perform app.write_context(app.org_id(), app.user_id(), app.api_key_id(), context[4], string_to_array(context[5], ','), string_to_array(context[6], ','),
    (select array_agg(m.org_id) from public.org_members m join public.organizations o on o.id = m.org_id and o.deleted_at is null
      where m.user_id = app.user_id() and m.status = 'active'), app.request());
  return query select m.org_id, m.role from public.org_members m
    where m.user_id = app.user_id() and m.status = 'active' and m.org_id = any (app.own_org_ids()) order by m.joined_at, m.org_id;
end
$$;

-- As before, with the new person as the caller while their organization is created.
create or replace function app.sign_in(subject uuid, address text, name text, picture text) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  insert into public.users (id, email, full_name, avatar_url) values (subject, address, name, picture)
    on conflict (id) do nothing;
  if not found then
    return;
  end if;
  perform app.serve_as(null, subject);
  made := app.create_organization(null, coalesce(nullif(name, ''), split_part(address, '@', 1)), null, 'personal', null, null);
  update public.users set current_org_id = made where id = subject;
  perform set_config('app.context', '', true);
exception when unique_violation then
  if exists (select from public.users where lower(email) = lower(address) and id <> subject and deleted_at is null) then
    raise exception 'address in use' using errcode = 'GW005';
  end if;
  raise;
end
$$;

-- As before, with the context read once.
create or replace function app.audit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  hidden constant text[] := array['org_id', 'id', 'created_at', 'updated_at', 'version', 'embedding', 'embedding_model', 'embedded_at', 'search',
    'key_hash', 'token_hash', 'secret_ciphertext', 'object_id', 'storage_key', 'visible_to'];
  entity constant text := coalesce(tg_argv[0], app.singular(tg_table_name));
  context constant text := app.context();
  request constant jsonb := substring(context from '^(?:[^|]*\|){7}(.*)$')::jsonb;
  before jsonb;
  whole jsonb;
  changed jsonb;
  verb text := case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'updated' end;
begin
  if tg_argv[1] = 'embedded' then
    if tg_op <> 'DELETE' then
      new.embedding := null;
    end if;
    if tg_op <> 'INSERT' then
      old.embedding := null;
    end if;
  end if;
  whole := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  if tg_op = 'UPDATE' then
    before := to_jsonb(old);
    select jsonb_object_agg(key, jsonb_build_object('before', before -> key, 'after', value)) into changed
      from jsonb_each(whole - hidden) where value is distinct from before -> key;
    if changed is null then
      return null;
    end if;
  else
    select jsonb_object_agg(key, jsonb_build_object(case tg_op when 'INSERT' then 'after' else 'before' end, value)) into changed
      from jsonb_each(whole - hidden) where value <> 'null';
  end if;
  if whole ? 'deleted_at' then
    verb := case
      when tg_op = 'DELETE' then 'destroyed'
      when before ->> 'deleted_at' is null and whole ->> 'deleted_at' is not null and tg_op = 'UPDATE' then 'deleted'
      when before ->> 'deleted_at' is not null and whole ->> 'deleted_at' is null then 'restored'
      else verb end;
  end if;
  insert into public.audit_logs (org_id, user_id, api_key_id, action, entity_type, entity_id, changes, ip, user_agent, request_id)
  values ((whole ->> 'org_id')::uuid, nullif(split_part(context, '|', 2), '')::uuid, nullif(split_part(context, '|', 3), '')::uuid,
    entity || '.' || verb, entity, (whole ->> 'id')::uuid, coalesce(changed, '{}'),
    (request ->> 'ip')::inet, request ->> 'agent', request ->> 'id');
  return null;
end
$$;

create or replace function app.audit_organization() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  changed jsonb;
  request constant jsonb := app.request();
begin
  select jsonb_object_agg(key, jsonb_build_object('before', to_jsonb(old) -> key, 'after', to_jsonb(new) -> key)) into changed
    from jsonb_object_keys(to_jsonb(new)) as key
    where key not in ('updated_at', 'version') and to_jsonb(old) -> key is distinct from to_jsonb(new) -> key;
  insert into public.audit_logs (org_id, user_id, api_key_id, action, entity_type, entity_id, changes, ip, user_agent, request_id)
  values (new.id, app.user_id(), app.api_key_id(), 'organization.updated', 'organization', new.id, coalesce(changed, '{}'),
    (request ->> 'ip')::inet, request ->> 'agent', request ->> 'id');
  return null;
end
$$;

-- As before, with the number of the change before this one sealed: who could write it could choose numbers.
create or replace function app.note_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  row_id constant uuid := case when tg_op = 'DELETE' then old.id else new.id end;
  verb text := case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'updated' end;
  -- The organization and the number of the change before this one in the same transaction, after their seal.
  last constant text[] := string_to_array(current_setting('app.last_change', true), ' ');
  number bigint;
begin
  if tg_op = 'UPDATE' and tg_argv[1] = 'soft' then
    verb := case
      when old.deleted_at is null and new.deleted_at is not null then 'deleted'
      when old.deleted_at is not null and new.deleted_at is null then 'created'
      else verb end;
  end if;
  if last[2] = org::text and last[1] = app.seal('change ' || org || ' ' || last[3]) then
    number := last[3]::bigint + 1;
  else
    perform pg_advisory_xact_lock(hashtextextended(org::text, 0));
    select coalesce(max(seq), 0) + 1 into number from public.change_events where org_id = org;
  end if;
  insert into public.change_events (org_id, seq, entity_type, entity_id, operation, changed_at)
    values (org, number, tg_argv[0], row_id, verb, clock_timestamp());
  perform set_config('app.last_change', app.seal('change ' || org || ' ' || number) || ' ' || org || ' ' || number, true);
  return null;
end
$$;

-- As before, and without a context for the server alone.
create or replace function app.next_number(org uuid, series_name text) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  number bigint;
begin
  if app.org_id() is distinct from org and not (app.org_id() is null and app.is_service()) then
    raise exception 'not your organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.number_series (org_id, series, last_value) values (org, series_name, 1)
    on conflict on constraint number_series_series_key do update set last_value = number_series.last_value + 1
    returning last_value into number;
  return number;
end
$$;

create or replace function app.notify(org uuid, person uuid, kind text, headline text, details text, about_type text, about_id uuid, at timestamptz default now())
returns uuid language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  if app.org_id() is null and not app.is_service()
      or app.org_id() is not null and (app.org_id() is distinct from coalesce(org, app.org_id()) or not app.is_member()) then
    raise exception 'not your organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.notifications (org_id, user_id, type, title, body, entity_type, entity_id, created_at, updated_at)
    select org_id, user_id, kind, headline, details, about_type, about_id, at, at
      from public.org_members where org_id = coalesce(org, app.org_id()) and user_id = person and status = 'active'
    returning id into made;
  return made;
end
$$;

-- Has the item of a stock move count what there is of it now, and not only when the transaction is saved. Requests send
-- nothing but what reads or writes rows, so this is a function.
create function app.add_up_stock() returns void language plpgsql as $$
begin
  set constraints add_up immediate;
  set constraints add_up deferred;
end
$$;

-- For the rest of the transaction: how the index of vectors is searched. A plan is made for each search: one that suits a
-- small organization is slow for a large one.
create function app.tune_search(ef_search integer, max_scan_tuples integer, scan_memory numeric) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  perform set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ef_search::text, true),
    set_config('hnsw.max_scan_tuples', max_scan_tuples::text, true), set_config('hnsw.scan_mem_multiplier', scan_memory::text, true),
    set_config('plan_cache_mode', 'force_custom_plan', true);
end
$$;

grant execute on function app.enter(uuid, text, text, json, text, boolean, integer, integer),
  app.enter_with_key(uuid, text, text, jsonb, text, boolean, integer, integer), app.limit_transaction(boolean, integer, integer),
  app.tune_search(integer, integer, numeric), app.add_up_stock() to gateway;
