/*
 * Two contacts turn out to be one person when one event names identities of both. Their threads on
 * the same channel become one; the audit log keeps what there was.
 */

/* Puts the messages of one conversation at the end of another of the same contact and channel, and removes the empty one. */
create function private.join_conversations(keep public.conversations, gone public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.messages m
  set
    conversation_id = keep.id,
    contact_id = keep.contact_id,
    seq = keep.last_seq + moved.position
  from (
    select id, created_at, row_number() over (order by seq) as position
    from public.messages
    where tenant_id = gone.tenant_id
      and conversation_id = gone.id
  ) moved
  where m.tenant_id = gone.tenant_id
    and m.id = moved.id
    and m.created_at = moved.created_at;

  update public.conversations c
  set
    last_seq = keep.last_seq + gone.last_seq,
    -- What comes behind something unread counts as unread with it.
    read_seq = case when keep.read_seq = keep.last_seq then keep.last_seq + gone.read_seq else keep.read_seq end,
    unread_count = case
      when keep.read_seq = keep.last_seq then gone.unread_count
      else (
        select count(*)
        from public.messages m
        where m.tenant_id = keep.tenant_id
          and m.conversation_id = keep.id
          and m.seq > keep.read_seq
          and m.counts_unread
      )
    end,
    preview = case when newer then gone.preview else keep.preview end,
    preview_kind = case when newer then gone.preview_kind else keep.preview_kind end,
    preview_direction = case when newer then gone.preview_direction else keep.preview_direction end,
    preview_at = greatest(keep.preview_at, gone.preview_at),
    last_message_at = greatest(keep.last_message_at, gone.last_message_at),
    last_inbound_at = greatest(keep.last_inbound_at, gone.last_inbound_at),
    waiting_since = case
      when case when newer then gone.preview_direction else keep.preview_direction end = 'in'
        then least(keep.waiting_since, gone.waiting_since)
    end,
    window_expires_at = greatest(keep.window_expires_at, gone.window_expires_at)
  from (select private.is_newer(gone, keep) as newer) as _
  where c.id = keep.id;

  delete from public.conversations where id = gone.id;

  -- What waited there to be sent has its job under the name of the conversation that is gone.
  if exists (select from public.messages m where m.tenant_id = keep.tenant_id and m.conversation_id = keep.id and m.status = 'queued') then
    perform private.enqueue_send(keep.id);
  end if;
end;
$$;

/* Makes several contacts of one tenant one: the oldest stays. Returns it. */
create function private.merge_contacts(tenant_id uuid, contact_ids uuid[])
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_keep uuid;
  v_gone uuid[];
  v_conversation public.conversations;
  v_match public.conversations;
begin
  perform from public.contacts c where c.id = any (contact_ids) order by c.id for update;
  select c.id into v_keep
  from public.contacts c
  where c.id = any (contact_ids)
  order by c.created_at, c.id
  limit 1;
  v_gone := array_remove(contact_ids, v_keep);

  update public.contact_identities i
  set contact_id = v_keep
  where i.tenant_id = merge_contacts.tenant_id
    and i.contact_id = any (v_gone);

  for v_conversation in
    select c.*
    from public.conversations c
    where c.tenant_id = merge_contacts.tenant_id
      and c.contact_id = any (v_gone)
    order by c.id
    for update
  loop
    select c.* into v_match
    from public.conversations c
    where c.tenant_id = merge_contacts.tenant_id
      and c.contact_id = v_keep
      and c.channel_id = v_conversation.channel_id
      and ((c.status = 'open' and v_conversation.status = 'open') or (c.is_history and v_conversation.is_history))
    for update;

    if found then
      perform private.join_conversations(v_match, v_conversation);
    else
      update public.conversations c set contact_id = v_keep where c.id = v_conversation.id;
      update public.messages m
      set contact_id = v_keep
      where m.tenant_id = merge_contacts.tenant_id
        and m.conversation_id = v_conversation.id;
    end if;
  end loop;

  update public.contacts c
  set
    name = newest.name,
    name_at = newest.name_at,
    username = handle.username,
    username_at = handle.username_at,
    phone = latest.phone,
    phone_at = latest.phone_at,
    marketing_opt_out = told.marketing_opt_out,
    marketing_opt_out_at = told.marketing_opt_out_at
  from
    -- A typed name (no clock) comes first, then the provider's newest.
    (select * from public.contacts where id = any (contact_ids) order by name_at desc nulls first, name desc limit 1) newest,
    (select * from public.contacts where id = any (contact_ids) order by (username is null), username_at desc, username desc limit 1) handle,
    (select * from public.contacts where id = any (contact_ids) order by (phone is null), phone_at desc, phone desc limit 1) latest,
    (select * from public.contacts where id = any (contact_ids) order by marketing_opt_out_at desc, marketing_opt_out desc limit 1) told
  where c.id = v_keep;

  delete from public.contacts c where c.id = any (v_gone);
  return v_keep;
end;
$$;
