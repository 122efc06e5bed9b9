/*
 * Keeping a step: state, messages and all else it wants done, together or not at all, under the conversation's lock. What
 * a step was thought out on must still hold: the run's revision, and that the conversation is still the bot's.
 */

/*
 * Does what a step wants done, in its order. What is sent must be sendable: else it raises, and none of it was done. What
 * else can't be done is told, and the flow goes on. Gives [{node, fault}].
 */
create function private.do_flow_effects(run public.flow_runs, effects jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_effect jsonb;
  v_client_id uuid;
  v_faults jsonb := '[]';
begin
  for v_effect in select e.value from jsonb_array_elements(effects) e loop
    v_client_id := md5('flow|' || run.id || '|' || (v_effect ->> 'id'))::uuid;
    if v_effect ->> 'type' in ('http', 'sgp', 'ai', 'webhook') then
      perform private.enqueue_flow_call(run, v_effect);
      continue;
    end if;
    select c.* into v_conversation from public.conversations c where c.id = run.conversation_id;
    if v_effect ->> 'type' = 'send' then
      perform private.queue_message(v_conversation, v_client_id, v_effect -> 'content', null, 'bot', null);
      continue;
    end if;
    begin
      case v_effect ->> 'type'
        when 'act' then
          perform private.perform_action(v_conversation, v_effect -> 'action', null, v_client_id);
        when 'assign' then
          perform private.apply_team(v_conversation, (v_effect ->> 'team_id')::uuid);
        when 'lead' then
          insert into public.flow_results (tenant_id, run_id, conversation_id, kind, content)
          values (run.tenant_id, run.id, run.conversation_id, 'lead', v_effect - 'id' - 'type' - 'node');
        when 'csat' then
          insert into public.flow_results (tenant_id, run_id, conversation_id, kind, content)
          values (run.tenant_id, run.id, run.conversation_id, 'csat', jsonb_build_object('score', v_effect -> 'score'));
        when 'hand_over' then
          if v_effect ->> 'agent_id' is not null or v_effect ->> 'team_id' is not null then
            perform private.apply_assignment(
              v_conversation, coalesce((v_effect ->> 'team_id')::uuid, v_conversation.team_id), (v_effect ->> 'agent_id')::uuid
            );
          end if;
          if btrim(coalesce(v_effect ->> 'note', '')) <> '' then
            select c.* into v_conversation from public.conversations c where c.id = run.conversation_id;
            perform private.apply_note(v_conversation, v_client_id, jsonb_build_object('text', v_effect ->> 'note', 'mentions', '[]'::jsonb));
          end if;
        when 'close' then
          perform private.apply_close(v_conversation);
      end case;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_faults := v_faults || jsonb_build_object('node', v_effect ->> 'node', 'fault', sqlerrm);
    end;
  end loop;
  return v_faults;
end;
$$;

/*
 * Keeps a step that was thought out on `revision`. `step`: {state, effects, visits, cursor, at (ms)}. Gives what became of
 * it: `done`; `stale`, something was faster: read again; `taken_over`, a person has the conversation, nothing was said;
 * `failed`, what it wanted to send can't be sent: nothing was, and a person has it.
 */
create function private.commit_flow_step(run_id uuid, revision integer, step jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_run public.flow_runs;
  v_conversation public.conversations;
  v_state jsonb := step -> 'state';
  v_ended jsonb := case when jsonb_typeof(step #> '{state,ended}') = 'object' then step #> '{state,ended}' end;
  v_until timestamptz := to_timestamp((step #>> '{state,waiting,until}')::numeric / 1000);
  v_faults jsonb := '[]';
  v_fault text;
  v_outcome text := v_ended ->> 'how';
  v_cause jsonb;
begin
  -- Always the conversation before its run: whoever takes over does so too.
  select c.* into v_conversation
  from public.conversations c
  where c.id = (select r.conversation_id from public.flow_runs r where r.id = $1)
  for update;
  select r.* into v_run from public.flow_runs r where r.id = $1 for update;
  if v_run.id is null or v_run.status <> 'live' or v_run.revision <> $2 then
    return 'stale';
  end if;
  if v_conversation.status <> 'open' or v_conversation.owner <> 'bot' or v_conversation.owner_epoch <> v_run.owner_epoch then
    perform private.end_flow(v_conversation, case when v_conversation.status = 'open' then 'taken_over' else 'closed' end);
    return 'taken_over';
  end if;

  v_cause := private.set_cause(jsonb_build_object('type', 'flow', 'id', v_run.flow_id, 'name', (
    select f.name from public.flows f where f.id = v_run.flow_id
  )));
  if v_ended is not null then
    -- First: what hands over or closes must not find a run to end.
    update public.flow_runs r
    set
      status = 'ended',
      outcome = v_outcome,
      fault = v_ended ->> 'code',
      ended_at = clock_timestamp()
    where r.id = v_run.id;
  end if;
  begin
    v_faults := private.do_flow_effects(v_run, step -> 'effects');
  exception
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      v_fault := sqlerrm;
  end;
  if v_fault is not null then
    update public.flow_runs r
    set status = 'ended', outcome = 'failed', fault = v_fault, ended_at = clock_timestamp()
    where r.id = v_run.id;
    v_outcome := 'failed';
  end if;
  if v_outcome is not null then
    perform private.end_flow(v_conversation, v_outcome);
    update public.conversations c
    set waiting_since = coalesce(c.waiting_since, now())
    where c.id = v_conversation.id
      and c.waiting_since is null
      and c.folder in ('open', 'snoozed')
      and v_outcome in ('handed_over', 'failed');
  end if;

  update public.flow_runs r
  set
    state = v_state,
    cursor = greatest(r.cursor, (step ->> 'cursor')::bigint),
    revision = r.revision + 1,
    visits = r.visits + jsonb_array_length(step -> 'visits'),
    waiting_until = case when v_outcome is null then v_until end
  where r.id = v_run.id;
  insert into public.flow_steps (tenant_id, run_id, number, flow_id, node, branch, fault, at)
  select
    v_run.tenant_id, v_run.id, v_run.visits + v.ordinality, (v.value ->> 'flow')::uuid, v.value ->> 'node', v.value ->> 'branch',
    coalesce(v.value ->> 'fault', (select f.value ->> 'fault' from jsonb_array_elements(v_faults) f where f.value ->> 'node' = v.value ->> 'node' limit 1)),
    to_timestamp((step ->> 'at')::numeric / 1000)
  from jsonb_array_elements(step -> 'visits') with ordinality v;

  if v_outcome is null then
    -- Whom a bot has answered waits for nobody.
    update public.conversations c
    set waiting_since = null
    where c.id = v_conversation.id
      and c.waiting_since is not null
      and step -> 'effects' @> '[{"type": "send"}]';
    if v_until is not null then
      perform private.enqueue_flow(v_conversation.id, v_until);
    end if;
  end if;
  perform private.set_cause(v_cause);
  return case when v_fault is null then 'done' else 'failed' end;
end;
$$;

/*
 * Keeps steps of several conversations together: [{run_id, revision, step}]. A commit of its own for each would have them
 * wait for one another at the bell of the outbox and at the notice. Gives what became of each, in their order; where one
 * of them can't be kept at all, none is: then each is to be kept by itself.
 */
create function private.commit_flow_steps(steps jsonb)
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_results text[] := array_fill(null::text, array[jsonb_array_length(steps)]);
  v_conversations uuid[];
  v_one record;
begin
  perform set_config('prosa.hold_bells', 'on', true);
  -- Their order is everybody's: whoever locks several can't wait for one another in a ring.
  for v_one in
    select e.ordinality::integer as place, e.value, r.conversation_id
    from jsonb_array_elements(steps) with ordinality e
    left join public.flow_runs r on r.id = (e.value ->> 'run_id')::uuid
    order by r.conversation_id
  loop
    v_results[v_one.place] := private.commit_flow_step(
      (v_one.value ->> 'run_id')::uuid, (v_one.value ->> 'revision')::integer, v_one.value -> 'step'
    );
    v_conversations := v_conversations || v_one.conversation_id;
  end loop;
  perform set_config('prosa.hold_bells', '', true);
  perform private.ring_outboxes(v_conversations);
  return v_results;
end;
$$;

/* Ends a run that can't be taken further at all (its version can't be read), and gives the conversation to a person. */
create function private.fail_flow(run_id uuid, revision integer, fault text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = (select r.conversation_id from public.flow_runs r where r.id = $1 and r.status = 'live' and r.revision = $2)
  for update;
  if v_conversation.id is not null and exists (select from public.flow_runs r where r.id = $1 and r.status = 'live' and r.revision = $2) then
    perform private.end_flow(v_conversation, 'failed', left($3, 200));
  end if;
end;
$$;

grant execute on function
  private.commit_flow_steps(jsonb),
  private.fail_flow(uuid, integer, text)
to prosa_worker;
