/*
 * What Meta tells about templates: status, category (also one that is about to change), quality, text.
 * Notices come in any order and more than once: each kind keeps the provider's time of what it last
 * applied, and an older word never undoes a newer one, nor what a later reading of the whole list has
 * shown. Every notice stands in the template's events, whatever came of it.
 */

/* Of two states told in one second the later in a template's life holds. */
create function private.template_rank(word text)
  returns integer
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(array_position(
    array['DRAFT', 'UNKNOWN', 'GREEN', 'YELLOW', 'RED', 'PENDING', 'IN_APPEAL', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'ARCHIVED', 'PENDING_DELETION', 'DELETED'],
    $1
  ), 0)
$$;

/*
 * The template a notice speaks of, locked; made where nobody here knows it yet, its text unread. Null where
 * the notice names none, or one of the same name that has been replaced since.
 */
create function private.template_of_notice(tenant_id uuid, waba_id text, payload jsonb, at timestamptz)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_external_id text := payload ->> 'message_template_id';
  v_name text := payload ->> 'message_template_name';
  v_language text := replace(payload ->> 'message_template_language', '-', '_');
  v_template public.templates;
begin
  select t.* into v_template
  from public.templates t
  where t.tenant_id = $1
    and t.waba_id = $2
    and t.external_id = v_external_id
  for update;
  if found or v_external_id is null or v_name !~ '^[a-z0-9_]+$' or length(v_name) > 512 or v_language !~ '^[a-z]{2,3}(_[A-Z]{2,4})?$' then
    return v_template;
  end if;

  insert into public.templates (tenant_id, waba_id, name, language, external_id, status)
  values ($1, $2, v_name, v_language, v_external_id, 'PENDING')
  on conflict on constraint templates_tenant_id_waba_id_name_language_key do nothing
  returning * into v_template;
  if found then
    return v_template;
  end if;

  -- Ours, whose answer this notice has overtaken; or another that has taken the name of one that is gone.
  update public.templates t
  set
    external_id = v_external_id,
    status = case when t.external_id is null then 'PENDING' else t.status end
  where t.tenant_id = $1
    and t.waba_id = $2
    and t.name = v_name
    and t.language = v_language
    and (
      t.external_id is null
      or (
        (t.status = 'DELETED' or $4 > t.status_at)
        and coalesce(payload ->> 'event', '') not in ('DELETED', 'PENDING_DELETION')
      )
    )
  returning t.* into v_template;
  return v_template;
end;
$$;

/* Applies one notice about a template, and has the account's list read again. */
create function private.apply_template_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_waba_id text := (select c.waba_id from public.channels c where c.id = $2 and c.tenant_id = $1);
  v_template public.templates;
  -- What a reading of the whole list has shown is newer than any notice before it.
  v_read_at timestamptz;
begin
  v_template := private.template_of_notice(tenant_id, v_waba_id, payload, at);
  if v_template.id is null then
    return;
  end if;
  select case when v_template.components is null then '-infinity' else s.read_at end into v_read_at
  from public.template_syncs s
  where s.tenant_id = $1
    and s.waba_id = v_waba_id;
  v_read_at := coalesce(v_read_at, '-infinity');

  case field
    when 'message_template_status_update' then
      perform private.apply_template_status(v_template, payload, at, v_read_at);
    when 'message_template_quality_update' then
      perform private.apply_template_quality(v_template, payload, at, v_read_at);
    when 'template_category_update' then
      perform private.apply_template_category(v_template, payload, at, v_read_at);
    when 'message_template_components_update' then
      perform private.apply_template_components(v_template, payload, at, v_read_at);
    else
      return;
  end case;

  perform graphile_worker.add_job(
    'templates__sync',
    json_build_object('tenant_id', tenant_id, 'waba_id', v_waba_id),
    queue_name => 'templates:' || v_waba_id,
    -- Notices come in bursts: one reading serves them.
    run_at => clock_timestamp() + interval '5 seconds',
    job_key => 'templates:' || tenant_id || ':' || v_waba_id,
    job_key_mode => 'preserve_run_at'
  );
end;
$$;

