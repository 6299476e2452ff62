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
  primary key (org_id, id),
  constraint projects_ends_on_check check (ends_on >= starts_on)
);
select app.reference('projects', 'account_id', 'accounts');
select app.reference('projects', 'property_id', 'properties');
select app.reference('projects', 'deal_id', 'deals');
select app.reference('projects', 'manager_id', 'org_members');
create index projects_page on projects (org_id, created_at desc, id desc);
create index projects_name on projects (org_id, name, id);
create index projects_status on projects (org_id, status, created_at desc);
create index projects_metadata on projects using gin (metadata jsonb_path_ops);
select app.protect('projects');

-- What stands in a project refers to it and to the rest of it by the same project_id: a key of the two lets a foreign key
-- see to that.
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
  primary key (org_id, id),
  constraint project_phases_project_key unique (org_id, project_id, id),
  constraint project_phases_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id) on delete cascade,
  constraint project_phases_ends_on_check check (ends_on >= starts_on)
);
create index project_phases_page on project_phases (org_id, created_at desc, id desc);
create index project_phases_position on project_phases (org_id, project_id, position, id);
create index project_phases_status on project_phases (org_id, status, created_at desc);
select app.protect('project_phases');

create table project_members (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid not null,
  user_id uuid not null,
  role text,
  bill_rate_cents bigint check (bill_rate_cents >= 0),
  cost_rate_cents bigint check (cost_rate_cents >= 0),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint project_members_user_id_key unique (org_id, project_id, user_id),
  constraint project_members_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id) on delete cascade
);
select app.reference('project_members', 'user_id', 'org_members');
create index project_members_page on project_members (org_id, created_at desc, id desc);
select app.protect('project_members');

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
  primary key (org_id, id),
  constraint milestones_project_key unique (org_id, project_id, id),
  constraint milestones_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id) on delete cascade
);
create index milestones_page on milestones (org_id, due_on, id);
create index milestones_of_project on milestones (org_id, project_id, due_on, id);
create index milestones_status on milestones (org_id, status, due_on);

-- Being reached and the moment of it come and go together. A milestone that was missed waits again when it gets another day.
create function app.stamp_milestone() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.status = 'missed' and old.status = 'missed' and new.due_on is distinct from old.due_on then
    new.status := 'pending';
  end if;
  new.reached_at := case when new.status = 'reached' then coalesce(new.reached_at, now()) end;
  return new;
end
$$;
create trigger stamp before insert or update on milestones for each row execute function app.stamp_milestone();
select app.protect('milestones');

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
  position text collate "C" not null check (position ~ '^[A-Za-z][0-9A-Za-z]+$'),
  story_points integer check (story_points between 0 and 100),
  estimate_minutes integer check (estimate_minutes >= 0),
  completed_at timestamptz(3),
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint tasks_project_key unique (org_id, project_id, id),
  constraint tasks_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id),
  constraint tasks_phase_id_fkey foreign key (org_id, project_id, phase_id) references project_phases (org_id, project_id, id),
  constraint tasks_milestone_id_fkey foreign key (org_id, project_id, milestone_id) references milestones (org_id, project_id, id),
  constraint tasks_parent_task_id_fkey foreign key (org_id, project_id, parent_task_id) references tasks (org_id, project_id, id)
);
select app.reference('tasks', 'deal_id', 'deals');
select app.reference('tasks', 'assignee_id', 'org_members');
create unique index tasks_position_key on tasks (org_id, project_id, status, position) where deleted_at is null;
create index tasks_board on tasks (org_id, project_id, position, id);
create index tasks_position on tasks (org_id, position, id);
create index tasks_page on tasks (org_id, created_at desc, id desc);
create index tasks_status on tasks (org_id, status, due_on);
create index tasks_phase_id_idx on tasks (org_id, phase_id);
create index tasks_milestone_id_idx on tasks (org_id, milestone_id);
create index tasks_parent_task_id_idx on tasks (org_id, parent_task_id);

-- The whole number before or after that of a key; null when there is none. Its first letter says how many digits follow:
-- 'a' one, 'b' two, up to 'z', and for what comes before, 'Z' one, 'Y' two, down to 'A'.
create function app.step_key(whole text, up boolean) returns text language plpgsql immutable strict as $$
declare
  digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  full_digit constant text := case when up then 'z' else '0' end;
  fresh_digit constant text := case when up then '0' else 'z' end;
  step constant integer := case when up then 1 else -1 end;
  head constant text := left(whole, 1);
  kept constant text := rtrim(substr(whole, 2), full_digit);
  next_head text;
