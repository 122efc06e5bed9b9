/*
 * A message is one thing said in a conversation, in or out. Partitioned by the month it arrived, so
 * that old months can be moved or dropped whole; partitions are made ahead by a job.
 *
 * What makes a provider's message one message stands beside it in `private.message_keys`: a
 * partitioned table can hold no unique index without its partition key.
 */

create type public.message_author as enum ('contact', 'agent', 'bot', 'ai', 'system');

-- In this order a status may only rise. `failed` is final unless a later `delivered` proves it wrong.
create type public.message_status as enum ('received', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed');

create table public.messages (
  id uuid not null default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  contact_id uuid not null,
  channel_id uuid not null,
  seq bigint not null check (seq > 0),
  direction public.message_direction not null,
  author public.message_author not null,
  author_id uuid,
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  content jsonb not null,
  body text not null default '',
  -- The address it came from, or was sent to from a phone app (`kind:value`): whose it is when contacts are parted.
  identity text,
  external_id text,
  client_id uuid,
  -- What it answers, reacts to, edits or revokes: the provider's id, and our own where it is known.
  target_external_id text,
  quoted_message_id uuid,
  status public.message_status not null,
  -- Why it failed, or what a person should look at: {code, title, details}.
  error jsonb,
  counts_unread boolean not null default false,
  -- 0: somebody waits for it. 1: bulk (campaigns), which goes when nobody waits.
  lane smallint not null default 0 check (lane in (0, 1)),
  -- Said among colleagues, never to the customer: notes (kind note) and what was done (kind activity).
  is_private boolean not null default false,
  -- Where its file stands in storage, and what is known of it: core/src/media/media.ts. Null: it has none.
  media jsonb,
  -- The provider's clock; `created_at` is ours.
  sent_at timestamptz not null default now(),
  edited_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id, created_at),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  check ((direction = 'in') = (status = 'received')),
  -- Activities are written by triggers and have an id of nobody's.
  check (direction = 'in' or client_id is not null or external_id is not null or kind = 'activity'),
  -- What is private was never on its way to anybody.
  check ((kind in ('note', 'activity')) = is_private),
  check (not is_private or (status = 'sent' and external_id is null and not counts_unread))
) partition by range (created_at);

comment on table public.messages is 'One thing said in a conversation. `seq` orders the thread.';

-- The thread: newest 50, or what came after a cursor, from one descent a partition.
create index messages_thread_idx on public.messages (tenant_id, conversation_id, seq desc);

-- What messages are found by, and in which stretch of time: sql/34_search.sql. Both lists of rows are exact: from a
-- BRIN of times the common rows would be whole pages, and the words of each message on them be made again. The planner
-- lays no two indexes together that share a condition, a column's or their own: this one knows no tenant and asks for
-- something else, which also keeps it from whoever asks for a message by its key.
create index messages_search_idx on public.messages
  using gin (tenant_id, private.search_vector(body))
  where body <> '' and kind not in ('reaction', 'edit', 'revoke', 'activity');
create index messages_arrived_idx on public.messages (created_at) where revoked_at is null;

-- All that was said with one person, over every conversation and channel: sql/48_contact_story.sql.
create index messages_contact_idx on public.messages (tenant_id, contact_id, sent_at desc)
  where kind not in ('reaction', 'edit', 'revoke');
-- Their files by kind, newest first. Few messages have one.
create index messages_files_idx on public.messages (tenant_id, contact_id, kind, sent_at desc)
  where media is not null;

-- Browsers tell two versions of a message by it: a status that failed, an edit, a row that comes late.
create trigger _100_touch
  before update on public.messages
  for each row
  execute function private.tg_touch();

alter table public.messages enable row level security;

-- Whoever sees the conversation sees its messages: the policies of `conversations` decide. Those who
-- read everything are spared the look at each message's conversation.
create policy select_conversation_reader on public.messages
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read_all')))
    or (
      tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
      and exists (
        select
        from public.conversations c
        where c.tenant_id = messages.tenant_id
          and c.id = messages.conversation_id
      )
    )
  );

grant select on public.messages to authenticated;

