/*
 * What a person did to many with one call they may take back for ten minutes: what stood before is kept, and put back where
 * nobody has changed it since, also where the conversation has left their sight by it.
 */

/* Puts back what stood in a conversation before, where it still is what it was made. Says whether all of it was. */
create function private.undo_change(change jsonb)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_now jsonb;
  -- Only what nobody has changed since.
  v_back jsonb;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = (change ->> 'id')::uuid
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  for no key update;
  if v_conversation.id is null then
    return false;
  end if;
  v_now := private.undoable_state(v_conversation);
  select coalesce(jsonb_object_agg(b.key, b.value), '{}') into v_back
  from jsonb_each(change -> 'before') b
  where v_now -> b.key = change -> 'after' -> b.key;

  if v_back ->> 'status' = 'open' then
    v_conversation := private.apply_reopen(v_conversation);
  end if;
  if v_back ?| array['team_id', 'assignee_id'] then
    v_conversation := private.apply_assignment(
      v_conversation,
      case when v_back ? 'team_id' then (v_back ->> 'team_id')::uuid else v_conversation.team_id end,
      case when v_back ? 'assignee_id' then (v_back ->> 'assignee_id')::uuid else v_conversation.assignee_id end
    );
  end if;
  if v_back ? 'priority' then
    v_conversation := private.apply_priority(v_conversation, (v_back ->> 'priority')::smallint);
  end if;
  if v_back ? 'tag_ids' then
    v_conversation := private.apply_tags(
      v_conversation,
      array(select e.value::uuid from jsonb_array_elements_text(v_back -> 'tag_ids') e),
      array(select t from unnest(v_conversation.tag_ids) t where not v_back -> 'tag_ids' ? t::text)
    );
  end if;
  if v_back ? 'is_spam' then
    v_conversation := private.apply_spam(v_conversation, (v_back ->> 'is_spam')::boolean);
  end if;
  if v_back ? 'snoozed_until' then
    v_conversation := case
      when coalesce((v_back ->> 'snoozed_until')::timestamptz, '-infinity') <= clock_timestamp() then private.apply_unsnooze(v_conversation)
      else private.apply_snooze(v_conversation, (v_back ->> 'snoozed_until')::timestamptz)
    end;
  end if;
  if v_back ? 'waiting_since' and v_conversation.waiting_since is null and v_conversation.status = 'open' then
    update public.conversations c
    set waiting_since = (v_back ->> 'waiting_since')::timestamptz
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'attributes' then
    update public.conversations c
    set attributes = v_back -> 'attributes'
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'contact_attributes' then
    update public.contacts p
    set attributes = v_back -> 'contact_attributes'
    where p.id = v_conversation.contact_id;
  end if;
  if v_back ->> 'status' = 'closed' then
    v_conversation := private.apply_close(v_conversation);
  end if;
  return v_back = change -> 'before';
end;
$$;

/*
 * Takes back what perform_actions or run_macro did in the last ten minutes, once; what somebody has changed since stays
 * as they made it. Messages and notes stay said. Gives {undone, kept}. Raises undo_expired.
 */
create function public.undo_actions(undo_ids uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_changes jsonb;
  v_change jsonb;
  v_undone integer := 0;
  v_kept integer := 0;
begin
  with gone as (
    delete from private.action_batches b
    where b.id = any ($1)
      and b.user_id = auth.uid()
      and b.created_at >= now() - interval '10 minutes'
    returning b.changes
  )
  select jsonb_agg(c.value order by c.value ->> 'id') into v_changes
  from gone, jsonb_array_elements(gone.changes) c;
  if v_changes is null then
    perform private.refuse(409, 'undo_expired');
  end if;

  for v_change in select e.value from jsonb_array_elements(v_changes) with ordinality e order by e.ordinality loop
    begin
      if private.undo_change(v_change) then
        v_undone := v_undone + 1;
      else
        v_kept := v_kept + 1;
      end if;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_kept := v_kept + 1;
    end;
  end loop;
  return jsonb_build_object('undone', v_undone, 'kept', v_kept);
end;
$$;

grant execute on function public.undo_actions(uuid[]) to authenticated;
