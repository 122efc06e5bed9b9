/*
 * Two contacts turn out to be one person: one event names identities of both, or somebody who may says
 * so. Their threads on the same channel become one. What each had is written down first, so that they
 * can be parted again (43_parting.sql).
 */

create table public.contact_merges (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Merges of one contact are undone newest first.
  position bigint generated always as identity,
  -- No foreign keys: whom it keeps may itself be merged into somebody later.
  kept_id uuid not null,
  gone_id uuid not null,
  kept_name text not null,
  gone_name text not null,
  -- The addresses that came along: [{kind, value, address}].
  gone_identities jsonb not null,
  -- What one event named together, and when by the provider's clock: {identities, at}. Null: a person's word.
  evidence jsonb,
  -- Null: the door.
  merged_by uuid,
  -- The transaction's time, as messages have it: what it stores itself comes after.
  merged_at timestamptz not null default now(),
  parted_by uuid,
  parted_at timestamptz
);

comment on table public.contact_merges is 'Two contacts that became one, and may be parted again.';

create index on public.contact_merges (tenant_id, kept_id, position desc);
create index on public.contact_merges (tenant_id, gone_id);

alter table public.contact_merges enable row level security;

create policy select_member on public.contact_merges
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.contact_merges to authenticated;

/*
 * How everything was before a merge, for whoever parts it: both contacts, the kept one as it became, and
 * all their conversations [{side: kept | gone, row, joined_into}]. Private: it shows conversations whole.
 */
create table private.merge_snapshots (
  merge_id uuid primary key references public.contact_merges on delete cascade,
  kept jsonb not null,
  gone jsonb not null,
  merged jsonb,
  conversations jsonb not null,
  -- Of the one that went: where each was noted.
  leads jsonb not null
);

/* Where each message of the contact that went stood. */
create table private.merged_messages (
  merge_id uuid not null references public.contact_merges on delete cascade,
  message_id uuid not null,
  message_created_at timestamptz not null,
  conversation_id uuid not null,
  seq bigint not null,
  primary key (merge_id, message_id)
);

alter table private.merge_snapshots enable row level security;
alter table private.merged_messages enable row level security;

