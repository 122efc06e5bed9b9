/*
 * What failed can be looked at, mended and replayed by an admin, one body or a range. Receiving is
 * exactly once, so a replay of what went through already changes nothing. Bodies are parsed by the
 * worker, with the same parser as the door's; what a tenant mends can speak of its own numbers only.
 */

create table public.webhook_replays (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  requested_by uuid not null,
  total integer not null default 0,
  done integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  check (done <= total and failed <= done)
);

comment on table public.webhook_replays is 'One replay of webhook bodies, asked for by a person, and how far it has got.';

create index on public.webhook_replays (tenant_id, created_at desc);

alter table public.webhook_replays enable row level security;

create policy select_admin on public.webhook_replays
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('webhooks.read'))));

grant select on public.webhook_replays to authenticated;

create table private.webhook_replay_items (
  replay_id uuid not null references public.webhook_replays on delete cascade,
  webhook_event_id uuid not null references public.webhook_events on delete cascade,
  position bigint not null,
  primary key (replay_id, webhook_event_id)
);

create index on private.webhook_replay_items (replay_id, position);
create index on private.webhook_replay_items (webhook_event_id);

alter table private.webhook_replay_items enable row level security;

/* A tenant's own channel that an event is for; null where it is about somebody else's number. */
create function private.channel_of_event(tenant_id uuid, event jsonb)
  returns uuid
  language sql
  stable
  set search_path = ''
as $$
  select c.id
  from public.channels c
  where c.tenant_id = $1
    and (
      c.phone_number_id = event ->> 'phone_number_id'
      or (event ->> 'phone_number_id' is null and c.waba_id = event ->> 'waba_id')
    )
  order by c.created_at, c.id
  limit 1
$$;

/* The accounts of a tenant's channels in which no other tenant has a number: what nobody has claimed of them is theirs to see. */
create function private.wabas_of(tenant_id uuid)
  returns text[]
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(array_agg(distinct c.waba_id), '{}')
  from public.channels c
  where c.tenant_id = $1
    and not exists (
      select
      from public.channels other
      where other.waba_id = c.waba_id
        and other.tenant_id <> $1
    )
$$;

/* A webhook body, for somebody who may see it. Raises webhook_event_not_found. */
create function private.seen_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events;
begin
  select w.* into v_event
  from public.webhook_events w
  where w.id = $1
    and (
      w.tenant_id = any (array(select private.my_tenant_ids('webhooks.read')))
      or (
        w.status = 'unclaimed'
        and w.waba_id = any (array(select unnest(private.wabas_of(t)) from private.my_tenant_ids('webhooks.read') t))
      )
    );
  if not found then
    perform private.refuse(404, 'webhook_event_not_found');
  end if;
  return v_event;
end;
$$;

/*
 * The bodies of a tenant that fit a filter, without their text, newest first, 200 at most. Unclaimed ones of its
 * own accounts are among them. Raises tenant_not_found, not_allowed.
 */
