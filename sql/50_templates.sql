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
