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

/* Acts in a person's name, who may change channels. Raises tenant_not_found, not_allowed, mfa_required. */
create function private.act_for(person jsonb, tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.speak_as($1);
  perform private.require($2, 'channels.manage');
end;
$$;

/* Lets the function go on, or not. Raises tenant_not_found, not_allowed. */
create function private.may_connect(person jsonb, tenant_id uuid)
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

grant execute on function private.may_connect(jsonb, uuid) to prosa_channels;

/* Which of these numbers are connected already: `here`, in this tenant, or `elsewhere`; whose, is nobody's business. */
create function private.places_of_numbers(person jsonb, tenant_id uuid, phone_number_ids text[])
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

grant execute on function private.places_of_numbers(jsonb, uuid, text[]) to prosa_channels;

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
create function private.connect_channel(person jsonb, tenant_id uuid, channel jsonb, secrets jsonb, facts jsonb)
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

grant execute on function private.connect_channel(jsonb, uuid, jsonb, jsonb, jsonb) to prosa_channels;

/* A channel for the function to work on, with its token still encrypted. Raises channel_not_found, not_allowed. */
create function private.channel_to_manage(person jsonb, channel_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  perform private.speak_as($1);
  v_channel := private.channel_for($2, 'channels.read', 'channels.manage');
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

grant execute on function private.channel_to_manage(jsonb, uuid) to prosa_channels;

/*
 * Puts new secrets in place of a channel's, with what was found on the way. A new access token takes a channel that
 * needed attention back into use. Raises channel_not_found, not_allowed.
 */
create function private.change_channel_secrets(person jsonb, channel_id uuid, secrets jsonb, facts jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.speak_as($1);
  perform private.channel_for($2, 'channels.read', 'channels.manage');
  perform private.keep_secrets($2, $3);
  if $4 is not null then
    perform private.record_channel_check($2, $4);
  end if;
end;
$$;

grant execute on function private.change_channel_secrets(jsonb, uuid, jsonb, jsonb) to prosa_channels;