/* message_template_status_update: {event, reason, rejection_info, other_info, disable_info}. */
create function private.apply_template_status(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event text := upper(coalesce(payload ->> 'event', ''));
  v_pause text := payload #>> '{other_info,title}';
  v_status text := case
    when v_event in ('REINSTATED', 'UNPAUSED', 'UNPAUSE', 'UNARCHIVED') then 'APPROVED'
    when v_event in ('PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'IN_APPEAL', 'ARCHIVED', 'PENDING_DELETION', 'DELETED') then v_event
    -- FLAGGED, LOCKED, LIMIT_EXCEEDED and words yet unknown: to be read, no state of their own.
  end;
begin
  perform private.note_template(template, 'status', v_event, payload, at);
  if v_status is null or at <= read_at then
    return;
  end if;

  update public.templates t
  set
    status = v_status,
    status_at = at,
    rejected_reason = case when v_status = 'REJECTED' then nullif(payload ->> 'reason', 'NONE') end,
    status_detail = coalesce(payload -> 'rejection_info', payload -> 'other_info', payload -> 'disable_info'),
    -- Meta pauses for three hours, then for six, then disables.
    paused_until = case
      when v_status <> 'PAUSED' then null
      when v_pause = 'FIRST_PAUSE' then at + interval '3 hours'
      when v_pause = 'SECOND_PAUSE' then at + interval '6 hours'
    end,
    problem = case when v_status = 'APPROVED' and (t.problem ->> 'at')::timestamptz > at then t.problem end,
    work = case when v_status = 'DELETED' then null else t.work end
  where t.id = template.id
    and (at, private.template_rank(v_status)) > (t.status_at, private.template_rank(t.status));
end;
$$;

/* message_template_quality_update: {previous_quality_score, new_quality_score}. */
create function private.apply_template_quality(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_quality text := upper(payload ->> 'new_quality_score');
begin
  perform private.note_template(template, 'quality', v_quality, payload, at);
  update public.templates t
  set
    quality = v_quality,
    quality_at = at
  where t.id = template.id
    and v_quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')
    and at > read_at
    and (at, private.template_rank(v_quality)) > (t.quality_at, private.template_rank(t.quality));
end;
$$;

/*
 * template_category_update: {previous_category, new_category} when it has changed; {new_category,
 * correct_category, category_update_timestamp} when it is going to, and `new_category` is what holds until then.
 */
create function private.apply_template_category(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_now text := upper(payload ->> 'new_category');
  v_next text := upper(payload ->> 'correct_category');
  v_changes_at timestamptz;
begin
  if payload ->> 'category_update_timestamp' ~ '^[0-9]{1,12}$' then
    v_changes_at := to_timestamp((payload ->> 'category_update_timestamp')::double precision);
  end if;
  perform private.note_template(
    template,
    case when v_next is null then 'category' else 'category_announced' end,
    coalesce(v_next, v_now), payload, at
  );
  update public.templates t
  set
    category = v_now,
    previous_category = upper(payload ->> 'previous_category'),
    next_category = v_next,
    category_changes_at = v_changes_at,
    category_at = at
  where t.id = template.id
    and v_now in ('MARKETING', 'UTILITY', 'AUTHENTICATION')
    and at > read_at
    -- In one second, what has happened comes after its announcement.
    and (at, v_next is null, v_now) > (t.category_at, t.next_category is null, coalesce(t.category, ''));
end;
$$;

/* message_template_components_update: the texts as they read from now on; everything else comes with the list. */
create function private.apply_template_components(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_body text := payload ->> 'message_template_element';
begin
  perform private.note_template(template, 'components', '', payload, at);
  update public.templates t
  set
    components = (
      select jsonb_agg(
        case
          when upper(c.value ->> 'type') = 'BODY' and v_body is not null then c.value || jsonb_build_object('text', v_body)
          when upper(c.value ->> 'type') = 'HEADER' and c.value ->> 'format' = 'TEXT' and payload ? 'message_template_title'
            then c.value || jsonb_build_object('text', payload -> 'message_template_title')
          when upper(c.value ->> 'type') = 'FOOTER' and payload ? 'message_template_footer'
            then c.value || jsonb_build_object('text', payload -> 'message_template_footer')
          else c.value
        end
        order by c.ordinality
      )
      from jsonb_array_elements(t.components) with ordinality c
    ),
    components_at = at
  where t.id = template.id
    and jsonb_array_length(t.components) > 0
    and at > read_at
    and (at, coalesce(v_body, '')) > (
      t.components_at,
      coalesce((select c.value ->> 'text' from jsonb_array_elements(t.components) c where upper(c.value ->> 'type') = 'BODY' limit 1), '')
    );
end;
$$;

/*
 * Meta has refused to send this template: paused (132015), disabled (132016), unknown (132001), against a
 * policy (132007), filled in another way than it wants (132000, 132005, 132012). Whoever runs the templates
 * is told; what cannot be sent is refused from now on, until the list has been read again.
 */
create function private.stop_template(channel_id uuid, name text, language text, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
  v_template public.templates;
  v_code text := error ->> 'code';
begin
  select c.* into v_channel from public.channels c where c.id = $1;
  -- Not `status_at`: a notice tells it by the provider's clock, and with how long it lasts.
  update public.templates t
  set
    status = case v_code when '132015' then 'PAUSED' when '132016' then 'DISABLED' else t.status end,
    paused_until = case when v_code = '132015' and t.paused_until > now() then t.paused_until end,
    problem = jsonb_build_object(
      'code', v_code,
      'title', error -> 'title',
      'details', error -> 'details',
      'at', clock_timestamp()
    )
  where t.tenant_id = v_channel.tenant_id
    and t.waba_id = v_channel.waba_id
    and t.name = $2
    and t.language = $3
  returning t.* into v_template;
  if not found then
    return;
  end if;

  perform private.note_template(v_template, 'stopped', v_code, error, date_trunc('minute', clock_timestamp()));
  perform private.enqueue_template_sync(v_template.tenant_id, v_template.waba_id, clock_timestamp() + interval '5 seconds');
end;
$$;
