/* Drawing flows, publishing them and taking that back. */

/* A flow of a tenant where the signed-in person may change flows, locked. Raises flow_not_found, not_allowed. */
create function private.lock_flow(flow_id uuid)
  returns public.flows
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows;
begin
  select f.* into v_flow
  from public.flows f
  where f.id = $1
    and f.tenant_id = any (array(select private.my_tenant_ids('flows.read')))
  for update;
  if v_flow.id is null then
    perform private.refuse(404, 'flow_not_found');
  end if;
  perform private.require(v_flow.tenant_id, 'flows.manage');
  return v_flow;
end;
$$;

/* Refuses what has not the bones of a flow. Raises flow_invalid (detail: where). */
create function private.check_flow(definition jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_edge jsonb;
begin
  if jsonb_typeof(definition) is distinct from 'object' or definition -> 'format' is distinct from '1' or length(definition::text) > 1000000 then
    perform private.refuse(422, 'flow_invalid', 'format');
  end if;
  if jsonb_typeof(definition -> 'nodes') is distinct from 'array'
    or jsonb_array_length(definition -> 'nodes') not between 1 and 500
    or jsonb_array_length(jsonb_path_query_array(definition, '$.nodes[*] ? (@.type == "start")')) <> 1
    or exists (
      select
      from jsonb_array_elements(definition -> 'nodes') n
      where coalesce(n.value ->> 'id', '') !~ '^[A-Za-z0-9_-]{1,40}$'
    )
    or (select count(distinct n.value ->> 'id') from jsonb_array_elements(definition -> 'nodes') n) <> jsonb_array_length(definition -> 'nodes')
  then
    perform private.refuse(422, 'flow_invalid', 'nodes');
  end if;
  if jsonb_typeof(definition -> 'edges') is distinct from 'array' or jsonb_array_length(definition -> 'edges') > 2000 then
    perform private.refuse(422, 'flow_invalid', 'edges');
  end if;
  select e.value into v_edge
  from jsonb_array_elements(definition -> 'edges') e
  where not exists (select from jsonb_array_elements(definition -> 'nodes') n where n.value ->> 'id' = e.value ->> 'from')
    or not exists (select from jsonb_array_elements(definition -> 'nodes') n where n.value ->> 'id' = e.value ->> 'to')
  limit 1;
  if v_edge is not null then
    perform private.refuse(422, 'flow_invalid', 'edges');
  end if;
end;
$$;

/*
 * Makes a flow (`flow_id` null) or saves its draft. `revision` is the one that was read: whoever would save over
 * another's change is refused. Raises tenant_not_found, not_allowed, flow_not_found, flow_changed (detail: the revision
 * that stands), flow_invalid, flow_name_invalid, flow_name_taken.
 */
create function public.save_flow(tenant_id uuid, flow_id uuid, name text, draft jsonb, revision integer)
  returns public.flows
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows;
begin
  perform private.require($1, 'flows.manage');
  perform private.check_flow($4);
  if length(btrim(coalesce($3, ''))) not between 1 and 80 then
    perform private.refuse(422, 'flow_name_invalid');
  end if;
  begin
    if $2 is null then
      insert into public.flows (tenant_id, name, draft) values ($1, btrim($3), $4) returning * into v_flow;
    else
      v_flow := private.lock_flow($2);
      if v_flow.tenant_id <> $1 then
        perform private.refuse(404, 'flow_not_found');
      end if;
      if v_flow.revision is distinct from $5 then
        perform private.refuse(409, 'flow_changed', v_flow.revision::text);
      end if;
      update public.flows f
      set name = btrim($3), draft = $4, revision = f.revision + 1
      where f.id = v_flow.id
      returning f.* into v_flow;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'flow_name_taken');
  end;
  return v_flow;
end;
$$;

/* Has a flow's triggers look, or no longer, as it is published or not. */
create function private.refresh_flow_triggers(flow public.flows)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.flow_triggers t
  set
    active = $1.published_version_id is not null,
    active_since = clock_timestamp()
  where t.tenant_id = $1.tenant_id
    and t.flow_id = $1.id
    and t.active <> ($1.published_version_id is not null);
end;
$$;

/*
 * Publishes the draft as it stands as a version of its own: runs that begin from now on take it, those that have begun
 * keep theirs. A flow that was put away is there again. Raises flow_not_found, not_allowed, flow_changed, flow_invalid, flow_call_unpublished (a flow that it calls
 * is gone or not published).
 */
create function public.publish_flow(flow_id uuid, revision integer, note text default '')
  returns public.flow_versions
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
  v_version public.flow_versions;
  v_calls uuid[];
