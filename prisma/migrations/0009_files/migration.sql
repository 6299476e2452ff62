-- Files, what they are attached to, and how much is stored.

set local role gateway_owner;

create table files (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  storage_key text not null check (storage_key <> ''),
  size_bytes bigint,
  mime_type text not null check (mime_type <> ''),
  uploaded_by_id uuid,
  status text not null default 'pending' check (status in ('pending', 'ready', 'quarantined')),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('files', 'uploaded_by_id', 'org_members');
create index files_page on files (org_id, created_at desc, id desc);
create index files_status on files (org_id, status, created_at desc);
select app.protect('files');

create table attachments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  file_id uuid not null,
  entity_type text not null check (entity_type <> ''),
  entity_id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('attachments', 'file_id', 'files', 'cascade');
create index attachments_page on attachments (org_id, created_at desc, id desc);
select app.protect('attachments');

create table file_storage_stats (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  total_bytes bigint not null default 0,
  file_count integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index file_storage_stats_page on file_storage_stats (org_id, created_at desc, id desc);
select app.protect('file_storage_stats', 'kept');
