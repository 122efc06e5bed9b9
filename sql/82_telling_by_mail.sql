/*
 * The letter itself. Once a minute the worker bundles, for everybody whose time has come, what is unread and was not
 * mailed yet: one letter a person and window, soon after it happened, at the full hour, or once a day. Nothing on the way of a
 * message knows of it: what happens writes its notification, and the letter is found by looking.
 *
 * A letter is a row until the mail server has taken it or refused it for good, and its id is the Message-ID: a worker that
 * dies between the two sends it again under the same one, so that it is never lost and no mail program need show it twice. A
 * letter that did not leave gives back what was in it to the next.
 */

create table private.digest_mails (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  notification_ids uuid[] not null,
  -- Conversations of the person's own with something unread.
  conversation_ids uuid[] not null,
  -- Up to when letters reached before this one.
  since timestamptz not null,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  -- One at a time.
  unique (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table private.digest_mails is 'Letters that have not left yet.';

alter table private.digest_mails enable row level security;

/* When a person's letters are next due after a moment. */
create function private.next_digest(digest text, at time, zone text, since timestamptz)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_local timestamp := since at time zone zone;
begin
  case digest
    when 'soon' then
      return since + interval '1 minute';
    when 'hourly' then
      return (date_trunc('hour', v_local) + interval '1 hour') at time zone zone;
    when 'daily' then
      return (v_local::date + at + case when v_local::time >= at then interval '1 day' else interval '0' end) at time zone zone;
    else
      return 'infinity';
  end case;
end;
$$;

/* The clock a person's letters go by: their own, or the company's. */
create function private.digest_zone(tenant_id uuid, settings public.notification_settings)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return coalesce(settings.timezone, (select t.timezone from public.tenants t where t.id = $1), 'America/Sao_Paulo');
end;
$$;

/* Somebody sets how they want to be mailed: it holds from now on, and an address that was refused is tried again. */
create function private.tg_notification_settings__digest()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update private.digests d
  set
    look_at = private.next_digest(new.digest, new.digest_at, private.digest_zone(new.tenant_id, new), now()),
    refusals = 0
  where d.tenant_id = new.tenant_id
    and d.user_id = new.user_id;
  return null;
end;
$$;

create trigger _700_digest
  after insert or update of digest, digest_at, timezone on public.notification_settings
  for each row
  execute function private.tg_notification_settings__digest();

/* Bundles what waits for one person, if now is the time. Answers the letter's id, or null. */
create function private.compose_digest(digest private.digests)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_settings public.notification_settings;
  v_next timestamptz;
  v_quiet timestamptz := private.quiet_until(digest.tenant_id, digest.user_id, now());
  v_until timestamptz := now();
  v_notifications uuid[];
  v_conversations uuid[] := '{}';
  v_id uuid;
begin
  select s.* into v_settings
  from public.notification_settings s
  where s.tenant_id = digest.tenant_id
    and s.user_id = digest.user_id;
  v_settings.digest := coalesce(v_settings.digest, 'hourly');
  v_next := case
    when digest.refusals >= 5 then 'infinity'
    when v_settings.digest = 'never' then 'infinity'
    when v_quiet is not null then v_quiet
    -- Whoever looks needs no letter; a moment after they have left they do.
    when v_settings.digest <> 'daily' and digest.seen_at > now() - interval '3 minutes' then now() + interval '1 minute'
  end;
  if v_next is null then
    v_next := private.next_digest(
      v_settings.digest, coalesce(v_settings.digest_at, '08:00'), private.digest_zone(digest.tenant_id, v_settings), now()
    );
    -- The app has the first word.
    if v_settings.digest = 'soon' then
      v_until := now() - interval '2 minutes';
    end if;
    v_notifications := array(
      select n.id
      from public.notifications n
      join public.conversations c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
      where n.tenant_id = digest.tenant_id
        and n.user_id = digest.user_id
        and n.digest
        and n.read_at is null
        and n.mailed_at is null
        and n.created_at <= v_until
        and private.member_sees(n.user_id, c)
      order by n.created_at desc
      limit 200
    );
    if (private.notification_ways(digest.tenant_id, digest.user_id, 'message')).digest then
      v_conversations := array(
        select c.id
        from public.conversations c
        where c.tenant_id = digest.tenant_id
          and c.assignee_id = digest.user_id
          and c.folder = 'open'
          and c.unread_count > 0
          and c.last_message_at > digest.mailed_until
          and c.last_message_at <= v_until
          and private.member_sees(digest.user_id, c)
        order by c.last_message_at desc
        limit 200
      );
    end if;
    if v_notifications || v_conversations <> '{}' then
      insert into private.digest_mails (tenant_id, user_id, notification_ids, conversation_ids, since)
      values (digest.tenant_id, digest.user_id, v_notifications, v_conversations, digest.mailed_until)
      on conflict (tenant_id, user_id) do nothing
      returning id into v_id;
    end if;
    if v_id is not null then
      update public.notifications n set mailed_at = now() where n.id = any (v_notifications);
      perform graphile_worker.add_job('digest__send', json_build_object('digest_mail_id', v_id), job_key => 'digest:' || v_id);
    end if;
  end if;

  update private.digests d
  set
    look_at = v_next,
    mailed_until = case when v_id is null then d.mailed_until else v_until end
  where d.tenant_id = digest.tenant_id
    and d.user_id = digest.user_id;
  return v_id;
end;
$$;

/* Bundles letters for those whose time has come, 200 people at most. Returns how many people were looked at. */
create function private.compose_digests()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_digest private.digests;
  v_count integer := 0;
begin
  for v_digest in
    select d.*
    from private.digests d
    where d.look_at <= now()
    order by d.look_at
    limit 200
    for update skip locked
  loop
    perform private.compose_digest(v_digest);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

grant execute on function private.compose_digests() to prosa_worker;
