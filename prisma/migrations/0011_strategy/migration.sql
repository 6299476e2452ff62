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
  primary key (org_id, id)
);
select app.reference('system_services', 'system_id', 'systems', 'cascade');
select app.reference('system_services', 'service_id', 'services', 'cascade');
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
  primary key (org_id, id)
);
select app.reference('project_systems', 'project_id', 'projects', 'cascade');
select app.reference('project_systems', 'system_id', 'systems');
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
  primary key (org_id, id)
);
select app.reference('project_services', 'project_id', 'projects', 'cascade');
select app.reference('project_services', 'service_id', 'services');
create index project_services_page on project_services (org_id, created_at desc, id desc);
select app.protect('project_services');

create table briefs (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  project_id uuid,
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
  current_version_number integer not null default 0,
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
  version_number integer not null,
  content jsonb not null default '{}',
  author_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('brief_versions', 'brief_id', 'briefs', 'cascade');
select app.reference('brief_versions', 'author_id', 'org_members');
create index brief_versions_page on brief_versions (org_id, created_at desc, id desc);
select app.protect('brief_versions', 'append');

create table wizard_sessions (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid,
  project_id uuid,
  user_id uuid,
  status text not null default 'in_progress' check (status in ('in_progress', 'completed', 'abandoned')),
  current_step integer not null default 1,
  completed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('wizard_sessions', 'account_id', 'accounts');
select app.reference('wizard_sessions', 'project_id', 'projects');
select app.reference('wizard_sessions', 'user_id', 'org_members');
create index wizard_sessions_page on wizard_sessions (org_id, created_at desc, id desc);
create index wizard_sessions_status on wizard_sessions (org_id, status, created_at desc);
select app.protect('wizard_sessions');

create table wizard_answers (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  session_id uuid not null,
  step integer not null,
  question_key text not null check (question_key <> ''),
  answer jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('wizard_answers', 'session_id', 'wizard_sessions', 'cascade');
create index wizard_answers_page on wizard_answers (org_id, created_at desc, id desc);
select app.protect('wizard_answers');

create table context_snapshots (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  wizard_session_id uuid,
  version_number integer not null,
  summary text,
  metrics jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('context_snapshots', 'project_id', 'projects', 'cascade');
select app.reference('context_snapshots', 'wizard_session_id', 'wizard_sessions');
create index context_snapshots_page on context_snapshots (org_id, created_at desc, id desc);
select app.protect('context_snapshots', 'append');

create table roadmaps (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  context_snapshot_id uuid,
  version_number integer not null,
  title text not null check (title <> ''),
  status text not null default 'draft' check (status in ('draft', 'active', 'archived')),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('roadmaps', 'project_id', 'projects', 'cascade');
select app.reference('roadmaps', 'context_snapshot_id', 'context_snapshots');
create index roadmaps_page on roadmaps (org_id, created_at desc, id desc);
create index roadmaps_status on roadmaps (org_id, status, created_at desc);
select app.protect('roadmaps');

create table roadmap_phases (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  roadmap_id uuid not null,
  position integer not null,
  name text not null check (name <> ''),
  goal text,
  starts_on date,
  ends_on date,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('roadmap_phases', 'roadmap_id', 'roadmaps', 'cascade');
create index roadmap_phases_page on roadmap_phases (org_id, created_at desc, id desc);
select app.protect('roadmap_phases');

-- Tasks, milestones and deliverables can stand in a phase of a roadmap.
select app.reference('tasks', 'roadmap_phase_id', 'roadmap_phases');
select app.reference('milestones', 'roadmap_phase_id', 'roadmap_phases');
select app.reference('deliverables', 'roadmap_phase_id', 'roadmap_phases');
