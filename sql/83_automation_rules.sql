/* Writing rules, trying them on what has been, and what became of their runs. */

/* A rule of a tenant where the signed-in person manages them. Raises rule_not_found. */
create function private.rule_in_sight(rule_id uuid)
  returns public.automation_rules
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules;
begin
  select r.* into v_rule
  from public.automation_rules r
  where r.id = $1
    and r.tenant_id = any (array(select private.my_tenant_ids('automation.manage')));
  if v_rule.id is null then
    perform private.refuse(404, 'rule_not_found');
  end if;
  return v_rule;
end;
$$;

/*
 * Makes a rule, or changes one: {name, trigger, waiting_minutes, conditions, actions, enabled, stop_after}. Actions that
 * need a person (`me`, mark_read) are none for a rule. Raises tenant_not_found, not_allowed, rule_not_found, rule_invalid,
 * conditions_invalid, actions_invalid.
 */
create function public.save_rule(tenant_id uuid, rule_id uuid, rule jsonb)
  returns public.automation_rules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_rule public.automation_rules;
  v_place bigint;
  v_conditions jsonb := coalesce(rule -> 'conditions', '{"match": "all", "rules": []}');
begin
  perform private.require($1, 'automation.manage');
  if rule_id is not null and (private.rule_in_sight(rule_id)).tenant_id <> $1 then
    perform private.refuse(404, 'rule_not_found');
  end if;
  perform private.check_conditions(v_conditions);
  perform private.check_actions(rule -> 'actions');
  select min(a.ordinality) - 1 into v_place
  from jsonb_array_elements(rule -> 'actions') with ordinality a
  where a.value ->> 'type' = 'mark_read' or a.value ->> 'agent' = 'me';
  if v_place is not null then
    perform private.refuse(422, 'actions_invalid', v_place::text);
  end if;

  begin
    if rule_id is null then
      insert into public.automation_rules (tenant_id, name, trigger, waiting_minutes, conditions, actions, enabled, stop_after, position)
      values (
        $1, btrim(rule ->> 'name'), rule ->> 'trigger', case when rule ->> 'trigger' = 'waiting' then (rule ->> 'waiting_minutes')::integer end,
        v_conditions, rule -> 'actions', coalesce((rule ->> 'enabled')::boolean, true), coalesce((rule ->> 'stop_after')::boolean, false),
        (select coalesce(max(r.position), 0) + 1 from public.automation_rules r where r.tenant_id = $1)
      )
      returning * into v_rule;
    else
      update public.automation_rules r
      set
        name = btrim(rule ->> 'name'),
        trigger = rule ->> 'trigger',
        waiting_minutes = case when rule ->> 'trigger' = 'waiting' then (rule ->> 'waiting_minutes')::integer end,
        conditions = v_conditions,
        actions = rule -> 'actions',
        enabled = coalesce((rule ->> 'enabled')::boolean, r.enabled),
        stop_after = coalesce((rule ->> 'stop_after')::boolean, r.stop_after)
      where r.id = rule_id
      returning r.* into v_rule;
    end if;
  exception when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
    perform private.refuse(422, 'rule_invalid', sqlerrm);
  end;
  return v_rule;
end;
$$;

/* Switches a rule on or off. Raises rule_not_found. */
create function public.switch_rule(rule_id uuid, enabled boolean)
  returns public.automation_rules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules := private.rule_in_sight($1);
begin
  update public.automation_rules r
  set enabled = $2
  where r.id = v_rule.id
    and r.enabled <> $2
  returning r.* into v_rule;
  return private.rule_in_sight($1);
end;
$$;

/* Puts a tenant's rules in this order, in which they run. Raises tenant_not_found, not_allowed. */
create function public.order_rules(tenant_id uuid, rule_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  update public.automation_rules r
  set position = o.place
  from unnest(rule_ids) with ordinality o (id, place)
  where r.tenant_id = $1
    and r.id = o.id
    and r.position <> o.place;
end;
$$;

/* Throws a rule away, with its runs. Raises rule_not_found. */
create function public.delete_rule(rule_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules := private.rule_in_sight($1);
begin
  delete from public.automation_rules r where r.id = v_rule.id;
end;
$$;

/* How often each rule of a tenant has run in 30 days, when last, and what went wrong last. Raises tenant_not_found, not_allowed. */
create function public.rule_statistics(tenant_id uuid)
  returns table (rule_id uuid, runs bigint, failures bigint, last_run_at timestamptz, last_failure_at timestamptz, last_errors jsonb)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  return query
  select r.id, s.runs, s.failures, s.last_run_at, f.created_at, f.errors
  from public.automation_rules r
  cross join lateral (
    select
      count(*) filter (where a.outcome not in ('limited', 'looped')) as runs,
      count(*) filter (where a.outcome <> 'done') as failures,
      max(a.created_at) as last_run_at
    from public.automation_runs a
    where a.tenant_id = r.tenant_id
      and a.rule_id = r.id
      and a.created_at > now() - interval '30 days'
  ) s
  left join lateral (
    select a.created_at, a.errors
    from public.automation_runs a
    where a.tenant_id = r.tenant_id
      and a.rule_id = r.id
      and a.outcome <> 'done'
    order by a.created_at desc
    limit 1
  ) f on true
  where r.tenant_id = $1;
end;
$$;

/*
 * Which of the last 100 conversations a rule with these conditions would have touched, asked of each with its newest
 * message from the customer. Changes nothing. Raises tenant_not_found, not_allowed, conditions_invalid.
 */
create function public.try_conditions(tenant_id uuid, conditions jsonb)
  returns table (conversation_id uuid, contact_name text, preview text, last_message_at timestamptz, matches boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  perform private.check_conditions($2);
  return query
  select
    (c.row).id, coalesce(nullif(p.name, ''), p.phone, ''), (c.row).preview, (c.row).last_message_at,
    private.matches_conditions(c.row, $2, null, private.message_facts(m.message), now())
  from (
    select o as row
    from public.conversations o
    where o.tenant_id = $1
      and not o.is_history
    order by o.last_message_at desc
    limit 100
  ) c
  join public.contacts p on p.tenant_id = (c.row).tenant_id and p.id = (c.row).contact_id
  left join lateral (
    select n as message
    from public.messages n
    where n.tenant_id = (c.row).tenant_id
      and n.conversation_id = (c.row).id
      and n.direction = 'in'
    order by n.seq desc
    limit 1
  ) m on true
  order by (c.row).last_message_at desc;
end;
$$;

grant execute on function
  public.save_rule(uuid, uuid, jsonb),
  public.switch_rule(uuid, boolean),
  public.order_rules(uuid, uuid[]),
  public.delete_rule(uuid),
  public.rule_statistics(uuid),
  public.try_conditions(uuid, jsonb)
to authenticated;
