-- Invoices, their lines, the time they bill and what is paid on them; and expenses. What was issued stays as it is, whoever
-- writes: only its payments, its end and its notes are written from then on.

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
  paid_cents bigint not null default 0,
  balance_cents bigint not null generated always as (subtotal_cents + tax_cents - paid_cents) stored,
  issued_on date,
  due_on date,
  paid_at timestamptz(3),
  stripe_invoice_id text check (stripe_invoice_id <> ''),
  stripe_event_at timestamptz(3),
  notes text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint invoices_invoice_number_check check (case when status = 'draft' then invoice_number is null else invoice_number <> '' end),
  constraint invoices_issued_on_check check ((issued_on is null) = (status = 'draft')),
  constraint invoices_due_on_check check (due_on >= issued_on),
  constraint invoices_paid_cents_check check (paid_cents between 0 and subtotal_cents + tax_cents),
  constraint invoices_paid_at_check check ((paid_at is null) = (status <> 'paid') and (status <> 'paid' or paid_cents = subtotal_cents + tax_cents)),
  constraint invoices_void_check check (status <> 'void' or paid_cents = 0)
);
-- A number and an id at Stripe are never given twice, not even when a draft was deleted.
create unique index invoices_invoice_number_key on invoices (org_id, invoice_number);
create unique index invoices_stripe_invoice_id_key on invoices (org_id, stripe_invoice_id);
select app.reference('invoices', 'account_id', 'accounts');
select app.reference('invoices', 'project_id', 'projects');
create index invoices_page on invoices (org_id, created_at desc, id desc);
create index invoices_status on invoices (org_id, status, due_on, id);

-- What an invoice may become. Stripe, too, lets a debt that was given up be paid or voided after all.
create function app.invoice_moves(was text, becomes text) returns boolean language sql immutable parallel safe
  return (was, becomes) in (('draft', 'open'), ('open', 'paid'), ('open', 'void'), ('open', 'uncollectible'),
    ('uncollectible', 'paid'), ('uncollectible', 'void'));
grant execute on function app.invoice_moves(text, text) to gateway, gateway_service;

-- An issued invoice stays as it is, and stays. One that is being issued gets its number, the next one of its organization,
-- and its days; payments that came before it count from now on.
create function app.guard_invoice() returns trigger language plpgsql as $$
declare
  was constant text := case tg_op when 'INSERT' then 'draft' else old.status end;
  number text;
begin
  if tg_op = 'DELETE' then
    if was <> 'draft' then
      raise exception 'an issued invoice stays' using errcode = 'check_violation', table = 'invoices', constraint = 'invoices_issued';
    end if;
    return old;
  end if;
  if was <> 'draft' and old.deleted_at is null and new.deleted_at is not null then
    raise exception 'an issued invoice stays' using errcode = 'check_violation', table = 'invoices', constraint = 'invoices_issued';
  elsif was <> 'draft' and (new.id, new.account_id, new.project_id, new.invoice_number, new.currency, new.subtotal_cents, new.tax_cents, new.issued_on, new.due_on)
      is distinct from (old.id, old.account_id, old.project_id, old.invoice_number, old.currency, old.subtotal_cents, old.tax_cents, old.issued_on, old.due_on) then
    raise exception 'an issued invoice is fixed' using errcode = 'check_violation', table = 'invoices', constraint = 'invoices_fixed';
  elsif tg_op = 'UPDATE' and new.status <> was and not app.invoice_moves(was, new.status) then
    raise exception 'no way from % to %', was, new.status using errcode = 'check_violation', table = 'invoices', constraint = 'invoices_status_move';
  end if;
  if was <> 'draft' or new.status = 'draft' then
    return new;
  end if;
  if new.subtotal_cents + new.tax_cents = 0 then
    raise exception 'nothing to pay' using errcode = 'check_violation', table = 'invoices', constraint = 'invoices_nothing';
  end if;
  if new.invoice_number is null then
    number := app.next_number(new.org_id, 'invoice');
    new.invoice_number := 'INV-' || lpad(number, greatest(6, length(number)), '0');
  end if;
  new.issued_on := coalesce(new.issued_on, (now() at time zone 'utc')::date);
  new.due_on := coalesce(new.due_on, new.issued_on + 30);
  if tg_op = 'UPDATE' then
    new.paid_cents := (select coalesce(sum(amount_cents), 0) from payments where org_id = new.org_id and invoice_id = new.id);
    if new.paid_cents = new.subtotal_cents + new.tax_cents then
      new.status := 'paid';
      new.paid_at := now();
    end if;
  end if;
  return new;
