/*
 * What the provider tells about a number or its account, kept true in the channel's row: quality,
 * limits, throughput, name, bans. Notices come in any order, again and again; the newest word holds,
 * by the provider's clock, whichever came first. What we ask ourselves (`channels__check`) is one
 * more word, spoken at the moment of asking.
 */

create table private.channel_facts (
  channel_id uuid not null references public.channels on delete cascade,
  name text not null check (name in ('quality_rating', 'messaging_limit', 'messages_per_second', 'verified_name', 'standing')),
  at timestamptz not null,
  value jsonb not null,
  primary key (channel_id, name)
);

comment on table private.channel_facts is 'The newest word on each property of a channel, and when it was spoken.';

alter table private.channel_facts enable row level security;

/* `TIER_2K`, 2000, -1, `TIER_UNLIMITED` as the number the column holds; json null: unlimited. SQL null: it says nothing. */
create function private.messaging_limit_of(said jsonb)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when upper(said #>> '{}') in ('TIER_UNLIMITED', 'UNLIMITED', '-1') then 'null'::jsonb
    when said #>> '{}' ~ '^[1-9][0-9]{0,8}$' then to_jsonb((said #>> '{}')::integer)
    when upper(said #>> '{}') ~ '^TIER_[1-9][0-9]{0,5}K$' then to_jsonb(substring(said #>> '{}' from '[0-9]+')::integer * 1000)
    when upper(said #>> '{}') ~ '^TIER_[1-9][0-9]{0,8}$' then to_jsonb(substring(said #>> '{}' from '[0-9]+')::integer)
  end
$$;

/*
 * Takes one word on one property: the newest wins, of two at one moment the greater, so that order and
 * repetition change nothing. Answers whether the channel's row was given it.
 */
create function private.learn_of_channel(channel_id uuid, name text, value jsonb, at timestamptz)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before jsonb;
begin
  if value is null then
    return false;
  end if;
  select f.value into v_before
  from private.channel_facts f
  where f.channel_id = $1
    and f.name = $2
  for update;

  insert into private.channel_facts as f (channel_id, name, at, value)
  values ($1, $2, $4, $3)
  on conflict on constraint channel_facts_pkey do update
  set
    at = excluded.at,
    value = excluded.value
  where (excluded.at, excluded.value) > (f.at, f.value);
  -- Said again, it leaves alone what a person has set since. A ban said again is one.
  if not found or (v_before = $3 and $2 <> 'standing') then
    return false;
  end if;

  case $2
    when 'quality_rating' then
      update public.channels c set quality_rating = $3 #>> '{}' where c.id = $1 and c.quality_rating is distinct from $3 #>> '{}';
    when 'messaging_limit' then
      update public.channels c set messaging_limit = ($3 #>> '{}')::integer where c.id = $1 and c.messaging_limit is distinct from ($3 #>> '{}')::integer;
    when 'messages_per_second' then
      update public.channels c set messages_per_second = ($3 #>> '{}')::integer where c.id = $1 and c.messages_per_second is distinct from ($3 #>> '{}')::integer;
    when 'verified_name' then
      update public.channels c set verified_name = $3 #>> '{}' where c.id = $1 and c.verified_name is distinct from $3 #>> '{}';
    when 'standing' then
      if $3 ->> 'state' = 'ok' then
        update public.channels c
        set
          status = 'connected',
          status_detail = null
        where c.id = $1
          and c.status = 'attention'
          and c.status_detail ->> 'source' = 'account';
      else
        update public.channels c
        set
          status = 'attention',
          status_detail = $3 - 'state' || '{"source": "account"}'
        where c.id = $1
          and c.status <> 'disconnected';
      end if;
  end case;
  return true;
end;
$$;

/* What an `account_update` says of the account's freedom to send; null where it is about something else. */
create function private.standing_of(payload jsonb)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when payload ->> 'event' = 'DISABLED_UPDATE' and payload #>> '{ban_info,waba_ban_state}' = 'DISABLE'
      then '{"state": "banned", "code": "account_banned", "title": "DISABLED_UPDATE"}'::jsonb
    when payload ->> 'event' = 'DISABLED_UPDATE' and payload #>> '{ban_info,waba_ban_state}' in ('REINSTATE', 'SCHEDULE_FOR_DISABLE')
      then '{"state": "ok"}'
    when payload ->> 'event' = 'ACCOUNT_RESTRICTION'
      and exists (
        select
        from jsonb_array_elements(case when jsonb_typeof(payload -> 'restriction_info') = 'array' then payload -> 'restriction_info' else '[]' end) r
        where r ->> 'restriction_type' in ('RESTRICTED_BIZ_INITIATED_MESSAGING', 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING')
      )
      then jsonb_build_object(
        'state', 'restricted', 'code', 'account_restricted', 'title', 'ACCOUNT_RESTRICTION',
        'details', payload #>> '{restriction_info,0,restriction_type}', 'until', payload #> '{restriction_info,0,expiration}'
      )
    when payload ->> 'event' in ('ACCOUNT_DELETED', 'PARTNER_REMOVED', 'PARTNER_APP_UNINSTALLED')
      then jsonb_build_object('state', 'gone', 'code', 'account_gone', 'title', payload ->> 'event')
  end
$$;

/*
 * The channels of a tenant a notice speaks of: the number it names; or all of the account, where it
 * is about the account. A door gives it one channel of the account, whichever is the oldest.
 */
create function private.channels_of_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_digits text := regexp_replace(coalesce(payload ->> 'display_phone_number', ''), '\D', '', 'g');
begin
  if field not in (
    'account_update', 'account_alerts', 'account_review_update', 'business_capability_update', 'business_status_update', 'security',
    'phone_number_quality_update', 'phone_number_name_update'
  ) then
    return next $2;
    return;
  end if;

  return query
  select other.id
  from public.channels given
  join public.channels other on other.tenant_id = given.tenant_id and other.waba_id = given.waba_id
  where given.tenant_id = $1
    and given.id = $2
    and (v_digits = '' or regexp_replace(other.display_phone_number, '\D', '', 'g') = v_digits);
  if not found then
    return next $2;
  end if;
end;
$$;

/*
 * Applies one notice to one channel. Safe in any order and any number of times. Fields that change
 * nothing in the row stand in `channel_events` all the same.
 */
create function private.apply_channel_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  case field
    when 'phone_number_quality_update' then
      -- Flagged means low; unflagged is no colour, the next check asks for it.
      perform private.learn_of_channel(
        $2,
        'quality_rating',
        case payload ->> 'event' when 'FLAGGED' then '"RED"'::jsonb when 'UNFLAGGED' then '"UNKNOWN"' end,
        $5
      );
      if payload ->> 'event' = 'THROUGHPUT_UPGRADE' then
        perform private.learn_of_channel($2, 'messages_per_second', '1000', $5);
      end if;
      perform private.learn_of_channel(
        $2,
        'messaging_limit',
        private.messaging_limit_of(coalesce(payload -> 'max_daily_conversations_per_business', payload -> 'current_limit')),
        $5
      );
    when 'business_capability_update' then
      perform private.learn_of_channel(
        $2,
        'messaging_limit',
        private.messaging_limit_of(coalesce(payload -> 'max_daily_conversations_per_business', payload -> 'max_daily_conversation_per_phone')),
        $5
      );
    when 'phone_number_name_update' then
      if payload ->> 'decision' = 'APPROVED' and payload ->> 'requested_verified_name' <> '' then
        perform private.learn_of_channel($2, 'verified_name', payload -> 'requested_verified_name', $5);
      end if;
    when 'account_update' then
      perform private.learn_of_channel($2, 'standing', private.standing_of(payload), $5);
    else
      null;
  end case;
end;
$$;
