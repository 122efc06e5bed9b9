/*
 * What colleagues say to one another inside a conversation: notes, and who is called by them. A note is a private
 * message of kind `note`: no customer, outbox, preview or counter ever hears of it. Content: {kind, text, mentions: [{id,
 * name}], teams: [{id, name}]}; names as they stand in the text.
 */

/*
 * What a note is kept as: its text, and who of those named may see the conversation. `named` holds ids of people and
 * of teams. Raises note_invalid.
 */
create function private.note_content(conversation public.conversations, content jsonb)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_text text := btrim(coalesce(content ->> 'text', ''), E' \n\t');
  v_named text[] := array(
    select jsonb_array_elements_text(case when jsonb_typeof(content -> 'mentions') = 'array' then content -> 'mentions' else '[]' end)
  );
begin
  if length(v_text) not between 1 and 10000 or cardinality(v_named) > 50 then
    perform private.refuse(422, 'note_invalid');
  end if;
  return jsonb_build_object(
    'kind', 'note',
    'text', v_text,
    'mentions', (
      select coalesce(jsonb_agg(jsonb_build_object('id', m.user_id, 'name', m.display_name) order by m.display_name, m.user_id), '[]')
      from public.memberships m
      where m.tenant_id = conversation.tenant_id
        and m.user_id::text = any (v_named)
        and m.user_id in (select private.conversation_viewers(conversation))
    ),
    'teams', (
      select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name), '[]')
      from public.teams t
      where t.tenant_id = conversation.tenant_id
        and t.id::text = any (v_named)
    )
  );
end;
$$;

/* Calls whom a note names, each once, and has them follow. Returns whom it calls for the first time. */
create function private.call_mentioned(conversation public.conversations, note public.messages)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_called uuid[];
begin
  with named as (
    select (p.value ->> 'id')::uuid as user_id
    from jsonb_array_elements(note.content -> 'mentions') p
    union
    select t.user_id
    from jsonb_array_elements(note.content -> 'teams') p
    join public.team_members t on t.tenant_id = note.tenant_id and t.team_id = (p.value ->> 'id')::uuid
  ),
  called as (
    insert into public.mentions (tenant_id, user_id, message_id, conversation_id)
    select note.tenant_id, n.user_id, note.id, note.conversation_id
    from named n
    where n.user_id is distinct from note.author_id
      and n.user_id in (select private.conversation_viewers(conversation))
    on conflict do nothing
    returning user_id
  ),
  following as (
    insert into public.participants (tenant_id, conversation_id, user_id)
    select note.tenant_id, note.conversation_id, user_id
    from called
    on conflict do nothing
  )
  select array_agg(c.user_id) into v_called
  from called c;
  perform private.notify(
    note.tenant_id, v_called, 'mentioned', note.conversation_id, note.id,
    jsonb_strip_nulls(jsonb_build_object('text', left(note.body, 200), 'cause', note.content -> 'cause'))
  );
  return coalesce(v_called, '{}');
end;
$$;

/*
 * Writes a note into a conversation, as the person who is signed in or, where nobody is, as the system (a rule). Its
 * author follows the conversation from then on.
 */
create function private.apply_note(conversation public.conversations, client_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_content jsonb := private.note_content(conversation, content);
  v_cause jsonb := private.cause();
  v_person uuid := case when v_cause is null or v_cause ->> 'type' = 'macro' then auth.uid() end;
  v_seq bigint;
  v_note public.messages;
  v_called uuid[];
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    -- What was read stays read; a note of one's own is nothing new.
    read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end
  where c.id = conversation.id
  returning c.last_seq into v_seq;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, body, client_id, status, is_private
  )
  values (
    conversation.tenant_id, conversation.id, conversation.contact_id, conversation.channel_id, v_seq, 'out',
    case when v_person is null then 'system' else 'agent' end::public.message_author, v_person, 'note',
    v_content || jsonb_strip_nulls(jsonb_build_object('cause', v_cause)), v_content ->> 'text',
    coalesce(apply_note.client_id, gen_random_uuid()), 'sent', true
  )
  returning * into v_note;

  if apply_note.client_id is not null then
    insert into private.client_keys (tenant_id, client_id, message_id, created_at)
    values (v_note.tenant_id, v_note.client_id, v_note.id, v_note.created_at);
  end if;
  if v_person is not null then
    insert into public.participants (tenant_id, conversation_id, user_id)
    values (v_note.tenant_id, v_note.conversation_id, v_person)
    on conflict do nothing;
  end if;
  v_called := private.call_mentioned(conversation, v_note);
  -- Those who follow hear of it, unless they were called by name.
  perform private.notify(
    v_note.tenant_id,
    array(
      select p.user_id
      from public.participants p
      where p.tenant_id = v_note.tenant_id
        and p.conversation_id = v_note.conversation_id
        and p.user_id <> all (v_called)
        and p.user_id is distinct from v_person
    ),
    'participating', v_note.conversation_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object('text', left(v_note.body, 200), 'cause', v_cause))
  );
  return v_note;
