/* Putting flows away, getting them back, and throwing them away; and what would feel it. */

/* The published flows that call a flow. */
create function private.callers_of_flow(flow public.flows)
  returns setof public.flows
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select f.*
  from public.flows f
  join public.flow_versions v on v.tenant_id = f.tenant_id and v.id = f.published_version_id
  where f.tenant_id = $1.tenant_id
    and f.id <> $1.id
    and $1.id = any (v.calls)
  order by f.name
$$;

/*
 * What would feel it if a flow were gone: {callers: [{id, name}], live}, the published flows that call it and the
 * conversations that are in it now. Raises flow_not_found, not_allowed.
 */
create function public.flow_uses(flow_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
begin
  return jsonb_build_object(
    'callers', (
      select coalesce(jsonb_agg(jsonb_build_object('id', c.id, 'name', c.name)), '[]')
      from private.callers_of_flow(v_flow) c
    ),
    'live', (
      select count(*)
      from public.flow_runs r
      where r.tenant_id = v_flow.tenant_id
        and r.flow_id = v_flow.id
        and r.ended_at is null
    )
  );
end;
$$;

/*
 * Puts a flow away: nothing begins it, and conversations that are in it go on to their end. Idempotent. Raises
 * flow_not_found, not_allowed, flow_in_use (a published flow calls it).
 */
create function public.archive_flow(flow_id uuid)
  returns public.flows
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
begin
  if exists (select from private.callers_of_flow(v_flow)) then
    perform private.refuse(409, 'flow_in_use');
  end if;
  update public.flows f
  set published_version_id = null, archived_at = coalesce(f.archived_at, clock_timestamp())
  where f.id = v_flow.id
  returning f.* into v_flow;
  perform private.refresh_flow_triggers(v_flow);
  return v_flow;
end;
$$;

/*
 * Gets a flow back that was put away, and has it begin again with a version (null: it stays a draft). Raises
 * flow_not_found, not_allowed, flow_name_taken, flow_version_not_found.
 */
create function public.unarchive_flow(flow_id uuid, version_id uuid default null)
  returns public.flows
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
begin
  begin
    update public.flows f
    set archived_at = null
    where f.id = v_flow.id
    returning f.* into v_flow;
  exception when unique_violation then
    perform private.refuse(409, 'flow_name_taken');
  end;
  if $2 is not null then
    v_flow := public.roll_back_flow($1, $2);
  end if;
  return v_flow;
end;
$$;

/*
 * Throws a flow away, with its versions and runs; conversations that are in it go to people. Raises flow_not_found,
 * not_allowed, flow_in_use.
 */
create function public.delete_flow(flow_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
begin
  if exists (select from private.callers_of_flow(v_flow)) then
    perform private.refuse(409, 'flow_in_use');
  end if;
  perform private.release_from_flow(v_flow);
  update public.flows f set published_version_id = null where f.id = v_flow.id;
  delete from public.flows f where f.id = v_flow.id;
end;
$$;

grant execute on function
  public.flow_uses(uuid),
  public.archive_flow(uuid),
  public.unarchive_flow(uuid, uuid),
  public.delete_flow(uuid)
to authenticated;
