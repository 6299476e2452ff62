-- What the public website shows.

set local role gateway_owner;

create table cms_sections (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  key text not null check (key <> ''),
  title text not null check (title <> ''),
  position integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index cms_sections_page on cms_sections (org_id, created_at desc, id desc);
select app.protect('cms_sections');

create table cms_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  section_id uuid not null,
  slug text not null check (slug <> ''),
  title text not null check (title <> ''),
  body text,
  status text not null default 'draft' check (status in ('draft', 'published', 'archived')),
  published_at timestamptz(3),
  position integer not null default 0,
  author_id uuid,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('cms_items', 'section_id', 'cms_sections');
select app.reference('cms_items', 'author_id', 'org_members');
create index cms_items_page on cms_items (org_id, created_at desc, id desc);
create index cms_items_status on cms_items (org_id, status, created_at desc);
select app.protect('cms_items');
