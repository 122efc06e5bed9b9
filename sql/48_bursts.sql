/*
 * Most of what arrives is ordinary: a known person writes once more in their open conversation. A burst
 * of such messages is applied with one statement a table instead of one a message, which is what lets a
 * door keep up: Postgres spends more on beginning a statement than on the row.
 *
 * Everything else (somebody new, a new name, echoes, history, reactions, edits, an id seen before, …) is
 * left to private.apply_event, message by message. Whatever both can do ends in the same rows.
 */

create type private.ordinary_message as (
  -- Its place in the burst.
  position integer,
  id uuid,
  tenant_id uuid,
  channel_id uuid,
  contact_id uuid,
  conversation_id uuid,
  sent_at timestamptz,
  event jsonb
);

create type private.thread_end as (
  conversation_id uuid,
  last_seq bigint
);

/* The ordinary messages of a burst, with the contact and the open conversation of each. */
create function private.ordinary_messages(incoming private.incoming[])
  returns private.ordinary_message[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return array(
    select (i.ordinality, gen_random_uuid(), i.tenant_id, i.channel_id, known.contact_id, thread.id, (i.event ->> 'sent_at')::timestamptz, i.event)::private.ordinary_message
    from unnest(incoming) with ordinality i
    cross join lateral (
      -- Looked up one by one: a join would let the planner guess how many there are, and scan.
      select (array_agg(found.contact_id))[1] as contact_id, (array_agg(found.value order by found.ordinality desc) filter (where found.kind = 'phone'))[1] as phone
      from (
        select
          identity.ordinality,
          identity.value ->> 'kind' as kind,
          identity.value ->> 'value' as value,
          (
            select c.contact_id
            from public.contact_identities c
            where c.tenant_id = i.tenant_id
              and c.kind = (identity.value ->> 'kind')::public.identity_kind
              and c.value = identity.value ->> 'value'
              and c.address >= identity.value ->> 'address'
          ) as contact_id
        from jsonb_array_elements(i.event -> 'identities') with ordinality identity
      ) found
      having count(found.contact_id) = count(*)
        and min(found.contact_id::text) = max(found.contact_id::text)
    ) known
    cross join lateral (
      select c.id
      from public.contacts c
      where c.id = known.contact_id
        and (c.name_at is null or coalesce(i.event ->> 'name', '') in ('', c.name))
        and coalesce(i.event ->> 'username', c.username, '') = coalesce(c.username, '')
        and coalesce(known.phone, c.phone, '') = coalesce(c.phone, '')
      offset 0
    ) unchanged
    cross join lateral (
      select c.id
      from public.conversations c
      where c.channel_id = i.channel_id
        and c.contact_id = known.contact_id
        and c.status = 'open'
      offset 0
    ) thread
    where i.fresh
      and i.channel_id is not null
      and i.event ->> 'type' = 'message'
      and i.event ->> 'direction' = 'in'
      and i.event ->> 'history_status' is null
      and i.event ->> 'kind' not in ('reaction', 'edit', 'revoke', 'system')
    order by i.ordinality
  );
end;
$$;

/*
 * Makes room for the messages of a burst at the end of their conversations: takes a seq for each, counts
 * unread, moves window, wait and preview, as private.append_to_conversation does for one. Gives back the
 * last seq of each. Raises conversation_closed where one is no longer open; the burst is then applied
 * message by message.
 */
create function private.extend_conversations(messages private.ordinary_message[])
  returns private.thread_end[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_ends private.thread_end[];
begin
  with word as (
    select
      m.conversation_id,
      m.position,
      m.sent_at,
      least(m.sent_at, now()) as at,
      left(m.event ->> 'body', 200) as preview,
      m.event ->> 'kind' as kind,
      (m.event ->> 'counts_unread')::boolean as unread,
      private.window_of(m.event) as window_expires_at
    from unnest(messages) m
  ),
  told as (
    select
      w.conversation_id,
      count(*) as added,
      count(*) filter (where w.unread) as unread,
      max(w.at) as at,
      (array_agg(w.preview order by w.at desc, w.position desc))[1] as preview,
      (array_agg(w.kind order by w.at desc, w.position desc))[1] as kind,
      max(w.sent_at) as last_inbound_at,
      max(w.window_expires_at) as window_expires_at
    from word w
    group by w.conversation_id
  ),
  extended as (
    update public.conversations c
    set
      last_seq = c.last_seq + t.added,
      unread_count = c.unread_count + case when c.is_spam then 0 else t.unread end,
      (preview, preview_kind, preview_direction) = (
        select
          case when newer then t.preview else c.preview end,
          case when newer then t.kind else c.preview_kind end,
          case when newer then 'in' else c.preview_direction end
        from (select (t.at, true) >= (c.preview_at, c.preview_direction = 'in') as newer) as _
      ),
      preview_at = greatest(c.preview_at, t.at),
      last_message_at = now(),
      last_inbound_at = greatest(c.last_inbound_at, t.last_inbound_at),
      waiting_since = case
        when not c.is_spam and (c.preview_direction = 'in' or (t.at, true) >= (c.preview_at, c.preview_direction = 'in'))
          then coalesce(c.waiting_since, case when t.unread > 0 then now() end)
      end,
      snoozed_until = case when t.unread = 0 then c.snoozed_until end,
      window_expires_at = greatest(c.window_expires_at, t.window_expires_at)
    from told t
    where c.id = t.conversation_id
      and c.status = 'open'
    returning c.id, c.last_seq
  )
  select array_agg((e.id, e.last_seq)::private.thread_end) into v_ends
  from extended e;

  if coalesce(cardinality(v_ends), 0) <> (select count(distinct m.conversation_id) from unnest(messages) m) then
    perform private.refuse(409, 'conversation_closed');
  end if;
  return v_ends;
end;
$$;

/*
 * Applies the ordinary messages of a burst, whose people are locked already. Returns a result for each
 * event of the burst: 'stored', or null where the event is somebody else's to apply.
 */
create function private.receive_burst(incoming private.incoming[])
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_results text[] := array_fill(null::text, array[cardinality(incoming)]);
  v_messages private.ordinary_message[] := private.ordinary_messages(incoming);
  v_message private.ordinary_message;
  v_ends private.thread_end[];
  v_files uuid[];
begin
  -- An id that somebody has is no ordinary one's.
  with claimed as (
    insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
    select
      m.channel_id, m.event ->> 'external_id', m.tenant_id, m.id, now(),
      private.fingerprint(m.event ->> 'direction', m.event ->> 'kind', m.event ->> 'sent_at', m.event ->> 'body')
    from unnest(v_messages) m
    order by m.channel_id, m.event ->> 'external_id', m.position
    on conflict do nothing
    returning message_id
  )
  select array_agg(m order by m.position) into v_messages
  from unnest(v_messages) m
  where m.id in (select message_id from claimed);

  if v_messages is null then
    return v_results;
  end if;

  v_ends := private.extend_conversations(v_messages);

  with said as (
    insert into public.messages (
      id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body,
      media, identity, external_id, target_external_id, status, counts_unread, sent_at
    )
    select
      m.id, m.tenant_id, m.conversation_id, m.contact_id, m.channel_id, m.last_seq - m.behind, 'in',
      (m.event ->> 'author')::public.message_author, m.event ->> 'kind', m.event -> 'content', m.event ->> 'body',
      case when private.is_media(m.event ->> 'kind') then private.media_of('pending', m.event -> 'content') end,
      (m.event #>> '{identities,0,kind}') || ':' || (m.event #>> '{identities,0,value}'),
      m.event ->> 'external_id', m.event ->> 'target_external_id', 'received', (m.event ->> 'counts_unread')::boolean, m.sent_at
    from (
      select n.*, e.last_seq, count(*) over (partition by n.conversation_id order by n.position desc) - 1 as behind
      from unnest(v_messages) n
      join unnest(v_ends) e on e.conversation_id = n.conversation_id
    ) m
    order by m.position
    returning id, media
  )
  select array_agg(id) filter (where media is not null) into v_files
  from said;

  if v_files is not null then
    perform private.fetch_media(m.tenant_id, m.channel_id, m.id, now(), false)
    from unnest(v_messages) m
    where m.id = any (v_files);
  end if;

  -- Names and numbers are as they were; only when they were last heard moves on.
  update public.contacts c
  set
    name_at = case when c.name_at is not null then greatest(c.name_at, heard.name_at) end,
    username_at = greatest(c.username_at, heard.username_at),
    phone_at = greatest(c.phone_at, heard.phone_at)
  from (
    select
      m.contact_id,
      max(m.sent_at) filter (where m.event ->> 'name' <> '') as name_at,
      max(m.sent_at) filter (where m.event ->> 'username' is not null) as username_at,
      max(m.sent_at) filter (where m.event -> 'identities' @> '[{"kind": "phone"}]') as phone_at
    from unnest(v_messages) m
    group by m.contact_id
  ) heard
  where c.id = heard.contact_id;

  foreach v_message in array v_messages loop
    v_results[v_message.position] := 'stored';
  end loop;
  perform private.apply_early_events(m.channel_id, m.event ->> 'external_id')
  from unnest(v_messages) m
  where exists (
    select
    from private.early_events e
    where e.channel_id = m.channel_id
      and e.external_id = m.event ->> 'external_id'
  );
  return v_results;
end;
$$;
