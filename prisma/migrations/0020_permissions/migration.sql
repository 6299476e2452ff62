-- Permissions reach the database as they are: policies and triggers ask for the permission that names what is done, and
-- never for a role. A permission that is granted beyond the role opens what it names, and nothing of another area.

set local role gateway_owner;

-- Every permission and the least role that has it: the same table as in src/auth/permissions.ts.
create function app.least_roles() returns jsonb language sql immutable
  return '{"crm:read": "viewer", "crm:write": "member", "crm:destroy": "admin",
    "knowledge:read": "viewer", "knowledge:write": "member", "knowledge:destroy": "admin",
    "delivery:read": "viewer", "delivery:write": "member", "delivery:destroy": "admin",
    "projects:assign": "admin", "rates:read": "admin", "rates:write": "admin",
    "finance:read": "member", "finance:write": "member", "finance:destroy": "admin",
    "ai:read": "viewer", "ai:write": "member", "ai:destroy": "admin",
    "people:read": "viewer", "people:write": "member", "people:destroy": "admin",
    "support:read": "viewer", "support:write": "member", "support:destroy": "admin",
    "communication:read": "viewer", "communication:write": "member", "communication:destroy": "admin",
    "files:read": "viewer", "files:write": "member", "files:destroy": "admin",
    "content:read": "viewer", "content:write": "member", "content:destroy": "admin",
    "platform:read": "viewer", "platform:write": "member", "platform:destroy": "admin",
    "jobs:read": "viewer", "jobs:write": "member",
    "organization:read": "viewer", "organization:write": "admin", "organization:own": "owner",
    "members:read": "viewer", "members:write": "admin",
    "keys:read": "admin", "keys:write": "admin",
    "integrations:read": "admin", "integrations:write": "admin",
    "audit:read": "admin"}'::jsonb;

-- The least role that has a permission; null when there is no such permission.
create function app.least_role(permission text) returns text language sql immutable
  return app.least_roles() ->> permission;

create function app.at_least(role_name text, lowest text) returns boolean language sql immutable
  return array_position('{viewer,member,admin,owner}'::text[], role_name) >= array_position('{viewer,member,admin,owner}'::text[], lowest);

-- Whether names, granted to a person or given to a key, cover a permission: whoever writes or destroys may read.
create function app.covers(names text[], permission text) returns boolean language sql immutable
  return permission = any (names) or split_part(permission, ':', 2) = 'read'
    and names && array[split_part(permission, ':', 1) || ':write', split_part(permission, ':', 1) || ':destroy'];

-- Whether a role, with what is granted beyond it and within the scopes of a key, has a permission.
create function app.has_permission(role_name text, granted text[], scopes text[], permission text) returns boolean language sql immutable
  return coalesce((app.at_least(role_name, app.least_role(permission)) or app.least_role(permission) is not null and app.covers(granted, permission))
    and (scopes && array['*', split_part(permission, ':', 1) || ':*'] or app.covers(scopes, permission)), false);

-- Whether the caller has a permission: by role or by grant, and a key by its scopes too.
create function app.may(permission text) returns boolean language plpgsql stable parallel restricted as $$
declare
  context constant text[] := string_to_array(app.context(), '|');
begin
  return app.has_permission(context[4], string_to_array(context[5], ','), string_to_array(context[6], ','), permission);
end
$$;

-- The organization that the caller may write to with a permission, else null. Inside of a trigger of ours nobody is asked
-- for the area, only for the organization: an answer to a ticket may touch a table of another area. Requests make no triggers.
create function app.writable_org(permission text) returns uuid language plpgsql stable parallel restricted as $$
declare
  context constant text[] := string_to_array(app.context(), '|');
begin
  return case when pg_trigger_depth() > 0
      or app.has_permission(context[4], string_to_array(context[5], ','), string_to_array(context[6], ','), permission)
    then nullif(context[1], '')::uuid end;
end
$$;

-- The same for reading. The scopes of a key are asked in front of SQL: what it writes may have to look at another area.
create function app.readable_org(permission text) returns uuid language plpgsql stable parallel restricted as $$
declare
  context constant text[] := string_to_array(app.context(), '|');
