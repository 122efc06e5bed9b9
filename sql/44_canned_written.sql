/* Writing canned responses: what is no text, who may change which, and the version that every change of words makes. */

/*
 * Why a text is no canned response, or null: the same rule as `faultOf` of core/src/canned/template.ts, and a
 * test holds both against each other.
 */
create function private.canned_fault(text text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_name text;
  v_rest text;
begin
  for v_name in
    select btrim(split_part(found.parts[1], '|', 1), E' \t')
    from regexp_matches($1, '\{\{([^{}\n]*)\}\}', 'g') as found (parts)
  loop
    if v_name !~ '^(contact\.(first_name|name|phone)|agent\.(first_name|name)|workspace\.name|conversation\.id|greeting|contact_attribute\.[A-Za-z0-9_]{1,60})$' then
      return 'variable_unknown';
    end if;
  end loop;
  v_rest := regexp_replace($1, '\{\{[^{}\n]*\}\}', '', 'g');
  if position('{{' in v_rest) > 0 or position('}}' in v_rest) > 0 then
    return 'variable_unclosed';
  end if;
  return null;
end;
$$;

/* Refuses what may not be changed by the signed-in person: another's, or everybody's without the permission. */
create function private.check_canned_scope(tenant_id uuid, scope text, owner_id uuid)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'conversations.read') or (scope = 'private' and owner_id is distinct from auth.uid()) then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  if scope = 'private' and not private.may($1, 'conversations.reply') then
    perform private.refuse(403, 'not_allowed', 'conversations.reply');
  end if;
  if scope <> 'private' and not private.may($1, 'canned_responses.manage') then
    perform private.refuse(403, 'not_allowed', 'canned_responses.manage');
  end if;
end;
$$;

/* A canned response, locked, when the signed-in person may change it. Raises canned_response_not_found, not_allowed. */
create function private.lock_canned_response(response_id uuid)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses;
begin
  select r.* into v_response
  from public.canned_responses r
  where r.id = $1
    and r.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and (r.scope <> 'team' or r.team_id = any (array(select private.my_team_ids())) or private.may(r.tenant_id, 'canned_responses.manage'))
  for update;
  if not found then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  perform private.check_canned_scope(v_response.tenant_id, v_response.scope, v_response.owner_id);
  return v_response;
end;
$$;

/*
 * Publishes texts, `[{channel_type, weight, text}]`, and checked files as the next version. What stands already is left as
 * it is.
 */
create function private.publish_canned_response(
  response public.canned_responses, variants jsonb, files jsonb, restored_from integer default null
)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := response;
  v_version integer;
begin
  if restored_from is null and (
    select jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', v.weight, 'text', v.text) order by v.position)
    from public.canned_response_variants v
    where v.tenant_id = response.tenant_id
      and v.response_id = response.id
      and v.version = response.published_version
  ) = variants and private.canned_files(response, response.published_version) = files then
    return v_response;
  end if;

  select coalesce(max(n.version), 0) + 1 into v_version
  from public.canned_response_versions n
  where n.tenant_id = response.tenant_id
    and n.response_id = response.id;

  insert into public.canned_response_versions (tenant_id, response_id, version, restored_from, created_by)
  values (response.tenant_id, response.id, v_version, restored_from, auth.uid());

  insert into public.canned_response_variants (tenant_id, response_id, version, position, channel_type, weight, text)
  select response.tenant_id, response.id, v_version, e.place - 1, e.variant ->> 'channel_type', (e.variant ->> 'weight')::smallint, e.variant ->> 'text'
  from jsonb_array_elements(variants) with ordinality as e (variant, place);

  insert into public.canned_response_files (tenant_id, response_id, version, position, kind, path, mime_type, size, filename)
  select
    response.tenant_id, response.id, v_version, e.place - 1,
    e.file ->> 'kind', e.file ->> 'path', e.file ->> 'mime_type', (e.file ->> 'size')::bigint, e.file ->> 'filename'
  from jsonb_array_elements(files) with ordinality as e (file, place);

  update public.canned_responses r
  set published_version = v_version
  where r.id = response.id
  returning r.* into v_response;
  return v_response;
end;
$$;

/*
 * Keeps a canned response, new or known (`response_id` is made by the browser, so that saving twice saves once):
 * {shortcut, title, category, scope, team_id, language, variants: [{channel_type, weight, text}], files: [{kind, path,
 * filename}]}. Without `files` (a table of texts has none) those that stand stay. Changed texts and files become the next
 * version. Raises tenant_not_found, canned_response_not_found, not_allowed, team_not_found, canned_response_invalid (detail:
 * which part), canned_shortcut_taken, media_not_found, content_invalid.
 */
