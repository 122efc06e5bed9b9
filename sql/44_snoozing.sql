/*
 * Out of the queue for a while: snoozed until a time or until the customer writes, whichever is first. The customer's
 * next message wakes a conversation in the statement that makes room for it (46_received_messages, 48_bursts); time does
 * by a job.
 */

-- What is to wake, soonest first: for the job that looks after those whose own was lost.
create index conversations_snoozed_idx on public.conversations (snoozed_until) where snoozed_until is not null;

/* Snoozes an open conversation; `until` 'infinity': until the customer writes. */
create function private.apply_snooze(conversation public.conversations, until timestamptz)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if conversation.is_spam then
    perform private.refuse(409, 'conversation_is_spam');
  end if;
  if until is null or until <= now() or (until <> 'infinity' and until > now() + interval '2 years') then
    perform private.refuse(422, 'snooze_time_invalid');
  end if;
  if conversation.snoozed_until is not distinct from until then
    return conversation;
  end if;

  update public.conversations c
  set snoozed_until = until
  where c.id = conversation.id
  returning c.* into conversation;

  if until = 'infinity' then
    perform graphile_worker.remove_job('wake:' || conversation.id);
  else
    perform graphile_worker.add_job(
      'conversation__wake',
      json_build_object('conversation_id', conversation.id),
      job_key => 'wake:' || conversation.id,
      run_at => until
    );
  end if;
  return conversation;
end;
$$;

/*
 * Snoozes a conversation until a time or until the customer writes ('infinity': only that). Idempotent. Raises
 * conversation_not_found, not_allowed, conversation_closed, conversation_is_spam, snooze_time_invalid.
 */
create function public.snooze_conversation(conversation_id uuid, until timestamptz)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_snooze(private.lock_conversation(conversation_id, 'conversations.reply'), until);
end;
$$;

/* Takes a conversation back into the queue, where it stood. */
create function private.apply_unsnooze(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.snoozed_until is not null then
    update public.conversations c
    set snoozed_until = null
    where c.id = conversation.id
    returning c.* into conversation;
    perform graphile_worker.remove_job('wake:' || conversation.id);
  end if;
  return conversation;
end;
$$;

/* Takes a snoozed conversation back into the queue. Idempotent. Raises conversation_not_found, not_allowed. */
create function public.unsnooze_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_unsnooze(private.lock_conversation(conversation_id, 'conversations.reply'));
end;
$$;

/* Who snoozed a conversation last, as its thread tells; null where nobody did by hand. */
create function private.snoozed_by(conversation public.conversations)
  returns uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select m.author_id
    from public.messages m
    where m.tenant_id = conversation.tenant_id
      and m.conversation_id = conversation.id
      and m.kind = 'activity'
      and m.author_id is not null
      and m.content @> '{"changes": [{"type": "snoozed"}]}'
    order by m.seq desc
    limit 1
  );
end;
$$;

/*
 * Wakes conversations whose time has come, 500 at most, or the one that is named: they come to the top and wait. Does
 * nothing to one that was woken or snoozed anew meanwhile. Returns how many woke.
 */
create function private.wake_conversations(conversation_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_count integer := 0;
begin
  for v_conversation in update public.conversations c
  set
    snoozed_until = null,
    last_message_at = clock_timestamp(),
    waiting_since = coalesce(c.waiting_since, clock_timestamp())
  where c.id = any (array(
    select o.id
    from public.conversations o
    where o.snoozed_until <= clock_timestamp()
      and ($1 is null or o.id = $1)
      and o.status = 'open'
      and not o.is_spam
    order by o.snoozed_until
    limit 500
    for update
  ))
  returning c.*
  loop
    v_count := v_count + 1;
    perform private.notify(
      v_conversation.tenant_id, array[coalesce(v_conversation.assignee_id, private.snoozed_by(v_conversation))],
      'snooze_over', v_conversation.id, null
    );
  end loop;
  return v_count;
end;
$$;

grant execute on function
  public.snooze_conversation(uuid, timestamptz),
  public.unsnooze_conversation(uuid)
to authenticated;

grant execute on function private.wake_conversations(uuid) to prosa_worker;
