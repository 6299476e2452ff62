-- Who may give what to whom, what ends with a membership, and who decides on what: never on one's own, unless an owner.

set local role gateway_owner;

-- Whether a request itself writes the row at hand: neither the server nor a trigger or function of ours. Those run as the
-- role of the service, or further down; the login of a request need not take on a role.
create function app.asked() returns boolean language sql stable
  return pg_trigger_depth() = 1 and not pg_has_role(current_user, 'gateway_service', 'member');

-- The person behind the caller: of an API key, whoever made it.
create function app.acting_person() returns uuid language sql stable
  return coalesce(app.user_id(), (select created_by_id from api_keys where org_id = app.org_id() and id = app.api_key_id()));

-- Whether the caller has every permission of a role, with what is granted beyond it and within the scopes of a key.
create function app.holds(role_name text, granted text[], scopes text[]) returns boolean language sql stable
  return not exists (select from jsonb_object_keys(app.least_roles()) as permission
    where app.has_permission(role_name, granted, scopes, permission) and not app.may(permission));

create function app.refuse(relation text, rule text) returns void language plpgsql as $$
begin
  raise exception 'refused: %', rule using errcode = 'insufficient_privilege', table = relation, constraint = relation || '_' || rule;
end
$$;
grant execute on function app.asked(), app.acting_person(), app.holds(text, text[], text[]), app.refuse(text, text) to gateway, gateway_service;

-- Nobody gives what they do not have, and nobody changes what somebody has who has more than they.
create function app.guard_member() returns trigger language plpgsql as $$
declare
  had constant boolean := tg_op <> 'INSERT' and old.status = 'active';
  has constant boolean := tg_op <> 'DELETE' and new.status = 'active';
begin
  if app.asked() and (tg_op <> 'UPDATE' or (new.role, new.permissions, new.status) is distinct from (old.role, old.permissions, old.status))
      and (had and not app.holds(old.role, old.permissions, '{*}') or has and not app.holds(new.role, new.permissions, '{*}')) then
    perform app.refuse('org_members', 'not_held');
  end if;
  return coalesce(new, old);
end
$$;
-- Triggers run by their names: after those that keep owners, and that take grants away.
create trigger not_held before insert or update or delete on org_members for each row execute function app.guard_member();

-- With a membership or a role ends what was granted beyond it: whoever comes back begins without.
create function app.end_grants() returns trigger language plpgsql as $$
begin
  if new.status <> old.status or not app.at_least(new.role, old.role) and new.permissions = old.permissions then
    new.permissions := '{}';
  end if;
  return new;
end
$$;
create trigger end_grants before update of role, status on org_members for each row execute function app.end_grants();

create function app.guard_invitation() returns trigger language plpgsql as $$
begin
  if app.asked() then
    if tg_op = 'INSERT' then
      new.invited_by_id := app.acting_person();
    elsif new.invited_by_id is distinct from old.invited_by_id then
      perform app.refuse('org_invitations', 'sender');
    end if;
    if (tg_op = 'INSERT' or new.role <> old.role or new.status = 'pending' and old.status <> 'pending')
        and not app.holds(new.role, '{}', '{*}') then
      perform app.refuse('org_invitations', 'not_held');
    end if;
  end if;
  return new;
end
$$;
create trigger not_held before insert or update on org_invitations for each row execute function app.guard_invitation();

-- A key belongs to the person who made it, also when that was done with another key.
create function app.guard_key() returns trigger language plpgsql as $$
begin
  if app.asked() then
    if tg_op = 'INSERT' then
      new.created_by_id := app.acting_person();
    end if;
    if (tg_op = 'INSERT' or (new.role, new.scopes, new.created_by_id, new.prefix, new.key_hash)
          is distinct from (old.role, old.scopes, old.created_by_id, old.prefix, old.key_hash)
        or new.revoked_at is null and old.revoked_at is not null) and not app.holds(new.role, '{}', new.scopes) then
      perform app.refuse('api_keys', 'not_held');
    end if;
  end if;
  return new;
