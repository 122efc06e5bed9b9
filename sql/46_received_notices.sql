/*
 * A notice is about a number, its account or its templates rather than about a message. What it says is kept
 * for each channel it speaks of (public.channel_events) and brought into the rows that hold it.
 */

/* A notice about a number, its account or its templates: kept for each channel it speaks of, and applied where it is new. */
create function private.receive_notice(tenant_id uuid, channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_field text := event ->> 'field';
  v_at timestamptz := event ->> 'at';
  v_channel_id uuid;
  v_result text := 'duplicate';
begin
  for v_channel_id in
    select c from private.channels_of_notice($1, $2, v_field, event -> 'payload') c
    order by c
  loop
    insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
    values ($1, v_channel_id, v_field, event -> 'payload', v_at)
    on conflict do nothing;
    if found then
      v_result := 'stored';
      perform private.apply_channel_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      if v_field ~ '^(message_)?template_' then
        perform private.apply_template_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      end if;
    end if;
  end loop;
  return v_result;
end;
$$;
