/*
 * A message goes out in three steps that survive a crash between any two: it is queued in the
 * agent's transaction, an attempt is written before the provider is called, and the attempt is
 * settled with what came of it. An attempt without outcome is unknown: a status webhook settles it,
 * or a person does. It is never blindly repeated.
 */

/*
 * The message that is quoted or reacted to, in the same conversation and known to the provider. Raises
 * quoted_message_not_found; a reaction needs one, and takes none that is a reaction itself.
 */
create function private.target_of(conversation public.conversations, kind text, quoted_message_id uuid)
  returns public.messages
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_quoted public.messages;
begin
  if quoted_message_id is not null then
    select m.* into v_quoted
    from public.messages m
    where m.tenant_id = conversation.tenant_id
      and m.conversation_id = conversation.id
      and m.id = target_of.quoted_message_id;
  end if;
  if v_quoted.external_id is null or (target_of.kind = 'reaction' and v_quoted.kind = 'reaction') then
    perform private.refuse(422, 'quoted_message_not_found');
  end if;
  return v_quoted;
end;
$$;

/*
 * Queues a message to the contact of a locked conversation and has it sent, without asking anybody's permission: for
 * send_message, and for what the system says by itself (rules, scheduled messages). `client_id` makes it one message
 * however often it is asked for; the message is returned. A reaction is for the quoted message and answers nobody: the
 * list, what is unread and who waits stay as they were. What no person says takes the conversation from no bot, and
 * nobody has read or answered by it; a bot's conversation is given as it is to be (owner, owner_epoch, waiting_since).
 * `lent`: its files are a canned response's. Raises conversation_closed, window_closed, content_invalid, media_not_found,
 * quoted_message_not_found, client_id_reused, template_not_found, template_not_sendable, template_parameters_invalid.
 */
create function private.queue_message(
  conversation public.conversations,
  client_id uuid,
  content jsonb,
  quoted_message_id uuid,
  author public.message_author,
  author_id uuid,
  lent boolean default false
)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_conversation public.conversations := conversation;
  v_key private.client_keys;
  v_message public.messages;
  v_quoted public.messages;
  v_content jsonb := content;
  v_kind text := content ->> 'kind';
  v_body text;
  v_path text;
begin
  select k.* into v_key
  from private.client_keys k
  where k.tenant_id = v_conversation.tenant_id
    and k.client_id = queue_message.client_id;
  if found then
    select m.* into v_message
    from public.messages m
    where m.tenant_id = v_key.tenant_id
      and m.id = v_key.message_id
      and m.created_at = v_key.created_at;
    if v_message.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_message;
  end if;

  if client_id is null then
    perform private.refuse(422, 'content_invalid', 'client_id is missing');
  end if;
  if v_kind <> 'text' and content @? '$.**.path' then
    v_content := private.with_recorded_files(content, v_conversation.tenant_id);
  end if;
  perform private.check_content(v_content);
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if v_kind = 'template' then
    v_body := private.check_template(v_conversation, v_content);
  elsif coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  else
    v_body := private.body_of(v_content);
  end if;

  if quoted_message_id is not null or v_kind = 'reaction' then
    v_quoted := private.target_of(v_conversation, v_kind, quoted_message_id);
  end if;

  if v_kind = 'reaction' then
    v_content := v_content || jsonb_build_object('removed', v_body = '');
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      -- What was read stays read: nothing new came in between.
      read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  elsif author <> 'agent' then
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end,
      preview = left(v_body, 200),
      preview_kind = v_kind,
      preview_direction = 'out',
      last_message_at = now(),
      -- A bot that begins or answers has the conversation as it was given here.
      owner = case when author = 'bot' then conversation.owner else c.owner end,
      owner_epoch = case when author = 'bot' then conversation.owner_epoch else c.owner_epoch end,
      waiting_since = case when author = 'bot' then conversation.waiting_since else c.waiting_since end
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  else
    if v_conversation.unread_count > 0 then
      perform private.enqueue_receipt(v_conversation);
    end if;
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      read_seq = c.last_seq + 1,
      unread_count = 0,
      waiting_since = null,
      first_reply_at = coalesce(c.first_reply_at, now()),
      -- A person who answers takes the conversation over from a bot.
      owner = 'human',
      owner_epoch = c.owner_epoch + (c.owner <> 'human')::integer,
      preview = left(v_body, 200),
      preview_kind = v_kind,
      preview_direction = 'out',
      last_message_at = now()
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id,
    kind, content, body, client_id, target_external_id, quoted_message_id, status
  )
  values (
    v_conversation.tenant_id, v_conversation.id, v_conversation.contact_id, v_conversation.channel_id, v_conversation.last_seq,
    'out', queue_message.author, queue_message.author_id, v_kind, v_content, v_body, queue_message.client_id,
    v_quoted.external_id, v_quoted.id, 'queued'
  )
  returning * into v_message;

  insert into private.client_keys (tenant_id, client_id, message_id, created_at)
  values (v_message.tenant_id, queue_message.client_id, v_message.id, v_message.created_at);

  if v_kind not in ('text', 'reaction', 'location', 'contacts') then
    foreach v_path in array private.file_paths(v_content) loop
      v_message := private.attach_media(v_message, v_path, lent);
    end loop;
  end if;

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

/*
 * Queues a message to the contact and has it sent. `client_id` is made by the browser: however
 * often a click, a retry or a flaky line repeats the call, there is one message, and it is returned.
 * The content is core's OutgoingContent; only a template goes out when the window is closed. Raises
 * conversation_not_found, not_allowed, conversation_closed, window_closed, content_invalid (detail: a
 * fault that core has a sentence for), media_not_found, quoted_message_not_found, client_id_reused,
 * template_not_found, template_not_sendable, template_parameters_invalid.
 */
create function public.send_message(conversation_id uuid, client_id uuid, content jsonb, quoted_message_id uuid default null)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.queue_message(private.lock_conversation($1, 'conversations.reply'), $2, $3, $4, 'agent', auth.uid());
end;
$$;

/*
 * Sends a failed message once more, at a person's word. A template may go when the window is closed, if it may
 * still be sent at all. Raises message_not_found, not_allowed, message_not_failed, conversation_closed,
 * window_closed, template_not_found, template_not_sendable, template_parameters_invalid.
 */
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
  if v_message.kind = 'template' then
    perform private.check_template(v_conversation, v_message.content);
  elsif coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;

  update public.messages m
  set
    status = 'queued',
    error = null,
    -- The provider gives it another name; what it tells of the first still finds it by its key.
    external_id = null,
    client_id = coalesce(m.client_id, gen_random_uuid())
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at
    and m.direction = 'out'
    and m.status = 'failed'
  returning m.* into v_message;
  if not found then
    perform private.refuse(409, 'message_not_failed');
  end if;
  if v_message.media is not null then
    perform private.forget_uploads(v_message);
  end if;

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

grant execute on function
  public.send_message(uuid, uuid, jsonb, uuid),
  public.retry_message(uuid)
to authenticated;