end
$$;
create trigger not_held before insert or update on api_keys for each row execute function app.guard_key();

set local role gateway_service;

-- Keys of whoever leaves end, if they were not passed on before, and so do the invitations that they sent. Of whoever is
-- given a lower role, those end that invite to more than it; their keys do no more than they from their next request on.
create function app.end_membership() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  update public.api_keys set revoked_at = now()
    where org_id = new.org_id and created_by_id = new.user_id and revoked_at is null and new.status = 'removed';
  update public.org_invitations set status = 'revoked'
    where org_id = new.org_id and invited_by_id = new.user_id and status = 'pending'
      and (new.status = 'removed' or not app.at_least(new.role, role));
  return null;
end
$$;
grant execute on function app.end_membership() to gateway_owner;

-- Those who left before this was held.
update public.org_members set permissions = '{}' where status = 'removed' and permissions <> '{}';
update public.api_keys set revoked_at = now() where revoked_at is null and exists (select from public.org_members maker
  where maker.org_id = api_keys.org_id and maker.user_id = api_keys.created_by_id and maker.status = 'removed');
update public.org_invitations set status = 'revoked' where status = 'pending' and exists (select from public.org_members sender
  where sender.org_id = org_invitations.org_id and sender.user_id = org_invitations.invited_by_id and sender.status = 'removed');

set local role gateway_owner;
create trigger end_membership after update of role, status on org_members for each row
  when ((old.role, old.status) is distinct from (new.role, new.status)) execute function app.end_membership();

-- An organization is closed, and opened again, by owners.
create function app.guard_closing() returns trigger language plpgsql as $$
begin
  if app.asked() and new.deleted_at is distinct from old.deleted_at and not app.may('organization:own') then
    perform app.refuse('organizations', 'owner_only');
  end if;
  return new;
end
$$;
create trigger guard_closing before update of deleted_at on organizations for each row execute function app.guard_closing();

-- Who runs a project decides on the time and the results of others, so it takes a permission to name them. Whoever names
-- others does not name themselves, unless they decide anyway.
create function app.guard_manager() returns trigger language plpgsql as $$
begin
  if app.asked() and new.manager_id is distinct from (case when tg_op = 'UPDATE' then old.manager_id end) then
    if not app.may('projects:assign') then
      perform app.refuse('projects', 'manager_id_named');
    elsif new.manager_id = app.acting_person() and not app.may('delivery:destroy') then
      perform app.refuse('projects', 'manager_id_self');
    end if;
  end if;
  return new;
end
$$;
create trigger guard_manager before insert or update of manager_id on projects for each row execute function app.guard_manager();

create function app.manages(org uuid, project uuid) returns boolean language sql stable
  return exists (select from projects where org_id = org and id = project and manager_id = app.user_id());
grant execute on function app.manages(uuid, uuid) to gateway, gateway_service;

-- What an hour costs is set by whoever has the permission. The copies that triggers take come after this one.
create function app.guard_rates() returns trigger language plpgsql as $$
begin
  if app.asked() and not app.may('rates:write') and (new.bill_rate_cents, new.cost_rate_cents) is distinct from
      (case when tg_op = 'UPDATE' then old.bill_rate_cents end, case when tg_op = 'UPDATE' then old.cost_rate_cents end) then
    perform app.refuse(tg_table_name, 'rates');
  end if;
  return new;
end
$$;
create trigger guard_rates before insert or update on project_members for each row execute function app.guard_rates();
create trigger guard_rates before insert or update on time_entries for each row execute function app.guard_rates();

-- Time is its person's to log, change and delete; that of others the manager's of the project, and theirs who may destroy.
create function app.guard_time_entry() returns trigger language plpgsql as $$
begin
  if app.asked() and not app.may('delivery:destroy') and (
      tg_op <> 'INSERT' and old.user_id is distinct from app.user_id() and not app.manages(old.org_id, old.project_id)
      or tg_op <> 'DELETE' and new.user_id is distinct from app.user_id() and not app.manages(new.org_id, new.project_id)) then
    perform app.refuse('time_entries', 'own');
  end if;
  return coalesce(new, old);
