/*
 * A portfolio may write to so many unique people outside their window in a moving 24 h (250, 2,000, 10,000,
 * 100,000 or unlimited). Its numbers share the quota. Who is over it waits; nothing fails.
 */

/* One row a person who was written to outside their window; a person counts once in 24 h. */
create table private.portfolio_people (
  portfolio text not null,
  contact_id uuid not null,
  tenant_id uuid not null,
  counted_at timestamptz not null,
  primary key (portfolio, contact_id)
);

create index on private.portfolio_people (counted_at);

/* How many people were counted in each minute: the moving sum looks at 1,440 rows, not at 100,000. */
create table private.portfolio_minutes (
  portfolio text not null,
  minute timestamptz not null,
  tenant_id uuid not null,
  people integer not null,
  primary key (portfolio, minute)
);

comment on table private.portfolio_people is 'Whom a portfolio has written to outside their window, and when that was counted.';
comment on table private.portfolio_minutes is 'How many people a portfolio has written to outside their window, by minute.';

alter table private.portfolio_people enable row level security;
alter table private.portfolio_minutes enable row level security;

/* Until when a minute counts: 24 h after its last moment. Never a person too many, at the price of up to a minute. */
create function private.minute_counts_until(minute timestamptz)
  returns timestamptz
  language sql
  immutable
as $$
  select $1 + interval '24 hours 1 minute'
$$;

/*
 * Counts these people against the quota of the channel's portfolio, in order, as far as it reaches. Gives
 * back those whom it does not reach, and when capacity returns. A channel that knows no portfolio is one of
 * its own. One caller at a time a portfolio: the count is exact.
 */
create function private.admit_people(channel public.channels, contact_ids uuid[], out refused uuid[], out returns_at timestamptz)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_portfolio text := coalesce(channel.portfolio_id, channel.id::text);
  v_minute timestamptz := date_trunc('minute', clock_timestamp());
  v_left bigint;
  v_new uuid[];
begin
  refused := '{}';
  if channel.messaging_limit is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('prosa portfolio ' || v_portfolio, 0));

  v_new := array(
    select c.contact_id
    from (select contact_id, min(place) as place from unnest($2) with ordinality _ (contact_id, place) group by contact_id) c
    where not exists (
      select
      from private.portfolio_people p
      where p.portfolio = v_portfolio
        and p.contact_id = c.contact_id
        and private.minute_counts_until(date_trunc('minute', p.counted_at)) > clock_timestamp()
    )
    order by c.place
  );
  if cardinality(v_new) = 0 then
    return;
  end if;

  select channel.messaging_limit - coalesce(sum(m.people), 0) into v_left
  from private.portfolio_minutes m
  where m.portfolio = v_portfolio
    and m.minute > v_minute - interval '24 hours 1 minute';
  v_left := greatest(0, v_left);

  if v_left < cardinality(v_new) then
    refused := v_new[v_left + 1 :];
    v_new := v_new[: v_left];
    select private.minute_counts_until(min(m.minute)) into returns_at
    from private.portfolio_minutes m
    where m.portfolio = v_portfolio
      and m.minute > v_minute - interval '24 hours 1 minute'
      and m.people > 0;
    -- All of the quota was just taken by these people.
    returns_at := coalesce(returns_at, private.minute_counts_until(v_minute));
  end if;
  if cardinality(v_new) = 0 then
    return;
  end if;

  insert into private.portfolio_people as p (portfolio, contact_id, tenant_id, counted_at)
  select v_portfolio, c, channel.tenant_id, clock_timestamp()
  from unnest(v_new) c
  on conflict on constraint portfolio_people_pkey do update set counted_at = excluded.counted_at;
  insert into private.portfolio_minutes as m (portfolio, minute, tenant_id, people)
  values (v_portfolio, v_minute, channel.tenant_id, cardinality(v_new))
  on conflict on constraint portfolio_minutes_pkey do update set people = m.people + excluded.people;
end;
$$;

/* Forgets what no longer counts. Returns how many people, 10,000 at most. */
create function private.purge_portfolio_people()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.portfolio_people
  where ctid = any (array(
    select p.ctid
    from private.portfolio_people p
    where p.counted_at < now() - interval '25 hours'
    order by p.counted_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  delete from private.portfolio_minutes m where m.minute < now() - interval '25 hours';
  return v_count;
end;
$$;

grant execute on function private.purge_portfolio_people() to prosa_worker;
