/*
 * Bodies are read and applied once more: those that an admin chose, in portions with their progress to be
 * seen; those that waited for their number to be connected; those that were kept bare. Receiving is exactly
 * once, so that a replay too many changes nothing.
 */

/*
 * Replays bodies: those named, or all that fit the filter. A job does it in portions; the row returned tells
 * how far it has got. Raises tenant_not_found, not_allowed, webhook_nothing_to_replay.
 */
create function public.replay_webhook_events(
  tenant_id uuid,
  ids uuid[] default null,
  statuses text[] default null,
  of_channel uuid default null,
  since timestamptz default null,
  until timestamptz default null,
  with_error text default null
)
  returns public.webhook_replays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_replay public.webhook_replays;
  v_total integer;
begin
  perform private.require($1, 'webhooks.read');
  perform private.require($1, 'channels.manage');

  insert into public.webhook_replays (tenant_id, requested_by)
  values ($1, auth.uid())
  returning * into v_replay;

  insert into private.webhook_replay_items (replay_id, webhook_event_id, position)
  -- Oldest first, as they came.
  select v_replay.id, f.id, row_number() over (order by f.received_at, f.id)
  from private.filter_webhook_events($1, case when $2 is null then coalesce($3, array['failed', 'unclaimed']) end, $4, $5, $6, $7) f
  where $2 is null or f.id = any ($2)
  order by f.received_at, f.id
  limit 100000;
  get diagnostics v_total = row_count;
  if v_total = 0 then
    perform private.refuse(409, 'webhook_nothing_to_replay');
  end if;

  update public.webhook_replays r set total = v_total where r.id = v_replay.id returning r.* into v_replay;
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  values ($1, auth.uid(), 'insert', 'webhook_replays', v_replay.id::text, jsonb_build_object('total', v_total));
  perform private.enqueue_replay(v_replay.id);
  return v_replay;
end;
$$;

grant execute on function public.replay_webhook_events(uuid, uuid[], text[], uuid, timestamptz, timestamptz, text) to authenticated;

create function private.enqueue_replay(replay_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'webhook_events__replay',
    json_build_object('replay_id', $1),
    queue_name => 'replay:' || $1,
    priority => 10::smallint
  );
end;
$$;

/* The next bodies of a replay that wait: {id, raw}; raw is null where the events that failed are known and only they are tried again. */
create function private.next_of_replay(replay_id uuid, portion integer)
  returns table (id uuid, raw text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, case when w.failed_events is null then w.raw end
  from private.webhook_replay_items i
  join public.webhook_events w on w.id = i.webhook_event_id
  where i.replay_id = $1
  order by i.position
  limit $2
$$;

grant execute on function private.next_of_replay(uuid, integer) to prosa_worker;

/*
 * Applies one body of a replay, counts it and takes it off the list, together: a crash repeats it or nothing.
 * `events` null: the ones that failed are tried again.
 */
create function private.replay_one(replay_id uuid, webhook_event_id uuid, events jsonb, error text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_failed boolean;
begin
  delete from private.webhook_replay_items i where i.replay_id = $1 and i.webhook_event_id = $2;
  if not found then
    return;
  end if;
  if $3 is null and $4 is null then
    v_failed := private.retry_webhook_event($2) > 0;
  else
    v_failed := private.receive_parsed($2, $3, $4) > 0;
  end if;
  update public.webhook_replays r
  set
    done = r.done + 1,
    failed = r.failed + v_failed::integer
  where r.id = $1;
end;
$$;

grant execute on function private.replay_one(uuid, uuid, jsonb, text) to prosa_worker;

/* Asks for the next portion, or says that the replay is done. */
create function private.continue_replay(replay_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if exists (select from private.webhook_replay_items i where i.replay_id = $1) then
    perform private.enqueue_replay($1);
  else
    -- A body purged meanwhile took its place on the list with it.
    update public.webhook_replays r
    set
      total = r.done,
      finished_at = clock_timestamp()
    where r.id = $1
      and r.finished_at is null;
  end if;
end;
$$;

grant execute on function private.continue_replay(uuid) to prosa_worker;

/* The text of one body, for the worker's parser; null where there is nothing to parse. */
create function private.raw_webhook_event(webhook_event_id uuid)
  returns text
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  update public.webhook_events w
  set tried_at = clock_timestamp()
  where w.id = $1
    and w.status in ('failed', 'unclaimed')
    and w.failed_events is null
  returning w.raw
$$;

grant execute on function private.raw_webhook_event(uuid) to prosa_worker;

/* Bodies kept bare that were not tried for a day: a mended parser, or a database that is well again, may take them. */
create function private.bare_webhook_events()
  returns setof uuid
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id
  from public.webhook_events w
  where w.status = 'failed'
    and w.failed_events is null
    and w.dismissed_at is null
    and w.mended_at is null
    and coalesce(w.tried_at, w.received_at) < now() - interval '1 day'
  order by w.received_at desc
  limit 200
$$;

grant execute on function private.bare_webhook_events() to prosa_worker;

/* Bodies that came for a channel's number before it was connected, oldest first, after a place. */
create function private.unclaimed_for(channel_id uuid, after_at timestamptz, after_id uuid, portion integer)
  returns table (id uuid, received_at text, raw text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, w.received_at::text, w.raw
  from public.channels c
  join public.webhook_events w on w.waba_id = c.waba_id
  where c.id = $1
    and w.status = 'unclaimed'
    and (w.received_at, w.id) > ($2, $3)
  order by w.received_at, w.id
  limit $4
$$;

grant execute on function private.unclaimed_for(uuid, timestamptz, uuid, integer) to prosa_worker;

create function private.purge_webhook_replays()
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  delete from public.webhook_replays where created_at < now() - interval '90 days'
$$;

grant execute on function private.purge_webhook_replays() to prosa_worker;
