/*
 * The outbox: which conversations have something to send. A message goes out in three steps that survive a
 * crash between any two: it is queued in the agent's transaction, an attempt is written before the provider
 * is called, and the attempt is settled with what came of it.
 *
 * The conversations of a channel are spread over four shards. One job at a time drains a shard, and a
 * conversation has one message in flight at most, so order holds by construction; the other conversations
 * of the shard go on meanwhile. `private.enqueue_send` is the one way in.
 */

create table private.outbox (
  conversation_id uuid primary key references public.conversations on delete cascade,
  tenant_id uuid not null,
  channel_id uuid not null,
  shard smallint not null,
  -- The most urgent of what waits: what is bulk before it in the same conversation goes with it.
  lane smallint not null,
  -- Not before. Among those that may go, the longest waiting goes first.
  due_at timestamptz not null default clock_timestamp(),
  -- How often its first message has been tried in vain.
  tries smallint not null default 0,
  -- The attempt in flight. The worker that drains the shard knows its outcome, or died with it.
  attempt_id uuid
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

comment on table private.outbox is 'One row a conversation that has something to send.';

create index outbox_due_idx on private.outbox (channel_id, shard, lane, due_at) where attempt_id is null;
create index outbox_in_flight_idx on private.outbox (channel_id, shard) where attempt_id is not null;
create index on private.outbox (tenant_id);

alter table private.outbox enable row level security;

-- What is not on its way yet, in order. Not by the status itself: what an index asks for must not change with every status,
-- or each of them would be written into all indexes of its message.
create index messages_unsent_idx on public.messages (tenant_id, conversation_id, seq) where direction = 'out' and external_id is null and not is_private;

/* What waits to be sent. */
create view private.queued_messages as
select m.*
from public.messages m
where m.direction = 'out'
  and m.external_id is null
  and not m.is_private
  and m.status = 'queued';

/* Who drains a shard: the last to begin. Whoever was taken for dead and is not finds another name here, and stops. */
create table private.outbox_drains (
  channel_id uuid not null references public.channels on delete cascade,
  shard smallint not null,
  tenant_id uuid not null,
  drain_id uuid not null,
  primary key (channel_id, shard)
);

comment on table private.outbox_drains is 'The job that drains each shard of a channel''s outbox.';

alter table private.outbox_drains enable row level security;

create function private.outbox_shards()
  returns integer
  language sql
  immutable
as $$
  select 4
$$;

/*
 * Has a shard drained, now or later. One job a shard, however many conversations wait. It is the last thing
 * a transaction should do: until it commits, whoever else rings for the shard waits.
 */
create function private.ring_outbox(channel_id uuid, shard integer, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_queue text := 'outbox:' || channel_id || ':' || shard;
begin
  perform graphile_worker.add_job(
    'outbox__drain',
    json_build_object('channel_id', channel_id, 'shard', shard),
    queue_name => v_queue,
    run_at => run_at,
    -- What is to happen later must not put off what is to happen now.
    job_key => case when run_at is null then v_queue else v_queue || ':later' end,
    priority => 0::smallint
  );
end;
$$;

/* Has the shards drained in which these conversations wait. */
create function private.ring_outboxes(conversation_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_bell record;
begin
  for v_bell in
    select distinct o.channel_id, o.shard
    from private.outbox o
    where o.conversation_id = any ($1)
    order by 1, 2
  loop
    perform private.ring_outbox(v_bell.channel_id, v_bell.shard);
  end loop;
end;
$$;

/*
 * Sends what is queued in these conversations. Campaigns and merges call it once, at the end of their
 * transaction. A conversation that waits because the provider said so keeps its time, unless `due_at` says otherwise. Who
 * queues in many conversations one after another sets `prosa.hold_bells` and rings once, at the end.
 */
create function private.enqueue_sends(conversation_ids uuid[], due_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Messages stand in partitions: planning this anew took 10 ms.
  set plan_cache_mode = force_generic_plan
as $$
begin
  insert into private.outbox as o (conversation_id, tenant_id, channel_id, shard, lane, due_at)
  select
    c.id, c.tenant_id, c.channel_id, get_byte(uuid_send(c.id), 15) % private.outbox_shards(), m.lane,
    coalesce($2, clock_timestamp())
  from public.conversations c
  cross join lateral (
    select q.lane
    from private.queued_messages q
    where q.tenant_id = c.tenant_id
      and q.conversation_id = c.id
    order by q.seq desc
    limit 1
  ) m
  where c.id = any ($1)
  order by c.id
  on conflict (conversation_id) do update
  set
    lane = least(o.lane, excluded.lane),
    due_at = case when $2 is null then o.due_at else $2 end;

  if current_setting('prosa.hold_bells', true) is distinct from 'on' then
    perform private.ring_outboxes($1);
  end if;
end;
$$;

/* Sends what is queued in one conversation, not before `run_at` where it is given. */
create function private.enqueue_send(conversation_id uuid, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.enqueue_sends(array[$1], $2);
end;
$$;

/*
 * What came of an attempt.
 *
 * accepted: external_id. failed: error. retry: after after_seconds, or once the whole channel's pause of
 * pause_seconds is over. hold: the channel needs attention; with not_called, only this worker was in the way.
 * unknown: nobody knows; the message stays `sending` until a status webhook, or ten minutes.
 */
create type private.send_outcome as (
  attempt_id uuid,
  conversation_id uuid,
  result public.attempt_result,
  external_id text,
  error jsonb,
  after_seconds float8,
  pause_seconds float8,
  not_called boolean
);

/* Lets conversations go on after their attempts, and forgets those that have nothing more to send. */
create function private.release_conversations(outcomes private.send_outcome[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update private.outbox o
  set
    attempt_id = null,
    tries = case x.result when 'retry' then o.tries + 1 when 'hold' then o.tries else 0 end,
    due_at = case
      when x.result = 'retry' and x.pause_seconds is null then clock_timestamp() + make_interval(secs => coalesce(x.after_seconds, 5))
      -- What goes back keeps its place.
      when x.result in ('retry', 'hold') then o.due_at
      else clock_timestamp()
    end
  from unnest(outcomes) x
  where o.conversation_id = any (array(select y.conversation_id from unnest(outcomes) y))
    and o.conversation_id is not distinct from x.conversation_id
    and o.attempt_id is not distinct from x.attempt_id
    and x.attempt_id is not null;

  delete from private.outbox o
  where o.conversation_id = any (array(select x.conversation_id from unnest(outcomes) x))
    and o.attempt_id is null
    -- One descent a conversation: as `not exists` it could become a scan of all that is queued.
    and (
      select m.seq
      from private.queued_messages m
      where m.tenant_id = o.tenant_id
        and m.conversation_id = o.conversation_id
      order by m.seq
      limit 1
    ) is null;
end;
$$;

/* Has every shard of a channel drained. */
create function private.release_outbox(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  for v_shard in 0 .. private.outbox_shards() - 1 loop
    perform private.ring_outbox($1, v_shard);
  end loop;
end;
$$;

/* A channel that is well again sends what it held. */
create function private.tg_channels__release_outbox()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.release_outbox(new.id);
  return null;
end;
$$;

create trigger _500_release_outbox
  after update of status on public.channels
  for each row
  when (old.status <> 'connected' and new.status = 'connected')
  execute function private.tg_channels__release_outbox();

/*
 * Has shards drained whose conversations are a minute late: a job that was given up, or deleted by hand,
 * holds nothing back for longer. Returns how many shards.
 */
create function private.ring_late_outbox()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_late record;
  v_count integer := 0;
begin
  for v_late in
    select distinct o.channel_id, o.shard
    from private.outbox o
    join public.channels c on c.id = o.channel_id and c.status = 'connected'
    left join private.sending_limits l on l.channel_id = o.channel_id
    where o.attempt_id is null
      and o.due_at < now() - interval '1 minute'
      and coalesce(l.paused_until, '-infinity') < now()
    order by 1, 2
  loop
    perform private.ring_outbox(v_late.channel_id, v_late.shard);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

grant execute on function
  private.ring_outbox(uuid, integer, timestamptz),
  private.ring_late_outbox()
to prosa_worker;
