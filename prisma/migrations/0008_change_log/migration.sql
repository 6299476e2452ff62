-- The log of changes that subscriptions, synchronization and webhooks read; numbers without gaps; and what tables made from
-- here on need besides: two extensions, and two more kinds of protection.

create extension if not exists pgcrypto;
create extension if not exists btree_gist;

set local role gateway_service;

-- As before, with the permissions of integrations among those of admins.
create or replace function app.ceiling(role_name text, granted text[]) returns text language plpgsql immutable as $$
begin
  if role_name in ('owner', 'admin') or cardinality(granted) = 0 then
    return role_name;
  end if;
  return case
    when exists (select from unnest(granted) as permission
      where permission ~ ':destroy$|^(members|keys|organization|integrations):write$|^(keys|audit|integrations):read$') then 'admin'
    when exists (select from unnest(granted) as permission where permission ~ ':write$') then 'member'
    else role_name end;
end
$$;

-- The audit trail as before, with each row looked at once. Left out of it is also where bytes lie, and who may see a row.
-- The arguments: the type of the rows, else found from the table's name; and 'embedded' for a table with an embedding, which
-- takes long to print and is not noted.
create or replace function app.audit() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  hidden constant text[] := array['org_id', 'id', 'created_at', 'updated_at', 'version', 'embedding', 'embedding_model', 'embedded_at', 'search',
    'key_hash', 'token_hash', 'secret_ciphertext', 'object_id', 'storage_key', 'visible_to'];
  entity constant text := coalesce(tg_argv[0], app.singular(tg_table_name));
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
  values ((whole ->> 'org_id')::uuid, app.user_id(), app.api_key_id(), entity || '.' || verb,
    entity, (whole ->> 'id')::uuid, coalesce(changed, '{}'),
    nullif(current_setting('app.ip', true), '')::inet, nullif(current_setting('app.user_agent', true), ''),
    nullif(current_setting('app.request_id', true), ''));
  return null;
end
$$;

-- Writes one change into the log, when the transaction is saved. The numbers of an organization have no gaps and stand in
-- the order of saving, so whoever has read up to one has missed nothing: its transactions take turns here, and only here.
-- The arguments: the type of the rows, and 'soft' for a table whose rows are deleted by marking them.
create function app.note_change() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  row_id constant uuid := case when tg_op = 'DELETE' then old.id else new.id end;
  verb text := case tg_op when 'INSERT' then 'created' when 'DELETE' then 'deleted' else 'updated' end;
  -- The organization and the number of the change before this one in the same transaction.
  last constant text[] := string_to_array(current_setting('app.last_change', true), ' ');
  number bigint;
begin
  if tg_op = 'UPDATE' and tg_argv[1] = 'soft' then
    verb := case
      when old.deleted_at is null and new.deleted_at is not null then 'deleted'
      when old.deleted_at is not null and new.deleted_at is null then 'created'
      else verb end;
  end if;
  if last[1] = org::text then
    number := last[2]::bigint + 1;
  else
    perform pg_advisory_xact_lock(hashtextextended(org::text, 0));
    select coalesce(max(seq), 0) + 1 into number from public.change_events where org_id = org;
  end if;
  insert into public.change_events (org_id, seq, entity_type, entity_id, operation, changed_at)
    values (org, number, tg_argv[0], row_id, verb, clock_timestamp());
  perform set_config('app.last_change', org || ' ' || number, true);
  return null;
end
$$;
grant execute on function app.note_change() to gateway_owner;

set local role gateway_owner;

-- Has the changes of a table written into the log. Whatever leaves the version as it was is no change.
create function app.follow(relation text) returns void language plpgsql as $$
declare
  entity constant text := app.singular(relation);
  kind constant text := case when exists (select from pg_attribute where attrelid = relation::regclass and attname = 'deleted_at')
    then 'soft' else 'hard' end;
