/*
 * Beside the five built-in roles a tenant makes its own: a name and a list of permissions. The list is an array in the
 * role's row, so that a change is one audited row and the lookup behind every policy stays one descent.
 *
 * Nobody grants what they do not hold: a role is made, given or taken only by somebody who holds every permission in it.
 */

create table public.roles (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (length(name) between 1 and 60 and name = btrim(name)),
  description text not null default '' check (length(description) <= 200),
  permissions text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

create unique index roles_name_idx on public.roles (tenant_id, lower(name));

comment on table public.roles is 'The roles a tenant has made for itself.';

create trigger _100_touch
  before update on public.roles
  for each row
  execute function private.tg_touch();

alter table public.memberships
  add foreign key (tenant_id, role_id) references public.roles (tenant_id, id);

create index memberships_role_idx on public.memberships (tenant_id, role_id) where role_id is not null;

alter table public.roles enable row level security;

create policy select_member on public.roles
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

grant select on public.roles to authenticated;

/* What a built-in role, or one of the tenant's own, allows. A role that is not there allows nothing. */
create function private.permissions_of_role(tenant_id uuid, role public.member_role, role_id uuid)
  returns text[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if $3 is not null then
    return coalesce((select r.permissions from public.roles r where r.tenant_id = $1 and r.id = $3), '{}');
  end if;
  return array(select p.permission from private.role_permissions p where p.role = $2 order by p.permission);
end;
$$;

/* Whether a member, whoever asks, has a permission in a tenant. Of a session it knows nothing, so neither of second factors. */
create function private.member_may(tenant_id uuid, user_id uuid, permission text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.memberships m
    join public.tenants t on t.id = m.tenant_id
    where m.tenant_id = $1
      and m.user_id = $2
      and m.deactivated_at is null
      and case
        when m.role_id is null then exists (select from private.role_permissions p where p.role = m.role and p.permission = $3)
        else exists (select from public.roles r where r.id = m.role_id and $3 = any (r.permissions))
      end
      and ($3 <> 'conversations.pick' or t.agents_pick)
  );
end;
$$;

/*
 * Refuses to let the signed-in person give away, or take, permissions that they do not hold themselves.
 * Raises not_yours_to_grant.
 */
create function private.require_holding(tenant_id uuid, permissions text[])
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_mine text[];
begin
  select private.permissions_of_role(m.tenant_id, m.role, m.role_id) into v_mine
  from public.memberships m
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.deactivated_at is null;
  if not $2 <@ coalesce(v_mine, '{}') then
    perform private.refuse(403, 'not_yours_to_grant', array_to_string(array(select unnest($2) except select unnest(v_mine)), ', '));
  end if;
end;
$$;

/* The permissions of a role that is to be given to somebody. Raises role_not_found, not_yours_to_grant. */
create function private.require_role(tenant_id uuid, role public.member_role, role_id uuid)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if num_nonnulls($2, $3) <> 1
    or ($3 is not null and not exists (select from public.roles r where r.tenant_id = $1 and r.id = $3))
  then
    perform private.refuse(404, 'role_not_found');
  end if;
  perform private.require_holding($1, private.permissions_of_role($1, $2, $3));
end;
$$;

/*
 * Makes a role of the tenant's own (`role_id` null), or changes one. Whoever has the role feels it at their next question.
 * Raises tenant_not_found, not_allowed, role_not_found, role_name_taken, role_name_invalid, permission_unknown, not_yours_to_grant.
 */
create function public.save_role(tenant_id uuid, role_id uuid, name text, description text, permissions text[])
  returns public.roles
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_role public.roles;
  v_permissions text[] := array(select distinct unnest($5) order by 1);
begin
  perform private.require($1, 'roles.manage');
  if $2 is not null then
    select r.* into v_role from public.roles r where r.tenant_id = $1 and r.id = $2 for update;
    if v_role.id is null then
      perform private.refuse(404, 'role_not_found');
    end if;
  end if;
  if length(btrim(coalesce($3, ''))) not between 1 and 60 or length(coalesce($4, '')) > 200 then
    perform private.refuse(422, 'role_name_invalid');
  end if;
  if exists (select unnest(v_permissions) except select p.name from private.permissions p) then
    perform private.refuse(422, 'permission_unknown');
  end if;
  -- What is added, and what is taken away: both change what others hold.
  perform private.require_holding($1, array(
    (select unnest(v_permissions) except select unnest(v_role.permissions))
    union
    (select unnest(v_role.permissions) except select unnest(v_permissions))
  ));

  begin
    if v_role.id is null then
      insert into public.roles (tenant_id, name, description, permissions)
      values ($1, btrim($3), btrim(coalesce($4, '')), v_permissions)
      returning * into v_role;
    else
      update public.roles r
      set name = btrim($3), description = btrim(coalesce($4, '')), permissions = v_permissions
      where r.id = v_role.id
      returning r.* into v_role;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'role_name_taken');
  end;
  return v_role;
end;
$$;

/*
 * The workspaces of the signed-in person, for the switcher: name, role and what that role may do. Where a
 * second factor is owed, by the tenant's rule or because the person has one, `needs_mfa` says so, and nothing is allowed.
 * `onboarding` is the person's next step here, `setting_up` that they manage a tenant with first steps to take. Ordered by name.
 */
create function public.my_workspaces()
  returns table (
    tenant_id uuid, name text, slug text, role public.member_role, role_id uuid, role_name text, permissions text[], needs_mfa boolean,
    onboarding text, setting_up boolean
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select t.id, t.name, t.slug, m.role, m.role_id, r.name, case
    when s.needs_mfa then '{}'
    else array(
      select p.permission
      from unnest(private.permissions_of_role(t.id, m.role, m.role_id)) p (permission)
      where p.permission <> 'conversations.pick' or t.agents_pick
    )
  end, s.needs_mfa, m.onboarding, t.first_steps_closed_at is null and not s.needs_mfa and private.may(t.id, 'tenant.manage')
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  left join public.roles r on r.id = m.role_id
  cross join lateral (
    select not private.is_proven() or (t.requires_mfa and auth.jwt() ->> 'aal' is distinct from 'aal2') as needs_mfa
  ) s
  where m.user_id = auth.uid()
    and m.deactivated_at is null
  order by t.name, t.id;
end;
$$;

grant execute on function public.save_role(uuid, uuid, text, text, text[]), public.my_workspaces() to authenticated;
