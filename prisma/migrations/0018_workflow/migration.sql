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

create table integration_credentials (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  provider text not null check (provider <> ''),
  label text,
  secret_ciphertext bytea not null,
  last_used_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index integration_credentials_page on integration_credentials (org_id, created_at desc, id desc);
select app.protect('integration_credentials', 'admin');

create table webhook_endpoints (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  url text not null check (url <> ''),
  description text,
  secret_ciphertext bytea not null,
  event_types text[] not null default '{}',
  is_active boolean not null default true,
  failure_count integer not null default 0,
  disabled_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index webhook_endpoints_page on webhook_endpoints (org_id, created_at desc, id desc);
select app.protect('webhook_endpoints', 'admin');

create table webhook_deliveries (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  endpoint_id uuid not null,
  event_id uuid not null,
  event_type text not null check (event_type <> ''),
  payload jsonb not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'delivered', 'failed')),
  attempt integer not null default 0,
  next_attempt_at timestamptz(3),
  response_status integer,
  response_excerpt text,
  delivered_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('webhook_deliveries', 'endpoint_id', 'webhook_endpoints', 'cascade');
create index webhook_deliveries_page on webhook_deliveries (org_id, created_at desc, id desc);
create index webhook_deliveries_status on webhook_deliveries (org_id, status, created_at desc);
select app.protect('webhook_deliveries', 'log');

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
