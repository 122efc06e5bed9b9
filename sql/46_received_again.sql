/*
 * What could not be taken at first is taken again: events that were set aside with their error, and whole
 * bodies that could not be read, once their text or the parser has been mended.
 */

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