begin
  if kept <> '' then
    return head || left(kept, -1) || substr(digits, strpos(digits, right(kept, 1)) + step, 1) || repeat(fresh_digit, length(whole) - 1 - length(kept));
  elsif (up and head = 'z') or (not up and head = 'A') then
    return null;
  end if;
  next_head := case when up and head = 'Z' then 'a' when not up and head = 'a' then 'Z' else chr(ascii(head) + step) end;
  return next_head || repeat(fresh_digit, case when next_head >= 'a' collate "C" then ascii(next_head) - 96 else 91 - ascii(next_head) end);
end
$$;

-- Digits that sort between two others; null for the upper ones stands for no end.
create function app.between_digits(lower_digits text, upper_digits text) returns text language plpgsql immutable as $$
declare
  digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  below text := lower_digits;
  above text := upper_digits;
  low integer;
  high integer;
  result text := '';
begin
  loop
    if above = '' then
      raise exception 'no key between' using errcode = 'numeric_value_out_of_range';
    end if;
    low := case when below = '' then 0 else strpos(digits, left(below, 1)) - 1 end;
    high := case when above is null then 62 else strpos(digits, left(above, 1)) - 1 end;
    if high - low > 1 then
      return result || substr(digits, (low + high + 1) / 2 + 1, 1);
    elsif high > low and length(above) > 1 then
      return result || left(above, 1);
    end if;
    result := result || substr(digits, low + 1, 1);
    below := substr(below, 2);
    above := case when high = low then substr(above, 2) end;
  end loop;
end
$$;

-- A key between two others, in the order of bytes: null stands for the beginning and the end of the list. A list of such
-- keys (https://observablehq.com/@dgreensp/implementing-fractional-indexing) takes a row anywhere without a change to
-- another one, and keys of rows that are always added at one end stay short.
create function app.key_between(lower_key text, upper_key text) returns text language plpgsql immutable as $$
declare
  whole constant text := coalesce(lower_key, upper_key);
  length_of_whole constant integer := case when left(whole, 1) >= 'a' collate "C" then ascii(whole) - 95 else 92 - ascii(whole) end;
  base constant text := left(whole, length_of_whole);
  rest constant text := substr(whole, length_of_whole + 1);
  next_whole text;
begin
  if whole is null then
    return 'a0';
  elsif lower_key is null then
    return case when rest <> '' then base else app.step_key(base, false) end;
  elsif upper_key is not null and left(upper_key, length_of_whole) = base then
    return base || app.between_digits(rest, substr(upper_key, length_of_whole + 1));
  end if;
  next_whole := app.step_key(base, true);
  return case when next_whole is not null and (upper_key is null or next_whole < upper_key collate "C") then next_whole
    else base || app.between_digits(rest, null) end;
end
$$;
grant execute on function app.step_key(text, boolean), app.between_digits(text, text), app.key_between(text, text) to gateway, gateway_service;

-- A task without a place, one that changes its column and one that comes back to a place that is taken stand at the end of
-- their column. Writers to the same board take turns.
create function app.place_task() returns trigger language plpgsql as $$
declare
  kept constant boolean := tg_op = 'UPDATE' and (new.project_id, new.status) = (old.project_id, old.status);
begin
  if (kept and (old.deleted_at is null or new.deleted_at is not null))
      or (tg_op = 'INSERT' and new.position is not null) or (tg_op = 'UPDATE' and new.position <> old.position) then
    return new;
  end if;
  perform from projects where org_id = new.org_id and id = new.project_id for no key update;
  if not kept or exists (select from tasks where org_id = new.org_id and project_id = new.project_id and status = new.status
      and position = new.position and deleted_at is null) then
    new.position := app.key_between((select max(position) from tasks where org_id = new.org_id and project_id = new.project_id
      and status = new.status and deleted_at is null and id <> new.id), null);
  end if;
  return new;
end
$$;
create trigger place before insert or update of project_id, status, position, deleted_at on tasks
  for each row execute function app.place_task();

-- Being done and the moment of it come and go together.
create function app.complete_task() returns trigger language plpgsql as $$
begin
  new.completed_at := case when new.status = 'done' then coalesce(new.completed_at, now()) end;
  return new;
end
$$;
create trigger complete before insert or update of status, completed_at on tasks for each row execute function app.complete_task();

-- No task is a part of itself, at any distance. Writers to the same project take turns, lest two of them close a circle.
create function app.check_parent_task() returns trigger language plpgsql as $$
begin
  if new.parent_task_id is null then
    return new;
  end if;
  perform from projects where org_id = new.org_id and id = new.project_id for no key update;
  if exists (
    with recursive above as (
      select new.parent_task_id as id
      union
      select parent_task_id from tasks join above on tasks.org_id = new.org_id and tasks.id = above.id where parent_task_id is not null
    )
    select from above where id = new.id) then
    raise exception 'a task above itself' using errcode = 'check_violation', table = 'tasks', constraint = 'tasks_parent_task_id_check';
  end if;
  return new;
end
$$;
create trigger check_parent before insert or update of parent_task_id on tasks for each row execute function app.check_parent_task();
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
  primary key (org_id, id),
  constraint subtasks_task_id_fkey foreign key (org_id, task_id) references tasks (org_id, id) on delete cascade
);
create index subtasks_position on subtasks (org_id, task_id, position, id);
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
  primary key (org_id, id),
  constraint subtask_assignees_user_id_key unique (org_id, subtask_id, user_id),
  constraint subtask_assignees_subtask_id_fkey foreign key (org_id, subtask_id) references subtasks (org_id, id) on delete cascade
);
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
  primary key (org_id, id),
  constraint task_activities_task_id_fkey foreign key (org_id, task_id) references tasks (org_id, id) on delete cascade
);
select app.reference('task_activities', 'user_id', 'org_members');
create index task_activities_of_task on task_activities (org_id, task_id, created_at desc, id desc);
create index task_activities_page on task_activities (org_id, created_at desc, id desc);
select app.protect('task_activities', 'append');

