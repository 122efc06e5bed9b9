/*
 * One attempt a call to the provider, written before it and settled after it. What becomes of the
 * message follows from its attempts and from the status webhooks, in whatever order they come.
 */

create type public.attempt_result as enum ('accepted', 'failed', 'retry', 'hold', 'unknown');

create table public.message_attempts (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  result public.attempt_result,
  error jsonb,
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade,
  check ((result is null) = (finished_at is null))
);

comment on table public.message_attempts is 'One call to a provider to send a message, written before the call and settled after it.';

create index on public.message_attempts (tenant_id, message_id, message_created_at, started_at);

create index message_attempts_open_idx on public.message_attempts (started_at) where result is null or result = 'unknown';

alter table public.message_attempts enable row level security;

create policy select_message_reader on public.message_attempts
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_attempts.tenant_id
        and m.id = message_attempts.message_id
        and m.created_at = message_attempts.message_created_at
    )
  );

grant select on public.message_attempts to authenticated;

-- What waits to be sent, in order. Empty when all is well.
create index messages_queued_idx on public.messages (tenant_id, conversation_id, seq) where status = 'queued';

create index messages_sending_idx on public.messages (tenant_id, conversation_id, seq) where status = 'sending';

/*
 * The worker takes the next queued message of a conversation: writes the attempt, marks the message
 * `sending` and gives back all that the call needs, the token still encrypted. Null when nothing
 * waits, or the channel needs attention and holds its outbox.
 */
