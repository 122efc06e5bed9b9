/*
 * Push to a person's devices (RFC 8030, 8291, 8292). A device's address is a secret: whoever has it may wake the device.
 * It lies in `private`, and people see of their devices what they need to recognise them.
 *
 * What is to be pushed waits here, one row a device and conversation: what happens again before it has left is the
 * same push. The key holds the conversation, whose row is locked by whoever writes: two receiving
 * transactions never wait for one another here, and the job's key is the conversation's for the same reason.
 */

alter table public.tenants
  -- What a push shows on a locked screen: nothing but that something happened, who wrote, or what they wrote.
  add column push_shows text not null default 'name' check (push_shows in ('nothing', 'name', 'text'));

grant update (push_shows) on public.tenants to authenticated;

create table private.push_subscriptions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  endpoint text not null check (length(endpoint) between 12 and 2000 and endpoint ~ '^https?://'),
  -- The device's public key and shared secret, base64url.
  p256dh text not null check (p256dh ~ '^[A-Za-z0-9_-]{80,100}$'),
  auth text not null check (auth ~ '^[A-Za-z0-9_-]{16,40}$'),
  label text not null default '' check (length(label) <= 120),
  -- Refusals in a row; a push that arrives begins anew.
  failures integer not null default 0,
  last_sent_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  unique (tenant_id, endpoint)
);

comment on table private.push_subscriptions is 'A person''s device that wants pushes of one workspace.';

create index on private.push_subscriptions (tenant_id, user_id);
create index on private.push_subscriptions (endpoint);

create table private.pushes (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  subscription_id uuid not null references private.push_subscriptions on delete cascade,
  type text not null,
  -- Null: a test push.
  conversation_id uuid,
  notification_id uuid,
  detail jsonb not null default '{}',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (subscription_id, conversation_id)
);

create index on private.pushes (tenant_id, user_id, conversation_id);

alter table private.push_subscriptions enable row level security;
alter table private.pushes enable row level security;

