-- Tickets and how fast they are answered; devices, stock, and technicians on their way.

set local role gateway_owner;

create table slas (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  name text not null check (name <> ''),
  priority text check (priority in ('low', 'medium', 'high', 'urgent')),
  first_response_minutes integer not null check (first_response_minutes > 0),
  resolution_minutes integer not null,
  is_active boolean not null default true,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint slas_resolution_minutes_check check (resolution_minutes >= first_response_minutes)
);
create unique index slas_priority_key on slas (org_id, priority) where is_active;
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
create unique index devices_serial_number_key on devices (org_id, serial_number) where deleted_at is null;
select app.reference('devices', 'property_id', 'properties');
select app.reference('devices', 'device_type_id', 'device_types');
create index devices_page on devices (org_id, created_at desc, id desc);
create index devices_status on devices (org_id, status, created_at desc);

-- The day of installation: today unless given, and none for what was never installed, or is back in stock.
create function app.device_installed_on() returns trigger language plpgsql as $$
begin
  if new.status = 'installed' then
    new.installed_on := coalesce(new.installed_on, (now() at time zone 'UTC')::date);
  elsif new.status = 'in_stock' then
    new.installed_on := null;
  end if;
  return new;
end
$$;
create trigger installed_on before insert or update on devices for each row execute function app.device_installed_on();
select app.protect('devices');

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
  primary key (org_id, id),
  constraint service_agreements_starts_on_check check (status in ('draft', 'canceled') or starts_on is not null),
  constraint service_agreements_ends_on_check check (ends_on >= starts_on)
);
select app.reference('service_agreements', 'account_id', 'accounts');
select app.reference('service_agreements', 'property_id', 'properties');
select app.reference('service_agreements', 'sla_id', 'slas');
create index service_agreements_page on service_agreements (org_id, created_at desc, id desc);
create index service_agreements_status on service_agreements (org_id, status, ends_on);
select app.protect('service_agreements');

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
  -- The moment at which a promise is broken: none once it was kept, or when nothing was promised.
  first_response_breach_at timestamptz(3) generated always as
    (case when first_responded_at is null or first_responded_at > first_response_due_at then first_response_due_at end) stored,
  resolution_breach_at timestamptz(3) generated always as
    (case when resolved_at is null or resolved_at > resolution_due_at then resolution_due_at end) stored,
  tags text[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint tickets_ticket_number_key unique (org_id, ticket_number)
);
select app.reference('tickets', 'account_id', 'accounts');
select app.reference('tickets', 'contact_id', 'contacts');
select app.reference('tickets', 'property_id', 'properties');
select app.reference('tickets', 'device_id', 'devices');
select app.reference('tickets', 'assignee_id', 'org_members');
select app.reference('tickets', 'sla_id', 'slas');
drop index tickets_account_id_idx, tickets_assignee_id_idx;
create index tickets_of_account on tickets (org_id, account_id, created_at desc, id desc);
create index tickets_of_assignee on tickets (org_id, assignee_id, status, created_at desc);
create index tickets_page on tickets (org_id, created_at desc, id desc);
create index tickets_status on tickets (org_id, status, created_at desc);
create index tickets_first_response_breach on tickets (org_id, first_response_breach_at) where first_response_breach_at is not null;
create index tickets_resolution_breach on tickets (org_id, resolution_breach_at) where resolution_breach_at is not null;

-- The SLA of a ticket that names none: that of the account's agreement, one for the very property first, else the active
-- one for its priority.
create function app.sla_for(ticket tickets) returns uuid language sql stable
  begin atomic
    select coalesce(
      (select sla.id from public.service_agreements agreement
        join public.slas sla on sla.org_id = agreement.org_id and sla.id = agreement.sla_id and sla.is_active
        where agreement.org_id = (ticket).org_id and agreement.account_id = (ticket).account_id and agreement.status = 'active'
          and (agreement.property_id is null or agreement.property_id = (ticket).property_id)
          and (now() at time zone 'UTC')::date between agreement.starts_on and coalesce(agreement.ends_on, 'infinity')
        order by agreement.property_id nulls last, agreement.starts_on desc, agreement.id limit 1),
      (select id from public.slas where org_id = (ticket).org_id and priority = (ticket).priority and is_active));
  end;
grant execute on function app.sla_for(tickets) to gateway, gateway_service;

-- What follows from the rest of a ticket, whoever writes it: its number, its SLA, when it is due, when it was solved. An SLA
-- for one priority goes when the priority changes; one for every priority stays.
create function app.complete_ticket() returns trigger language plpgsql as $$
declare
  number text;
  opened timestamptz;
begin
  if tg_op = 'INSERT' then
    number := app.next_number(new.org_id, 'ticket')::text;
    new.ticket_number := 'T-' || lpad(number, greatest(6, length(number)), '0');
    new.sla_id := coalesce(new.sla_id, app.sla_for(new));
    opened := new.created_at;
  else
    new.ticket_number := old.ticket_number;
    if new.priority <> old.priority and new.sla_id is not distinct from old.sla_id and not exists (
        select from slas where org_id = new.org_id and id = new.sla_id and priority is null) then
      new.sla_id := app.sla_for(new);
    end if;
    opened := old.created_at;
  end if;
  if tg_op = 'INSERT' or new.sla_id is distinct from old.sla_id then
    select opened + make_interval(mins => first_response_minutes), opened + make_interval(mins => resolution_minutes)
      into new.first_response_due_at, new.resolution_due_at from slas where org_id = new.org_id and id = new.sla_id;
  end if;
  if new.status in ('resolved', 'closed') then
    new.resolved_at := coalesce(new.resolved_at, now());
    new.first_responded_at := coalesce(new.first_responded_at, new.resolved_at);
  else
    new.resolved_at := null;
  end if;
  return new;
