/*
 * A message that arrives with a file brings the file's id alone. What is to be fetched waits here, in the
 * transaction of its message; one job a channel drains it, so that channels do not wait for one another
 * and a burst of pictures wakes one worker once. Ordinary messages touch none of this.
 */

create table private.media_fetches (
  message_id uuid primary key,
  tenant_id uuid not null,
  channel_id uuid not null,
  message_created_at timestamptz not null,
  -- 0: somebody looks at the thread. 1: imported history, which is fetched when nothing else waits.
  lane smallint not null default 0 check (lane in (0, 1)),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
);

create index on private.media_fetches (channel_id, lane, due_at);
create index on private.media_fetches (tenant_id, message_id);

alter table private.media_fetches enable row level security;

/* Puts a message's file on the list of what is to be fetched, and has its channel's job woken. */
create function private.fetch_media(tenant_id uuid, channel_id uuid, message_id uuid, created_at timestamptz, is_history boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.media_fetches (message_id, tenant_id, channel_id, message_created_at, lane)
  values ($3, $1, $2, $4, is_history::integer)
  on conflict do nothing;
  perform private.wake_media($2);
end;
$$;

/* Wakes the job that fetches a channel's files: once a transaction, however many messages it brings (imported history: thousands). */
create function private.wake_media(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_woken text := coalesce(current_setting('prosa.media_woken', true), '');
begin
  if strpos(v_woken, channel_id::text) > 0 then
    return;
  end if;
  perform graphile_worker.add_job(
    'media__fetch',
    json_build_object('channel_id', channel_id),
    -- One drains it at a time; channels of all tenants run side by side.
    queue_name => 'media:' || channel_id,
    job_key => 'media__fetch:' || channel_id
  );
  perform set_config('prosa.media_woken', v_woken || channel_id || ' ', true);
end;
$$;

/*
 * What is due of a channel's files, `busy` ones aside, with all that fetching takes: [{message_id, tenant_id,
 * created_at, attempt, expired, kind, content}], the token still encrypted, and when to come again (`next_at`;
 * null: nothing waits). Each is put off before it is handed out, so that one that kills its worker does
 * not kill the next at once. Null while the channel needs attention: it keeps everything.
 */
create function private.claim_media(channel_id uuid, count integer, busy uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_channel public.channels;
  v_files jsonb;
begin
  select c.* into v_channel from public.channels c where c.id = channel_id;
  if v_channel.id is null or v_channel.status <> 'connected' then
    return null;
  end if;

  with due as (
    select f.message_id
    from private.media_fetches f
    where f.channel_id = claim_media.channel_id
      and f.due_at <= now()
      and f.message_id <> all (busy)
    order by f.lane, f.due_at
    limit count
    for update skip locked
  ),
  claimed as (
    update private.media_fetches f
    set
      attempts = f.attempts + 1,
      due_at = now() + private.media_pause(f.attempts + 1)
    from due d
    where f.message_id = d.message_id
    returning f.*
  )
  select jsonb_agg(
    jsonb_build_object(
      'message_id', m.id,
      'tenant_id', m.tenant_id,
      'created_at', m.created_at::text,
      'attempt', c.attempts,
      -- Meta forgets a media id seven days after its webhook.
      'expired', m.created_at < now() - interval '7 days',
      'kind', m.kind,
      'content', m.content
    )
    order by c.lane, m.created_at
  )
  into v_files
  from claimed c
  join public.messages m on m.tenant_id = c.tenant_id and m.id = c.message_id and m.created_at = c.message_created_at;

  return jsonb_build_object(
    'files', coalesce(v_files, '[]'),
    'next_at', (select min(f.due_at) from private.media_fetches f where f.channel_id = v_channel.id and f.message_id <> all (busy)),
    'phone_number_id', v_channel.phone_number_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

/* How long a file waits after its n-th try: 5 s, 20 s, 80 s, … at most 6 hours, so that it is tried all the seven days. */
create function private.media_pause(attempt integer)
  returns interval
  language sql
  immutable
as $$
  select make_interval(secs => least(5 * 4 ^ least(greatest($1, 1) - 1, 10), 21600))
$$;

/*
 * What came of a file: {result: stored, media: {path, thumbnail, …}} | {result: failed | refused, error: {code,
 * title}} | {result: retry} | {result: hold, error}. `stored` also adds what was found out later. Retry
 * keeps the time that claiming it set; hold has the channel need attention, and its files wait with its
 * outbox. Settling twice changes nothing.
 */
create function private.settle_media(tenant_id uuid, message_id uuid, created_at timestamptz, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_media jsonb;
begin
  select m.* into v_message
  from public.messages m
  where m.tenant_id = $1
    and m.id = $2
    and m.created_at = $3
  for update;
  if not found or outcome ->> 'result' = 'retry' then
    return;
  end if;

  if outcome ->> 'result' = 'hold' then
    update private.media_fetches f
    set
      attempts = greatest(f.attempts - 1, 0),
      due_at = now()
    where f.message_id = v_message.id;
    update public.channels c
    set
      status = 'attention',
      status_detail = outcome -> 'error'
    where c.id = v_message.channel_id
      and c.status = 'connected';
    return;
  end if;

  if outcome ->> 'result' = 'stored' then
    v_media := v_message.media || (outcome -> 'media') || '{"status": "stored", "error": null}';
    insert into private.media_files (path, message_id, tenant_id, message_created_at)
    select file, v_message.id, v_message.tenant_id, v_message.created_at
    from unnest(array[v_media ->> 'path', v_media ->> 'thumbnail']) file
    where file is not null
    on conflict do nothing;
  elsif v_message.media ->> 'status' = 'pending' then
    v_media := v_message.media || jsonb_build_object('status', outcome -> 'result', 'error', outcome -> 'error');
  end if;

  update public.messages m
  set media = v_media
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at
    and m.media <> v_media;
  delete from private.media_fetches f where f.message_id = v_message.id;
end;
$$;

/* The file of a message that an agent sent, where nobody has looked into it yet: {path, kind, filename}. Null: nothing to do. */
create function private.media_to_describe(tenant_id uuid, message_id uuid, created_at timestamptz)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('path', m.media -> 'path', 'kind', m.kind, 'filename', m.media -> 'filename')
    from public.messages m
    where m.tenant_id = $1
      and m.id = $2
      and m.created_at = $3
      and m.media ->> 'status' = 'stored'
      and m.media ->> 'sha256' is null
  );
end;
$$;

/* A channel that is well again fetches the files it held. */
create function private.tg_channels__fetch_media()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if exists (select from private.media_fetches f where f.channel_id = new.id) then
    perform private.wake_media(new.id);
  end if;
  return null;
end;
$$;

create trigger _500_fetch_media
  after update of status on public.channels
  for each row
  when (old.status <> 'connected' and new.status = 'connected')
  execute function private.tg_channels__fetch_media();

grant execute on function
  private.claim_media(uuid, integer, uuid[]),
  private.settle_media(uuid, uuid, timestamptz, jsonb),
  private.media_to_describe(uuid, uuid, timestamptz)
to prosa_worker;
