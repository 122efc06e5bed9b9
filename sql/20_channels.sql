/*
 * A channel is one address of a tenant at a provider: here, a WhatsApp number. Its secrets stand in
 * another schema, encrypted (AES-256-GCM) before they reach the database, which never holds the key.
 */

create type public.channel_type as enum ('whatsapp');
create type public.channel_status as enum ('connected', 'attention', 'disconnected');

create table public.channels (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  type public.channel_type not null,
  name text not null check (length(name) between 1 and 80),
  phone_number_id text check (phone_number_id ~ '^[0-9]{5,32}$'),
  waba_id text check (waba_id ~ '^[0-9]{5,32}$'),
  display_phone_number text,
  status public.channel_status not null default 'connected',
  -- What is wrong, in the provider's words, while `status` is 'attention': its outbox is held and loses nothing.
  status_detail jsonb,
  -- What the provider says of the number; null where it has not been asked yet.
  portfolio_id text check (portfolio_id ~ '^[0-9]{5,32}$'),
  verified_name text,
  quality_rating text check (quality_rating in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
  -- Sends a second (80; 1,000 after the provider's upgrade; 20 in coexistence). Null: no limit of ours.
  messages_per_second integer default 80 check (messages_per_second between 1 and 1000),
  -- Unique people of the whole portfolio who may be written to outside their window in a moving 24 h. Null: unlimited.
  messaging_limit integer check (messaging_limit > 0),
  token_expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check (type <> 'whatsapp' or (phone_number_id is not null and waba_id is not null)),
  check ((status = 'attention') = (status_detail is not null))
);

comment on table public.channels is 'One address of a tenant at a provider, such as a WhatsApp number.';

-- A number belongs to one channel in the whole installation, or its messages would reach two companies.
create unique index channels_phone_number_id_idx on public.channels (phone_number_id);
create index on public.channels (waba_id);

create trigger _100_touch
  before update on public.channels
  for each row
  execute function private.tg_touch();

alter table public.channels enable row level security;

create policy select_member on public.channels
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.read'))));

create policy update_admin on public.channels
  for update to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.manage'))))
  with check (tenant_id = any (array(select private.my_tenant_ids('channels.manage'))));

grant select on public.channels to authenticated;
grant update (name, messages_per_second) on public.channels to authenticated;

-- Few rows that change rarely: browsers follow them.
alter publication supabase_realtime add table public.channels;

create table private.channel_secrets (
  channel_id uuid not null references public.channels on delete cascade,
  name text not null check (name in ('access_token', 'app_secret', 'verify_token')),
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  updated_at timestamptz not null default now(),
  -- When it was last put under another key of ours; a new secret of the person's own leaves it alone.
  rotated_at timestamptz,
  primary key (channel_id, name)
);

/*
 * The channel, for somebody who sees it by one permission and has the other (null: to see it is enough). Raises
 * channel_not_found, not_allowed.
 */
create function private.channel_for(channel_id uuid, sees text, needs text)
  returns public.channels
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  select c.* into v_channel
  from public.channels c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids(sees)));
  if not found then
    perform private.refuse(404, 'channel_not_found');
  end if;
  if needs is not null and not private.may(v_channel.tenant_id, needs) then
    perform private.refuse(403, 'not_allowed', needs);
  end if;
  return v_channel;
end;
$$;

/*
 * Takes a channel that needed attention, or was disconnected, back into use: what it held is sent. Also
 * done by a new access token. Raises channel_not_found, not_allowed.
 */
create function public.reconnect_channel(channel_id uuid)
  returns public.channels
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  update public.channels c
  set
    status = 'connected',
    status_detail = null
  where c.id = v_channel.id
  returning c.* into v_channel;
  return v_channel;
end;
$$;

grant execute on function public.reconnect_channel(uuid) to authenticated;

/*
 * Takes a channel out of use: nothing is sent until it is reconnected, and what was queued waits. What
 * customers write still arrives. Raises channel_not_found, not_allowed.
 */
create function public.disconnect_channel(channel_id uuid)
  returns public.channels
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  update public.channels c
  set
    status = 'disconnected',
    status_detail = null
  where c.id = v_channel.id
  returning c.* into v_channel;
  return v_channel;
end;
$$;

grant execute on function public.disconnect_channel(uuid) to authenticated;

create function private.tg_channel_secrets__reconnect()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.channels c
  set
    status = 'connected',
    status_detail = null
  where c.id = new.channel_id
    and c.status = 'attention';
  return null;
end;
$$;

create trigger _500_reconnect_insert
  after insert on private.channel_secrets
  for each row
  when (new.name = 'access_token')
  execute function private.tg_channel_secrets__reconnect();

-- The same token under another key is no new token.
create trigger _500_reconnect_update
  after update on private.channel_secrets
  for each row
  when (new.name = 'access_token' and new.rotated_at is not distinct from old.rotated_at)
  execute function private.tg_channel_secrets__reconnect();

comment on table private.channel_secrets is 'AES-256-GCM; associated data is <channel id>:<name>; key_id names the key in SECRETS_KEY.';

alter table private.channel_secrets enable row level security;

/*
 * What the door needs to know who is knocking at a tenant's own app: its app secret and verify
 * token, still encrypted. No row: no such channel, or it has no app of its own.
 */
create function private.door_secrets(channel_id uuid)
  returns table (name text, key_id text, nonce bytea, ciphertext bytea)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select s.name, s.key_id, s.nonce, s.ciphertext
  from private.channel_secrets s
  where s.channel_id = $1
    and s.name in ('app_secret', 'verify_token')
$$;

grant execute on function private.door_secrets(uuid) to prosa_door;

/*
 * What a provider tells about a channel itself rather than about a message: quality, limits,
 * templates, account warnings, and every kind of notice we do not know yet. Append-only.
 */
create table public.channel_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  channel_id uuid not null,
  field text not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, channel_id) references public.channels (tenant_id, id) on delete cascade
);

create index on public.channel_events (tenant_id, channel_id, occurred_at desc);

-- A notice delivered twice is one notice.
create unique index channel_events_once_idx on public.channel_events (channel_id, field, occurred_at, md5(payload::text));

alter table public.channel_events enable row level security;

create policy select_member on public.channel_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.read'))));

grant select on public.channel_events to authenticated;
