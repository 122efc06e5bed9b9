/*
 * Messages written now and sent later. One waits as a row, not as a message: the thread's order is the order of
 * what was sent. At its time a job sends it in the name of whoever wrote it, by the same door as any message, under
 * the same `client_id`: however often the job runs, or a worker dies in it, there is one message. What can't go then
 * (the window has closed, the conversation was closed) stays with its reason, and its author is told.
 */

create table public.scheduled_messages (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  -- Of the message it will be.
  client_id uuid not null,
  author_id uuid not null,
  content jsonb not null,
  send_at timestamptz not null,
  -- Not needed any more once the customer writes.
  unless_answered boolean not null default false,
  -- When somebody last had a hand in it: what the customer said before is known to them.
  written_at timestamptz not null default now(),
  -- The texts of canned responses it was made of.
  variant_ids uuid[] not null default '{}',
  status text not null default 'scheduled' check (status in ('scheduled', 'sent', 'cancelled', 'failed')),
  -- Why it did not go: an error of the catalogue, or `customer_answered`.
  failure text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, client_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, author_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((status = 'scheduled') = (settled_at is null))
);

comment on table public.scheduled_messages is 'Messages written now and sent later.';

create index on public.scheduled_messages (tenant_id, conversation_id, send_at);
create index on public.scheduled_messages (tenant_id, author_id);
create index scheduled_messages_due_idx on public.scheduled_messages (send_at) where status = 'scheduled';

create trigger _100_touch
  before update on public.scheduled_messages
  for each row
  execute function private.tg_touch();

alter table public.scheduled_messages enable row level security;

create policy select_follower on public.scheduled_messages
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = scheduled_messages.tenant_id
        and c.id = scheduled_messages.conversation_id
    )
  );

grant select on public.scheduled_messages to authenticated;

alter publication supabase_realtime add table public.scheduled_messages;

/* Has it sent at its time. */
create function private.enqueue_scheduled(scheduled public.scheduled_messages)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'scheduled_message__send',
    json_build_object('scheduled_message_id', scheduled.id),
    job_key => 'scheduled:' || scheduled.id,
    run_at => scheduled.send_at,
    priority => 0::smallint
  );
end;
$$;

/* Refuses what can't be sent later: a time that has passed, or files, which are kept for a day only. */
create function private.check_scheduled(content jsonb, send_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if send_at is null or send_at <= now() - interval '1 minute' or send_at > now() + interval '1 year' then
    perform private.refuse(422, 'schedule_time_invalid');
  end if;
  if content @? '$.**.path' or content ->> 'kind' = 'reaction' then
    perform private.refuse(422, 'schedule_kind_invalid');
  end if;
  perform private.check_content(content);
end;
$$;

/*
 * Writes a message that goes at a time. `client_id` is made by the browser: there is one, however often the call is
 * repeated. Raises conversation_not_found, not_allowed, conversation_closed, client_id_reused, schedule_time_invalid,
 * schedule_kind_invalid, content_invalid.
 */
create function public.schedule_message(
  conversation_id uuid, client_id uuid, content jsonb, send_at timestamptz, unless_answered boolean default false, variant_ids uuid[] default '{}'
)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_scheduled public.scheduled_messages;
begin
  select s.* into v_scheduled
  from public.scheduled_messages s
  where s.tenant_id = v_conversation.tenant_id
    and s.client_id = schedule_message.client_id;
  if found then
    if v_scheduled.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_scheduled;
  end if;
  if client_id is null then
    perform private.refuse(422, 'content_invalid', 'client_id is missing');
  end if;
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  perform private.check_scheduled(content, send_at);

  insert into public.scheduled_messages (tenant_id, conversation_id, client_id, author_id, content, send_at, unless_answered, variant_ids)
  values (
    v_conversation.tenant_id, v_conversation.id, schedule_message.client_id, auth.uid(), schedule_message.content, schedule_message.send_at,
    coalesce(schedule_message.unless_answered, false), coalesce(schedule_message.variant_ids[1:20], '{}')
  )
  returning * into v_scheduled;
  perform private.enqueue_scheduled(v_scheduled);
  return v_scheduled;
end;
$$;

/* A scheduled message, locked with its conversation, when one may answer there. Raises scheduled_message_not_found, not_allowed. */
create function private.lock_scheduled(scheduled_message_id uuid)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages;
begin
  select s.* into v_scheduled
  from public.scheduled_messages s
  join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
  where s.id = $1
    and s.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'scheduled_message_not_found');
  end if;
  -- The conversation first, as the job does: two that lock in one order never wait for each other.
  perform private.lock_conversation(v_scheduled.conversation_id, 'conversations.reply');
  select s.* into v_scheduled from public.scheduled_messages s where s.id = $1 for update;
  return v_scheduled;
end;
$$;

/*
 * Changes what is sent and when; one that could not go waits anew. Raises scheduled_message_not_found, not_allowed,
 * scheduled_message_gone, schedule_time_invalid, schedule_kind_invalid, content_invalid.
 */
create function public.change_scheduled_message(scheduled_message_id uuid, content jsonb, send_at timestamptz, unless_answered boolean)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status not in ('scheduled', 'failed') then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  perform private.check_scheduled(content, send_at);
  update public.scheduled_messages s
  set
    content = change_scheduled_message.content,
    send_at = change_scheduled_message.send_at,
    unless_answered = coalesce(change_scheduled_message.unless_answered, s.unless_answered),
    written_at = now(),
    status = 'scheduled',
    failure = null,
    settled_at = null
  where s.id = v_scheduled.id
  returning s.* into v_scheduled;
  perform private.enqueue_scheduled(v_scheduled);
  return v_scheduled;
end;
$$;

/*
 * Takes a scheduled message back, or (`cancelled` false) lets it wait again: for a minute at least, where its time has
 * passed. Idempotent. Raises scheduled_message_not_found, not_allowed, scheduled_message_gone.
 */
create function public.cancel_scheduled_message(scheduled_message_id uuid, cancelled boolean default true)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status = 'sent' then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  if (v_scheduled.status = 'cancelled') = cancelled then
    return v_scheduled;
  end if;
  if cancelled then
    update public.scheduled_messages s
    set
      status = 'cancelled',
      settled_at = now()
    where s.id = v_scheduled.id
    returning s.* into v_scheduled;
    perform graphile_worker.remove_job('scheduled:' || v_scheduled.id);
  else
    update public.scheduled_messages s
    set
      status = 'scheduled',
      failure = null,
      settled_at = null,
      written_at = now(),
      send_at = greatest(s.send_at, now() + interval '1 minute')
    where s.id = v_scheduled.id
    returning s.* into v_scheduled;
    perform private.enqueue_scheduled(v_scheduled);
  end if;
  return v_scheduled;
end;
$$;

grant execute on function
  public.schedule_message(uuid, uuid, jsonb, timestamptz, boolean, uuid[]),
  public.change_scheduled_message(uuid, jsonb, timestamptz, boolean),
  public.cancel_scheduled_message(uuid, boolean)
to authenticated;
