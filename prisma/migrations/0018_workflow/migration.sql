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
  decided_at timestamptz(3),
  payload jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('approvals', 'requested_by_id', 'org_members');
select app.reference('approvals', 'approver_id', 'org_members');
create index approvals_page on approvals (org_id, created_at desc, id desc);
create index approvals_status on approvals (org_id, status, created_at desc);
select app.protect('approvals');

create table notifications (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid not null,
  type text not null check (type <> ''),
  title text not null check (title <> ''),
  body text,
  entity_type text,
  entity_id uuid,
  read_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('notifications', 'user_id', 'org_members');
create index notifications_page on notifications (org_id, created_at desc, id desc);
select app.protect('notifications', 'self');

create table jobs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  type text not null check (type <> ''),
  status text not null default 'queued' check (status in ('queued', 'running', 'succeeded', 'failed', 'canceled')),
  payload jsonb not null default '{}',
  result jsonb,
  priority integer not null default 0,
  run_at timestamptz(3),
  attempt integer not null default 0,
  max_attempts integer not null default 5,
  locked_by text,
  locked_until text,
  actual_tokens integer check (actual_tokens >= 0),
  error text,
  idempotency_key text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index jobs_page on jobs (org_id, created_at desc, id desc);
create index jobs_status on jobs (org_id, status, created_at desc);
select app.protect('jobs');

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
  cost integer not null default 0,
  request_id text,
  ip inet,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index api_request_logs_page on api_request_logs (org_id, created_at desc, id desc);
create index api_request_logs_status on api_request_logs (org_id, status, created_at desc);
select app.protect('api_request_logs', 'log');

create table idempotency_keys (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid,
  key text not null check (key <> ''),
  operation text not null check (operation <> ''),
  request_hash text not null check (request_hash <> ''),
  response jsonb,
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index idempotency_keys_page on idempotency_keys (org_id, created_at desc, id desc);
select app.protect('idempotency_keys', 'log');
