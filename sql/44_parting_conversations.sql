/* Merged conversations are two again, each as it stood (44_merging_conversations.sql). */

/*
 * Parts a conversation from the one it was merged into, and gives it back: as it stood, but closed where the person has
 * begun another on its channel meanwhile. What the other took from it leaves it again, where nobody has changed that since.
 * An empty row where the person no longer sees it. One that is part of nothing stays as it is. Raises
 * conversation_not_found, not_allowed.
 */
create function public.unmerge_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_both public.conversations[];
  v_part public.conversations;
  v_whole public.conversations;
  v_merge private.conversation_merges;
  v_stood public.conversations;
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
begin
  select c.* into v_part from public.conversations c where c.id = unmerge_conversation.conversation_id;
  if v_part.merged_into_id is null then
    return private.lock_conversation(conversation_id, 'conversations.merge');
  end if;
  v_both := private.lock_both(conversation_id, v_part.merged_into_id);
  v_part := v_both[1];
  v_whole := v_both[2];
  if v_part.merged_into_id is distinct from v_whole.id then
    return v_part;
  end if;
  select m.* into v_merge from private.conversation_merges m where m.conversation_id = v_part.id;
  v_stood := jsonb_populate_record(null::public.conversations, v_merge.stood);

  perform private.set_quiet(true);
  update public.conversations c
  set
    tag_ids = array(select t.id from unnest(c.tag_ids) with ordinality t (id, n) where not v_merge.brought -> 'tag_ids' ? t.id::text order by t.n),
    attributes = (
      select coalesce(jsonb_object_agg(a.key, a.value), '{}')
      from jsonb_each(c.attributes) a
      where v_merge.brought -> 'attributes' -> a.key is distinct from a.value
    ),
    priority = case
      when c.priority = (v_merge.brought #>> '{priority,to}')::smallint then (v_merge.brought #>> '{priority,from}')::smallint
      else c.priority
    end,
    -- Nobody waits here any more whom only the part kept waiting.
    waiting_since = case
      when c.waiting_since = (v_merge.brought ->> 'waiting_since')::timestamptz and c.unread_count = 0 then null
      else c.waiting_since
    end
  where c.id = v_whole.id;
  delete from public.participants p
  where p.tenant_id = v_whole.tenant_id
    and p.conversation_id = v_whole.id
    and v_merge.brought -> 'user_ids' ? p.user_id::text;
  update public.scheduled_messages s
  set conversation_id = v_part.id
  where s.tenant_id = v_whole.tenant_id
    and s.conversation_id = v_whole.id
    and s.status = 'scheduled'
    and v_merge.brought -> 'scheduled_ids' ? s.id::text;

  perform private.part_from(v_part, v_stood);
  perform private.tell_merge(v_part, v_part, 'unmerged', v_whole.id);
  perform private.tell_merge(v_whole, v_whole, 'unmerged', v_part.id);
  perform private.set_quiet(v_quiet);

  select c.* into v_part from public.conversations c where c.id = v_part.id;
  return private.as_seen(v_part);
end;
$$;

/* Puts a part back as it stood: whose it was, as far as they are still there, and open where nothing else is. */
create function private.part_from(part public.conversations, stood public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_opens boolean := stood.status = 'open' and not exists (
    select
    from public.conversations c
    where c.channel_id = part.channel_id
      and c.contact_id = part.contact_id
      and c.status = 'open'
  );
begin
  update public.conversations c
  set
    merged_into_id = null,
    status = case when v_opens then 'open' else c.status end,
    closed_at = case when not v_opens then coalesce(stood.closed_at, c.closed_at) end,
    waiting_since = case when v_opens then stood.waiting_since end,
    snoozed_until = case when v_opens and stood.snoozed_until > now() then stood.snoozed_until end,
    team_id = (select t.id from public.teams t where t.tenant_id = c.tenant_id and t.id = stood.team_id),
    assignee_id = (select m.user_id from public.memberships m where m.tenant_id = c.tenant_id and m.user_id = stood.assignee_id)
  where c.id = part.id;
  delete from private.conversation_merges m where m.conversation_id = part.id;
end;
$$;

/*
 * Contacts were parted: parts that hung on a conversation which was joined hang on it again, and what became one across
 * both contacts since is two again. For part_contacts, which holds both contacts' conversations; `before` is its snapshot of them.
 */
create function private.part_merged_conversations(merge public.contact_merges, before jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_part public.conversations;
begin
  update public.conversations c
  set merged_into_id = (b.value #>> '{row,merged_into_id}')::uuid
  from jsonb_array_elements(before) b
  join public.conversations w on w.id = (b.value #>> '{row,merged_into_id}')::uuid
  where c.id = (b.value #>> '{row,id}')::uuid
    and c.merged_into_id is not null
    and c.merged_into_id <> w.id
    and c.contact_id = w.contact_id;

  for v_part in
    select p.*
    from public.conversations p
    join public.conversations w on w.tenant_id = p.tenant_id and w.id = p.merged_into_id
    where p.tenant_id = merge.tenant_id
      and p.contact_id in (merge.kept_id, merge.gone_id)
      and w.contact_id <> p.contact_id
  loop
    perform private.part_from(
      v_part,
      (select jsonb_populate_record(null::public.conversations, m.stood) from private.conversation_merges m where m.conversation_id = v_part.id)
    );
  end loop;
end;
$$;

grant execute on function public.unmerge_conversation(uuid) to authenticated;
