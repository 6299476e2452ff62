-- Conversations and the calendar.

set local role gateway_owner;

-- Who sees a conversation stands in the row itself, because policies read no other tables: 'visible_to' names its people,
-- and the organization where every member of it may read along. The database keeps it, on the participants and messages too.
create table conversations (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  title text,
  type text not null default 'group' check (type in ('direct', 'group', 'client', 'support')),
  -- The two people of a direct conversation, the smaller id first: 'uuid:uuid'.
  direct_key text check (split_part(direct_key, ':', 1) collate "C" < split_part(direct_key, ':', 2)
    and direct_key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  account_id uuid,
  last_message_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint conversations_direct_key_key unique (org_id, direct_key),
  constraint conversations_type_direct_check check ((type = 'direct') = (direct_key is not null))
);
select app.reference('conversations', 'account_id', 'accounts');
create index conversations_page on conversations (org_id, created_at desc, id desc);
create index conversations_recent on conversations (org_id, last_message_at desc, id desc);
select app.protect('conversations');

create table conversation_participants (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  conversation_id uuid not null,
  user_id uuid,
  contact_id uuid,
  role text,
  last_read_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint conversation_participants_user_id_key unique (org_id, conversation_id, user_id),
  constraint conversation_participants_contact_id_key unique (org_id, conversation_id, contact_id),
  constraint conversation_participants_person_check check (num_nonnulls(user_id, contact_id) = 1)
);
select app.reference('conversation_participants', 'conversation_id', 'conversations', 'cascade');
select app.reference('conversation_participants', 'user_id', 'org_members');
select app.reference('conversation_participants', 'contact_id', 'contacts');
drop index conversation_participants_conversation_id_idx; -- the unique constraints begin with it
create index conversation_participants_page on conversation_participants (org_id, created_at desc, id desc);
select app.protect('conversation_participants');

create table messages (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  conversation_id uuid not null,
  sender_id uuid,
  body text not null check (body <> ''),
  sent_at timestamptz(3) not null default clock_timestamp(),
  edited_at timestamptz(3),
  visible_to uuid[] not null default '{}',
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('messages', 'conversation_id', 'conversations', 'cascade');
select app.reference('messages', 'sender_id', 'org_members');
drop index messages_conversation_id_idx; -- the next one begins with it
create index messages_conversation on messages (org_id, conversation_id, sent_at desc, id desc);
create index messages_page on messages (org_id, sent_at desc, id desc);
select app.protect('messages');

create policy audience on conversations as restrictive to gateway using (visible_to && array[(select app.user_id()), (select app.org_id())]);
create policy audience on conversation_participants as restrictive to gateway using (visible_to && array[(select app.user_id()), (select app.org_id())]);
create policy audience on messages as restrictive to gateway using (visible_to && array[(select app.user_id()), (select app.org_id())]);
-- A conversation takes all its messages along, so only admins remove one.
create policy removal on conversations as restrictive for delete to gateway using ((select app.is_admin()));
-- People write in their own name, where they take part.
create policy sender on messages as restrictive for insert to gateway with check (sender_id = (select app.user_id()) and (select app.user_id()) = any (visible_to));
create policy author on messages as restrictive for update to gateway using (sender_id = (select app.user_id()) or (select app.is_admin()));

-- What the database keeps beside a row is no change of that row: no new version, nothing in the log, nothing in the trail.
drop trigger touch on conversations;
create trigger touch before update of org_id, id, title, type, direct_key, account_id on conversations
  for each row execute function app.touch();
drop trigger touch on conversation_participants;
create trigger touch before update of org_id, id, conversation_id, user_id, contact_id, role, last_read_at on conversation_participants
  for each row execute function app.touch();
drop trigger touch on messages;
create trigger touch before update of org_id, id, conversation_id, sender_id, body, sent_at, edited_at, deleted_at on messages
  for each row execute function app.touch();
drop trigger audit on conversations;
create trigger audit after insert or delete or update of org_id, id, title, type, direct_key, account_id on conversations
  for each row execute function app.audit();
drop trigger audit on conversation_participants;
create trigger audit after insert or delete or update of org_id, id, conversation_id, user_id, contact_id, role on conversation_participants
  for each row execute function app.audit();
drop trigger audit on messages;
create trigger audit after insert or delete or update of org_id, id, conversation_id, sender_id, body, deleted_at on messages
  for each row execute function app.audit();

-- Admins read the trail, but not other people's letters: it says that somebody wrote, and not what.
create function app.keep_secrecy() returns trigger language plpgsql as $$
begin
  new.changes := new.changes - array['body', 'visible_to', 'direct_key'];
  return new;
end
$$;
create trigger keep_secrecy before insert on audit_logs for each row
  when (new.entity_type in ('conversation', 'conversation_participant', 'message')) execute function app.keep_secrecy();

-- Who sees a new conversation: its two people, everybody, or until others join whoever began it.
create function app.open_conversation() returns trigger language plpgsql as $$
begin
  new.visible_to := case new.type
    when 'direct' then string_to_array(new.direct_key, ':')::uuid[]
    when 'group' then array_remove(array[app.user_id()], null)
    else array[new.org_id] end;
  return new;
end
$$;
create trigger open_conversation before insert on conversations for each row execute function app.open_conversation();

-- A participant stays who they are, and where.
create function app.keep_participant() returns trigger language plpgsql as $$
begin
  if (new.conversation_id, new.user_id, new.contact_id) is distinct from (old.conversation_id, old.user_id, old.contact_id) then
    raise exception 'a participant stays who they are' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
create trigger keep_participant before update of conversation_id, user_id, contact_id on conversation_participants
  for each row execute function app.keep_participant();

-- What was read stays read.
create function app.keep_read() returns trigger language plpgsql as $$
begin
  new.last_read_at := greatest(old.last_read_at, new.last_read_at);
  return new;
end
$$;
create trigger keep_read before update of last_read_at on conversation_participants for each row execute function app.keep_read();

-- Only its sender puts other words into a message, and it shows.
create function app.edit_message() returns trigger language plpgsql as $$
begin
  if new.body = old.body then
    return new;
  end if;
  if app.role() is not null and old.sender_id is distinct from app.user_id() then
    raise exception 'not your message' using errcode = 'insufficient_privilege', table = 'messages', constraint = 'messages_body_sender';
  end if;
  new.edited_at := clock_timestamp();
  return new;
end
$$;
create trigger edit_message before update of body on messages for each row execute function app.edit_message();

-- These see the whole conversation, and not only what its people may write.
set local role gateway_service;

-- The two people of a direct conversation are in it from the beginning.
create function app.seat_two() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  insert into public.conversation_participants (org_id, conversation_id, user_id, created_at, updated_at)
    select new.org_id, new.id, person::uuid, new.created_at, new.created_at from unnest(string_to_array(new.direct_key, ':')) as person;
  return null;
end
$$;

-- Nobody joins the two of a direct conversation. Whoever joins another one finds what was written so far as read.
create function app.join_conversation() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  conversation public.conversations;
begin
  select * into conversation from public.conversations
    where org_id = new.org_id and id = new.conversation_id and org_id = coalesce(app.org_id(), org_id) for no key update;
  if conversation.type = 'direct' and strpos(conversation.direct_key, coalesce(new.user_id::text, '-')) <> all ('{1,38}') then
    raise exception 'a direct conversation has two people'
      using errcode = 'check_violation', table = 'conversation_participants', constraint = 'conversation_participants_direct_check';
  end if;
  new.visible_to := coalesce(conversation.visible_to, '{}');
  new.last_read_at := coalesce(new.last_read_at, conversation.last_message_at);
  return new;
end
$$;

create function app.leave_conversation() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
begin
  if exists (select from public.conversations where org_id = old.org_id and id = old.conversation_id and type = 'direct') then
    raise exception 'a direct conversation has two people'
      using errcode = 'check_violation', table = 'conversation_participants', constraint = 'conversation_participants_direct_check';
  end if;
  return old;
end
$$;

-- Whoever takes part sees the conversation, and all of it. Joining and leaving take turns, so nobody is left out.
create function app.show_conversation() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  org constant uuid := case when tg_op = 'DELETE' then old.org_id else new.org_id end;
  conversation constant uuid := case when tg_op = 'DELETE' then old.conversation_id else new.conversation_id end;
  audience uuid[];
begin
  select case when type in ('client', 'support') then array[org] else '{}' end into audience
    from public.conversations where org_id = org and id = conversation for no key update;
  audience := audience || array(select user_id from public.conversation_participants
    where org_id = org and conversation_id = conversation and user_id is not null order by user_id);
  update public.conversations set visible_to = audience
    where org_id = org and id = conversation and visible_to <> audience;
  update public.conversation_participants set visible_to = audience
    where org_id = org and conversation_id = conversation and visible_to <> audience;
  update public.messages set visible_to = audience
    where org_id = org and conversation_id = conversation and visible_to <> audience;
  return null;
end
$$;

-- Messages of one conversation stand in one order: whoever sends waits for the one before, and each is later than the last.
-- So nothing appears behind a marker of what was read. Only the server's own work may say that it was sent at another time.
create function app.receive_message() returns trigger
language plpgsql security definer set search_path = pg_catalog, public, app, pg_temp as $$
declare
  conversation public.conversations;
begin
  update public.conversations set last_message_at = case when app.role() is null
      then greatest(last_message_at, new.sent_at)
      else greatest(last_message_at + interval '1 millisecond', clock_timestamp()) end
    where org_id = new.org_id and id = new.conversation_id and org_id = coalesce(app.org_id(), org_id)
    returning * into conversation;
  new.visible_to := coalesce(conversation.visible_to, '{}');
  if app.role() is not null then
    new.sent_at := coalesce(conversation.last_message_at, new.sent_at);
  end if;
  update public.conversation_participants set last_read_at = new.sent_at
    where org_id = new.org_id and conversation_id = conversation.id and user_id = new.sender_id;
  return new;
end
$$;
grant execute on function app.seat_two(), app.join_conversation(), app.leave_conversation(), app.show_conversation(),
  app.receive_message() to gateway_owner;

set local role gateway_owner;

create trigger seat_two after insert on conversations for each row when (new.type = 'direct') execute function app.seat_two();
create trigger join_conversation before insert on conversation_participants for each row execute function app.join_conversation();
create trigger leave_conversation before delete on conversation_participants for each row execute function app.leave_conversation();
create trigger show_conversation after insert or delete on conversation_participants
  for each row execute function app.show_conversation();
create trigger receive_message before insert on messages for each row execute function app.receive_message();

create table events (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  kind text not null default 'event' check (kind in ('event', 'meeting')),
  title text not null check (title <> ''),
  description text,
  starts_at timestamptz(3) not null,
  ends_at timestamptz(3) not null,
  is_all_day boolean not null default false,
  location text,
  meeting_url text,
  organizer_id uuid default app.user_id(),
  account_id uuid,
  deal_id uuid,
  project_id uuid,
  status text not null default 'scheduled' check (status in ('scheduled', 'canceled', 'done')),
  recurrence text check (length(recurrence) <= 200 and recurrence ~ ('^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;(INTERVAL=[1-9]\d{0,2}|COUNT=[1-9]\d{0,2}'
    || '|UNTIL=\d{8}(T\d{6}Z)?|WKST=MO|BYDAY=(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU)(,(-?[1-5])?(MO|TU|WE|TH|FR|SA|SU))*'
    || '|BYMONTHDAY=-?[1-9]\d?(,-?[1-9]\d?)*|BYMONTH=[1-9]\d?(,[1-9]\d?)*))*$')),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint events_ends_at_check check (ends_at > starts_at),
  constraint events_is_all_day_check check (not is_all_day
    or (starts_at at time zone 'UTC')::time = '00:00' and (ends_at at time zone 'UTC')::time = '00:00')
);
select app.reference('events', 'organizer_id', 'org_members');
select app.reference('events', 'account_id', 'accounts');
select app.reference('events', 'deal_id', 'deals');
select app.reference('events', 'project_id', 'projects');
create index events_page on events (org_id, starts_at, id);
create index events_created on events (org_id, created_at desc, id desc);
create index events_status on events (org_id, status, starts_at);
select app.protect('events');

create table event_attendees (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  event_id uuid not null,
  user_id uuid,
  contact_id uuid,
  status text not null default 'invited' check (status in ('invited', 'accepted', 'declined', 'tentative')),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id),
  constraint event_attendees_user_id_key unique (org_id, event_id, user_id),
  constraint event_attendees_contact_id_key unique (org_id, event_id, contact_id),
  constraint event_attendees_person_check check (num_nonnulls(user_id, contact_id) = 1)
);
select app.reference('event_attendees', 'event_id', 'events', 'cascade');
select app.reference('event_attendees', 'user_id', 'org_members');
select app.reference('event_attendees', 'contact_id', 'contacts');
drop index event_attendees_event_id_idx; -- the unique constraints begin with it
create index event_attendees_page on event_attendees (org_id, created_at desc, id desc);
create index event_attendees_status on event_attendees (org_id, status, created_at desc);
select app.protect('event_attendees');
-- Nobody answers for another member. Contacts do not sign in: a member notes what they answered.
create policy invitee on event_attendees as restrictive for update to gateway using (contact_id is not null or user_id = (select app.user_id()));

-- When an event takes place within a window: once, or by its rule (RFC 5545) at the same time of day in the organization's
-- time zone. The event itself is the first occurrence, whether its rule names that day or not. Whole days are days there, too.
create function app.occurrences(event events, since timestamptz, till timestamptz) returns setof tstzrange language sql stable
set search_path = pg_catalog, public, app, pg_temp as $$
  with rule as (
    select zone, event.starts_at at time zone case when event.is_all_day then 'UTC' else zone end as starts,
        event.ends_at - event.starts_at as length,
        substring(event.recurrence from '^FREQ=(\w+)') as freq,
        coalesce(substring(event.recurrence from ';INTERVAL=(\d+)')::integer, 1) as step,
        substring(event.recurrence from ';COUNT=(\d+)')::integer as times,
        substring(event.recurrence from ';UNTIL=(\w+)') as last,
        string_to_array(substring(event.recurrence from ';BYDAY=([^;]+)'), ',') as weekdays,
        string_to_array(substring(event.recurrence from ';BYMONTHDAY=([^;]+)'), ',')::integer[] as month_days,
        string_to_array(substring(event.recurrence from ';BYMONTH=([^;]+)'), ',')::integer[] as months
      from (select time_zone as zone from organizations where id = event.org_id) org
  ), days as (
    select day, date_part('day', day)::integer as number, date_part('month', day)::integer as month,
        date_part('day', day - (date_trunc('month', day) + interval '1 month'))::integer as from_end,
        (date_part('year', day) - date_part('year', starts))::integer as year,
        (array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[date_part('isodow', day)::integer] as weekday, rule.*
      from rule, generate_series(
        case when freq is null or times is not null then date_trunc('day', starts)
          else greatest(date_trunc('day', starts), date_trunc('day', (since at time zone zone) - length) - interval '1 day') end,
        case when freq is null then date_trunc('day', starts) else till at time zone zone end, interval '1 day') as day
  ), chosen as (
    select days.*, row_number() over (order by day) as n from days
      where day = date_trunc('day', starts) or case freq
          when 'DAILY' then (day::date - starts::date) % step = 0
          when 'WEEKLY' then (date_trunc('week', day)::date - date_trunc('week', starts)::date) / 7 % step = 0
          when 'MONTHLY' then (year * 12 + month - date_part('month', starts)::integer) % step = 0
          else year % step = 0 end
        and case when months is not null then month = any (months)
          else freq <> 'YEARLY' or month = date_part('month', starts) end
        and (month_days is null or number = any (month_days) or from_end = any (month_days))
        and (weekdays is null or weekday = any (weekdays) or (number + 6) / 7 || weekday = any (weekdays)
          or '-' || (6 - from_end) / 7 || weekday = any (weekdays))
        and (month_days is not null or weekdays is not null or case freq when 'DAILY' then true
          when 'WEEKLY' then date_part('isodow', day) = date_part('isodow', starts) else number = date_part('day', starts) end)
  ), moments as (
    select times, n, last, day, (day + starts::time) at time zone zone as from_at,
        case when event.is_all_day then (day + length) at time zone zone
          else (day + starts::time) at time zone zone + make_interval(secs => extract(epoch from length)::double precision) end as to_at
      from chosen
  )
  select tstzrange(from_at, to_at) from moments
    where from_at < till and to_at > since and (times is null or n <= times)
      and (last is null or case when length(last) = 8 then to_char(day, 'YYYYMMDD')
        else to_char(from_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') end <= last)
$$;
grant execute on function app.occurrences(events, timestamptz, timestamptz) to gateway, gateway_service;