end;
$$;

/*
 * Writes a note that only colleagues see: {text, mentions: [ids of people or teams]}. However often a click or a flaky
 * line repeats the call, there is one note, and it is returned; in closed conversations too. Whoever may not see the
 * conversation is not called. Raises conversation_not_found, not_allowed, note_invalid, client_id_reused.
 */
create function public.add_note(conversation_id uuid, client_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_note public.messages;
begin
  select m.* into v_note
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.tenant_id = v_conversation.tenant_id
    and k.client_id = add_note.client_id;
  if found then
    if v_note.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_note;
  end if;
  if client_id is null then
    perform private.refuse(422, 'note_invalid', 'client_id is missing');
  end if;
  return private.apply_note(v_conversation, client_id, content);
end;
$$;

/* A note of the signed-in person's own, its conversation locked. Raises message_not_found, not_allowed. */
create function private.lock_own_note(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages;
begin
  select m.* into v_note
  from public.messages m
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where m.id = $1
    and m.kind = 'note'
    and m.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;
  perform private.lock_conversation(v_note.conversation_id, 'conversations.reply');
  if v_note.author_id is distinct from auth.uid() then
    perform private.refuse(403, 'not_allowed', 'somebody else''s note');
  end if;
  select m.* into v_note
  from public.messages m
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at;
  return v_note;
end;
$$;

/* Keeps what a note said until now. */
create function private.keep_note_version(note public.messages, type text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  values (note.tenant_id, note.id, note.created_at, $2, clock_timestamp(), jsonb_build_object('text', note.body, 'by', auth.uid()));
end;
$$;

/*
 * Says a note of one's own anew; what it said before is kept, and whom it names now is called. Raises message_not_found,
 * not_allowed, note_deleted, note_invalid.
 */
create function public.edit_note(message_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages := private.lock_own_note(message_id);
  v_conversation public.conversations;
  v_content jsonb;
begin
  if v_note.revoked_at is not null then
    perform private.refuse(409, 'note_deleted');
  end if;
  select c.* into v_conversation from public.conversations c where c.id = v_note.conversation_id;
  v_content := private.note_content(v_conversation, content);
  if v_content = v_note.content then
    return v_note;
  end if;

  perform private.keep_note_version(v_note, 'note_edited');
  update public.messages m
  set
    content = v_content,
    body = v_content ->> 'text',
    edited_at = clock_timestamp()
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at
  returning m.* into v_note;
  perform private.call_mentioned(v_conversation, v_note);
  return v_note;
end;
$$;

/* Takes a note of one's own back; that there was one stays, and what it said in its history. Raises message_not_found, not_allowed. */
create function public.delete_note(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages := private.lock_own_note(message_id);
begin
  if v_note.revoked_at is not null then
    return v_note;
  end if;
  perform private.keep_note_version(v_note, 'note_deleted');
  update public.messages m
  set
    content = '{"kind": "note", "text": "", "mentions": [], "teams": []}',
    body = '',
    revoked_at = clock_timestamp()
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at
  returning m.* into v_note;
  delete from public.mentions n
  where n.tenant_id = v_note.tenant_id
    and n.message_id = v_note.id
    and n.read_at is null;
  return v_note;
end;
$$;

grant execute on function
  public.add_note(uuid, uuid, jsonb),
  public.edit_note(uuid, jsonb),
  public.delete_note(uuid)
to authenticated;