create function private.claim_send(conversation_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_channel public.channels;
  v_message public.messages;
  v_attempt_id uuid;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for update;
  if not found then
    return null;
  end if;

  -- An attempt that nobody settled belongs to a worker that died in the middle of its call.
  update public.message_attempts a
  set
    result = 'unknown',
    finished_at = clock_timestamp()
  from public.messages m
  where m.tenant_id = v_conversation.tenant_id
    and m.conversation_id = v_conversation.id
    and m.status = 'sending'
    and a.tenant_id = m.tenant_id
    and a.message_id = m.id
    and a.message_created_at = m.created_at
    and a.result is null;

  select c.* into v_channel from public.channels c where c.id = v_conversation.channel_id;
  if v_channel.status <> 'connected' then
    return null;
  end if;

  select m.* into v_message
  from public.messages m
  where m.tenant_id = v_conversation.tenant_id
    and m.conversation_id = v_conversation.id
    and m.status = 'queued'
  order by m.seq
  limit 1;
  if not found then
    return null;
  end if;

  insert into public.message_attempts (tenant_id, message_id, message_created_at)
  values (v_message.tenant_id, v_message.id, v_message.created_at)
  returning id into v_attempt_id;

  update public.messages m
  set status = 'sending'
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at;

  return jsonb_build_object(
    'attempt_id', v_attempt_id,
    -- Which try this is, for pauses that grow: counted anew after a refusal, or where a person sends it once more.
    'attempt', (
      select 1 + count(*)
      from public.message_attempts a
      where a.tenant_id = v_message.tenant_id
        and a.message_id = v_message.id
        and a.message_created_at = v_message.created_at
        and a.result = 'retry'
        and a.started_at > coalesce(
          (
            select max(ended.started_at)
            from public.message_attempts ended
            where ended.tenant_id = v_message.tenant_id
              and ended.message_id = v_message.id
              and ended.message_created_at = v_message.created_at
              and ended.id <> v_attempt_id
              and (ended.result is null or ended.result not in ('retry', 'hold'))
          ),
          '-infinity'
        )
    ),
    'message_id', v_message.id,
    'tenant_id', v_message.tenant_id,
    'channel_id', v_channel.id,
    'seq', v_message.seq,
    'kind', v_message.kind,
    'content', v_message.content,
    'media', v_message.media,
    'quoted_external_id', v_message.target_external_id,
    'phone_number_id', v_channel.phone_number_id,
    'to', (
      select i.address
      from public.contact_identities i
      join public.contacts c on c.id = i.contact_id
      where i.tenant_id = v_message.tenant_id
        and i.contact_id = v_message.contact_id
        and i.kind = 'phone'
      order by (i.value = c.phone) desc, i.created_at desc
      limit 1
    ),
    'recipient', (
      select i.address
      from public.contact_identities i
      where i.tenant_id = v_message.tenant_id
        and i.contact_id = v_message.contact_id
        and i.kind = 'bsuid'
      order by i.created_at desc
      limit 1
    ),
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

/*
 * What came of an attempt: {result: accepted, external_id} | {result: failed | retry | hold | unknown,
 * error: {code, title, details}, after_seconds}. Settling twice changes nothing.
 */
create function private.settle_send(attempt_id uuid, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_attempt public.message_attempts;
  v_message public.messages;
begin
  -- The message before its attempt, as a status webhook locks them: the other way round they could wait for one another.
  select m.* into v_message
  from public.message_attempts a
  join public.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id and m.created_at = a.message_created_at
  where a.id = settle_send.attempt_id
  for update of m;

  update public.message_attempts a
  set
    result = (outcome ->> 'result')::public.attempt_result,
    error = outcome -> 'error',
    finished_at = clock_timestamp()
  where a.id = settle_send.attempt_id
    and (a.result is null or a.result = 'unknown')
  returning a.* into v_attempt;
  if not found then
    return;
  end if;

  case v_attempt.result
    when 'accepted' then
      perform private.accept_message(v_message, outcome ->> 'external_id');
    when 'failed' then
      perform private.raise_status(v_message, 'failed', outcome -> 'error');
    when 'retry', 'hold' then
      update public.messages m
      set status = 'queued'
      where m.tenant_id = v_message.tenant_id
        and m.id = v_message.id
        and m.created_at = v_message.created_at
        and m.status = 'sending';
      if v_attempt.result = 'retry' then
        perform private.enqueue_send(
          v_message.conversation_id,
          now() + make_interval(secs => coalesce((outcome ->> 'after_seconds')::float8, 5))
        );
      else
        update public.channels c
        set
          status = 'attention',
          status_detail = outcome -> 'error'
        where c.id = v_message.channel_id
          and c.status <> 'disconnected';
      end if;
    when 'unknown' then
      null;
  end case;
end;
$$;

/* The provider has taken a message and named it: its id is remembered, and what was told of it before is applied. */
create function private.accept_message(message public.messages, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (message.channel_id, accept_message.external_id, message.tenant_id, message.id, message.created_at, private.fingerprint('out', message.kind, message.id::text, ''))
  on conflict do nothing;

  update public.messages m
  set external_id = coalesce(m.external_id, accept_message.external_id)
  where m.tenant_id = message.tenant_id
    and m.id = message.id
    and m.created_at = message.created_at;

  -- A status webhook can settle an attempt that its worker did not live, or wait, to see accepted.
  update public.message_attempts a
  set
    result = 'accepted',
    finished_at = clock_timestamp()
  where a.tenant_id = message.tenant_id
    and a.message_id = message.id
    and a.message_created_at = message.created_at
    and (a.result is null or a.result = 'unknown');

  perform private.raise_status(message, 'sent', null);
  perform private.apply_early_events(message.channel_id, accept_message.external_id);
end;
$$;

/*
 * Raises a message's status, never lowers it: queued < sending < sent < delivered < read. `failed`
 * ends it unless a later `delivered` proves it wrong, or its outcome was merely unknown.
 */
create function private.raise_status(message public.messages, status public.message_status, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.messages m
  set
    status = $2,
    error = $3
  where m.tenant_id = $1.tenant_id
    and m.id = $1.id
    and m.created_at = $1.created_at
    and m.direction = 'out'
    and case
      when m.status = 'failed' then $2 in ('delivered', 'read') or (m.error ->> 'code' = 'outcome_unknown' and $2 <> 'failed')
      when $2 = 'failed' then m.status in ('queued', 'sending', 'sent')
      else m.status < $2
    end;
end;
$$;

/*
 * Shows to a person what has stayed without outcome for ten minutes: no status webhook has settled
 * it, and sending again could say it twice. Returns how many.
 */
create function private.expire_unknown_sends()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.messages m
  set
    status = 'failed',
    error = '{"code": "outcome_unknown"}'
  from public.message_attempts a
  where (a.result is null or a.result = 'unknown')
    and a.started_at < now() - interval '10 minutes'
    -- Sent once more since, at a person's word: that attempt has ten minutes of its own.
    and not exists (
      select
      from public.message_attempts later
      where later.tenant_id = a.tenant_id
        and later.message_id = a.message_id
        and later.message_created_at = a.message_created_at
        and later.started_at > a.started_at
    )
    and m.tenant_id = a.tenant_id
    and m.id = a.message_id
    and m.created_at = a.message_created_at
    and m.status = 'sending';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

/* A channel that is well again sends what it held. */
create function private.tg_channels__release_outbox()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.enqueue_send(waiting.conversation_id)
  from (
    select distinct m.conversation_id
    from public.messages m
    where m.tenant_id = new.tenant_id
      and m.channel_id = new.id
      and m.status = 'queued'
  ) waiting;
  return null;
end;
$$;

create trigger _500_release_outbox
  after update of status on public.channels
  for each row
  when (old.status <> 'connected' and new.status = 'connected')
  execute function private.tg_channels__release_outbox();

grant execute on function
  private.claim_send(uuid),
  private.settle_send(uuid, jsonb),
  private.expire_unknown_sends()
to prosa_worker;
