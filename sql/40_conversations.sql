/*
 * A conversation is one thread with one contact on one channel, from the first message until
 * somebody closes it. A contact has at most one open conversation a channel; what comes after
 * closing starts another.
 */

create type public.conversation_status as enum ('open', 'closed');
create type public.conversation_owner as enum ('human', 'bot', 'ai');
create type public.message_direction as enum ('in', 'out');

create table public.conversations (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  contact_id uuid not null,
  channel_id uuid not null,
  team_id uuid,
  assignee_id uuid,
  -- Since when its assignee has it (sql/43_assignment.sql); null while nobody does.
  assigned_at timestamptz,
  status public.conversation_status not null default 'open',
  -- Who answers. Every change raises the epoch, so that an automatic send that is late is refused.
  owner public.conversation_owner not null default 'human',
  owner_epoch integer not null default 0,
  -- The seq of the newest message; its row lock orders the thread.
  last_seq bigint not null default 0,
  read_seq bigint not null default 0,
  unread_count integer not null default 0 check (unread_count >= 0),
  -- The newest message by the provider's clock, however late it arrived. What we say ourselves takes the
  -- place without moving that clock: ours may run ahead of it, and would hide the answer.
  preview text not null default '',
  preview_kind text,
  preview_direction public.message_direction,
  preview_at timestamptz not null default '-infinity',
  -- When the newest message arrived here: the list's order.
  last_message_at timestamptz not null default now(),
  last_inbound_at timestamptz,
  waiting_since timestamptz,
  -- Until when free-form messages may be sent: 24 h after the customer's last message, 72 h after an ad.
  window_expires_at timestamptz,
  -- Imported history of a number's phone app: a closed thread of its own, so that live ones stay in order.
  is_history boolean not null default false,
  -- 0 none, 1 low, 2 medium, 3 high, 4 urgent.
  priority smallint not null default 0 check (priority between 0 and 4),
  -- Tags of the tenant; a trigger keeps strangers out.
  tag_ids uuid[] not null default '{}',
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  -- Out of the queue until then, or until the customer writes; 'infinity' only until the customer writes.
  snoozed_until timestamptz,
  is_spam boolean not null default false,
  -- When a person, or their phone, first answered.
  first_reply_at timestamptz,
  -- Until then nobody need ask whether the hours have ended (sql/81_away.sql).
  away_check_at timestamptz not null default '-infinity',
  -- When the next answer is due by the tenant's or the team's promise; null while nobody waits.
  sla_due_at timestamptz,
  -- Whether anybody follows it (sql/44_participants.sql): a message asks no table for followers where there are none.
  is_followed boolean not null default false,
  closed_at timestamptz,
  -- The conversation that it is an earlier part of (sql/44_merging_conversations.sql).
  merged_into_id uuid,
  -- The one list it stands in. Text, for its equality is leakproof: an index may be narrowed by it under row security.
  folder text not null generated always as (
    case
      when status = 'closed' then 'closed'
      when is_spam then 'spam'
      when snoozed_until is not null then 'snoozed'
      else 'open'
    end
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id),
  foreign key (tenant_id, channel_id) references public.channels (tenant_id, id),
  foreign key (tenant_id, assignee_id) references public.memberships (tenant_id, user_id) on delete set null (assignee_id),
  foreign key (tenant_id, merged_into_id) references public.conversations (tenant_id, id) on delete set null (merged_into_id),
  check ((status = 'closed') = (closed_at is not null)),
  check (merged_into_id is null or (status = 'closed' and merged_into_id <> id)),
  check (read_seq <= last_seq),
  check (not is_history or status = 'closed')
) with (fillfactor = 80);

comment on table public.conversations is 'One thread with one contact on one channel.';

create unique index conversations_one_open_idx on public.conversations (channel_id, contact_id) where status = 'open';
create unique index conversations_one_history_idx on public.conversations (channel_id, contact_id) where is_history;