-- A task's history: when it was made, and each change of its state and of who does it.
create function app.record_task() returns trigger language plpgsql as $$
declare
  author constant uuid := (select user_id from org_members where org_id = new.org_id and user_id = app.user_id());
begin
  if tg_op = 'INSERT' then
    insert into task_activities (org_id, task_id, user_id, action, created_at, updated_at)
      values (new.org_id, new.id, author, 'created', new.created_at, new.created_at);
    return null;
  end if;
  if new.status <> old.status then
    insert into task_activities (org_id, task_id, user_id, action, changes) values (new.org_id, new.id, author, 'status_changed',
      jsonb_build_object('status', jsonb_build_object('before', old.status, 'after', new.status)));
  end if;
  if new.assignee_id is distinct from old.assignee_id then
    insert into task_activities (org_id, task_id, user_id, action, changes)
      values (new.org_id, new.id, author, case when new.assignee_id is null then 'unassigned' else 'assigned' end,
        jsonb_build_object('assigneeId', jsonb_build_object('before', old.assignee_id, 'after', new.assignee_id)));
  end if;
  return null;
end
$$;
create trigger record after insert or update of status, assignee_id on tasks for each row execute function app.record_task();

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
  primary key (org_id, id),
  constraint deliverables_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id)
);
select app.reference('deliverables', 'file_id', 'files');
select app.reference('deliverables', 'approved_by_id', 'org_members');
create index deliverables_of_project on deliverables (org_id, project_id, created_at desc, id desc);
create index deliverables_page on deliverables (org_id, created_at desc, id desc);
create index deliverables_status on deliverables (org_id, status, due_on);

-- An approval has a moment from the approval on, and none before.
create function app.stamp_deliverable() returns trigger language plpgsql as $$
begin
  if new.status in ('approved', 'delivered') then
    new.approved_at := coalesce(new.approved_at, now());
  else
    new.approved_at := null;
    new.approved_by_id := null;
  end if;
  return new;
end
$$;
create trigger stamp before insert or update of status on deliverables for each row execute function app.stamp_deliverable();
select app.protect('deliverables');

-- The timesheets of a person never share a day.
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
  primary key (org_id, id),
  constraint timesheets_period_end_on_check check (period_end_on between period_start_on and period_start_on + 30),
  constraint timesheets_period_key exclude using gist
    (org_id with =, user_id with =, daterange(period_start_on, period_end_on, '[]') with &&),
  constraint timesheets_user_id_fkey foreign key (org_id, user_id) references org_members (org_id, user_id)
);
select app.reference('timesheets', 'decided_by_id', 'org_members');
create index timesheets_of_user on timesheets (org_id, user_id, period_start_on desc, id desc);
create index timesheets_page on timesheets (org_id, period_start_on desc, id desc);
create index timesheets_status on timesheets (org_id, status, period_start_on desc);

create table time_entries (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  task_id uuid,
  project_id uuid not null,
  user_id uuid not null,
  timesheet_id uuid,
  duration_minutes integer not null check (duration_minutes between 1 and 1440),
  description text,
  logged_on date not null,
  is_billable boolean not null default true,
  bill_rate_cents bigint check (bill_rate_cents >= 0),
  cost_rate_cents bigint check (cost_rate_cents >= 0),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint time_entries_task_id_fkey foreign key (org_id, project_id, task_id) references tasks (org_id, project_id, id),
  constraint time_entries_project_id_fkey foreign key (org_id, project_id) references projects (org_id, id),
  constraint time_entries_user_id_fkey foreign key (org_id, user_id) references org_members (org_id, user_id),
  constraint time_entries_timesheet_id_fkey foreign key (org_id, timesheet_id) references timesheets (org_id, id)
);
create index time_entries_task_id_idx on time_entries (org_id, task_id);
create index time_entries_of_project on time_entries (org_id, project_id, logged_on desc, id desc);
create index time_entries_of_user on time_entries (org_id, user_id, logged_on desc, id desc);
create index time_entries_of_timesheet on time_entries (org_id, timesheet_id, logged_on desc, id desc);
create index time_entries_page on time_entries (org_id, logged_on desc, id desc);

