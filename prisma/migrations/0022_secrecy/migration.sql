-- Who may be told what: permissions are asked before a read runs; secrecy is declared with the table; and what is attached is
-- seen by those who see what it is attached to.

set local role gateway_owner;

-- Lets a read that travels with its entry run, or stops it: an error skips what comes after. The first argument is the
-- organization that was entered, so that this is asked behind it. Error: GW022.
create function app.demand(entered uuid, needs text[]) returns boolean language plpgsql stable parallel restricted as $$
declare
  need text;
begin
  foreach need in array needs loop
    if not app.may(need) then
      raise exception 'the caller lacks %', need using errcode = 'GW022';
    end if;
  end loop;
  return true;
end
$$;
grant execute on function app.demand(uuid, text[]) to gateway;

-- A secluded table is one whose rows not everybody in the organization sees. It says so once, with app.seclude; what is said
-- there stands in the triggers that it makes, and nowhere else.

-- For each secluded table by itself: the trail says that something was done, by whom and when, and of what the row says
-- only what stands in the columns that the trigger names.
create or replace function app.keep_secrecy() returns trigger language plpgsql as $$
begin
  new.changes := (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(new.changes) where key = any (coalesce(tg_argv, '{}')));
  return new;
end
$$;
drop trigger keep_secrecy on audit_logs;

-- Functions take rows of files: Postgres before 18 adds no column with a default to it.
alter table files add column visible_to uuid[], alter column visible_to set default '{}';
alter table attachments add column visible_to uuid[], alter column visible_to set default '{}';
alter table approvals add column visible_to uuid[], alter column visible_to set default '{}';
select app.overlook('files', 'visible_to'), app.overlook('attachments', 'visible_to'), app.overlook('approvals', 'visible_to');

-- Those who have a permission, among the people that 'visible_to' of what is about a secluded row names.
create function app.holders(permission text) returns uuid language sql immutable parallel safe
  return md5(permission)::uuid;
-- The permissions by which rows of secluded tables are seen.
create function app.seeing_permissions() returns text[] language sql immutable parallel safe
  return array['people:destroy', 'finance:destroy'];

-- Whom the caller counts as where 'visible_to' names people: the person, the organization, and those with their permissions.
create function app.seen_as() returns uuid[] language plpgsql stable parallel restricted as $$
begin
  return array[app.user_id(), app.org_id()]
    || array(select app.holders(permission) from unnest(app.seeing_permissions()) as permission where app.may(permission));
end
$$;
grant execute on function app.seen_as() to gateway;

-- What follows reads rows that the caller may not see, so it runs as the service role.
set local role gateway_service;

-- Whoever was refused nothing before goes on seeing what there is.
update files set visible_to = array[org_id];

-- Who sees a row, by its kind and id: everybody in the organization, or whom its secluded table says. Nobody once it is gone.
-- The row stays as it is until the transaction is saved: whoever changes who sees it, meets what was made about it by then.
create function app.audience(org uuid, entity text, entity_id uuid) returns uuid[]
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  relation text;
  said text[];
  seen uuid[];
begin
  select tgrelid::regclass::text, string_to_array(encode(tgargs, 'escape'), '\000') into relation, said
    from pg_trigger where tgname = 'pass_on_audience' and split_part(encode(tgargs, 'escape'), '\000', 1) = entity;
  if relation is null then
    return array[org];
  end if;
  execute format('select %s from %s as it where org_id = $1 and id = $2 for share', said[2], relation) into seen using org, entity_id;
  return coalesce(seen, '{}');
end
$$;

-- Somebody else sees a row now, so somebody else sees what is about it. The arguments: the kind of rows, and who sees one.
create function app.pass_on_audience() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  changed uuid[];
  follower text;
