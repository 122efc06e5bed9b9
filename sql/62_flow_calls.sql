/* What flows ask of other machines: outside of the step's transaction, each once. */

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
    'kind', v_call.kind, 'request', v_call.request, 'tries', v_call.tries,
    -- The integration that it goes through, with its secrets encrypted.
    'module', case
      when v_call.kind = 'sgp' then private.module_of_call(v_call.tenant_id, 'sgp', null)
      when v_call.request ? 'connection' then private.module_of_call(v_call.tenant_id, 'http', (v_call.request ->> 'connection')::uuid)
    end
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
  if v_call.kind in ('http', 'sgp', 'ai') then
    perform private.enqueue_flow(v_call.conversation_id);
  end if;
end;
$$;

grant execute on function
  private.take_flow_call(uuid),
  private.settle_flow_call(uuid, jsonb)
to prosa_worker;
