-- Agents and their runs, what language models cost, what they answered before, and what happens in applications.

set local role gateway_owner;

-- Some columns follow by themselves: how often a row was read, who may see it. Whatever writes them alone does not change
-- the row, so it leaves version and audit trail as they are. Generated columns stay out, as in app.protect.
create function app.overlook(relation text, field text) returns void language plpgsql as $$
declare
  others constant text := (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
    where attrelid = relation::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attname <> field);
begin
  execute format('drop trigger touch on %I', relation);
  execute format('create trigger touch before update of %s on %I for each row execute function app.touch()', others, relation);
  execute format('drop trigger audit on %I', relation);
  execute format('create trigger audit after insert or delete or update of %s on %I for each row execute function app.audit()', others, relation);
end
$$;

create table agents (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  role text,
  model text,
  instructions text,
  tools jsonb not null default '{}',
  is_enabled boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index agents_page on agents (org_id, created_at desc, id desc);
select app.protect('agents');

create table agent_runs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  agent_id uuid,
  proposal_id uuid,
  status text not null default 'queued' check (status in ('queued', 'running', 'paused', 'succeeded', 'failed', 'canceled')),
  current_step text,
  cached_writer_output jsonb,
  resume_from text,
  input jsonb not null default '{}',
  output jsonb,
  error text,
  started_at timestamptz(3),
  finished_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('agent_runs', 'agent_id', 'agents');
select app.reference('agent_runs', 'proposal_id', 'proposals');
create index agent_runs_page on agent_runs (org_id, created_at desc, id desc);
create index agent_runs_status on agent_runs (org_id, status, created_at desc);
select app.protect('agent_runs');

-- A proposal shows how far the latest of its runs is.
create function app.show_run_on_proposal() returns trigger language plpgsql as $$
declare
  shown constant text := case new.status when 'queued' then 'queued' when 'running' then 'drafting' when 'paused' then 'review'
    when 'succeeded' then 'ready' when 'failed' then 'failed' else 'idle' end;
begin
  update proposals set brain_status = shown
    where org_id = new.org_id and id = new.proposal_id and brain_status <> shown and deleted_at is null
      and not exists (select from agent_runs later where later.org_id = new.org_id and later.proposal_id = new.proposal_id
        and (later.created_at, later.id) > (new.created_at, new.id));
  return null;
end
$$;
create trigger show_on_proposal after insert or update of status, proposal_id on agent_runs
  for each row when (new.proposal_id is not null) execute function app.show_run_on_proposal();

create table ai_run_logs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  agent_run_id uuid,
  provider text not null check (provider <> ''),
  model text not null check (model <> ''),
  operation text not null check (operation <> ''),
  input_tokens integer not null default 0 check (input_tokens >= 0),
  output_tokens integer not null default 0 check (output_tokens >= 0),
  cost_micros bigint not null default 0 check (cost_micros >= 0),
  latency_ms integer not null default 0 check (latency_ms >= 0),
  status text not null default 'ok' check (status in ('ok', 'error')),
  error text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('ai_run_logs', 'agent_run_id', 'agent_runs');
create index ai_run_logs_page on ai_run_logs (org_id, created_at desc, id desc);
create index ai_run_logs_status on ai_run_logs (org_id, status, created_at desc);
create index ai_run_logs_model on ai_run_logs (org_id, model, created_at desc);
select app.protect('ai_run_logs', 'append');

create table ai_cache (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  cache_key text not null check (cache_key <> ''),
  model text,
  response jsonb not null default '{}',
  hit_count integer not null default 0 check (hit_count >= 0),
  expires_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint ai_cache_cache_key_key unique (org_id, cache_key)
);
create index ai_cache_page on ai_cache (org_id, created_at desc, id desc);
create index ai_cache_expires_at on ai_cache (org_id, expires_at);
select app.protect('ai_cache');
select app.overlook('ai_cache', 'hit_count');

create table prospect_intelligence (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  prospect_name text not null check (prospect_name <> ''),
  website_url text,
  profile jsonb not null default '{}',
  cached_at timestamptz(3) not null default now(),
  expires_at timestamptz(3) default now() + interval '30 days',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index prospect_intelligence_prospect_name_key on prospect_intelligence (org_id, lower(prospect_name));
create index prospect_intelligence_expires_at on prospect_intelligence (org_id, expires_at);
create index prospect_intelligence_page on prospect_intelligence (org_id, created_at desc, id desc);
select app.protect('prospect_intelligence');

create table analytics_events (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> '' and char_length(name) <= 100),
  user_id uuid,
  properties jsonb not null default '{}',
  occurred_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('analytics_events', 'user_id', 'org_members');
create index analytics_events_page on analytics_events (org_id, occurred_at desc, id desc);
create index analytics_events_name on analytics_events (org_id, name, occurred_at desc);
select app.protect('analytics_events', 'append');