-- An hour costs what it cost when it was logged: the rates of the person in the project are copied, unless given. Time that
-- is moved to another project or person costs what it costs there.
create function app.rate_time_entry() returns trigger language plpgsql as $$
declare
  source project_members;
begin
  select * into source from project_members where org_id = new.org_id and project_id = new.project_id and user_id = new.user_id;
  if tg_op = 'INSERT' then
    new.bill_rate_cents := coalesce(new.bill_rate_cents, source.bill_rate_cents);
    new.cost_rate_cents := coalesce(new.cost_rate_cents, source.cost_rate_cents);
  elsif (new.project_id, new.user_id) <> (old.project_id, old.user_id) then
    new.bill_rate_cents := case when new.bill_rate_cents is distinct from old.bill_rate_cents then new.bill_rate_cents else source.bill_rate_cents end;
    new.cost_rate_cents := case when new.cost_rate_cents is distinct from old.cost_rate_cents then new.cost_rate_cents else source.cost_rate_cents end;
  end if;
  return new;
end
$$;
create trigger rate before insert or update of project_id, user_id on time_entries for each row execute function app.rate_time_entry();

-- Time on a timesheet is that of its person, in its period. An entry that moves out of it leaves the sheet.
create function app.fit_time_entry() returns trigger language plpgsql as $$
declare
  fits boolean;
begin
  select sheet.user_id = new.user_id and new.logged_on between sheet.period_start_on and sheet.period_end_on into fits
    from timesheets sheet where sheet.org_id = new.org_id and sheet.id = new.timesheet_id;
  if not fits and tg_op = 'UPDATE' and new.timesheet_id = old.timesheet_id then
    new.timesheet_id := null;
  elsif not fits then
    raise exception 'not of this timesheet' using errcode = 'check_violation', table = 'time_entries', constraint = 'time_entries_timesheet_id_check';
  end if;
  return new;
end
$$;
create trigger fit before insert or update of user_id, logged_on, timesheet_id on time_entries for each row execute function app.fit_time_entry();

-- Nothing is added to a timesheet that is submitted or approved, changed in it, or taken from it, and its days take no more
-- time. Waits for a sheet that is changing its state at this moment, and holds it until this is saved.
create function app.lock_time_entry() returns trigger language plpgsql as $$
declare
  state text;
begin
  for state in select status from timesheets sheet
      where sheet.org_id = coalesce(new.org_id, old.org_id) and (sheet.id in (old.timesheet_id, new.timesheet_id)
        or (sheet.user_id = new.user_id and new.logged_on between sheet.period_start_on and sheet.period_end_on))
      order by sheet.id for share loop
    if state in ('submitted', 'approved') then
      raise exception 'timesheet is %', state using errcode = 'check_violation', table = 'time_entries', constraint = 'time_entries_timesheet_lock';
    end if;
  end loop;
  return coalesce(new, old);
end
$$;
create trigger lock_entry before insert or update or delete on time_entries for each row execute function app.lock_time_entry();
select app.protect('time_entries');

-- A timesheet that is submitted or approved keeps its person and its days, and stays.
create function app.lock_timesheet() returns trigger language plpgsql as $$
begin
  if old.status in ('submitted', 'approved') and (tg_op = 'DELETE'
      or (new.user_id, new.period_start_on, new.period_end_on) <> (old.user_id, old.period_start_on, old.period_end_on)) then
    raise exception 'timesheet is %', old.status using errcode = 'check_violation', table = 'timesheets', constraint = 'timesheets_lock';
  end if;
  return coalesce(new, old);
end
$$;
create trigger lock_sheet before update or delete on timesheets for each row execute function app.lock_timesheet();

-- Entries leave a sheet whose days move away from them.
create function app.release_time_entries() returns trigger language plpgsql as $$
begin
  update time_entries set timesheet_id = null where org_id = new.org_id and timesheet_id = new.id
    and (user_id <> new.user_id or logged_on not between new.period_start_on and new.period_end_on);
  return null;
end
$$;
create trigger release after update of user_id, period_start_on, period_end_on on timesheets
  for each row execute function app.release_time_entries();
select app.protect('timesheets');

alter table documents add column project_id uuid;
select app.reference('documents', 'project_id', 'projects');
select app.count_changes('documents');
