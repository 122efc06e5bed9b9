/* Running rules on one conversation: which, in what order, what came of each, and where it ends. */

/* What a message says to rules. */
create function private.message_facts(message public.messages)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if message.id is null then
    return null;
  end if;
  return jsonb_build_object('text', message.body, 'kind', message.kind, 'is_first', message.seq = 1);
end;
$$;

/* How deep in rules that cause one another we are; 0: nothing of this was done by a rule. */
create function private.rule_depth()
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('prosa.rule_depth', true), ''), '0')::integer;
end;
$$;

/*
 * Runs one rule on a conversation whose conditions held: each action in a savepoint, and keeps what came of it.
 * prosa.rules names those that have run for this event.
 */
create function private.run_rule(rule public.automation_rules, conversation_id uuid, event text, message_id uuid, waited_since timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_depth integer := private.rule_depth();
  v_cause jsonb := private.set_cause(jsonb_build_object('type', 'rule', 'id', rule.id, 'name', rule.name));
  v_errors jsonb := '[]';
  v_code text;
  v_detail text;
  v_count integer := jsonb_array_length(rule.actions);
begin
  perform set_config('prosa.rules', concat(current_setting('prosa.rules', true), rule.id, ' '), true);
  perform set_config('prosa.rule_depth', (v_depth + 1)::text, true);
  for i in 0 .. v_count - 1 loop
    begin
      -- As it is now: another rule may have been to it meanwhile.
      select c.* into v_conversation from public.conversations c where c.id = $2 for no key update;
      perform private.perform_action(v_conversation, rule.actions -> i, null, gen_random_uuid());
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
        if sqlstate !~ '^PT' then
          v_detail := v_code;
          v_code := 'action_failed';
        end if;
        v_errors := v_errors || jsonb_build_object('action', i, 'code', v_code, 'detail', nullif(v_detail, ''));
    end;
  end loop;
  perform set_config('prosa.rule_depth', v_depth::text, true);
  perform private.set_cause(v_cause);

  insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome, errors, waited_since)
  values (
    rule.tenant_id, rule.id, $2, $4, $3,
    case jsonb_array_length(v_errors) when 0 then 'done' when v_count then 'failed' else 'partly' end,
    v_errors, $5
  );
end;
$$;

/*
 * Runs the rules of a conversation's tenant for what happened to it, in their order. Never raises
 * what a rule did wrong.
 */
create function private.run_rules(conversation_id uuid, events text[], message public.messages default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_rule public.automation_rules;
  v_depth integer := private.rule_depth();
  v_ran text;
  v_outcome text;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  if v_conversation.id is null or v_conversation.is_history then
    return;
  end if;

  for v_rule in
    select r.*
    from public.automation_rules r
    where r.tenant_id = v_conversation.tenant_id
      and r.trigger = any (events)
      and r.enabled
    order by r.position, r.id
  loop
    v_ran := coalesce(current_setting('prosa.rules', true), '');
    continue when strpos(v_ran, v_rule.id::text) > 0;
    begin
      select c.* into v_conversation from public.conversations c where c.id = $1;
      continue when not private.matches_conditions(v_conversation, v_rule.conditions, null, private.message_facts(message), clock_timestamp());

      v_outcome := case
        when v_depth > 0 and length(v_ran) >= 10 * 37 then 'looped'
        when (
          select count(*) >= 20
          from (
            select
            from public.automation_runs a
            where a.tenant_id = v_rule.tenant_id
              and a.conversation_id = $1
              and a.rule_id = v_rule.id
              and a.created_at > clock_timestamp() - interval '1 hour'
              and a.outcome not in ('limited', 'looped')
            limit 20
          ) recent
        ) then 'limited'
      end;
      if v_outcome is null then
        perform private.run_rule(v_rule, $1, v_rule.trigger, message.id);
        exit when v_rule.stop_after;
      else
        -- Told once an hour, not once a message.
        insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome)
        select v_rule.tenant_id, v_rule.id, $1, message.id, v_rule.trigger, v_outcome
        where not exists (
          select
          from public.automation_runs a
          where a.tenant_id = v_rule.tenant_id
            and a.conversation_id = $1
            and a.rule_id = v_rule.id
            and a.created_at > clock_timestamp() - interval '1 hour'
            and a.outcome = v_outcome
        );
      end if;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome, errors)
        values (
          v_rule.tenant_id, v_rule.id, $1, message.id, v_rule.trigger, 'failed',
          jsonb_build_array(jsonb_build_object('action', null, 'code', 'action_failed', 'detail', sqlerrm))
        );
    end;
  end loop;
  if v_depth = 0 then
    perform set_config('prosa.rules', '', true);
  end if;
end;
$$;
