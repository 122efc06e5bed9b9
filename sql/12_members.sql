/*
 * Who belongs to a tenant, changed from inside: another role, a rest (deactivated), an end (removed). What somebody had
 * open goes to whom the changer says, or back to everybody. Nobody rules over a member who may more than they do, and a
 * tenant never loses its last admin, whoever tries.
 */

/* Keeps the last admin who may work. The tenant's row is locked: two admins who demote each other at once take turns. */
create function private.tg_memberships__last_admin()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform from public.tenants t where t.id = old.tenant_id for update;
  -- With the tenant go its admins.
  if found and not exists (
    select
    from public.memberships m
    where m.tenant_id = old.tenant_id
      and m.user_id <> old.user_id
      and m.role = 'admin'
      and m.deactivated_at is null
  ) then
    perform private.refuse(409, 'last_admin');
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

create trigger _200_last_admin
  before delete on public.memberships
  for each row
  when (old.role = 'admin' and old.deactivated_at is null)
  execute function private.tg_memberships__last_admin();

create trigger _200_last_admin_update
  before update of role, role_id, deactivated_at, tenant_id, user_id on public.memberships
  for each row
  when (
    old.role = 'admin'
    and old.deactivated_at is null
    and (new.role is distinct from 'admin' or new.deactivated_at is not null or new.tenant_id <> old.tenant_id or new.user_id <> old.user_id)
  )
  execute function private.tg_memberships__last_admin();

/*
 * A member whom the signed-in person may change, locked. Raises tenant_not_found, mfa_required, not_allowed,
 * member_not_found, not_yours_to_grant.
 */
