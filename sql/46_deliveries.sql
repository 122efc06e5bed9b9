/*
 * What a door hands in, before anything is made of it: the raw body is kept, its events are given the
 * channel they are for, and everybody they speak of is locked, in one order for all doors.
 */

create type private.incoming as (
  delivery integer,
  webhook_event_id uuid,
  -- False: this very body was here before, and only its counter moves.
  fresh boolean,
  -- Null: nobody has connected that number. The raw body waits.
  tenant_id uuid,
  channel_id uuid,
  event jsonb
);

/* The account that all of a body's events are about, where it is one alone and none of its numbers is connected; null otherwise. */
create function private.waba_of(events jsonb)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select min(e ->> 'waba_id')
  from jsonb_array_elements(events) e
  having count(distinct e ->> 'waba_id') = 1
    and not exists (
      select
      from public.channels c
      where c.phone_number_id in (select n ->> 'phone_number_id' from jsonb_array_elements(events) n)
    )
$$;

/*
 * Keeps the raw bodies and gives back their events with the channel each is for, in the order in
 * which they are to be applied: sorted by channel and person, so that two doors cannot deadlock,
 * and statuses last.
 *
 * A tenant's own app (`channel_id` set) speaks for that tenant's numbers only.
 */
create function private.keep_deliveries(deliveries jsonb)
  returns private.incoming[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_incoming private.incoming[];
begin
  with delivery as materialized (
    select
      d.ordinality::integer as delivery,
      d.value ->> 'sha256' as sha256,
      d.value ->> 'raw' as raw,
      d.value ->> 'error' as error,
      d.value -> 'events' as events,
      d.value ->> 'channel_id' is null as is_ours,
      door.id as door_channel_id,
      door.tenant_id as door_tenant_id
    from jsonb_array_elements(deliveries) with ordinality d
    left join public.channels door on door.id = (d.value ->> 'channel_id')::uuid
  ),
  event as materialized (
    select
      d.delivery,
      e.ordinality as position,
      e.value as event,
      c.tenant_id,
      c.id as channel_id,
      coalesce(c.tenant_id, d.door_tenant_id) as kept_tenant_id,
      coalesce(c.id, d.door_channel_id) as kept_channel_id
    from delivery d
    cross join lateral jsonb_array_elements(d.events) with ordinality e
    left join lateral (
      select n.id, n.tenant_id
      from public.channels n
      where (n.phone_number_id = e.value ->> 'phone_number_id' or (e.value ->> 'phone_number_id' is null and n.waba_id = e.value ->> 'waba_id'))
        -- An app door whose channel is gone is nobody's, not everybody's.
        and (d.is_ours or n.tenant_id = d.door_tenant_id)
      order by n.created_at, n.id
      limit 1
    ) c on true
  ),
  part as (
    select
      d.delivery,
      coalesce(e.kept_channel_id, d.door_channel_id) as channel_id,
      coalesce(e.kept_tenant_id, d.door_tenant_id) as tenant_id,
      case when e.shared and e.kept_tenant_id is not null then e.events::text else d.raw end as raw
    from delivery d
    left join (
      select
        delivery,
        kept_channel_id,
        kept_tenant_id,
        jsonb_agg(event order by position) as events,
        min(coalesce(kept_tenant_id::text, '')) over (partition by delivery) <> max(coalesce(kept_tenant_id::text, '')) over (partition by delivery) as shared
      from event
      group by delivery, kept_channel_id, kept_tenant_id
    ) e on e.delivery = d.delivery
    union
    -- A body that speaks to several tenants is kept whole for none of them: each has its own events.
    select d.delivery, null, null, d.raw
    from delivery d
    -- Grouped without the body: beside each of its events it would be gigabytes.
    join (select delivery from event group by delivery having count(distinct kept_tenant_id) > 1) shared on shared.delivery = d.delivery
  ),
  kept as (
    insert into public.webhook_events as w (tenant_id, channel_id, sha256, raw, deliveries, status, error, waba_id)
    select
      p.tenant_id,
      p.channel_id,
      d.sha256,
      min(p.raw),
      count(*),
      (case when p.channel_id is null then 'unclaimed' when min(d.error) is not null then 'failed' else 'processed' end)::public.webhook_event_status,
      min(d.error),
      min(case when p.channel_id is null and d.is_ours then private.waba_of(d.events) end)
    from part p
    join delivery d on d.delivery = p.delivery
    group by p.tenant_id, p.channel_id, d.sha256
    order by d.sha256, p.channel_id
    on conflict (sha256, channel_id) do update
    set deliveries = w.deliveries + excluded.deliveries
    returning w.id, w.sha256, w.channel_id, w.xmax = 0 as fresh
  )
  select array_agg(
    (e.delivery, k.id, k.fresh, e.tenant_id, e.channel_id, e.event)::private.incoming
    order by
      e.event ->> 'type' = 'status',
      e.channel_id,
      -- Statuses lock their messages, whoever they name beside them.
      case when e.event ->> 'type' = 'status' then e.event ->> 'external_id' else e.event #>> '{identities,0,value}' end,
      e.delivery,
      e.position
  )
  into v_incoming
  from event e
  join delivery d on d.delivery = e.delivery
  join kept k
    on k.sha256 = d.sha256
    and k.channel_id is not distinct from e.kept_channel_id;

  return coalesce(v_incoming, '{}');
end;
$$;

/*
 * Locks everybody whom these events speak of, in one order for all: a person is named now by phone and
 * now by user id, so that no order of events alone keeps two doors from waiting for one another. Each
 * identity is locked, and the contact it is known to belong to. The locks end with the transaction. A
 * body with very many people (imported history) locks out the other doors instead: the server's table
 * of locks is finite.
 */
create function private.lock_people(incoming private.incoming[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  c_doors constant bigint := 5707466;
  v_locks bigint[] := array(
    select distinct hashtextextended(name, 0)
    from unnest(incoming) i
    cross join lateral jsonb_array_elements(i.event -> 'identities') identity
    left join lateral (
      select c.contact_id
      from public.contact_identities c
      where c.tenant_id = i.tenant_id
        and c.kind = (identity ->> 'kind')::public.identity_kind
        and c.value = identity ->> 'value'
      limit 1
    ) known on true
    cross join lateral (
      values (i.tenant_id || (identity ->> 'kind') || (identity ->> 'value')), (known.contact_id::text)
    ) person (name)
    where i.fresh
      and i.tenant_id is not null
      and i.event ->> 'type' <> 'status'
      and name is not null
    order by 1
  );
  v_lock bigint;
begin
  if cardinality(v_locks) > 500 then
    perform pg_advisory_xact_lock(c_doors);
    return;
  end if;
  perform pg_advisory_xact_lock_shared(c_doors);
  foreach v_lock in array v_locks loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end;
$$;
