/*
 * What is told of a message that exists, or does not yet: statuses of what we sent, edits and
 * revocations of what they did. Told early, it waits for its message.
 */

/*
 * Waits for whoever is giving this id to a message just now, and makes them wait who come to do so: what
 * is put aside as early would otherwise never be found by a message that is committed a moment later.
 */
create function private.await_message(channel_id uuid, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  c_nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values ($1, $2, c_nobody, c_nobody, now(), c_nobody)
  on conflict do nothing;
  if found then
    delete from private.message_keys k where k.channel_id = $1 and k.external_id = $2;
  end if;
end;
$$;

/* A status of something we sent, in whatever order statuses come; one that overtakes its message's id waits for it. */
create function private.receive_status(channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_known boolean;
begin
  for v_try in 1 .. 2 loop
    select m.* into v_message
    from private.message_keys k
    join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
    where k.channel_id = $1
      and k.external_id = event ->> 'external_id'
      and m.direction = 'out'
    for update of m;
    v_known := found;
    exit when v_known;

    -- Our own message id comes back with every status: it settles an attempt whose answer never arrived.
    if event ->> 'opaque' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      select m.* into v_message
      from private.client_keys k
      join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
      where k.message_id = (event ->> 'opaque')::uuid
        and m.channel_id = $1
      for update of m;
      v_known := found;
      if v_known then
        perform private.accept_message(v_message, event ->> 'external_id');
        exit;
      end if;
    end if;

    exit when v_try = 2;
    perform private.await_message($1, event ->> 'external_id');
  end loop;

  if not v_known then
    insert into private.early_events (channel_id, external_id, event)
    values ($1, event ->> 'external_id', event)
    on conflict do nothing;
    return case when found then 'stored' else 'duplicate' end;
  end if;

  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  values (
    v_message.tenant_id, v_message.id, v_message.created_at, event ->> 'status', (event ->> 'at')::timestamptz,
    jsonb_strip_nulls(jsonb_build_object('error', event -> 'error', 'pricing', event -> 'pricing'))
  )
  on conflict do nothing;
  if not found then
    return 'duplicate';
  end if;

  -- A price is told with some statuses, and owed once one of them says that the message arrived.
  if event #>> '{pricing,category}' is not null or event ->> 'status' in ('delivered', 'read', 'played') then
    perform private.record_charge(v_message, event);
  end if;

  if event ->> 'status' in ('sent', 'delivered', 'read', 'played', 'failed') then
    perform private.raise_status(
      v_message,
      (case event ->> 'status' when 'played' then 'read' else event ->> 'status' end)::public.message_status,
      case when event ->> 'status' = 'failed' then event -> 'error' end
    );
    if event ->> 'status' = 'failed' then
      perform private.act_on_failure(v_message, event -> 'error');
    end if;
  end if;
  return 'stored';
end;
$$;

/* Applies what arrived before the message it speaks of, now that the message is known. */
create function private.apply_early_events(channel_id uuid, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event jsonb;
begin
  for v_event in
    delete from private.early_events e
    where e.channel_id = $1
      and e.external_id = $2
    returning e.event
  loop
    if v_event ->> 'type' = 'status' then
      perform private.receive_status($1, v_event);
    else
      perform private.apply_change($1, v_event);
    end if;
  end loop;
end;
$$;

/* An edit or a revocation of an earlier message: the newest edit is shown, and every version is kept. */
create function private.apply_change(channel_id uuid, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_at timestamptz := event ->> 'sent_at';
begin
  for v_try in 1 .. 2 loop
    select m.* into v_message
    from private.message_keys k
    join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
    where k.channel_id = $1
      and k.external_id = event ->> 'target_external_id'
    for update of m;
    exit when found or v_try = 2 or event ->> 'target_external_id' is null;
    perform private.await_message($1, event ->> 'target_external_id');
  end loop;

  if v_message.id is null then
    insert into private.early_events (channel_id, external_id, event)
    select $1, event ->> 'target_external_id', event
    where event ->> 'target_external_id' is not null
    on conflict do nothing;
    return;
  end if;

  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  select v_message.tenant_id, v_message.id, v_message.created_at, version.type, version.occurred_at, version.detail
  from (
    values
      ('original', v_message.sent_at, jsonb_build_object('content', v_message.content, 'body', v_message.body)),
      (case event ->> 'kind' when 'edit' then 'edited' else 'revoked' end, v_at, jsonb_build_object('content', event #> '{content,message}', 'body', event -> 'body'))
  ) version (type, occurred_at, detail)
  where version.type <> 'original'
    or (event ->> 'kind' = 'edit' and v_message.edited_at is null)
  on conflict do nothing;

  if event ->> 'kind' = 'revoke' then
    update public.messages m
    set revoked_at = least(m.revoked_at, v_at)
    where m.tenant_id = v_message.tenant_id
      and m.id = v_message.id
      and m.created_at = v_message.created_at;
  elsif v_message.edited_at is null or (v_at, event ->> 'body') > (v_message.edited_at, v_message.body) then
    update public.messages m
    set
      content = event #> '{content,message}',
      body = event ->> 'body',
      edited_at = v_at
    where m.tenant_id = v_message.tenant_id
      and m.id = v_message.id
      and m.created_at = v_message.created_at;
  end if;
end;
$$;
