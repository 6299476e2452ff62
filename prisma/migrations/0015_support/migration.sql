-- Tickets and how fast they are answered; devices, stock, and technicians on their way.

set local role gateway_owner;

create table slas (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  priority text check (priority in ('low', 'medium', 'high', 'urgent')),
  first_response_minutes integer not null check (first_response_minutes >= 0),
  resolution_minutes integer not null check (resolution_minutes >= 0),
  is_active boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index slas_page on slas (org_id, created_at desc, id desc);
select app.protect('slas');

create table device_types (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  category text,
  manufacturer text,
  model text,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index device_types_page on device_types (org_id, created_at desc, id desc);
select app.protect('device_types');

create table devices (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  property_id uuid not null,
  device_type_id uuid not null,
  serial_number text not null check (serial_number <> ''),
  status text not null default 'in_stock' check (status in ('in_stock', 'installed', 'faulty', 'retired')),
  installed_on date,
  config jsonb not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('devices', 'property_id', 'properties');
select app.reference('devices', 'device_type_id', 'device_types');
create index devices_page on devices (org_id, created_at desc, id desc);
create index devices_status on devices (org_id, status, created_at desc);
select app.protect('devices');

create table tickets (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  ticket_number text not null check (ticket_number <> ''),
  subject text not null check (subject <> ''),
  description text,
  status text not null default 'open' check (status in ('open', 'pending', 'on_hold', 'resolved', 'closed')),
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high', 'urgent')),
  channel text not null default 'web' check (channel in ('email', 'phone', 'web', 'chat')),
  account_id uuid,
  contact_id uuid,
  property_id uuid,
  device_id uuid,
  assignee_id uuid,
  sla_id uuid,
  first_response_due_at timestamptz(3),
  resolution_due_at timestamptz(3),
  first_responded_at timestamptz(3),
  resolved_at timestamptz(3),
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('tickets', 'account_id', 'accounts');
select app.reference('tickets', 'contact_id', 'contacts');
select app.reference('tickets', 'property_id', 'properties');
select app.reference('tickets', 'device_id', 'devices');
select app.reference('tickets', 'assignee_id', 'org_members');
select app.reference('tickets', 'sla_id', 'slas');
create index tickets_page on tickets (org_id, created_at desc, id desc);
create index tickets_status on tickets (org_id, status, created_at desc);
select app.protect('tickets');

create table ticket_comments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  ticket_id uuid not null,
  author_id uuid,
  body text not null check (body <> ''),
  is_internal boolean not null default false,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('ticket_comments', 'ticket_id', 'tickets', 'cascade');
select app.reference('ticket_comments', 'author_id', 'org_members');
create index ticket_comments_page on ticket_comments (org_id, created_at desc, id desc);
select app.protect('ticket_comments');

create table service_agreements (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  account_id uuid not null,
  property_id uuid,
  sla_id uuid,
  name text not null check (name <> ''),
  status text not null default 'draft' check (status in ('draft', 'active', 'expired', 'canceled')),
  starts_on date,
  ends_on date,
  fee_cents bigint not null default 0 check (fee_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('service_agreements', 'account_id', 'accounts');
select app.reference('service_agreements', 'property_id', 'properties');
select app.reference('service_agreements', 'sla_id', 'slas');
create index service_agreements_page on service_agreements (org_id, created_at desc, id desc);
create index service_agreements_status on service_agreements (org_id, status, created_at desc);
select app.protect('service_agreements');

create table warranties (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  device_id uuid not null,
  provider text,
  terms text,
  starts_on date not null,
  ends_on date not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('warranties', 'device_id', 'devices');
create index warranties_page on warranties (org_id, created_at desc, id desc);
select app.protect('warranties');

create table task_devices (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  task_id uuid not null,
  device_id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('task_devices', 'task_id', 'tasks', 'cascade');
select app.reference('task_devices', 'device_id', 'devices', 'cascade');
create index task_devices_page on task_devices (org_id, created_at desc, id desc);
select app.protect('task_devices');

create table inventory_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  sku text not null check (sku <> ''),
  name text not null check (name <> ''),
  device_type_id uuid,
  unit_cost_cents bigint not null default 0 check (unit_cost_cents >= 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  reorder_point integer not null default 0,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('inventory_items', 'device_type_id', 'device_types');
create index inventory_items_page on inventory_items (org_id, created_at desc, id desc);
select app.protect('inventory_items');

create table warehouses (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  address jsonb not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create index warehouses_page on warehouses (org_id, created_at desc, id desc);
select app.protect('warehouses');

create table stock_levels (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  item_id uuid not null,
  warehouse_id uuid not null,
  quantity integer not null default 0 check (quantity >= 0),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('stock_levels', 'item_id', 'inventory_items');
select app.reference('stock_levels', 'warehouse_id', 'warehouses');
create index stock_levels_page on stock_levels (org_id, created_at desc, id desc);
select app.protect('stock_levels');

create table vehicle_inventory (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  technician_id uuid not null,
  vehicle text not null default 'Van' check (vehicle <> ''),
  item_id uuid not null,
  quantity integer not null default 0 check (quantity >= 0),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('vehicle_inventory', 'technician_id', 'org_members');
select app.reference('vehicle_inventory', 'item_id', 'inventory_items');
create index vehicle_inventory_page on vehicle_inventory (org_id, created_at desc, id desc);
select app.protect('vehicle_inventory');

create table dispatch_assignments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  technician_id uuid not null,
  task_id uuid,
  ticket_id uuid,
  status text not null default 'scheduled' check (status in ('scheduled', 'en_route', 'on_site', 'done', 'canceled')),
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  arrived_at timestamptz(3),
  completed_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('dispatch_assignments', 'technician_id', 'org_members');
select app.reference('dispatch_assignments', 'task_id', 'tasks');
select app.reference('dispatch_assignments', 'ticket_id', 'tickets');
create index dispatch_assignments_page on dispatch_assignments (org_id, created_at desc, id desc);
create index dispatch_assignments_status on dispatch_assignments (org_id, status, created_at desc);
select app.protect('dispatch_assignments');
