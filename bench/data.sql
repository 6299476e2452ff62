-- A data set of the benchmark. The sizes, with a colon before their names, come from data-set.ts: organizations, and for
-- each of them people, accounts, contacts, deals, and steps (interactions of a deal). Always the same rows for the same sizes,
-- spread over one year at millisecond precision. Rows of all organizations stand mixed on the pages of each table, as they
-- do when many organizations write at the same time.

-- UUID version 7, with random bits taken from a seed.
create function pg_temp.make_id(at timestamptz, seed text) returns uuid language sql immutable
  return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0')
    || '7' || left(md5(seed), 3) || '8' || substr(md5(seed), 4, 15))::uuid;
-- Row number n of a total, somewhere in its equal share of the year. No two rows of one organization meet.
create function pg_temp.moment(n integer, total integer, seed text) returns timestamptz language sql immutable
  return timestamptz '2024-06-01T00:00:00Z' + interval '1 millisecond'
    * ((n - 1)::bigint * (31536000000 / total) + mod(abs(hashtextextended(seed, 0)), 31536000000 / total - 1));

create temp table org as
  select o as n, pg_temp.make_id('2024-01-01T00:00:00Z', 'org ' || o) as id, 'org-' || lpad(o::text, greatest(2, length(o::text)), '0') as slug
  from generate_series(1, :orgs) o;
create temp table person as
  select org.n as org_n, org.id as org_id, p as n, pg_temp.make_id('2024-01-01T00:00:00Z', format('person %s %s', org.n, p)) as id,
    format('person-%s@%s.example.org', p, org.slug) as email
  from org, generate_series(1, :people) p;

insert into organizations (id, name, slug, type) select id, 'Organization ' || n, slug, 'team' from org;
insert into users (id, email, full_name, current_org_id) select id, email, 'Person ' || n, org_id from person;
-- As the product makes an organization: its owner, its default pipeline and stages.
select app.provision(org_id, id) from person where n = 1 order by org_n;
insert into org_members (org_id, user_id, role) select org_id, id, 'member' from person where n > 1;

-- What triggers would fill is filled here: a million rows one by one would take an hour.
set session_replication_role = replica;

create temp table account as
  select org.id as org_id, org.n as org_n, a as n, at, pg_temp.make_id(at, format('account %s %s', org.n, a)) as id
  from org, generate_series(1, :accounts) a, pg_temp.moment(a, :accounts, format('account %s %s', org.n, a)) at;
insert into accounts (org_id, id, name, lifecycle, classification, industry, email, owner_id, created_at, updated_at)
  select account.org_id, account.id, 'Account ' || account.n, case when account.n % 2 = 0 then 'client' else 'prospect' end, 'warm',
    (array['Software', 'Retail', 'Energy', 'Health', 'Logistics'])[1 + account.n % 5], format('hello@account-%s.example.org', account.n),
    person.id, at, at
  from account join person on person.org_n = account.org_n and person.n = 1 + account.n % :people
  order by at;

create temp table contact as
  select org.id as org_id, org.n as org_n, c as n, at, pg_temp.make_id(at, format('contact %s %s', org.n, c)) as id,
    (array['Ada', 'Adam', 'Alice', 'Amir', 'Bea', 'Boris', 'Carla', 'Chen', 'Dana', 'Diego', 'Elena', 'Emil', 'Fatima', 'Felix',
      'Grace', 'Gus', 'Hana', 'Hugo', 'Ida', 'Ivan', 'Jana', 'Jon', 'Kira', 'Kofi', 'Lena', 'Luis', 'Maya', 'Milo', 'Nina', 'Noah',
      'Olga', 'Omar', 'Paula', 'Pedro', 'Rosa', 'Ryan', 'Sara', 'Tom', 'Uma', 'Vera'])[1 + c % 40] as first_name,
    (array['Abbott', 'Baker', 'Castro', 'Dietrich', 'Evans', 'Fischer', 'Garcia', 'Haas', 'Ibrahim', 'Jansen'])[1 + c / 40 % 10]
      || (array['', '-Keller', '-Lopez', '-Meyer', '-Novak'])[1 + c / 400 % 5] as last_name
  from org, generate_series(1, :contacts) c, pg_temp.moment(c, :contacts, format('contact %s %s', org.n, c)) at;