/* Puts the messages of one conversation at the end of another of the same contact and channel, and removes the empty one. */
create function private.join_conversations(keep public.conversations, gone public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  -- Before its messages, in the order in which a worker takes both.
  delete from private.outbox o where o.conversation_id = gone.id;

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

  update public.charges c set conversation_id = keep.id where c.tenant_id = keep.tenant_id and c.conversation_id = gone.id;
  update public.leads l set conversation_id = keep.id where l.tenant_id = keep.tenant_id and l.conversation_id = gone.id;
  -- Its earlier parts are parts of what it became.
  update public.conversations c
  set merged_into_id = keep.id
  where c.tenant_id = gone.tenant_id
    and c.merged_into_id = gone.id;
  delete from public.conversations where id = gone.id;

  -- What waited there to be sent waits here now.
  if exists (select from private.queued_messages m where m.tenant_id = keep.tenant_id and m.conversation_id = keep.id) then
    perform private.enqueue_send(keep.id);
  end if;
end;
$$;

/* Makes one contact part of another of the same tenant. Returns what was written down of it. */
create function private.merge_contact(keep public.contacts, gone public.contacts, evidence jsonb)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_merge public.contact_merges;
  v_conversation public.conversations;
  v_match public.conversations;
begin
  insert into public.contact_merges (tenant_id, kept_id, gone_id, kept_name, gone_name, gone_identities, evidence, merged_by)
  values (
    keep.tenant_id, keep.id, gone.id, keep.name, gone.name,
    (
      select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value, 'address', i.address) order by i.kind, i.value), '[]')
      from public.contact_identities i
      where i.tenant_id = gone.tenant_id
        and i.contact_id = gone.id
    ),
    merge_contact.evidence, auth.uid()
  )
  returning * into v_merge;

  perform from public.conversations c where c.tenant_id = keep.tenant_id and c.contact_id in (keep.id, gone.id) order by c.id for update;

  insert into private.merge_snapshots (merge_id, kept, gone, leads, conversations)
  values (
    v_merge.id, to_jsonb(keep), to_jsonb(gone),
    (
      select coalesce(jsonb_object_agg(l.id, l.conversation_id), '{}')
      from public.leads l
      where l.tenant_id = keep.tenant_id
        and l.contact_id = gone.id
    ),
    (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'side', case when c.contact_id = gone.id then 'gone' else 'kept' end,
            'row', to_jsonb(c),
            'joined_into', case when c.contact_id = gone.id then (private.matching_conversation(c, keep.id)).id end
          )
          order by c.id
        ),
        '[]'
      )
      from public.conversations c
      where c.tenant_id = keep.tenant_id
        and c.contact_id in (keep.id, gone.id)
    )
  );

  insert into private.merged_messages (merge_id, message_id, message_created_at, conversation_id, seq)
  select v_merge.id, m.id, m.created_at, m.conversation_id, m.seq
  from public.conversations c
  join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
  where c.tenant_id = gone.tenant_id
    and c.contact_id = gone.id;

  update public.contact_identities i
  set contact_id = keep.id
  where i.tenant_id = keep.tenant_id
    and i.contact_id = gone.id;

  for v_conversation in
    select c.*
    from public.conversations c
    where c.tenant_id = gone.tenant_id
      and c.contact_id = gone.id
    order by c.id
  loop
    v_match := private.matching_conversation(v_conversation, keep.id);
    if v_match.id is not null then
      perform private.join_conversations(v_match, v_conversation);
    else
      update public.conversations c set contact_id = keep.id where c.id = v_conversation.id;
      update public.messages m
      set contact_id = keep.id
      where m.tenant_id = gone.tenant_id
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
    email = coalesce(keep.email, gone.email),
    language = coalesce(keep.language, gone.language),
    attributes = gone.attributes || keep.attributes,
    tag_ids = keep.tag_ids || array(select t from unnest(gone.tag_ids) t where t <> all (keep.tag_ids)),
    marketing_opt_out = told.marketing_opt_out,
    marketing_opt_out_at = told.marketing_opt_out_at
  from
    -- A typed name (no clock) comes first, then the provider's newest.
    (select * from public.contacts where id in (keep.id, gone.id) order by name_at desc nulls first, name desc limit 1) newest,
    (select * from public.contacts where id in (keep.id, gone.id) order by (username is null), username_at desc, username desc limit 1) handle,
    (select * from public.contacts where id in (keep.id, gone.id) order by (phone is null), phone_at desc, phone desc limit 1) latest,
    (select * from public.contacts where id in (keep.id, gone.id) order by marketing_opt_out_at desc, marketing_opt_out desc limit 1) told
  where c.id = keep.id;

  perform private.merge_consents(v_merge);
  perform private.merge_facts(v_merge);
  update public.charges c set contact_id = keep.id where c.tenant_id = keep.tenant_id and c.contact_id = gone.id;
  update public.leads l set contact_id = keep.id where l.tenant_id = keep.tenant_id and l.contact_id = gone.id;

  update private.merge_snapshots s
  set merged = (select to_jsonb(c) from public.contacts c where c.id = keep.id)
  where s.merge_id = v_merge.id;

  delete from public.contacts c where c.id = gone.id;
  perform private.tell_contacts(keep.tenant_id, array[keep.id]);
  return v_merge;
end;
$$;

/* Has the open conversations of contacts broadcast again: lists show what their contacts are called. */
create function private.tell_contacts(tenant_id uuid, contact_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.conversations c
  set updated_at = c.updated_at
  where c.tenant_id = tell_contacts.tenant_id
    and c.contact_id = any (contact_ids)
    and c.status = 'open';
end;
$$;

/* The conversation of a contact that another one would be joined to: open on the same channel, or history of it. All null: none. */
create function private.matching_conversation(conversation public.conversations, contact_id uuid)
  returns public.conversations
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_match public.conversations;
begin
  select c.* into v_match
  from public.conversations c
  where c.tenant_id = conversation.tenant_id
    and c.contact_id = matching_conversation.contact_id
    and c.channel_id = conversation.channel_id
    and ((c.status = 'open' and conversation.status = 'open') or (c.is_history and conversation.is_history));
  return v_match;
end;
$$;
