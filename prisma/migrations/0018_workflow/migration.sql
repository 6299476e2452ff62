-- Approvals, notifications, jobs, credentials, webhooks and the log of changes.

set local role gateway_owner;

create table approvals (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  entity_type text not null check (entity_type <> ''),
  entity_id uuid not null,
  requested_by_id uuid not null,
  approver_id uuid,
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'canceled')),
  reason text,
  payload jsonb not null default '{}',
  decided_at timestamptz(3),
  decided_by_id uuid,
  decision_reason text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('approvals', 'requested_by_id', 'org_members');
select app.reference('approvals', 'approver_id', 'org_members');
select app.reference('approvals', 'decided_by_id', 'org_members');
create unique index approvals_entity_id_key on approvals (org_id, entity_type, entity_id) where status = 'pending';
create index approvals_entity on approvals (org_id, entity_type, entity_id, created_at desc);
create index approvals_page on approvals (org_id, created_at desc, id desc);
create index approvals_status on approvals (org_id, status, created_at desc);
select app.protect('approvals');

-- An approval is decided once, and by whom it asks: the approver or an admin, and not by the person who asked unless that
-- is an owner. The person who asked, or an admin, may call it off. The service role is bound by the first rule alone.
create function app.guard_approval() returns trigger language plpgsql as $$
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
    if me is distinct from old.requested_by_id and not app.is_admin() then
      raise exception 'not yours' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_canceler_guard';
    end if;
  elsif me is distinct from old.approver_id and not app.is_admin() then
    raise exception 'not asked' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_approver_guard';
  elsif me = old.requested_by_id and app.role() <> 'owner' then
    raise exception 'own request' using errcode = 'insufficient_privilege', table = 'approvals', constraint = 'approvals_own_guard';
  end if;
  new.decided_at := coalesce(new.decided_at, now());
  new.decided_by_id := coalesce(me, new.decided_by_id);
  return new;
end
$$;
create trigger guard before update of status on approvals for each row execute function app.guard_approval();

create table notifications (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid not null,
  type text not null check (type ~ '^[a-z][a-z0-9_]*([.][a-z0-9_]+)*$' and length(type) <= 100),
  title text not null check (title <> ''),
  body text,
  entity_type text,
  entity_id uuid,
  read_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint notifications_entity_id_check check ((entity_type is null) = (entity_id is null))
);
select app.reference('notifications', 'user_id', 'org_members');
drop index notifications_user_id_idx;
create index notifications_page on notifications (org_id, user_id, created_at desc, id desc);
create index notifications_unread on notifications (org_id, user_id) where read_at is null;
select app.protect('notifications', 'self');
-- What somebody is told is for nobody else to read, not even for admins. app.notify is the one way to tell another person.
create policy own on notifications as restrictive to gateway using (user_id = (select app.user_id()));

create table jobs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  type text not null check (type <> '' and length(type) <= 100),
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  payload jsonb not null default '{}',
  result jsonb,
  priority integer not null default 0,
  run_at timestamptz(3) not null default now(),
  attempt integer not null default 0 check (attempt >= 0),
  max_attempts integer not null default 5 check (max_attempts between 1 and 100),
  locked_by text check (locked_by <> '' and length(locked_by) <= 200),
  locked_until timestamptz(3),
  actual_tokens integer check (actual_tokens >= 0),
  error text,
  idempotency_key text check (idempotency_key <> '' and length(idempotency_key) <= 200),
  finished_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint jobs_idempotency_key_key unique (org_id, idempotency_key),
  constraint jobs_locked_until_check
    check ((status = 'running') = (locked_by is not null) and (status = 'running') = (locked_until is not null))
);
create index jobs_page on jobs (org_id, created_at desc, id desc);
create index jobs_status on jobs (org_id, status, created_at desc);
create index jobs_due on jobs (org_id, priority desc, run_at, id) where status = 'queued';
create index jobs_leased on jobs (org_id, locked_until) where status = 'running';
select app.protect('jobs');
drop trigger touch on jobs;
drop trigger audit on jobs;
-- A heartbeat, which prolongs the lease and nothing else, is neither a change of the job nor worth an audit row.
create trigger touch before update on jobs for each row when (old.locked_until is not distinct from new.locked_until
  or (old.status, old.attempt) is distinct from (new.status, new.attempt)) execute function app.touch();
create trigger audit_change after update on jobs for each row when (old.locked_until is not distinct from new.locked_until
  or (old.status, old.attempt) is distinct from (new.status, new.attempt)) execute function app.audit();
create trigger audit after insert or delete on jobs for each row execute function app.audit();

