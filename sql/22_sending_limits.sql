/*
 * What Meta allows a number, a person and a portfolio, kept by ourselves before Meta has to refuse:
 *
 *   a number      messages_per_second, in any one second, however many workers send from it
 *   a person      one message in 6 s from the same number, of which 45 may be borrowed from later
 *   a portfolio   unique people written to outside their window in a moving 24 h (messaging_limit)
 *
 * The database alone counts, by its own clock; workers are handed what they may use.
 */

create table private.sending_limits (
  channel_id uuid primary key references public.channels on delete cascade,
  tenant_id uuid not null,
  -- The first moment at which a departure has not been promised to anybody.
  next_slot_at timestamptz not null default '-infinity',
  -- The provider asked the whole number to slow down, or could not be reached: nothing leaves before.
  paused_until timestamptz not null default '-infinity'
) with (fillfactor = 50);

comment on table private.sending_limits is 'How far a channel''s departures have been handed out, and until when it is paused.';

alter table private.sending_limits enable row level security;

/*
 * Promises up to `wanted` departures of a channel to a worker, evenly spaced: the first is `start_ms` after
 * `now` (milliseconds of this clock), each further one `interval_ms` later. A departure may be used up to
 * 18 ms after its time and is void afterwards; the spacing is 3 % wider than the limit, which leaves another
 * 12 ms for differences in the way. So no second ever sees more than the limit, and 97 % of it can be used.
 *
 * interval_ms null: the channel has no limit. paused_ms: nothing may leave for so long.
 */
create function private.take_slots(channel_id uuid, wanted integer)
  returns table (now_ms float8, start_ms float8, interval_ms float8, count integer, paused_ms float8)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
  v_rate integer;
  v_interval interval;
  v_limits private.sending_limits;
  v_now timestamptz;
begin
  select c.tenant_id, c.messages_per_second into v_tenant_id, v_rate
  from public.channels c
  where c.id = $1;

  -- A promise lost with a crash of the server is older than a second when the server is back.
  perform set_config('synchronous_commit', 'off', true);
  loop
    select l.* into v_limits from private.sending_limits l where l.channel_id = $1 for update;
    exit when found or v_tenant_id is null;
    insert into private.sending_limits (channel_id, tenant_id) values ($1, v_tenant_id) on conflict do nothing;
  end loop;

  v_now := clock_timestamp();
  now_ms := extract(epoch from v_now) * 1000;
  paused_ms := greatest(0, extract(epoch from v_limits.paused_until - v_now) * 1000);
  count := 0;
  if v_limits.paused_until > v_now or v_tenant_id is null then
    return next;
    return;
  end if;

  count := wanted;
  start_ms := 0;
  if v_rate is not null then
    v_interval := make_interval(secs => 1.0301 / v_rate);
    -- Never more than half a second ahead: who comes later, and is waited for, must not find everything promised.
    count := least(wanted, greatest(1, v_rate / 2));
    -- An answer needs a moment to reach the worker.
    v_limits.next_slot_at := greatest(v_limits.next_slot_at, v_now + interval '2 ms');
    start_ms := extract(epoch from v_limits.next_slot_at - v_now) * 1000;
    interval_ms := extract(epoch from v_interval) * 1000;
    update private.sending_limits l
    set next_slot_at = v_limits.next_slot_at + count * v_interval
    where l.channel_id = $1;
  end if;
  return next;
end;
$$;

/* Lets nothing of a channel leave for a while. A longer pause stays. */
create function private.pause_channel(channel public.channels, pause interval)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.sending_limits as l (channel_id, tenant_id, paused_until)
  values (channel.id, channel.tenant_id, clock_timestamp() + pause)
  on conflict on constraint sending_limits_pkey do update
  set paused_until = greatest(l.paused_until, excluded.paused_until);
end;
$$;

/*
 * The pace of each number towards each person. `paid_back_at` is when all that was borrowed from later is
 * paid back: each message adds 6 s to it, and 44 of them may be ahead of the clock. A row whose time is past
 * says nothing and is forgotten.
 */
create table private.pair_paces (
  channel_id uuid not null references public.channels on delete cascade,
  contact_id uuid not null,
  tenant_id uuid not null,
  paid_back_at timestamptz not null,
  primary key (channel_id, contact_id)
) with (fillfactor = 70);

comment on table private.pair_paces is 'How much of its pace each number has borrowed towards each person.';

alter table private.pair_paces enable row level security;

/*
 * Counts one message to each of these people, where their pace allows it. Gives back those whom it allows
 * none now. Half a second of slack, since messages that leave 6 s apart may arrive closer.
 */
create function private.keep_pace(tenant_id uuid, channel_id uuid, contact_ids uuid[])
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept uuid[];
begin
  with kept as (
    insert into private.pair_paces as p (channel_id, contact_id, tenant_id, paid_back_at)
    select $2, c, $1, clock_timestamp() + interval '6 s'
    from (select distinct unnest($3) as c) _
    order by c
    on conflict on constraint pair_paces_pkey do update
    set paid_back_at = greatest(p.paid_back_at, clock_timestamp()) + interval '6 s'
    where p.paid_back_at <= clock_timestamp() + interval '263.5 s'
    returning p.contact_id
  )
  select array_agg(k.contact_id) into v_kept from kept k;
  return array(select unnest($3) except select unnest(v_kept));
end;
$$;

/* When a person may be written to again from this number. */
create function private.pace_allows_at(channel_id uuid, contact_id uuid)
  returns timestamptz
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select p.paid_back_at - interval '263.5 s'
  from private.pair_paces p
  where p.channel_id = $1
    and p.contact_id = $2
$$;

/* Forgets paces that are paid back. Returns how many, 10,000 at most. */
create function private.purge_pair_paces()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.pair_paces
  where ctid = any (array(
    -- No index: each message would have to keep it up, and this reads the table once a day.
    select p.ctid
    from private.pair_paces p
    where p.paid_back_at < now()
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  private.take_slots(uuid, integer),
  private.purge_pair_paces()
to prosa_worker;
