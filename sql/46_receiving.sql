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
begin
  perform private.add_consent(tenant_id, v_contact_id, jsonb_build_object(
    'purpose', 'marketing',
    'channel_type', 'whatsapp',
    'state', case when event ->> 'value' = 'stop' then 'withdrawn' else 'granted' end,
    'source', 'provider',
    'occurred_at', v_at
  ));
end;
$$;