/* Has something pushed to every device of a person. Costs one look into an index where there is none. */
create function private.push(tenant_id uuid, user_id uuid, type text, conversation_id uuid, notification_id uuid, detail jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  insert into private.pushes as p (tenant_id, user_id, subscription_id, type, conversation_id, notification_id, detail)
  select $1, $2, s.id, $3, $4, $5, $6
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = $2
  order by s.id
  on conflict (subscription_id, conversation_id) do update
  set
    -- A mention or an assignment says more than that a message came.
    type = case when excluded.type = 'message' then p.type else excluded.type end,
    notification_id = coalesce(excluded.notification_id, p.notification_id),
    detail = excluded.detail,
    due_at = excluded.due_at;
  if found then
    perform private.wake_push($1, $2, $4, now());
  end if;
end;
$$;

create function private.wake_push(tenant_id uuid, user_id uuid, conversation_id uuid, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'push__send',
    json_build_object('tenant_id', $1, 'user_id', $2, 'conversation_id', $3),
    job_key => 'push:' || $2 || ':' || coalesce($3::text, 'test'),
    run_at => $4,
    max_attempts => 5
  );
end;
$$;

/*
 * A conversation of somebody's has turned unread, or is read: their windows and devices are told. Fired by the row's
 * own change and only then, so that the second message of a burst costs nothing.
 */
create function private.tg_conversations__tell_unread()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(
    array['user:' || new.assignee_id],
    'unread',
    jsonb_build_object('tenant_id', new.tenant_id, 'conversation_id', new.id, 'unread', new.unread_count > 0)
      || case when new.unread_count > 0 then jsonb_build_object('conversation', private.notified_conversation(new)) else '{}' end
  );
  if new.unread_count > 0
    and exists (
      select
      from private.push_subscriptions s
      where s.tenant_id = new.tenant_id
        and s.user_id = new.assignee_id
    )
    and (private.notification_ways(new.tenant_id, new.assignee_id, 'message')).push
  then
    perform private.push(new.tenant_id, new.assignee_id, 'message', new.id, null, '{}');
  end if;
  return null;
end;
$$;

create trigger _700_tell_unread
  after update on public.conversations
  for each row
  when (new.assignee_id is not null and (old.unread_count = 0) <> (new.unread_count = 0) and not new.is_spam)
  execute function private.tg_conversations__tell_unread();

/*
 * Keeps the signed-in person's device, under the address its browser gave. A device has one person: who used it before
 * is told nothing on it any more. At most ten a person and workspace, the oldest goes. Raises tenant_not_found,
 * push_subscription_invalid.
 */
create function public.save_push_device(tenant_id uuid, endpoint text, p256dh text, auth text, label text)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_id uuid;
begin
  delete from private.push_subscriptions s
  where s.endpoint = $2
    and s.user_id <> v_me;
  begin
    insert into private.push_subscriptions as s (tenant_id, user_id, endpoint, p256dh, auth, label)
    values ($1, v_me, $2, $3, $4, left(coalesce($5, ''), 120))
    on conflict (tenant_id, endpoint) do update
    set
      p256dh = excluded.p256dh,
      auth = excluded.auth,
      label = excluded.label,
      failures = 0
    returning s.id into v_id;
  exception when check_violation or not_null_violation then
    perform private.refuse(422, 'push_subscription_invalid');
  end;
  delete from private.push_subscriptions s
  where s.id in (
    select o.id
    from private.push_subscriptions o
    where o.tenant_id = $1
      and o.user_id = v_me
      and o.id <> v_id
    order by o.created_at desc
    offset 9
  );
  return v_id;
end;
$$;

/* The signed-in person's devices in a workspace, newest first, without their addresses: {id, label, created_at, last_sent_at}. Raises tenant_not_found. */
create function public.my_push_devices(tenant_id uuid)
  returns table (id uuid, label text, created_at timestamptz, last_sent_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  return query
  select s.id, s.label, s.created_at, s.last_sent_at
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = v_me
  order by s.created_at desc, s.id;
end;
$$;

/* Tells nothing more on one of the signed-in person's devices; by address: on this one, in every workspace. Idempotent. Raises tenant_not_found. */
create function public.forget_push_device(tenant_id uuid, id uuid default null, endpoint text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  delete from private.push_subscriptions s
  where s.user_id = v_me
    and ((s.tenant_id = $1 and s.id = $2) or s.endpoint = $3);
end;
$$;

/* Pushes a word of greeting to one of the signed-in person's devices. Raises tenant_not_found, push_device_not_found. */
create function public.test_push(tenant_id uuid, id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  -- One at a time: somebody who presses again gets the same one.
  delete from private.pushes p
  where p.subscription_id = $2
    and p.conversation_id is null
    and p.user_id = v_me;
  insert into private.pushes (tenant_id, user_id, subscription_id, type)
  select s.tenant_id, s.user_id, s.id, 'test'
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = v_me
    and s.id = $2;
  if not found then
    perform private.refuse(404, 'push_device_not_found');
  end if;
  perform private.wake_push($1, v_me, null, now());
end;
$$;

grant execute on function
  public.save_push_device(uuid, text, text, text, text),
  public.my_push_devices(uuid),
  public.forget_push_device(uuid, uuid, text),
  public.test_push(uuid, uuid)
to authenticated;

/*
 * What is to be pushed of a conversation to a person: [{id, type, attempts, created_at, subscription: {endpoint, p256dh, auth}, …}]
 * with what the payload may say. What has been read meanwhile, what they no longer see, and what falls into their
 * quiet hours is dropped.
 */
create function private.claim_pushes(tenant_id uuid, user_id uuid, conversation_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_conversation public.conversations;
  v_tenant public.tenants;
  v_contact text;
begin
  select t.* into v_tenant from public.tenants t where t.id = $1;
  if $3 is not null then
    select c.* into v_conversation from public.conversations c where c.tenant_id = $1 and c.id = $3;
    delete from private.pushes p
    where p.tenant_id = $1
      and p.user_id = $2
      and p.conversation_id = $3
      and (
        private.member_sees($2, v_conversation) is not true
        or (p.type = 'message' and v_conversation.unread_count = 0)
        or exists (select from public.notifications n where n.id = p.notification_id and n.read_at is not null)
        or private.quiet_until($1, $2, now()) is not null
      );
    select coalesce(nullif(c.name, ''), c.username, c.phone) into v_contact
    from public.contacts c
    where c.id = v_conversation.contact_id;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', p.id,
      'type', p.type,
      'stage', case when p.type = 'sla_due' then p.detail ->> 'stage' end,
      'attempts', p.attempts,
      'created_at', p.created_at,
      'conversation_id', p.conversation_id,
      'workspace', v_tenant.slug,
      'workspace_name', v_tenant.name,
      'locale', coalesce((select s.locale from public.notification_settings s where s.tenant_id = $1 and s.user_id = $2), v_tenant.locale),
      'contact', case when v_tenant.push_shows in ('name', 'text') then v_contact end,
      'preview', case when v_tenant.push_shows = 'text' and v_conversation.preview_direction = 'in' then nullif(v_conversation.preview, '') end,
      'endpoint', s.endpoint,
      'p256dh', s.p256dh,
      'auth', s.auth
    ) order by p.id), '[]')
    from private.pushes p
    join private.push_subscriptions s on s.id = p.subscription_id
    where p.tenant_id = $1
      and p.user_id = $2
      and p.conversation_id is not distinct from $3
      and p.due_at <= now()
  );
end;
$$;

/*
 * Notes what came of a push: `sent`; `gone`, the device is forgotten; `refused`, after ten in a row too; `later`, it is
 * tried again at `retry_at`, for four hours.
 */
create function private.settle_push(id bigint, outcome text, retry_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_push private.pushes;
begin
  select p.* into v_push from private.pushes p where p.id = $1 for update;
  if v_push.id is null then
    return;
  end if;
  if outcome = 'later' and v_push.created_at > now() - interval '4 hours' then
    update private.pushes p
    set
      attempts = p.attempts + 1,
      due_at = retry_at
    where p.id = $1;
    perform private.wake_push(v_push.tenant_id, v_push.user_id, v_push.conversation_id, retry_at);
    return;
  end if;
  delete from private.pushes p where p.id = $1;
  case outcome
    when 'sent' then
      update private.push_subscriptions s
      set
        failures = 0,
        last_sent_at = now()
      where s.id = v_push.subscription_id;
    when 'gone' then
      delete from private.push_subscriptions s where s.id = v_push.subscription_id;
    else
      update private.push_subscriptions s set failures = s.failures + 1 where s.id = v_push.subscription_id;
      delete from private.push_subscriptions s where s.id = v_push.subscription_id and s.failures >= 10;
  end case;
end;
$$;

grant execute on function
  private.claim_pushes(uuid, uuid, uuid),
  private.settle_push(bigint, text, timestamptz)
to prosa_worker;
