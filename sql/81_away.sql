/*
 * Whoever writes outside the hours is told so, once an absence. The message that arrives pays next to
 * nothing for it: a conversation knows until when it need not be looked at (`away_check_at`), and the
 * sentence itself is sent by a job.
 */

/*
 * Until when a conversation need not be looked at again. Outside the hours that is until they begin, and the
 * customer is to be told; within them ten minutes, so that a schedule that is changed meanwhile is seen by then.
 */
create function private.check_away(conversation public.conversations)
  returns timestamptz
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of(conversation.tenant_id, conversation.team_id);
begin
  if v_hours.id is null
    or not v_hours.away_enabled
    or private.is_open(conversation.tenant_id, conversation.team_id)
  then
    return now() + interval '10 minutes';
  end if;
  perform graphile_worker.add_job(
    'away__tell',
    json_build_object('conversation_id', conversation.id),
    job_key => 'away:' || conversation.id
  );
  return coalesce(private.next_change(v_hours, now(), true), now() + interval '1 day');
end;
$$;

create function private.tg_conversations__away()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.away_check_at := private.check_away(new);
  return new;
end;
$$;

create trigger _070_away
  before update on public.conversations
  for each row
  when (old.last_inbound_at is distinct from new.last_inbound_at and new.away_check_at <= now() and not new.is_spam)
  execute function private.tg_conversations__away();

/* A new conversation's promise and its first look at the hours, by the team that it begins with. */
create function private.tg_conversations__begin_hours()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if (private.hours_of(new.tenant_id, new.team_id)).id is null then
    return new;
  end if;
  new.sla_due_at := case when new.waiting_since is not null then private.due_at(new.tenant_id, new.team_id, new.waiting_since, true) end;
  new.away_check_at := private.check_away(new);
  return new;
end;
$$;

create trigger _210_begin_hours
  before insert on public.conversations
  for each row
  when (new.last_inbound_at is not null and not new.is_history)
  execute function private.tg_conversations__begin_hours();

/*
 * Tells a customer that nobody is there, unless somebody is by now: the hours have begun, a person has answered,
 * the conversation is closed or the window shut. The wait goes on. Once an absence, however often it is called.
 * Gives the message's id, or null.
 */
create function private.tell_away(conversation_id uuid)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_hours public.business_hours;
  v_client_id uuid;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for no key update;
  v_hours := private.hours_of(v_conversation.tenant_id, v_conversation.team_id);
  if v_hours.id is null
    or not v_hours.away_enabled
    or v_conversation.folder not in ('open', 'snoozed')
    or v_conversation.owner <> 'human'
    or v_conversation.waiting_since is null
    or coalesce(v_conversation.window_expires_at, '-infinity') <= now()
    or private.is_open(v_conversation.tenant_id, v_conversation.team_id)
  then
    return null;
  end if;

  v_client_id := md5('away|' || v_conversation.id || '|' || coalesce(private.next_change(v_hours, now(), true), 'infinity'))::uuid;
  if exists (
    select
    from private.client_keys k
    where k.tenant_id = v_conversation.tenant_id
      and k.client_id = v_client_id
  ) then
    return null;
  end if;

  return (
    private.queue_message(
      v_conversation, v_client_id, jsonb_build_object('kind', 'text', 'text', v_hours.away_message), null, 'system', null
    )
  ).id;
end;
$$;

grant execute on function private.tell_away(uuid) to prosa_worker;
