/*
 * Modules: integrations that a tenant switches on. What there is and what each is asked for stands in core/src/modules;
 * here a module is one row with what may be shown of it, and its secrets encrypted beside it, as a channel's are. Whoever
 * manages modules sees that a secret is set, and since when; what it is, nobody reads but the worker that uses it.
 */

create table public.tenant_modules (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  module text not null check (module in ('sgp', 'http')),
  -- Tells several of a kind apart; '' where there is one.
  name text not null default '' check (name = btrim(name) and length(name) <= 60 and (name <> '') = (module = 'http')),
  enabled boolean not null default true,
  -- Without secrets.
  configuration jsonb not null default '{}' check (jsonb_typeof(configuration) = 'object' and length(configuration::text) <= 10000),
  -- {name: since when}
  secrets_set jsonb not null default '{}',
  -- Raised with every change of what it is called with: whoever keeps a client by it makes a new one.
  revision integer not null default 1,
  test_asked_at timestamptz,
  tested_at timestamptz,
  -- Of the last test: a code of core/src/errors, null where it went well; and a few words for whoever looks closer.
  last_error text check (length(last_error) <= 80),
  last_detail text check (length(last_detail) <= 200),
  answered_ms integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

comment on table public.tenant_modules is 'Integrations of a tenant. Their secrets stand apart, encrypted.';

create unique index tenant_modules_name_idx on public.tenant_modules (tenant_id, module, lower(name));

create trigger _100_touch
  before update on public.tenant_modules
  for each row
  execute function private.tg_touch();

create table private.module_secrets (
  module_id uuid not null references public.tenant_modules on delete cascade,
  name text not null check (name ~ '^[a-z][a-z_]{0,39}$'),
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  updated_at timestamptz not null default clock_timestamp(),
  rotated_at timestamptz,
  primary key (module_id, name)
);

comment on table private.module_secrets is 'AES-256-GCM; associated data is <module id>:<name>; key_id names the key in SECRETS_KEY.';

alter table public.tenant_modules enable row level security;
alter table private.module_secrets enable row level security;

create policy select_manager on public.tenant_modules
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('modules.manage'))));

grant select on public.tenant_modules to authenticated;

/* A module of a tenant where the signed-in person manages them, locked. Raises module_not_found. */
create function private.lock_module(module_id uuid)
  returns public.tenant_modules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_module public.tenant_modules;
begin
  select m.* into v_module
  from public.tenant_modules m
  where m.id = $1
    and m.tenant_id = any (array(select private.my_tenant_ids('modules.manage')))
  for update;
  if v_module.id is null then
    perform private.refuse(404, 'module_not_found');
  end if;
  return v_module;
end;
$$;

/* Switches a module on or off: off, no flow gets through to it. Raises module_not_found. */
create function public.switch_module(module_id uuid, enabled boolean)
  returns public.tenant_modules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_module public.tenant_modules := private.lock_module($1);
begin
  update public.tenant_modules m
  set enabled = $2
  where m.id = v_module.id
    and m.enabled <> $2
  returning m.* into v_module;
  if v_module.id is null then
    select m.* into v_module from public.tenant_modules m where m.id = $1;
  end if;
  return v_module;
end;
$$;

/* Throws a module away, with its secrets. Raises module_not_found. */
create function public.delete_module(module_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_module public.tenant_modules := private.lock_module($1);
begin
  delete from public.tenant_modules m where m.id = v_module.id;
end;
$$;

/*
 * Has a worker call the other side; what came of it is written into the row. Asked again before it
 * began, it is called once. Raises module_not_found.
 */
create function public.test_module(module_id uuid)
  returns public.tenant_modules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_module public.tenant_modules := private.lock_module($1);
begin
  update public.tenant_modules m
  set test_asked_at = clock_timestamp()
  where m.id = v_module.id
  returning m.* into v_module;
  perform graphile_worker.add_job(
    'module__test', json_build_object('module_id', v_module.id),
    job_key => 'module_test:' || v_module.id, priority => 0::smallint, max_attempts => 3
  );
  return v_module;
end;
$$;

/* What flows may name: without addresses' secrets, without what a test found. For whoever draws flows. Raises tenant_not_found, not_allowed. */
create function public.modules_for_flows(tenant_id uuid)
  returns table (id uuid, module text, name text, enabled boolean, url text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'flows.manage');
  return query
  select m.id, m.module, m.name, m.enabled, m.configuration ->> 'url'
  from public.tenant_modules m
  where m.tenant_id = $1
  order by m.module, lower(m.name);
end;
$$;

grant execute on function
  public.switch_module(uuid, boolean),
  public.delete_module(uuid),
  public.test_module(uuid),
  public.modules_for_flows(uuid)
to authenticated;
