/*
 * Templates as people write them: drafts that are kept, handed in, deleted or taken back, and the list that
 * they ask to be read again. What Meta is to be told goes as jobs (53_template_work).
 */

/*
 * Keeps what somebody has written: {name, language, category, parameter_format, components}. A draft may
 * be incomplete. `template_id` null makes a new one; name and language of one that Meta knows stay.
 * Raises channel_not_found, template_not_found, not_allowed, template_exists, template_invalid, template_busy.
 */
create function public.save_template(channel_id uuid, template_id uuid, template jsonb)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'templates.read', 'templates.manage');
  v_draft jsonb := jsonb_build_object(
    'category', template -> 'category',
    'parameter_format', coalesce(template ->> 'parameter_format', 'POSITIONAL'),
    'components', template -> 'components'
  );
  v_template public.templates;
begin
  if coalesce(template ->> 'name', '') !~ '^[a-z0-9_]+$' or length(template ->> 'name') > 512 then
    perform private.refuse(422, 'template_invalid', 'name_invalid');
  elsif coalesce(template ->> 'language', '') !~ '^[a-z]{2,3}(_[A-Z]{2,4})?$' then
    perform private.refuse(422, 'template_invalid', 'language_invalid');
  elsif coalesce(template ->> 'category', '') not in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then
    perform private.refuse(422, 'template_invalid', 'category_missing');
  elsif v_draft ->> 'parameter_format' not in ('POSITIONAL', 'NAMED')
    or jsonb_typeof(v_draft -> 'components') is distinct from 'array'
    or pg_column_size(v_draft) > 200000
  then
    perform private.refuse(422, 'template_invalid', 'components_invalid');
  end if;

  if template_id is not null then
    v_template := private.lock_template(template_id);
    if v_template.tenant_id <> v_channel.tenant_id or v_template.waba_id <> v_channel.waba_id then
      perform private.refuse(404, 'template_not_found');
    end if;
    if v_template.work is not null then
      perform private.refuse(409, 'template_busy');
    end if;
  else
    -- What Meta has forgotten may be written anew under its name.
    select t.* into v_template
    from public.templates t
    where t.tenant_id = v_channel.tenant_id
      and t.waba_id = v_channel.waba_id
      and t.name = template ->> 'name'
      and t.language = template ->> 'language'
      and t.status = 'DELETED'
      and t.draft is null
    for update;
  end if;

  begin
    if v_template.id is null then
      insert into public.templates (tenant_id, waba_id, name, language, category, parameter_format, draft, created_by)
      values (
        v_channel.tenant_id, v_channel.waba_id, template ->> 'name', template ->> 'language',
        template ->> 'category', v_draft ->> 'parameter_format', v_draft, auth.uid()
      )
      returning * into v_template;
    else
      update public.templates t
      set
        name = case when t.external_id is null then template ->> 'name' else t.name end,
        language = case when t.external_id is null then template ->> 'language' else t.language end,
        category = case when t.external_id is null then template ->> 'category' else t.category end,
        parameter_format = case when t.external_id is null then v_draft ->> 'parameter_format' else t.parameter_format end,
        status = case when t.status = 'DELETED' then 'DRAFT' else t.status end,
        external_id = case when t.status = 'DELETED' then null else t.external_id end,
        components = case when t.status = 'DELETED' then null else t.components end,
        draft = v_draft,
        refusal = null
      where t.id = v_template.id
      returning t.* into v_template;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'template_exists');
  end;

  return v_template;
end;
$$;

/*
 * Hands a draft to Meta for review, as a new template or as an edit of one it knows. Asked twice, it is
 * handed in once. Raises template_not_found, not_allowed, template_nothing_to_submit, template_invalid.
 */
create function public.submit_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work = 'submit' then
    return v_template;
  end if;
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.draft is null then
    perform private.refuse(409, 'template_nothing_to_submit');
  end if;
  perform private.check_template_draft(v_template.draft ->> 'category', v_template.draft -> 'components');

  update public.templates t
  set
    work = 'submit',
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;

  perform private.note_template(v_template, 'submitted', '', null, clock_timestamp());
  perform graphile_worker.add_job(
    'template__submit',
    json_build_object('template_id', v_template.id),
    queue_name => 'templates:' || v_template.waba_id,
    job_key => 'template:' || v_template.id
  );
  return v_template;
end;
$$;

/*
 * Forgets a draft at once; what Meta knows is deleted there first. Returns the row as it is now, null where
 * it is gone. Raises template_not_found, not_allowed, template_busy.
 */
create function public.delete_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work = 'delete' or v_template.status = 'DELETED' then
    return v_template;
  end if;
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.external_id is null then
    delete from public.templates t where t.id = v_template.id;
    return null;
  end if;

  update public.templates t
  set
    work = 'delete',
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;

  perform private.note_template(v_template, 'deleted', '', null, clock_timestamp());
  perform graphile_worker.add_job(
    'template__delete',
    json_build_object('template_id', v_template.id),
    queue_name => 'templates:' || v_template.waba_id,
    job_key => 'template:' || v_template.id
  );
  return v_template;
end;
$$;

/* Takes back changes that Meta has not been given: the template is again what Meta holds. Raises template_not_found, not_allowed, template_busy. */
create function public.discard_template_draft(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.external_id is null then
    return v_template;
  end if;
  update public.templates t
  set
    draft = null,
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;
  return v_template;
end;
$$;

/*
 * Asks for the account's list to be read again, by whoever may manage its templates. Twice within 15
 * seconds is once: the second answer tells how the first is doing. Raises channel_not_found, not_allowed.
 */
create function public.sync_templates(channel_id uuid)
  returns public.template_syncs
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'templates.read', 'templates.manage');
  v_sync public.template_syncs;
begin
  select s.* into v_sync
  from public.template_syncs s
  where s.tenant_id = v_channel.tenant_id
    and s.waba_id = v_channel.waba_id;
  if v_sync.requested_at > clock_timestamp() - interval '15 seconds' then
    return v_sync;
  end if;

  perform private.enqueue_template_sync(v_channel.tenant_id, v_channel.waba_id, clock_timestamp());
  insert into public.template_syncs as s (tenant_id, waba_id, status)
  values (v_channel.tenant_id, v_channel.waba_id, 'queued')
  on conflict (tenant_id, waba_id) do update
  set
    status = 'queued',
    requested_at = clock_timestamp(),
    error = null
  returning s.* into v_sync;
  return v_sync;
end;
$$;

grant execute on function
  public.save_template(uuid, uuid, jsonb),
  public.submit_template(uuid),
  public.delete_template(uuid),
  public.discard_template_draft(uuid),
  public.sync_templates(uuid)
to authenticated;

/* One job an account, however often it is asked for. */
create function private.enqueue_template_sync(tenant_id uuid, waba_id text, run_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'templates__sync',
    json_build_object('tenant_id', tenant_id, 'waba_id', waba_id),
    queue_name => 'templates:' || waba_id,
    run_at => run_at,
    job_key => 'templates:' || tenant_id || ':' || waba_id
  );
end;
$$;
