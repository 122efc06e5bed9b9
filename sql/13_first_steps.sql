/*
 * What a new company has still to do before it can work: read from the facts, never ticked off by hand. Those who manage
 * the company see it until all is done, or until one of them puts it away.
 */

/*
 * The first steps of a tenant, in the order they are best taken, each with whether it is taken. When the last one is,
 * they are closed for good. Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.first_steps(tenant_id uuid)
  returns table (step text, done boolean)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_steps jsonb;
begin
  perform private.require($1, 'tenant.manage');
  v_steps := jsonb_build_array(
    jsonb_build_object('step', 'channel', 'done', exists (
      select from public.channels c where c.tenant_id = $1 and c.status <> 'disconnected'
    )),
    jsonb_build_object('step', 'people', 'done', (
      select count(*) > 1 from public.memberships m where m.tenant_id = $1
    ) or exists (
      select from public.invitations i where i.tenant_id = $1 and i.closed_at is null
    )),
    -- Of two, or it is nobody's queue but one's own.
    jsonb_build_object('step', 'team', 'done', exists (
      select
      from public.team_members m
      join public.teams t on t.tenant_id = m.tenant_id and t.id = m.team_id and t.archived_at is null
      where m.tenant_id = $1
      group by m.team_id
      having count(*) > 1
    )),
    -- Those that a company begins with have not been looked at (private.furnish).
    jsonb_build_object('step', 'hours', 'done', exists (
      select from public.business_hours h where h.tenant_id = $1 and h.updated_at <> h.created_at
    )),
    jsonb_build_object('step', 'canned', 'done', exists (
      select from public.canned_responses r where r.tenant_id = $1 and r.archived_at is null and r.published_version is not null
    )),
    jsonb_build_object('step', 'answer', 'done', exists (
      select from public.conversations c where c.tenant_id = $1 and c.first_reply_at is not null
    ))
  );
  if not v_steps @> '[{"done": false}]' then
    update public.tenants t
    set first_steps_closed_at = now()
    where t.id = $1
      and t.first_steps_closed_at is null;
  end if;
  return query select s.step, s.done from jsonb_to_recordset(v_steps) s (step text, done boolean);
end;
$$;

/*
 * Puts the first steps away for everybody who manages the tenant, or shows them again. Idempotent.
 * Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.close_first_steps(tenant_id uuid, closed boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'tenant.manage');
  update public.tenants t
  set first_steps_closed_at = case when $2 then now() end
  where t.id = $1
    and (t.first_steps_closed_at is not null) is distinct from $2;
end;
$$;

grant execute on function public.first_steps(uuid), public.close_first_steps(uuid, boolean) to authenticated;
