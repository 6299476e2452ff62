-- Conversations and the calendar.

set local role gateway_owner;

create table conversations (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  title text,
  type text not null default 'group' check (type in ('direct', 'group', 'client', 'support')),
  account_id uuid,
  last_message_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('conversations', 'account_id', 'accounts');
create index conversations_page on conversations (org_id, created_at desc, id desc);
select app.protect('conversations');

create table conversation_participants (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  conversation_id uuid not null,
  user_id uuid,
  contact_id uuid,
  role text,
  last_read_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('conversation_participants', 'conversation_id', 'conversations', 'cascade');
select app.reference('conversation_participants', 'user_id', 'org_members');
select app.reference('conversation_participants', 'contact_id', 'contacts');
create index conversation_participants_page on conversation_participants (org_id, created_at desc, id desc);
select app.protect('conversation_participants');

create table messages (
  org_id uuid not null default app.org_id() references organizations (id),
  id uuid not null default app.uuid_v7(),
  conversation_id uuid not null,
  sender_id uuid,
  body text not null check (body <> ''),
  sent_at timestamptz(3),
  edited_at timestamptz(3),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('messages', 'conversation_id', 'conversations', 'cascade');
select app.reference('messages', 'sender_id', 'org_members');
create index messages_page on messages (org_id, created_at desc, id desc);
select app.protect('messages');

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
  organizer_id uuid,
  account_id uuid,
  deal_id uuid,
  project_id uuid,
  status text not null default 'scheduled' check (status in ('scheduled', 'canceled', 'done')),
  recurrence text,
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  version integer not null default 1,
  primary key (org_id, id)
);
select app.reference('events', 'organizer_id', 'org_members');
select app.reference('events', 'account_id', 'accounts');
select app.reference('events', 'deal_id', 'deals');
select app.reference('events', 'project_id', 'projects');
create index events_page on events (org_id, created_at desc, id desc);
create index events_status on events (org_id, status, created_at desc);
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
  primary key (org_id, id)
);
select app.reference('event_attendees', 'event_id', 'events', 'cascade');
select app.reference('event_attendees', 'user_id', 'org_members');
select app.reference('event_attendees', 'contact_id', 'contacts');
create index event_attendees_page on event_attendees (org_id, created_at desc, id desc);
create index event_attendees_status on event_attendees (org_id, status, created_at desc);
select app.protect('event_attendees');
