/*
 * A message goes out in three steps that survive a crash between any two: it is queued in the
 * agent's transaction, an attempt is written before the provider is called, and the attempt is
 * settled with what came of it. An attempt without outcome is unknown: a status webhook settles it,
 * or a person does. It is never blindly repeated.
 */

/* Refuses content that the provider would refuse. Text: 1 to 4,096 characters (Cloud API, text messages). */
create function private.check_content(content jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if content ->> 'kind' is distinct from 'text'
    or jsonb_typeof(content -> 'text') is distinct from 'string'
    or btrim(content ->> 'text', E' \t\r\n') = ''
    or length(content ->> 'text') > 4096
  then
    perform private.refuse(422, 'content_invalid');
  end if;
end;
$$;

/*
 * Queues a message to the contact and has it sent. `client_id` is made by the browser: however
 * often a click, a retry or a flaky line repeats the call, there is one message, and it is returned.
 * Raises conversation_not_found, not_allowed, conversation_closed, window_closed, content_invalid,
 * quoted_message_not_found, client_id_reused.
 */
create function public.send_message(conversation_id uuid, client_id uuid, content jsonb, quoted_message_id uuid default null)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_message public.messages;
  v_quoted public.messages;
begin
  select m.* into v_message
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.tenant_id = v_conversation.tenant_id
    and k.client_id = send_message.client_id;
  if found then
    if v_message.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_message;
  end if;

  if client_id is null then
    perform private.refuse(422, 'content_invalid', 'client_id is missing');
  end if;
  perform private.check_content(content);
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;

  if quoted_message_id is not null then
    select m.* into v_quoted
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = v_conversation.id
      and m.id = send_message.quoted_message_id;
    if v_quoted.external_id is null then
      perform private.refuse(422, 'quoted_message_not_found');
    end if;
  end if;

  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    read_seq = c.last_seq + 1,
    unread_count = 0,
    waiting_since = null,
    -- A person who answers takes the conversation over from a bot.
    owner = 'human',
    owner_epoch = c.owner_epoch + (c.owner <> 'human')::integer,
    preview = left(content ->> 'text', 200),
    preview_kind = 'text',
    preview_direction = 'out',
    last_message_at = now()
  where c.id = v_conversation.id
  returning c.* into v_conversation;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id,
    kind, content, body, client_id, target_external_id, quoted_message_id, status
  )
  values (
    v_conversation.tenant_id, v_conversation.id, v_conversation.contact_id, v_conversation.channel_id, v_conversation.last_seq,
    'out', 'agent', auth.uid(), content ->> 'kind', content, content ->> 'text', send_message.client_id,
    v_quoted.external_id, v_quoted.id, 'queued'
  )
  returning * into v_message;

  insert into private.client_keys (tenant_id, client_id, message_id, created_at)
  values (v_message.tenant_id, send_message.client_id, v_message.id, v_message.created_at);

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

/* Sends a failed message once more, at a person's word. Raises message_not_found, not_allowed, message_not_failed, conversation_closed, window_closed. */
create function public.retry_message(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_conversation public.conversations;
begin
  select m.* into v_message
  from public.messages m
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where m.id = retry_message.message_id
    and m.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;

  v_conversation := private.lock_conversation(v_message.conversation_id, 'conversations.reply');
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;

  update public.messages m
  set
    status = 'queued',
    error = null
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at
    and m.direction = 'out'
    and m.status = 'failed'
  returning m.* into v_message;
  if not found then
    perform private.refuse(409, 'message_not_failed');
  end if;

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

grant execute on function
  public.send_message(uuid, uuid, jsonb, uuid),
  public.retry_message(uuid)
to authenticated;