end
$$;
create trigger guard_own before insert or update or delete on time_entries for each row execute function app.guard_time_entry();

-- A timesheet is its person's; the managers of all its projects decide on it, or who may destroy, and nobody on their own.
create function app.guard_timesheet() returns trigger language plpgsql as $$
begin
  if not app.asked() then
    return coalesce(new, old);
  elsif tg_op = 'INSERT' and new.status <> 'draft' then
    perform app.refuse('timesheets', 'status_move');
  elsif tg_op = 'UPDATE' and new.status <> old.status and 'draft' <> all (array[new.status, old.status]) and new.status <> 'submitted' then
    if app.acting_person() in (old.user_id, new.user_id) and not app.may('organization:own') then
      perform app.refuse('timesheets', 'of_others');
    elsif not app.may('delivery:destroy') and (new.user_id <> old.user_id or not coalesce((select bool_and(app.manages(org_id, project_id))
        from time_entries where org_id = old.org_id and timesheet_id = old.id and deleted_at is null), false)) then
      perform app.refuse('timesheets', 'decider');
    elsif (old.status, new.status) not in (('submitted', 'approved'), ('submitted', 'rejected'), ('approved', 'rejected')) then
      perform app.refuse('timesheets', 'status_move');
    end if;
    new.decided_by_id := app.user_id();
    return new;
  elsif tg_op = 'UPDATE' and new.status <> old.status and (old.status, new.status) not in (('draft', 'submitted'), ('rejected', 'submitted')) then
    perform app.refuse('timesheets', 'status_move');
  end if;
  if not app.may('delivery:destroy') and (tg_op <> 'INSERT' and old.user_id is distinct from app.user_id()
      or tg_op <> 'DELETE' and new.user_id is distinct from app.user_id()) then
    perform app.refuse('timesheets', 'own');
  end if;
  return coalesce(new, old);
end
$$;
create trigger guard_own before insert or update or delete on timesheets for each row execute function app.guard_timesheet();

-- A deliverable is decided on by the manager of its project or who may destroy, and not by whoever handed it in.
alter table deliverables add column submitted_by_id uuid;
select app.reference('deliverables', 'submitted_by_id', 'org_members');
create function app.guard_deliverable() returns trigger language plpgsql as $$
declare
  before constant text := case when tg_op = 'UPDATE' then old.status else 'draft' end;
begin
  if not app.asked() then
    return new;
  end if;
  if new.submitted_by_id is distinct from (case when tg_op = 'UPDATE' then old.submitted_by_id end) then
    perform app.refuse('deliverables', 'submitted_by_id');
  elsif new.status = before then
    return new;
  elsif tg_op = 'INSERT' or (before, new.status) not in (('draft', 'in_review'), ('rejected', 'in_review'), ('in_review', 'approved'),
      ('in_review', 'rejected'), ('approved', 'delivered')) then
    perform app.refuse('deliverables', 'status_move');
  elsif new.status = 'in_review' then
    new.submitted_by_id := app.acting_person();
  elsif before = 'in_review' then
    if not app.may('delivery:destroy') and not (app.manages(new.org_id, old.project_id) and new.project_id = old.project_id) then
      perform app.refuse('deliverables', 'decider');
    elsif old.submitted_by_id = app.acting_person() and not app.may('organization:own') then
      perform app.refuse('deliverables', 'of_others');
    end if;
    new.approved_by_id := case when new.status = 'approved' then app.user_id() end;
  end if;
  return new;
end
$$;
create trigger guard_decision before insert or update on deliverables for each row execute function app.guard_deliverable();

-- Colleagues' expenses are seen by those who decide on them.
create policy read_own on expenses as restrictive for select to gateway
  using (user_id = (select app.user_id()) or (select app.may('finance:destroy')));