begin
  return case when pg_trigger_depth() > 0 or app.has_permission(context[4], string_to_array(context[5], ','), '{*}', permission)
    then nullif(context[1], '')::uuid end;
end
$$;
grant execute on function app.least_roles(), app.least_role(text), app.at_least(text, text), app.covers(text[], text),
  app.has_permission(text, text[], text[], text), app.may(text), app.writable_org(text), app.readable_org(text)
  to gateway, gateway_service;

-- Gives a table its policies, one for each command, anew. Kinds: 'tenant'; 'self' (the row's own user, or whom its column
-- 'visible_to' names, and those who may destroy in the area); 'joined' (besides, the rows that stand for the caller are the
-- caller's to change and remove); 'key' (a key reads its own row); 'append' (no update, no delete); 'log' and 'kept' (only
-- triggers write); 'global' (the migration writes the policies itself).
-- Settings are read in scalar sub-selects, so once for a statement and not once for a row.
create function app.police(relation text, kind text, reads text, writes text, removes text) returns void language plpgsql as $$
declare
  mine constant text := 'org_id = (select app.org_id())';
  own constant text := case when exists (select from pg_attribute where attrelid = relation::regclass and attname = 'visible_to' and kind = 'self')
    then '(select app.user_id()) = any (visible_to)' else 'user_id = (select app.user_id())' end;
  readable text := case when app.least_role(reads) = 'viewer' then mine else format('org_id = (select app.readable_org(%L))', reads) end;
  writable text := format('org_id = (select app.writable_org(%L))', writes);
  removable text := format('org_id = (select app.writable_org(%L))', removes);
  whole text;
  command text;
begin
  if kind = 'self' then
    whole := format(' and (%s or (select app.may(%L)))', own, split_part(reads, ':', 1) || ':destroy');
    readable := readable || whole;
    writable := writable || whole;
    removable := removable || whole;
  elsif kind = 'joined' then
    removable := format('%s or %s and %s', removable, mine, own);
  elsif kind = 'key' then
    readable := format('%s or %s and id = (select app.api_key_id())', readable, mine);
  end if;
  foreach command in array array['read', 'add', 'change', 'remove'] loop
    execute format('drop policy if exists %I on %I', command, relation);
  end loop;
  execute format('create policy read on %I for select to gateway using (%s)', relation, readable);
  execute format('create policy add on %I for insert to gateway with check (%s)', relation,
    case when kind in ('log', 'kept') then 'false' else writable end);
  if kind in ('append', 'log', 'kept') then
    execute format('create policy change on %I for update to gateway using (false) with check (false)', relation);
    execute format('create policy remove on %I for delete to gateway using (false)', relation);
  else
    if kind = 'joined' then
      writable := format('%s or %s and %s', writable, mine, own);
    end if;
    execute format('create policy change on %I for update to gateway using (%s) with check (%s)', relation, writable, writable);
    execute format('create policy remove on %I for delete to gateway using (%s)', relation, removable);
  end if;
end
$$;

-- Makes a table a tenant table: row security enabled and forced, policies, grants, and the triggers every table has.
-- `reads`, `writes` and `removes` are the permissions that its rows ask for; rows that are not hidden before they are
-- removed are removed by those who write them, unless given.
drop function app.protect(text, text);
create function app.protect(relation text, kind text, reads text default null, writes text default null, removes text default null)
returns void language plpgsql as $$
declare
  has_column jsonb := (select coalesce(jsonb_object_agg(attname, true), '{}') from pg_attribute
    where attrelid = relation::regclass and attnum > 0 and not attisdropped);
