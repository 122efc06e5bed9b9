/*
 * What a tenant lets its AI spend, and whose key it uses: its own, or the installation's. A key is encrypted before it comes
 * here, and never leaves again but to a worker.
 */

create table public.ai_settings (
  tenant_id uuid primary key references public.tenants on delete cascade,
  enabled boolean not null default true,
  -- Billionths of a dollar, by the tenant's own day and month; null: no limit of the company's (agents have their own).
  daily_limit bigint check (daily_limit > 0),
  monthly_limit bigint check (monthly_limit > 0),
  calls_per_minute integer not null default 120 check (calls_per_minute between 1 and 10000),
  -- What the company pays for models: core's Price, stands before the published ones.
  prices jsonb not null default '[]' check (jsonb_typeof(prices) = 'array' and length(prices::text) <= 20000),
  updated_at timestamptz not null default clock_timestamp()
);

comment on table public.ai_settings is 'What a tenant lets its AI spend.';

create trigger _100_touch
  before update on public.ai_settings
  for each row
  execute function private.tg_touch();

/* A tenant's own key of a provider, as channels keep theirs; associated data is <tenant id>:ai_key. */
create table private.ai_keys (
  tenant_id uuid primary key references public.tenants on delete cascade,
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  -- The end of it, by which people tell one key from another.
  last_four text not null default '' check (length(last_four) <= 4),
  rotated_at timestamptz,
  updated_at timestamptz not null default clock_timestamp()
);

/* Which provider the workers of this installation were given. One row. */
create table private.ai_platform (
  id boolean primary key default true check (id),
  base_url text not null,
  has_key boolean not null,
  declared_at timestamptz not null default clock_timestamp()
);

alter table public.ai_settings enable row level security;
alter table private.ai_keys enable row level security;
alter table private.ai_platform enable row level security;

create policy select_manager on public.ai_settings
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.manage'))));

grant select on public.ai_settings to authenticated;

/*
 * What a tenant lets its AI spend; dollars, null for no limit. Raises tenant_not_found, not_allowed, ai_settings_invalid.
 */
create function public.save_ai_settings(
  tenant_id uuid, enabled boolean, daily_usd numeric, monthly_usd numeric, calls_per_minute integer, prices jsonb
)
  returns public.ai_settings
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_settings public.ai_settings;
begin
  perform private.require($1, 'ai.manage');
  if exists (
    select
    from jsonb_array_elements(coalesce($6, '[]')) p
    where length(coalesce(p.value ->> 'model', '')) not between 1 and 100
      or coalesce(p.value ->> 'since', '') !~ '^\d{4}-\d{2}-\d{2}$'
      or jsonb_typeof(p.value -> 'input') is distinct from 'number'
      or jsonb_typeof(p.value -> 'cached') is distinct from 'number'
      or jsonb_typeof(p.value -> 'output') is distinct from 'number'
      or least((p.value ->> 'input')::numeric, (p.value ->> 'cached')::numeric, (p.value ->> 'output')::numeric) < 0
      or greatest((p.value ->> 'input')::numeric, (p.value ->> 'cached')::numeric, (p.value ->> 'output')::numeric) > 10000
  ) then
    perform private.refuse(422, 'ai_settings_invalid', 'prices');
  end if;
  insert into public.ai_settings as s (tenant_id, enabled, daily_limit, monthly_limit, calls_per_minute, prices)
  values ($1, $2, round($3 * 1000000000), round($4 * 1000000000), $5, coalesce($6, '[]'))
  on conflict on constraint ai_settings_pkey do update
  set
    enabled = excluded.enabled,
    daily_limit = excluded.daily_limit,
    monthly_limit = excluded.monthly_limit,
    calls_per_minute = excluded.calls_per_minute,
    prices = excluded.prices
  returning s.* into v_settings;
  return v_settings;
exception when check_violation or not_null_violation or numeric_value_out_of_range then
  perform private.refuse(422, 'ai_settings_invalid');
end;
$$;

