/* Closing a conversation and opening it again: by hand, by many at once, by a macro or by a rule. */

/*
 * Closes a conversation; closing it twice keeps the first `closed_at`. Every way of closing comes through here. Raises
 * attributes_required (detail: the labels) where its attributes do not say yet what closing needs.
 */
create function private.apply_close(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_missing text;
begin
  if conversation.status = 'open' then
    v_missing := private.missing_on_close(conversation);
    if v_missing is not null then
      perform private.refuse(422, 'attributes_required', v_missing);
    end if;
    update public.conversations c
    set
      status = 'closed',
      closed_at = now(),
      waiting_since = null,
      snoozed_until = null
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/*
 * Closes a conversation. Closing it twice keeps the first `closed_at`. Raises conversation_not_found, not_allowed,
 * attributes_required (detail: the labels).
 */
create function public.close_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_close(private.lock_conversation(conversation_id, 'conversations.close'));
end;
$$;

/* Opens a closed conversation again. Raises conversation_is_history, conversation_merged, conversation_open_elsewhere. */
create function private.apply_reopen(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.status = 'open' then
    return conversation;
  end if;
  if conversation.is_history then
    perform private.refuse(409, 'conversation_is_history');
  end if;
  if conversation.merged_into_id is not null then
    perform private.refuse(409, 'conversation_merged');
  end if;

  begin
    update public.conversations c
    set
      status = 'open',
      closed_at = null
    where c.id = conversation.id
    returning c.* into conversation;
  exception when unique_violation then
    perform private.refuse(409, 'conversation_open_elsewhere');
  end;
  return conversation;
end;
$$;

/*
 * Opens a closed conversation again. Raises conversation_not_found, not_allowed, conversation_is_history, conversation_merged, and
 * conversation_open_elsewhere where the contact has meanwhile begun another.
 */
create function public.reopen_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_reopen(private.lock_conversation(conversation_id, 'conversations.close'));
end;
$$;

grant execute on function
  public.close_conversation(uuid),
  public.reopen_conversation(uuid)
to authenticated;