create function app.guard_expense_decision() returns trigger language plpgsql as $$
begin
  if not app.asked() then
    return new;
  elsif tg_op = 'INSERT' then
    if new.status <> 'draft' then
      perform app.refuse('expenses', 'status_new');
    end if;
  elsif new.status <> old.status and new.status <> 'submitted' then
    if not app.may('finance:destroy') then
      perform app.refuse('expenses', 'decider');
    elsif app.acting_person() in (old.user_id, new.user_id) and not app.may('organization:own') then
      perform app.refuse('expenses', 'of_others');
    end if;
    new.decided_by_id := case when new.status = 'reimbursed' then old.decided_by_id else app.user_id() end;
  end if;
  return new;
end
$$;
create trigger guard_decision before insert or update on expenses for each row execute function app.guard_expense_decision();

-- Who asks for an approval is who asks; what it is about and who is asked stay.
create function app.guard_approval_request() returns trigger language plpgsql as $$
begin
  if not app.asked() then
    return new;
  elsif tg_op = 'UPDATE' then
    if (new.entity_type, new.entity_id, new.requested_by_id, new.approver_id, new.payload)
        is distinct from (old.entity_type, old.entity_id, old.requested_by_id, old.approver_id, old.payload) then
      perform app.refuse('approvals', 'request_fixed');
    end if;
    return new;
  end if;
  new.requested_by_id := app.acting_person();
  if new.status <> 'pending' or new.approver_id = new.requested_by_id then
    perform app.refuse('approvals', 'own_guard');
  end if;
  return new;
end
$$;
create trigger guard_request before insert or update on approvals for each row execute function app.guard_approval_request();

-- As before, and a key decides on nothing of whoever made it.
create or replace function app.guard_approval() returns trigger language plpgsql as $$
declare
  me constant uuid := app.acting_person();
begin
  if new.status = old.status then
    return new;
  elsif old.status <> 'pending' then
    raise exception 'decided already' using errcode = 'check_violation', table = 'approvals', constraint = 'approvals_status_move';
  elsif app.org_id() is null then
    null;
  elsif new.status = 'canceled' then
    if me is distinct from old.requested_by_id and not app.may('platform:destroy') then
      perform app.refuse('approvals', 'canceler_guard');
    end if;
  elsif me is distinct from old.approver_id and not app.may('platform:destroy') then
    perform app.refuse('approvals', 'approver_guard');
  elsif me = old.requested_by_id and not app.may('organization:own') then
    perform app.refuse('approvals', 'own_guard');
  end if;
  new.decided_at := coalesce(new.decided_at, now());
  new.decided_by_id := coalesce(me, new.decided_by_id);
  return new;
end
$$;

-- Whoever may not write in an area still settles what is theirs: what they have read, and whether they come.
create function app.keep_to_own() returns trigger language plpgsql as $$
begin
  if app.asked() and not app.may('communication:write')
      and to_jsonb(new) - array['last_read_at', 'status'] <> to_jsonb(old) - array['last_read_at', 'status'] then
    perform app.refuse(tg_table_name, 'own');
  end if;
  return new;
end
$$;
create trigger keep_to_own before update on conversation_participants for each row execute function app.keep_to_own();
create trigger keep_to_own before update on event_attendees for each row execute function app.keep_to_own();

alter table subscriptions add column told_at timestamptz(3);
-- A request lowers what is paid for. It rises with the payment provider's word, which the server hears.
revoke insert, update, delete on subscriptions from gateway;
grant update (plan, seats) on subscriptions to gateway;
create function app.guard_plan() returns trigger language plpgsql as $$
declare
  plans constant text[] := '{free,pro,enterprise}';
begin
  if app.asked() and array_position(plans, new.plan) > array_position(plans, old.plan) then
    perform app.refuse('subscriptions', 'plan_paid');
  elsif app.asked() and new.seats > old.seats then
    perform app.refuse('subscriptions', 'seats_paid');
  end if;
  return new;
end
$$;
create trigger guard_plan before update of plan, seats on subscriptions for each row execute function app.guard_plan();

set local role gateway_service;

