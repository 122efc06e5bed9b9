/*
 * Flows: bots as somebody draws them. What is drawn is core/src/flows' Flow, kept as one JSON: the draft, which people
 * change, and versions, which are published and never change. What starts a flow stands beside it and holds for whichever
 * version is published. The database looks at a flow's bones alone (its size, its start, where its lines lead); whoever
 * runs it reads the rest, and hands the conversation to a person where it can't.
 */

create table public.flows (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (name = btrim(name) and length(name) between 1 and 80),
  draft jsonb not null,
  -- Raised with every change of the draft: whoever saves over another's change is told.
  revision integer not null default 1,
  -- The version that new runs take; null: none begins.
  published_version_id uuid,
  -- Put away: out of the list, and begun by nothing.
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check (archived_at is null or published_version_id is null)
);

comment on table public.flows is 'Bots: what is drawn, and which version of it is live.';

create unique index flows_name_idx on public.flows (tenant_id, lower(name)) where archived_at is null;

create trigger _100_touch
  before update on public.flows
  for each row
  execute function private.tg_touch();

create table public.flow_versions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  flow_id uuid not null,
  number integer not null check (number > 0),
  definition jsonb not null,
  -- The flows that it calls, and the teams whose hours it asks about ('' for the tenant's).
  calls uuid[] not null default '{}',
  hours_of text[] not null default '{}',
  note text not null default '' check (length(note) <= 500),
  published_by uuid,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, flow_id, number),
  foreign key (tenant_id, flow_id) references public.flows (tenant_id, id) on delete cascade
);

comment on table public.flow_versions is 'Published flows. Never change: runs hold on to them.';

alter table public.flows
  add foreign key (tenant_id, published_version_id) references public.flow_versions (tenant_id, id);

create index on public.flows (tenant_id, published_version_id);

/* What was published stays as it was, whoever asks. */
create function private.tg_flow_versions__immutable()
  returns trigger
  language plpgsql
as $$
begin
  perform private.refuse(409, 'flow_version_immutable');
end;
$$;

create trigger _100_immutable
  before update on public.flow_versions
  for each row
  execute function private.tg_flow_versions__immutable();

create table public.flow_triggers (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  flow_id uuid not null,
  type text not null check (type in ('keyword', 'pattern', 'first_message', 'outside_hours', 'ad', 'tag', 'event', 'schedule')),
  -- core's Trigger, its type with it.
  settings jsonb not null check (settings ->> 'type' = type),
  position integer not null default 0,
  -- Whether its flow is published: no other trigger is ever looked at.
  active boolean not null default false,
  on_message boolean not null generated always as (type in ('keyword', 'pattern', 'first_message', 'outside_hours', 'ad')) stored,
  -- One of these stands in whatever sets it off, as private.flow_words writes it; '' stands in everything. Most messages
  -- start nothing, and are no job's.
  needles text[] not null default '{""}',
  -- What was said before it held sets nothing off.
  active_since timestamptz not null default now(),
  unique (tenant_id, id),
  foreign key (tenant_id, flow_id) references public.flows (tenant_id, id) on delete cascade
);

comment on table public.flow_triggers is 'What starts a flow.';

/* A text by its plain words alone: `*Orçamento*!` is `orcamento`. */
create function private.flow_words(text text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return btrim(regexp_replace(private.fold($1), '[^a-z0-9]+', ' ', 'g'));
end;
$$;

/* Words of which letters would be lost find everything: whoever looks closer (core's triggeredBy) decides. */
create function private.tg_flow_triggers__needles()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if new.type = 'keyword' and jsonb_typeof(new.settings -> 'words') = 'array' then
    new.needles := array(
      select case when private.fold(w.value) ~ '[^ -~]' then '' else private.flow_words(w.value) end
      from jsonb_array_elements_text(new.settings -> 'words') w
    );
  end if;
  return new;
end;
$$;

create trigger _100_needles
  before insert on public.flow_triggers
  for each row
  execute function private.tg_flow_triggers__needles();

create index on public.flow_triggers (tenant_id, flow_id);
-- What every message asks: has its tenant a flow that one could start?
create index flow_triggers_message_idx on public.flow_triggers (tenant_id) where active and on_message;
create index flow_triggers_other_idx on public.flow_triggers (type, tenant_id) where active and not on_message;

create table public.flow_variables (
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (name ~ '^[a-z][a-z0-9_]{0,39}$' and name <> 'name'),
  value jsonb not null check (jsonb_typeof(value) in ('string', 'number', 'boolean') and length(value::text) <= 10000),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, name)
);

comment on table public.flow_variables is 'What is the same in all flows of a tenant: {{tenant.frete}}.';

create trigger _100_touch
  before update on public.flow_variables
  for each row
  execute function private.tg_touch();

alter table public.flows enable row level security;
alter table public.flow_versions enable row level security;
alter table public.flow_triggers enable row level security;
alter table public.flow_variables enable row level security;

create policy select_reader on public.flows
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.read'))));

create policy select_reader on public.flow_versions
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.read'))));

create policy select_reader on public.flow_triggers
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.read'))));

create policy select_reader on public.flow_variables
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.read'))));

grant select on public.flows, public.flow_versions, public.flow_triggers, public.flow_variables to authenticated;
