/*
 * Actions that a person does to one conversation or to many with one call: to each all of them or none, with what stood
 * before kept, so that it can be taken back (sql/44_actions_undone.sql).
 */

/* What of a conversation actions change and undoing puts back. */
create function private.undoable_state(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'status', conversation.status,
    'team_id', conversation.team_id,
    'assignee_id', conversation.assignee_id,
    'priority', conversation.priority,
    'tag_ids', conversation.tag_ids,
    'snoozed_until', conversation.snoozed_until,
    'is_spam', conversation.is_spam,
    'waiting_since', conversation.waiting_since,
    'attributes', conversation.attributes,
    'contact_attributes', (select p.attributes from public.contacts p where p.tenant_id = conversation.tenant_id and p.id = conversation.contact_id)
  );
end;
$$;

/* Those members of one object that differ from another's. */
create function private.differing(one jsonb, other jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(one) e
    where e.value is distinct from other -> e.key
  );
end;
$$;

/* What a person did to conversations with one call, with what stood before, for as long as they may take it back. */
create table private.action_batches (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  -- [{id, before, after}]: the members of private.undoable_state that were changed.
  changes jsonb not null,
  created_at timestamptz not null default now()
);

create index on private.action_batches (user_id, created_at);

alter table private.action_batches enable row level security;

/*
 * Does actions to one conversation in a person's name, all of them or none. Gives {outcome: done | refused, code, detail,
 * action, before, after}. With `preview` nothing of it stays.
 */
create function private.perform_for_person(conversation_id uuid, actions jsonb, preview boolean default false)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_before jsonb;
  v_after jsonb;
  v_place integer := 0;
  v_action jsonb;
  v_code text;
  v_detail text;
begin
  begin
    v_conversation := private.lock_conversation($1, 'conversations.read');
    v_before := private.undoable_state(v_conversation);
    for v_action in select e.value from jsonb_array_elements(actions) with ordinality e order by e.ordinality loop
      if not private.may(v_conversation.tenant_id, private.action_permission(v_action ->> 'type')) then
        perform private.refuse(403, 'not_allowed', private.action_permission(v_action ->> 'type'));
      end if;
      perform private.perform_action(v_conversation, v_action, auth.uid(), gen_random_uuid());
      -- As it is now: a rule may have been to it because of that.
      select c.* into v_conversation from public.conversations c where c.id = $1;
      v_place := v_place + 1;
    end loop;
    v_after := private.undoable_state(v_conversation);
    if preview then
      perform private.refuse(409, 'preview_ends');
    end if;
  exception
    -- Nothing to do with the actions: the whole call is tried again, or not.
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
      if v_code <> 'preview_ends' then
        if sqlstate !~ '^PT' then
          v_detail := v_code;
          v_code := 'action_failed';
        end if;
        return jsonb_build_object('conversation_id', $1, 'outcome', 'refused', 'code', v_code, 'detail', nullif(v_detail, ''), 'action', v_place);
      end if;
  end;
  return jsonb_build_object(
    'conversation_id', $1,
    'outcome', 'done',
    'before', private.differing(v_before, v_after),
    'after', private.differing(v_after, v_before)
  );
end;
$$;

/* Does actions to conversations, and keeps what stood before. Gives {undo_id, results}. */
create function private.perform_batch(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_done jsonb;
  v_results jsonb := '[]';
  v_changes jsonb := '[]';
  v_undo_id uuid;
begin
  -- In the order of their ids, so that two people who do something to the same ones wait and do not deadlock.
  for v_id in select distinct c from unnest(conversation_ids) c where c is not null order by c loop
    v_done := private.perform_for_person(v_id, actions);
    v_results := v_results || (v_done - 'before' - 'after');
    if v_done -> 'after' <> '{}' then
      v_changes := v_changes || jsonb_build_object('id', v_id, 'before', v_done -> 'before', 'after', v_done -> 'after');
    end if;
  end loop;

  if v_changes <> '[]' then
    delete from private.action_batches b
    where b.user_id = auth.uid()
      and b.created_at < now() - interval '10 minutes';
    insert into private.action_batches (user_id, changes)
    values (auth.uid(), v_changes)
    returning id into v_undo_id;
  end if;
  return jsonb_build_object('undo_id', v_undo_id, 'results', v_results);
end;
$$;

/*
 * Does actions (core/src/actions) to up to 500 conversations; to each all of them or, where one is refused, none. Gives
 * {undo_id, results: [{conversation_id, outcome: done | refused, code, detail, action}]}: what a person may not see or do
 * is refused for that conversation alone. Raises actions_invalid, too_many_conversations.
 */
create function public.perform_actions(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.check_actions($2);
  if cardinality($1) > 500 then
    perform private.refuse(422, 'too_many_conversations');
  end if;
  return private.perform_batch($1, $2);
end;
$$;

/*
 * What actions would do to a conversation, done and taken back at once: {before, after} of what would change, or the
 * code of what would be refused. Raises actions_invalid, conversation_not_found.
 */
create function public.preview_actions(conversation_id uuid, actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_preview jsonb;
begin
  perform private.check_actions($2);
  v_preview := private.perform_for_person($1, $2, true);
  if v_preview ->> 'code' = 'conversation_not_found' then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return jsonb_build_object('before', '{}'::jsonb, 'after', '{}'::jsonb) || (v_preview - 'conversation_id' - 'outcome');
end;
$$;

grant execute on function
  public.perform_actions(uuid[], jsonb),
  public.preview_actions(uuid, jsonb)
to authenticated;
