/*
 * What a failure means beyond its message, whether the call was refused or a status webhook told it later.
 * The codes are those of core/src/whatsapp/graph_errors.ts; a test holds the two together.
 */

/* What Meta's code asks for besides failing the message; null where nothing. */
create function private.failure_action(code text)
  returns text
  language sql
  immutable
as $$
  select case
    when $1 in ('131048', '131049') then 'later'
    when $1 = '131050' then 'optout'
    when $1 in ('132000', '132001', '132005', '132007', '132012', '132015', '132016', '132068', '132069') then 'template'
    when $1 in ('0', '3', '10', '33', '190', '368', '131005', '131031', '131037', '131042', '131045', '133010') then 'hold'
    when $1 ~ '^2[0-9][0-9]$' then 'hold'
  end
$$;

/* Holds a channel's outbox until somebody has seen to what is wrong. One that was taken out stays out. */
create function private.hold_channel(channel_id uuid, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.channels c
  set
    status = 'attention',
    status_detail = coalesce(error, '{}')
  where c.id = $1
    and c.status = 'connected';
end;
$$;

/*
 * Does what a failed message asks for: notes from when it may be sent again (`again_at` in its error), records
 * that a person stopped marketing, stops a template, holds a channel.
 */
create function private.act_on_failure(message public.messages, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  case private.failure_action(error ->> 'code')
    when 'later' then
      update public.messages m
      set error = $2 || jsonb_build_object('again_at', now() + interval '24 hours')
      where m.tenant_id = message.tenant_id
        and m.id = message.id
        and m.created_at = message.created_at
        and m.status = 'failed';
    when 'optout' then
      if not exists (select from public.contacts c where c.id = message.contact_id and c.marketing_opt_out) then
        perform private.add_consent(message.tenant_id, message.contact_id, jsonb_build_object(
          'purpose', 'marketing',
          'channel_type', 'whatsapp',
          'state', 'withdrawn',
          'source', 'provider',
          'evidence_message_id', message.id,
          'occurred_at', greatest(now(), (select c.marketing_opt_out_at from public.contacts c where c.id = message.contact_id))
        ));
      end if;
    when 'template' then
      if message.kind = 'template' then
        perform private.stop_template(message.channel_id, message.content ->> 'name', message.content ->> 'language', $2);
      end if;
    when 'hold' then
      perform private.hold_channel(message.channel_id, $2);
    else
      null;
  end case;
end;
$$;
