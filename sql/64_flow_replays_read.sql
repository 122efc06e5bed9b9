/* What a worker reads of a replay. */

/*
 * Lists what a replay looks at: the flow's last 2,000 runs of those days that have ended, and of the last 5,000
 * conversations that no bot had the 1,000 newest in which something was said that its triggers wait for (core's
 * triggeredBy looks closer).
 */
create function private.list_flow_replay(replay public.flow_replays)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_since timestamptz := replay.created_at - make_interval(days => replay.days);
  v_runs integer;
  v_others integer;
begin
  insert into public.flow_replay_conversations (tenant_id, replay_id, number, conversation_id, run_id, started_at)
  select replay.tenant_id, replay.id, row_number() over (order by r.started_at desc), r.conversation_id, r.id, r.started_at
  from public.flow_runs r
  where r.tenant_id = replay.tenant_id
    and r.flow_id = replay.flow_id
    and r.started_at > v_since
    and r.status = 'ended'
  order by r.started_at desc
  limit 2000;
  get diagnostics v_runs = row_count;

  insert into public.flow_replay_conversations (tenant_id, replay_id, number, conversation_id, started_at)
  select replay.tenant_id, replay.id, v_runs + row_number() over (order by c.created_at desc), c.id, c.created_at
  from (
    select n.id, n.created_at
    from public.conversations n
    where n.tenant_id = replay.tenant_id
      and n.updated_at > v_since
      and n.created_at > v_since
      and not n.is_spam
      and not n.is_history
      and not exists (select from public.flow_runs r where r.tenant_id = n.tenant_id and r.conversation_id = n.id)
    order by n.updated_at desc
    limit 5000
  ) c
  where exists (
    select
    from public.messages m
    join public.flow_triggers t
      on t.tenant_id = replay.tenant_id
      and t.flow_id = replay.flow_id
      and t.on_message
      and (t.needles = '{""}' or exists (select from unnest(t.needles) w (word) where strpos(private.flow_words(m.body), w.word) > 0))
    where m.tenant_id = replay.tenant_id
      and m.conversation_id = c.id
      and m.created_at >= c.created_at - interval '1 day'
      and m.seq <= 20
      and m.direction = 'in'
  )
  order by c.created_at desc
  limit 1000;
  get diagnostics v_others = row_count;
  return v_runs + v_others;
end;
$$;

