/*
 * When a company answers. One schedule for the company and, where a team keeps other hours, one for the
 * team: days, holidays, what is said to whoever writes outside them, and how soon an answer is promised.
 * A company without a schedule is always open and promises nothing.
 *
 * Hours are spans of local time. What is asked of them (open now? when next? which instant is 30 working
 * minutes from here?) is arithmetic on multiranges of instants, so that daylight saving needs no rule.
 */

/* Spans of one day, `[["08:00", "12:00"], ["13:00", "18:00"]]`: in order, none touching another. */
create function private.are_spans(spans jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_span jsonb;
  v_end text := '';
begin
  if jsonb_typeof(spans) is distinct from 'array' or jsonb_array_length(spans) > 6 then
    return false;
  end if;
  for v_span in select jsonb_array_elements(spans) loop
    if jsonb_typeof(v_span) <> 'array'
      or jsonb_array_length(v_span) <> 2
      or v_span ->> 0 !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      or v_span ->> 1 !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
      or (v_span ->> 0) collate "C" >= (v_span ->> 1) collate "C"
      or (v_span ->> 0) collate "C" <= v_end collate "C"
    then
      return false;
    end if;
    v_end := v_span ->> 1;
  end loop;
  return true;
end;
$$;

/* A week by ISO day, `{"1": [["08:00", "18:00"]], …, "7": []}`; a day that is missing is closed. */
create function private.is_week(week jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_typeof(week) is not distinct from 'object'
    and not exists (
      select
      from jsonb_each(week) d
      where d.key !~ '^[1-7]$' or not private.are_spans(d.value)
    );
end;
$$;

/* Whether Postgres knows a time zone by this name. */
create function private.is_timezone(name text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  perform now() at time zone name;
  return name ~ '^[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]+)*$' or name = 'UTC';
exception when invalid_parameter_value then
  return false;
end;
$$;

create table public.business_hours (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Null: the company's, for every team without its own.
  team_id uuid,
  timezone text not null default 'America/Sao_Paulo' check (private.is_timezone(timezone)),
  week jsonb not null default '{"1": [["08:00", "18:00"]], "2": [["08:00", "18:00"]], "3": [["08:00", "18:00"]], "4": [["08:00", "18:00"]], "5": [["08:00", "18:00"]]}'
    check (private.is_week(week)),
  -- Said once an absence to whoever writes outside the hours.
  away_enabled boolean not null default false,
  away_message text not null default '' check (length(away_message) <= 1024),
  -- How soon an answer is promised, in minutes: the first of a conversation, and each later one. Null: no promise.
  first_reply_minutes integer check (first_reply_minutes between 1 and 43200),
  next_reply_minutes integer check (next_reply_minutes between 1 and 43200),
  -- How long before a promise falls due whoever answers is warned. Null: no warning.
  warning_minutes integer check (warning_minutes between 1 and 1440),
  -- Whether the promise's clock stands still outside the hours.
  pauses_outside boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (tenant_id, team_id),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade,
  check (not away_enabled or length(btrim(away_message)) > 0)
);

comment on table public.business_hours is 'When a company, or one of its teams, answers, and how soon it promises to.';

create table public.holidays (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Null: the whole company's.
  team_id uuid,
  day date not null,
  every_year boolean not null default false,
  name text not null check (length(btrim(name)) between 1 and 80),
  -- The hours of that day; none: closed.
  spans jsonb not null default '[]' check (private.are_spans(spans)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (tenant_id, team_id, day),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade
);

comment on table public.holidays is 'Days with hours of their own, most of them closed.';

create trigger _100_touch
  before update on public.business_hours
  for each row
  execute function private.tg_touch();

create trigger _100_touch
  before update on public.holidays
  for each row
  execute function private.tg_touch();

alter table public.business_hours enable row level security;
alter table public.holidays enable row level security;

create policy select_member on public.business_hours
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('tenant.read'))));

create policy select_member on public.holidays
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('tenant.read'))));

grant select on public.business_hours, public.holidays to authenticated;

/* The schedule that holds for a team: its own, or the company's; a row of nulls where there is none. */
create function private.hours_of(tenant_id uuid, team_id uuid)
  returns public.business_hours
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours;
begin
  select h.* into v_hours
  from public.business_hours h
  where h.tenant_id = $1
    and (h.team_id = $2 or h.team_id is null)
  order by h.team_id nulls last
  limit 1;
  return v_hours;
