-- What the organization knows, searchable by meaning.
set local role gateway_owner;

create table documents (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  title text not null check (title <> ''),
  body text not null,
  source_uri text,
  mime_type text not null default 'text/plain',
  account_id uuid,
  status text not null default 'active' check (status in ('active', 'archived')),
  embedding vector(768),
  embedding_model text,
  embedded_at timestamptz(3),
  search tsvector generated always as (to_tsvector('simple', title || ' ' || body)) stored,
  metadata jsonb not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('documents', 'account_id', 'accounts');
create index documents_page on documents (org_id, created_at desc, id desc);
create index documents_embedding on documents using hnsw (embedding vector_cosine_ops);
create index documents_search on documents using gin (search);
create index documents_metadata on documents using gin (metadata);
select app.protect('documents');

create table client_intelligence (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  client_name text not null check (client_name <> ''),
  psychographics jsonb not null default '{}',
  deal_history jsonb not null default '{}',
  summary text,
  embedding vector(1536),
  embedding_model text,
  embedded_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint client_intelligence_client_name_key unique (org_id, client_name)
);
select app.reference('client_intelligence', 'account_id', 'accounts');
create index client_intelligence_page on client_intelligence (org_id, created_at desc, id desc);
create index client_intelligence_embedding on client_intelligence using hnsw (embedding vector_cosine_ops);
select app.protect('client_intelligence');

create table org_brain (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  content_type text not null check (content_type <> ''),
  content_text text not null check (content_text <> ''),
  source text,
  embedding vector(1536),
  embedding_model text,
  embedded_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index org_brain_page on org_brain (org_id, created_at desc, id desc);
create index org_brain_embedding on org_brain using hnsw (embedding vector_cosine_ops);
select app.protect('org_brain');