-- Which state of a job leads to which; its end is noted here. A worker takes a running job over when the lease has run out.
create function app.move_job() returns trigger language plpgsql as $$
begin
  if new.status <> old.status and (old.status, new.status) not in (('queued', 'running'), ('queued', 'canceled'), ('running', 'queued'),
      ('running', 'succeeded'), ('running', 'failed'), ('running', 'canceled'), ('failed', 'queued')) then
    raise exception 'a job does not go from % to %', old.status, new.status
      using errcode = 'check_violation', table = 'jobs', constraint = 'jobs_status_move';
  end if;
  new.finished_at := case when new.status in ('succeeded', 'failed', 'canceled') then coalesce(old.finished_at, now()) end;
  return new;
end
$$;
create trigger move before update of status on jobs for each row execute function app.move_job();

-- Requests encrypt secrets and never decrypt one; the server's own work does both.
set local role none;
grant execute on function pgp_sym_encrypt(text, text, text) to gateway, gateway_service;
grant execute on function pgp_sym_decrypt(bytea, text) to gateway_service;
set local role gateway_owner;

create table integration_credentials (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  provider text not null constraint integration_credentials_provider_check check (provider ~ '^[a-z][a-z0-9_.-]{0,62}$'),
  label text constraint integration_credentials_label_check check (label <> ''),
  secret_ciphertext bytea,
  key_version text,
  secret_set_at timestamptz(3),
  last_used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint integration_credentials_provider_key unique nulls not distinct (org_id, provider, label),
  constraint integration_credentials_secret_check
    check (num_nonnulls(secret_ciphertext, key_version, secret_set_at) in (0, 3))
);
create index integration_credentials_page on integration_credentials (org_id, created_at desc, id desc);
select app.protect('integration_credentials', 'admin');

create table webhook_endpoints (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  url text not null constraint webhook_endpoints_url_check check (url ~ '^https?://' and length(url) <= 2048),
  description text,
  secret_ciphertext bytea not null,
  key_version text,
  secret_set_at timestamptz(3) not null default now(),
  event_types text[] not null default '{*}' constraint webhook_endpoints_event_types_check
    check (cardinality(event_types) between 1 and 100),
  is_active boolean not null default true,
  failure_count integer not null default 0 check (failure_count >= 0),
  disabled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint webhook_endpoints_url_key unique (org_id, url),
  constraint webhook_endpoints_disabled_at_check check (is_active = (disabled_at is null))
);
create index webhook_endpoints_page on webhook_endpoints (org_id, created_at desc, id desc);
select app.protect('webhook_endpoints', 'admin');

-- One event is told to one endpoint once, in several attempts if need be.
create table webhook_deliveries (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  endpoint_id uuid not null,
  event_id uuid not null,
  event_type text not null check (event_type <> ''),
  payload jsonb not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempt integer not null default 0 check (attempt >= 0),
  next_attempt_at timestamptz(3),
  response_status integer constraint webhook_deliveries_response_status_check check (response_status between 100 and 599),
  response_excerpt text check (length(response_excerpt) <= 2000),
  delivered_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint webhook_deliveries_event_id_key unique (org_id, endpoint_id, event_id),
  constraint webhook_deliveries_endpoint_id_fkey
    foreign key (org_id, endpoint_id) references webhook_endpoints (org_id, id) on delete cascade,
  constraint webhook_deliveries_delivered_at_check check ((status = 'delivered') = (delivered_at is not null)),
  constraint webhook_deliveries_next_attempt_at_check check (status = 'pending' or next_attempt_at is null)
);
create index webhook_deliveries_page on webhook_deliveries (org_id, created_at desc, id desc);
create index webhook_deliveries_status on webhook_deliveries (org_id, status, created_at desc);
create index webhook_deliveries_due on webhook_deliveries (org_id, next_attempt_at) where status = 'pending';
select app.protect('webhook_deliveries', 'log');

set local role gateway_service;

-- Queues a test event for an endpoint of the caller's organization, for admins. The log of deliveries is otherwise the
-- server's to write.
create function app.queue_webhook_test(endpoint uuid) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  event constant uuid := app.uuid_v7();
  delivery uuid;
begin
  if not app.is_admin() then
    raise exception 'for admins only' using errcode = 'insufficient_privilege';
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
grant execute on function app.queue_webhook_test(uuid) to gateway;

set local role gateway_owner;

create table api_request_logs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  api_key_id uuid,
  user_id uuid,
  operation_name text,
  document_hash text,
  status text not null check (status <> ''),
  duration_ms integer not null default 0 check (duration_ms >= 0),
  cost integer not null default 0 check (cost >= 0),
  request_id text,
  ip inet,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index api_request_logs_page on api_request_logs (org_id, created_at desc, id desc);
create index api_request_logs_status on api_request_logs (org_id, status, created_at desc);
create index api_request_logs_api_key_id_idx on api_request_logs (org_id, api_key_id, created_at desc);
select app.protect('api_request_logs', 'log');

