-- When an event takes place within a window, found from the window: the rule is stepped through by its own periods, from the
-- first one that can reach into the window. A rule with COUNT is stepped through from its beginning, as its end depends on what
-- came before, but by what it names alone and no further than its end. What it means is what it meant before: once, or by its
-- rule (RFC 5545) at the same time of day in the organization's time zone; the event itself is the first occurrence, whether
-- its rule names that day or not; whole days are days there, too.
create or replace function app.occurrences(event events, since timestamptz, till timestamptz) returns setof tstzrange language plpgsql stable
set search_path = pg_catalog, public, app, pg_temp as $$
declare
  zone text := (select time_zone from organizations where id = event.org_id);
  starts timestamp := event.starts_at at time zone case when event.is_all_day then 'UTC' else zone end;
  length interval := event.ends_at - event.starts_at;
  freq text := substring(event.recurrence from '^FREQ=(\w+)');
  step integer := coalesce(substring(event.recurrence from ';INTERVAL=(\d+)')::integer, 1);
  times integer := substring(event.recurrence from ';COUNT=(\d+)')::integer;
  last text := substring(event.recurrence from ';UNTIL=(\w+)');
  weekdays text[] := string_to_array(substring(event.recurrence from ';BYDAY=([^;]+)'), ',');
  weekday_numbers integer[] := array(
    select array_position(array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], right(weekday, 2)) from unnest(weekdays) weekday);
  month_days integer[] := string_to_array(substring(event.recurrence from ';BYMONTHDAY=([^;]+)'), ',')::integer[];
  months integer[] := string_to_array(substring(event.recurrence from ';BYMONTH=([^;]+)'), ',')::integer[];
  first_day timestamp := date_trunc('day', starts);
  latest timestamp := till at time zone zone;
  -- A repeating event lasts a year at most; older ones that last longer count for that long.
  earliest timestamp := date_trunc('day', (since at time zone zone) - least(length, interval '366 days')) - interval '1 day';
  -- Days of one period, not more and not less than they may have on average.
  shortest numeric := step * case freq when 'DAILY' then 1 when 'WEEKLY' then 7 when 'MONTHLY' then 30.43 else 365.24 end;
  longest numeric := step * case freq when 'DAILY' then 1 when 'WEEKLY' then 7 when 'MONTHLY' then 30.44 else 365.26 end;
  -- Whether each period has exactly one day: then it is known without looking how many came before.
  plain boolean := freq in ('DAILY', 'WEEKLY') and weekdays is null and month_days is null and months is null;
  period integer := 0;
  last_period integer;
  size integer := 40;
  counted integer := 0;
  chosen timestamp[];
begin
  if zone is null then
    return;
  end if;
  if freq is null then
    chosen := array[first_day];
    last_period := -1;
  else
    last_period := floor((latest::date - first_day::date) / shortest) + 2;
    if times is null or plain then
      period := greatest(0, floor((earliest::date - first_day::date) / longest) - 2);
      counted := period;
    end if;
    if plain and times is not null then
      last_period := least(last_period, times);
    end if;
  end if;

  loop
    if freq is not null then
      exit when period > last_period or times is not null and counted >= times;
      chosen := array(
        select distinct day from (
          select first_day as day where period = 0
          union all
          select first_day + make_interval(days => p * step) from generate_series(period, least(last_period, period + size - 1)) p
            where freq = 'DAILY' and (months is null or date_part('month', first_day + make_interval(days => p * step)) = any (months))
          union all
          select date_trunc('week', first_day) + make_interval(days => p * step * 7 + d)
            from generate_series(period, least(last_period, period + size - 1)) p, generate_series(0, 6) d where freq = 'WEEKLY'
          union all
          select month + make_interval(days => number - 1)
            from generate_series(period, least(last_period, period + size - 1)) p,
              lateral (
                select date_trunc('month', first_day) + make_interval(months => p * step) as month where freq = 'MONTHLY'
                union all
                select date_trunc('year', first_day) + make_interval(years => p * step, months => m - 1)
                  from unnest(coalesce(months, array[date_part('month', starts)::integer])) m where freq = 'YEARLY'
              ) of_period,
              lateral (select date_part('day', month + interval '1 month' - interval '1 day')::integer as days) of_month,
              lateral (
                select case when wanted > 0 then wanted else days + 1 + wanted end as number
                  from unnest(case when month_days is not null then month_days
                    when weekdays is null then array[date_part('day', starts)::integer]
                    else array(select (named - date_part('isodow', month)::integer + 7) % 7 + 1 + 7 * i
                      from unnest(weekday_numbers) named, generate_series(0, 4) i) end) wanted
              ) of_day
            where number between 1 and days and (freq = 'YEARLY' or months is null or date_part('month', month) = any (months))
        ) candidates,
          lateral (
            select date_part('day', day)::integer as number, date_part('month', day)::integer as month,
              date_part('day', day - (date_trunc('month', day) + interval '1 month'))::integer as from_end,
              (array['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'])[date_part('isodow', day)::integer] as weekday
          ) of_calendar
        where day >= first_day and day <= latest and (times is not null and not plain or day >= earliest)
          and (day = first_day
            or case when months is not null then month = any (months) else freq <> 'YEARLY' or month = date_part('month', starts) end
              and (month_days is null or number = any (month_days) or from_end = any (month_days))
              and (weekdays is null or weekday = any (weekdays) or (number + 6) / 7 || weekday = any (weekdays)
                or '-' || (6 - from_end) / 7 || weekday = any (weekdays))
              and (month_days is not null or weekdays is not null or case freq when 'DAILY' then true
                when 'WEEKLY' then date_part('isodow', day) = date_part('isodow', starts) else number = date_part('day', starts) end))
        order by day);
    end if;

    return query
      select tstzrange(from_at, to_at) from (
        select day, n, (day + starts::time) at time zone zone as from_at,
            case when event.is_all_day then (day + length) at time zone zone
              else (day + starts::time) at time zone zone + make_interval(secs => extract(epoch from length)::double precision) end as to_at
          from unnest(chosen) with ordinality as days (day, n)
      ) moments
      where from_at < till and to_at > since
        and (times is null or case when plain then (day::date - first_day::date) / (step * case freq when 'DAILY' then 1 else 7 end) + 1
          else counted + n end <= times)
        and (last is null or case when length(last) = 8 then to_char(day, 'YYYYMMDD')
          else to_char(from_at at time zone 'UTC', 'YYYYMMDD"T"HH24MISS"Z"') end <= last);
    exit when freq is null;
    counted := case when plain then period + size else counted + cardinality(chosen) end;
    period := period + size;
    size := least(size * 2, 1000);
  end loop;
end
$$;

-- Occurrences that last for ages would all lie in every window.
alter table events add constraint events_length_check check (recurrence is null or ends_at - starts_at <= interval '366 days') not valid;
