/*
 * What is found out about a channel after it was connected: by the hourly check, or when somebody asks.
 */

/*
 * Takes down what a check found: {token_valid, scopes, expires_at, subscribed, error, number: {…}}; what it does not
 * name stays as it was. A token that is no good holds the outbox; once a check finds it good again, it is let go.
 */
create function private.record_channel_check(channel_id uuid, facts jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_number jsonb := $2 -> 'number';
  v_valid boolean := $2 ->> 'token_valid';
  v_expires timestamptz := $2 ->> 'expires_at';
begin
  insert into private.channel_checks as k (channel_id, checked_at, token_valid, scopes, subscribed, number_status, name_status, throughput, error)
  values (
    $1, v_now, v_valid,
    case when jsonb_typeof($2 -> 'scopes') = 'array' then array(select jsonb_array_elements_text($2 -> 'scopes')) end,
    ($2 ->> 'subscribed')::boolean, v_number ->> 'status', v_number ->> 'name_status', v_number ->> 'throughput', nullif($2 -> 'error', 'null')
  )
  on conflict on constraint channel_checks_pkey do update
  set
    checked_at = excluded.checked_at,
    token_valid = coalesce(excluded.token_valid, k.token_valid),
    scopes = coalesce(excluded.scopes, k.scopes),
    subscribed = coalesce(excluded.subscribed, k.subscribed),
    number_status = coalesce(excluded.number_status, k.number_status),
    name_status = coalesce(excluded.name_status, k.name_status),
    throughput = coalesce(excluded.throughput, k.throughput),
    error = excluded.error;

  perform
    private.learn_of_channel($1, 'quality_rating', case when v_number ->> 'quality_rating' in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN') then v_number -> 'quality_rating' end, v_now),
    private.learn_of_channel($1, 'messaging_limit', private.messaging_limit_of(v_number -> 'messaging_limit'), v_now),
    private.learn_of_channel($1, 'messages_per_second', case v_number ->> 'throughput' when 'HIGH' then '1000'::jsonb when 'STANDARD' then '80' end, v_now),
    private.learn_of_channel($1, 'verified_name', case when v_number ->> 'verified_name' <> '' then v_number -> 'verified_name' end, v_now);

  update public.channels c
  set
    display_phone_number = coalesce(v_number ->> 'display_phone_number', c.display_phone_number),
    token_expires_at = case when v_valid then v_expires else c.token_expires_at end
  where c.id = $1
    and (c.display_phone_number, c.token_expires_at) is distinct from
      (coalesce(v_number ->> 'display_phone_number', c.display_phone_number), case when v_valid then v_expires else c.token_expires_at end);

  if v_valid is false then
    update public.channels c
    set
      status = 'attention',
      status_detail = jsonb_build_object('source', 'check') || coalesce(nullif($2 -> 'error', 'null'), '{"code": 190}')
    where c.id = $1
      and c.status = 'connected';
  elsif v_valid then
    update public.channels c
    set
      status = 'connected',
      status_detail = null
    where c.id = $1
      and c.status = 'attention'
      and c.status_detail ->> 'source' = 'check';
    -- One warning an expiry, in the channel's own history.
    if v_expires < v_now + interval '14 days' then
      insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
      select c.tenant_id, c.id, 'token_expiring', jsonb_build_object('expires_at', v_expires), v_expires - interval '14 days'
      from public.channels c
      where c.id = $1
      on conflict do nothing;
    end if;
  end if;
end;
$$;

grant execute on function private.record_channel_check(uuid, jsonb) to prosa_worker;

/* Asks for a check of every channel in use, spread over ten minutes. Returns how many. */
create function private.schedule_channel_checks()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'channels__check',
    json_build_object('channel_id', c.id),
    run_at => clock_timestamp() + make_interval(secs => random() * 600),
    job_key => 'channel_check:' || c.id,
    max_attempts => 3,
    priority => 10::smallint
  )
  from public.channels c
  where c.status <> 'disconnected';
  return (select count(*) from public.channels c where c.status <> 'disconnected');
end;
$$;

grant execute on function private.schedule_channel_checks() to prosa_worker;

/* Has a channel checked now. Raises channel_not_found, not_allowed. */
create function public.check_channel(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  perform graphile_worker.add_job(
    'channels__check',
    json_build_object('channel_id', v_channel.id),
    job_key => 'channel_check:' || v_channel.id,
    max_attempts => 3
  );
end;
$$;

grant execute on function public.check_channel(uuid) to authenticated;

/* What a check needs of a channel; null where it is gone or out of use. */
create function private.channel_to_check(channel_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'id', c.id,
    'phone_number_id', c.phone_number_id,
    'waba_id', c.waba_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = c.id
        and s.name = 'access_token'
    )
  )
  from public.channels c
  where c.id = $1
    and c.status <> 'disconnected'
$$;

grant execute on function private.channel_to_check(uuid) to prosa_worker;
