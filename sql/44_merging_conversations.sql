/*
 * Two conversations of one person become one piece of work: one goes on, the other is closed and stands in it as an
 * earlier part. No message moves (docs/decisions/0023-merged-conversations-are-linked.md): each keeps its place, its
 * channel and its keys, so that what is on its way, a late status or a quote finds it as before, and parting them again is
 * one update. What asks for work goes along: tags, priority, attributes, followers, who waits, messages that wait for
 * their time.
 */

-- The parts of a conversation.
create index conversations_parts_idx on public.conversations (tenant_id, merged_into_id) where merged_into_id is not null;
-- Where a person's next message on the channel of a part belongs.
create index conversations_merged_idx on public.conversations (tenant_id, contact_id, channel_id) where merged_into_id is not null;

/* How a part stood before, and what the other one took from it: what parting them needs. */
create table private.conversation_merges (
  conversation_id uuid primary key,
  tenant_id uuid not null,
  merged_by uuid,
  merged_at timestamptz not null default now(),
  -- The part's own row.
  stood jsonb not null,
  -- {tag_ids, attributes, priority: {from, to}, waiting_since, user_ids, scheduled_ids}: only what was not there already.
  brought jsonb not null,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

create index on private.conversation_merges (tenant_id, conversation_id);

alter table private.conversation_merges enable row level security;

/* Writes into a thread that it was merged or parted: {type, id of the other}, and what else that changed about it. */
create function private.tell_merge(before public.conversations, after public.conversations, type text, other_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_seq bigint;
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    read_seq = case when c.read_seq >= c.last_seq then c.last_seq + 1 else c.read_seq end
  where c.id = after.id
  returning c.last_seq into v_seq;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, status, is_private
  )
  values (
    after.tenant_id, after.id, after.contact_id, after.channel_id, v_seq, 'out',
    case when auth.uid() is null then 'system' else 'agent' end::public.message_author, auth.uid(), 'activity',
    jsonb_build_object(
      'kind', 'activity',
      'changes', jsonb_build_array(jsonb_build_object('type', type, 'id', other_id))
        || case when type = 'merged_in' then private.changes_between(before, after) else '[]' end
    ),
    'sent', true
  );
end;
$$;

/* Two conversations, locked in one order whichever comes first, when the signed-in person sees them and may merge. Raises conversation_not_found, not_allowed. */
create function private.lock_both(one_id uuid, other_id uuid)
  returns public.conversations[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_first public.conversations := private.lock_conversation(least(one_id, other_id), 'conversations.merge');
  v_second public.conversations := private.lock_conversation(greatest(one_id, other_id), 'conversations.merge');
begin
  return case when v_first.id = one_id then array[v_first, v_second] else array[v_second, v_first] end;
end;
$$;

/*
 * Makes one conversation an earlier part of another of the same contact, on whichever channel, and gives back the one that
 * goes on. Twice is once. Raises conversation_not_found, not_allowed, conversations_of_others,
 * conversation_is_history, conversation_merged (one of them is part of another already), conversation_closed (an open one
 * goes into no closed one).
 */
create function public.merge_conversations(into_id uuid, from_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_both public.conversations[] := private.lock_both(into_id, from_id);
  v_into public.conversations;
  v_from public.conversations;
  v_after public.conversations;
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
  v_tag_ids uuid[];
  v_attributes jsonb;
  v_user_ids uuid[];
  v_scheduled_ids uuid[];
begin
  v_into := v_both[1];
  v_from := v_both[2];
  if v_from.id = v_into.id or v_from.merged_into_id = v_into.id then
    return v_into;
  end if;
  if (v_from.tenant_id, v_from.contact_id) <> (v_into.tenant_id, v_into.contact_id) then
    perform private.refuse(422, 'conversations_of_others');
  end if;
  if v_from.merged_into_id is not null or v_into.merged_into_id is not null then
    perform private.refuse(409, 'conversation_merged');
  end if;
  if v_from.is_history or v_into.is_history then
    perform private.refuse(409, 'conversation_is_history');
  end if;
  if v_into.status = 'closed' and v_from.status = 'open' then
    perform private.refuse(409, 'conversation_closed');
  end if;

  v_tag_ids := array(select t.id from unnest(v_from.tag_ids) t (id) where t.id <> all (v_into.tag_ids));
  v_attributes := (
    select coalesce(jsonb_object_agg(a.key, a.value), '{}')
    from jsonb_each(v_from.attributes) a
    where not v_into.attributes ? a.key
  );
  with added as (
    insert into public.participants (tenant_id, conversation_id, user_id)
    select p.tenant_id, v_into.id, p.user_id
    from public.participants p
    where p.tenant_id = v_from.tenant_id
      and p.conversation_id = v_from.id
    on conflict do nothing
    returning user_id
  )
  select coalesce(array_agg(a.user_id), '{}') into v_user_ids from added a;
  -- What was going to be said is said where the conversation goes on.
  with moved as (
    update public.scheduled_messages s
    set conversation_id = v_into.id
    where s.tenant_id = v_from.tenant_id
      and s.conversation_id = v_from.id
      and s.status = 'scheduled'
      and v_into.status = 'open'
    returning s.id
  )
  select coalesce(array_agg(m.id), '{}') into v_scheduled_ids from moved m;

  -- Told once, in a sentence of its own; rules about closing are not meant.
  perform private.set_quiet(true);
  update public.conversations c
  set
    tag_ids = c.tag_ids || v_tag_ids,
    attributes = v_attributes || c.attributes,
    priority = greatest(c.priority, v_from.priority),
    waiting_since = case when c.status = 'open' then least(c.waiting_since, v_from.waiting_since) end
  where c.id = v_into.id
  returning c.* into v_after;

  update public.conversations c
  set
    merged_into_id = v_into.id,
    status = 'closed',
    closed_at = coalesce(c.closed_at, now()),
    waiting_since = null,
    snoozed_until = null,
    -- Whoever sees the whole sees its parts.
    team_id = v_into.team_id,
    assignee_id = v_into.assignee_id
  where c.id = v_from.id;

  insert into private.conversation_merges (conversation_id, tenant_id, merged_by, stood, brought)
  values (
    v_from.id, v_from.tenant_id, auth.uid(), to_jsonb(v_from),
    jsonb_build_object(
      'tag_ids', v_tag_ids,
      'attributes', v_attributes,
      'priority', jsonb_build_object('from', v_into.priority, 'to', v_after.priority),
      'waiting_since', case when v_after.waiting_since is distinct from v_into.waiting_since then v_after.waiting_since end,
      'user_ids', v_user_ids,
      'scheduled_ids', v_scheduled_ids
    )
  );
  perform private.tell_merge(v_from, v_from, 'merged_into', v_into.id);
  perform private.tell_merge(v_into, v_after, 'merged_in', v_from.id);
  perform private.set_quiet(v_quiet);

  select c.* into v_into from public.conversations c where c.id = v_into.id;
  return v_into;
end;
$$;

/* Parts follow the whole to whoever has it. */
create function private.tg_conversations__take_parts_along()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
begin
  perform private.set_quiet(true);
  update public.conversations c
  set
    team_id = new.team_id,
    assignee_id = new.assignee_id
  where c.tenant_id = new.tenant_id
    and c.merged_into_id = new.id;
  perform private.set_quiet(v_quiet);
  return null;
end;
$$;

create trigger _550_parts
  after update of assignee_id, team_id on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id or old.team_id is distinct from new.team_id)
  execute function private.tg_conversations__take_parts_along();

/*
 * Who writes again on the channel of a part begins a conversation there: its answer must go out where it was asked. It
 * comes to whoever has the one that goes on. After the insert, which most messages never end as (sql/48_bursts.sql).
 */
create function private.tg_conversations__follow_merged()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_whole public.conversations;
begin
  select w.* into v_whole
  from public.conversations p
  join public.conversations w on w.tenant_id = p.tenant_id and w.id = p.merged_into_id
  where p.tenant_id = new.tenant_id
    and p.contact_id = new.contact_id
    and p.channel_id = new.channel_id
    and p.merged_into_id is not null
    and w.status = 'open'
  order by p.closed_at desc
  limit 1;
  if v_whole.team_id is not null or v_whole.assignee_id is not null then
    update public.conversations c
    set
      team_id = v_whole.team_id,
      assignee_id = v_whole.assignee_id
    where c.id = new.id;
  end if;
  return null;
end;
$$;

create trigger _550_follow_merged
  after insert on public.conversations
  for each row
  when (new.status = 'open' and new.assignee_id is null)
  execute function private.tg_conversations__follow_merged();

grant execute on function public.merge_conversations(uuid, uuid) to authenticated;
