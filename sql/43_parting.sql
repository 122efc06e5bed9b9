/*
 * Contacts that were made one are parted again, by a person's word: each gets back its addresses, threads
 * and name, and what was said since goes with the address it came from. What we said ourselves since goes
 * with whoever had spoken last before it: that is whom it was sent to.
 *
 * Parted contacts stay parted. An event that names both together no longer merges them: the account's id
 * names the person, and a number that is named with it later than the parting has changed hands and
 * follows it. Merging them again is a person's word too.
 */

/* The keys (`kind:value`) of the addresses that came along with a merge, and of those learned beside them since. */
create function private.parted_identities(merge public.contact_merges)
  returns text[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    with recursive mine as (
      select i.value ->> 'kind' || ':' || (i.value ->> 'value') as key
      from jsonb_array_elements(merge.gone_identities) i
      union
      select i.kind || ':' || i.value
      from mine
      join public.contact_identities i on i.beside = mine.key
      where i.tenant_id = merge.tenant_id
        and i.contact_id = merge.kept_id
        and i.created_at >= merge.merged_at
    )
    select key from mine
  );
end;
$$;

/* One message of a merged contact, and whose it is. */
create type private.parted_message as (
  id uuid,
  created_at timestamptz,
  seq bigint,
  is_gone boolean,
  -- Where it stood before the merge; null for what is later.
  before_seq bigint
);

/* Whose each message of a conversation is, in the thread's order. `is_gone`: what to take where nobody has spoken yet. */
create function private.parted_messages(merge public.contact_merges, conversation_id uuid, gone_keys text[], is_gone boolean)
  returns private.parted_message[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select (s.id, s.created_at, s.seq, coalesce(first_value(s.is_gone) over (partition by s.run order by s.said, s.seq), parted_messages.is_gone), s.before_seq)::private.parted_message
    from (
      select k.*, count(k.is_gone) over (order by k.said, k.seq) as run
      from (
        select
          m.id, m.created_at, m.seq, r.seq as before_seq,
          -- Two threads joined stand one behind the other: what was said before is told apart by its clock, later by its place.
          case when m.created_at < merge.merged_at then m.sent_at else 'infinity' end as said,
          case
            when r.message_id is not null then true
            when m.created_at < merge.merged_at then false
            else m.identity = any (gone_keys)
          end as is_gone
        from public.messages m
        left join private.merged_messages r on r.merge_id = merge.id and r.message_id = m.id
        where m.tenant_id = merge.tenant_id
          and m.conversation_id = parted_messages.conversation_id
      ) k
    ) s
    order by s.seq
  );
end;
$$;

/*
 * Puts messages at the end of a conversation, in the order they have. `read` of them, the first, were
 * seen where they stood.
 */
