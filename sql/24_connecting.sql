/*
 * Connecting a number, changing its token, checking it from time to time. The edge function `channels`
 * talks to the provider and encrypts; here it is decided who may, and what is written. It names the
 * person it acts for, whose token it has verified; the database decides what that person may do.
 */

/* What the last check of a channel found; shown on its page. */
create table private.channel_checks (
  channel_id uuid primary key references public.channels on delete cascade,
  checked_at timestamptz not null,
  -- Null: the provider could not be asked.
  token_valid boolean,
  scopes text[],
  -- Whether the account's webhooks come to our app, or the tenant's own.
  subscribed boolean,
  number_status text,
  name_status text,
  throughput text,
  error jsonb
);

alter table private.channel_checks enable row level security;

/* Acts in a person's name for the rest of the transaction, so that policies and audit know them. Raises tenant_not_found, not_allowed. */
create function private.act_for(user_id uuid, tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  perform private.require($2, 'channels.manage');
end;
$$;

/* Lets the function go on, or not. Raises tenant_not_found, not_allowed. */
create function private.may_connect(user_id uuid, tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.act_for($1, $2);
end;
$$;

grant execute on function private.may_connect(uuid, uuid) to prosa_channels;

/* Which of these numbers are connected already: `here`, in this tenant, or `elsewhere`; whose, is nobody's business. */
create function private.places_of_numbers(user_id uuid, tenant_id uuid, phone_number_ids text[])
  returns table (phone_number_id text, place text)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.act_for($1, $2);
  return query
  select c.phone_number_id, case when c.tenant_id = $2 then 'here' else 'elsewhere' end
  from public.channels c
  where c.phone_number_id = any ($3);
end;
$$;

grant execute on function private.places_of_numbers(uuid, uuid, text[]) to prosa_channels;

/* Keeps encrypted secrets of a channel: [{name, key_id, nonce, ciphertext}], the last two in hex. */
create function private.keep_secrets(channel_id uuid, secrets jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.channel_secrets as s (channel_id, name, key_id, nonce, ciphertext)
  select $1, e ->> 'name', e ->> 'key_id', decode(e ->> 'nonce', 'hex'), decode(e ->> 'ciphertext', 'hex')
  from jsonb_array_elements($2) e
  on conflict on constraint channel_secrets_pkey do update
  set
    key_id = excluded.key_id,
    nonce = excluded.nonce,
    ciphertext = excluded.ciphertext,
    updated_at = clock_timestamp();

  -- That a secret was changed is for the audit; what it is, is for nobody.
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  select c.tenant_id, auth.uid(), 'update', 'channel_secrets', c.id::text, jsonb_build_object('changed', jsonb_path_query_array($2, '$[*].name'))
  from public.channels c
  where c.id = $1;
end;
$$;

/*
 * Connects a number that the function has found good: {id, name, phone_number_id, waba_id, …} and its secrets.
 * What came for it before is applied by a job. Raises tenant_not_found, not_allowed, number_taken.
 */
create function private.connect_channel(user_id uuid, tenant_id uuid, channel jsonb, secrets jsonb, facts jsonb)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid := $3 ->> 'id';
begin
  perform private.act_for($1, $2);
  insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number, portfolio_id)
  values (
    v_id, $2, 'whatsapp', $3 ->> 'name', $3 ->> 'phone_number_id', $3 ->> 'waba_id', $3 ->> 'display_phone_number',
    $3 ->> 'portfolio_id'
  )
  on conflict (phone_number_id) do nothing;
  if not found then
    perform private.refuse(409, 'number_taken');
  end if;
  perform private.keep_secrets(v_id, $4);
  perform private.record_channel_check(v_id, $5);
  perform graphile_worker.add_job('webhook_events__claim', json_build_object('channel_id', v_id), job_key => 'claim:' || v_id);
  perform private.enqueue_template_sync($2, $3 ->> 'waba_id', clock_timestamp());
  return v_id;
end;
$$;

grant execute on function private.connect_channel(uuid, uuid, jsonb, jsonb, jsonb) to prosa_channels;

/* A channel for the function to work on, with its token still encrypted. Raises channel_not_found, not_allowed. */
create function private.channel_to_manage(user_id uuid, channel_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  v_channel := private.managed_channel($2);
  return jsonb_build_object(
    'id', v_channel.id,
    'tenant_id', v_channel.tenant_id,
    'phone_number_id', v_channel.phone_number_id,
    'waba_id', v_channel.waba_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

grant execute on function private.channel_to_manage(uuid, uuid) to prosa_channels;

/*
 * Puts new secrets in place of a channel's, with what was found on the way. A new access token takes a channel that
 * needed attention back into use. Raises channel_not_found, not_allowed.
 */
create function private.change_channel_secrets(user_id uuid, channel_id uuid, secrets jsonb, facts jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  perform private.managed_channel($2);
  perform private.keep_secrets($2, $3);
  if $4 is not null then
    perform private.record_channel_check($2, $4);
  end if;
end;
$$;

grant execute on function private.change_channel_secrets(uuid, uuid, jsonb, jsonb) to prosa_channels;

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
  v_channel public.channels := private.managed_channel(channel_id);
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

/* Secrets under another key than the current one, in order after a place, so that a rotation can go on where it stopped. */
create function private.secrets_to_rotate(current_key text, after_channel uuid, after_name text, portion integer)
  returns table (channel_id uuid, name text, key_id text, nonce text, ciphertext text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select s.channel_id, s.name, s.key_id, encode(s.nonce, 'hex'), encode(s.ciphertext, 'hex')
  from private.channel_secrets s
  where s.key_id <> $1
    and (s.channel_id, s.name) > ($2, $3)
  order by s.channel_id, s.name
  limit $4
$$;

grant execute on function private.secrets_to_rotate(text, uuid, text, integer) to prosa_worker;

/* Puts the same secret under another key, unless it has been changed meanwhile. Returns whether it did. */
create function private.rotate_secret(channel_id uuid, name text, old_nonce text, key_id text, nonce text, ciphertext text)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update private.channel_secrets s
  set
    key_id = $4,
    nonce = decode($5, 'hex'),
    ciphertext = decode($6, 'hex'),
    rotated_at = clock_timestamp()
  where s.channel_id = $1
    and s.name = $2
    and s.nonce = decode($3, 'hex');
  return found;
end;
$$;

grant execute on function private.rotate_secret(uuid, text, text, text, text, text) to prosa_worker;