begin
  if kind not in ('tenant', 'self', 'joined', 'key', 'append', 'log', 'kept', 'global') then
    raise exception 'app.protect: unknown kind %', kind;
  elsif kind <> 'global' and (app.least_role(reads) is null or kind not in ('log', 'kept') and app.least_role(writes) is null
      or removes is not null and app.least_role(removes) is null) then
    raise exception 'app.protect: % asks for no permission that there is', relation;
  end if;
  execute format('alter table %I enable row level security, force row level security', relation);
  execute format('create policy service on %I to gateway_service using (true) with check (true)', relation);
  execute format('grant select, insert, update, delete on %I to gateway_service', relation);
  if kind <> 'global' then
    perform app.police(relation, kind, reads, writes, coalesce(removes, writes));
    execute format('grant %s on %I to gateway', case when kind in ('log', 'kept') then 'select' when kind = 'append' then 'select, insert'
      else 'select, insert, update, delete' end, relation);
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

-- The tables of each area. Rows that are hidden first are removed with the area's permission to destroy, all others with
-- the one to write, unless it says so here.
select app.police(name, kind, area || ':read', area || ':write', coalesce(removes, area || case when exists (select from pg_attribute
    where attrelid = name::regclass and attname = 'deleted_at') then ':destroy' else ':write' end))
  from (values
    ('crm', 'tenant', null, '{accounts,properties,contacts,pipelines,pipeline_stages,deals,leads,services,templates,proposals,
      proposal_line_items,contracts,interactions}'::text[]),
    ('crm', 'append', null, '{activities}'),
    ('knowledge', 'tenant', null, '{documents,client_intelligence,org_brain}'),
    ('files', 'tenant', null, '{files,attachments}'),
    ('files', 'kept', null, '{file_storage_stats}'),
    ('delivery', 'tenant', null, '{projects,project_phases,project_members,milestones,tasks,subtasks,subtask_assignees,deliverables,
      timesheets,time_entries,briefs,project_services,project_systems,roadmaps,roadmap_phases,system_services,systems,
      wizard_sessions,wizard_answers}'),
    ('delivery', 'append', null, '{task_activities,brief_versions,context_snapshots}'),
    ('finance', 'tenant', null, '{invoices,invoice_line_items,invoice_time_entries,expenses}'),
    ('finance', 'append', null, '{payments}'),
    ('ai', 'tenant', null, '{agents,agent_runs,ai_cache,prospect_intelligence}'),
    ('ai', 'append', null, '{ai_run_logs,analytics_events}'),
    ('people', 'tenant', null, '{training_courses}'),
    ('people', 'self', null, '{performance_reviews,training_enrollments}'),
    ('people', 'self', 'people:destroy', '{leave_requests}'),
    ('support', 'tenant', null, '{tickets,ticket_comments,slas,device_types,devices,service_agreements,dispatch_assignments,
      inventory_items,stock_levels,vehicle_inventory,warehouses,warranties,task_devices}'),
    ('communication', 'tenant', null, '{messages,events}'),
    -- A conversation takes all its messages along.
    ('communication', 'tenant', 'communication:destroy', '{conversations}'),
    ('communication', 'joined', null, '{conversation_participants,event_attendees}'),
    ('content', 'tenant', null, '{cms_sections,cms_items}'),
    ('platform', 'tenant', null, '{approvals}'),
    ('jobs', 'tenant', 'platform:destroy', '{jobs}'),
    ('organization', 'tenant', 'organization:write', '{feature_flags}'),
    ('members', 'tenant', null, '{org_members}'),
    ('keys', 'key', null, '{api_keys}'),
    ('integrations', 'tenant', null, '{integration_credentials,webhook_endpoints}')
  ) as areas (area, kind, removes, names), unnest(names) as name;

select app.police('employees', 'self', 'people:read', 'people:destroy', 'people:destroy');
-- Everybody settles what they were told themselves.
select app.police('notifications', 'self', 'platform:read', 'platform:read', 'platform:read');
select app.police('org_invitations', 'tenant', 'members:write', 'members:write', 'members:write');
select app.police('subscriptions', 'tenant', 'organization:read', 'organization:own', 'organization:own');
select app.police(name, 'log', 'audit:read', null, null)
  from unnest('{audit_logs,change_events,api_request_logs,idempotency_keys,number_series}'::text[]) as name;
select app.police('webhook_deliveries', 'log', 'integrations:read', null, null);