insert into contacts (org_id, id, account_id, first_name, last_name, full_name, email, phone, title, is_primary, lead_source,
    assigned_to_id, created_at, updated_at)
  select contact.org_id, contact.id, account.id, first_name, last_name, first_name || ' ' || last_name,
    format('%s.%s@example.org', lower(first_name), contact.n), '+1 555 ' || lpad(contact.n::text, 7, '0'),
    (array['Buyer', 'Director', 'Engineer', 'Founder'])[1 + contact.n % 4], contact.n / 40 % 4 = 0, 'website', person.id, contact.at, contact.at
  from contact
    join account on account.org_n = contact.org_n and account.n = 1 + contact.n % :accounts
    join person on person.org_n = contact.org_n and person.n = 1 + contact.n % :people
  order by contact.at;

create temp table deal as
  select org.id as org_id, org.n as org_n, d as n, at, pg_temp.make_id(at, format('deal %s %s', org.n, d)) as id
  from org, generate_series(1, :deals) d, pg_temp.moment(d, :deals, format('deal %s %s', org.n, d)) at;
insert into deals (org_id, id, title, account_id, contact_id, pipeline_id, stage_id, value_cents, currency, probability, status,
    expected_close_on, closed_at, owner_id, created_at, updated_at)
  select deal.org_id, deal.id, 'Deal ' || deal.n, account.id, contact.id, stage.pipeline_id, stage.id, deal.n * 12345, 'USD', stage.probability,
    stage.kind, (deal.at + interval '60 days')::date, case when stage.kind <> 'open' then deal.at + interval '45 days' end, person.id, deal.at, deal.at
  from deal
    join account on account.org_n = deal.org_n and account.n = 1 + deal.n % :accounts
    join contact on contact.org_n = deal.org_n and contact.n = deal.n
    join person on person.org_n = deal.org_n and person.n = 1 + deal.n % :people
    join pipeline_stages stage on stage.org_id = deal.org_id and stage.position = 1 + deal.n % 6
  order by deal.at;

-- So many for each deal, three days apart.
insert into interactions (org_id, id, account_id, contact_id, deal_id, type, sentiment, subject, body, occurred_at, duration_minutes,
    user_id, created_at, updated_at)
  select deal.org_id, pg_temp.make_id(happened, format('interaction %s %s %s', deal.org_n, deal.n, i)), account.id, contact.id, deal.id,
    (array['call', 'email', 'meeting', 'message', 'note'])[1 + i % 5], (array['positive', 'neutral', 'negative'])[1 + (deal.n + i) % 3],
    format('Step %s of deal %s', i + 1, deal.n), 'We talked about scope, price and the next date. ' || md5(deal.n::text), happened, 15 + i * 5,
    person.id, happened, happened
  from deal
    cross join generate_series(0, :steps - 1) i
    cross join lateral (select deal.at + interval '1 millisecond'
      * (i * 259200000::bigint + mod(abs(hashtextextended(format('%s %s %s', deal.org_n, deal.n, i), 0)), 86400000))) moment (happened)
    join account on account.org_n = deal.org_n and account.n = 1 + deal.n % :accounts
    join contact on contact.org_n = deal.org_n and contact.n = deal.n
    join person on person.org_n = deal.org_n and person.n = 1 + i % :people
  order by happened;

update accounts set last_interaction_at = last.at
  from (select org_id, account_id, max(occurred_at) as at from interactions group by org_id, account_id) last
  where accounts.org_id = last.org_id and accounts.id = last.account_id;

set session_replication_role = origin;
drop table org, person, account, contact, deal;
