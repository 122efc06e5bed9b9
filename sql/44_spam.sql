/*
 * Spam: out of sight, counting nothing, making nobody wait. Whoever's last conversation was spam begins the next one as
 * spam too, on whatever channel; taking the mark away from the last one is all it takes to be heard again.
 */

/* Marks a conversation as spam, or takes the mark away. As spam it counts nothing unread and nobody waits in it; afterwards both are told anew. */
create function private.apply_spam(conversation public.conversations, spam boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.is_spam = spam then
    return conversation;
  end if;
  if spam then
    update public.conversations c
    set
      is_spam = true,
      unread_count = 0,
      waiting_since = null,
      snoozed_until = null,
      sla_due_at = null
    where c.id = conversation.id
    returning c.* into conversation;
    return conversation;
  end if;

  update public.conversations c
  set
    is_spam = false,
    unread_count = (
      select count(*)
      from public.messages m
      where m.tenant_id = c.tenant_id
        and m.conversation_id = c.id
        and m.seq > c.read_seq
        and m.counts_unread
    ),
    waiting_since = case when c.status = 'open' and c.preview_direction = 'in' then now() end
  where c.id = conversation.id
  returning c.* into conversation;
  return conversation;
end;
$$;

/* Marks a conversation as spam, or takes the mark away. Idempotent. Raises conversation_not_found, not_allowed. */
create function public.mark_spam(conversation_id uuid, spam boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_spam(private.lock_conversation(conversation_id, 'conversations.close'), coalesce(spam, false));
end;
$$;

/* Marks a conversation that somebody begins whose last one was spam. Only a new conversation pays the look. */
create function private.tg_conversations__spam_again()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if (
    select c.is_spam
    from public.conversations c
    where c.tenant_id = new.tenant_id
      and c.contact_id = new.contact_id
      and c.id <> new.id
      and not c.is_history
    order by c.created_at desc
    limit 1
  ) then
    perform private.apply_spam(new, true);
  end if;
  return null;
end;
$$;

-- Not the ones that parting brings back, which keep the date they began on.
create trigger _050_spam
  after insert on public.conversations
  for each row
  when (new.last_inbound_at is not null and new.status = 'open' and not new.is_spam and new.created_at >= now())
  execute function private.tg_conversations__spam_again();

grant execute on function public.mark_spam(uuid, boolean) to authenticated;
