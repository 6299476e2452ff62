-- Accounts, people, the sales pipeline, proposals and contracts.
set local role gateway_owner;

create table accounts (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  kind text not null default 'company' check (kind in ('company', 'person')),
  lifecycle text not null default 'prospect' check (lifecycle in ('prospect', 'client', 'former')),
  classification text check (classification in ('cold', 'warm', 'hot', 'vip', 'at_risk')),
  industry text,
  website text,
  email text,
  phone text,
  billing_address jsonb not null default '{}',
  owner_id uuid,
  last_interaction_at timestamptz(3),
  metadata jsonb not null default '{}',
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('accounts', 'owner_id', 'org_members');
create index accounts_page on accounts (org_id, created_at desc, id desc);
create index accounts_name on accounts (org_id, name, id);
create index accounts_lifecycle on accounts (org_id, lifecycle, created_at desc);
create index accounts_metadata on accounts using gin (metadata);
create index accounts_tags on accounts using gin (tags);
select app.protect('accounts');

create table properties (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid not null,
  name text not null check (name <> ''),
  address jsonb not null default '{}',
  latitude double precision check (latitude between -90 and 90),
  longitude double precision check (longitude between -180 and 180),
  access_notes text,
  status text not null default 'active' check (status in ('active', 'inactive')),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('properties', 'account_id', 'accounts');
create index properties_page on properties (org_id, created_at desc, id desc);
select app.protect('properties');

create table contacts (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  first_name text,
  last_name text,
  full_name text not null check (full_name <> ''),
  email text check (email <> ''),
  phone text,
  title text,
  linkedin_url text,
  is_primary boolean not null default false,
  lead_source text,
  assigned_to_id uuid,
  metadata jsonb not null default '{}',
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index contacts_email_key on contacts (org_id, lower(email)) where deleted_at is null;
select app.reference('contacts', 'account_id', 'accounts');
select app.reference('contacts', 'assigned_to_id', 'org_members');
create index contacts_page on contacts (org_id, created_at desc, id desc);
create index contacts_name on contacts (org_id, full_name, id);
create index contacts_metadata on contacts using gin (metadata);
create index contacts_tags on contacts using gin (tags);

-- The full name follows its parts unless it was given.
create function app.contact_full_name() returns trigger language plpgsql as $$
declare
  parts constant text := nullif(concat_ws(' ', nullif(trim(new.first_name), ''), nullif(trim(new.last_name), '')), '');
begin
  if coalesce(new.full_name, '') = '' or (tg_op = 'UPDATE' and new.full_name = old.full_name
      and (new.first_name, new.last_name) is distinct from (old.first_name, old.last_name)) then
    new.full_name := coalesce(parts, new.full_name);
  end if;
  return new;
end
$$;
create trigger full_name before insert or update on contacts for each row execute function app.contact_full_name();
select app.protect('contacts');

create table pipelines (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  position integer not null default 0,
  is_default boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index pipelines_is_default_key on pipelines (org_id) where is_default;
create index pipelines_page on pipelines (org_id, position, id);
select app.protect('pipelines');

create table pipeline_stages (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  pipeline_id uuid not null,
  name text not null check (name <> ''),
  position integer not null,
  probability integer not null default 0 check (probability between 0 and 100),
  kind text not null default 'open' check (kind in ('open', 'won', 'lost')),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint pipeline_stages_pipeline_key unique (org_id, pipeline_id, id)
);
select app.reference('pipeline_stages', 'pipeline_id', 'pipelines', 'cascade');
create index pipeline_stages_page on pipeline_stages (org_id, pipeline_id, position, id);
select app.protect('pipeline_stages');

create table deals (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  title text not null check (title <> ''),
  account_id uuid,
  contact_id uuid,
  pipeline_id uuid not null,
  stage_id uuid not null,
  value_cents bigint not null default 0 check (value_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  probability integer not null check (probability between 0 and 100),
  status text not null default 'open' check (status in ('open', 'won', 'lost')),
  expected_close_on date,
  closed_at timestamptz(3),
  lost_reason text,
  owner_id uuid,
  metadata jsonb not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint deals_stage_id_fkey foreign key (org_id, pipeline_id, stage_id) references pipeline_stages (org_id, pipeline_id, id)
);
select app.reference('deals', 'account_id', 'accounts');
select app.reference('deals', 'contact_id', 'contacts');
select app.reference('deals', 'pipeline_id', 'pipelines');
select app.reference('deals', 'owner_id', 'org_members');
create index deals_stage_id_idx on deals (org_id, stage_id);
create index deals_page on deals (org_id, created_at desc, id desc);
create index deals_status on deals (org_id, status, expected_close_on);
create index deals_metadata on deals using gin (metadata);

-- A deal starts in the first open stage of the given or default pipeline. Its probability and status follow its stage;
-- a probability given together with the stage wins.
create function app.follow_stage() returns trigger language plpgsql as $$
declare
  stage pipeline_stages;
begin
  if tg_op = 'INSERT' then
    if new.stage_id is not null and new.pipeline_id is null then
      select pipeline_id into new.pipeline_id from pipeline_stages where org_id = new.org_id and id = new.stage_id;
    end if;
    new.pipeline_id := coalesce(new.pipeline_id, (select id from pipelines where org_id = new.org_id and is_default));
    new.stage_id := coalesce(new.stage_id, (select id from pipeline_stages
      where org_id = new.org_id and pipeline_id = new.pipeline_id and kind = 'open' order by position, id limit 1));
  elsif new.stage_id = old.stage_id then
    return new;
  end if;
  select * into stage from pipeline_stages where org_id = new.org_id and id = new.stage_id;
  if stage.id is null then
    if new.stage_id is null and new.pipeline_id is not null and not exists (select from pipelines where org_id = new.org_id and id = new.pipeline_id) then
      raise exception 'no such pipeline' using errcode = 'foreign_key_violation', table = 'deals', constraint = 'deals_pipeline_id_fkey';
    end if;
    -- The foreign key refuses an unknown stage, once there is nothing else to refuse.
    new.probability := coalesce(new.probability, 0);
    return new;
  end if;
  if tg_op = 'UPDATE' and new.pipeline_id = old.pipeline_id then
    new.pipeline_id := stage.pipeline_id;
  end if;
  if tg_op = 'INSERT' and new.probability is not null and stage.kind = 'open' then
    null;
  elsif tg_op = 'UPDATE' and new.probability is distinct from old.probability and stage.kind = 'open' then
    null;
  else
    new.probability := case stage.kind when 'won' then 100 when 'lost' then 0 else stage.probability end;
  end if;
  new.status := stage.kind;
  new.closed_at := case when stage.kind = 'open' then null else coalesce(new.closed_at, now()) end;
  if stage.kind <> 'lost' then
    new.lost_reason := null;
  end if;
  return new;
end
$$;
create trigger follow_stage before insert or update on deals for each row execute function app.follow_stage();
select app.protect('deals');

create table leads (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  first_name text,
  last_name text,
  email text,
  phone text,
  company_name text,
  source text,
  status text not null default 'new' check (status in ('new', 'contacted', 'qualified', 'unqualified', 'converted')),
  score integer not null default 0 check (score between 0 and 100),
  assigned_to_id uuid,
  notes text,
  converted_at timestamptz(3),
  converted_account_id uuid,
  converted_contact_id uuid,
  converted_deal_id uuid,
  metadata jsonb not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint leads_identity_check check (coalesce(first_name, last_name, email, company_name) is not null)
);
select app.reference('leads', 'assigned_to_id', 'org_members');
select app.reference('leads', 'converted_account_id', 'accounts');
select app.reference('leads', 'converted_contact_id', 'contacts');
select app.reference('leads', 'converted_deal_id', 'deals');
create index leads_page on leads (org_id, created_at desc, id desc);
create index leads_status on leads (org_id, status, created_at desc);
create index leads_metadata on leads using gin (metadata);
select app.protect('leads');

create table interactions (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  contact_id uuid,
  deal_id uuid,
  type text not null default 'note' check (type in ('call', 'email', 'meeting', 'message', 'note')),
  sentiment text check (sentiment in ('positive', 'neutral', 'negative')),
  subject text,
  body text,
  occurred_at timestamptz(3) not null default now(),
  duration_minutes integer check (duration_minutes >= 0),
  user_id uuid,
  embedding vector(1536),
  embedding_model text,
  embedded_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('interactions', 'account_id', 'accounts');
select app.reference('interactions', 'contact_id', 'contacts');
select app.reference('interactions', 'deal_id', 'deals');
select app.reference('interactions', 'user_id', 'org_members');
create index interactions_page on interactions (org_id, created_at desc, id desc);
create index interactions_of_account on interactions (org_id, account_id, occurred_at desc, id desc);
create index interactions_of_deal on interactions (org_id, deal_id, created_at desc, id desc);
create index interactions_embedding on interactions using hnsw (embedding vector_cosine_ops);

create table activities (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  entity_type text not null,
  entity_id uuid not null,
  type text not null check (type in ('call', 'email', 'meeting', 'message', 'note', 'task', 'status_change')),
  subject text,
  body text,
  occurred_at timestamptz(3) not null default now(),
  duration_minutes integer check (duration_minutes >= 0),
  user_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('activities', 'user_id', 'org_members');
create index activities_page on activities (org_id, created_at desc, id desc);
create index activities_entity on activities (org_id, entity_type, entity_id, occurred_at desc);
select app.protect('activities', 'append');

create table services (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  description text,
  unit text not null default 'hour' check (unit in ('hour', 'day', 'item', 'month')),
  unit_price_cents bigint not null default 0 check (unit_price_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  is_active boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index services_page on services (org_id, created_at desc, id desc);
select app.protect('services');

create table templates (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  type text not null check (type in ('proposal', 'contract', 'brief', 'email', 'invoice')),
  content jsonb not null default '{}',
  is_system boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index templates_page on templates (org_id, created_at desc, id desc);
select app.protect('templates');
-- System templates come with the organization and stay as they are.
create policy add_own on templates as restrictive for insert to gateway with check (not is_system);
create policy change_own on templates as restrictive for update to gateway using (not is_system) with check (not is_system);
create policy remove_own on templates as restrictive for delete to gateway using (not is_system);

create table proposals (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  deal_id uuid,
  template_id uuid,
  proposal_number text not null check (proposal_number <> ''),
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'sent', 'accepted', 'rejected', 'expired')),
  brain_status text not null default 'idle' check (brain_status in ('idle', 'queued', 'drafting', 'review', 'ready', 'failed')),
  deal_outcome text check (deal_outcome in ('won', 'lost')),
  content jsonb not null default '{}',
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  subtotal_cents bigint not null default 0,
  tax_cents bigint not null default 0 check (tax_cents >= 0),
  total_cents bigint not null generated always as (subtotal_cents + tax_cents) stored,
  valid_until_on date,
  sent_at timestamptz(3),
  decided_at timestamptz(3),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index proposals_proposal_number_key on proposals (org_id, proposal_number) where deleted_at is null;
select app.reference('proposals', 'account_id', 'accounts');
select app.reference('proposals', 'deal_id', 'deals');
select app.reference('proposals', 'template_id', 'templates');
create index proposals_page on proposals (org_id, created_at desc, id desc);
create index proposals_status on proposals (org_id, status, created_at desc);
select app.protect('proposals');

create table proposal_line_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  proposal_id uuid not null,
  service_id uuid,
  position integer not null default 0,
  description text not null check (description <> ''),
  quantity numeric(12, 3) not null default 1 check (quantity > 0),
  unit_price_cents bigint not null default 0,
  total_cents bigint not null generated always as (round(quantity * unit_price_cents)::bigint) stored,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('proposal_line_items', 'proposal_id', 'proposals', 'cascade');
select app.reference('proposal_line_items', 'service_id', 'services');
create index proposal_line_items_page on proposal_line_items (org_id, proposal_id, position, id);

-- The proposal's subtotal is the sum of its lines. Locking the proposal first makes two writers take turns.
create function app.total_proposal() returns trigger language plpgsql as $$
declare
  whose uuid := coalesce(new.proposal_id, old.proposal_id);
  whose_org uuid := coalesce(new.org_id, old.org_id);
begin
  perform 1 from proposals where org_id = whose_org and id = whose for update;
  update proposals set subtotal_cents = lines.total
    from (select coalesce(sum(total_cents), 0)::bigint as total from proposal_line_items where org_id = whose_org and proposal_id = whose) lines
    where org_id = whose_org and id = whose and subtotal_cents <> lines.total;
  return null;
end
$$;
create trigger total_proposal after insert or delete or update on proposal_line_items for each row execute function app.total_proposal();
select app.protect('proposal_line_items');

create table contracts (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  proposal_id uuid,
  client_name text,
  title text not null check (title <> ''),
  scope text,
  terms text,
  status text not null default 'draft' check (status in ('draft', 'sent', 'signed', 'terminated', 'expired')),
  starts_on date,
  ends_on date,
  signed_at timestamptz(3),
  signed_by text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint contracts_ends_on_check check (ends_on >= starts_on)
);
select app.reference('contracts', 'account_id', 'accounts');
select app.reference('contracts', 'proposal_id', 'proposals');
create index contracts_page on contracts (org_id, created_at desc, id desc);
create index contracts_status on contracts (org_id, status, created_at desc);
select app.protect('contracts');

-- What the numbers say about an account: at_risk, a client with a negative or no word for 60 days; vip, 100,000.00 or
-- more won in one currency; hot, an open deal and a word within 14 days; warm, a word within 45 days; else cold.
create function app.client_classification(org uuid, account uuid) returns text language sql stable
  begin atomic
    select case
        when accounts.lifecycle = 'client' and (accounts.last_interaction_at < now() - interval '60 days' or exists (
          select from public.interactions recent where recent.org_id = accounts.org_id and recent.account_id = accounts.id
            and recent.sentiment = 'negative' and recent.occurred_at = accounts.last_interaction_at)) then 'at_risk'
        when exists (select from public.deals won where won.org_id = accounts.org_id and won.account_id = accounts.id
          and won.status = 'won' and won.deleted_at is null group by won.currency having sum(won.value_cents) >= 10000000) then 'vip'
        when accounts.last_interaction_at >= now() - interval '14 days' and exists (
          select from public.deals open where open.org_id = accounts.org_id and open.account_id = accounts.id
            and open.status = 'open' and open.deleted_at is null) then 'hot'
        when accounts.last_interaction_at >= now() - interval '45 days' then 'warm'
        else 'cold' end
      from public.accounts where accounts.org_id = org and accounts.id = account;
  end;
grant execute on function app.client_classification(uuid, uuid) to gateway, gateway_service;

-- A new interaction moves its account's last word, classifies it anew and leaves an activity.
create function app.record_interaction() returns trigger language plpgsql as $$
begin
  if new.account_id is not null then
    update accounts set last_interaction_at = new.occurred_at
      where org_id = new.org_id and id = new.account_id and (last_interaction_at is null or last_interaction_at < new.occurred_at);
    update accounts set classification = app.client_classification(org_id, id)
      where org_id = new.org_id and id = new.account_id and classification is distinct from app.client_classification(org_id, id);
  end if;
  insert into activities (org_id, entity_type, entity_id, type, subject, body, occurred_at, duration_minutes, user_id)
    select new.org_id, target.entity_type, target.entity_id, new.type, new.subject, new.body, new.occurred_at, new.duration_minutes, new.user_id
      from (values ('account', new.account_id), ('deal', new.deal_id), ('contact', new.contact_id)) as target (entity_type, entity_id)
      where target.entity_id is not null limit 1;
  return null;
end
$$;
create trigger record_interaction after insert on interactions for each row execute function app.record_interaction();
select app.protect('interactions');

create view client_crm_status with (security_invoker = true) as
  select accounts.org_id, accounts.id as account_id, accounts.name, accounts.classification, accounts.last_interaction_at,
    extract(day from now() - accounts.last_interaction_at)::integer as days_since_interaction,
    (select count(*)::integer from contacts where contacts.org_id = accounts.org_id and contacts.account_id = accounts.id and contacts.deleted_at is null) as contact_count,
    (select count(*)::integer from deals where deals.org_id = accounts.org_id and deals.account_id = accounts.id and deals.deleted_at is null and deals.status = 'open') as open_deal_count,
    (select coalesce(jsonb_object_agg(currency, total::text), '{}') from (select currency, sum(value_cents) as total from deals
      where deals.org_id = accounts.org_id and deals.account_id = accounts.id and deals.deleted_at is null and deals.status = 'open' group by currency) sums) as open_value,
    (select coalesce(jsonb_object_agg(currency, total::text), '{}') from (select currency, sum(value_cents) as total from deals
      where deals.org_id = accounts.org_id and deals.account_id = accounts.id and deals.deleted_at is null and deals.status = 'won' group by currency) sums) as won_value
  from accounts where accounts.deleted_at is null;
grant select on client_crm_status to gateway;

set local role gateway_service;
create or replace function app.provision(org uuid, owner uuid) returns void
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  pipeline uuid;
begin
  insert into public.org_members (org_id, user_id, role) values (org, owner, 'owner');
  insert into public.subscriptions (org_id) values (org);
  insert into public.pipelines (org_id, name, is_default) values (org, 'Sales', true) returning id into pipeline;
  insert into public.pipeline_stages (org_id, pipeline_id, name, position, probability, kind) values
    (org, pipeline, 'Qualification', 1, 10, 'open'), (org, pipeline, 'Discovery', 2, 30, 'open'),
    (org, pipeline, 'Proposal', 3, 55, 'open'), (org, pipeline, 'Negotiation', 4, 80, 'open'),
    (org, pipeline, 'Won', 5, 100, 'won'), (org, pipeline, 'Lost', 6, 0, 'lost');
  insert into public.templates (org_id, name, type, content, is_system) values
    (org, 'Standard proposal', 'proposal', '{"sections": ["Summary", "Scope", "Timeline", "Investment"]}', true),
    (org, 'Service contract', 'contract', '{"sections": ["Parties", "Scope", "Fees", "Term", "Liability"]}', true),
    (org, 'Project brief', 'brief', '{"sections": ["Goal", "Audience", "Message", "Deliverables"]}', true),
    (org, 'Follow-up', 'email', '{"subject": "Following up", "body": "Thank you for your time."}', true),
    (org, 'Invoice', 'invoice', '{"footer": "Payable within 30 days."}', true);
end
$$;
