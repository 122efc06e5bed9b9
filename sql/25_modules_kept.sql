/*
 * Keeping a module's form, and opening it for whoever calls the other side. The edge function `modules` reads the form by
 * core's schema and encrypts; it names the person it acts for, whose token it has verified.
 */

/* What stands of a module whose form was sent: {configuration, secrets: [names]}; null for a new one. Raises tenant_not_found, not_allowed, module_not_found. */
create function private.module_to_save(person jsonb, tenant_id uuid, module_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_module public.tenant_modules;
begin
  perform private.speak_as($1);
  perform private.require($2, 'modules.manage');
  if $3 is null then
    return null;
  end if;
  v_module := private.lock_module($3);
  if v_module.tenant_id <> $2 then
    perform private.refuse(404, 'module_not_found');
  end if;
  return jsonb_build_object(
    'module', v_module.module,
    'secrets', (select coalesce(jsonb_agg(s.name), '[]') from private.module_secrets s where s.module_id = v_module.id)
  );
end;
$$;

/*
 * Keeps a module: {id, module, name, configuration, holds}, with the secrets that were written now, encrypted:
 * [{name, key_id, nonce, ciphertext}], the last two in hex. Those that `holds` does not name are thrown away. A secret
 * never follows its module to another address: there it must be written anew. A new module is on. Raises
 * tenant_not_found, not_allowed, module_not_found, module_name_invalid, module_name_taken, module_secret_needed.
 */
create function private.save_module(person jsonb, tenant_id uuid, module jsonb, secrets jsonb)
  returns public.tenant_modules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  c_origin constant text := '^[a-zA-Z]+://[^/]+';
  v_before public.tenant_modules;
  v_module public.tenant_modules;
begin
  perform private.speak_as($1);
  perform private.require($2, 'modules.manage');
  select m.* into v_before
  from public.tenant_modules m
  where m.id = ($3 ->> 'id')::uuid
  for update;
  if v_before.tenant_id <> $2 or v_before.module <> $3 ->> 'module' then
    perform private.refuse(404, 'module_not_found');
  end if;
  begin
    insert into public.tenant_modules as m (id, tenant_id, module, name, configuration)
    values (($3 ->> 'id')::uuid, $2, $3 ->> 'module', btrim($3 ->> 'name'), $3 -> 'configuration')
    on conflict (id) do update
    set
      name = excluded.name,
      configuration = excluded.configuration,
      revision = m.revision + 1
    where m.tenant_id = $2
    returning m.* into v_module;
  exception
    when unique_violation then
      perform private.refuse(409, 'module_name_taken');
    when check_violation then
      perform private.refuse(422, 'module_name_invalid');
  end;

  delete from private.module_secrets s
  where s.module_id = v_module.id
    and not ($3 -> 'holds' ? s.name);
  if substring(lower(v_before.configuration ->> 'url') from c_origin) <> substring(lower(v_module.configuration ->> 'url') from c_origin)
    and exists (
      select
      from private.module_secrets s
      where s.module_id = v_module.id
        and not exists (select from jsonb_array_elements($4) e where e.value ->> 'name' = s.name)
    )
  then
    perform private.refuse(422, 'module_secret_needed');
  end if;
  insert into private.module_secrets as s (module_id, name, key_id, nonce, ciphertext)
  select v_module.id, e.value ->> 'name', e.value ->> 'key_id', decode(e.value ->> 'nonce', 'hex'), decode(e.value ->> 'ciphertext', 'hex')
  from jsonb_array_elements($4) e
  on conflict on constraint module_secrets_pkey do update
  set
    key_id = excluded.key_id,
    nonce = excluded.nonce,
    ciphertext = excluded.ciphertext,
    updated_at = clock_timestamp();

  update public.tenant_modules m
  set secrets_set = (
    select coalesce(jsonb_object_agg(s.name, s.updated_at), '{}')
    from private.module_secrets s
    where s.module_id = m.id
  )
  where m.id = v_module.id
  returning m.* into v_module;
  -- That a secret was changed is for the audit; what it is, is for nobody.
  if jsonb_array_length($4) > 0 then
    insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
    values ($2, auth.uid(), 'update', 'module_secrets', v_module.id::text, jsonb_build_object('changed', jsonb_path_query_array($4, '$[*].name')));
  end if;
  return v_module;
end;
$$;

grant execute on function
  private.module_to_save(jsonb, uuid, uuid),
  private.save_module(jsonb, uuid, jsonb, jsonb)
to prosa_modules;

/* A module with its secrets, still encrypted, for the worker alone. */
create function private.opened_module(module public.tenant_modules)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'id', module.id, 'module', module.module, 'revision', module.revision, 'configuration', module.configuration,
    'secrets', (
      select coalesce(jsonb_object_agg(s.name, jsonb_build_object(
        'key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex')
      )), '{}')
      from private.module_secrets s
      where s.module_id = module.id
    )
  )
$$;

/* What a test calls; null: it is gone. */
create function private.module_to_test(module_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select private.opened_module(m)
  from public.tenant_modules m
  where m.id = $1
$$;

/* Writes down what a test found: {error, detail, ms}. What was changed meanwhile was not tested: nothing is written. */
create function private.settle_module_test(module_id uuid, revision integer, found jsonb)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.tenant_modules m
  set
    tested_at = clock_timestamp(),
    last_error = left($3 ->> 'error', 80),
    last_detail = left($3 ->> 'detail', 200),
    answered_ms = ($3 ->> 'ms')::integer
  where m.id = $1
    and m.revision = $2;
  return found;
end;
$$;

/* The module that a call of a flow goes through: the one it names, or the tenant's only one of its kind. Null: there is none, or it is off. */
create function private.module_of_call(tenant_id uuid, module text, module_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select private.opened_module(m)
    from public.tenant_modules m
    where m.tenant_id = $1
      and m.module = $2
      and m.enabled
      and case when $3 is null then m.name = '' else m.id = $3 end
  );
end;
$$;

grant execute on function
  private.module_to_test(uuid),
  private.settle_module_test(uuid, integer, jsonb)
to prosa_worker;
