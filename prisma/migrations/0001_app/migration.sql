-- Roles, context and policies. Everything a table needs to belong to a tenant is made by one call: app.protect.

-- Roles are shared by all databases of a cluster, so another migration may be creating them at this moment.
do $$
declare
  name text;
begin
  foreach name in array array['gateway_owner', 'gateway', 'gateway_service'] loop
    begin
      execute format('create role %I nologin noinherit', name);
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
  -- Whoever migrates must be able to hand objects to the two roles, and to act as them.
  execute format('grant gateway_owner, gateway_service, gateway to %I', current_user);
exception when insufficient_privilege or internal_error then null;
end
$$;

create extension if not exists vector;

create schema app authorization gateway_owner;
grant create, usage on schema public to gateway_owner;
grant usage on schema public, app to gateway, gateway_service;
grant create on schema app to gateway_service; -- it owns the security definer functions
alter default privileges revoke execute on functions from public;
alter default privileges for role gateway_owner revoke execute on functions from public;
alter default privileges for role gateway_service revoke execute on functions from public;

set local role gateway_owner;

-- Context of the running transaction. A setting that was once set reads '' afterwards, hence nullif.
create function app.org_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.org_id', true), '')::uuid;
create function app.user_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.user_id', true), '')::uuid;
create function app.api_key_id() returns uuid language sql stable parallel safe
  return nullif(current_setting('app.api_key_id', true), '')::uuid;
create function app.role() returns text language sql stable parallel safe
  return nullif(current_setting('app.role', true), '');
create function app.is_member() returns boolean language sql stable parallel safe
  return coalesce(nullif(current_setting('app.role', true), '') in ('owner', 'admin', 'member'), false);
create function app.is_admin() returns boolean language sql stable parallel safe
  return coalesce(nullif(current_setting('app.role', true), '') in ('owner', 'admin'), false);

-- UUID version 7 (RFC 9562, section 5.7): 48 bits of milliseconds, then random bits.
create function app.uuid_v7() returns uuid language sql volatile parallel safe
  return encode(
    set_byte(
      overlay(uuid_send(gen_random_uuid())
        placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6),
      6, (get_byte(uuid_send(gen_random_uuid()), 6) & 15) | 112),
    'hex')::uuid;

-- The name of one row of a table: contacts -> contact, properties -> property.
create function app.singular(relation text) returns text language sql immutable parallel safe
  return regexp_replace(regexp_replace(relation, 'ies$', 'y'), '([^s])s$', '\1');

-- Keeps created_at, updated_at and version of every row.
create function app.touch() returns trigger language plpgsql as $$
begin
  new.created_at := old.created_at;
  new.updated_at := now();
  new.version := old.version + 1;
  return new;
end
$$;

-- At most 30 tags on a row.
create function app.limit_tags() returns trigger language plpgsql as $$
begin
  if cardinality(new.tags) > 30 then
    raise exception 'at most 30 tags' using errcode = 'check_violation', table = tg_table_name, constraint = tg_table_name || '_tags_limit';
  end if;
  return new;
end
$$;

-- Makes a table a tenant table: row security enabled and forced, one policy for each command, grants, and the
-- triggers every table has. Kinds: 'tenant' (members write), 'admin' (admins write), 'self' (the row's own user,
-- and admins), 'append' (no update, no delete), 'log' (admins read, only triggers write), 'global' (the migration
-- writes the policies itself).
-- The settings are read in scalar sub-selects, so once for a statement and not once for a row.
create function app.protect(relation text, kind text default 'tenant') returns void language plpgsql as $$
declare
  mine constant text := 'org_id = (select app.org_id())';
  has_column jsonb := (select coalesce(jsonb_object_agg(attname, true), '{}') from pg_attribute
    where attrelid = relation::regclass and attnum > 0 and not attisdropped);
  readable text := mine;
  writable text;
  removable text;