/* The draft of a replay with what it calls, as that is published: {flow: definition}. */
create function private.flows_of_replay(replay public.flow_replays)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  with recursive reached as (
    select replay.flow_id as flow_id, replay.definition
    union
    select f.id, v.definition
    from reached r
    cross join lateral jsonb_path_query(r.definition, '$.nodes[*] ? (@.type == "flow").flow_id') c (value)
    join public.flows f
      on f.tenant_id = replay.tenant_id
      and f.id::text = lower(c.value #>> '{}')
      and f.id <> replay.flow_id
    join public.flow_versions v on v.tenant_id = f.tenant_id and v.id = f.published_version_id
  )
  select jsonb_object_agg(r.flow_id, r.definition) from reached r
$$;

/* One conversation of a replay as it went: what core's Recorded is made of. */
create function private.flow_recording(one public.flow_replay_conversations, hours_of text[])
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_conversation public.conversations;
  v_run public.flow_runs;
  v_until timestamptz;
  v_seq bigint;
begin
  select c.* into v_conversation from public.conversations c where c.tenant_id = one.tenant_id and c.id = one.conversation_id;
  select r.* into v_run from public.flow_runs r where r.tenant_id = one.tenant_id and r.id = one.run_id;
  v_seq := (v_run.begins_with ->> 'seq')::bigint;
  -- Until a person spoke, it was closed, or another bot had it.
  v_until := least(
    (
      select min(m.created_at)
      from public.messages m
      where m.tenant_id = one.tenant_id
        and m.conversation_id = one.conversation_id
        and m.created_at > one.started_at
        and m.author = 'agent'
        and m.direction = 'out'
    ),
    (
      select min(r.started_at)
      from public.flow_runs r
      where r.tenant_id = one.tenant_id
        and r.conversation_id = one.conversation_id
        and r.started_at > one.started_at
    ),
    case when v_conversation.closed_at > one.started_at then v_conversation.closed_at end,
    case when v_run.outcome in ('closed', 'taken_over', 'stopped') then v_run.ended_at end,
    now()
  );
  return jsonb_build_object(
    'number', one.number,
    'started_at', extract(epoch from one.started_at) * 1000,
    'until', extract(epoch from v_until) * 1000,
    'facts', private.flow_facts(v_conversation, '{}') || jsonb_build_object('open', (
      select coalesce(jsonb_object_agg(o.team, private.is_open(one.tenant_id, nullif(o.team, '')::uuid, one.started_at)), '{}')
      from unnest($2) o (team)
    )),
    'run', case when v_run.id is not null then jsonb_build_object(
      'id', v_run.id, 'flow_id', v_run.flow_id, 'pins', v_run.pins, 'outcome', v_run.outcome, 'seq', v_seq,
      'variables', coalesce(v_run.begins_with -> 'variables', '{}'),
      'steps', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'flow', s.flow_id, 'node', s.node, 'branch', s.branch, 'at', extract(epoch from s.at) * 1000
        ) order by s.number), '[]')
        from public.flow_steps s
        where s.tenant_id = one.tenant_id
          and s.run_id = v_run.id
      ),
      'calls', (
        select coalesce(jsonb_agg(f.outcome order by f.effect), '[]')
        from private.flow_calls f
        where f.tenant_id = one.tenant_id
          and f.run_id = v_run.id
          and f.kind in ('http', 'sgp', 'ai')
      )
    ) end,
    'messages', (
      select coalesce(jsonb_agg(m.said order by m.seq), '[]')
      from (
        select m.seq, jsonb_build_object(
          'id', m.id, 'seq', m.seq, 'kind', m.kind, 'body', m.body, 'content', m.content, 'media', m.media,
          'received_at', extract(epoch from m.created_at) * 1000
        ) as said
        from public.messages m
        where m.tenant_id = one.tenant_id
          and m.conversation_id = one.conversation_id
          and m.created_at > one.started_at - interval '1 day'
          and m.created_at <= v_until
          and m.direction = 'in'
          and m.kind not in ('reaction', 'edit', 'revoke', 'system')
          -- Behind what it began with; and what a run had not read when it was taken from it is nobody's answer.
          and case when v_run.id is null then true when v_seq is null then m.created_at > one.started_at else m.seq >= v_seq end
          and (v_run.outcome is null or v_run.outcome not in ('closed', 'taken_over', 'stopped') or m.seq <= v_run.cursor)
        order by m.seq
        limit 200
      ) m
    ),
    -- When the bot spoke: a question that was only asked again left no step.
    'told', (
      select coalesce(jsonb_agg(jsonb_build_object('seq', m.seq, 'at', extract(epoch from m.created_at) * 1000) order by m.seq), '[]')
      from public.messages m
      where v_run.id is not null
        and m.tenant_id = one.tenant_id
        and m.conversation_id = one.conversation_id
        and m.created_at >= one.started_at
        and m.created_at <= v_until
        and m.author = 'bot'
    )
  );
end;
$$;

/* The next portion of a replay, which begins with the first: {guess, flow_id, flows, triggers, recordings}. Null: it is over. */
create function private.next_of_flow_replay(flow_replay_id uuid, portion integer)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_replay public.flow_replays;
  v_flows jsonb;
  v_hours text[];
begin
  select r.* into v_replay from public.flow_replays r where r.id = $1 and r.status in ('waiting', 'running') for update;
  if v_replay.id is null then
    return null;
  end if;
  if v_replay.status = 'waiting' then
    update public.flow_replays r
    set status = 'running', total = private.list_flow_replay(v_replay)
    where r.id = v_replay.id;
  end if;
  v_flows := private.flows_of_replay(v_replay);
  v_hours := array(
    select ''
    union
    select coalesce(n.value ->> 'team_id', '')
    from jsonb_each(v_flows) f
    cross join lateral jsonb_path_query(f.value, '$.nodes[*] ? (@.type == "hours")') n (value)
    where coalesce(n.value ->> 'team_id', '') ~ '^([0-9a-fA-F-]{36})?$'
  );
  return jsonb_build_object(
    'guess', v_replay.guess,
    'flow_id', v_replay.flow_id,
    'flows', v_flows,
    'triggers', (
      select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'trigger', t.settings) order by t.position), '[]')
      from public.flow_triggers t
      where t.tenant_id = v_replay.tenant_id
        and t.flow_id = v_replay.flow_id
        and t.on_message
    ),
    'recordings', (
      select coalesce(jsonb_agg(private.flow_recording(c, v_hours) order by c.number), '[]')
      from (
        select o.*
        from public.flow_replay_conversations o
        where o.tenant_id = v_replay.tenant_id
          and o.replay_id = v_replay.id
          and not o.done
        order by o.number
        limit $2
      ) c
    )
  );
end;
$$;

grant execute on function private.next_of_flow_replay(uuid, integer) to prosa_worker;