/*
 * One row a message that a provider, or a client, has given an id. It makes a delivery exactly-once
 * and finds the message of a status, quote or reaction without asking every partition.
 */
create table private.message_keys (
  channel_id uuid not null,
  external_id text not null,
  tenant_id uuid not null,
  message_id uuid not null,
  created_at timestamptz not null,
  -- What the id was given to. A provider that gives one id to two different messages loses neither.
  fingerprint uuid not null,
  primary key (channel_id, external_id)
);

create table private.client_keys (
  tenant_id uuid not null,
  client_id uuid not null,
  message_id uuid not null,
  created_at timestamptz not null,
  primary key (tenant_id, client_id)
);

create index on private.client_keys (message_id);

/*
 * What stays the same however often a message is delivered, and whatever later versions of the
 * parser make of its content.
 */
create function private.fingerprint(direction text, kind text, sent_at text, body text)
  returns uuid
  language sql
  immutable
as $$
  select md5($1 || '|' || $2 || '|' || $3 || '|' || $4)::uuid
$$;

/* What arrived before the message it speaks of: statuses, edits, revocations. Nearly always empty. */
create table private.early_events (
  channel_id uuid not null,
  external_id text not null,
  event jsonb not null,
  created_at timestamptz not null default now()
);

create unique index early_events_once_idx on private.early_events (channel_id, external_id, md5(event::text));
create index on private.early_events (created_at);

alter table private.message_keys enable row level security;
alter table private.client_keys enable row level security;
alter table private.early_events enable row level security;

/*
 * Forgets what has waited 30 days for a message that never came, such as statuses of what other software
 * sends from the same number. Meta redelivers for 7 days at most. Returns how many, 10,000 at most.
 */
create function private.purge_early_events()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.early_events
  where ctid = any (array(
    select e.ctid
    from private.early_events e
    where e.created_at < now() - interval '30 days'
    order by e.created_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_early_events() to prosa_worker;

/*
 * What happened to a message after it was written: sent, delivered, read, failed, edited, revoked,
 * in whatever order it was told. Append-only; partitioned by its message's month.
 */
create table public.message_events (
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  type text not null check (type ~ '^[a-z_]{1,40}$'),
  occurred_at timestamptz not null,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant_id, message_id, type, occurred_at, message_created_at),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
) partition by range (message_created_at);

comment on table public.message_events is 'What happened to a message after it was written. Append-only.';

alter table public.message_events enable row level security;

create policy select_message_reader on public.message_events
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_events.tenant_id
        and m.id = message_events.message_id
        and m.created_at = message_events.message_created_at
    )
  );

grant select on public.message_events to authenticated;

/*
 * Makes the partitions of this month and the next three. Safe to run at any time; a job runs it daily.
 * What falls outside lands in the default partition, so that nothing is ever refused. Returns how many it made.
 */
create function private.make_partitions()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_table text;
  v_month date;
  v_name text;
  v_made integer := 0;
begin
  foreach v_table in array array['messages', 'message_events'] loop
    for v_month in
      select generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', interval '1 month')
    loop
      v_name := v_table || '_' || to_char(v_month, 'YYYYMM');
      if to_regclass('public.' || v_name) is null then
        execute format(
          -- Room for a message's statuses beside it, so that they need no index.
          'create table public.%I partition of public.%I for values from (%L) to (%L) with (fillfactor = 80)',
          v_name, v_table, v_month::timestamptz, (v_month + interval '1 month')::timestamptz
        );
        perform private.guard_partition(v_name);
        v_made := v_made + 1;
      end if;
    end loop;
  end loop;
  return v_made;
end;
$$;

/* A partition is never touched by name: row security on, no policies, no grants. */
create function private.guard_partition(name text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  execute format('alter table public.%I enable row level security', name);
  execute format('revoke all on public.%I from anon, authenticated', name);
end;
$$;

create table public.messages_default partition of public.messages default with (fillfactor = 80);
create table public.message_events_default partition of public.message_events default;

select private.guard_partition('messages_default');
select private.guard_partition('message_events_default');
select private.make_partitions();

grant execute on function private.make_partitions() to prosa_worker;
