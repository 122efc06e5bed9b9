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

-- In words of its own: who asks for a message's attempts must not be led through all that are open.
create index message_attempts_open_idx on public.message_attempts (started_at) where coalesce(result, 'unknown') = 'unknown';

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
  where coalesce(a.result, 'unknown') = 'unknown'
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

grant execute on function private.expire_unknown_sends() to prosa_worker;
