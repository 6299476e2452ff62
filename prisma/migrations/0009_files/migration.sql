-- Files, what they are attached to, and how much is stored.

set local role gateway_owner;

-- A row is made before its bytes arrive, and is ready once they were compared with what was announced. The name in the store
-- is made here of the organization and a random number, so nobody can choose one, whoever writes the row.
create table files (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null constraint files_name_check
    check (name <> '' and length(name) <= 255 and name !~ '[/\\[:cntrl:]]'),
  object_id uuid not null default gen_random_uuid(),
  storage_key text not null generated always as (org_id::text || '/' || object_id::text) stored,
  size_bytes bigint constraint files_size_bytes_check check (size_bytes > 0),
  mime_type text not null default 'application/octet-stream' constraint files_mime_type_check
    check (length(mime_type) <= 127 and mime_type ~ '^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$'),
  sha256 text constraint files_sha256_check check (sha256 ~ '^[0-9a-f]{64}$'),
  uploaded_by_id uuid,
  status text not null default 'pending' check (status in ('pending', 'ready', 'quarantined')),
  quarantine_reason text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint files_storage_key_key unique (org_id, storage_key),
  constraint files_ready_check check (status <> 'ready' or (size_bytes is not null and sha256 is not null)),
  constraint files_quarantine_reason_check check ((status = 'quarantined') = (quarantine_reason is not null))
);
select app.reference('files', 'uploaded_by_id', 'org_members');
create index files_page on files (org_id, created_at desc, id desc);
create index files_status on files (org_id, status, created_at desc);
create index files_name on files (org_id, name);
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
  primary key (org_id, id),
  constraint attachments_file_id_key unique (org_id, file_id, entity_type, entity_id),
  constraint attachments_file_id_fkey foreign key (org_id, file_id) references files (org_id, id) on delete cascade
);
create index attachments_entity on attachments (org_id, entity_type, entity_id);
create index attachments_page on attachments (org_id, created_at desc, id desc);
select app.protect('attachments');

create table file_storage_stats (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  total_bytes bigint not null default 0 check (total_bytes >= 0),
  file_count integer not null default 0 check (file_count >= 0),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint file_storage_stats_org_id_key unique (org_id)
);
select app.protect('file_storage_stats', 'kept');

set local role gateway_service;

-- Every organization has its row from its first day on.
create function app.open_file_storage() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  insert into public.file_storage_stats (org_id) values (new.id) on conflict (org_id) do nothing;
  return null;
end
$$;
grant execute on function app.open_file_storage() to gateway_owner;

-- What one row of files adds to the statistics of its organization.
create function app.stored_bytes(file public.files) returns bigint language sql immutable
  return case when file.status = 'ready' and file.deleted_at is null then file.size_bytes end;

-- Keeps the statistics: adds what a change of a row adds or takes away. The row of the organization is locked until the
-- transaction is saved, so changes at the same moment wait for each other and none is lost.
create function app.count_stored_file() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  before constant bigint := case when tg_op <> 'INSERT' then app.stored_bytes(old) end;
  after constant bigint := case when tg_op <> 'DELETE' then app.stored_bytes(new) end;
  bytes constant bigint := coalesce(after, 0) - coalesce(before, 0);
  number constant integer := (after is not null)::integer - (before is not null)::integer;
begin
  if bytes <> 0 or number <> 0 then
    insert into public.file_storage_stats (org_id) values (org) on conflict (org_id) do nothing;
    update public.file_storage_stats set total_bytes = total_bytes + bytes, file_count = file_count + number where org_id = org;
  end if;
  return null;
end
$$;
grant execute on function app.count_stored_file() to gateway_owner;

set local role gateway_owner;

create trigger open_file_storage after insert on organizations for each row execute function app.open_file_storage();
create trigger count_stored_file after insert or update of status, size_bytes, deleted_at or delete on files
  for each row execute function app.count_stored_file();

set local role gateway_service;
insert into file_storage_stats (org_id) select id from organizations on conflict (org_id) do nothing;
