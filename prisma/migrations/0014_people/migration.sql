-- Employees, their reviews, leave and training. What is personal is seen by the person, the managers above and admins: the
-- column visible_to names them, kept by triggers, for policies read no tables.

set local role gateway_owner;

create table employees (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  user_id uuid,
  employee_number text,
  first_name text not null check (first_name <> ''),
  last_name text not null check (last_name <> ''),
  email text,
  title text,
  department text,
  manager_id uuid,
  employment_type text not null default 'full_time' check (employment_type in ('full_time', 'part_time', 'contractor', 'intern')),
  status text not null default 'active' check (status in ('active', 'on_leave', 'terminated')),
  hired_on date,
  terminated_on date,
  visible_to uuid[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint employees_terminated_on_check check (terminated_on >= hired_on)
);
create unique index employees_employee_number_key on employees (org_id, employee_number) where deleted_at is null;
create unique index employees_user_id_key on employees (org_id, user_id) where deleted_at is null;
select app.reference('employees', 'user_id', 'org_members');
select app.reference('employees', 'manager_id', 'employees');
create index employees_page on employees (org_id, created_at desc, id desc);
create index employees_status on employees (org_id, status, created_at desc);
create index employees_name on employees (org_id, last_name, first_name, id);
select app.protect('employees', 'self');
select app.overlook('employees', 'visible_to');
-- The records are kept by admins.
create policy add_by_admin on employees as restrictive for insert to gateway with check ((select app.is_admin()));
create policy change_by_admin on employees as restrictive for update to gateway
  using ((select app.is_admin())) with check ((select app.is_admin()));

create table performance_reviews (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  employee_id uuid not null,
  reviewer_id uuid not null,
  period text,
  rating integer check (rating between 1 and 5),
  strengths text,
  improvements text,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'acknowledged')),
  submitted_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint performance_reviews_submitted_check check (status = 'draft' or rating is not null)
);
select app.reference('performance_reviews', 'employee_id', 'employees');
select app.reference('performance_reviews', 'reviewer_id', 'org_members');
create index performance_reviews_page on performance_reviews (org_id, created_at desc, id desc);
create index performance_reviews_status on performance_reviews (org_id, status, created_at desc);
select app.protect('performance_reviews', 'self');
select app.overlook('performance_reviews', 'visible_to');
create policy remove_own_draft on performance_reviews as restrictive for delete to gateway
  using ((select app.is_admin()) or reviewer_id = (select app.user_id()) and status = 'draft');

create table leave_requests (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  employee_id uuid not null,
  type text not null default 'vacation' check (type in ('vacation', 'sick', 'parental', 'unpaid', 'other')),
  starts_on date not null,
  ends_on date not null,
  -- Mondays to Fridays: those before a day, counted from a Monday, are 5 for each whole week and at most 5 of the last.
  working_days integer not null generated always as (
    5 * ((ends_on + 1 - date '0001-01-01') / 7) + least((ends_on + 1 - date '0001-01-01') % 7, 5)
    - 5 * ((starts_on - date '0001-01-01') / 7) - least((starts_on - date '0001-01-01') % 7, 5)) stored,
  reason text,
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'canceled')),
  decided_by_id uuid,
  decided_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint leave_requests_ends_on_check check (ends_on between starts_on and starts_on + 730),
  constraint leave_requests_approved_excl exclude using gist
    (org_id with =, employee_id with =, daterange(starts_on, ends_on, '[]') with &&) where (status = 'approved')
);
select app.reference('leave_requests', 'employee_id', 'employees');
select app.reference('leave_requests', 'decided_by_id', 'org_members');
create index leave_requests_page on leave_requests (org_id, created_at desc, id desc);
create index leave_requests_status on leave_requests (org_id, status, created_at desc);
create index leave_requests_starts_on on leave_requests (org_id, starts_on);
select app.protect('leave_requests', 'self');
select app.overlook('leave_requests', 'visible_to');
create policy remove_by_admin on leave_requests as restrictive for delete to gateway using ((select app.is_admin()));

create table training_courses (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  title text not null check (title <> ''),
  provider text,
  url text,
  is_mandatory boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index training_courses_page on training_courses (org_id, created_at desc, id desc);
select app.protect('training_courses');

create table training_enrollments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  course_id uuid not null,
  employee_id uuid not null,
  status text not null default 'assigned' check (status in ('assigned', 'in_progress', 'completed', 'expired')),
  due_on date,
  completed_at timestamptz(3),
  score integer check (score between 0 and 100),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint training_enrollments_course_id_key unique (org_id, course_id, employee_id),
  constraint training_enrollments_completed_at_check check ((status = 'completed') = (completed_at is not null))
);
select app.reference('training_enrollments', 'course_id', 'training_courses');
select app.reference('training_enrollments', 'employee_id', 'employees');
drop index training_enrollments_course_id_idx; -- the unique constraint begins with it
create index training_enrollments_page on training_enrollments (org_id, created_at desc, id desc);
create index training_enrollments_status on training_enrollments (org_id, status, created_at desc);
create index training_enrollments_due_on on training_enrollments (org_id, due_on);
select app.protect('training_enrollments', 'self');
select app.overlook('training_enrollments', 'visible_to');