create function private.lock_member(tenant_id uuid, user_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships;
begin
  perform private.require($1, 'members.manage');
  select m.* into v_member
  from public.memberships m
  where m.tenant_id = $1
    and m.user_id = $2
  for update;
  if v_member.user_id is null then
    perform private.refuse(404, 'member_not_found');
  end if;
  perform private.require_holding($1, private.permissions_of_role($1, v_member.role, v_member.role_id));
  return v_member;
end;
$$;

/* Gives what a member has open to another who may answer, or to nobody (null). Raises assignee_not_member. */
create function private.hand_over(tenant_id uuid, user_id uuid, heir_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if $3 is not null and ($3 = $2 or not private.member_may($1, $3, 'conversations.reply')) then
    perform private.refuse(422, 'assignee_not_member');
  end if;
  update public.conversations c
  set assignee_id = $3
  where c.tenant_id = $1
    and c.assignee_id = $2
    and c.status = 'open';
end;
$$;

/*
 * Gives a member another role, built in (`role`) or the tenant's own (`role_id`), one of them.
 * Raises what lock_member raises, role_not_found, last_admin.
 */
create function public.change_member_role(tenant_id uuid, user_id uuid, role public.member_role, role_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  perform private.require_role($1, $3, $4);
  update public.memberships m
  set role = $3, role_id = $4
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/*
 * Ends a membership. What the person had open goes to `heir_id`, or to nobody; what they wrote stays.
 * Raises what lock_member raises, assignee_not_member, last_admin.
 */
create function public.remove_member(tenant_id uuid, user_id uuid, heir_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_member($1, $2);
  perform private.hand_over($1, $2, $3);
  delete from public.memberships m
  where m.tenant_id = $1
    and m.user_id = $2;
end;
$$;

/*
 * Lets a member do nothing until reactivated: who is on leave keeps name, role and teams. Idempotent.
 * Raises what lock_member raises, assignee_not_member, last_admin.
 */
create function public.deactivate_member(tenant_id uuid, user_id uuid, heir_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  perform private.hand_over($1, $2, $3);
  update public.memberships m
  set deactivated_at = coalesce(m.deactivated_at, now())
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/* Lets a deactivated member work again. Idempotent. Raises what lock_member raises. */
create function public.reactivate_member(tenant_id uuid, user_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  update public.memberships m
  set deactivated_at = null
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/*
 * Deletes a role of the tenant's own. Who has it, or is invited to it, gets the replacement; without one a role in use stays.
 * Raises tenant_not_found, not_allowed, role_not_found, role_in_use, not_yours_to_grant.
 */
create function public.delete_role(
  tenant_id uuid, role_id uuid, replacement public.member_role default null, replacement_id uuid default null
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_permissions text[];
begin
  perform private.require($1, 'roles.manage');
  select r.permissions into v_permissions from public.roles r where r.tenant_id = $1 and r.id = $2 for update;
  if not found then
    perform private.refuse(404, 'role_not_found');
  end if;
  perform private.require_holding($1, v_permissions);

  if num_nonnulls($3, $4) = 0 then
    if exists (select from public.memberships m where m.tenant_id = $1 and m.role_id = $2)
      or exists (select from public.invitations i where i.tenant_id = $1 and i.role_id = $2 and i.closed_at is null)
    then
      perform private.refuse(409, 'role_in_use');
    end if;
  else
    if $4 = $2 then
      perform private.refuse(404, 'role_not_found');
    end if;
    perform private.require_role($1, $3, $4);
    update public.memberships m set role = $3, role_id = $4 where m.tenant_id = $1 and m.role_id = $2;
    update public.invitations i set role = $3, role_id = $4 where i.tenant_id = $1 and i.role_id = $2 and i.closed_at is null;
  end if;
  -- What an invitation of the past offered is history.
  update public.invitations i set role = 'viewer', role_id = null where i.tenant_id = $1 and i.role_id = $2;
  delete from public.roles r where r.id = $2;
end;
$$;

/*
 * The people of a tenant as their manager sees them: address, last sign of life, second factor.
 * Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.list_members(tenant_id uuid)
  returns table (user_id uuid, email text, last_seen_at timestamptz, has_mfa boolean, open_conversations bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'members.manage');
  return query
  select
    m.user_id,
    u.email::text,
    (select max(greatest(s.refreshed_at at time zone 'utc', s.updated_at, s.created_at)) from auth.sessions s where s.user_id = m.user_id),
    exists (select from auth.mfa_factors f where f.user_id = m.user_id and f.status = 'verified'),
    (
      select count(*)
      from public.conversations c
      where c.tenant_id = $1
        and c.assignee_id = m.user_id
        and c.status = 'open'
    )
  from public.memberships m
  join auth.users u on u.id = m.user_id
  where m.tenant_id = $1;
end;
$$;

/*
 * Makes a second factor a condition of seeing anything of the tenant, or takes that back. Only from a session that has
 * shown one: whoever turns it on must not be the first to stand outside.
 * Raises tenant_not_found, not_allowed, mfa_required.
 */
create function public.require_second_factor(tenant_id uuid, required boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'tenant.manage');
  if auth.jwt() ->> 'aal' is distinct from 'aal2' then
    perform private.refuse(403, 'mfa_first');
  end if;
  update public.tenants t set requires_mfa = $2 where t.id = $1 and t.requires_mfa <> $2;
end;
$$;

/* The name the signed-in person goes by in a tenant. Raises tenant_not_found, name_invalid. */
create function public.rename_me(tenant_id uuid, display_name text)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships;
begin
  if length(btrim(coalesce($2, ''))) not between 1 and 80 then
    perform private.refuse(422, 'name_invalid');
  end if;
  update public.memberships m
  set display_name = btrim($2)
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.deactivated_at is null
  returning m.* into v_member;
  if v_member.user_id is null then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return v_member;
end;
$$;

grant execute on function
  public.change_member_role(uuid, uuid, public.member_role, uuid),
  public.remove_member(uuid, uuid, uuid),
  public.deactivate_member(uuid, uuid, uuid),
  public.reactivate_member(uuid, uuid),
  public.delete_role(uuid, uuid, public.member_role, uuid),
  public.list_members(uuid),
  public.require_second_factor(uuid, boolean),
  public.rename_me(uuid, text)
to authenticated;

alter publication supabase_realtime add table public.memberships, public.roles;
