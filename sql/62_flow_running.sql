/* Beginning and ending runs, and what a worker reads to take one further. */

/* The versions of a flow and of all that it calls, as they are published now: {flow: version}. Null: not published. */
create function private.flow_pins(tenant_id uuid, flow_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
  with recursive reached as (
    select f.id as flow_id, v.id as version_id, v.calls
    from public.flows f
    join public.flow_versions v on v.tenant_id = f.tenant_id and v.id = f.published_version_id
    where f.tenant_id = $1
      and f.id = $2
    union
    select f.id, v.id, v.calls
    from reached r
    cross join lateral unnest(r.calls) c (id)
    join public.flows f on f.tenant_id = $1 and f.id = c.id
    join public.flow_versions v on v.tenant_id = f.tenant_id and v.id = f.published_version_id
  )
  select jsonb_object_agg(r.flow_id, r.version_id) from reached r
  );
end;
$$;

/* The versions that a run of this trigger's flow would go through, {flow_id, pins}; null: none would begin. */
create function private.flow_of_trigger(trigger_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object('flow_id', t.flow_id, 'pins', p.pins)
  from public.flow_triggers t
  cross join lateral private.flow_pins(t.tenant_id, t.flow_id) p (pins)
  where t.id = $1
    and p.pins is not null
$$;

grant execute on function private.flow_of_trigger(uuid) to prosa_worker;

/* Whether a conversation is nobody's, so that a flow may begin in it by itself. */
create function private.is_nobodys(conversation public.conversations)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return conversation.status = 'open'
    and conversation.owner = 'human'
    and conversation.assignee_id is null
    and conversation.first_reply_at is null
    and not conversation.is_spam
    and not exists (
      select
      from public.flow_runs r
      where r.conversation_id = conversation.id
        and r.outcome in ('handed_over', 'failed', 'taken_over', 'stopped')
    );
end;
$$;

/* Has a conversation's flow taken further, now or at a moment. */
create function private.enqueue_flow(conversation_id uuid, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if run_at is null then
    perform private.call_flows(array[$1]);
    return;
  end if;
  perform graphile_worker.add_job(
    'flow__advance',
    json_build_object('conversation_id', conversation_id),
    run_at => run_at,
    job_key => 'flow_later:' || conversation_id,
    priority => 0::smallint
  );
end;
$$;

/*
 * Begins a run in a locked conversation: it is the bot's from now on. Null where one lives there already, or the flow is
 * not published. `after`: the run reads what the customer says behind this seq.
 */
create function private.begin_flow(
  conversation public.conversations,
  flow_id uuid,
  trigger_id uuid,
  started_by uuid,
  after bigint,
  begins_with jsonb default '{}'
)
  returns public.flow_runs
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_pins jsonb := private.flow_pins(conversation.tenant_id, $2);
  v_run public.flow_runs;
begin
  if v_pins is null or conversation.status <> 'open' or exists (
    select
    from public.flow_runs r
    where r.conversation_id = conversation.id
      and r.status = 'live'
  ) then
    return null;
  end if;
  insert into public.flow_runs (tenant_id, conversation_id, flow_id, version_id, pins, trigger_id, started_by, cursor, owner_epoch, begins_with)
  values (
    conversation.tenant_id, conversation.id, $2, (v_pins ->> $2::text)::uuid, v_pins, $3, $4, $5,
    conversation.owner_epoch + 1, coalesce($6, '{}')
  )
  returning * into v_run;
  update public.conversations c
  set owner = 'bot', owner_epoch = c.owner_epoch + 1
  where c.id = conversation.id;
  return v_run;
end;
$$;

/*
 * Ends the live run of a conversation, if there is one, and gives the conversation to people: for whoever takes over. The
 * conversation is locked already.
 */
create function private.end_flow(conversation public.conversations, outcome text, fault text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.flow_runs r
  set
    status = 'ended',
    outcome = $2,
    fault = $3,
    waiting_until = null,
    ended_at = clock_timestamp()
  where r.conversation_id = $1.id
    and r.status = 'live';
  update public.conversations c
  set
    owner = 'human',
    owner_epoch = c.owner_epoch + 1,
    -- Nobody had answered but a machine, and now nobody does.
    waiting_since = case
      when c.status = 'open' and not c.is_spam and $2 in ('handed_over', 'failed', 'stopped') then coalesce(c.waiting_since, now())
      when $2 = 'completed' then null
      else c.waiting_since
    end
  where c.id = $1.id
    and c.owner = 'bot';
end;
$$;

/* Gives the conversations of a flow that is thrown away to people. */
create function private.release_from_flow(flow public.flows)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  for v_conversation in
    select c.*
    from public.conversations c
    where c.id in (select r.conversation_id from public.flow_runs r where r.tenant_id = $1.tenant_id and r.flow_id = $1.id and r.ended_at is null)
    order by c.id
    for no key update
  loop
    perform private.end_flow(v_conversation, 'stopped');
  end loop;
end;
$$;

/*
 * Starts a flow in a conversation, at a person's word. Raises conversation_not_found, not_allowed, conversation_closed,
 * flow_not_found (or not published), flow_running (one lives there already).
 */
create function public.start_flow(conversation_id uuid, flow_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation($1, 'conversations.reply');
  v_run public.flow_runs;
begin
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if private.flow_pins(v_conversation.tenant_id, $2) is null then
    perform private.refuse(404, 'flow_not_found');
  end if;
  v_run := private.begin_flow(v_conversation, $2, null, auth.uid(), v_conversation.last_seq);
  if v_run.id is null then
    perform private.refuse(409, 'flow_running');
  end if;
  perform private.enqueue_flow($1);
  select c.* into v_conversation from public.conversations c where c.id = $1;
  return v_conversation;
end;
$$;

/* Stops the bot of a conversation, at a person's word. Idempotent. Raises conversation_not_found, not_allowed. */
create function public.stop_flow(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation($1, 'conversations.reply');
begin
  perform private.end_flow(v_conversation, 'stopped');
  select c.* into v_conversation from public.conversations c where c.id = $1;
  return v_conversation;
end;
$$;

/*
 * Tells the flows that something happened outside: what has a trigger for such an event begins, where the conversation is
 * nobody's. Gives the run's id, or null. Raises conversation_not_found, not_allowed.
 */
create function public.send_flow_event(conversation_id uuid, event text, variables jsonb default '{}')
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation($1, 'conversations.reply');
  v_trigger public.flow_triggers;
  v_run public.flow_runs;
begin
  select t.* into v_trigger
  from public.flow_triggers t
  where t.tenant_id = v_conversation.tenant_id
    and t.active
    and t.type = 'event'
    and t.settings ->> 'event' = $2
  order by t.active_since, t.position
  limit 1;
  if v_trigger.id is null or not private.is_nobodys(v_conversation) or length($3::text) > 20000 then
    return null;
  end if;
  v_run := private.begin_flow(
    v_conversation, v_trigger.flow_id, v_trigger.id, auth.uid(), v_conversation.last_seq,
    jsonb_build_object('variables', coalesce($3, '{}'))
  );
  perform private.enqueue_flow($1);
  return v_run.id;
end;
$$;

grant execute on function
  public.start_flow(uuid, uuid),
  public.stop_flow(uuid),
  public.send_flow_event(uuid, text, jsonb)
to authenticated;
