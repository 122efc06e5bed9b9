/* What makes rules run: messages, changes of a conversation, and the wait of a customer. */

/* Once a statement: which of the messages it wrote do their tenants have rules for? */
create function private.tg_messages__automate()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
begin
  for v_message in
    select a.*
    from added a
    where not a.is_private
      and a.kind not in ('reaction', 'edit', 'revoke', 'system')
      and exists (
        select
        from public.automation_rules r
        where r.tenant_id = a.tenant_id
          and r.enabled
          and r.trigger in (case when a.direction = 'in' then 'message_received' else 'message_sent' end, 'conversation_created')
      )
    order by a.conversation_id, a.seq
  loop
    perform private.run_rules(
      v_message.conversation_id,
      case when v_message.seq = 1 then array['conversation_created'] else '{}' end
        || case when v_message.direction = 'in' then 'message_received' else 'message_sent' end,
      v_message
    );
  end loop;
  return null;
end;
$$;

create trigger _950_automation
  after insert on public.messages
  referencing new table as added
  for each statement
  execute function private.tg_messages__automate();

/* What changed about a conversation, as rules call it. */
create function private.tg_conversations__automate()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_events text[] := array_remove(
    array[
      case when new.status <> old.status then case new.status when 'closed' then 'conversation_closed' else 'conversation_reopened' end end,
      case
        when (new.assignee_id is not null and new.assignee_id is distinct from old.assignee_id)
          or (new.team_id is not null and new.team_id is distinct from old.team_id)
          then 'conversation_assigned'
      end,
      case when not new.tag_ids <@ old.tag_ids then 'tag_added' end,
      case when new.priority <> old.priority then 'priority_changed' end,
      case when old.snoozed_until <= clock_timestamp() and new.snoozed_until is null and new.status = 'open' then 'snooze_over' end
    ],
    null
  );
begin
  if v_events <> '{}'
    and current_setting('prosa.quiet', true) is distinct from 'on'
    and exists (
      select
      from public.automation_rules r
      where r.tenant_id = new.tenant_id
        and r.enabled
        and r.trigger = any (v_events)
    )
  then
    perform private.run_rules(new.id, v_events);
  end if;
  return null;
end;
$$;

create trigger _950_automation
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.tag_ids <> new.tag_ids
    or old.priority <> new.priority
    or (old.snoozed_until is not null and new.snoozed_until is null)
  )
  execute function private.tg_conversations__automate();

/*
 * Runs the rules about waiting: once for each wait of a customer that has become long enough. A job asks every minute.
 * What somebody holds at this moment is left for the next minute. Returns how many ran, `at_most` of each rule.
 */
create function private.run_waiting_rules(at_most integer default 200)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules;
  v_conversation public.conversations;
  v_count integer := 0;
begin
  for v_rule in
    select r.*
    from public.automation_rules r
    where r.trigger = 'waiting'
      and r.enabled
    order by r.tenant_id, r.position, r.id
  loop
    for v_conversation in
      select c.*
      from public.conversations c
      where c.tenant_id = v_rule.tenant_id
        and c.status = 'open'
        and c.folder = 'open'
        and c.waiting_since <= now() - make_interval(mins => v_rule.waiting_minutes)
        and not exists (
          select
          from public.automation_runs a
          where a.tenant_id = c.tenant_id
            and a.conversation_id = c.id
            and a.rule_id = v_rule.id
            and a.waited_since = c.waiting_since
        )
        and not exists (
          -- An earlier rule of this wait that lets no later one run.
          select
          from public.automation_runs a
          join public.automation_rules s on s.tenant_id = a.tenant_id and s.id = a.rule_id
          where a.tenant_id = c.tenant_id
            and a.conversation_id = c.id
            and a.waited_since = c.waiting_since
            and s.stop_after
            and s.position < v_rule.position
        )
        and private.matches_conditions(c, v_rule.conditions, null, null, now())
      order by c.waiting_since
      limit at_most
      for no key update skip locked
    loop
      perform private.run_rule(v_rule, v_conversation.id, 'waiting', null, v_conversation.waiting_since);
      perform set_config('prosa.rules', '', true);
      v_count := v_count + 1;
    end loop;
  end loop;
  return v_count;
end;
$$;

/* Forgets runs older than 30 days, 10,000 at most. Returns how many. */
create function private.purge_automation_runs()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.automation_runs a
  where a.ctid = any (array(
    select r.ctid
    from public.automation_runs r
    where r.created_at < now() - interval '30 days'
    order by r.created_at
    limit 10000
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.run_waiting_rules(integer), private.purge_automation_runs() to prosa_worker;