end
$$;
create trigger complete before insert or update on tickets for each row execute function app.complete_ticket();
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
drop index ticket_comments_ticket_id_idx;
create index ticket_comments_of_ticket on ticket_comments (org_id, ticket_id, created_at desc, id desc);
create index ticket_comments_page on ticket_comments (org_id, created_at desc, id desc);

-- The first word of staff that the client can read answers the ticket.
create function app.answer_ticket() returns trigger language plpgsql as $$
begin
  update tickets set first_responded_at = case tg_op when 'INSERT' then new.created_at else now() end
    where org_id = new.org_id and id = new.ticket_id and first_responded_at is null;
  return null;
end
$$;
create trigger answer after insert or update of is_internal on ticket_comments for each row
  when (not new.is_internal and new.author_id is not null) execute function app.answer_ticket();
select app.protect('ticket_comments');

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
  primary key (org_id, id),
  constraint warranties_ends_on_check check (ends_on >= starts_on)
);
select app.reference('warranties', 'device_id', 'devices');
drop index warranties_device_id_idx;
create index warranties_of_device on warranties (org_id, device_id, ends_on);
create index warranties_end on warranties (org_id, ends_on);
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
  primary key (org_id, id),
  constraint task_devices_device_id_key unique (org_id, task_id, device_id)
);
select app.reference('task_devices', 'task_id', 'tasks', 'cascade');
drop index task_devices_task_id_idx;
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
  reorder_point integer not null default 0 check (reorder_point >= 0),
  quantity_in_stock integer not null default 0,
  needs_reorder boolean not null generated always as (quantity_in_stock < reorder_point) stored,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint inventory_items_sku_key unique (org_id, sku)
);
select app.reference('inventory_items', 'device_type_id', 'device_types');
create index inventory_items_reorder on inventory_items (org_id, sku) where needs_reorder;
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
  quantity integer not null default 0 check (quantity between 0 and 1000000),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint stock_levels_item_id_key unique (org_id, item_id, warehouse_id)
);
select app.reference('stock_levels', 'item_id', 'inventory_items');
drop index stock_levels_item_id_idx;
select app.reference('stock_levels', 'warehouse_id', 'warehouses');
create index stock_levels_page on stock_levels (org_id, created_at desc, id desc);
select app.protect('stock_levels');

create table vehicle_inventory (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  technician_id uuid not null,
  vehicle text not null default 'Van' check (vehicle <> ''),
  item_id uuid not null,
  quantity integer not null default 0 check (quantity between 0 and 1000000),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint vehicle_inventory_item_id_key unique (org_id, technician_id, vehicle, item_id)
);
select app.reference('vehicle_inventory', 'technician_id', 'org_members');
drop index vehicle_inventory_technician_id_idx;
select app.reference('vehicle_inventory', 'item_id', 'inventory_items');
create index vehicle_inventory_page on vehicle_inventory (org_id, created_at desc, id desc);
select app.protect('vehicle_inventory');

-- Adds up what there is of an item, when the transaction is saved: what only moved has not changed. The lock makes those
-- who change the same item take turns, so that the later one counts what the earlier one saved.
create function app.count_stock() returns trigger language plpgsql as $$
declare
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  item uuid;
begin
  foreach item in array case tg_op when 'INSERT' then array[new.item_id] when 'DELETE' then array[old.item_id]
      when 'UPDATE' then array[old.item_id, new.item_id] end loop
    perform from inventory_items where org_id = org and id = item for update;
    update inventory_items set quantity_in_stock = total
      from (select coalesce(sum(quantity), 0) as total from (
        select quantity from stock_levels where org_id = org and item_id = item
        union all select quantity from vehicle_inventory where org_id = org and item_id = item) places) counted
      where org_id = org and id = item and quantity_in_stock <> total;
  end loop;
  return null;
end
$$;
create constraint trigger add_up after insert or update or delete on stock_levels deferrable initially deferred
  for each row execute function app.count_stock();
create constraint trigger add_up after insert or update or delete on vehicle_inventory deferrable initially deferred
  for each row execute function app.count_stock();

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
  primary key (org_id, id),
  constraint dispatch_assignments_subject_check check (num_nonnulls(task_id, ticket_id) = 1),
  constraint dispatch_assignments_ends_at_check check (ends_at > starts_at),
  constraint dispatch_assignments_completed_at_check check (completed_at >= arrived_at),
  constraint dispatch_assignments_overlap exclude using gist
    (org_id with =, technician_id with =, tstzrange(starts_at, ends_at) with &&) where (status <> 'canceled')
);
select app.reference('dispatch_assignments', 'technician_id', 'org_members');
drop index dispatch_assignments_technician_id_idx;
create index dispatch_assignments_of_technician on dispatch_assignments (org_id, technician_id, starts_at);
create index dispatch_assignments_day on dispatch_assignments (org_id, starts_at, id);
select app.reference('dispatch_assignments', 'task_id', 'tasks');
select app.reference('dispatch_assignments', 'ticket_id', 'tickets');
create index dispatch_assignments_page on dispatch_assignments (org_id, created_at desc, id desc);
create index dispatch_assignments_status on dispatch_assignments (org_id, status, starts_at);
select app.protect('dispatch_assignments');
