/*
 * An AI agent's turn in a conversation. Like a flow's step: a worker reads once, thinks without a lock, and commits answer
 * and state together under the conversation's lock, if nobody has taken it over (`owner_epoch`) and the turn it read is
 * still the next one (`revision`). So a turn that is run twice speaks once, and never after a person has the conversation.
 */

create table private.ai_threads (
  conversation_id uuid primary key,
  tenant_id uuid not null,
  agent_id uuid not null,
  version_id uuid not null,
  -- Whose the conversation is: this agent's while it is the conversation's owner_epoch.
  owner_epoch integer not null,
  -- The seq of the last message that it has answered.
  cursor bigint not null,
  -- Raised with every turn that is kept.
  revision integer not null default 0,
  -- How often the next turn was begun: one that kills its worker is not begun for ever.
  tries integer not null default 0,
  answers integer not null default 0,
  -- What stands for what in masked words (core's Mask). Goes with the conversation.
  masks jsonb not null default '[]',
  started_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references public.ai_agent_versions (tenant_id, id) on delete cascade
) with (fillfactor = 70);

comment on table private.ai_threads is 'Where an AI agent stands in a conversation.';

create index on private.ai_threads (tenant_id, conversation_id);
create index on private.ai_threads (tenant_id, agent_id);
create index on private.ai_threads (tenant_id, version_id);

create table public.ai_turns (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  agent_id uuid not null,
  version_id uuid not null,
  -- What it said; null: nothing.
  message_id uuid,
  outcome text not null check (outcome in ('answered', 'handed_over', 'flow_started')),
  -- Of the customer's last words: {intent, sentiment, urgency, language, temperature, confidence}.
  decision jsonb not null default '{}',
  -- Short, for the team, without personal data.
  reason text not null default '' check (length(reason) <= 200),
  -- What the answer stands on: [{document_id, position, title, hash}]; the hash is the md5 of the piece that was read.
  citations jsonb not null default '[]' check (jsonb_typeof(citations) = 'array'),
  -- What it did and what could not be done: [{tool, fault}].
  actions jsonb not null default '[]' check (jsonb_typeof(actions) = 'array'),
  created_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references public.ai_agent_versions (tenant_id, id) on delete cascade
);

comment on table public.ai_turns is 'What AI agents said and decided, and what it stands on.';

create index on public.ai_turns (tenant_id, conversation_id, created_at desc);
create index on public.ai_turns (tenant_id, agent_id, created_at desc);
create index on public.ai_turns (tenant_id, version_id);

alter table private.ai_threads enable row level security;
alter table public.ai_turns enable row level security;

create policy select_follower on public.ai_turns
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = ai_turns.tenant_id
        and c.id = ai_turns.conversation_id
    )
  );

grant select on public.ai_turns to authenticated;

/* The agent that answers in a conversation that is nobody's: of those that fit, the most particular, then the oldest. */
create function private.ai_agent_for(conversation public.conversations)
  returns public.ai_agents
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select a.*
  from public.ai_agents a
  where a.tenant_id = conversation.tenant_id
    and a.published_version_id is not null
    and (a.channel_ids = '{}' or conversation.channel_id = any (a.channel_ids))
    and (a.team_ids = '{}' or conversation.team_id = any (a.team_ids))
  order by (a.team_ids <> '{}')::integer * 2 + (a.channel_ids <> '{}')::integer desc, a.created_at
  limit 1
$$;

/* Gives an agent's conversation to people. It is locked already. */
create function private.end_ai(conversation public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.conversations c
  set
    owner = 'human',
    owner_epoch = c.owner_epoch + 1,
    waiting_since = case when c.status = 'open' and not c.is_spam then coalesce(c.waiting_since, now()) else c.waiting_since end
  where c.id = $1.id
    and c.owner = 'ai';
end;
$$;

/* Gives the conversations of an agent that stops to people. */
create function private.release_from_ai(agent public.ai_agents)
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
    where c.id in (select t.conversation_id from private.ai_threads t where t.tenant_id = $1.tenant_id and t.agent_id = $1.id)
      and c.owner = 'ai'
    order by c.id
    for no key update
  loop
    perform private.end_ai(v_conversation);
  end loop;
end;
$$;

/*
 * What an agent needs for its turn: who it is, what was said, where it stands. Takes a conversation that is nobody's: from
 * then on it is the agent's. Null: nothing is to be said here. `has_key`: the installation has a key of its own; without
 * any nothing is taken.
 */
create function private.take_ai_turn(conversation_id uuid, has_key boolean)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_thread private.ai_threads;
  v_agent public.ai_agents;
  v_last bigint;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  if v_conversation.id is null or v_conversation.status <> 'open' or v_conversation.is_spam then
    return null;
  end if;
  select t.* into v_thread from private.ai_threads t where t.conversation_id = $1;
  if v_conversation.owner = 'ai' then
    if v_thread.conversation_id is null or v_thread.owner_epoch <> v_conversation.owner_epoch then
      perform private.end_ai(v_conversation);
      return null;
    end if;
  else
    if not private.is_nobodys(v_conversation) or v_thread.owner_epoch is not null then
      -- What an agent has handed over stays with people.
      return null;
    end if;
    v_agent := private.ai_agent_for(v_conversation);
    if v_agent.id is null
      or not (has_key or exists (select from private.ai_keys k where k.tenant_id = v_conversation.tenant_id))
      or exists (select from public.ai_settings s where s.tenant_id = v_conversation.tenant_id and not s.enabled)
    then
      return null;
    end if;
    update public.conversations c
    set owner = 'ai', owner_epoch = c.owner_epoch + 1
    where c.id = $1
    returning c.* into v_conversation;
    insert into private.ai_threads (conversation_id, tenant_id, agent_id, version_id, owner_epoch, cursor)
    values ($1, v_conversation.tenant_id, v_agent.id, v_agent.published_version_id, v_conversation.owner_epoch, 0);
  end if;

  update private.ai_threads t
  set tries = t.tries + 1
  where t.conversation_id = $1
  returning t.* into v_thread;
  select max(m.seq) into v_last
  from public.messages m
  where m.tenant_id = v_conversation.tenant_id
    and m.conversation_id = $1
    and m.seq > v_thread.cursor
    -- No month before is looked into.
    and m.created_at > v_thread.started_at - interval '10 minutes'
    and m.direction = 'in'
    and m.kind not in ('reaction', 'edit', 'revoke', 'system');
  if v_last is null then
    return null;
  end if;
  return private.ai_reading(v_conversation, v_thread, v_last);
end;
$$;

grant execute on function private.take_ai_turn(uuid, boolean) to prosa_worker;
