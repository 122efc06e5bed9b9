/*
 * What stands beside the second factor: recovery codes, and the list of one's sessions. The factors themselves are the
 * auth server's (auth.mfa_factors); private.my_tenant_ids gives nothing to a session that owes one.
 *
 * A recovery code does not lift a session to aal2: only the auth server signs that. It takes the lost factor away and ends
 * every other session, so that the person is back to their password and enrols anew; where a tenant requires a second
 * factor, nothing of it opens before they have.
 */

create table private.recovery_codes (
  user_id uuid not null references auth.users on delete cascade,
  -- sha256 of person and code: 50 random bits need no slow hash, five tries in a quarter of an hour no pepper.
  hash bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

create table private.recovery_attempts (
  user_id uuid primary key references auth.users on delete cascade,
  failed integer not null default 0,
  since timestamptz not null default now()
);

alter table private.recovery_codes enable row level security;
alter table private.recovery_attempts enable row level security;

/*
 * Acts in a person's name for the rest of the transaction, so that policies, audit and this file know them: for edge
 * functions, which have verified the token. `person`: {id, aal}.
 */
create function private.speak_as(person jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform set_config(
    'request.jwt.claims',
    jsonb_build_object('sub', person ->> 'id', 'role', 'authenticated', 'aal', person ->> 'aal')::text,
    true
  );
end;
$$;

/* Whether the session is worth what the person's account asks: aal2 for somebody with a second factor. */
create function private.is_proven()
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_claims jsonb := auth.jwt();
begin
  return v_claims ->> 'aal' = 'aal2' or not exists (
    select from auth.mfa_factors f where f.user_id = (v_claims ->> 'sub')::uuid and f.status = 'verified'
  );
end;
$$;

create function private.hash_recovery_code(user_id uuid, code text)
  returns bytea
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return sha256(convert_to($1::text || ':' || regexp_replace(lower($2), '[^a-z0-9]', '', 'g'), 'UTF8'));
end;
$$;

/*
 * Ten new recovery codes of the signed-in person, in place of all earlier ones. Shown now and never again.
 * Raises mfa_first: only a session that has shown the second factor makes them.
 */
create function public.make_recovery_codes()
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_alphabet constant text := 'abcdefghijkmnpqrstuvwxyz23456789';
  v_codes text[] := '{}';
  v_bytes bytea;
  v_code text;
begin
  if auth.jwt() ->> 'aal' is distinct from 'aal2' then
    perform private.refuse(403, 'mfa_first');
  end if;
  for v_count in 1..10 loop
    -- The bytes of a uuid that are random in full.
    v_bytes := uuid_send(gen_random_uuid());
    v_bytes := substring(v_bytes from 1 for 6) || substring(v_bytes from 11 for 6);
    v_code := (
      select string_agg(substr(v_alphabet, 1 + (get_byte(v_bytes, at) & 31), 1) || case when at = 4 then '-' else '' end, '' order by at)
      from generate_series(0, 9) at
    );
    v_codes := v_codes || v_code;
  end loop;
  delete from private.recovery_codes c where c.user_id = auth.uid();
  insert into private.recovery_codes (user_id, hash)
  select auth.uid(), private.hash_recovery_code(auth.uid(), code) from unnest(v_codes) code;
  return v_codes;
end;
$$;

/* How many recovery codes the signed-in person has left. */
create function public.recovery_codes_left()
  returns integer
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (select count(*) from private.recovery_codes c where c.user_id = auth.uid() and c.used_at is null);
end;
$$;

/*
 * Takes the lost second factor away for one of the recovery codes and ends every other session. Answers done, wrong, or
 * too_many: an answer, not an error, for an error would forget the failed try.
 */
create function public.use_recovery_code(code text)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_failed integer;
begin
  -- The row's lock makes guesses sent at once take turns.
  insert into private.recovery_attempts as a (user_id, failed)
  select u.id, 0 from auth.users u where u.id = auth.uid()
  on conflict (user_id) do update
  set
    failed = case when a.since < now() - interval '15 minutes' then 0 else a.failed end,
    since = case when a.since < now() - interval '15 minutes' then now() else a.since end
  returning failed into v_failed;
  if v_failed >= 5 then
    return 'too_many';
  end if;

  update private.recovery_codes c
  set used_at = now()
  where c.user_id = auth.uid()
    and c.hash = private.hash_recovery_code(auth.uid(), $1)
    and c.used_at is null;
  if not found then
    update private.recovery_attempts a set failed = a.failed + 1 where a.user_id = auth.uid();
    return 'wrong';
  end if;

  update private.recovery_attempts a set failed = 0 where a.user_id = auth.uid();
  delete from auth.mfa_factors f where f.user_id = auth.uid();
  delete from auth.sessions s
  where s.user_id = auth.uid()
    and s.id::text is distinct from auth.jwt() ->> 'session_id';
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  select m.tenant_id, m.user_id, 'update', 'mfa_factors', m.user_id::text, '{"recovered": true}'
  from public.memberships m
  where m.user_id = auth.uid();
  return 'done';
end;
$$;

/*
 * Where the signed-in person is signed in: device, address, last sign of life; the session that asks comes first. Nothing
 * to a session that owes a second factor.
 */
create function public.my_sessions()
  returns table (id uuid, user_agent text, ip text, created_at timestamptz, last_active_at timestamptz, aal text, is_this boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select
    s.id, s.user_agent::text, host(s.ip), s.created_at,
    greatest(s.refreshed_at at time zone 'utc', s.updated_at, s.created_at), s.aal::text,
    s.id::text = auth.jwt() ->> 'session_id'
  from auth.sessions s
  where s.user_id = auth.uid()
    and private.is_proven()
  order by 7 desc, 5 desc;
end;
$$;

/*
 * Signs the signed-in person out elsewhere: one session, or all others (null). The access token there ends within
 * minutes, its refresh token at once. Raises mfa_required.
 */
create function public.end_sessions(session_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  if not private.is_proven() then
    perform private.refuse(403, 'mfa_required');
  end if;
  delete from auth.sessions s
  where s.user_id = auth.uid()
    and s.id::text is distinct from auth.jwt() ->> 'session_id'
    and ($1 is null or s.id = $1);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  public.make_recovery_codes(),
  public.recovery_codes_left(),
  public.use_recovery_code(text),
  public.my_sessions(),
  public.end_sessions(uuid)
to authenticated;