-- What was answered to mutations that clients may repeat. The key is kept as a hash, and the answer encrypted with the key
-- itself: an answer may hold a secret that is shown once.
create table idempotency_keys (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid,
  api_key_id uuid,
  key text not null check (key <> ''),
  operation text not null check (operation <> ''),
  request_hash text not null check (request_hash <> ''),
  response jsonb,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint idempotency_keys_key_key unique nulls not distinct (org_id, user_id, api_key_id, key)
);
create index idempotency_keys_expires_at on idempotency_keys (org_id, expires_at);
select app.protect('idempotency_keys', 'log');

set local role gateway_service;

-- Tells a member something. A request tells members of its own organization only, whichever it names; who has left is not told.
create function app.notify(org uuid, person uuid, kind text, headline text, details text, about_type text, about_id uuid, at timestamptz default now())
returns uuid language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  made uuid;
begin
  if app.org_id() is not null and (app.org_id() is distinct from coalesce(org, app.org_id()) or not app.is_member()) then
    raise exception 'not your organization' using errcode = 'insufficient_privilege';
  end if;
  insert into public.notifications (org_id, user_id, type, title, body, entity_type, entity_id, created_at, updated_at)
    select org_id, user_id, kind, headline, details, about_type, about_id, at, at
      from public.org_members where org_id = coalesce(org, app.org_id()) and user_id = person and status = 'active'
    returning id into made;
  return made;
end
$$;

-- A request tells the approver, or the admins where nobody is named; a decision tells who asked. Nobody is told of what they did.
create function app.notify_of_approval() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  what constant text := replace(new.entity_type, '_', ' ');
begin
  if tg_op = 'INSERT' and new.status = 'pending' then
    perform app.notify(new.org_id, user_id, 'approval.requested', 'Decision asked for: ' || what, new.reason,
        'approval', new.id, new.created_at)
      from public.org_members where org_id = new.org_id and user_id <> new.requested_by_id
        and (user_id = new.approver_id or new.approver_id is null and role in ('owner', 'admin'));
  elsif tg_op = 'UPDATE' and new.status <> old.status and new.requested_by_id is distinct from app.user_id() then
    perform app.notify(new.org_id, new.requested_by_id, 'approval.' || new.status, 'Your request was ' || new.status || ': ' || what,
      new.decision_reason, 'approval', new.id, new.decided_at);
  end if;
  return null;
end
$$;

-- Begins a mutation that its client may repeat. Gives null the first time, and later what was answered then. Somebody who
-- comes while the first is under way waits here until it is saved, and is the first if it is not.
-- Error: GW008 when the key was used for another request.
create function app.begin_idempotent(key_hash text, operation_name text, hash text) returns jsonb
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  kept public.idempotency_keys;
begin
  insert into public.idempotency_keys as mine (org_id, user_id, api_key_id, key, operation, request_hash, expires_at)
    values (app.org_id(), app.user_id(), app.api_key_id(), key_hash, operation_name, hash, now() + interval '24 hours')
    on conflict on constraint idempotency_keys_key_key do update
      set operation = excluded.operation, request_hash = excluded.request_hash, response = null, expires_at = excluded.expires_at
      where mine.expires_at <= now()
    returning * into kept;
  if kept.id is not null then
    delete from public.idempotency_keys where org_id = app.org_id() and id in (select id from public.idempotency_keys
      where org_id = app.org_id() and expires_at <= now() order by expires_at limit 20 for update skip locked);
    return null;
  end if;
  select * into kept from public.idempotency_keys where org_id = app.org_id() and key = key_hash
    and user_id is not distinct from app.user_id() and api_key_id is not distinct from app.api_key_id();
  if kept.request_hash <> hash then
    raise exception 'another request' using errcode = 'GW008';
  end if;
  return kept.response;
end
$$;

-- Keeps what was answered, in the transaction that began it.
create function app.finish_idempotent(key_hash text, answer jsonb) returns void
language sql security definer set search_path = pg_catalog, public, app, pg_temp
  begin atomic
    update public.idempotency_keys set response = answer
      where org_id = app.org_id() and key = key_hash and response is null
        and user_id is not distinct from app.user_id() and api_key_id is not distinct from app.api_key_id();
  end;

grant execute on function app.notify_of_approval() to gateway_owner;
grant execute on function app.notify(uuid, uuid, text, text, text, text, uuid, timestamptz), app.begin_idempotent(text, text, text),
  app.finish_idempotent(text, jsonb) to gateway;

set local role gateway_owner;
create trigger notify after insert or update of status on approvals for each row execute function app.notify_of_approval();

-- Nobody new while the kill switch `kill.sign_up` is active. Error: GW007, with the reason as its detail.
create function app.hold_sign_up() returns trigger language plpgsql as $$
declare
  stopped constant jsonb := (select value from system_settings where key = 'kill.sign_up' and value -> 'active' = 'true');
begin
  if stopped is not null then
    raise exception 'sign-up is stopped' using errcode = 'GW007', detail = coalesce(stopped ->> 'reason', '');
  end if;
  return null;
end
$$;
create trigger hold_sign_up after insert on users for each row execute function app.hold_sign_up();