create function public.save_canned_response(tenant_id uuid, response_id uuid, response jsonb)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses;
  v_scope text := response ->> 'scope';
  v_team uuid;
  v_variants jsonb;
  v_fault text;
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if v_scope is null or v_scope not in ('shared', 'team', 'private') then
    perform private.refuse(422, 'canned_response_invalid', 'scope');
  end if;
  perform private.check_canned_scope($1, v_scope, auth.uid());
  if v_scope = 'team' then
    select t.id into v_team from public.teams t where t.tenant_id = $1 and t.id = (response ->> 'team_id')::uuid;
    if not found then
      perform private.refuse(404, 'team_not_found');
    end if;
  end if;

  if coalesce(response ->> 'shortcut', '') !~ '^[a-z0-9][a-z0-9_-]{0,31}$' then
    perform private.refuse(422, 'canned_response_invalid', 'shortcut');
  elsif length(btrim(coalesce(response ->> 'title', ''))) not between 1 and 80 then
    perform private.refuse(422, 'canned_response_invalid', 'title');
  elsif length(coalesce(response ->> 'category', '')) > 40 then
    perform private.refuse(422, 'canned_response_invalid', 'category');
  elsif response ->> 'language' is not null and response ->> 'language' !~ '^[a-z]{2}(-[A-Z]{2})?$' then
    perform private.refuse(422, 'canned_response_invalid', 'language');
  elsif jsonb_typeof(response -> 'variants') is distinct from 'array' or jsonb_array_length(response -> 'variants') not between 1 and 20 then
    perform private.refuse(422, 'canned_response_invalid', 'variants');
  end if;

  begin
    select
      jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', coalesce(v.weight, 1), 'text', v.text) order by v.place),
      min(coalesce(
        case when length(btrim(coalesce(v.text, ''), E' \t\r\n')) = 0 or length(v.text) > 4096 then 'text' end,
        private.canned_fault(v.text),
        case when coalesce(v.weight, 1) not between 0 and 100 then 'weight' end,
        case when v.channel_type !~ '^[a-z_]{2,20}$' then 'channel_type' end
      ))
    into v_variants, v_fault
    from (
      select e.place, e.variant ->> 'channel_type' as channel_type, (e.variant ->> 'weight')::smallint as weight, e.variant ->> 'text' as text
      from jsonb_array_elements(response -> 'variants') with ordinality as e (variant, place)
    ) v;
  exception when invalid_text_representation or numeric_value_out_of_range then
    v_fault := 'weight';
  end;
  if v_fault is not null then
    perform private.refuse(422, 'canned_response_invalid', v_fault);
  end if;

  begin
    select r.* into v_response from public.canned_responses r where r.id = $2 for update;
    if found then
      if v_response.tenant_id <> $1 then
        perform private.refuse(404, 'canned_response_not_found');
      end if;
      v_response := private.lock_canned_response($2);
      update public.canned_responses r
      set
        shortcut = response ->> 'shortcut',
        title = btrim(response ->> 'title'),
        category = btrim(coalesce(response ->> 'category', '')),
        language = response ->> 'language',
        scope = v_scope,
        team_id = v_team,
        owner_id = case when v_scope = 'private' then auth.uid() end
      where r.id = v_response.id
      returning r.* into v_response;
    else
      insert into public.canned_responses (id, tenant_id, shortcut, title, category, language, scope, team_id, owner_id, created_by)
      values (
        coalesce($2, gen_random_uuid()), $1, response ->> 'shortcut', btrim(response ->> 'title'), btrim(coalesce(response ->> 'category', '')),
        response ->> 'language', v_scope, v_team, case when v_scope = 'private' then auth.uid() end, auth.uid()
      )
      returning * into v_response;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'canned_shortcut_taken');
  end;

  return private.publish_canned_response(v_response, v_variants, case
    when response ->> 'files' is null then private.canned_files(v_response, v_response.published_version)
    else private.check_canned_files(v_response, response -> 'files')
  end);
end;
$$;

/* Publishes the words and files of an earlier version again, as the next one. Raises canned_response_not_found, not_allowed. */
create function public.restore_canned_response(response_id uuid, version integer)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
  v_variants jsonb;
begin
  if v_response.published_version = $2 then
    return v_response;
  end if;
  select jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', v.weight, 'text', v.text) order by v.position)
  into v_variants
  from public.canned_response_variants v
  where v.tenant_id = v_response.tenant_id
    and v.response_id = v_response.id
    and v.version = $2;
  if v_variants is null then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  return private.publish_canned_response(v_response, v_variants, private.canned_files(v_response, $2), $2);
end;
$$;

/* Puts a canned response away, or takes it out again. Raises canned_response_not_found, not_allowed, canned_shortcut_taken. */
create function public.archive_canned_response(response_id uuid, archived boolean)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
begin
  begin
    update public.canned_responses r
    set archived_at = case when archived then coalesce(r.archived_at, now()) end
    where r.id = v_response.id
    returning r.* into v_response;
  exception when unique_violation then
    perform private.refuse(409, 'canned_shortcut_taken');
  end;
  return v_response;
end;
$$;

grant execute on function
  public.save_canned_response(uuid, uuid, jsonb),
  public.restore_canned_response(uuid, integer),
  public.archive_canned_response(uuid, boolean)
to authenticated;
