/*
 * Everything that came through a door whose signature held, word for word, before anything is made
 * of it: what fails can be mended and replayed, and nothing is lost. The same body twice is counted,
 * not repeated. A body for a number nobody has connected is kept too; it belongs to no tenant yet.
 */

create type public.webhook_event_status as enum ('processed', 'failed', 'unclaimed', 'pending');

create table public.webhook_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references public.tenants on delete cascade,
  channel_id uuid references public.channels on delete cascade,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- The body as it arrived; as base64 where it was no UTF-8.
  raw text not null,
  deliveries integer not null default 1,
  status public.webhook_event_status not null,
  error text,
  -- The parsed events that failed, to be tried again by `webhook_event__retry`.
  failed_events jsonb,
  -- The events of a very large body, applied in portions by `webhook_event__apply`, and how many of them have been.
  pending_events jsonb,
  applied integer not null default 0,
  -- The account an unclaimed body is about, where it is about one alone: its admins may see it.
  waba_id text,
  received_at timestamptz not null default now(),
  -- When it was last parsed again.
  tried_at timestamptz,
  -- What it was before a person mended it.
  original_raw text,
  original_failed_events jsonb,
  mended_at timestamptz,
  mended_by uuid,
  -- A person has seen that it failed and needs nothing more of it.
  dismissed_at timestamptz,
  dismissed_by uuid,
  check ((tenant_id is null) = (channel_id is null)),
  check ((status = 'unclaimed') = (tenant_id is null)),
  check (status <> 'failed' or error is not null)
);

comment on table public.webhook_events is 'Raw webhook bodies, kept before they are understood.';

create unique index webhook_events_once_idx on public.webhook_events (sha256, channel_id) nulls not distinct;
create index on public.webhook_events (tenant_id, received_at desc);
create index on public.webhook_events (channel_id, received_at desc);
create index on public.webhook_events (received_at);
create index webhook_events_open_idx on public.webhook_events (tenant_id, received_at desc, id desc) where status in ('failed', 'pending');
create index webhook_events_unclaimed_idx on public.webhook_events (waba_id, received_at desc, id desc) where status = 'unclaimed';
create index webhook_events_bare_idx on public.webhook_events (received_at) where status = 'failed' and failed_events is null;

alter table public.webhook_events enable row level security;

create policy select_admin on public.webhook_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('webhooks.read'))));

grant select on public.webhook_events to authenticated;

/*
 * Forgets bodies that were understood, belonged to nobody or were dismissed 30 days ago, and those that
 * failed and that nobody has looked at for 90. Meta redelivers for 7 days at most. Returns how many, 10,000 at most.
 */
create function private.purge_webhook_events()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.webhook_events
  where id in (
    select id
    from public.webhook_events
    where received_at < now() - interval '30 days'
      and (
        status in ('processed', 'unclaimed')
        or (status = 'failed' and (dismissed_at is not null or received_at < now() - interval '90 days'))
      )
    order by received_at
    limit 10000
    for update skip locked
  );
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_webhook_events() to prosa_worker;
