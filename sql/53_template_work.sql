/*
 * What the worker does at Meta for templates: reads an account's whole list, hands drafts in, deletes. Each
 * call to Meta stands between two of these functions, so that a crash between leaves the row as it was.
 */

/* Has every account's list read again, spread over the next half hour. Returns how many. */
create function private.enqueue_template_syncs()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  select count(private.enqueue_template_sync(a.tenant_id, a.waba_id, clock_timestamp() + random() * interval '30 minutes')) into v_count
  from (
    select distinct c.tenant_id, c.waba_id
    from public.channels c
    join private.channel_secrets s on s.channel_id = c.id and s.name = 'access_token'
    where c.type = 'whatsapp'
      and c.status = 'connected'
  ) a;
  return v_count;
end;
$$;

/* A channel that can speak for an account, and its token, still encrypted; connected ones first. */
create function private.template_access(tenant_id uuid, waba_id text)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'channel_id', c.id,
    'waba_id', c.waba_id,
    'token', jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
  )
  from public.channels c
  join private.channel_secrets s on s.channel_id = c.id and s.name = 'access_token'
  where c.tenant_id = $1
    and c.waba_id = $2
  order by c.status <> 'connected', c.created_at, c.id
  limit 1
$$;

/* Begins a reading of an account's list. Null where no channel can speak for it. */
create function private.start_template_sync(tenant_id uuid, waba_id text)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_access jsonb := private.template_access(tenant_id, waba_id);
begin
  if v_access is null then
    return null;
  end if;
  insert into public.template_syncs as s (tenant_id, waba_id, status, started_at)
  values ($1, $2, 'running', clock_timestamp())
  on conflict on constraint template_syncs_pkey do update
  set
    status = 'running',
    found = 0,
    error = null,
    started_at = clock_timestamp();
  -- A few seconds early: our clock may run ahead of the provider's, and would hide the notices of its next moments.
  return v_access || jsonb_build_object('at', clock_timestamp() - interval '5 seconds');
end;
$$;

