/*
 * A very large body (the history of a number's phone app) would hold one transaction, and everybody in it,
 * for long. It is kept as `pending`, and a job applies it in portions, each once.
 */

/* Keeps the events of very large bodies for `webhook_event__apply`, in the order they would have been applied in. Returns their ids. */
create function private.put_off_large(incoming private.incoming[])
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events;
  v_ids uuid[] := '{}';
begin
  for v_event in
    with large as (
      select i.webhook_event_id, jsonb_agg(i.event order by i.position) filter (where i.delivery = i.first) as events
      from (
        select e.*, min(e.delivery) over (partition by e.webhook_event_id) as first
        from unnest(incoming) with ordinality e (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, position)
        where e.fresh
          and e.channel_id is not null
      ) i
      group by i.webhook_event_id
      having count(*) filter (where i.delivery = i.first) > 500
    )
    update public.webhook_events w
    set
      status = 'pending',
      pending_events = large.events
    from large
    where w.id = large.webhook_event_id
    returning w.*
  loop
    perform private.enqueue_pending(v_event.id, v_event.channel_id);
    v_ids := v_ids || v_event.id;
  end loop;
  return v_ids;
end;
$$;

/* One large body of a channel after the other: they would only wait for one another's people. */
create function private.enqueue_pending(webhook_event_id uuid, channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'webhook_event__apply',
    json_build_object('webhook_event_id', $1),
    queue_name => 'webhooks:' || $2,
    job_key => 'webhook_event_apply:' || $1
  );
end;
$$;

/*
 * Applies the next portion of a large body, as many events as can be locked one by one. What was applied and
 * how far it got are committed together, so a crash repeats nothing. Returns how many are left.
 */
create function private.apply_pending_webhook(webhook_event_id uuid, portion integer default 100)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.webhook_events;
  v_incoming private.incoming[];
  v_item private.incoming;
  v_left integer;
begin
  select w.* into v_kept
  from public.webhook_events w
  where w.id = $1
    and w.pending_events is not null
  for update;
  if not found then
    return 0;
  end if;

  v_incoming := array(
    select (1, v_kept.id, true, v_kept.tenant_id, private.channel_of_event(v_kept.tenant_id, e.value), e.value)::private.incoming
    from jsonb_array_elements(v_kept.pending_events) with ordinality e (value, position)
    where e.position > v_kept.applied
      and e.position <= v_kept.applied + portion
    order by e.position
  );
  perform private.lock_people(v_incoming);
  foreach v_item in array v_incoming loop
    perform private.apply_event_or_set_aside(v_item);
  end loop;

  v_left := greatest(0, jsonb_array_length(v_kept.pending_events) - v_kept.applied - portion);
  update public.webhook_events w
  set
    applied = w.applied + cardinality(v_incoming),
    pending_events = case when v_left > 0 then w.pending_events end,
    status = (case when v_left > 0 then 'pending' when w.failed_events is null then 'processed' else 'failed' end)::public.webhook_event_status
  where w.id = v_kept.id;
  return v_left;
end;
$$;

grant execute on function private.apply_pending_webhook(uuid, integer) to prosa_worker;