-- What follows reads and writes rows that the caller may not see, so it runs as the service role. Rows of another
-- organization are left to the policies to refuse.
set local role gateway_service;

-- Requests that change who leads whom, or hang something on it, take turns; before they lock any row.
create function app.hold_hierarchy() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('hierarchy of ' || app.org_id()::text, 0));
  return null;
end
$$;

-- An employee and everybody above, and which of them still lead.
create function app.line_above(org uuid, employee uuid) returns table (id uuid, user_id uuid, leads boolean) language sql stable as $$
  with recursive line (id) as (
    select employee
    union
    select below.manager_id from line join employees below on below.org_id = org and below.id = line.id
      where below.manager_id is not null
  )
  select who.id, who.user_id, who.status <> 'terminated' and who.deleted_at is null
    from line join employees who on who.org_id = org and who.id = line.id
$$;

-- The users who may see what is personal about an employee: the person, and the managers above who still lead.
create function app.seers_of(org uuid, employee uuid) returns uuid[] language sql stable as $$
  select coalesce(array_agg(distinct line.user_id), '{}') from app.line_above(org, employee) line
    where line.user_id is not null and (line.leads or line.id = employee)
$$;

-- Everybody who leads and everybody whose review somebody writes: whoever sees a row about an employee sees the employee.
create function app.see_employee() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if new.org_id <> app.org_id() then
    return new;
  end if;
  if exists (select from app.line_above(new.org_id, new.manager_id) line where line.id = new.id) or new.manager_id = new.id then
    raise exception 'nobody is above themselves' using errcode = 'check_violation', table = 'employees', constraint = 'employees_manager_id_cycle';
  end if;
  new.visible_to := array(
    select new.user_id where new.user_id is not null
    union select user_id from app.line_above(new.org_id, new.manager_id) where user_id is not null and leads
    union select reviewer_id from performance_reviews where org_id = new.org_id and employee_id = new.id);
  return new;
end
$$;

-- Who leads whom has changed: everybody below is seen by others now, and so is whatever is about them.
create function app.pass_on_visibility() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  below constant uuid[] := array(
    with recursive line (id) as (
      select new.id union select report.id from line join employees report on report.org_id = new.org_id and report.manager_id = line.id
    )
    select id from line);
begin
  update employees set visible_to = default where org_id = new.org_id and id = any (below) and id <> new.id;
  update performance_reviews set visible_to = default where org_id = new.org_id and employee_id = any (below);
  update leave_requests set visible_to = default where org_id = new.org_id and employee_id = any (below);
  update training_enrollments set visible_to = default where org_id = new.org_id and employee_id = any (below);
  return null;
end
$$;

-- Leave and training are seen by those who see the employee as a person, not by whoever reviews.
create function app.see_about_employee() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if new.org_id is not distinct from coalesce(app.org_id(), new.org_id) then
    new.visible_to := app.seers_of(new.org_id, new.employee_id);
  end if;
  return new;
end
$$;

-- A review is seen by the managers above and the reviewer, and by the person once it is submitted.
create function app.see_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if new.org_id is not distinct from coalesce(app.org_id(), new.org_id) then
    new.visible_to := array(
      select line.user_id from app.line_above(new.org_id, new.employee_id) line
        where line.user_id is not null and case when line.id = new.employee_id then new.status <> 'draft' else line.leads end
      union select new.reviewer_id);
  end if;
  return new;
end
$$;

-- A reviewer sees the employee, as long as there is a review.
create function app.see_reviewed() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  org constant uuid := coalesce(new.org_id, old.org_id);
begin
  update employees set visible_to = default
    where org_id = org and (id = old.employee_id or id = new.employee_id and not (new.reviewer_id = any (visible_to)));
  return null;
end
$$;