end
$$;
create trigger guard_invoice before insert or update or delete on invoices for each row execute function app.guard_invoice();
select app.protect('invoices');

create table invoice_line_items (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  invoice_id uuid not null,
  position integer not null default 0,
  description text not null check (description <> ''),
  quantity numeric(12, 3) not null default 1 check (quantity > 0),
  unit_price_cents bigint not null default 0,
  tax_rate_bps integer not null default 0 check (tax_rate_bps between 0 and 10000),
  total_cents bigint not null generated always as (round(quantity * unit_price_cents)::bigint) stored,
  tax_cents bigint not null generated always as (round(round(quantity * unit_price_cents) * tax_rate_bps / 10000)::bigint) stored,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('invoice_line_items', 'invoice_id', 'invoices', 'cascade');
drop index invoice_line_items_invoice_id_idx;
create index invoice_line_items_page on invoice_line_items (org_id, invoice_id, position, id);

-- Whoever writes lines or what they bill takes turns with whoever issues the invoice. A missing one is for the foreign key to refuse.
create function app.lock_invoice(org uuid, invoice uuid) returns text language sql volatile
  return (select status from (select status from invoices where org_id = org and id = invoice for update) locked);
grant execute on function app.lock_invoice(uuid, uuid) to gateway, gateway_service;

-- Lines change only while their invoice is a draft.
create function app.guard_invoice_line() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' and app.lock_invoice(old.org_id, old.invoice_id) <> 'draft'
      or tg_op <> 'DELETE' and app.lock_invoice(new.org_id, new.invoice_id) <> 'draft' then
    raise exception 'the lines of an issued invoice are fixed'
      using errcode = 'check_violation', table = 'invoice_line_items', constraint = 'invoice_line_items_fixed';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger guard_invoice_line before insert or update or delete on invoice_line_items for each row execute function app.guard_invoice_line();

-- An invoice's subtotal and tax are those of its lines; each line's tax is rounded for itself. The guard has locked the invoice.
create function app.total_invoice() returns trigger language plpgsql as $$
declare
  whose uuid := case tg_op when 'DELETE' then old.invoice_id else new.invoice_id end;
  whose_org uuid := case tg_op when 'DELETE' then old.org_id else new.org_id end;
begin
  update invoices set subtotal_cents = lines.total, tax_cents = lines.tax
    from (select coalesce(sum(total_cents), 0)::bigint as total, coalesce(sum(tax_cents), 0)::bigint as tax
      from invoice_line_items where org_id = whose_org and invoice_id = whose) lines
    where org_id = whose_org and id = whose and (subtotal_cents, tax_cents) <> (lines.total, lines.tax);
  return null;
end
$$;
create trigger total_invoice after insert or delete or update on invoice_line_items for each row execute function app.total_invoice();
select app.protect('invoice_line_items');

-- The time that a line bills. An entry is billed once: it is free again when the line of a draft is removed, or when
-- whoever voids an invoice says so.
create table invoice_time_entries (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  line_item_id uuid not null,
  time_entry_id uuid not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index invoice_time_entries_time_entry_id_key on invoice_time_entries (org_id, time_entry_id);
select app.reference('invoice_time_entries', 'line_item_id', 'invoice_line_items', 'cascade');
select app.reference('invoice_time_entries', 'time_entry_id', 'time_entries');
drop index invoice_time_entries_time_entry_id_idx;
create index invoice_time_entries_page on invoice_time_entries (org_id, created_at desc, id desc);

create function app.guard_invoice_time() returns trigger language plpgsql as $$
declare
  line constant uuid := case tg_op when 'DELETE' then old.line_item_id else new.line_item_id end;
  org constant uuid := case tg_op when 'DELETE' then old.org_id else new.org_id end;
  status constant text := (select app.lock_invoice(org, invoice_id) from invoice_line_items where org_id = org and id = line);
begin
  if status <> 'draft' and not (tg_op = 'DELETE' and status = 'void') then
    raise exception 'what an issued invoice bills is fixed'
      using errcode = 'check_violation', table = 'invoice_time_entries', constraint = 'invoice_time_entries_fixed';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end
$$;
create trigger guard_invoice_time before insert or update or delete on invoice_time_entries for each row execute function app.guard_invoice_time();
select app.protect('invoice_time_entries');

create table payments (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  invoice_id uuid not null,
  amount_cents bigint not null check (amount_cents > 0),
  currency char(3) not null default 'USD' check (currency ~ '^[A-Z]{3}$'),
  method text not null default 'bank_transfer' check (method in ('card', 'bank_transfer', 'cash', 'check', 'stripe')),
  reference text,
  stripe_payment_id text check (stripe_payment_id <> ''),
  received_at timestamptz(3) not null default now(),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
create unique index payments_stripe_payment_id_key on payments (org_id, stripe_payment_id);
select app.reference('payments', 'invoice_id', 'invoices');
create index payments_page on payments (org_id, received_at desc, id desc);

-- Payments of an invoice take turns. Together they never come to more than its total, in no other currency than its own.
create function app.guard_payment() returns trigger language plpgsql as $$
declare
  invoice invoices;
begin
  select * into invoice from invoices where org_id = new.org_id and id = new.invoice_id for update;
  if invoice.currency <> new.currency then
    raise exception 'another currency' using errcode = 'check_violation', table = 'payments', constraint = 'payments_currency_same';
  elsif invoice.status in ('paid', 'void') then
    raise exception 'nothing to pay' using errcode = 'check_violation', table = 'payments', constraint = 'payments_invoice_open';
  elsif invoice.status <> 'draft' and new.amount_cents > invoice.balance_cents then
    raise exception 'more than the balance' using errcode = 'check_violation', table = 'payments', constraint = 'payments_amount_cents_balance';
  end if;
  return new;
end
$$;
create trigger guard_payment before insert on payments for each row execute function app.guard_payment();

-- What is paid on an invoice is the sum of its payments, and an invoice without a balance is paid.
create function app.settle_invoice() returns trigger language plpgsql as $$
begin
  update invoices set paid_cents = paid_cents + new.amount_cents,
      status = case when balance_cents = new.amount_cents then 'paid' else status end,
      paid_at = case when balance_cents = new.amount_cents then new.received_at end
    where org_id = new.org_id and id = new.invoice_id and status <> 'draft';
  return null;
end
$$;
create trigger settle_invoice after insert on payments for each row execute function app.settle_invoice();
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
  submitted_at timestamptz(3),
  decided_by_id uuid,
  decided_at timestamptz(3),
  note text check (note <> ''),
  reimbursed_at timestamptz(3),
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
create index expenses_status on expenses (org_id, status, spent_on desc, id desc);

-- An expense is written while it is a draft, or was sent back; from its submission on it stays as it is, and stays.
create function app.guard_expense() returns trigger language plpgsql as $$
begin
  if old.status not in ('draft', 'rejected') and (tg_op = 'DELETE' or
      (new.id, new.project_id, new.user_id, new.category, new.vendor, new.amount_cents, new.currency, new.spent_on, new.is_billable, new.receipt_file_id, new.deleted_at)
      is distinct from (old.id, old.project_id, old.user_id, old.category, old.vendor, old.amount_cents, old.currency, old.spent_on, old.is_billable, old.receipt_file_id, old.deleted_at)) then
    raise exception 'a submitted expense is fixed' using errcode = 'check_violation', table = 'expenses', constraint = 'expenses_fixed';
  end if;
  if tg_op = 'DELETE' then
    return old;
  end if;
  if new.status <> old.status and (old.status, new.status) not in (('draft', 'submitted'), ('rejected', 'submitted'),
      ('submitted', 'approved'), ('submitted', 'rejected'), ('approved', 'reimbursed')) then
    raise exception 'no way from % to %', old.status, new.status using errcode = 'check_violation', table = 'expenses', constraint = 'expenses_status_move';
  end if;
  return new;
end
$$;
create trigger guard_expense before update or delete on expenses for each row execute function app.guard_expense();
select app.protect('expenses');
-- Members write their own expenses, admins those of everybody.
create policy add_own on expenses as restrictive for insert to gateway
  with check (user_id = (select app.user_id()) or (select app.is_admin()));
create policy change_own on expenses as restrictive for update to gateway
  using (user_id = (select app.user_id()) or (select app.is_admin()))
  with check (user_id = (select app.user_id()) or (select app.is_admin()));
