/* Scheduled messages go: when their time has come, or because somebody wants them to go now. */

/* Sends one by the door of every message, in the name of whoever is signed in. Raises what send_message raises. */
create function private.send_scheduled(scheduled public.scheduled_messages)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages := public.send_message(scheduled.conversation_id, scheduled.client_id, scheduled.content);
begin
  perform private.note_canned_uses(v_message, scheduled.variant_ids);
  update public.scheduled_messages s
  set
    status = 'sent',
    failure = null,
    settled_at = now()
  where s.id = scheduled.id;
  return v_message;
end;
$$;

/*
 * Sends a scheduled message at once. Twice is once. Raises scheduled_message_not_found, not_allowed,
 * scheduled_message_gone, and what send_message raises.
 */
create function public.send_scheduled_message(scheduled_message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status = 'cancelled' then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  perform graphile_worker.remove_job('scheduled:' || v_scheduled.id);
  return private.send_scheduled(v_scheduled);
end;
$$;

/*
 * Sends what is due: one message, or (null) up to 100 whose own job was lost. One that was sent, taken back or put off
 * meanwhile is left alone. Answers how many were dealt with. What may not go is kept with the reason; its author is told.
 */
create function private.send_scheduled_due(scheduled_message_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_scheduled public.scheduled_messages;
  v_conversation public.conversations;
  v_count integer := 0;
  v_failure text;
begin
  for v_id in
    select s.id
    from public.scheduled_messages s
    where s.status = 'scheduled'
      and (
        case when $1 is null then s.send_at < now() - interval '1 minute' else s.id = $1 and s.send_at <= now() + interval '1 second' end
      )
    order by s.send_at
    limit 100
  loop
    select c.* into v_conversation
    from public.scheduled_messages s
    join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
    where s.id = v_id
    for update of c;
    select s.* into v_scheduled from public.scheduled_messages s where s.id = v_id and s.status = 'scheduled' for update;
    continue when not found;
    v_count := v_count + 1;

    if v_scheduled.unless_answered and v_conversation.last_inbound_at > v_scheduled.written_at then
      update public.scheduled_messages s
      set
        status = 'cancelled',
        failure = 'customer_answered',
        settled_at = now()
      where s.id = v_id;
      continue;
    end if;

    v_failure := null;
    -- With the rights its author has now: who has left, or lost the conversation, sends nothing there.
    perform set_config('request.jwt.claims', jsonb_build_object('sub', v_scheduled.author_id, 'role', 'authenticated')::text, true);
    begin
      perform private.send_scheduled(v_scheduled);
    exception when others then
      -- A refusal of ours says why; anything else is tried again by the job.
      if sqlstate !~ '^PT4' then
        raise;
      end if;
      v_failure := sqlerrm;
    end;
    perform set_config('request.jwt.claims', '', true);

    if v_failure is not null then
      update public.scheduled_messages s
      set
        status = 'failed',
        failure = v_failure,
        settled_at = now()
      where s.id = v_id;
      perform private.notify(
        v_scheduled.tenant_id, array[v_scheduled.author_id], 'rule', v_scheduled.conversation_id, null,
        jsonb_build_object(
          'cause', jsonb_build_object('type', 'schedule', 'id', v_id, 'name', (
            select case t.locale when 'en' then 'Scheduled message not sent' else 'Mensagem agendada não enviada' end
            from public.tenants t
            where t.id = v_scheduled.tenant_id
          )),
          'failure', v_failure
        )
      );
    end if;
  end loop;
  return v_count;
end;
$$;

grant execute on function public.send_scheduled_message(uuid) to authenticated;

grant execute on function private.send_scheduled_due(uuid) to prosa_worker;
