/* Keeping a turn: what an agent says and does, together or not at all, if the conversation is still its own. */

/*
 * Does what an agent's tools want done, in their order. What can't be done is told, and the rest goes on. Gives
 * [{tool, fault}].
 */
create function private.do_ai_effects(conversation_id uuid, effects jsonb, key text)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_effect jsonb;
  v_place bigint;
  v_faults jsonb := '[]';
begin
  for v_effect, v_place in select e.value, e.ordinality from jsonb_array_elements(effects) with ordinality e loop
    select c.* into v_conversation from public.conversations c where c.id = $1;
    begin
      case v_effect ->> 'type'
        when 'act' then
          perform private.perform_action(v_conversation, v_effect -> 'action', null, md5($3 || '|' || v_place)::uuid);
        when 'tag' then
          perform private.apply_tags(v_conversation, array(
            select g.id
            from public.tags g
            where g.tenant_id = v_conversation.tenant_id
              and lower(g.name) in (select lower(n.value) from jsonb_array_elements_text(v_effect -> 'names') n)
          ), '{}');
        when 'fact' then
          perform private.learn_fact(v_conversation, v_effect);
        when 'lead' then
          perform private.note_lead(
            v_conversation, 'ai', (select t.agent_id from private.ai_threads t where t.conversation_id = $1), v_effect - 'type' - 'tool'
          );
        when 'contact' then
          update public.contacts p
          set
            name = coalesce(nullif(left(btrim(v_effect ->> 'name'), 200), ''), p.name),
            -- What an agent heard a customer say is theirs: the provider's name no longer replaces it.
            name_at = case when nullif(btrim(v_effect ->> 'name'), '') is null then p.name_at end,
            email = coalesce(nullif(lower(btrim(v_effect ->> 'email')), ''), p.email)
          where p.tenant_id = v_conversation.tenant_id
            and p.id = v_conversation.contact_id;
          perform private.tell_contacts(v_conversation.tenant_id, array[v_conversation.contact_id]);
      end case;
      v_faults := v_faults || jsonb_build_object('tool', v_effect ->> 'tool');
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_faults := v_faults || jsonb_build_object('tool', v_effect ->> 'tool', 'fault', left(sqlerrm, 120));
    end;
  end loop;
  return v_faults;
end;
$$;

/*
 * Keeps a turn that was thought out on `owner_epoch` and `revision`. `turn`: {up_to, text, outcome (answered, handed_over,
 * flow_started), reason, note, decision, citations, effects, masks, flow_id, summary, made_by, last (say it though more
 * came)}. Gives what became of it: `done`; `stale`, the customer wrote on, or another worker was faster: read again;
 * `taken_over`, a person has the conversation, nothing was said; `failed`, what it wanted to say can't be sent: a person
 * has it.
 */
