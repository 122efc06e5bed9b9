/*
 * How a channel is, in one answer for its page: what arrived last, what failed, what waits to leave, what
 * the provider last said. Every part descends an index and stops early: a page may ask again and again.
 */

-- Failed messages are few among all; nothing else finds them by channel. Not by the status: sql/45_outbox.sql tells why.
create index messages_failed_idx on public.messages (tenant_id, channel_id, created_at desc) where error is not null;

/* The newest of a channel's last 200 bodies that holds such a list. */
create function private.last_webhook_with(channel_id uuid, list text)
  returns timestamptz
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.received_at
  from (
    select n.received_at, n.raw
    from public.webhook_events n
    where n.channel_id = $1
    order by n.received_at desc
    limit 200
  ) w
  where position('"' || $2 || '"' in w.raw) > 0
  order by w.received_at desc
  limit 1
$$;

/* What waits to leave a channel, up to 10,000 of each kind, and since when. */
create function private.outbox_of(tenant_id uuid, channel_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'queued', queued.count,
    'sending', sending.count,
    'unknown', unknown.count,
    'oldest', least(queued.oldest, sending.oldest)
  )
  from (
    select count(*), min(m.created_at) as oldest
    from (select q.created_at from private.queued_messages q where q.tenant_id = $1 and q.channel_id = $2 limit 10000) m
  ) queued
  cross join (
    select count(*), min(m.created_at) as oldest
    from (select s.created_at from public.messages s where s.tenant_id = $1 and s.direction = 'out' and s.external_id is null and not s.is_private and s.status = 'sending' and s.channel_id = $2 limit 10000) m
  ) sending
  cross join (
    select count(*)
    from public.message_attempts a
    join public.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id and m.created_at = a.message_created_at
    where coalesce(a.result, 'unknown') = 'unknown'
      and a.started_at > now() - interval '7 days'
      and a.tenant_id = $1
      and m.channel_id = $2
      and m.status = 'sending'
      and a.result = 'unknown'
  ) unknown
$$;

/*
 * The health of a channel: {channel, callback, last, errors, outbox, check, events}. Never a secret: of these only
 * whether there is one. Raises channel_not_found.
 */
create function public.channel_health(channel_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', null);
begin
  return jsonb_build_object(
    'channel', to_jsonb(v_channel),
    'own_app', exists (select from private.channel_secrets s where s.channel_id = v_channel.id and s.name = 'app_secret'),
    'has_token', exists (select from private.channel_secrets s where s.channel_id = v_channel.id and s.name = 'access_token'),
    'last', jsonb_build_object(
      'webhook', (
        select w.received_at from public.webhook_events w where w.channel_id = v_channel.id order by w.received_at desc limit 1
      ),
      'message', private.last_webhook_with(v_channel.id, 'messages'),
      'status', private.last_webhook_with(v_channel.id, 'statuses')
    ),
    'errors', (
      select coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'count', e.count, 'last', e.last) order by e.count desc, e.code), '[]')
      from (
        select coalesce(m.error ->> 'code', 'unknown') as code, count(*), max(m.created_at) as last
        from public.messages m
        where m.tenant_id = v_channel.tenant_id
          and m.channel_id = v_channel.id
          and m.status = 'failed'
          and m.error is not null
          and m.created_at > now() - interval '24 hours'
        group by 1
        limit 20
      ) e
    ),
    'failed_webhooks', (
      select count(*)
      from (
        select
        from public.webhook_events w
        where w.tenant_id = v_channel.tenant_id
          and w.status in ('failed', 'pending')
          and w.channel_id = v_channel.id
          and w.dismissed_at is null
        limit 1000
      ) f
    ),
    'outbox', private.outbox_of(v_channel.tenant_id, v_channel.id),
    'check', (
      select to_jsonb(k) - 'channel_id'
      from private.channel_checks k
      where k.channel_id = v_channel.id
    ),
    'events', (
      select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'field', e.field, 'payload', e.payload, 'at', e.occurred_at) order by e.occurred_at desc, e.id), '[]')
      from (
        select n.*
        from public.channel_events n
        where n.tenant_id = v_channel.tenant_id
          and n.channel_id = v_channel.id
        order by n.occurred_at desc
        limit 30
      ) e
    )
  );
end;
$$;

grant execute on function public.channel_health(uuid) to authenticated;
