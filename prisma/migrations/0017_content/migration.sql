-- What the public website shows.

set local role gateway_owner;

create table cms_sections (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  key text not null check (key ~ '^[a-z0-9](-?[a-z0-9]){0,62}$'),
  title text not null check (title <> ''),
  position integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint cms_sections_key_key unique (org_id, key)
);
create index cms_sections_page on cms_sections (org_id, position, id);
select app.protect('cms_sections');

create table cms_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  section_id uuid not null,
  slug text not null check (slug ~ '^[a-z0-9](-?[a-z0-9]){0,99}$'),
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
  primary key (org_id, id),
  constraint cms_items_published_at_check check (status <> 'published' or published_at is not null)
);
create unique index cms_items_slug_key on cms_items (org_id, section_id, slug) where deleted_at is null;
select app.reference('cms_items', 'section_id', 'cms_sections');
select app.reference('cms_items', 'author_id', 'org_members');
drop index cms_items_section_id_idx; -- the beginning of the next one
create index cms_items_page on cms_items (org_id, section_id, position, id);
create index cms_items_status on cms_items (org_id, status, published_at desc);
select app.protect('cms_items');

-- Positions stand far apart, so that there is room between two of them. Whatever comes without one goes to the end.
create function app.place_last() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'cms_sections' then
    if new.position = 0 then
      select coalesce(max(position), 0) + 1024 into new.position from cms_sections where org_id = new.org_id;
    end if;
  elsif new.position = 0 or (tg_op = 'UPDATE' and new.section_id <> old.section_id) then
    perform 1 from cms_sections where org_id = new.org_id and id = new.section_id for no key update;
    select coalesce(max(position), 0) + 1024 into new.position from cms_items
      where org_id = new.org_id and section_id = new.section_id;
  end if;
  return new;
end
$$;
create trigger place_last before insert on cms_sections for each row execute function app.place_last();
create trigger place_last before insert or update of section_id on cms_items for each row execute function app.place_last();

-- What is published knows since when.
create function app.date_publication() returns trigger language plpgsql as $$
begin
  new.published_at := coalesce(new.published_at, now());
  return new;
end
$$;
create trigger date_publication before insert or update on cms_items
  for each row when (new.status = 'published' and new.published_at is null) execute function app.date_publication();

-- The key by which everybody reads the published items of an organization. Who has it reads; nobody guesses it.
create function app.new_site_key() returns text language sql volatile parallel safe
  return 'site_' || replace(gen_random_uuid()::text, '-', '');
grant execute on function app.new_site_key() to gateway, gateway_service;
alter table organizations add column site_key text not null default app.new_site_key() check (site_key ~ '^site_[0-9a-f]{32}$');
create unique index organizations_site_key_key on organizations (site_key);
grant update (site_key) on organizations to gateway;

set local role gateway_service;

-- The name and the sections with something to show, of the organization with a key. These two functions are all that callers
-- who have not signed in can reach: they give published, live items only, and of those only what a reader of the site sees.
create function app.published_site(key text) returns table (name text, sections jsonb)
language sql stable security definer set search_path = pg_catalog, public, app, pg_temp
  begin atomic
    select organizations.name, coalesce((
        select jsonb_agg(jsonb_build_object('key', cms_sections.key, 'title', cms_sections.title) order by cms_sections.position, cms_sections.id)
          from public.cms_sections where cms_sections.org_id = organizations.id and exists (
            select from public.cms_items where cms_items.org_id = cms_sections.org_id and cms_items.section_id = cms_sections.id
              and cms_items.status = 'published' and cms_items.published_at <= now() and cms_items.deleted_at is null)), '[]')
      from public.organizations where organizations.site_key = published_site.key and organizations.deleted_at is null;
  end;

-- The items of a section in their order: those after an item, so many of them, or the one with a slug.
create function app.published_items(site_key text, section_key text, only_slug text, after_slug text, size integer)
returns table (slug text, title text, body text, published_at timestamptz, updated_at timestamptz)
language sql stable security definer set search_path = pg_catalog, public, app, pg_temp
  begin atomic
    with items as (
      select cms_items.* from public.organizations
        join public.cms_sections on cms_sections.org_id = organizations.id and cms_sections.key = section_key
        join public.cms_items on cms_items.org_id = cms_sections.org_id and cms_items.section_id = cms_sections.id
        where organizations.site_key = published_items.site_key and organizations.deleted_at is null
          and cms_items.status = 'published' and cms_items.published_at <= now() and cms_items.deleted_at is null
    )
    select items.slug, items.title, items.body, items.published_at, items.updated_at from items
      where (only_slug is null or items.slug = only_slug)
        and (after_slug is null or (items.position, items.id) > (
          select last.position, last.id from items last where last.slug = after_slug))
      order by items.position, items.id limit size;
  end;
grant execute on function app.published_site(text), app.published_items(text, text, text, text, integer) to gateway;
