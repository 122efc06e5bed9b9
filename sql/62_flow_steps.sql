/*
 * Keeping a step: state, messages and all else it wants done, together or not at all, under the conversation's lock. What
 * a step was thought out on must still hold: the run's revision, and that the conversation is still the bot's.
 */

/* Asks what a run wants of others, outside of this transaction. */
create function private.enqueue_flow_call(run public.flow_runs, wanted jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into private.flow_calls (tenant_id, run_id, conversation_id, effect, kind, request)
  values (
    run.tenant_id, run.id, run.conversation_id, (wanted ->> 'id')::integer, wanted ->> 'type',
    coalesce(wanted -> 'request', '{}') || (wanted - 'request' - 'id' - 'type' - 'node')
  )
  on conflict on constraint flow_calls_run_id_effect_key do nothing
  returning id into v_id;
  if v_id is not null then
    perform graphile_worker.add_job(
      'flow__call', json_build_object('flow_call_id', v_id),
      -- Four at once a tenant: whose machines are slow waits for them alone.
      queue_name => 'flow_calls:' || run.tenant_id || ':' || get_byte(uuid_send(run.conversation_id), 15) % 4,
      job_key => 'flow_call:' || v_id, priority => 0::smallint, max_attempts => 6
    );
  end if;
end;
$$;

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
    if v_effect ->> 'type' in ('http', 'ai', 'webhook') then
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

/* What a call needs; counts the try. Null: it is done, or nobody waits for it any more. */
create function private.take_flow_call(flow_call_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_call private.flow_calls;
begin
  update private.flow_calls f
  set tries = f.tries + 1
  where f.id = $1
    and f.outcome is null
    and (f.kind = 'webhook' or exists (select from public.flow_runs r where r.id = f.run_id and r.status = 'live'))
  returning f.* into v_call;
  if v_call.id is null then
    return null;
  end if;
  return jsonb_build_object(
    'id', v_call.id, 'tenant_id', v_call.tenant_id, 'run_id', v_call.run_id, 'conversation_id', v_call.conversation_id,
    'kind', v_call.kind, 'request', v_call.request, 'tries', v_call.tries
  );
end;
$$;

/* Keeps what came of a call, once, and has its run go on. */
create function private.settle_flow_call(flow_call_id uuid, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_call private.flow_calls;
begin
  update private.flow_calls f
  set outcome = $2, done_at = clock_timestamp()
  where f.id = $1
    and f.outcome is null
  returning f.* into v_call;
  if v_call.kind in ('http', 'ai') then
    perform private.enqueue_flow(v_call.conversation_id);
  end if;
end;
$$;

grant execute on function
  private.commit_flow_step(uuid, integer, jsonb),
  private.fail_flow(uuid, integer, text),
  private.take_flow_call(uuid),
  private.settle_flow_call(uuid, jsonb)
to prosa_worker;
