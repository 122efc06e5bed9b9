/*
 * A membership lets a person into a tenant in one role: one of the five built-in ones, or one the tenant has made
 * (sql/11_roles.sql). Roles map to permissions, and one function answers every policy: which of my tenants give me
 * this permission?
 */

create type public.member_role as enum ('admin', 'supervisor', 'agent', 'viewer', 'analyst');

create table private.permissions (
  name text primary key check (name ~ '^[a-z_]+\.[a-z_]+$')
);

create table private.role_permissions (
  role public.member_role not null,
  permission text not null references private.permissions on delete cascade,
  primary key (role, permission)
);

create index on private.role_permissions (permission);

alter table private.permissions enable row level security;
alter table private.role_permissions enable row level security;

insert into private.permissions (name)
values
  ('conversations.read'),
  ('conversations.read_all'),
  ('conversations.pick'),
  ('conversations.reply'),
  ('conversations.assign'),
  ('conversations.close'),
  ('conversations.merge'),
  ('contacts.read'),
  ('contacts.write'),
  ('contacts.merge'),
  ('channels.read'),
  ('channels.manage'),
  ('modules.manage'),
  ('templates.read'),
  ('templates.manage'),
  ('costs.read'),
  ('members.read'),
  ('members.manage'),
  ('roles.manage'),
  ('teams.manage'),
  ('availability.manage'),
  ('hours.manage'),
  ('tags.manage'),
  ('attributes.manage'),
  ('filters.share'),
  ('macros.share'),
  ('canned_responses.manage'),
  ('automation.manage'),
  ('flows.read'),
  ('flows.manage'),
  ('ai.read'),
  ('ai.manage'),
  ('ai.assist'),
  ('webhooks.read'),
  ('audit.read'),
  ('reports.read'),
  ('tenant.read'),
  ('tenant.manage');

insert into private.role_permissions (role, permission)
select 'admin'::public.member_role, name from private.permissions
union all
select 'supervisor', name from private.permissions where name not in ('tenant.manage', 'members.manage', 'roles.manage', 'channels.manage', 'modules.manage', 'webhooks.read')
union all
select 'agent', name from private.permissions
where name in (
  'conversations.read', 'conversations.pick', 'conversations.reply', 'conversations.assign', 'conversations.close', 'conversations.merge',
  'contacts.read', 'contacts.write', 'channels.read', 'templates.read', 'flows.read', 'ai.read', 'ai.assist', 'members.read', 'tenant.read'
)
union all
select 'viewer', name from private.permissions
where name in (
  'conversations.read', 'conversations.read_all', 'contacts.read', 'channels.read', 'templates.read', 'flows.read', 'ai.read', 'members.read', 'tenant.read'
)
union all
select 'analyst', name from private.permissions where name in ('reports.read', 'costs.read', 'tenant.read');

create table public.memberships (
  tenant_id uuid not null references public.tenants on delete cascade,
  user_id uuid not null references auth.users on delete cascade,
  -- A built-in role, or one of the tenant's own; never both, so that what asks for `role` alone finds too little, not too much.
  role public.member_role default 'agent',
  role_id uuid,
  display_name text not null check (length(display_name) between 1 and 80),
  -- Since when the person may do nothing here. Their name stays on what they did.
  deactivated_at timestamptz,
  -- Where the person is in getting to know the product (sql/13_onboarding.sql); null: through with it.
  onboarding text check (onboarding in ('name', 'notifications', 'availability', 'keys')),
  -- The picture of the person, a file of bucket `avatars` (sql/13_avatars.sql).
  avatar text check (avatar ~ '^[0-9a-f-]{36}/[0-9a-f-]{36}\.(webp|png|jpg)$' and starts_with(avatar, user_id || '/')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id),
  check (num_nonnulls(role, role_id) = 1)
);

comment on table public.memberships is 'Who belongs to a tenant, in which role, under which name.';

-- The one lookup behind every policy: a person's tenants and roles, without touching the table.
create unique index memberships_user_id_idx on public.memberships (user_id, tenant_id) include (role, role_id, deactivated_at);

create trigger _100_touch
  before update on public.memberships
  for each row
  execute function private.tg_touch();

/*
 * The tenants that give the signed-in person a permission. Security definer, because the policy on
 * memberships itself asks it and would otherwise recurse. Where the tenant requires a second factor, or the
 * person has one, a session that has not shown it (aal1) is given nothing.
 *
 * Always call it as `any (array(select private.my_tenant_ids('…')))`: the array is computed once a
 * statement and can drive an index. As a per-row predicate it is thousands of times slower. In plpgsql,
 * because its plan is kept: a function in SQL that cannot be inlined is planned at every call, 0.17 ms. The
 * claims are read once.
 */
create function private.my_tenant_ids(permission text)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
  rows 2
as $$
declare
  v_claims jsonb := auth.jwt();
  v_me uuid := v_claims ->> 'sub';
  v_proven boolean := coalesce(v_claims ->> 'aal' = 'aal2', false);
begin
  return query
  select m.tenant_id
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  left join private.role_permissions p on p.role = m.role and p.permission = $1
  left join public.roles r on r.id = m.role_id
  where m.user_id = v_me
    and m.deactivated_at is null
    and (p.role is not null or $1 = any (r.permissions))
    and ($1 <> 'conversations.pick' or t.agents_pick)
    and (v_proven or not (
      t.requires_mfa
      or exists (select from auth.mfa_factors f where f.user_id = v_me and f.status = 'verified')
    ));
end;
$$;

grant execute on function private.my_tenant_ids(text) to authenticated;

/* Whether the signed-in person has a permission in one tenant. For functions, never for policies. */
create function private.may(tenant_id uuid, permission text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return $1 = any (array(select private.my_tenant_ids($2)));
end;
$$;

/* Refuses whoever may not do this in a tenant. Raises tenant_not_found, mfa_required, not_allowed. */
create function private.require(tenant_id uuid, permission text)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if private.may($1, $2) then
    return;
  end if;
  if not exists (
    select from public.memberships m where m.tenant_id = $1 and m.user_id = auth.uid() and m.deactivated_at is null
  ) then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if auth.jwt() ->> 'aal' is distinct from 'aal2' and (
    not private.is_proven() or (select t.requires_mfa from public.tenants t where t.id = $1)
  ) then
    perform private.refuse(403, 'mfa_required');
  end if;
  perform private.refuse(403, 'not_allowed', $2);
end;
$$;

alter table public.memberships enable row level security;

create policy select_member on public.tenants
  for select to authenticated
  using (id = any (array(select private.my_tenant_ids('tenant.read'))));

create policy update_admin on public.tenants
  for update to authenticated
  using (id = any (array(select private.my_tenant_ids('tenant.manage'))))
  with check (id = any (array(select private.my_tenant_ids('tenant.manage'))));

create policy select_member on public.memberships
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

create policy select_self on public.memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

grant select on public.tenants, public.memberships to authenticated;
grant update (name, locale, timezone, agents_pick, send_read_receipts) on public.tenants to authenticated;