alter policy change on organizations using (id = (select app.writable_org('organization:write')))
  with check (id = (select app.writable_org('organization:write')));

-- What narrows them, by permissions.
drop policy removal on conversations;
drop policy add_by_admin on employees;
drop policy change_by_admin on employees;
drop policy remove_by_admin on leave_requests;
drop policy author on messages;
create policy author on messages as restrictive for update to gateway
  using (sender_id = (select app.user_id()) or (select app.may('communication:destroy')));
drop policy remove_own_draft on performance_reviews;
create policy remove_own_draft on performance_reviews as restrictive for delete to gateway
  using (reviewer_id = (select app.user_id()) and status = 'draft' or (select app.may('people:destroy')));
drop policy add_own on expenses;
drop policy change_own on expenses;
create policy add_own on expenses as restrictive for insert to gateway
  with check (user_id = (select app.user_id()) or (select app.may('finance:destroy')));
create policy change_own on expenses as restrictive for update to gateway
  using (user_id = (select app.user_id()) or (select app.may('finance:destroy')))
  with check (user_id = (select app.user_id()) or (select app.may('finance:destroy')));
-- Whoever is invited answers, and is not to take the invitation away.
create policy remove_by_host on event_attendees as restrictive for delete to gateway using ((select app.may('communication:write')));

-- An approval is decided once, and by whom it asks: the approver or whoever may decide on all of them, and not by the person
-- who asked, unless that is an owner. The person who asked may call it off. The service role is bound by the first rule alone.
create or replace function app.guard_approval() returns trigger language plpgsql as $$
declare
  me constant uuid := app.user_id();
begin
  if new.status = old.status then
    return new;
  elsif old.status <> 'pending' then
    raise exception 'decided already' using errcode = 'check_violation', table = 'approvals', constraint = 'approvals_status_move';
  elsif app.org_id() is null then
    null;
  elsif new.status = 'canceled' then
    if me is distinct from old.requested_by_id and not app.may('platform:destroy') then
      raise exception 'not yours' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_canceler_guard';
    end if;
  elsif me is distinct from old.approver_id and not app.may('platform:destroy') then
    raise exception 'not asked' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_approver_guard';
  elsif me = old.requested_by_id and not app.may('organization:own') then
    raise exception 'own request' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_own_guard';
  end if;
  new.decided_at := coalesce(new.decided_at, now());
  new.decided_by_id := coalesce(me, new.decided_by_id);
  return new;
end
$$;

-- Only its sender puts other words into a message, and it shows.
create or replace function app.edit_message() returns trigger language plpgsql as $$
begin
  if new.body = old.body then
    return new;
  end if;
  if app.org_id() is not null and old.sender_id is distinct from app.user_id() then
    raise exception 'not your message' using errcode = 'insufficient_privilege', table = 'messages', constraint = 'messages_body_sender';
  end if;
  new.edited_at := clock_timestamp();
  return new;
end
$$;

set local role gateway_service;

-- Messages of one conversation stand in one order: whoever sends waits for the one before, and each is later than the last.
-- So nothing appears behind a marker of what was read. Only the server's own work may say that it was sent at another time.
create or replace function app.receive_message() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  conversation public.conversations;
begin
  update public.conversations set last_message_at = case when app.org_id() is null
      then greatest(last_message_at, new.sent_at)
      else greatest(last_message_at + interval '1 millisecond', clock_timestamp()) end
    where org_id = new.org_id and id = new.conversation_id and org_id = coalesce(app.org_id(), org_id)
    returning * into conversation;
  new.visible_to := coalesce(conversation.visible_to, '{}');
  if app.org_id() is not null then
    new.sent_at := coalesce(conversation.last_message_at, new.sent_at);
  end if;
  update public.conversation_participants set last_read_at = new.sent_at
    where org_id = new.org_id and conversation_id = conversation.id and user_id = new.sender_id;
  return new;
end
$$;

