/*
 * A message that arrived: its provider's id is claimed, so that it is one message however often it is
 * delivered; its person and conversation are found or made; it takes the next place in the thread.
 */

/* One message, in or out (echoes of the phone app, imported history). */
create function private.receive_message(tenant_id uuid, channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid := gen_random_uuid();
  v_direction public.message_direction := event ->> 'direction';
  v_kind text := event ->> 'kind';
  v_body text := event ->> 'body';
  v_sent_at timestamptz := event ->> 'sent_at';
  v_target text := event ->> 'target_external_id';
  v_is_history boolean := event ->> 'history_status' is not null;
  v_external_id text;
  v_contact_id uuid;
  v_conversation_id uuid;
  v_seq bigint;
begin
  v_external_id := private.claim_external_id(tenant_id, channel_id, event, v_id);
  if v_external_id is null then
    return 'duplicate';
  end if;

  v_contact_id := private.resolve_contact(tenant_id, event, v_sent_at);

  if v_kind in ('reaction', 'edit', 'revoke') and not v_is_history then
    select t.id, t.last_seq into v_conversation_id, v_seq
    from private.append_to_thread_of(channel_id, v_contact_id, event) t;
  end if;
  if v_conversation_id is null then
    select t.id, t.last_seq into v_conversation_id, v_seq
    from private.append_to_conversation(tenant_id, channel_id, v_contact_id, event) t;
  end if;

  insert into public.messages (
    id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body,
    media, identity, external_id, target_external_id, status, counts_unread, sent_at
  )
  values (
    v_id, tenant_id, v_conversation_id, v_contact_id, channel_id, v_seq, v_direction,
    (event ->> 'author')::public.message_author, v_kind, event -> 'content', v_body,
    case when private.is_media(v_kind) then private.media_of('pending', event -> 'content') end,
    (event #>> '{identities,0,kind}') || ':' || (event #>> '{identities,0,value}'), v_external_id, v_target,
    case
      when v_direction = 'in' then 'received'
      when event ->> 'history_status' in ('read', 'played') then 'read'
      when event ->> 'history_status' = 'delivered' then 'delivered'
      when event ->> 'history_status' = 'error' then 'failed'
      else 'sent'
    end::public.message_status,
    (event ->> 'counts_unread')::boolean and not v_is_history,
    v_sent_at
  );

  if private.is_media(v_kind) then
    perform private.fetch_media(tenant_id, channel_id, v_id, now(), v_is_history);
  end if;
  if v_kind in ('edit', 'revoke') then
    perform private.apply_change(channel_id, event);
  end if;
  perform private.apply_early_events(channel_id, v_external_id);
  return 'stored';
end;
$$;

/*
 * Takes a provider's id for a message, once. Null: this message is known. Where a provider has given
 * one id to two different messages, both are kept: the one with the smaller fingerprint (ours, if one
 * is) has the id, the other carries its fingerprint behind it, whichever came first.
 */
create function private.claim_external_id(tenant_id uuid, channel_id uuid, event jsonb, message_id uuid)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  external_id text := event ->> 'external_id';
  direction public.message_direction := event ->> 'direction';
  fingerprint uuid := private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body');
  v_holder private.message_keys;
  v_held public.messages;
  v_suffixed text := external_id || '#' || left(fingerprint::text, 8);
  v_holder_suffixed text;
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (channel_id, external_id, tenant_id, message_id, now(), fingerprint)
  on conflict do nothing;
  if found then
    return external_id;
  end if;

  select k.* into v_holder
  from private.message_keys k
  where k.channel_id = claim_external_id.channel_id
    and k.external_id = event ->> 'external_id'
  for update;
  if v_holder.fingerprint = fingerprint then
    return null;
  end if;

  select m.* into v_held
  from public.messages m
  where m.tenant_id = claim_external_id.tenant_id
    and m.id = v_holder.message_id
    and m.created_at = v_holder.created_at;

  -- Imported history names its media first and shows it later, under the same id: one message.
  if v_held.direction = direction and 'media_placeholder' in (v_held.kind, event ->> 'kind') then
    update public.messages m
    set
      kind = event ->> 'kind',
      content = event -> 'content',
      body = event ->> 'body',
      media = case when private.is_media(event ->> 'kind') then private.media_of('pending', event -> 'content') end
    where v_held.kind = 'media_placeholder'
      and m.tenant_id = v_held.tenant_id
      and m.id = v_held.id
      and m.created_at = v_held.created_at;
    if found then
      update private.message_keys k
      set fingerprint = private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body')
      where k.channel_id = claim_external_id.channel_id
        and k.external_id = event ->> 'external_id';
      update public.conversations c
      set
        preview = left(event ->> 'body', 200),
        preview_kind = event ->> 'kind'
      where c.id = v_held.conversation_id
        and c.preview_kind = 'media_placeholder'
        and c.preview_at = v_held.sent_at;
      if private.is_media(event ->> 'kind') then
        perform private.fetch_media(v_held.tenant_id, channel_id, v_held.id, v_held.created_at, true);
      end if;
    end if;
    return null;
  end if;
  -- The phone app's echo of what we sent ourselves.
  if v_held.direction = 'out' and direction = 'out' then
    return null;
  end if;

  if (direction = 'in', fingerprint) > (v_held.direction = 'in', v_holder.fingerprint) then
    insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
    values (channel_id, v_suffixed, tenant_id, message_id, now(), fingerprint)
    on conflict do nothing;
    return case when found then v_suffixed end;
  end if;

  v_holder_suffixed := external_id || '#' || left(v_holder.fingerprint::text, 8);
  update public.messages m
  set external_id = v_holder_suffixed
  where m.tenant_id = claim_external_id.tenant_id
    and m.id = v_holder.message_id
    and m.created_at = v_holder.created_at;
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (channel_id, v_holder_suffixed, tenant_id, v_holder.message_id, v_holder.created_at, v_holder.fingerprint);
  update private.message_keys k
  set
    message_id = claim_external_id.message_id,
    created_at = now(),
    fingerprint = private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body')
  where k.channel_id = claim_external_id.channel_id
    and k.external_id = event ->> 'external_id';
  return external_id;
end;
$$;

/* Until when a message lets us answer freely: 24 h, 72 h after an ad, null where it opens nothing. No clock of theirs gives more than ours. */
create function private.window_of(event jsonb)
  returns timestamptz
  language plpgsql
  stable
as $$
begin
  if (event ->> 'free_entry_point')::boolean then
    return least((event ->> 'sent_at')::timestamptz, now()) + interval '72 hours';
  elsif (event ->> 'opens_window')::boolean then
    return least((event ->> 'sent_at')::timestamptz, now()) + interval '24 hours';
  end if;
  return null;
end;
$$;

/*
 * Room for one more message in the contact's thread that holds a known message, open or closed, without
 * putting it on top of the list. Imported history stays as it was: what is said of it now is said in today's thread.
 */
create function private.append_to_thread_of(channel_id uuid, contact_id uuid, event jsonb, out id uuid, out last_seq bigint)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    last_inbound_at = case when event ->> 'direction' = 'in' then greatest(c.last_inbound_at, (event ->> 'sent_at')::timestamptz) else c.last_inbound_at end,
    window_expires_at = greatest(c.window_expires_at, private.window_of(event))
  from private.message_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.channel_id = $1
    and k.external_id = event ->> 'target_external_id'
    and c.tenant_id = m.tenant_id
    and c.id = m.conversation_id
    and c.contact_id = append_to_thread_of.contact_id
    and not c.is_history
  returning c.id, c.last_seq into append_to_thread_of.id, append_to_thread_of.last_seq;
end;
$$;

/*
 * Room for one more message in the contact's open conversation, or in a new one: takes the next seq
 * under the row's lock, counts unread, moves window, wait and preview. Imported history has a closed
 * thread of its own.
 */
create function private.append_to_conversation(tenant_id uuid, channel_id uuid, contact_id uuid, event jsonb, out id uuid, out last_seq bigint)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_sent_at timestamptz := event ->> 'sent_at';
  v_inbound boolean := event ->> 'direction' = 'in';
  v_unread integer := ((event ->> 'counts_unread')::boolean)::integer;
  v_direction public.message_direction := event ->> 'direction';
  v_preview text := left(event ->> 'body', 200);
  -- A clock that runs ahead must not hold the preview for ever.
  v_preview_at timestamptz := case when event ->> 'kind' in ('reaction', 'edit', 'revoke', 'system') then '-infinity' else least(v_sent_at, now()) end;
  v_window timestamptz := private.window_of(event);
  v_word public.conversations;
begin
  if event ->> 'history_status' is not null then
    insert into public.conversations as c (
      tenant_id, contact_id, channel_id, status, is_history, last_seq, read_seq,
      preview, preview_kind, preview_direction, preview_at, last_message_at, closed_at, created_at
    )
    values ($1, $3, $2, 'closed', true, 1, 1, v_preview, event ->> 'kind', v_direction, v_preview_at, v_sent_at, v_sent_at, v_sent_at)
    on conflict (channel_id, contact_id) where is_history do update
    set
      last_seq = c.last_seq + 1,
      read_seq = c.last_seq + 1,
      preview = case when private.is_newer(excluded, c) then excluded.preview else c.preview end,
      preview_kind = case when private.is_newer(excluded, c) then excluded.preview_kind else c.preview_kind end,
      preview_direction = case when private.is_newer(excluded, c) then excluded.preview_direction else c.preview_direction end,
      preview_at = greatest(c.preview_at, excluded.preview_at),
      last_message_at = greatest(c.last_message_at, excluded.last_message_at),
      closed_at = greatest(c.closed_at, excluded.closed_at),
      created_at = least(c.created_at, excluded.created_at)
    returning c.id, c.last_seq into append_to_conversation.id, append_to_conversation.last_seq;
    return;
  end if;

  v_word.preview_at := v_preview_at;
  v_word.preview_direction := v_direction;
  loop
    -- A conversation that is open is by far the likelier: an insert that ends as an update would run all that a new one runs.
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      -- What is spam counts nothing and makes nobody wait.
      unread_count = c.unread_count + case when c.is_spam then 0 else v_unread end,
      preview = case when private.is_newer(v_word, c) then v_preview else c.preview end,
      preview_kind = case when private.is_newer(v_word, c) then event ->> 'kind' else c.preview_kind end,
      preview_direction = case when private.is_newer(v_word, c) then v_direction else c.preview_direction end,
      preview_at = greatest(c.preview_at, v_preview_at),
      last_message_at = now(),
      last_inbound_at = case when v_inbound then greatest(c.last_inbound_at, v_sent_at) else c.last_inbound_at end,
      -- Nobody waits where the newest word, by the provider's clock, is ours.
      waiting_since = case
        when not c.is_spam and case when private.is_newer(v_word, c) then v_direction else c.preview_direction end = 'in'
          then coalesce(c.waiting_since, case when v_unread = 1 then now() end)
      end,
      -- Whoever was to write has written.
      snoozed_until = case when v_unread = 0 then c.snoozed_until end,
      first_reply_at = case when v_inbound then c.first_reply_at else coalesce(c.first_reply_at, now()) end,
      window_expires_at = greatest(c.window_expires_at, v_window)
    where c.channel_id = $2
      and c.contact_id = $3
      and c.status = 'open'
    returning c.id, c.last_seq into append_to_conversation.id, append_to_conversation.last_seq;
    exit when found;

    insert into public.conversations as c (
      tenant_id, contact_id, channel_id, last_seq, unread_count, preview, preview_kind, preview_direction, preview_at,
      last_inbound_at, waiting_since, window_expires_at
    )
    values (
      $1, $3, $2, 1, v_unread, v_preview, event ->> 'kind', v_direction, v_preview_at,
      case when v_inbound then v_sent_at end, case when v_unread = 1 then now() end, v_window
    )
    on conflict (channel_id, contact_id) where status = 'open' do nothing
    returning c.id, c.last_seq into append_to_conversation.id, append_to_conversation.last_seq;
    exit when found;
  end loop;
end;
$$;