create function private.filter_webhook_events(
  tenant_id uuid, statuses text[], channel_id uuid, since timestamptz, until timestamptz, error text
)
  returns table (id uuid, received_at timestamptz)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, w.received_at
  from public.webhook_events w
  where w.tenant_id = $1
    and ($2 is null or w.status::text = any ($2))
    -- Said again for the planner: an index holds these alone.
    and (not $2 <@ array['failed', 'pending', 'unclaimed'] or $2 is null or w.status in ('failed', 'pending'))
    and ($3 is null or w.channel_id = $3)
    and ($4 is null or w.received_at >= $4)
    and ($5 is null or w.received_at < $5)
    and ($6 is null or w.error ilike '%' || replace(replace($6, '\', '\\'), '%', '\%') || '%')
    and (w.dismissed_at is null or $2 is null or not $2 <@ array['failed', 'pending', 'unclaimed'])
  union all
  select w.id, w.received_at
  from public.webhook_events w
  where w.status = 'unclaimed'
    and w.waba_id = any (private.wabas_of($1))
    and ($2 is null or 'unclaimed' = any ($2))
    and $3 is null
    and ($4 is null or w.received_at >= $4)
    and ($5 is null or w.received_at < $5)
    and $6 is null
$$;

create function public.list_webhook_events(
  tenant_id uuid,
  statuses text[] default null,
  of_channel uuid default null,
  since timestamptz default null,
  until timestamptz default null,
  with_error text default null,
  before_at timestamptz default null,
  before_id uuid default null,
  page integer default 50
)
  returns table (
    id uuid, channel_id uuid, waba_id text, status public.webhook_event_status, error text, deliveries integer,
    size integer, received_at timestamptz, failed integer, left_to_apply integer, mended_at timestamptz, dismissed_at timestamptz
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require($1, 'webhooks.read');
  return query
  select
    w.id, w.channel_id, w.waba_id, w.status, w.error, w.deliveries, octet_length(w.raw), w.received_at,
    coalesce(jsonb_array_length(w.failed_events), 0),
    coalesce(jsonb_array_length(w.pending_events) - w.applied, 0),
    w.mended_at, w.dismissed_at
  from (
    select f.id
    from private.filter_webhook_events($1, $2, $3, $4, least($5, $7 + interval '1 microsecond'), $6) f
    where $7 is null or (f.received_at, f.id) < ($7, $8)
    order by f.received_at desc, f.id desc
    limit least(greatest($9, 1), 200)
  ) found
  join public.webhook_events w on w.id = found.id
  order by w.received_at desc, w.id desc;
end;
$$;

grant execute on function public.list_webhook_events(uuid, text[], uuid, timestamptz, timestamptz, text, timestamptz, uuid, integer) to authenticated;

/* One body with its text and all that happened to it. Raises webhook_event_not_found. */
create function public.read_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.seen_webhook_event($1);
end;
$$;

grant execute on function public.read_webhook_event(uuid) to authenticated;

/* A failed body of a tenant, locked, for somebody who may change it. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed. */
create function private.lock_failed_webhook(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.seen_webhook_event($1);
begin
  if v_event.tenant_id is not null and not private.may(v_event.tenant_id, 'channels.manage') then
    perform private.refuse(403, 'not_allowed', 'channels.manage');
  end if;
  select w.* into v_event from public.webhook_events w where w.id = $1 for update;
  if v_event.status <> 'failed' then
    perform private.refuse(409, 'webhook_event_not_failed');
  end if;
  return v_event;
end;
$$;

/* What an admin did to a body, for the audit: never its text, which holds what customers wrote. */
create function private.audit_webhook_event(event public.webhook_events, before jsonb, after jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, before, after)
  values (event.tenant_id, auth.uid(), 'update', 'webhook_events', event.id::text, $2, $3);
end;
$$;

/*
 * Puts a mended text, or mended events, in place of what failed; the first original is kept. It is applied by a
 * replay. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed, webhook_body_invalid.
 */
create function public.mend_webhook_event(webhook_event_id uuid, raw text default null, failed_events jsonb default null)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.lock_failed_webhook($1);
  v_after public.webhook_events;
begin
  if ($2 is null) = ($3 is null)
    or ($2 is not null and (not $2 is json object or octet_length($2) > 4194304))
    or ($3 is not null and case when jsonb_typeof($3) = 'array' then jsonb_array_length($3) = 0 or jsonb_path_exists($3, '$[*] ? (@.type() != "object")') else true end)
  then
    perform private.refuse(422, 'webhook_body_invalid');
  end if;

  update public.webhook_events w
  set
    raw = coalesce($2, w.raw),
    failed_events = $3,
    original_raw = case when $2 is not null then coalesce(w.original_raw, w.raw) else w.original_raw end,
    original_failed_events = coalesce(w.original_failed_events, w.failed_events),
    mended_at = clock_timestamp(),
    mended_by = auth.uid(),
    dismissed_at = null,
    dismissed_by = null
  where w.id = v_event.id
  returning w.* into v_after;

  perform private.audit_webhook_event(
    v_after,
    jsonb_build_object('raw_sha256', encode(sha256(convert_to(v_event.raw, 'UTF8')), 'hex'), 'failed_events', coalesce(jsonb_array_length(v_event.failed_events), 0)),
    jsonb_build_object('raw_sha256', encode(sha256(convert_to(v_after.raw, 'UTF8')), 'hex'), 'failed_events', coalesce(jsonb_array_length(v_after.failed_events), 0), 'mended_at', v_after.mended_at)
  );
  return v_after;
end;
$$;

grant execute on function public.mend_webhook_event(uuid, text, jsonb) to authenticated;

/* Says that a failed body needs nothing more: it leaves the list and is forgotten after 30 days. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed. */
create function public.dismiss_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.lock_failed_webhook($1);
begin
  update public.webhook_events w
  set
    dismissed_at = clock_timestamp(),
    dismissed_by = auth.uid()
  where w.id = v_event.id
  returning w.* into v_event;
  perform private.audit_webhook_event(v_event, '{"dismissed_at": null}', jsonb_build_object('dismissed_at', v_event.dismissed_at));
  return v_event;
end;
$$;

grant execute on function public.dismiss_webhook_event(uuid) to authenticated;