/* Whether AI works here, and if not, why: {on, reason, own_key, last_four, key_since, host, spent_today, spent_month}. Raises tenant_not_found, not_allowed. */
create function public.ai_status(tenant_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_accounts jsonb;
  v_platform private.ai_platform;
  v_own private.ai_keys;
  v_key boolean;
begin
  perform private.require($1, 'ai.read');
  select p.* into v_platform from private.ai_platform p;
  select k.* into v_own from private.ai_keys k where k.tenant_id = $1;
  v_accounts := private.ai_accounts($1, null);
  v_key := v_own.tenant_id is not null or coalesce(v_platform.has_key, false);
  return jsonb_build_object(
    'on', v_key and (v_accounts ->> 'enabled')::boolean,
    'reason', case when not v_key then 'ai_off' when not (v_accounts ->> 'enabled')::boolean then 'ai_disabled' end,
    'own_key', v_own.tenant_id is not null,
    'last_four', v_own.last_four,
    'key_since', v_own.updated_at,
    'host', v_platform.base_url,
    'spent_today', v_accounts -> 'tenant_day',
    'spent_month', v_accounts -> 'tenant_month'
  );
end;
$$;

/* Says which provider the workers have. */
create function private.declare_ai_platform(base_url text, has_key boolean)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  insert into private.ai_platform as p (base_url, has_key)
  values ($1, $2)
  on conflict on constraint ai_platform_pkey do update
  set base_url = excluded.base_url, has_key = excluded.has_key, declared_at = clock_timestamp()
$$;

/* The model for what belongs to no agent: that of the tenant's oldest agent, of those that answer first. Null: it has none. */
create function private.ai_model_of(tenant_id uuid)
  returns text
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(v.definition ->> 'model', a.draft ->> 'model')
  from public.ai_agents a
  left join public.ai_agent_versions v on v.tenant_id = a.tenant_id and v.id = a.published_version_id
  where a.tenant_id = $1
  order by a.published_version_id is null, a.created_at
  limit 1
$$;

/* A tenant's own key, still encrypted; null: it has none. */
create function private.ai_key_of(tenant_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object('key_id', k.key_id, 'nonce', encode(k.nonce, 'hex'), 'ciphertext', encode(k.ciphertext, 'hex'))
  from private.ai_keys k
  where k.tenant_id = $1
$$;

/*
 * Keeps a tenant's key, encrypted before it came here ({key_id, nonce, ciphertext, last_four}; nonce and ciphertext in hex),
 * or forgets it (null). Raises tenant_not_found, not_allowed.
 */
create function private.keep_ai_key(person jsonb, tenant_id uuid, secret jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.speak_as($1);
  perform private.require($2, 'ai.manage');
  if $3 is null or jsonb_typeof($3) = 'null' then
    delete from private.ai_keys k where k.tenant_id = $2;
  else
    insert into private.ai_keys as k (tenant_id, key_id, nonce, ciphertext, last_four)
    values (
      $2, $3 ->> 'key_id', decode($3 ->> 'nonce', 'hex'), decode($3 ->> 'ciphertext', 'hex'), right(coalesce($3 ->> 'last_four', ''), 4)
    )
    on conflict on constraint ai_keys_pkey do update
    set key_id = excluded.key_id, nonce = excluded.nonce, ciphertext = excluded.ciphertext, last_four = excluded.last_four,
      updated_at = clock_timestamp();
  end if;
  -- That it was changed is for the audit; what it is, is for nobody.
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  values ($2, auth.uid(), 'update', 'ai_keys', $2::text, jsonb_build_object('kept', $3 is not null and jsonb_typeof($3) <> 'null'));
end;
$$;

grant execute on function
  public.save_ai_settings(uuid, boolean, numeric, numeric, integer, jsonb),
  public.ai_status(uuid)
to authenticated;

grant execute on function
  private.declare_ai_platform(text, boolean),
  private.ai_model_of(uuid),
  private.ai_key_of(uuid)
to prosa_worker;

grant execute on function private.keep_ai_key(jsonb, uuid, jsonb) to prosa_modules;
