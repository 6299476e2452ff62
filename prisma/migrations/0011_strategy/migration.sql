-- From a brief and the strategy wizard to a snapshot of what is known, and a roadmap.

set local role gateway_owner;

create table systems (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  category text,
  description text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index systems_page on systems (org_id, created_at desc, id desc);
select app.protect('systems');

create table system_services (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  system_id uuid not null,
  service_id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint system_services_service_id_key unique (org_id, system_id, service_id)
);
select app.reference('system_services', 'system_id', 'systems', 'cascade');
select app.reference('system_services', 'service_id', 'services', 'cascade');
drop index system_services_system_id_idx; -- the beginning of the unique constraint
create index system_services_page on system_services (org_id, created_at desc, id desc);
select app.protect('system_services');

create table project_systems (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  system_id uuid not null,
  notes text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint project_systems_system_id_key unique (org_id, project_id, system_id)
);
select app.reference('project_systems', 'project_id', 'projects', 'cascade');
select app.reference('project_systems', 'system_id', 'systems');
drop index project_systems_project_id_idx; -- the beginning of the unique constraint
create index project_systems_page on project_systems (org_id, created_at desc, id desc);
select app.protect('project_systems');

create table project_services (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  service_id uuid not null,
  notes text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint project_services_service_id_key unique (org_id, project_id, service_id)
);
select app.reference('project_services', 'project_id', 'projects', 'cascade');
select app.reference('project_services', 'service_id', 'services');
drop index project_services_project_id_idx; -- the beginning of the unique constraint
create index project_services_page on project_services (org_id, created_at desc, id desc);
select app.protect('project_services');

-- A numbered version stays as it was written, whoever writes.
create function app.keep_version() returns trigger language plpgsql as $$
begin
  raise exception 'a numbered version stays as it is' using errcode = 'check_violation', table = tg_table_name,
    constraint = tg_table_name || '_kept';
end
$$;

create table briefs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  project_id uuid,
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
  current_version_number integer not null default 0 check (current_version_number >= 0),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('briefs', 'account_id', 'accounts');
select app.reference('briefs', 'project_id', 'projects');
create index briefs_page on briefs (org_id, created_at desc, id desc);
create index briefs_status on briefs (org_id, status, created_at desc);
select app.protect('briefs');

create table brief_versions (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  brief_id uuid not null,
  version_number integer not null default 0,
  content jsonb not null default '{}',
  author_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint brief_versions_version_number_key unique (org_id, brief_id, version_number)
);
select app.reference('brief_versions', 'brief_id', 'briefs', 'cascade');
select app.reference('brief_versions', 'author_id', 'org_members');
drop index brief_versions_brief_id_idx; -- the beginning of the unique constraint
create index brief_versions_page on brief_versions (org_id, created_at desc, id desc);
select app.protect('brief_versions', 'append');

-- The brief counts its versions: its row makes two writers take turns, and the numbers have no gaps. A draft becomes active
-- with its first version.
create function app.number_brief_version() returns trigger language plpgsql as $$
begin
  update briefs set current_version_number = current_version_number + 1, status = case status when 'draft' then 'active' else status end
    where org_id = new.org_id and id = new.brief_id returning current_version_number into new.version_number;
  new.version_number := coalesce(new.version_number, 1); -- there is no such brief; the foreign key says so
  return new;
end
$$;
create trigger number_version before insert on brief_versions for each row execute function app.number_brief_version();
create trigger keep_version before update on brief_versions for each row execute function app.keep_version();

create table wizard_sessions (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  project_id uuid,
  user_id uuid,
  status text not null default 'in_progress' check (status in ('in_progress', 'completed', 'abandoned')),
  current_step integer not null default 1 check (current_step >= 1),
  completed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint wizard_sessions_project_id_check check (status <> 'completed' or project_id is not null)
);
select app.reference('wizard_sessions', 'account_id', 'accounts');
select app.reference('wizard_sessions', 'project_id', 'projects');
select app.reference('wizard_sessions', 'user_id', 'org_members');
create index wizard_sessions_page on wizard_sessions (org_id, created_at desc, id desc);
create index wizard_sessions_status on wizard_sessions (org_id, status, created_at desc);
select app.protect('wizard_sessions');

-- A session that has ended stays as it is, and knows when it was completed.
create function app.guard_wizard_session() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.status <> 'in_progress' then
    raise exception 'this wizard session has ended' using errcode = 'check_violation', table = 'wizard_sessions',
      constraint = 'wizard_sessions_ended';
  end if;
  new.completed_at := case when new.status = 'completed' then coalesce(new.completed_at, now()) end;
  return new;
end
$$;
create trigger guard before insert or update on wizard_sessions for each row execute function app.guard_wizard_session();

create table wizard_answers (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  session_id uuid not null,
  step integer not null check (step between 1 and 100),
  question_key text not null check (question_key ~ '^[a-z][a-z0-9_]{0,62}$'),
  answer jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint wizard_answers_question_key_key unique (org_id, session_id, step, question_key)
);
select app.reference('wizard_answers', 'session_id', 'wizard_sessions', 'cascade');
drop index wizard_answers_session_id_idx; -- the beginning of the unique constraint
create index wizard_answers_page on wizard_answers (org_id, step, question_key, id);
select app.protect('wizard_answers');

-- Answers change only while their session is in progress, which lasts as long as this looks at it. They take it to the
-- furthest step that is answered.
create function app.follow_wizard_answer() returns trigger language plpgsql as $$
declare
  session record;
begin
  for session in select id, status, current_step from wizard_sessions
      where org_id = coalesce(new.org_id, old.org_id) and id in (new.session_id, old.session_id) order by id for no key update loop
    if session.status <> 'in_progress' then
      raise exception 'this wizard session has ended' using errcode = 'check_violation', table = 'wizard_answers',
        constraint = 'wizard_answers_ended';
    end if;
    update wizard_sessions set current_step = new.step
      where org_id = new.org_id and id = new.session_id and id = session.id and current_step < new.step;
  end loop;
  return coalesce(new, old);
end
$$;
create trigger follow before insert or update or delete on wizard_answers for each row execute function app.follow_wizard_answer();

create table context_snapshots (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  wizard_session_id uuid,
  version_number integer not null default 0,
  summary text,
  metrics jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint context_snapshots_version_number_key unique (org_id, project_id, version_number),
  constraint context_snapshots_wizard_session_id_key unique (org_id, wizard_session_id),
  constraint context_snapshots_project_key unique (org_id, project_id, id)
);
select app.reference('context_snapshots', 'project_id', 'projects', 'cascade');
select app.reference('context_snapshots', 'wizard_session_id', 'wizard_sessions');
drop index context_snapshots_project_id_idx, context_snapshots_wizard_session_id_idx; -- unique constraints serve as well
create index context_snapshots_page on context_snapshots (org_id, created_at desc, id desc);
select app.protect('context_snapshots', 'append');

create table roadmaps (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  context_snapshot_id uuid,
  version_number integer not null default 0,
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint roadmaps_version_number_key unique (org_id, project_id, version_number),
  constraint roadmaps_context_snapshot_id_fkey foreign key (org_id, project_id, context_snapshot_id)
    references context_snapshots (org_id, project_id, id)
);
select app.reference('roadmaps', 'project_id', 'projects', 'cascade');
drop index roadmaps_project_id_idx; -- the beginning of the unique constraint
create index roadmaps_context_snapshot_id_idx on roadmaps (org_id, context_snapshot_id);
create unique index roadmaps_active_key on roadmaps (org_id, project_id) where status = 'active';
create index roadmaps_page on roadmaps (org_id, created_at desc, id desc);
create index roadmaps_status on roadmaps (org_id, status, created_at desc);
select app.protect('roadmaps');
-- A roadmap is archived, not removed: its number is never given to another one.
create policy keep on roadmaps as restrictive for delete to gateway using (false);

-- Numbers snapshots and roadmaps within their project, whose row makes two writers take turns.
create function app.number_project_version() returns trigger language plpgsql as $$
begin
  perform 1 from projects where org_id = new.org_id and id = new.project_id for no key update;
  execute format('select coalesce(max(version_number), 0) + 1 from %I where org_id = $1 and project_id = $2', tg_table_name)
    into new.version_number using new.org_id, new.project_id;
  return new;
end
$$;
create trigger number_version before insert on context_snapshots for each row execute function app.number_project_version();
create trigger number_version before insert on roadmaps for each row execute function app.number_project_version();
create trigger keep_version before update on context_snapshots for each row execute function app.keep_version();
-- After the foreign keys had their say.
create trigger keep_version after update on roadmaps for each row
  when ((old.project_id, old.version_number, old.context_snapshot_id) is distinct from (new.project_id, new.version_number, new.context_snapshot_id))
  execute function app.keep_version();

create table roadmap_phases (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  roadmap_id uuid not null,
  position integer not null check (position >= 1),
  name text not null check (name <> ''),
  goal text,
  starts_on date,
  ends_on date,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint roadmap_phases_ends_on_check check (ends_on >= starts_on)
);
select app.reference('roadmap_phases', 'roadmap_id', 'roadmaps', 'cascade');
drop index roadmap_phases_roadmap_id_idx; -- the beginning of the next one
create index roadmap_phases_page on roadmap_phases (org_id, roadmap_id, position, id);
select app.protect('roadmap_phases');

-- What was planned once stays on record: the phases of an archived roadmap are those it ended with.
create function app.keep_archived_phases() returns trigger language plpgsql as $$
begin
  perform 1 from roadmaps where org_id = coalesce(new.org_id, old.org_id) and id in (new.roadmap_id, old.roadmap_id)
    and status = 'archived';
  if found then
    raise exception 'this roadmap is archived' using errcode = 'check_violation', table = 'roadmap_phases',
      constraint = 'roadmap_phases_archived';
  end if;
  return coalesce(new, old);
end
$$;
create trigger keep_archived before insert or update or delete on roadmap_phases for each row execute function app.keep_archived_phases();

-- The three phases that a roadmap begins with, of thirty days each.
create function app.add_roadmap_phases(roadmap uuid, first_day date, org uuid default app.org_id()) returns void language sql
  begin atomic
    insert into public.roadmap_phases (org_id, roadmap_id, position, name, goal, starts_on, ends_on)
      select org, roadmap, place, phase.name, phase.goal, first_day + (place - 1) * 30, first_day + place * 30 - 1
        from (values (1, 'Discover', 'Agree on goals, people and what success looks like.'),
          (2, 'Build', 'Make what was agreed on, and show it early.'),
          (3, 'Launch', 'Put it to use, measure it and hand it over.')) as phase (place, name, goal);
  end;

-- An answer in words: its value, a list with commas, or whatever else it holds.
create function app.answer_text(answer jsonb) returns text language sql immutable
  return coalesce(
    case jsonb_typeof(answer -> 'value') when 'array'
      then (select string_agg(item, ', ') from jsonb_array_elements_text(answer -> 'value') item) end,
    answer ->> 'value', nullif(answer, '{}')::text);
grant execute on function app.add_roadmap_phases(uuid, date, uuid), app.answer_text(jsonb) to gateway, gateway_service;

-- A completed wizard session becomes a snapshot of what was answered, and a draft of a roadmap that begins with it. Sessions
-- are completed once and have one snapshot, so nothing is made twice.
create function app.handle_wizard_completion() returns trigger language plpgsql as $$
declare
  project record;
  snapshot uuid;
  roadmap uuid;
begin
  if tg_op = 'UPDATE' and old.status = 'completed' then
    return null;
  end if;
  select name, starts_on into project from projects where org_id = new.org_id and id = new.project_id;
  insert into context_snapshots (org_id, project_id, wizard_session_id, summary, metrics, created_at, updated_at)
    select new.org_id, new.project_id, new.id,
        string_agg(upper(left(question_key, 1)) || replace(substr(question_key, 2), '_', ' ') || ': ' || app.answer_text(answer), E'\n'
          order by step, question_key),
        jsonb_build_object('answers', count(*), 'steps', count(distinct step), 'figures', coalesce(jsonb_object_agg(question_key,
          answer -> 'value' order by step) filter (where jsonb_typeof(answer -> 'value') = 'number'), '{}')),
        new.completed_at, new.completed_at
      from wizard_answers where org_id = new.org_id and session_id = new.id
    returning id into snapshot;
  insert into roadmaps (org_id, project_id, context_snapshot_id, title, created_at, updated_at)
    values (new.org_id, new.project_id, snapshot, coalesce('Roadmap for ' || project.name, 'Roadmap'), new.completed_at, new.completed_at)
    returning id into roadmap;
  perform app.add_roadmap_phases(roadmap, greatest((new.completed_at at time zone 'UTC')::date, project.starts_on), new.org_id);
  return null;
end
$$;
create trigger handle_wizard_completion after insert or update of status on wizard_sessions
  for each row when (new.status = 'completed') execute function app.handle_wizard_completion();

-- A project has one active roadmap: a new one takes the place of the one before, and the first starts the project. The lock
-- on the project makes two activations take turns.
create function app.handle_dashboard_activation() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.status = 'active' then
    return new;
  end if;
  perform 1 from projects where org_id = new.org_id and id = new.project_id for no key update;
  update roadmaps set status = 'archived'
    where org_id = new.org_id and project_id = new.project_id and status = 'active' and id <> new.id;
  update projects set status = 'active', starts_on = coalesce(starts_on, least((now() at time zone 'UTC')::date, ends_on))
    where org_id = new.org_id and id = new.project_id and status = 'planning';
  return new;
end
$$;
create trigger handle_dashboard_activation before insert or update of status on roadmaps
  for each row when (new.status = 'active') execute function app.handle_dashboard_activation();

-- Tasks, milestones and deliverables can stand in a phase of a roadmap.
select app.reference('tasks', 'roadmap_phase_id', 'roadmap_phases');
select app.reference('milestones', 'roadmap_phase_id', 'roadmap_phases');
select app.reference('deliverables', 'roadmap_phase_id', 'roadmap_phases');