end;
$$;

/* The spans of a schedule on each day from `first` to `last`, as instants. A team's holiday goes before the company's. */
create function private.open_ranges(hours public.business_hours, first date, last date)
  returns tstzmultirange
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select coalesce(
      range_agg(
        tstzrange(
          (d.day + (s.span ->> 0)::time) at time zone hours.timezone,
          (d.day + (s.span ->> 1)::time) at time zone hours.timezone
        )
      ),
      '{}'
    )
    from (
      select n::date as day from generate_series(first::timestamp, last::timestamp, interval '1 day') n
    ) d
    left join lateral (
      select h.spans
      from public.holidays h
      where h.tenant_id = hours.tenant_id
        and (h.team_id = hours.team_id or h.team_id is null)
        and (
          h.day = d.day
          or (h.every_year and h.day < d.day and to_char(h.day, 'MMDD') = to_char(d.day, 'MMDD'))
        )
      order by h.team_id nulls last, h.every_year
      limit 1
    ) h on true
    cross join lateral jsonb_array_elements(
      coalesce(h.spans, hours.week -> to_char(d.day, 'ID'), '[]')
    ) s (span)
  );
end;
$$;

/* Whether a team answers at an instant. Without a schedule: always. */
create function private.is_open(tenant_id uuid, team_id uuid, at timestamptz default now())
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
  v_day date;
begin
  if v_hours.id is null then
    return true;
  end if;
  v_day := (at at time zone v_hours.timezone)::date;
  -- The day before too: a span may end at midnight elsewhere than where the day changes.
  return private.open_ranges(v_hours, v_day - 1, v_day) @> at;
end;
$$;

/*
 * The next instant after `at` at which a schedule opens (`opening`) or closes. Null where it never does
 * within a year.
 */
create function private.next_change(hours public.business_hours, at timestamptz, opening boolean)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_day date := (at at time zone hours.timezone)::date;
  v_days integer;
  v_at timestamptz;
begin
  foreach v_days in array array[8, 40, 400] loop
    select min(case when opening then lower(r) else upper(r) end) into v_at
    from unnest(private.open_ranges(hours, v_day - 1, v_day + v_days)) r
    where case when opening then lower(r) else upper(r) end > at;
    exit when v_at is not null;
  end loop;
  return v_at;
end;
$$;

/* The instant at which `minutes` of open time have passed since `since`. Null where a year has not so many. */
create function private.add_open_minutes(hours public.business_hours, since timestamptz, minutes integer)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_day date := (since at time zone hours.timezone)::date;
  v_wanted interval := make_interval(mins => minutes);
  v_days integer;
  v_at timestamptz;
begin
  foreach v_days in array array[8, 40, 400] loop
    select upper(r) - (x.passed - v_wanted) into v_at
    from (
      select r, sum(upper(r) - greatest(lower(r), since)) over (order by r) as passed
      from unnest(private.open_ranges(hours, v_day - 1, v_day + v_days)) r
      where upper(r) > since
    ) x
    where x.passed >= v_wanted
    order by x.r
    limit 1;
    exit when v_at is not null;
  end loop;
  return v_at;
end;
$$;

/* How much of the time between two instants a team was open; all of it where there is no schedule. */
create function private.open_time(tenant_id uuid, team_id uuid, since timestamptz, until timestamptz)
  returns interval
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
begin
  if until <= since then
    return interval '0';
  end if;
  if v_hours.id is null then
    return until - since;
  end if;
  return (
    select coalesce(sum(upper(r) - lower(r)), interval '0')
    from unnest(
      private.open_ranges(
        v_hours,
        (since at time zone v_hours.timezone)::date - 1,
        (until at time zone v_hours.timezone)::date
      ) * tstzmultirange(tstzrange(since, until))
    ) r
  );
end;
$$;

/*
 * Whether the company and each of its teams is open, and when that changes next: for the inbox's header and
 * the settings. Raises tenant_not_found.
 */
create function public.opening_now(tenant_id uuid)
  returns table (team_id uuid, is_open boolean, changes_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'tenant.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select h.team_id, x.is_open, private.next_change(h, now(), not x.is_open)
  from public.business_hours h
  cross join lateral (select private.is_open(h.tenant_id, h.team_id) as is_open) x
  where h.tenant_id = $1
  order by h.team_id nulls first;
end;
$$;

grant execute on function public.opening_now(uuid) to authenticated;
