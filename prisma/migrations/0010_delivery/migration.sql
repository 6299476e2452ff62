-- Projects, their tasks, milestones and deliverables, and the time that goes into them.

set local role gateway_owner;

create table projects (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  account_id uuid,
  property_id uuid,
  deal_id uuid,
  manager_id uuid,
  status text not null default 'planning' check (status in ('planning', 'active', 'on_hold', 'completed', 'archived')),
  budget_cents bigint check (budget_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  starts_on date,
  ends_on date,
  description text,
  metadata jsonb not null default '{}',
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('projects', 'account_id', 'accounts');
select app.reference('projects', 'property_id', 'properties');
select app.reference('projects', 'deal_id', 'deals');
select app.reference('projects', 'manager_id', 'org_members');
create index projects_page on projects (org_id, created_at desc, id desc);
create index projects_status on projects (org_id, status, created_at desc);
create index projects_metadata on projects using gin (metadata jsonb_path_ops);
select app.protect('projects');

create table project_phases (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  name text not null check (name <> ''),
  position integer not null default 0,
  status text not null default 'pending' check (status in ('pending', 'active', 'done')),
  starts_on date,
  ends_on date,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('project_phases', 'project_id', 'projects', 'cascade');
create index project_phases_page on project_phases (org_id, created_at desc, id desc);
create index project_phases_status on project_phases (org_id, status, created_at desc);
select app.protect('project_phases');

create table project_members (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  user_id uuid not null,
  role text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('project_members', 'project_id', 'projects', 'cascade');
select app.reference('project_members', 'user_id', 'org_members');
create index project_members_page on project_members (org_id, created_at desc, id desc);
select app.protect('project_members');

create table tasks (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  phase_id uuid,
  roadmap_phase_id uuid,
  milestone_id uuid,
  deal_id uuid,
  parent_task_id uuid,
  title text not null check (title <> ''),
  description text,
  status text not null default 'todo' check (status in ('todo', 'in_progress', 'in_review', 'blocked', 'done')),
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high', 'urgent')),
  assignee_id uuid,
  due_on date,
  position text,
  story_points integer,
  estimate_minutes integer check (estimate_minutes >= 0),
  completed_at timestamptz(3),
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('tasks', 'project_id', 'projects');
select app.reference('tasks', 'phase_id', 'project_phases');
select app.reference('tasks', 'deal_id', 'deals');
select app.reference('tasks', 'parent_task_id', 'tasks');
select app.reference('tasks', 'assignee_id', 'org_members');
create index tasks_page on tasks (org_id, created_at desc, id desc);
create index tasks_status on tasks (org_id, status, created_at desc);
select app.protect('tasks');

create table subtasks (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  task_id uuid not null,
  title text not null check (title <> ''),
  is_completed boolean not null default false,
  position integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('subtasks', 'task_id', 'tasks', 'cascade');
create index subtasks_page on subtasks (org_id, created_at desc, id desc);
select app.protect('subtasks');

create table subtask_assignees (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  subtask_id uuid not null,
  user_id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('subtask_assignees', 'subtask_id', 'subtasks', 'cascade');
select app.reference('subtask_assignees', 'user_id', 'org_members');
create index subtask_assignees_page on subtask_assignees (org_id, created_at desc, id desc);
select app.protect('subtask_assignees');

create table task_activities (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  task_id uuid not null,
  user_id uuid,
  action text not null check (action <> ''),
  description text,
  changes jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('task_activities', 'task_id', 'tasks', 'cascade');
select app.reference('task_activities', 'user_id', 'org_members');
create index task_activities_page on task_activities (org_id, created_at desc, id desc);
select app.protect('task_activities', 'append');

create table milestones (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  roadmap_phase_id uuid,
  name text not null check (name <> ''),
  due_on date,
  status text not null default 'pending' check (status in ('pending', 'reached', 'missed')),
  reached_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('milestones', 'project_id', 'projects', 'cascade');
create index milestones_page on milestones (org_id, created_at desc, id desc);
create index milestones_status on milestones (org_id, status, created_at desc);
select app.protect('milestones');

create table deliverables (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  roadmap_phase_id uuid,
  name text not null check (name <> ''),
  description text,
  status text not null default 'draft' check (status in ('draft', 'in_review', 'approved', 'delivered', 'rejected')),
  due_on date,
  file_id uuid,
  approved_by_id uuid,
  approved_at timestamptz(3),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('deliverables', 'project_id', 'projects');
select app.reference('deliverables', 'file_id', 'files');
select app.reference('deliverables', 'approved_by_id', 'org_members');
create index deliverables_page on deliverables (org_id, created_at desc, id desc);
create index deliverables_status on deliverables (org_id, status, created_at desc);
select app.protect('deliverables');

create table timesheets (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid not null,
  period_start_on date not null,
  period_end_on date not null,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'approved', 'rejected')),
  submitted_at timestamptz(3),
  decided_by_id uuid,
  decided_at timestamptz(3),
  note text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('timesheets', 'user_id', 'org_members');
select app.reference('timesheets', 'decided_by_id', 'org_members');
create index timesheets_page on timesheets (org_id, created_at desc, id desc);
create index timesheets_status on timesheets (org_id, status, created_at desc);
select app.protect('timesheets');

create table time_entries (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  task_id uuid,
  project_id uuid not null,
  user_id uuid not null,
  timesheet_id uuid,
  duration_minutes integer not null check (duration_minutes >= 0),
  description text,
  logged_on date not null,
  is_billable boolean not null default true,
  bill_rate_cents bigint check (bill_rate_cents >= 0),
  cost_rate_cents bigint check (cost_rate_cents >= 0),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('time_entries', 'task_id', 'tasks');
select app.reference('time_entries', 'project_id', 'projects');
select app.reference('time_entries', 'user_id', 'org_members');
select app.reference('time_entries', 'timesheet_id', 'timesheets');
create index time_entries_page on time_entries (org_id, created_at desc, id desc);
select app.protect('time_entries');

alter table documents add column project_id uuid;
select app.reference('documents', 'project_id', 'projects');