-- Nobody but an owner makes or unmakes an owner.
create or replace function app.guard_ownership() returns trigger language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if app.org_id() = coalesce(new.org_id, old.org_id) and not app.may('organization:own')
      and ((tg_op <> 'DELETE' and new.role = 'owner') <> (tg_op <> 'INSERT' and old.role = 'owner')
        or (tg_op <> 'INSERT' and old.role = 'owner' and (tg_op = 'DELETE' or new.status <> old.status))) then
    raise exception 'only an owner changes owners' using errcode = 'insufficient_privilege', constraint = 'org_members_owner_only';
  end if;
  return coalesce(new, old);
end
$$;

-- Reviews of others are written by those above them; what is submitted stays; the person acknowledges.
create or replace function app.rule_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  states constant text[] := array['draft', 'submitted', 'acknowledged'];
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  broken text;
begin
  if tg_op = 'INSERT' then
    if asked and not app.may('people:destroy')
        and (person = app.user_id() or not (app.user_id() = any (app.seers_of(new.org_id, new.employee_id)))) then
      broken := 'by_manager';
    end if;
  elsif old.status <> 'draft' and ((new.employee_id, new.reviewer_id, new.period, new.rating, new.strengths, new.improvements)
      is distinct from (old.employee_id, old.reviewer_id, old.period, old.rating, old.strengths, old.improvements)
      or array_position(states, new.status) < array_position(states, old.status)) then
    broken := 'locked';
  elsif asked and new.status = 'acknowledged' and old.status <> 'acknowledged' and person is not null and person is distinct from app.user_id() then
    broken := 'by_person';
  elsif new.status <> 'draft' and old.status = 'draft' and person is not null then
    new.visible_to := array(select unnest(old.visible_to) union select person);
  end if;
  if broken is not null then
    raise exception 'refused: %', broken using table = 'performance_reviews', constraint = 'performance_reviews_' || broken,
      errcode = case broken when 'locked' then 'check_violation' else 'insufficient_privilege' end;
  end if;
  if new.status <> 'draft' then
    new.submitted_at := coalesce(new.submitted_at, now());
  end if;
  return new;
end
$$;

-- Leave is asked for by the person or those above, and decided by those above: of their own leave nobody but an owner.
create or replace function app.rule_leave() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  decided constant boolean := new.status in ('approved', 'rejected') and (tg_op = 'INSERT' or old.status is distinct from new.status);
  broken text;
begin
  if asked and tg_op = 'INSERT' and not app.may('people:destroy')
      and not coalesce(app.user_id() = any (app.seers_of(new.org_id, new.employee_id)), false) then
    broken := 'by_line';
  elsif asked and decided and person = app.user_id() and not app.may('organization:own') then
    broken := 'of_others';
  end if;
  if broken is not null then
    raise exception 'refused: %', broken using table = 'leave_requests', constraint = 'leave_requests_' || broken,
      errcode = 'insufficient_privilege';
  end if;
  if decided then
    new.decided_at := coalesce(new.decided_at, now());
  end if;
  return new;
end
$$;

-- People are enrolled by those above them, and removed by them; what they do in a course is theirs.
create or replace function app.rule_enrollment() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  subject constant uuid := case when tg_op = 'DELETE' then old.employee_id else new.employee_id end;
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  person constant uuid := (select user_id from employees where org_id = org and id = subject);
begin
  if app.org_id() = org and tg_op <> 'UPDATE' and not app.may('people:destroy')
      and (person = app.user_id() or not coalesce(app.user_id() = any (app.seers_of(org, subject)), false)) then
    raise exception 'refused' using table = 'training_enrollments', constraint = 'training_enrollments_by_manager',
      errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  new.completed_at := case when new.status = 'completed' then coalesce(new.completed_at, now()) end;
  return new;
end
$$;

