/*
 * What arrives through a door, in one transaction: the raw body is kept, then each parsed event is
 * applied. Any order, repetition or mixture of deliveries ends in the same rows. The events are
 * those of core/src/whatsapp/events.ts.
 */

/*
 * Takes deliveries [{raw, sha256, channel_id, error, events}] and answers an array of the same
 * length: [{stored, duplicate, failed}]. Several requests ride one call, so that one commit serves
 * them all. First everything at once; only where that fails, one savepoint an event: what fails is
 * set aside with its error and tried again by a job, and the others go through.
 */
create function private.receive(deliveries jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Planned once: left to itself, Postgres plans statements over arrays anew at every call, for three times their cost.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_incoming private.incoming[] := private.keep_deliveries(deliveries);
  -- The bodies that are too large for one transaction: kept now, applied by a job.
  v_put_off uuid[] := '{}';
  v_later private.incoming[] := '{}';
  v_item private.incoming;
  v_results text[] := '{}';
begin
  if cardinality(v_incoming) > 500 then
    v_put_off := private.put_off_large(v_incoming);
    if v_put_off <> '{}' then
      v_later := array(select i from unnest(v_incoming) i where i.fresh and i.webhook_event_id = any (v_put_off));
      v_incoming := array(
        select (i.delivery, i.webhook_event_id, i.fresh, i.tenant_id, i.channel_id, i.event)::private.incoming
        from unnest(v_incoming) with ordinality i (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, position)
        where not (i.fresh and i.webhook_event_id = any (v_put_off))
        order by i.position
      );
    end if;
  end if;
  perform private.lock_people(v_incoming);

  begin
    v_results := private.receive_burst(v_incoming);
    for i in 1 .. cardinality(v_incoming) loop
      if v_results[i] is null then
        v_results[i] := private.apply_event(v_incoming[i]);
      end if;
    end loop;
  exception
    -- Deadlock, no resources, a stopping server: none of the events' doing. The door tries again.
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      v_results := '{}';
      foreach v_item in array v_incoming loop
        v_results := v_results || private.apply_event_or_set_aside(v_item);
      end loop;
  end;

  return (
    select jsonb_agg(jsonb_build_object('stored', tally.stored, 'duplicate', tally.duplicate, 'failed', tally.failed) order by tally.delivery)
    from (
      select
        d as delivery,
        count(*) filter (where r.result = 'stored') as stored,
        count(*) filter (where r.result = 'duplicate') as duplicate,
        count(*) filter (where r.result = 'failed') as failed
      from generate_series(1, jsonb_array_length(deliveries)) d
      left join (
        select delivery, result
        from unnest(v_incoming, v_results) applied (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, result)
        union all
        -- The same body twice in one call is one body.
        select delivery, case when delivery = min(delivery) over (partition by webhook_event_id) then 'stored' else 'duplicate' end
        from unnest(v_later)
      ) r on r.delivery = d
      group by d
    ) tally
  );
end;
$$;

grant execute on function private.receive(jsonb) to prosa_door;

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

/* Applies one event. Returns 'stored', or 'duplicate' where it changed nothing. */
create function private.apply_event(incoming private.incoming)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event jsonb := incoming.event;
begin
  if not incoming.fresh then
    return 'duplicate';
  end if;
  if incoming.channel_id is null then
    return 'stored';
  end if;

  case v_event ->> 'type'
    when 'message' then
      return private.receive_message(incoming.tenant_id, incoming.channel_id, v_event);
    when 'status' then
      return private.receive_status(incoming.channel_id, v_event);
    when 'identity' then
      perform private.resolve_contact(incoming.tenant_id, v_event, (v_event ->> 'at')::timestamptz);
      return 'stored';
    when 'preference' then
      perform private.receive_preference(incoming.tenant_id, v_event);
      return 'stored';
    when 'account' then
      return private.receive_notice(incoming.tenant_id, incoming.channel_id, v_event);
  end case;
end;
$$;

/*
 * Applies one event under a savepoint. Where it fails, keeps it with its error and asks for another try:
 * after a minute, then after as long as it has waited already, at most a day.
 */
create function private.apply_event_or_set_aside(incoming private.incoming)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_pause interval;
begin
  return private.apply_event(incoming);
exception
  when transaction_rollback or insufficient_resources or operator_intervention then
    raise;
  when others then
    update public.webhook_events w
    set
      status = 'failed',
      error = sqlstate || ': ' || sqlerrm,
      failed_events = coalesce(w.failed_events, '[]') || jsonb_build_array(incoming.event)
    where w.id = incoming.webhook_event_id
    returning least(greatest(clock_timestamp() - w.received_at, interval '1 minute'), interval '1 day') into v_pause;

    perform graphile_worker.add_job(
      'webhook_event__retry',
      json_build_object('webhook_event_id', incoming.webhook_event_id),
      run_at => clock_timestamp() + v_pause,
      job_key => 'webhook_event:' || incoming.webhook_event_id
    );
    return 'failed';
end;
$$;

/* Tries the set-aside events of one body again. Returns how many still fail; raises nothing for them. */
create function private.retry_webhook_event(webhook_event_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.webhook_events;
  v_event jsonb;
  v_failed integer := 0;
begin
  update public.webhook_events w
  set
    status = 'processed',
    error = null,
    failed_events = null
  from (select * from public.webhook_events where id = retry_webhook_event.webhook_event_id and failed_events is not null for update) before
  where w.id = before.id
  returning before.* into v_kept;

  perform private.lock_people(array(
    select (1, v_kept.id, true, v_kept.tenant_id, v_kept.channel_id, value)::private.incoming
    from jsonb_array_elements(coalesce(v_kept.failed_events, '[]'))
  ));

  for v_event in select value from jsonb_array_elements(coalesce(v_kept.failed_events, '[]')) loop
    if private.apply_event_or_set_aside((1, v_kept.id, true, v_kept.tenant_id, v_kept.channel_id, v_event)) = 'failed' then
      v_failed := v_failed + 1;
    end if;
  end loop;
  return v_failed;
end;
$$;

grant execute on function private.retry_webhook_event(uuid) to prosa_worker;

/*
 * Takes what the parser makes of a body that is kept already. A tenant's body speaks for that tenant's numbers
 * alone, whatever it says; an unclaimed one goes the way of a new delivery, and is gone once all of it is claimed.
 * Returns how many events failed, or could not be placed.
 */
create function private.receive_parsed(webhook_event_id uuid, events jsonb, error text)
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
  v_failed integer := 0;
  v_placed integer := 0;
begin
  select w.* into v_kept
  from public.webhook_events w
  where w.id = $1
  for update;
  if not found then
    return 0;
  end if;

  if $3 is not null then
    update public.webhook_events w set error = $3, status = 'failed' where w.id = $1 and w.tenant_id is not null;
    return 1;
  end if;

  if v_kept.status = 'unclaimed' then
    -- Whose door it came through is not known of these: they stay.
    if v_kept.waba_id is null then
      return 1;
    end if;
    perform private.receive(jsonb_build_array(jsonb_build_object(
      'raw', v_kept.raw, 'sha256', v_kept.sha256, 'channel_id', null, 'error', null, 'events', $2
    )));
    select count(*) into v_failed
    from jsonb_array_elements($2) e
    where not exists (
      select
      from public.channels c
      where c.phone_number_id = e ->> 'phone_number_id'
        or (e ->> 'phone_number_id' is null and c.waba_id = e ->> 'waba_id')
    );
    if v_failed = 0 then
      delete from public.webhook_events w where w.id = $1;
    else
      update public.webhook_events w set deliveries = v_kept.deliveries where w.id = $1;
    end if;
    return v_failed;
  end if;

  if jsonb_array_length($2) > 500 then
    update public.webhook_events w
    set
      status = 'pending',
      error = null,
      failed_events = null,
      pending_events = $2,
      applied = 0
    where w.id = $1;
    perform private.enqueue_pending(v_kept.id, v_kept.channel_id);
    return 0;
  end if;

  update public.webhook_events w
  set
    status = 'processed',
    error = null,
    failed_events = null
  where w.id = $1;
  v_incoming := array(
    select (1, v_kept.id, true, v_kept.tenant_id, private.channel_of_event(v_kept.tenant_id, e.value), e.value)::private.incoming
    from jsonb_array_elements($2) with ordinality e (value, position)
    order by e.value ->> 'type' = 'status', e.position
  );
  perform private.lock_people(v_incoming);
  foreach v_item in array v_incoming loop
    if v_item.channel_id is not null then
      v_placed := v_placed + 1;
      v_failed := v_failed + (private.apply_event_or_set_aside(v_item) = 'failed')::integer;
    end if;
  end loop;

  if v_placed = 0 then
    update public.webhook_events w
    set
      status = 'failed',
      error = 'number_not_connected'
    where w.id = $1;
    return 1;
  end if;
  return v_failed;
end;
$$;

grant execute on function private.receive_parsed(uuid, jsonb, text) to prosa_worker;

/* A notice about a number, its account or its templates: kept for each channel it speaks of, and applied where it is new. */
create function private.receive_notice(tenant_id uuid, channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_field text := event ->> 'field';
  v_at timestamptz := event ->> 'at';
  v_channel_id uuid;
  v_result text := 'duplicate';
begin
  for v_channel_id in
    select c from private.channels_of_notice($1, $2, v_field, event -> 'payload') c
    order by c
  loop
    insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
    values ($1, v_channel_id, v_field, event -> 'payload', v_at)
    on conflict do nothing;
    if found then
      v_result := 'stored';
      perform private.apply_channel_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      if v_field ~ '^(message_)?template_' then
        perform private.apply_template_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      end if;
    end if;
  end loop;
  return v_result;
end;
$$;

/* A person stops or resumes marketing from us. The newest word holds, whatever order they come in. */
create function private.receive_preference(tenant_id uuid, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_at timestamptz := event ->> 'at';
  v_contact_id uuid := private.resolve_contact(tenant_id, event, v_at);
  v_stop boolean := event ->> 'value' = 'stop';
begin
  update public.contacts c
  set
    marketing_opt_out = v_stop,
    marketing_opt_out_at = v_at
  where c.id = v_contact_id
    -- Told both in one second, the person is left alone.
    and (v_at, v_stop) > (c.marketing_opt_out_at, c.marketing_opt_out);
end;
$$;
