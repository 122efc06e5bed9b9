/*
 * Parting itself: what a merge joined goes back to where it stood, and what came since goes with its owner
 * (43_parting says whose that is).
 */

/* Parts what one merge made one. Both contacts are locked. */
create function private.part_contacts(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_snapshot private.merge_snapshots;
  v_keys text[] := private.parted_identities(merge);
  v_ids uuid[];
  v_conversation public.conversations;
  v_base public.conversations;
  v_place public.conversations;
  v_entry jsonb;
  v_all private.parted_message[];
  v_stray private.parted_message[];
  v_of_gone boolean;
  v_read bigint;
  v_touched uuid[] := '{}';
begin
  select s.* into v_snapshot from private.merge_snapshots s where s.merge_id = merge.id;

  insert into public.contacts
  select (jsonb_populate_record(null::public.contacts, v_snapshot.gone)).*;

  update public.contact_identities i
  set contact_id = merge.gone_id
  where i.tenant_id = merge.tenant_id
    and i.contact_id = merge.kept_id
    and i.kind || ':' || i.value = any (v_keys);

  v_ids := array(
    select c.id
    from public.conversations c
    where c.tenant_id = merge.tenant_id
      and c.contact_id = merge.kept_id
    order by c.id
    for update
  );

  -- First whole conversations: those that came along, those that were joined, those begun since.
  for v_conversation in select c.* from public.conversations c where c.id = any (v_ids) order by c.id loop
    select e.value into v_entry
    from jsonb_array_elements(v_snapshot.conversations) e
    where e.value #>> '{row,id}' = v_conversation.id::text;

    if v_entry ->> 'side' = 'gone' or (
      not found and coalesce((private.parted_messages(merge, v_conversation.id, v_keys, false))[1].is_gone, false)
    ) then
      update public.conversations c set contact_id = merge.gone_id where c.id = v_conversation.id;
      update public.messages m
      set contact_id = merge.gone_id
      where m.tenant_id = merge.tenant_id
        and m.conversation_id = v_conversation.id;
    end if;

    for v_entry in
      select e.value
      from jsonb_array_elements(v_snapshot.conversations) e
      where e.value ->> 'joined_into' = v_conversation.id::text
    loop
      v_base := jsonb_populate_record(null::public.conversations, v_entry -> 'row');
      v_all := private.parted_messages(merge, v_conversation.id, v_keys, false);
      v_read := (select count(*) from unnest(v_all) x where x.is_gone and x.seq <= v_conversation.read_seq);
      -- Open or closed as the joined thread is now.
      v_place := v_base;
      v_place.status := v_conversation.status;
      v_place.closed_at := v_conversation.closed_at;
      -- Who had it may have left meanwhile.
      v_place.assignee_id := (select m.user_id from public.memberships m where m.tenant_id = merge.tenant_id and m.user_id = v_base.assignee_id);
      v_place.team_id := (select t.id from public.teams t where t.tenant_id = merge.tenant_id and t.id = v_base.team_id);
      -- All but `folder`, which is made from the others.
      insert into public.conversations (
        id, tenant_id, contact_id, channel_id, team_id, assignee_id, assigned_at, status, owner, owner_epoch, last_seq, read_seq, unread_count,
        preview, preview_kind, preview_direction, preview_at, last_message_at, last_inbound_at, waiting_since, window_expires_at,
        is_history, priority, tag_ids, attributes, snoozed_until, is_spam, first_reply_at, away_check_at, sla_due_at, closed_at, created_at, updated_at
      )
      values (
        v_place.id, v_place.tenant_id, v_place.contact_id, v_place.channel_id, v_place.team_id, v_place.assignee_id, v_place.assigned_at, v_place.status, v_place.owner, v_place.owner_epoch, v_place.last_seq, v_place.read_seq, v_place.unread_count,
        v_place.preview, v_place.preview_kind, v_place.preview_direction, v_place.preview_at, v_place.last_message_at, v_place.last_inbound_at, v_place.waiting_since, v_place.window_expires_at,
        v_place.is_history, v_place.priority, v_place.tag_ids, v_place.attributes, v_place.snoozed_until, v_place.is_spam, v_place.first_reply_at, v_place.away_check_at, v_place.sla_due_at, v_place.closed_at, v_place.created_at, v_place.updated_at
      );
      update public.messages m
      set
        conversation_id = v_place.id,
        contact_id = merge.gone_id,
        seq = x.position
      from (
        -- Behind what stood there before, in the thread's order, what came since.
        select p.id, p.created_at, coalesce(p.before_seq, v_base.last_seq + row_number() over (partition by p.before_seq is null order by p.seq)) as position
        from unnest(v_all) p
        where p.is_gone
      ) x
      where m.tenant_id = merge.tenant_id
        and m.id = x.id
        and m.created_at = x.created_at;
      perform private.retell_conversation(v_place.id, v_base, merge.merged_at, greatest(v_base.read_seq, v_read));
      v_touched := v_touched || v_place.id;

      select (jsonb_populate_record(null::public.conversations, e.value -> 'row')).* into v_base
      from jsonb_array_elements(v_snapshot.conversations) e
      where e.value #>> '{row,id}' = v_conversation.id::text;
      v_read := (select count(*) from unnest(v_all) x where not x.is_gone and x.seq <= v_conversation.read_seq);
      perform private.retell_conversation(v_conversation.id, v_base, merge.merged_at, v_read);
      v_touched := v_touched || v_conversation.id;
    end loop;
  end loop;

  -- Then what the one said since in a conversation of the other.
  for v_conversation in select c.* from public.conversations c where c.id = any (v_ids) order by c.id loop
    v_of_gone := v_conversation.contact_id = merge.gone_id;
    v_all := private.parted_messages(merge, v_conversation.id, v_keys, v_of_gone);
    v_stray := array(select x from unnest(v_all) x where x.is_gone <> v_of_gone order by x.seq);
    continue when cardinality(v_stray) = 0;

    v_place := private.place_beside(v_conversation, case when v_of_gone then merge.kept_id else merge.gone_id end);
    v_read := (select count(*) from unnest(v_stray) x where x.seq <= v_conversation.read_seq);
    perform private.move_messages(v_stray, v_place, v_read);
    select c.read_seq into v_read from public.conversations c where c.id = v_place.id;
    perform private.retell_conversation(v_place.id, v_place, merge.merged_at, v_read);

    v_base := null;
    select (jsonb_populate_record(null::public.conversations, e.value -> 'row')).* into v_base
    from jsonb_array_elements(v_snapshot.conversations) e
    where e.value #>> '{row,id}' = v_conversation.id::text;
    v_read := (select count(*) from unnest(v_all) x where x.is_gone = v_of_gone and x.seq <= v_conversation.read_seq);
    perform private.retell_conversation(v_conversation.id, v_base, merge.merged_at, v_read);
    v_touched := v_touched || v_place.id || v_conversation.id;
  end loop;

  perform private.part_merged_conversations(merge, v_snapshot.conversations);
  perform private.part_names(merge, v_snapshot);
  perform private.part_consents(merge);
  perform private.part_facts(merge);
  -- A cost belongs to whom its message went to.
  update public.charges c
  set
    contact_id = m.contact_id,
    conversation_id = m.conversation_id
  from public.messages m
  where c.tenant_id = merge.tenant_id
    and c.contact_id = merge.kept_id
    and m.tenant_id = c.tenant_id
    and m.id = c.message_id
    and m.created_at = c.message_created_at
    and (c.contact_id, c.conversation_id) is distinct from (m.contact_id, m.conversation_id);
  update public.leads l
  set
    contact_id = merge.gone_id,
    conversation_id = (v_snapshot.leads ->> l.id::text)::uuid
  where l.tenant_id = merge.tenant_id
    and l.contact_id = merge.kept_id
    and v_snapshot.leads ? l.id::text;
  delete from private.merge_snapshots s where s.merge_id = merge.id;
  delete from private.merged_messages r where r.merge_id = merge.id;

  perform private.enqueue_send(waiting.conversation_id)
  from (
    select distinct m.conversation_id
    from private.queued_messages m
    where m.tenant_id = merge.tenant_id
      and m.conversation_id = any (v_touched)
  ) waiting;
  perform private.tell_contacts(merge.tenant_id, array[merge.kept_id, merge.gone_id]);
  -- A browser that shows one of them still shows what went.
  perform private.broadcast(array(select 'conversation:' || t from unnest(v_ids || v_touched) t group by t), 'parted', '{}');
end;
$$;

/*
 * Parts two contacts that a merge made one, and gives back the merge. Parting it twice changes nothing.
 * Raises merge_not_found, not_allowed, merge_not_last.
 */
create function public.part_contacts(merge_id uuid)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_merge public.contact_merges;
begin
  select m.* into v_merge
  from public.contact_merges m
  where m.id = part_contacts.merge_id
    and m.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if not found then
    perform private.refuse(404, 'merge_not_found');
  end if;
  if not private.may(v_merge.tenant_id, 'contacts.merge') then
    perform private.refuse(403, 'not_allowed', 'contacts.merge');
  end if;

  perform private.lock_contacts(v_merge.tenant_id, array[v_merge.kept_id]);
  select m.* into v_merge from public.contact_merges m where m.id = v_merge.id for update;
  if v_merge.parted_at is not null then
    return v_merge;
  end if;
  -- What a later merge joined stands on this one.
  if exists (
    select
    from public.contact_merges m
    where m.tenant_id = v_merge.tenant_id
      and m.parted_at is null
      and m.position > v_merge.position
      and v_merge.kept_id in (m.kept_id, m.gone_id)
  ) then
    perform private.refuse(409, 'merge_not_last');
  end if;

  perform private.part_contacts(v_merge);
  update public.contact_merges m
  set
    parted_by = auth.uid(),
    parted_at = clock_timestamp()
  where m.id = v_merge.id
  returning m.* into v_merge;
  return v_merge;
end;
$$;

grant execute on function public.part_contacts(uuid) to authenticated;