create or replace function app.queue_webhook_test(endpoint uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  event constant uuid := app.uuid_v7();
  delivery uuid;
begin
  if not app.may('integrations:write') then
    raise exception 'not yours to test' using errcode = 'insufficient_privilege';
  end if;
  insert into public.webhook_deliveries (org_id, endpoint_id, event_id, event_type, payload, next_attempt_at)
    select org_id, id, event, 'webhook_endpoint.test', jsonb_build_object(
        'id', 'change_event_' || event, 'type', 'webhook_endpoint.test',
        'createdAt', to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', jsonb_build_object('entityType', 'webhook_endpoint', 'entityId', 'webhook_endpoint_' || id,
          'operation', 'test')), now()
      from public.webhook_endpoints where org_id = app.org_id() and id = endpoint
    returning id into delivery;
  return delivery;
end
$$;

-- Tells a member something. A request tells members of its own organization only, whichever it names; who has left is not told.
create or replace function app.notify(org uuid, person uuid, kind text, headline text, details text, about_type text, about_id uuid, at timestamptz default now())
returns uuid language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  if app.org_id() is null and not app.is_service()
      or app.org_id() is not null and (app.org_id() is distinct from coalesce(org, app.org_id())
        or app.writable_org('platform:write') is null) then
    raise exception 'not your organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.notifications (org_id, user_id, type, title, body, entity_type, entity_id, created_at, updated_at)
    select org_id, user_id, kind, headline, details, about_type, about_id, at, at
      from public.org_members where org_id = coalesce(org, app.org_id()) and user_id = person and status = 'active'
    returning id into made;
  return made;
end
$$;

-- Enters with an API key, known by its organization, prefix and SHA-256 hash. A key does no more than the person who made it
-- may do now, granted permissions included, and nothing once they have left or are disabled. The proof is over 'key',
-- organization, prefix and hash. Errors: GW004, whatever is wrong with the key; GW009 entered already; GW011 no proof.
drop function app.enter_with_key(uuid, text, text, jsonb, text, boolean, integer, integer);
create function app.enter_with_key(org uuid, key_prefix text, hash text, request jsonb, proof text, read_only boolean, statement_ms integer, idle_ms integer)
returns table (org_id uuid, api_key_id uuid, role text, plan text, scopes text[], last_used_at timestamptz, permissions text[])
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  own_role text;
begin
  if not app.is_proven(concat_ws(E'\n', 'key', org, key_prefix, hash), proof) then
    raise exception 'the server did not ask for this' using errcode = 'GW011';
  elsif app.context() is not null then
    raise exception 'this transaction already has a caller' using errcode = 'GW009';
  end if;
  perform app.limit_transaction(read_only, statement_ms, idle_ms);
  select organizations.id, api_keys.id, api_keys.role, case when maker.user_id is null then api_keys.role else app.lesser_role(api_keys.role, maker.role) end,
      organizations.plan, app.names_only(api_keys.scopes), api_keys.last_used_at, coalesce(maker.permissions, '{}')
    into enter_with_key.org_id, enter_with_key.api_key_id, own_role, enter_with_key.role, enter_with_key.plan,
      enter_with_key.scopes, enter_with_key.last_used_at, enter_with_key.permissions
    from public.api_keys join public.organizations on organizations.id = api_keys.org_id
    left join public.org_members maker on maker.org_id = api_keys.org_id and maker.user_id = api_keys.created_by_id
    left join public.users person on person.id = maker.user_id
    where api_keys.org_id = org and api_keys.prefix = key_prefix and api_keys.key_hash = hash and api_keys.revoked_at is null
      and (api_keys.expires_at is null or api_keys.expires_at > now()) and organizations.deleted_at is null
      and (maker.user_id is null or maker.status = 'active' and person.is_active and person.deleted_at is null);
  if enter_with_key.org_id is null then
    raise exception 'key refused' using errcode = 'GW004';
  end if;
  if enter_with_key.permissions <> '{}' then
    enter_with_key.permissions := array(select key from jsonb_each_text(app.least_roles())
      where app.at_least(own_role, value) and app.covers(enter_with_key.permissions, key));
  end if;
  perform app.write_context(org, null, enter_with_key.api_key_id, enter_with_key.role, enter_with_key.permissions, enter_with_key.scopes, null, request);
  return next;
end
$$;
grant execute on function app.enter_with_key(uuid, text, text, jsonb, text, boolean, integer, integer) to gateway;
