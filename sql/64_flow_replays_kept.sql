/* What a worker keeps of a replay, and how it ends. */

/*
 * Keeps what came of a portion: [{number, compared}], core's Compared, null where nothing would have begun. Asks for the
 * next. Gives whether that was the last. Twice keeps once.
 */
create function private.keep_flow_replay(flow_replay_id uuid, results jsonb)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_replay public.flow_replays;
  v_gone integer;
  v_done integer;
begin
  select r.* into v_replay from public.flow_replays r where r.id = $1 and r.status = 'running' for update;
  if v_replay.id is null then
    return false;
  end if;
  delete from public.flow_replay_conversations c
  using jsonb_array_elements($2) e
  where c.tenant_id = v_replay.tenant_id
    and c.replay_id = v_replay.id
    and c.number = (e.value ->> 'number')::integer
    and not c.done
    and jsonb_typeof(e.value -> 'compared') = 'null';
  get diagnostics v_gone = row_count;
  update public.flow_replay_conversations c
  set
    done = true,
    changed = (o.compared ->> 'changed')::boolean,
    guessed = (o.compared ->> 'guessed')::boolean,
    before = o.compared ->> 'before',
    after = o.compared ->> 'after',
    before_path = o.compared -> 'before_path',
    after_path = o.compared -> 'after_path',
    before_said = (o.compared ->> 'before_said')::integer,
    after_said = (o.compared ->> 'after_said')::integer
  from (
    select (e.value ->> 'number')::integer as number, e.value -> 'compared' as compared
    from jsonb_array_elements($2) e
  ) o
  where c.tenant_id = v_replay.tenant_id
    and c.replay_id = v_replay.id
    and c.number = o.number
    and not c.done
    and jsonb_typeof(o.compared) = 'object';
  get diagnostics v_done = row_count;
  update public.flow_replays r
  set done = r.done + v_done, total = r.total - v_gone
  where r.id = v_replay.id;
  if exists (
    select
    from public.flow_replay_conversations c
    where c.tenant_id = v_replay.tenant_id
      and c.replay_id = v_replay.id
      and not c.done
  ) then
    perform private.enqueue_flow_replay(v_replay);
    return false;
  end if;
  return true;
end;
$$;

/* All that came of a replay: [core's Compared]. */
create function private.results_of_flow_replay(flow_replay_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(
    jsonb_agg(to_jsonb(c) - '{tenant_id, replay_id, number, conversation_id, run_id, started_at, done}'::text[] order by c.number),
    '[]'
  )
  from public.flow_replays r
  join public.flow_replay_conversations c on c.tenant_id = r.tenant_id and c.replay_id = r.id
  where r.id = $1
$$;

/* Ends a replay with what it comes to, or with why it can't be done. */
create function private.end_flow_replay(flow_replay_id uuid, tally jsonb, fault text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.flow_replays r
  set
    status = case when $3 is null then 'done' else 'failed' end,
    tally = case when $3 is null then $2 end,
    fault = $3,
    finished_at = clock_timestamp()
  where r.id = $1
    and r.status = 'running';
end;
$$;

grant execute on function
  private.keep_flow_replay(uuid, jsonb),
  private.results_of_flow_replay(uuid),
  private.end_flow_replay(uuid, jsonb, text)
to prosa_worker;
