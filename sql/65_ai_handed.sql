/* A bot's flow hands a conversation to an AI agent: the run ends, and the agent goes on in the bot's place. */

/* Whether an agent may take a conversation: published, and AI works here. */
create function private.ai_agent_answers(tenant_id uuid, agent_id uuid)
  returns boolean
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select exists (
    select
    from public.ai_agents a
    where a.tenant_id = $1
      and a.id = $2
      and a.published_version_id is not null
  )
  and coalesce((select s.enabled from public.ai_settings s where s.tenant_id = $1), true)
  and (
    exists (select from private.ai_keys k where k.tenant_id = $1)
    or coalesce((select p.has_key from private.ai_platform p), false)
  )
$$;

/*
 * Gives a conversation that a flow has just left, and that is locked, to an agent: its owner, with an epoch of its own.
 * What the customer said since somebody last answered is the agent's to answer; where nothing is open it waits for them.
 * Does nothing for an agent that answers nobody, or where a person has it: the queue keeps it then.
 */
create function private.hand_to_ai(conversation_id uuid, agent_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_agent public.ai_agents;
  v_answered bigint;
  v_asked bigint;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  if v_conversation.status <> 'open' or v_conversation.is_spam or v_conversation.owner <> 'human' or v_conversation.assignee_id is not null
    or not private.ai_agent_answers(v_conversation.tenant_id, $2)
  then
    return;
  end if;
  select a.* into v_agent from public.ai_agents a where a.tenant_id = v_conversation.tenant_id and a.id = $2;
  select max(s.seq) filter (where s.direction = 'out'), max(s.seq) filter (where s.direction = 'in')
  into v_answered, v_asked
  from (
    select m.seq, m.direction
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = $1
      and m.created_at > now() - interval '7 days'
      and not m.is_private
      and m.kind not in ('reaction', 'edit', 'revoke', 'system')
    order by m.seq desc
    limit 50
  ) s;
  update public.conversations c
  set
    owner = 'ai',
    owner_epoch = c.owner_epoch + 1,
    waiting_since = case when v_asked > coalesce(v_answered, 0) then c.waiting_since end
  where c.id = $1
  returning c.* into v_conversation;
  insert into private.ai_threads as t (conversation_id, tenant_id, agent_id, version_id, owner_epoch, cursor)
  values ($1, v_conversation.tenant_id, v_agent.id, v_agent.published_version_id, v_conversation.owner_epoch, coalesce(v_answered, 0))
  on conflict on constraint ai_threads_pkey do update
  set
    agent_id = excluded.agent_id,
    version_id = excluded.version_id,
    owner_epoch = excluded.owner_epoch,
    cursor = excluded.cursor,
    tries = 0,
    answers = 0,
    started_at = excluded.started_at;
  if v_asked > coalesce(v_answered, 0) then
    perform graphile_worker.add_job(
      'ai__turn', json_build_object('conversation_id', $1), job_key => 'ai:' || $1, priority => 0::smallint, max_attempts => 8
    );
  end if;
end;
$$;