create function private.commit_ai_turn(conversation_id uuid, owner_epoch integer, revision integer, turn jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_thread private.ai_threads;
  v_agent public.ai_agents;
  v_outcome text := turn ->> 'outcome';
  v_reason text := left(coalesce(turn ->> 'reason', ''), 200);
  v_message public.messages;
  v_done jsonb;
  v_fault text;
  v_cause jsonb;
  v_key text := 'ai|' || $1 || '|' || $2 || '|' || $3;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  select t.* into v_thread from private.ai_threads t where t.conversation_id = $1 for update;
  if v_conversation.status <> 'open' or v_conversation.owner <> 'ai' or v_conversation.owner_epoch <> $2
    or v_thread.conversation_id is null or v_thread.owner_epoch <> $2
  then
    return 'taken_over';
  end if;
  if v_thread.revision <> $3 or (not coalesce((turn ->> 'last')::boolean, false) and exists (
    select
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = $1
      and m.seq > (turn ->> 'up_to')::bigint
      and m.created_at > v_thread.started_at - interval '10 minutes'
      and m.direction = 'in'
      and m.kind not in ('reaction', 'edit', 'revoke', 'system')
  )) then
    return 'stale';
  end if;
  select a.* into v_agent from public.ai_agents a where a.id = v_thread.agent_id;
  v_cause := private.set_cause(jsonb_build_object('type', 'ai', 'id', v_agent.id, 'name', v_agent.name));

  if coalesce(turn ->> 'text', '') <> '' then
    begin
      v_message := private.queue_message(
        v_conversation, md5(v_key)::uuid, jsonb_build_object('kind', 'text', 'text', turn ->> 'text'), null, 'ai', null
      );
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_fault := left(sqlerrm, 120);
        v_outcome := 'handed_over';
        v_reason := v_fault;
    end;
  end if;
  v_done := private.do_ai_effects($1, coalesce(turn -> 'effects', '[]'), v_key) || private.ai_changes_of($1, $2, $3);

  update private.ai_threads t
  set
    cursor = (turn ->> 'up_to')::bigint,
    revision = t.revision + 1,
    tries = 0,
    answers = t.answers + (v_message.id is not null)::integer,
    masks = coalesce(turn -> 'masks', t.masks)
  where t.conversation_id = $1;
  insert into public.ai_turns (tenant_id, conversation_id, agent_id, version_id, message_id, outcome, decision, reason, citations, actions)
  values (
    v_conversation.tenant_id, $1, v_thread.agent_id, v_thread.version_id, v_message.id, v_outcome, coalesce(turn -> 'decision', '{}'),
    v_reason, coalesce(turn -> 'citations', '[]'), v_done
  );

  if v_outcome = 'answered' then
    -- Whom an agent has answered waits for nobody.
    update public.conversations c set waiting_since = null where c.id = $1 and c.waiting_since is not null;
  elsif v_outcome = 'flow_started' then
    select c.* into v_conversation from public.conversations c where c.id = $1;
    if (private.begin_flow(v_conversation, (turn ->> 'flow_id')::uuid, null, null, v_conversation.last_seq)).id is not null then
      perform private.enqueue_flow($1);
    else
      v_outcome := 'handed_over';
      v_reason := 'flow_not_found';
    end if;
  end if;
  if v_outcome = 'handed_over' then
    perform private.hand_over_from_ai($1, v_agent, v_reason, turn, md5(v_key || '|note')::uuid);
  end if;
  perform private.set_cause(v_cause);
  return case when v_fault is null then 'done' else 'failed' end;
end;
$$;

/* Gives an agent's conversation to the queue of its people, with why and what it was about. */
create function private.hand_over_from_ai(conversation_id uuid, agent public.ai_agents, reason text, turn jsonb, client_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_note text := left(btrim(concat_ws(E'\n\n', nullif(btrim(coalesce(turn ->> 'note', '')), ''), nullif(btrim(coalesce(turn ->> 'summary', '')), ''))), 4000);
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  perform private.end_ai(v_conversation);
  select c.* into v_conversation from public.conversations c where c.id = $1;
  if v_note <> '' then
    perform private.apply_note(v_conversation, $5, jsonb_build_object('text', v_note, 'mentions', '[]'::jsonb));
    select c.* into v_conversation from public.conversations c where c.id = $1;
  end if;
  if coalesce(turn ->> 'summary', '') <> '' then
    perform private.keep_summary(
      v_conversation.tenant_id, $1, (select t.locale from public.tenants t where t.id = v_conversation.tenant_id),
      left(turn ->> 'summary', 4000), '[]', (turn ->> 'up_to')::bigint, left(coalesce(turn ->> 'made_by', 'ai'), 80)
    );
  end if;
  if $2.hand_over_team_id is not null and v_conversation.team_id is distinct from $2.hand_over_team_id
    and exists (select from public.teams t where t.tenant_id = v_conversation.tenant_id and t.id = $2.hand_over_team_id and t.archived_at is null)
  then
    perform private.apply_assignment(v_conversation, $2.hand_over_team_id, v_conversation.assignee_id);
  end if;
end;
$$;

/*
 * Once a statement: does an agent answer where something was said? A tenant without agents pays one look into an index
 * that is nearly empty. One job a conversation, and one notice a statement.
 */
create function private.tg_messages__ai()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_jobs graphile_worker.job_spec[];
begin
  select array_agg(
    (
      'ai__turn', json_build_object('conversation_id', said.conversation_id), null,
      now() + make_interval(secs => said.gather), 8, 'ai:' || said.conversation_id, 0::smallint, null
    )::graphile_worker.job_spec
    order by said.conversation_id
  ) into v_jobs
  from (
    select a.conversation_id, min(g.gather) as gather
    from added a
    cross join lateral (
      select min(o.gather_seconds) as gather
      from public.ai_agents o
      where o.tenant_id = a.tenant_id
        and o.published_version_id is not null
    ) g
    where a.direction = 'in'
      and a.kind not in ('reaction', 'edit', 'revoke', 'system')
      and g.gather is not null
      -- One descent: as `exists` it could become a scan of all conversations.
      and (
        select
          c.status = 'open'
          and not c.is_spam
          and (c.owner = 'ai' or (c.owner = 'human' and c.assignee_id is null and c.first_reply_at is null))
        from public.conversations c
        where c.id = a.conversation_id
      )
    group by a.conversation_id
  ) said;
  if v_jobs is not null then
    perform graphile_worker.add_jobs(v_jobs, job_key_preserve_run_at => true);
  end if;
  return null;
end;
$$;

create trigger _961_ai
  after insert on public.messages
  referencing new table as added
  for each statement
  execute function private.tg_messages__ai();

/*
 * Has a person take an agent's conversation without giving it to anybody: the queue has it. Idempotent. Raises
 * conversation_not_found, not_allowed.
 */
create function public.stop_ai(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation($1, 'conversations.reply');
begin
  perform private.end_ai(v_conversation);
  select c.* into v_conversation from public.conversations c where c.id = $1;
  return v_conversation;
end;
$$;

grant execute on function public.stop_ai(uuid) to authenticated;

grant execute on function private.commit_ai_turn(uuid, integer, integer, jsonb) to prosa_worker;