/* Keeps one page of an account's list, as it stood at `at`. A row changes only where Meta says something new. */
create function private.store_templates(tenant_id uuid, waba_id text, at timestamptz, page jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_item jsonb;
begin
  for v_item in
    select p.value || jsonb_build_object('language', replace(p.value ->> 'language', '-', '_'))
    from jsonb_array_elements(page) p
    where p.value ->> 'name' ~ '^[a-z0-9_]+$'
      and length(p.value ->> 'name') <= 512
      and replace(p.value ->> 'language', '-', '_') ~ '^[a-z]{2,3}(_[A-Z]{2,4})?$'
      and p.value ->> 'id' is not null
      and p.value ->> 'status' ~ '^[A-Z_]{2,40}$'
    order by p.value ->> 'id'
  loop
    perform private.store_template(tenant_id, waba_id, at, v_item);
  end loop;

  update public.template_syncs s
  set found = s.found + jsonb_array_length(page)
  where s.tenant_id = $1
    and s.waba_id = $2;
end;
$$;

/* Keeps one template as Meta's list gives it. */
create function private.store_template(tenant_id uuid, waba_id text, at timestamptz, item jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.templates;
  v_after public.templates;
  v_quality text := upper(coalesce(item #>> '{quality_score,score}', case when jsonb_typeof(item -> 'quality_score') = 'string' then item ->> 'quality_score' end, 'UNKNOWN'));
begin
  select t.* into v_before
  from public.templates t
  where t.tenant_id = $1
    and t.waba_id = $2
    and (t.external_id = item ->> 'id' or (t.name = item ->> 'name' and t.language = item ->> 'language'))
  order by t.external_id = item ->> 'id' desc nulls last
  limit 1
  for update;
  if not found then
    insert into public.templates (tenant_id, waba_id, name, language, external_id, status)
    values ($1, $2, item ->> 'name', item ->> 'language', item ->> 'id', 'PENDING')
    on conflict on constraint templates_tenant_id_waba_id_name_language_key do nothing
    returning * into v_before;
    if not found then
      return;
    end if;
  end if;

  v_after := v_before;
  v_after.external_id := item ->> 'id';
  if at > v_before.status_at or v_before.status = 'DRAFT' then
    if item ->> 'status' <> v_before.status then
      v_after.paused_until := null;
      v_after.status_detail := null;
      v_after.status_at := greatest(at, v_before.status_at);
    end if;
    v_after.status := item ->> 'status';
    v_after.rejected_reason := case when v_after.status = 'REJECTED' then nullif(item ->> 'rejected_reason', 'NONE') end;
  end if;
  if at > v_before.quality_at and v_quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN') and v_quality <> v_before.quality then
    v_after.quality := v_quality;
    v_after.quality_at := at;
  end if;
  if at > v_before.category_at and item ->> 'category' in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then
    v_after.category := item ->> 'category';
    v_after.previous_category := coalesce(nullif(item ->> 'previous_category', ''), case when v_after.category = v_before.category then v_before.previous_category end);
    if v_after.category = v_before.next_category then
      v_after.next_category := null;
      v_after.category_changes_at := null;
    end if;
  end if;
  if (at > v_before.components_at or v_before.components is null) and jsonb_typeof(item -> 'components') = 'array' then
    v_after.components := item -> 'components';
    v_after.parameter_format := case when item ->> 'parameter_format' = 'NAMED' then 'NAMED' else 'POSITIONAL' end;
  end if;
  if (v_before.problem ->> 'at')::timestamptz < at then
    v_after.problem := null;
  end if;
  if v_after is not distinct from v_before then
    return;
  end if;

  update public.templates t
  set
    external_id = v_after.external_id,
    status = v_after.status,
    status_at = v_after.status_at,
    status_detail = v_after.status_detail,
    paused_until = v_after.paused_until,
    rejected_reason = v_after.rejected_reason,
    quality = v_after.quality,
    quality_at = v_after.quality_at,
    category = v_after.category,
    previous_category = v_after.previous_category,
    next_category = v_after.next_category,
    category_changes_at = v_after.category_changes_at,
    components = v_after.components,
    parameter_format = v_after.parameter_format,
    problem = v_after.problem,
    synced_at = at
  where t.id = v_before.id;

  -- What nobody had told: the first reading of a template is no news.
  if v_before.components is null then
    return;
  end if;
  if v_after.status <> v_before.status then
    perform private.note_template(v_after, 'status', v_after.status, '{"source": "list"}', at);
  end if;
  if v_after.quality <> v_before.quality then
    perform private.note_template(v_after, 'quality', v_after.quality, jsonb_build_object('source', 'list', 'previous_quality_score', v_before.quality), at);
  end if;
  if v_after.category is distinct from v_before.category then
    perform private.note_template(v_after, 'category', v_after.category, jsonb_build_object('source', 'list', 'previous_category', v_before.category), at);
  end if;
  if v_after.components <> v_before.components then
    perform private.note_template(v_after, 'components', '', '{"source": "list"}', at);
  end if;
end;
$$;

/*
 * Ends a reading. Without an error the list was whole: what Meta knew before and does not name now is
 * deleted there. With one, nothing is concluded from what is missing.
 */
create function private.finish_template_sync(tenant_id uuid, waba_id text, at timestamptz, ids jsonb, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  if error is null then
    for v_template in
      update public.templates t
      set
        status = 'DELETED',
        status_at = greatest($3, t.status_at),
        work = null
      where t.tenant_id = $1
        and t.waba_id = $2
        and t.external_id is not null
        and t.status <> 'DELETED'
        and t.created_at < $3
        and t.status_at < $3
        and not ids ? t.external_id
      returning t.*
    loop
      perform private.note_template(v_template, 'status', 'DELETED', '{"source": "list"}', at);
    end loop;
  end if;

  update public.template_syncs s
  set
    status = case when $5 is null then 'done' else 'failed' end,
    error = $5,
    finished_at = clock_timestamp(),
    read_at = case when $5 is null then $3 else s.read_at end
  where s.tenant_id = $1
    and s.waba_id = $2;
end;
$$;

/* What a worker needs to hand a template in or to delete it. Null where nothing is asked for any more. */
create function private.claim_template_work(template_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template from public.templates t where t.id = $1 and t.work is not null;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'work', v_template.work,
    'tenant_id', v_template.tenant_id,
    'name', v_template.name,
    'language', v_template.language,
    'external_id', v_template.external_id,
    'waba_id', v_template.waba_id,
    'draft', v_template.draft,
    'at', clock_timestamp(),
    'access', private.template_access(v_template.tenant_id, v_template.waba_id)
  );
end;
$$;

/*
 * Writes down what came of it: {result: 'done', external_id, status, category} or {result: 'refused', error}.
 * A refusal leaves the draft as it is. A notice that overtook Meta's answer holds. Settled twice, it is settled once.
 */
create function private.settle_template_work(template_id uuid, at timestamptz, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template from public.templates t where t.id = $1 and t.work is not null for update;
  if not found then
    return;
  end if;

  if outcome ->> 'result' = 'refused' then
    update public.templates t
    set
      work = null,
      refusal = outcome -> 'error' || jsonb_build_object('work', t.work)
    where t.id = v_template.id;
    perform private.note_template(v_template, 'refused', coalesce(outcome #>> '{error,subcode}', outcome #>> '{error,code}'), outcome -> 'error', clock_timestamp());
    return;
  end if;

  if v_template.work = 'delete' then
    update public.templates t
    set
      work = null,
      refusal = null,
      status = 'DELETED'
    where t.id = v_template.id;
  else
    update public.templates t
    set
      work = null,
      refusal = null,
      external_id = coalesce(outcome ->> 'external_id', t.external_id),
      -- `status_at` stays: a notice tells the review's outcome by the provider's clock, perhaps of this very second.
      status = case when t.status_at < $2 - interval '5 seconds' then coalesce(outcome ->> 'status', 'PENDING') else t.status end,
      rejected_reason = case when t.status_at < $2 - interval '5 seconds' then null else t.rejected_reason end,
      category = coalesce(outcome ->> 'category', t.draft ->> 'category'),
      parameter_format = t.draft ->> 'parameter_format',
      components = t.draft -> 'components',
      problem = null,
      draft = null
    where t.id = v_template.id;
  end if;
  perform private.enqueue_template_sync(v_template.tenant_id, v_template.waba_id, clock_timestamp() + interval '5 seconds');
end;
$$;

grant execute on function
  private.enqueue_template_syncs(),
  private.start_template_sync(uuid, text),
  private.store_templates(uuid, text, timestamptz, jsonb),
  private.finish_template_sync(uuid, text, timestamptz, jsonb, jsonb),
  private.claim_template_work(uuid),
  private.settle_template_work(uuid, timestamptz, jsonb)
to prosa_worker;
