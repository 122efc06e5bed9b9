/*
 * A template is a message that Meta has approved beforehand, the only thing that reaches a person
 * outside their window. It belongs to the WhatsApp account (WABA), so every number of that account in
 * the tenant shares it. Meta holds the truth: `status`, `category`, `components` are what it last said,
 * by a notice or by its list; what somebody here has written and Meta has not yet taken stands in
 * `draft`, and nothing that Meta says or refuses ever takes it away.
 */

create table public.templates (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  waba_id text not null check (waba_id ~ '^[0-9]{5,32}$'),
  name text not null check (name ~ '^[a-z0-9_]+$' and length(name) <= 512),
  language text not null check (language ~ '^[a-z]{2,3}(_[A-Z]{2,4})?$'),
  -- Meta's id. Null: it has not seen this template yet.
  external_id text,
  category text check (category in ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
  previous_category text,
  -- What Meta is about to make of the category, and when.
  next_category text,
  category_changes_at timestamptz,
  -- Meta's word (APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …), DRAFT until it has one.
  status text not null default 'DRAFT' check (status ~ '^[A-Z_]{2,40}$'),
  rejected_reason text,
  -- In Meta's words: {reason, recommendation}, or {title, description} of a pause.
  status_detail jsonb,
  quality text not null default 'UNKNOWN' check (quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
  paused_until timestamptz,
  parameter_format text not null default 'POSITIONAL' check (parameter_format in ('POSITIONAL', 'NAMED')),
  -- As Meta gives them. Null: known by a notice alone, its text is still to be read.
  components jsonb check (jsonb_typeof(components) = 'array'),
  -- {category, parameter_format, components} that Meta has not taken yet.
  draft jsonb check (jsonb_typeof(draft) = 'object'),
  -- What a worker has been asked to do with it, until Meta has answered.
  work text check (work in ('submit', 'delete')),
  -- Why Meta refused the last of that: {work, code, subcode, title, details}.
  refusal jsonb,
  -- Why Meta refused to send it: {code, title, details, at}. Until it has been read again.
  problem jsonb,
  -- The provider's clock of what is known; an older word never undoes a newer one.
  status_at timestamptz not null default '-infinity',
  quality_at timestamptz not null default '-infinity',
  category_at timestamptz not null default '-infinity',
  components_at timestamptz not null default '-infinity',
  synced_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  unique (tenant_id, waba_id, name, language),
  check (external_id is not null or status <> 'APPROVED')
);

comment on table public.templates is 'A message approved by Meta beforehand, in one language, of one WhatsApp account.';

create index templates_external_id_idx on public.templates (tenant_id, external_id) where external_id is not null;

create trigger _100_touch
  before update on public.templates
  for each row
  execute function private.tg_touch();

alter table public.templates enable row level security;

create policy select_member on public.templates
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.templates to authenticated;

/* What happened to a template, whoever told: Meta, its list, a refused send, a person here. Append-only. */
create table public.template_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  template_id uuid not null,
  kind text not null check (kind in ('status', 'quality', 'category', 'category_announced', 'components', 'refused', 'stopped', 'saved', 'submitted', 'deleted')),
  -- What it became: APPROVED, RED, MARKETING, an error code.
  value text not null default '',
  detail jsonb not null default '{}',
  -- Null: Meta's doing.
  actor_id uuid,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, template_id) references public.templates (tenant_id, id) on delete cascade
);

comment on table public.template_events is 'What became of a template, and who said so. Append-only.';

create index on public.template_events (tenant_id, template_id, occurred_at desc);
create index on public.template_events (tenant_id, occurred_at desc);

-- A notice delivered twice is one event.
create unique index template_events_once_idx on public.template_events (tenant_id, template_id, kind, value, occurred_at);

alter table public.template_events enable row level security;

create policy select_member on public.template_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.template_events to authenticated;

/* How the last reading of an account's list went. */
create table public.template_syncs (
  tenant_id uuid not null references public.tenants on delete cascade,
  waba_id text not null,
  status text not null check (status in ('queued', 'running', 'done', 'failed')),
  found integer not null default 0,
  error jsonb,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- As of when the last whole list was read: an older notice tells nothing new.
  read_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, waba_id)
);

comment on table public.template_syncs is 'How the last reading of a WhatsApp account''s templates went.';

create trigger _100_touch
  before update on public.template_syncs
  for each row
  execute function private.tg_touch();

alter table public.template_syncs enable row level security;

create policy select_member on public.template_syncs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.template_syncs to authenticated;

-- Few changes a day: browsers follow them without a broadcast of their own.
alter publication supabase_realtime add table public.templates, public.template_syncs;

/* One event of a template's life; the same once. */
create function private.note_template(template public.templates, kind text, value text, detail jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.template_events (tenant_id, template_id, kind, value, detail, actor_id, occurred_at)
  values (template.tenant_id, template.id, kind, coalesce(value, ''), coalesce(detail, '{}'), auth.uid(), at)
  on conflict do nothing;
end;
$$;

/* The template, locked, of somebody who may manage it. Raises template_not_found, not_allowed. */
create function private.lock_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template
  from public.templates t
  where t.id = $1
    and t.tenant_id = any (array(select private.my_tenant_ids('templates.read')))
  for update;
  if not found then
    perform private.refuse(404, 'template_not_found');
  end if;
  if not private.may(v_template.tenant_id, 'templates.manage') then
    perform private.refuse(403, 'not_allowed', 'templates.manage');
  end if;
  return v_template;
end;
$$;

/* The channel of somebody who may manage its templates. Raises channel_not_found, not_allowed. */
create function private.templates_channel(channel_id uuid)
  returns public.channels
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  select c.* into v_channel
  from public.channels c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('templates.read')));
  if not found then
    perform private.refuse(404, 'channel_not_found');
  end if;
  if not private.may(v_channel.tenant_id, 'templates.manage') then
    perform private.refuse(403, 'not_allowed', 'templates.manage');
  end if;
  return v_channel;
end;
$$;

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
  v_channel public.channels := private.templates_channel(channel_id);
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
  v_channel public.channels := private.templates_channel(channel_id);
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