create function private.move_messages(messages private.parted_message[], target public.conversations, read bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.messages m
  set
    conversation_id = target.id,
    contact_id = target.contact_id,
    seq = target.last_seq + moved.position
  from (select x.id, x.created_at, row_number() over (order by x.seq) as position from unnest(messages) x) moved
  where m.tenant_id = target.tenant_id
    and m.id = moved.id
    and m.created_at = moved.created_at;

  update public.conversations c
  set
    last_seq = c.last_seq + cardinality(messages),
    read_seq = case when c.read_seq = c.last_seq then c.read_seq + read else c.read_seq end
  where c.id = target.id;
end;
$$;

/*
 * Closes the gaps in a thread and tells its row anew: from how it was (`base`) and what was said from
 * `since` on.
 */
create function private.retell_conversation(conversation_id uuid, base public.conversations, since timestamptz, read bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := (select c.tenant_id from public.conversations c where c.id = retell_conversation.conversation_id);
begin
  update public.messages m
  set seq = n.position
  from (
    select x.id, x.created_at, row_number() over (order by x.seq) as position
    from public.messages x
    where x.tenant_id = v_tenant_id
      and x.conversation_id = retell_conversation.conversation_id
  ) n
  where m.tenant_id = v_tenant_id
    and m.id = n.id
    and m.created_at = n.created_at
    and m.seq <> n.position;

  with later as (
    select
      m.*,
      m.kind not in ('reaction', 'edit', 'revoke', 'system') and not m.is_private as tells,
      least(m.sent_at, m.created_at) as at
    from public.messages m
    where m.tenant_id = v_tenant_id
      and m.conversation_id = retell_conversation.conversation_id
      and m.created_at >= since
  ),
  told as (
    select
      (select max(m.seq) from public.messages m where m.tenant_id = v_tenant_id and m.conversation_id = retell_conversation.conversation_id) as last_seq,
      max(l.created_at) filter (where l.tells) as last_message_at,
      max(l.sent_at) filter (where l.direction = 'in') as last_inbound_at,
      max(l.at) filter (where l.tells and l.client_id is null) as preview_at,
      max(l.seq) filter (where l.tells and l.direction = 'out') as answered_seq,
      max(
        l.at + case when l.content ? 'referral' then interval '72 hours' else interval '24 hours' end
      ) filter (
        where l.direction = 'in'
          and l.kind not in ('edit', 'revoke', 'system')
          and not l.content ? 'group_id'
          and not coalesce((l.content ->> 'removed')::boolean, false)
      ) as window_expires_at
    from later l
  ),
  newest as (
    select l.body, l.kind, l.direction
    from later l
    where l.tells
    order by l.seq desc
    limit 1
  )
  update public.conversations c
  set
    last_seq = coalesce(t.last_seq, 0),
    read_seq = least(read, coalesce(t.last_seq, 0)),
    unread_count = (
      select count(*)
      from public.messages m
      where m.tenant_id = v_tenant_id
        and m.conversation_id = c.id
        and m.seq > read
        and m.counts_unread
    ),
    preview = coalesce(left(n.body, 200), base.preview, ''),
    preview_kind = coalesce(n.kind, base.preview_kind),
    preview_direction = coalesce(n.direction, base.preview_direction),
    preview_at = greatest(base.preview_at, t.preview_at, '-infinity'),
    last_message_at = coalesce(greatest(base.last_message_at, t.last_message_at), c.last_message_at),
    last_inbound_at = greatest(base.last_inbound_at, t.last_inbound_at),
    waiting_since = case
      when c.status = 'closed' or n.direction = 'out' then null
      else coalesce(
        case when t.answered_seq is null then base.waiting_since end,
        (select min(l.created_at) from later l where l.counts_unread and l.seq > coalesce(t.answered_seq, 0))
      )
    end,
    window_expires_at = greatest(base.window_expires_at, t.window_expires_at)
  from told t
  left join newest n on true
  where c.id = retell_conversation.conversation_id;
end;
$$;

/* The conversation for what a person said in one that is not theirs: their open one (or history) of that channel, or a new one like it. */
create function private.place_beside(source public.conversations, contact_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_place public.conversations := private.matching_conversation(source, contact_id);
begin
  if v_place.id is null then
    insert into public.conversations (
      tenant_id, contact_id, channel_id, team_id, assignee_id, status, owner, is_history, closed_at, last_message_at, created_at
    )
    values (
      source.tenant_id, place_beside.contact_id, source.channel_id, source.team_id, source.assignee_id, source.status, source.owner,
      source.is_history, source.closed_at, source.last_message_at, source.created_at
    )
    returning * into v_place;
  end if;
  return v_place;
end;
$$;

/* Gives both contacts back what they were called, where nobody has said otherwise since, and their numbers. */
create function private.part_names(merge public.contact_merges, snapshot private.merge_snapshots)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.contacts := jsonb_populate_record(null::public.contacts, snapshot.kept);
  v_gone public.contacts := jsonb_populate_record(null::public.contacts, snapshot.gone);
  v_merged public.contacts := jsonb_populate_record(null::public.contacts, snapshot.merged);
begin
  -- A stop said meanwhile was said by one of the two: both are left alone.
  update public.contacts g
  set
    marketing_opt_out = k.marketing_opt_out,
    marketing_opt_out_at = k.marketing_opt_out_at
  from public.contacts k
  where g.id = v_gone.id
    and k.id = v_kept.id
    and k.marketing_opt_out_at <> v_merged.marketing_opt_out_at;

  update public.contacts c
  set
    name = case when same_name then v_kept.name else c.name end,
    name_at = case when same_name then v_kept.name_at else c.name_at end,
    username = case when same_username then v_kept.username else c.username end,
    username_at = case when same_username then v_kept.username_at else c.username_at end,
    -- A number that is not theirs any more must not be written to.
    phone = case when v_kept.phone is not null and not still_theirs then v_kept.phone when still_theirs then c.phone end,
    phone_at = case when still_theirs and c.phone is distinct from v_merged.phone then c.phone_at else v_kept.phone_at end,
    email = case when c.email is not distinct from v_merged.email then v_kept.email else c.email end,
    language = case when c.language is not distinct from v_merged.language then v_kept.language else c.language end,
    attributes = case when c.attributes = v_merged.attributes then v_kept.attributes else c.attributes end,
    tag_ids = case when c.tag_ids = v_merged.tag_ids then v_kept.tag_ids else c.tag_ids end,
    marketing_opt_out = case when c.marketing_opt_out_at = v_merged.marketing_opt_out_at then v_kept.marketing_opt_out else c.marketing_opt_out end,
    marketing_opt_out_at = case when c.marketing_opt_out_at = v_merged.marketing_opt_out_at then v_kept.marketing_opt_out_at else c.marketing_opt_out_at end
  from (
    select
      -- As it was made by the merge, or as the other one has been called since by the provider.
      (k.name = v_merged.name and (k.name_at is null) = (v_merged.name_at is null))
        or (k.name = v_gone.name and k.name_at is not null) as same_name,
      k.username is not distinct from v_merged.username or k.username = v_gone.username as same_username,
      exists (
        select
        from public.contact_identities i
        where i.tenant_id = k.tenant_id
          and i.kind = 'phone'
          and i.value = k.phone
          and i.contact_id = k.id
      ) as still_theirs
    from public.contacts k
    where k.id = v_kept.id
  ) now
  where c.id = v_kept.id;

  -- Numbers learned beside theirs since the merge.
  update public.contacts c
  set phone = (
    select i.value
    from public.contact_identities i
    where i.tenant_id = c.tenant_id
      and i.contact_id = c.id
      and i.kind = 'phone'
    order by i.created_at desc, i.value
    limit 1
  )
  where c.id in (v_kept.id, v_gone.id)
    and c.phone is null;
end;
$$;

/*
 * The contact that an event speaks of when it names several together that a person has parted; null
 * where nobody has. The account's id says who it is, else the last address named. A number named with
 * an account's id after the parting has changed hands.
 */
create function private.parted_contact(tenant_id uuid, contact_ids uuid[], identities jsonb, at timestamptz)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_parted_at timestamptz;
  v_contact_id uuid;
  v_by public.identity_kind;
begin
  select max(m.parted_at) into v_parted_at
  from public.contact_merges m
  where m.tenant_id = $1
    and m.kept_id = any (contact_ids)
    and m.gone_id = any (contact_ids);
  if v_parted_at is null then
    return null;
  end if;

  select i.contact_id, i.kind into v_contact_id, v_by
  from jsonb_array_elements(identities) with ordinality named
  join public.contact_identities i
    on i.tenant_id = $1
    and i.kind = (named.value ->> 'kind')::public.identity_kind
    and i.value = named.value ->> 'value'
  order by i.kind = 'bsuid' desc, named.ordinality desc
  limit 1;

  if v_by = 'bsuid' and at > v_parted_at then
    with moved as (
      update public.contact_identities i
      set contact_id = v_contact_id
      from public.contact_identities before, jsonb_array_elements(identities) named
      where before.tenant_id = $1
        and before.kind = 'phone'
        and named.value ->> 'kind' = 'phone'
        and before.value = named.value ->> 'value'
        and before.contact_id <> v_contact_id
        and before.contact_id = any (contact_ids)
        and (i.tenant_id, i.kind, i.value) = (before.tenant_id, before.kind, before.value)
      returning i.value, before.contact_id
    )
    update public.contacts c
    set phone = null
    from moved
    where c.id = moved.contact_id
      and c.phone = moved.value;
  end if;
  return v_contact_id;
end;
$$;