-- One a list, each read newest first, 50 at a time, from one descent. By `folder`, whose equality is leakproof: comparing
-- the status, an enum, is not, so that under row security it may not narrow an index scan (a page of 18,000 open ones:
-- 20,000 blocks, against 310).
create index conversations_open_idx on public.conversations (tenant_id, last_message_at desc, id desc) where folder = 'open';
create index conversations_aside_idx on public.conversations (tenant_id, folder, last_message_at desc, id desc) where folder <> 'open';
create index conversations_open_mine_idx on public.conversations (tenant_id, assignee_id, last_message_at desc, id desc) where folder = 'open' and assignee_id is not null;
create index conversations_mine_idx on public.conversations (tenant_id, assignee_id, last_message_at desc, id desc) where assignee_id is not null;
-- `is null` leaves an index no order: nobody's has one of its own.
create index conversations_open_nobodys_idx on public.conversations (tenant_id, last_message_at desc, id desc) where folder = 'open' and assignee_id is null;
-- The other orders. Each holds only what it can put first; the rest follows, newest first, from the indexes above. One for
-- the whole tenant is enough: a part that is large is met every few entries, and one that is small is sorted.
create index conversations_longest_idx on public.conversations (tenant_id, waiting_since, id) where folder = 'open' and waiting_since is not null;
create index conversations_due_idx on public.conversations (tenant_id, sla_due_at, id) where folder = 'open' and sla_due_at is not null;
create index conversations_priority_idx on public.conversations (tenant_id, priority desc, last_message_at desc, id desc) where folder = 'open' and priority > 0::smallint;
create index conversations_contact_idx on public.conversations (tenant_id, contact_id, created_at desc);
create index conversations_channel_idx on public.conversations (tenant_id, channel_id);
-- What changed while a browser was away.
create index conversations_updated_idx on public.conversations (tenant_id, updated_at);

create trigger _100_touch
  before update on public.conversations
  for each row
  execute function private.tg_touch();

alter table public.conversations enable row level security;

create policy select_all_reader on public.conversations
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read_all'))));

create policy select_assignee on public.conversations
  for select to authenticated
  using (
    assignee_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_picker on public.conversations
  for select to authenticated
  using (
    assignee_id is null
    and team_id is null
    and tenant_id = any (array(select private.my_tenant_ids('conversations.pick')))
  );

grant select on public.conversations to authenticated;

/*
 * Whether the newest message of one, which came later, is also the newer by the provider's clock. That
 * clock counts seconds: of two in one the customer's is, so that nobody's question passes for answered,
 * and of two by the same side the one that came later. Has no `set`, so that the planner may inline it.
 */
create function private.is_newer(one public.conversations, other public.conversations)
  returns boolean
  language sql
  immutable
as $$
  select ($1.preview_at, $1.preview_direction = 'in') >= ($2.preview_at, $2.preview_direction = 'in')
$$;

/*
 * The conversation, locked, when the signed-in person sees it and has the permission. Raises
 * conversation_not_found where they do not see it (another tenant's row looks like no row), and
 * not_allowed where they see it but may not. Locked as an update does, for no
 * key: a cost, or whatever else points to it, may be written meanwhile.
 */
create function private.lock_conversation(conversation_id uuid, permission text)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    -- Nobody locks, even for a moment, a row of a tenant that is not theirs.
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  for no key update;

  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  if not private.may(v_conversation.tenant_id, $2) then
    perform private.refuse(403, 'not_allowed', $2);
  end if;

  return v_conversation;
end;
$$;

/*
 * Notes that everything up to `seq` has been seen, and has the customer told. Never goes back. Raises conversation_not_found,
 * not_allowed: someone who may not answer reads without leaving a mark.
 */
create function public.mark_read(conversation_id uuid, seq bigint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_seq bigint := least(mark_read.seq, v_conversation.last_seq);
begin
  if v_seq is null or v_seq <= v_conversation.read_seq then
    return v_conversation;
  end if;
  if v_conversation.unread_count > 0 then
    perform private.enqueue_receipt(v_conversation);
  end if;

  update public.conversations c
  set
    read_seq = v_seq,
    unread_count = case
      when v_seq = c.last_seq or c.is_spam then 0
      else (
        select count(*)
        from public.messages m
        where m.tenant_id = c.tenant_id
          and m.conversation_id = c.id
          and m.seq > v_seq
          and m.counts_unread
      )
    end
  where c.id = v_conversation.id
  returning c.* into v_conversation;

  return v_conversation;
end;
$$;

grant execute on function public.mark_read(uuid, bigint) to authenticated;