-- What the payment provider says of a subscription; what it leaves out stays, and so does whatever was said later. The end of
-- one that was replaced ends nothing. For the server's own work. Gives whether there was something to change.
create function app.apply_subscription(org uuid, new_plan text, new_status text, new_seats integer, period_end timestamptz,
  customer text, subscription text, at timestamptz) returns boolean
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  update public.subscriptions set plan = coalesce(new_plan, plan), status = coalesce(new_status, status), seats = coalesce(new_seats, seats),
      current_period_end_at = coalesce(period_end, current_period_end_at), stripe_customer_id = coalesce(customer, stripe_customer_id),
      stripe_subscription_id = coalesce(subscription, stripe_subscription_id), told_at = at
    where case when org is null then stripe_customer_id = customer else org_id = org end and (told_at is null or told_at <= at)
      and (new_status is distinct from 'canceled' or stripe_subscription_id is null or stripe_subscription_id = subscription);
  return found;
end
$$;

-- An owner chooses a plan without paying, where the server lets them: the proof is over 'plan', the organization, the plan
-- and the seats.
create function app.choose_plan(seen integer, new_plan text, new_seats integer, proof text) returns uuid
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  chosen uuid;
begin
  if not app.may('organization:own') or app.is_proven(concat_ws(E'\n', 'plan', app.org_id(), new_plan, new_seats), proof) is not true then
    raise exception 'the server did not ask for this' using errcode = 'insufficient_privilege';
  end if;
  update public.subscriptions set plan = new_plan, seats = new_seats where org_id = app.org_id() and version = seen
    returning id into chosen;
  return chosen;
end
$$;
grant execute on function app.choose_plan(integer, text, integer, text) to gateway;

-- As before, but nobody writes about themselves, unless an owner, and no row becomes one about its writer.
create or replace function app.rule_review() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  states constant text[] := array['draft', 'submitted', 'acknowledged'];
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  broken text;
begin
  if asked and (tg_op = 'INSERT' or new.employee_id <> old.employee_id) and not app.may('organization:own')
      and (person = app.acting_person()
        or not app.may('people:destroy') and not coalesce(app.user_id() = any (app.seers_of(new.org_id, new.employee_id)), false)) then
    broken := 'by_manager';
  elsif tg_op = 'UPDATE' and old.status <> 'draft' and ((new.employee_id, new.reviewer_id, new.period, new.rating, new.strengths, new.improvements)
      is distinct from (old.employee_id, old.reviewer_id, old.period, old.rating, old.strengths, old.improvements)
      or array_position(states, new.status) < array_position(states, old.status)) then
    broken := 'locked';
  elsif asked and new.status = 'acknowledged' and (tg_op = 'INSERT' or old.status <> 'acknowledged')
      and person is not null and person is distinct from app.user_id() then
    broken := 'by_person';
  elsif tg_op = 'UPDATE' and new.status <> 'draft' and old.status = 'draft' and person is not null then
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

-- As before; the leave of one person does not become that of another, and what was decided on stays.
create or replace function app.rule_leave() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  person constant uuid := (select user_id from employees where org_id = new.org_id and id = new.employee_id);
  asked constant boolean := app.org_id() = new.org_id;
  decided constant boolean := new.status in ('approved', 'rejected') and (tg_op = 'INSERT' or old.status is distinct from new.status);
begin
  if asked and tg_op = 'INSERT' and not app.may('people:destroy')
      and not coalesce(app.user_id() = any (app.seers_of(new.org_id, new.employee_id)), false) then
    perform app.refuse('leave_requests', 'by_line');
  elsif asked and decided and person = app.acting_person() and not app.may('organization:own') then
    perform app.refuse('leave_requests', 'of_others');
  elsif asked and tg_op = 'UPDATE' and (new.employee_id <> old.employee_id or old.status <> 'pending'
      and (new.type, new.starts_on, new.ends_on) is distinct from (old.type, old.starts_on, old.ends_on)) then
    perform app.refuse('leave_requests', 'fixed');
  end if;
  if decided then
    new.decided_at := coalesce(new.decided_at, now());
  end if;
  return new;
end
$$;