begin
  execute format('select array_agg(it.id) from is_now as it join was using (org_id, id) where %s is distinct from %s',
    tg_argv[1], replace(tg_argv[1], 'it.', 'was.')) into changed;
  -- These have followers of their own, so without a change it ends here.
  if changed is null then
    return null;
  end if;
  foreach follower in array array['attachments', 'approvals'] loop
    execute format('update %I follower set visible_to = default from is_now as it
      where it.id = any ($1) and follower.org_id = it.org_id and follower.entity_type = $2 and follower.entity_id = it.id', follower)
      using changed, tg_argv[0];
  end loop;
  return null;
end
$$;

-- What is attached is seen by those who see what it is attached to.
create function app.see_attachment() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if new.org_id is not distinct from coalesce(app.org_id(), new.org_id) then
    new.visible_to := app.audience(new.org_id, new.entity_type, new.entity_id);
  end if;
  return new;
end
$$;

-- A decision is seen by those who see what it is about, by the person who asks and the person who is asked. Where admins see
-- nothing, somebody has to be named.
create function app.see_approval() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  audience uuid[];
begin
  if new.org_id is distinct from coalesce(app.org_id(), new.org_id) then
    return new;
  end if;
  audience := app.audience(new.org_id, new.entity_type, new.entity_id);
  if tg_op = 'INSERT' and new.status = 'pending' and new.approver_id is null and not audience && (array[new.org_id] || array(select app.holders(permission) from unnest(app.seeing_permissions()) as permission)) then
    raise exception 'admins do not see it' using errcode = 'check_violation', table = 'approvals', constraint = 'approvals_approver_id_check';
  end if;
  new.visible_to := audience || case when new.org_id = any (audience) then '{}'
    else array_remove(array[new.requested_by_id, new.approver_id], null) end;
  return new;
end
$$;

-- A file is seen by those who see something that it is attached to, and by whoever uploaded it; by everybody as the content of
-- a record with a column for it, and as long as it was never attached. What was secret stays so when it is taken away.
create function app.see_file() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  audience uuid[];
  place record;
  shown boolean;
begin
  if tg_op = 'INSERT' then
    new.visible_to := array[new.org_id];
    return new;
  elsif new.org_id is distinct from coalesce(app.org_id(), new.org_id) then
    return new;
  end if;
  for place in select conrelid::regclass as relation, attname as field from pg_constraint
      join pg_attribute on attrelid = conrelid and attnum = conkey[cardinality(conkey)]
      where contype = 'f' and confrelid = 'files'::regclass and conrelid <> 'attachments'::regclass loop
    execute format('select exists (select from %s where org_id = $1 and %I = $2)', place.relation, place.field) into shown using new.org_id, new.id;
    if shown then
      new.visible_to := array[new.org_id];
      return new;
    end if;
  end loop;
  select array_agg(distinct person order by person) into audience from attachments, unnest(attachments.visible_to) as person
    where attachments.org_id = new.org_id and attachments.file_id = new.id;
  new.visible_to := case
    when audience is null then old.visible_to
    when new.org_id = any (audience) or new.uploaded_by_id is null or new.uploaded_by_id = any (audience) then audience
    else audience || new.uploaded_by_id end;
  return new;
end
$$;

-- The argument: the column that names the file.
create function app.show_file() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  before constant uuid := case when tg_op <> 'INSERT' then (to_jsonb(old) ->> tg_argv[0])::uuid end;
  after constant uuid := case when tg_op <> 'DELETE' then (to_jsonb(new) ->> tg_argv[0])::uuid end;
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
begin
  update files set visible_to = default
    where org_id = org and id in (before, after) and (id = before or not org_id = any (visible_to) or tg_table_name = 'attachments');
  return null;
end
$$;

grant execute on function app.audience(uuid, text, uuid), app.pass_on_audience(), app.see_attachment(), app.see_approval(), app.see_file(),
  app.show_file() to gateway_owner;

set local role gateway_owner;
grant execute on function app.holders(text), app.seeing_permissions() to gateway, gateway_service;

-- Secludes a table: says who sees a row of it, for the trail and for what is attached to the row or decided on it.
-- 'seers' is 'people', whom the row names, or the permission of those who see it besides. 'told' are the columns that the trail tells of to whoever
-- reads it: none unless given, and null for all. A table with other policies for reading than app.protect makes says this here, or a test fails.
create function app.seclude(relation text, seers text, told text[] default '{}') returns void language plpgsql as $$
declare
  entity constant text := app.singular(relation);
  people constant text := case when exists (select from pg_attribute where attrelid = relation::regclass and attname = 'visible_to')
    then 'it.visible_to' else 'array[it.user_id]' end;
  audience constant text := case when seers = 'people' then people
    when seers = any (app.seeing_permissions()) then people || format(' || app.holders(%L)', seers) end;
begin
  if audience is null then
    raise exception 'app.seclude: unknown seers %', seers;
  end if;
  execute format('create trigger pass_on_audience after update on %I referencing old table as was new table as is_now
    for each statement execute function app.pass_on_audience(%L, %L)', relation, entity, audience);
  if told is not null then
    execute format('create trigger %I before insert on audit_logs for each row when (new.entity_type = %L)
      execute function app.keep_secrecy(%s)', 'keep_secrecy_of_' || relation, entity,
      (select string_agg(quote_literal(field), ', ') from unnest(told) as field));
  end if;
end
$$;

create trigger see before insert or update of entity_type, entity_id, visible_to on attachments
  for each row execute function app.see_attachment();
create trigger see before insert or update of entity_type, entity_id, requested_by_id, approver_id, visible_to on approvals
  for each row execute function app.see_approval();
create trigger see before insert or update of visible_to on files for each row execute function app.see_file();
create trigger show_file after insert or delete or update of file_id, visible_to on attachments for each row execute function app.show_file('file_id');
create trigger show_file after insert or delete or update of file_id on deliverables for each row execute function app.show_file('file_id');
create trigger show_file after insert or delete or update of receipt_file_id on expenses for each row execute function app.show_file('receipt_file_id');

select app.seclude('conversations', 'people', '{type, account_id}');
select app.seclude('conversation_participants', 'people', '{conversation_id}');
select app.seclude('messages', 'people', '{conversation_id, sender_id, sent_at, edited_at, deleted_at}');
select app.seclude('notifications', 'people');
select app.seclude(relation, 'people:destroy', null)
  from unnest(array['employees', 'performance_reviews', 'leave_requests', 'training_enrollments']) as relation;
select app.seclude('expenses', 'finance:destroy', null);
-- Among those who see them, their rows name permissions themselves.
select app.seclude('approvals', 'people', '{entity_type, entity_id, requested_by_id, approver_id, status, decided_at, decided_by_id}');
select app.seclude('attachments', 'people', '{file_id, entity_type, entity_id}');
select app.seclude('files', 'people', '{size_bytes, mime_type, uploaded_by_id, status, deleted_at}');

set local role gateway_service;

update attachments set visible_to = default;
update approvals set visible_to = default;

-- The trail so far says no more than it will.
update audit_logs set changes = (select coalesce(jsonb_object_agg(key, value), '{}') from jsonb_each(changes) where key = any (told))
  from (select app.singular(replace(tgname, 'keep_secrecy_of_', '')) as entity, string_to_array(encode(tgargs, 'escape'), '\000') as told
    from pg_trigger where tgname like 'keep\_secrecy\_of\_%') as secluded
  where entity_type = entity and exists (select from jsonb_object_keys(changes) as key where key <> all (told));

set local role gateway_owner;

alter table files alter column visible_to set not null;
alter table attachments alter column visible_to set not null;
alter table approvals alter column visible_to set not null;

create policy audience on files as restrictive to gateway
  using (visible_to && (select app.seen_as())::uuid[]);
create policy audience on attachments as restrictive to gateway
  using (visible_to && (select app.seen_as())::uuid[]);
create policy audience on approvals as restrictive to gateway
  using (visible_to && (select app.seen_as())::uuid[]);