-- Reviews of others are written by those above them; what is submitted stays; the person acknowledges.
create function app.rule_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  states constant text[] := array['draft', 'submitted', 'acknowledged'];
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  broken text;
begin
  if tg_op = 'INSERT' then
    if asked and not app.is_admin() and (person = app.user_id() or not (app.user_id() = any (app.seers_of(new.org_id, new.employee_id)))) then
      broken := 'by_manager';
    end if;
  elsif old.status <> 'draft' and ((new.employee_id, new.reviewer_id, new.period, new.rating, new.strengths, new.improvements)
      is distinct from (old.employee_id, old.reviewer_id, old.period, old.rating, old.strengths, old.improvements)
      or array_position(states, new.status) < array_position(states, old.status)) then
    broken := 'locked';
  elsif asked and new.status = 'acknowledged' and old.status <> 'acknowledged' and person is not null and person is distinct from app.user_id() then
    broken := 'by_person';
  elsif new.status <> 'draft' and old.status = 'draft' and person is not null then
    new.visible_to := array(select unnest(old.visible_to) union select person);
  end if;
  if broken is not null then
    raise exception 'refused: %', broken using table = 'performance_reviews', constraint = 'performance_reviews_' || broken,
      errcode = case broken when 'locked' then 'check_violation' else 'insufficient_privilege' end;
  end if;
  if new.status <> 'draft' then
    new.submitted_at := coalesce(new.submitted_at, now());
  end if;
  return new;
end
$$;

-- Leave is asked for by the person or those above, and decided by those above: of their own leave nobody but an owner.
create function app.rule_leave() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  decided constant boolean := new.status in ('approved', 'rejected') and (tg_op = 'INSERT' or old.status is distinct from new.status);
  broken text;
begin
  if asked and tg_op = 'INSERT' and not app.is_admin() and not (app.user_id() = any (app.seers_of(new.org_id, new.employee_id))) then
    broken := 'by_line';
  elsif asked and decided and person = app.user_id() and app.role() <> 'owner' then
    broken := 'of_others';
  end if;
  if broken is not null then
    raise exception 'refused: %', broken using table = 'leave_requests', constraint = 'leave_requests_' || broken,
      errcode = 'insufficient_privilege';
  end if;
  if decided then
    new.decided_at := coalesce(new.decided_at, now());
  end if;
  return new;
end
$$;

-- People are enrolled by those above them, and removed by them; what they do in a course is theirs.
create function app.rule_enrollment() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  subject constant uuid := case when tg_op = 'DELETE' then old.employee_id else new.employee_id end;
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  person constant uuid := (select user_id from employees where org_id = org and id = subject);
begin
  if app.org_id() = org and tg_op <> 'UPDATE' and not app.is_admin()
      and (person = app.user_id() or not (app.user_id() = any (app.seers_of(org, subject)))) then
    raise exception 'refused' using table = 'training_enrollments', constraint = 'training_enrollments_by_manager',
      errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  new.completed_at := case when new.status = 'completed' then coalesce(new.completed_at, now()) end;
  return new;
end
$$;
grant execute on function app.hold_hierarchy(), app.see_employee(), app.pass_on_visibility(), app.see_about_employee(), app.see_review(),
  app.see_reviewed(), app.rule_review(), app.rule_leave(), app.rule_enrollment() to gateway_owner;

set local role gateway_owner;

create trigger hold before insert or update of manager_id, user_id, status, deleted_at on employees
  for each statement execute function app.hold_hierarchy();
create trigger see before insert or update of manager_id, user_id, visible_to on employees
  for each row execute function app.see_employee();
create trigger pass_on after insert on employees for each row execute function app.pass_on_visibility();
create trigger pass_on_change after update of manager_id, user_id, status, deleted_at on employees for each row
  when ((old.manager_id, old.user_id, old.status, old.deleted_at) is distinct from (new.manager_id, new.user_id, new.status, new.deleted_at))
  execute function app.pass_on_visibility();

create trigger hold before insert or delete or update of employee_id, reviewer_id on performance_reviews
  for each statement execute function app.hold_hierarchy();
create trigger rule before insert or update on performance_reviews for each row execute function app.rule_review();
create trigger see before insert or update of employee_id, reviewer_id, visible_to on performance_reviews
  for each row execute function app.see_review();
create trigger see_reviewed after insert or delete or update of employee_id, reviewer_id on performance_reviews
  for each row execute function app.see_reviewed();

create trigger hold before insert or update of employee_id on leave_requests for each statement execute function app.hold_hierarchy();
create trigger rule before insert or update on leave_requests for each row execute function app.rule_leave();
create trigger see before insert or update of employee_id, visible_to on leave_requests
  for each row execute function app.see_about_employee();

create trigger hold before insert or update of employee_id on training_enrollments for each statement execute function app.hold_hierarchy();
create trigger rule before insert or delete or update on training_enrollments for each row execute function app.rule_enrollment();
create trigger see before insert or update of employee_id, visible_to on training_enrollments
  for each row execute function app.see_about_employee();
