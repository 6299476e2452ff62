-- Employees, their reviews, leave and training.

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
  primary key (org_id, id)
);
select app.reference('employees', 'user_id', 'org_members');
select app.reference('employees', 'manager_id', 'employees');
create index employees_page on employees (org_id, created_at desc, id desc);
create index employees_status on employees (org_id, status, created_at desc);
select app.protect('employees', 'self');

create table performance_reviews (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  employee_id uuid not null,
  reviewer_id uuid not null,
  period text,
  rating integer,
  strengths text,
  improvements text,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'acknowledged')),
  submitted_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('performance_reviews', 'employee_id', 'employees');
select app.reference('performance_reviews', 'reviewer_id', 'org_members');
create index performance_reviews_page on performance_reviews (org_id, created_at desc, id desc);
create index performance_reviews_status on performance_reviews (org_id, status, created_at desc);
select app.protect('performance_reviews', 'self');

create table leave_requests (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  employee_id uuid not null,
  type text not null default 'vacation' check (type in ('vacation', 'sick', 'parental', 'unpaid', 'other')),
  starts_on date not null,
  ends_on date not null,
  reason text,
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected', 'canceled')),
  decided_by_id uuid,
  decided_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('leave_requests', 'employee_id', 'employees');
select app.reference('leave_requests', 'decided_by_id', 'org_members');
create index leave_requests_page on leave_requests (org_id, created_at desc, id desc);
create index leave_requests_status on leave_requests (org_id, status, created_at desc);
select app.protect('leave_requests', 'self');

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
  score integer,
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('training_enrollments', 'course_id', 'training_courses');
select app.reference('training_enrollments', 'employee_id', 'employees');
create index training_enrollments_page on training_enrollments (org_id, created_at desc, id desc);
create index training_enrollments_status on training_enrollments (org_id, status, created_at desc);
select app.protect('training_enrollments', 'self');