begin
  execute format('create constraint trigger change after insert or delete on %I deferrable initially deferred
    for each row execute function app.note_change(%L, %L)', relation, entity, kind);
  execute format('create constraint trigger change_update after update on %I deferrable initially deferred
    for each row when (old.version is distinct from new.version) execute function app.note_change(%L, %L)', relation, entity, kind);
end
$$;

-- Has the changes of a table noted in the audit trail.
create function app.note(relation text) returns void language plpgsql as $$
declare
  kind constant text := case when exists (select from pg_attribute where attrelid = relation::regclass and attname = 'embedding')
    then 'embedded' else '' end;
begin
  execute format('create or replace trigger audit after insert or update or delete on %I for each row execute function app.audit(%L, %L)',
    relation, app.singular(relation), kind);
end
$$;

-- Has the version of a row count its changes. An embedding follows its row's text: storing it is not one more change.
-- Generated columns must stay out of the list: with a trigger before updates they count as updated every time. A table that
-- gets another column is given the trigger anew.
create function app.count_changes(relation text) returns void language plpgsql as $$
declare
  counted text;
begin
  if exists (select from pg_attribute where attrelid = relation::regclass and attname = 'embedding') then
    select ' of ' || string_agg(quote_ident(attname), ', ' order by attnum) into counted from pg_attribute where attrelid = relation::regclass
      and attnum > 0 and not attisdropped and attgenerated = '' and attname not in ('embedding', 'embedding_model', 'embedded_at');
  end if;
  execute format('create or replace trigger touch before update%s on %I for each row execute function app.touch()', counted, relation);
end
$$;

-- As before, and two kinds more: 'kept' (everybody reads, only triggers write), and of 'self' the rows of which a column
-- 'visible_to' names the people who may see them, with admins.
create or replace function app.protect(relation text, kind text default 'tenant') returns void language plpgsql as $$
declare
  mine constant text := 'org_id = (select app.org_id())';
  has_column jsonb := (select coalesce(jsonb_object_agg(attname, true), '{}') from pg_attribute
    where attrelid = relation::regclass and attnum > 0 and not attisdropped);
  readable text := mine;
  writable text;
  removable text;
begin
  if kind not in ('tenant', 'admin', 'self', 'append', 'log', 'kept', 'global') then
    raise exception 'app.protect: unknown kind %', kind;
  end if;
  execute format('alter table %I enable row level security, force row level security', relation);
  execute format('create policy service on %I to gateway_service using (true) with check (true)', relation);
  execute format('grant select, insert, update, delete on %I to gateway_service', relation);

  if kind <> 'global' then
    writable := mine || case kind
      when 'admin' then ' and (select app.is_admin())'
      when 'self' then format(' and (%s or (select app.is_admin()))', case
        when has_column ? 'visible_to' then '(select app.user_id()) = any (visible_to)'
        else 'user_id = (select app.user_id())' end)
      else ' and (select app.is_member())' end;
    removable := case when has_column ? 'deleted_at' then mine || ' and (select app.is_admin())' else writable end;
    if kind = 'self' then
      readable := writable;
    elsif kind = 'log' then
      readable := mine || ' and (select app.is_admin())';
    end if;
    if kind in ('log', 'kept') then
      writable := 'false';
    end if;
    execute format('create policy read on %I for select to gateway using (%s)', relation, readable);
    execute format('create policy add on %I for insert to gateway with check (%s)', relation, writable);
    execute format('grant select on %I to gateway', relation);
    if kind not in ('log', 'kept') then
      execute format('grant insert on %I to gateway', relation);
    end if;
    if kind in ('append', 'log', 'kept') then
      execute format('create policy change on %I for update to gateway using (false) with check (false)', relation);
      execute format('create policy remove on %I for delete to gateway using (false)', relation);
    else
      execute format('create policy change on %I for update to gateway using (%s) with check (%s)', relation, writable, writable);
      execute format('create policy remove on %I for delete to gateway using (%s)', relation, removable);
      execute format('grant update, delete on %I to gateway', relation);
    end if;
  end if;

  if has_column ? 'version' then
    perform app.count_changes(relation);
  end if;
  if has_column ? 'tags' then
    execute format('create trigger limit_tags before insert or update of tags on %I for each row execute function app.limit_tags()', relation);
  end if;
  if has_column ? 'org_id' and kind not in ('log', 'kept') then
    perform app.note(relation);
    perform app.follow(relation);
  end if;
end
$$;

-- Whose rows these are is what the rows say that they tell of: there is no key to check once more for each change.
create table change_events (
  org_id uuid not null default app.org_id(),
  id uuid not null default app.uuid_v7(),
  seq bigint not null,
  entity_type text not null,
  entity_id uuid not null,
  operation text not null check (operation in ('created', 'updated', 'deleted')),
  changed_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  primary key (org_id, id),
  constraint change_events_seq_key unique (org_id, seq)
);
create index change_events_entity on change_events (org_id, entity_type, entity_id, seq desc);
select app.protect('change_events', 'log');

select app.follow(relname::text) from pg_class
  where relnamespace = 'public'::regnamespace and relkind = 'r' and relname not in ('audit_logs', 'change_events')
    and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'org_id')
  order by relname;

select app.note(relname::text) from pg_class
  where relnamespace = 'public'::regnamespace and exists (select from pg_attribute where attrelid = pg_class.oid and attname = 'embedding')
    and relkind = 'r' order by relname;

-- The last number of each series of an organization: invoices, tickets.
create table number_series (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  series text not null check (series <> ''),
  last_value bigint not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint number_series_series_key unique (org_id, series)
);
select app.protect('number_series', 'log');

set local role gateway_service;

-- The next number of a series, from 1. There are no gaps: the number is taken back with the transaction, and until it is
-- saved others wait. A request takes numbers of its own organization only.
create function app.next_number(org uuid, series_name text) returns bigint
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  number bigint;
begin
  if app.org_id() is distinct from org and app.org_id() is not null then
    raise exception 'not your organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.number_series (org_id, series, last_value) values (org, series_name, 1)
    on conflict on constraint number_series_series_key do update set last_value = number_series.last_value + 1
    returning last_value into number;
  return number;
end
$$;
grant execute on function app.next_number(uuid, text) to gateway, gateway_owner;
