/*
 * What an agent's tools change on other machines while it thinks: each is written down before it is asked for, so that a
 * turn which is thought again, or taken up after its worker died, does not ask twice.
 */

create table private.ai_changes (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  -- The turn it belongs to: what is asked for again there has the answer of the first time.
  owner_epoch integer not null,
  revision integer not null,
  tool text not null check (length(tool) between 1 and 60),
  -- What it is about, or a hash of that: a contract, a call's content.
  about text not null check (length(about) between 1 and 80),
  -- core's Outcome; null: it is being asked for, or its worker is gone.
  outcome jsonb,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  unique (conversation_id, owner_epoch, revision, tool, about),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table private.ai_changes is 'What AI agents had other machines do, each once a turn.';

create index on private.ai_changes (tenant_id, conversation_id);

alter table private.ai_changes enable row level security;

/*
 * Writes down what is about to be asked for, while the conversation is the agent's. Gives {id}; {id, begun: true} where it
 * was begun before, in whichever turn, and nobody knows what came of it; {outcome} of the first time, in this turn or
 * lost (`sgp_unsettled`) in any; or {refused: taken_over}.
 */
create function private.begin_ai_change(conversation_id uuid, owner_epoch integer, revision integer, tool text, about text)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_change private.ai_changes;
begin
  -- Whoever takes the conversation over meanwhile stands in line here.
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  if v_conversation.id is null or v_conversation.owner <> 'ai' or v_conversation.owner_epoch <> $2 then
    return jsonb_build_object('refused', 'taken_over');
  end if;
  select h.* into v_change
  from private.ai_changes h
  where h.conversation_id = $1
    and h.tool = $4
    and h.about = $5
    and ((h.owner_epoch = $2 and h.revision = $3) or h.outcome is null or h.outcome ->> 'code' = 'sgp_unsettled')
  order by h.outcome is null desc, h.created_at desc
  limit 1;
  if v_change.id is null then
    insert into private.ai_changes (tenant_id, conversation_id, owner_epoch, revision, tool, about)
    values (v_conversation.tenant_id, $1, $2, $3, $4, $5)
    returning * into v_change;
    return jsonb_build_object('id', v_change.id);
  elsif v_change.outcome is null then
    return jsonb_build_object('id', v_change.id, 'begun', true);
  end if;
  return jsonb_build_object('outcome', v_change.outcome);
end;
$$;

/* Keeps what came of it, once. */
create function private.settle_ai_change(change_id uuid, outcome jsonb)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  update private.ai_changes h
  set outcome = $2, done_at = clock_timestamp()
  where h.id = $1
    and h.outcome is null
$$;

/* What was changed in a turn, as the turn keeps it: [{tool, fault}]. */
create function private.ai_changes_of(conversation_id uuid, owner_epoch integer, revision integer)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_strip_nulls(jsonb_build_object('tool', h.tool, 'fault', case when not coalesce((h.outcome ->> 'ok')::boolean, false) then coalesce(h.outcome ->> 'code', 'sgp_unsettled') end))
    order by h.created_at
  ), '[]')
  from private.ai_changes h
  where h.conversation_id = $1
    and h.owner_epoch = $2
    and h.revision = $3
$$;

/* Integrations that an agent's tools may need: what is on, without addresses. Raises tenant_not_found, not_allowed. */
create function public.modules_for_ai(tenant_id uuid)
  returns table (id uuid, module text, name text, enabled boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'ai.read');
  return query
  select m.id, m.module, m.name, m.enabled
  from public.tenant_modules m
  where m.tenant_id = $1
  order by m.module, lower(m.name);
end;
$$;

grant execute on function public.modules_for_ai(uuid) to authenticated;

grant execute on function
  private.module_of_call(uuid, text, uuid),
  private.begin_ai_change(uuid, integer, integer, text, text),
  private.settle_ai_change(uuid, jsonb)
to prosa_worker;
