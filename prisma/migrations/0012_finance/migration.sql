-- Invoices and what is paid on them, and expenses.

set local role gateway_owner;

create table invoices (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid not null,
  project_id uuid,
  invoice_number text,
  status text not null default 'draft' check (status in ('draft', 'open', 'paid', 'void', 'uncollectible')),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  subtotal_cents bigint not null default 0 check (subtotal_cents >= 0),
  tax_cents bigint not null default 0 check (tax_cents >= 0),
  total_cents bigint not null generated always as (subtotal_cents + tax_cents) stored,
  paid_cents bigint not null default 0 check (paid_cents >= 0),
  balance_cents bigint not null generated always as (subtotal_cents + tax_cents - paid_cents) stored,
  issued_on date,
  due_on date,
  paid_at timestamptz(3),
  stripe_invoice_id text,
  notes text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('invoices', 'account_id', 'accounts');
select app.reference('invoices', 'project_id', 'projects');
create index invoices_page on invoices (org_id, created_at desc, id desc);
create index invoices_status on invoices (org_id, status, created_at desc);
select app.protect('invoices');

create table invoice_line_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  invoice_id uuid not null,
  position integer not null default 0,
  description text not null check (description <> ''),
  quantity numeric(12, 3) not null default 1,
  unit_price_cents bigint not null default 0 check (unit_price_cents >= 0),
  tax_rate_bps integer not null default 0 check (tax_rate_bps >= 0),
  total_cents bigint not null generated always as (round(quantity * unit_price_cents)::bigint) stored,
  time_entry_id uuid,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('invoice_line_items', 'invoice_id', 'invoices', 'cascade');
select app.reference('invoice_line_items', 'time_entry_id', 'time_entries');
create index invoice_line_items_page on invoice_line_items (org_id, created_at desc, id desc);
select app.protect('invoice_line_items');

create table payments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  invoice_id uuid not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  method text not null default 'bank_transfer' check (method in ('card', 'bank_transfer', 'cash', 'check', 'stripe')),
  reference text,
  stripe_payment_id text,
  received_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('payments', 'invoice_id', 'invoices');
create index payments_page on payments (org_id, created_at desc, id desc);
select app.protect('payments', 'append');

create table expenses (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  project_id uuid,
  user_id uuid not null,
  category text,
  vendor text,
  amount_cents bigint not null check (amount_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  spent_on date not null,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'approved', 'rejected', 'reimbursed')),
  is_billable boolean not null default false,
  receipt_file_id uuid,
  decided_by_id uuid,
  decided_at timestamptz(3),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('expenses', 'project_id', 'projects');
select app.reference('expenses', 'user_id', 'org_members');
select app.reference('expenses', 'receipt_file_id', 'files');
select app.reference('expenses', 'decided_by_id', 'org_members');
create index expenses_page on expenses (org_id, created_at desc, id desc);
create index expenses_status on expenses (org_id, status, created_at desc);
select app.protect('expenses');