begin
  if kind not in ('tenant', 'admin', 'self', 'append', 'log', 'global') then
    raise exception 'app.protect: unknown kind %', kind;
  end if;
  execute format('alter table %I enable row level security, force row level security', relation);
  execute format('create policy service on %I to gateway_service using (true) with check (true)', relation);
  execute format('grant select, insert, update, delete on %I to gateway_service', relation);

  if kind <> 'global' then
    writable := mine || case kind
      when 'admin' then ' and (select app.is_admin())'
      when 'self' then ' and (user_id = (select app.user_id()) or (select app.is_admin()))'
      else ' and (select app.is_member())' end;
    removable := case when has_column ? 'deleted_at' then mine || ' and (select app.is_admin())' else writable end;
    if kind = 'self' then
      readable := writable;
    elsif kind = 'log' then
      readable := mine || ' and (select app.is_admin())';
      writable := 'false';
    end if;
    execute format('create policy read on %I for select to gateway using (%s)', relation, readable);
    execute format('create policy add on %I for insert to gateway with check (%s)', relation, writable);
    execute format('grant select on %I to gateway', relation);
    if kind <> 'log' then
      execute format('grant insert on %I to gateway', relation);
    end if;
    if kind in ('append', 'log') then
      execute format('create policy change on %I for update to gateway using (false) with check (false)', relation);
      execute format('create policy remove on %I for delete to gateway using (false)', relation);
    else
      execute format('create policy change on %I for update to gateway using (%s) with check (%s)', relation, writable, writable);
      execute format('create policy remove on %I for delete to gateway using (%s)', relation, removable);
      execute format('grant update, delete on %I to gateway', relation);
    end if;
  end if;

  -- An embedding follows its row's text: storing it is not one more change. Generated columns must stay out of the list:
  -- with a trigger before updates they count as updated every time.
  if has_column ? 'embedding' then
    execute format('create trigger touch before update of %s on %I for each row execute function app.touch()',
      (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute where attrelid = relation::regclass and attnum > 0
        and not attisdropped and attgenerated = '' and attname not in ('embedding', 'embedding_model', 'embedded_at')), relation);
  elsif has_column ? 'version' then
    execute format('create trigger touch before update on %I for each row execute function app.touch()', relation);
  end if;
  if has_column ? 'tags' then
    execute format('create trigger limit_tags before insert or update of tags on %I for each row execute function app.limit_tags()', relation);
  end if;
  if has_column ? 'org_id' and relation <> 'audit_logs' then
    execute format('create trigger audit after insert or update or delete on %I for each row execute function app.audit()', relation);
  end if;
end
$$;

-- A reference to another row of the same tenant, and its index. People are referenced through their membership.
create function app.reference(relation text, field text, target text, on_delete text default 'no action') returns void language plpgsql as $$
begin
  execute format('alter table %I add constraint %I foreign key (org_id, %I) references %I (org_id, %I) on delete %s',
    relation, relation || '_' || field || '_fkey', field, target,
    case target when 'org_members' then 'user_id' else 'id' end, on_delete);
  execute format('create index %I on %I (org_id, %I)', relation || '_' || field || '_idx', relation, field);
end
$$;

grant execute on function app.org_id(), app.user_id(), app.api_key_id(), app.role(), app.is_member(), app.is_admin(),
  app.uuid_v7(), app.singular(text) to gateway, gateway_service;

-- The audit trail of every row. Runs as the service role: requests may read audit_logs, and never write it.
set local role gateway_service;
create function app.audit() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  hidden constant text[] := array['created_at', 'updated_at', 'version', 'embedding', 'embedding_model', 'embedded_at', 'search', 'key_hash', 'token_hash', 'secret_ciphertext'];
  before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) - hidden end;
  after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) - hidden end;
  whole jsonb := case when tg_op = 'DELETE' then to_jsonb(old) else to_jsonb(new) end;
  soft constant boolean := whole ? 'deleted_at';
  verb text := case
    when tg_op = 'INSERT' then 'created'
    when tg_op = 'DELETE' then case when soft then 'destroyed' else 'deleted' end
    when soft and before ->> 'deleted_at' is null and after ->> 'deleted_at' is not null then 'deleted'
    when soft and before ->> 'deleted_at' is not null and after ->> 'deleted_at' is null then 'restored'
    else 'updated' end;
  changed jsonb;
begin
  select jsonb_object_agg(key, case tg_op
      when 'INSERT' then jsonb_build_object('after', after -> key)
      when 'DELETE' then jsonb_build_object('before', before -> key)
      else jsonb_build_object('before', before -> key, 'after', after -> key) end)
    into changed
    from (select jsonb_object_keys(before || after) as key) keys
    where before -> key is distinct from after -> key and key not in ('org_id', 'id')
      and coalesce(nullif(before -> key, 'null'), nullif(after -> key, 'null')) is not null;
  if tg_op = 'UPDATE' and changed is null then
    return null;
  end if;
  insert into public.audit_logs (org_id, user_id, api_key_id, action, entity_type, entity_id, changes, ip, user_agent, request_id)
  values ((whole ->> 'org_id')::uuid, app.user_id(), app.api_key_id(), app.singular(tg_table_name) || '.' || verb,
    app.singular(tg_table_name), (whole ->> 'id')::uuid, coalesce(changed, '{}'),
    nullif(current_setting('app.ip', true), '')::inet, nullif(current_setting('app.user_agent', true), ''),
    nullif(current_setting('app.request_id', true), ''));
  return null;
end
$$;
grant execute on function app.audit() to gateway_owner;
