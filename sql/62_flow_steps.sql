/*
 * Keeping a step: state, messages and all else it wants done, together or not at all, under the conversation's lock. What
 * a step was thought out on must still hold: the run's revision, and that the conversation is still the bot's.
 */

/*
 * Does what a step wants done, in its order. What is sent must be sendable: else it raises, and none of it was done. What
 * else can't be done is told, and the flow goes on. What is said first takes the conversation as it is given. Gives
 * [{node, fault}].
 */
create function private.do_flow_effects(run public.flow_runs, conversation public.conversations, effects jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := conversation;
  v_effect jsonb;
  v_place bigint;
  v_client_id uuid;
  v_faults jsonb := '[]';
begin
  for v_effect, v_place in select e.value, e.ordinality from jsonb_array_elements(effects) with ordinality e loop
    v_client_id := md5('flow|' || run.id || '|' || (v_effect ->> 'id'))::uuid;
    if v_effect ->> 'type' in ('http', 'sgp', 'ai', 'webhook') then
      perform private.enqueue_flow_call(run, v_effect);
      continue;
    end if;
    if v_place > 1 then
      select c.* into v_conversation from public.conversations c where c.id = run.conversation_id;
    end if;
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
          perform private.note_lead(v_conversation, 'flow', run.flow_id, v_effect);
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
          if v_effect ->> 'ai_agent_id' is not null and not private.ai_agent_answers(run.tenant_id, (v_effect ->> 'ai_agent_id')::uuid) then
            v_faults := v_faults || jsonb_build_object('node', v_effect ->> 'node', 'fault', 'ai_agent_off');
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
 * Does what a step of a run wants, for a run that is written already and a locked conversation as it is to be: the bot's,
 * and waiting for nobody whom a bot has answered. `run.visits` are those before the step. Gives `done`, or `failed`: what
 * it wanted to send can't be sent, nothing was, and a person has it.
 */
create function private.do_flow_step(run public.flow_runs, conversation public.conversations, step jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_conversation public.conversations := conversation;
  v_outcome text := step #>> '{state,ended,how}';
  v_until timestamptz := to_timestamp((step #>> '{state,waiting,until}')::numeric / 1000);
  v_faults jsonb := '[]';
  v_fault text;
  v_cause jsonb;
begin
  v_cause := private.set_cause(jsonb_build_object('type', 'flow', 'id', run.flow_id, 'name', (
    select f.name from public.flows f where f.tenant_id = run.tenant_id and f.id = run.flow_id
  )));
  -- Whom a bot has answered waits for nobody; whom it hands over waits for as long as before.
  if v_outcome is null and step -> 'effects' @> '[{"type": "send"}]' then
    v_conversation.waiting_since := null;
  end if;
  begin
    -- What is sent first takes this along.
    if step #>> '{effects,0,type}' is distinct from 'send' then
      update public.conversations c
      set
        owner = v_conversation.owner,
        owner_epoch = v_conversation.owner_epoch,
        waiting_since = v_conversation.waiting_since
      where c.id = v_conversation.id
        and (c.owner_epoch <> v_conversation.owner_epoch or c.waiting_since is distinct from v_conversation.waiting_since);
    end if;
    v_faults := private.do_flow_effects(run, v_conversation, step -> 'effects');
  exception
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      v_fault := sqlerrm;
  end;
  if v_fault is not null then
    update public.flow_runs r
    set status = 'ended', outcome = 'failed', fault = v_fault, waiting_until = null, ended_at = clock_timestamp()
    where r.id = run.id;
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
  -- Only now is it nobody's any more.
  if v_outcome = 'handed_over' and step -> 'effects' @? '$[*].ai_agent_id' then
    perform private.hand_to_ai(v_conversation.id, (jsonb_path_query_first(step -> 'effects', '$[*].ai_agent_id') #>> '{}')::uuid);
  end if;

  insert into public.flow_steps (tenant_id, run_id, number, flow_id, node, branch, fault, at)
  select
    run.tenant_id, run.id, run.visits + v.ordinality, (v.value ->> 'flow')::uuid, v.value ->> 'node', v.value ->> 'branch',
    coalesce(v.value ->> 'fault', (select f.value ->> 'fault' from jsonb_array_elements(v_faults) f where f.value ->> 'node' = v.value ->> 'node' limit 1)),
    to_timestamp((step ->> 'at')::numeric / 1000)
  from jsonb_array_elements(step -> 'visits') with ordinality v;

  if v_outcome is null and v_until is not null then
    perform private.enqueue_flow(v_conversation.id, v_until);
  end if;
  perform private.set_cause(v_cause);
  return case when v_fault is null then 'done' else 'failed' end;
end;
$$;

/*
 * Keeps a step that was thought out on `revision`. `step`: {state, effects, visits, cursor, at (ms)}. Gives what became of
 * it: `done`; `stale`, something was faster: read again; `taken_over`, a person has the conversation, nothing was said;
 * `failed`, see do_flow_step.
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
  v_outcome text := step #>> '{state,ended,how}';
begin
  -- Always the conversation before its run: whoever takes over does so too.
  select c.* into v_conversation
  from public.conversations c
  where c.id = (select r.conversation_id from public.flow_runs r where r.id = $1)
  for no key update;
  select r.* into v_run from public.flow_runs r where r.id = $1 for update;
  if v_run.id is null or v_run.status <> 'live' or v_run.revision <> $2 then
    return 'stale';
  end if;
  if v_conversation.status <> 'open' or v_conversation.owner <> 'bot' or v_conversation.owner_epoch <> v_run.owner_epoch then
    perform private.end_flow(v_conversation, case when v_conversation.status = 'open' then 'taken_over' else 'closed' end);
    return 'taken_over';
  end if;
  -- Before its effects: what hands over or closes must not find a run to end.
  update public.flow_runs r
  set
    status = case when v_outcome is null then 'live' else 'ended' end,
    outcome = v_outcome,
    fault = step #>> '{state,ended,code}',
    ended_at = case when v_outcome is not null then clock_timestamp() end,
    state = step -> 'state',
    cursor = greatest(r.cursor, (step ->> 'cursor')::bigint),
    revision = r.revision + 1,
    visits = r.visits + jsonb_array_length(step -> 'visits'),
    waiting_until = case when v_outcome is null then to_timestamp((step #>> '{state,waiting,until}')::numeric / 1000) end
  where r.id = v_run.id;
  return private.do_flow_step(v_run, v_conversation, step);
end;
$$;

/*
 * Begins the run that a message set off together with its first step, if nothing has happened in between. `beginning`:
 * {run_id, trigger_id, seq, pins}; `seq` is that message's. Gives what commit_flow_step gives, or `gone`: the trigger is
 * nobody's any more, or the flow not published.
 */
create function private.begin_flow_step(conversation_id uuid, beginning jsonb, step jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_conversation public.conversations;
  v_trigger public.flow_triggers;
  v_run public.flow_runs;
  v_pins jsonb;
  v_outcome text := step #>> '{state,ended,how}';
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  select t.* into v_trigger
  from public.flow_triggers t
  where t.tenant_id = v_conversation.tenant_id
    and t.id = (beginning ->> 'trigger_id')::uuid
    and t.active;
  v_pins := private.flow_pins(v_conversation.tenant_id, v_trigger.flow_id);
  if v_pins is null then
    return 'gone';
  end if;
  if v_pins <> beginning -> 'pins' or not private.is_nobodys(v_conversation) then
    return 'stale';
  end if;
  insert into public.flow_runs (
    id, tenant_id, conversation_id, flow_id, version_id, pins, trigger_id, owner_epoch, begins_with, status, outcome, fault, ended_at,
    state, cursor, revision, visits, waiting_until
  )
  values (
    (beginning ->> 'run_id')::uuid, v_conversation.tenant_id, $1, v_trigger.flow_id, (v_pins ->> v_trigger.flow_id::text)::uuid, v_pins,
    v_trigger.id, v_conversation.owner_epoch + 1, jsonb_build_object('seq', beginning -> 'seq'),
    case when v_outcome is null then 'live' else 'ended' end, v_outcome, step #>> '{state,ended,code}',
    case when v_outcome is not null then clock_timestamp() end, step -> 'state', (step ->> 'cursor')::bigint, 1,
    jsonb_array_length(step -> 'visits'),
    case when v_outcome is null then to_timestamp((step #>> '{state,waiting,until}')::numeric / 1000) end
  )
  returning * into v_run;
  v_run.visits := 0;
  v_conversation.owner := 'bot';
  v_conversation.owner_epoch := v_run.owner_epoch;
  return private.do_flow_step(v_run, v_conversation, step);
end;
$$;

/*
 * Keeps steps of several conversations together: [{conversation_id, run_id, revision, step}], or for one that begins
 * [{conversation_id, beginning, step}]; with `wake` the conversation is given back, as version `wake` (rest_flows). A commit of its own for each would have them wait for one another at the bell of the outbox and at the
 * notice. Gives what became of each, in their order; where one of them can't be kept at all, none is: then each is to be
 * kept by itself.
 */
create function private.commit_flow_steps(steps jsonb)
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Few things by their keys, whatever the tables held when this was planned.
  set enable_hashjoin = off
  set enable_mergejoin = off
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_results text[] := array_fill(null::text, array[jsonb_array_length(steps)]);
  v_conversations uuid[];
  v_rests jsonb := '[]';
  v_one record;
begin
  perform set_config('prosa.hold_bells', 'on', true);
  -- Their order is everybody's: whoever locks several can't wait for one another in a ring.
  for v_one in
    select
      e.ordinality::integer as place, e.value, (e.value ->> 'conversation_id')::uuid as conversation_id
    from jsonb_array_elements(steps) with ordinality e
    order by 3
  loop
    v_results[v_one.place] := case
      when v_one.value ? 'beginning' then
        private.begin_flow_step(v_one.conversation_id, v_one.value -> 'beginning', v_one.value -> 'step')
      else
        private.commit_flow_step(
          (v_one.value ->> 'run_id')::uuid, (v_one.value ->> 'revision')::integer, v_one.value -> 'step'
        )
    end;
    v_conversations := v_conversations || v_one.conversation_id;
    if v_results[v_one.place] <> 'stale' and v_one.value ? 'wake' then
      v_rests := v_rests || jsonb_build_object('conversation_id', v_one.conversation_id, 'version', v_one.value -> 'wake');
    end if;
  end loop;
  perform private.rest_flows(v_rests);
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
  for no key update;
  if v_conversation.id is not null and exists (select from public.flow_runs r where r.id = $1 and r.status = 'live' and r.revision = $2) then
    perform private.end_flow(v_conversation, 'failed', left($3, 200));
  end if;
end;
$$;

grant execute on function
  private.commit_flow_steps(jsonb),
  private.fail_flow(uuid, integer, text)
to prosa_worker;
