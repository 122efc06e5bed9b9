/*
 * A member writes down what a person has said about being written to: at the counter, on the telephone, in a message.
 */

/*
 * Writes down a word about a purpose on a channel (null: all). With `evidence_message_id` it was said in that message, and
 * then; else it was said now, to the member. Nothing is added where just that holds already. Returns what holds by it.
 * Raises contact_not_found, not_allowed, consent_invalid (detail: what is wrong), message_not_found.
 */
create function public.record_consent(
  contact_id uuid, purpose text, channel_type public.channel_type, state text, note text default '', evidence_message_id uuid default null
)
  returns public.consent_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_note text := btrim(coalesce($5, ''));
  v_said_at timestamptz := clock_timestamp();
  v_event public.consent_events;
begin
  if coalesce($2, '') not in ('marketing', 'service', 'survey') then
    perform private.refuse(422, 'consent_invalid', 'purpose');
  end if;
  if coalesce($4, '') not in ('granted', 'denied', 'withdrawn') then
    perform private.refuse(422, 'consent_invalid', 'state');
  end if;
  if length(v_note) > 500 then
    perform private.refuse(422, 'consent_invalid', 'note');
  end if;
  if $6 is not null then
    select least(m.sent_at, now()) into v_said_at
    from public.messages m
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.tenant_id = v_contact.tenant_id
      and m.id = $6
      and m.contact_id = v_contact.id
      and not m.is_private
      and private.sees_conversation(c);
    if not found then
      perform private.refuse(404, 'message_not_found');
    end if;
  end if;

  -- Pressed twice, or said again without anything to add.
  if v_note = '' and $6 is null then
    select e.* into v_event
    from public.consent_events e
    where e.tenant_id = v_contact.tenant_id
      and e.contact_id = v_contact.id
      and e.purpose = $2
    order by e.occurred_at desc
    limit 1;
    if v_event.state = $4 and v_event.channel_type is not distinct from $3 then
      return v_event;
    end if;
  end if;

  v_event := private.add_consent(v_contact.tenant_id, v_contact.id, jsonb_build_object(
    'purpose', $2,
    'channel_type', $3,
    'state', $4,
    'source', case when $6 is null then 'member' else 'message' end,
    'evidence_message_id', $6,
    'note', v_note,
    'occurred_at', v_said_at
  ));
  if v_event.id is null then
    select e.* into v_event
    from public.consent_events e
    where e.tenant_id = v_contact.tenant_id
      and e.contact_id = v_contact.id
      and e.evidence_message_id = $6
      and e.purpose = $2
      and e.state = $4
    limit 1;
    return v_event;
  end if;
  update public.contacts c set updated_at = c.updated_at where c.id = v_contact.id;
  perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
  return v_event;
end;
$$;

grant execute on function public.record_consent(uuid, text, public.channel_type, text, text, uuid) to authenticated;