begin
  if v_flow.revision is distinct from $2 then
    perform private.refuse(409, 'flow_changed', v_flow.revision::text);
  end if;
  perform private.check_flow(v_flow.draft);
  begin
    v_calls := array(
      select distinct (c.value #>> '{}')::uuid
      from jsonb_path_query(v_flow.draft, '$.nodes[*] ? (@.type == "flow").flow_id') c (value)
    );
  exception when invalid_text_representation then
    perform private.refuse(422, 'flow_invalid', 'flow_id');
  end;
  if exists (
    select
    from unnest(v_calls) c (id)
    where c.id <> v_flow.id
      and not exists (
        select
        from public.flows f
        where f.tenant_id = v_flow.tenant_id
          and f.id = c.id
          and f.published_version_id is not null
      )
  ) then
    perform private.refuse(409, 'flow_call_unpublished');
  end if;

  insert into public.flow_versions (tenant_id, flow_id, number, definition, calls, hours_of, note, published_by)
  values (
    v_flow.tenant_id, v_flow.id,
    (select coalesce(max(v.number), 0) + 1 from public.flow_versions v where v.tenant_id = v_flow.tenant_id and v.flow_id = v_flow.id),
    v_flow.draft, v_calls,
    array(
      select distinct coalesce(n.value ->> 'team_id', '')
      from jsonb_path_query(v_flow.draft, '$.nodes[*] ? (@.type == "hours")') n (value)
    ),
    left(coalesce($3, ''), 500), auth.uid()
  )
  returning * into v_version;

  update public.flows f
  set published_version_id = v_version.id, archived_at = null
  where f.id = v_flow.id
  returning f.* into v_flow;
  perform private.refresh_flow_triggers(v_flow);
  return v_version;
end;
$$;

/*
 * Has new runs take an earlier version again (`version_id`), or none (null). Runs that have begun go on. Raises
 * flow_not_found, not_allowed, flow_version_not_found.
 */
create function public.roll_back_flow(flow_id uuid, version_id uuid)
  returns public.flows
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
begin
  if $2 is not null and not exists (
    select
    from public.flow_versions v
    where v.tenant_id = v_flow.tenant_id
      and v.flow_id = v_flow.id
      and v.id = $2
  ) then
    perform private.refuse(404, 'flow_version_not_found');
  end if;
  update public.flows f
  set published_version_id = $2, archived_at = case when $2 is null then f.archived_at end
  where f.id = v_flow.id
  returning f.* into v_flow;
  perform private.refresh_flow_triggers(v_flow);
  return v_flow;
end;
$$;

/* Puts these in the place of a flow's triggers: [core's Trigger]. Raises flow_not_found, not_allowed, flow_trigger_invalid (detail: which). */
create function public.save_flow_triggers(flow_id uuid, triggers jsonb)
  returns setof public.flow_triggers
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
  v_trigger jsonb;
  v_place integer := 0;
begin
  if jsonb_typeof($2) is distinct from 'array' or jsonb_array_length($2) > 20 or length($2::text) > 50000 then
    perform private.refuse(422, 'flow_trigger_invalid');
  end if;
  delete from public.flow_triggers t where t.tenant_id = v_flow.tenant_id and t.flow_id = v_flow.id;
  for v_trigger in select e.value from jsonb_array_elements($2) e loop
    begin
      insert into public.flow_triggers (tenant_id, flow_id, type, settings, position, active)
      values (v_flow.tenant_id, v_flow.id, v_trigger ->> 'type', v_trigger, v_place, v_flow.published_version_id is not null);
    exception when check_violation or not_null_violation then
      perform private.refuse(422, 'flow_trigger_invalid', v_place::text);
    end;
    v_place := v_place + 1;
  end loop;
  return query
  select t.*
  from public.flow_triggers t
  where t.tenant_id = v_flow.tenant_id
    and t.flow_id = v_flow.id
  order by t.position;
end;
$$;

/* Gives a variable of the tenant's flows a value, or takes it away (null). Raises tenant_not_found, not_allowed, flow_variable_invalid. */
create function public.save_flow_variable(tenant_id uuid, name text, value jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'flows.manage');
  if $3 is null or jsonb_typeof($3) = 'null' then
    delete from public.flow_variables v where v.tenant_id = $1 and v.name = $2;
    return;
  end if;
  insert into public.flow_variables as v (tenant_id, name, value)
  values ($1, $2, $3)
  on conflict on constraint flow_variables_pkey do update
  set value = excluded.value;
exception when check_violation or not_null_violation then
  perform private.refuse(422, 'flow_variable_invalid');
end;
$$;

grant execute on function
  public.save_flow(uuid, uuid, text, jsonb, integer),
  public.publish_flow(uuid, integer, text),
  public.roll_back_flow(uuid, uuid),
  public.save_flow_triggers(uuid, jsonb),
  public.save_flow_variable(uuid, text, jsonb)
to authenticated;
