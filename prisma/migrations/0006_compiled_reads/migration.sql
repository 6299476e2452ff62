-- Compiled reads make the text of an answer in one statement. A value that the schema promises and that is not there must
-- not become a null in it: the statement stops here, and the resolvers say what is wrong.
set local role gateway_owner;

create function app.missing() returns text language plpgsql volatile parallel safe as $$
begin
  raise exception 'a value that the schema promises is missing' using errcode = 'GW010';
end
$$;
grant execute on function app.missing() to gateway, gateway_service;

-- Every request enters, so entering is short. Most members were granted nothing beyond their role.
set local role gateway_service;

create or replace function app.ceiling(role_name text, granted text[]) returns text language plpgsql immutable as $$
begin
  if role_name in ('owner', 'admin') or cardinality(granted) = 0 then
    return role_name;
  end if;
  return case
    when exists (select from unnest(granted) as permission
      where permission ~ ':destroy$|^(members|keys|organization):write$|^(keys|audit):read$') then 'admin'
    when exists (select from unnest(granted) as permission where permission ~ ':write$') then 'member'
    else role_name end;
end
$$;

-- The usual case is one look-up by three keys. Errors as before: GW001 no such
-- person yet, GW002 account disabled, GW003 not a member (or no such organization: the same answer).
create or replace function app.enter(subject uuid, wanted text, claimed text, request jsonb)
returns table (org_id uuid, user_id uuid, role text, plan text, permissions text[])
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  asked constant text := coalesce(nullif(wanted, ''), nullif(claimed, ''));
  asked_id uuid;
  active boolean;
begin
  if asked is null then
    select users.current_org_id into asked_id from public.users where users.id = subject;
    -- Each statement sees what was saved when it begins: a person who appears after this one is found the next time.
    if not found then
      raise exception 'unknown user' using errcode = 'GW001';
    end if;
  elsif asked ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$' then
    asked_id := asked::uuid;
  else
    select organizations.id into asked_id from public.organizations where organizations.slug = lower(asked);
  end if;

  select organizations.id, users.id, org_members.role, organizations.plan, org_members.permissions
    into enter.org_id, enter.user_id, enter.role, enter.plan, enter.permissions
    from public.users
    join public.org_members on org_members.org_id = asked_id and org_members.user_id = users.id and org_members.status = 'active'
    join public.organizations on organizations.id = org_members.org_id and organizations.deleted_at is null
    where users.id = subject and users.is_active and users.deleted_at is null;

  if enter.org_id is null then
    select users.is_active into active from public.users where users.id = subject and users.deleted_at is null;
    if active is null then
      raise exception 'unknown user' using errcode = 'GW001';
    elsif not active then
      raise exception 'account disabled' using errcode = 'GW002';
    elsif asked is not null then
      raise exception 'not a member' using errcode = 'GW003';
    end if;
    enter.user_id := subject;
  end if;
  perform app.set_caller(enter.org_id, subject, null, app.ceiling(enter.role, enter.permissions), request);
  return next;
end
$$;

-- Indexes that mislead the planner. One that is the beginning of another is smaller, so it is taken for nested lists, and all
-- rows of a parent are sorted where the other would stop at the page. And one that holds a name and an id is taken to look up
-- a name by id, walking through the whole organization: ties of names are sorted just as well as they come.
set local role gateway_owner;

drop index interactions_deal_id_idx, interactions_account_id_idx, pipeline_stages_pipeline_id_idx, proposal_line_items_proposal_id_idx;
drop index accounts_name, contacts_name;
create index accounts_name on accounts (org_id, name);
create index contacts_name on contacts (org_id, full_name);
