/*
 * Automation rules: when something happens to a conversation, if conditions hold, then actions are done. They run in the
 * transaction of what happened, so that nobody sees a conversation that its rules have not been to, and no rule is
 * forgotten. Whatever a rule does wrong is its own: every action stands in a savepoint, what fails is told in the run,
 * and the message is received.
 *
 * Messages are looked at once a statement, whatever its number of rows; a tenant without rules pays that look, one
 * descent of an index that is nearly empty. Conversations are looked at only where something changed that rules can be
 * about, which no ordinary message does.
 *
 * Loops end: for one event, with all that it causes, no rule runs twice; once ten have run, what they do causes no more;
 * and none runs on one conversation more than twenty times an hour, which ends a talk with another machine.
 */

create table public.automation_rules (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (name = btrim(name) and length(name) between 1 and 80),
  trigger text not null check (trigger in (
    'conversation_created', 'message_received', 'message_sent', 'conversation_assigned', 'conversation_closed',
    'conversation_reopened', 'tag_added', 'priority_changed', 'snooze_over', 'waiting'
  )),
  -- How long a customer has waited for an answer; for the trigger `waiting` alone.
  waiting_minutes integer check (waiting_minutes between 1 and 43200),
  conditions jsonb not null default '{"match": "all", "rules": []}',
  actions jsonb not null,
  enabled boolean not null default true,
  -- No later rule runs for the same event.
  stop_after boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check ((trigger = 'waiting') = (waiting_minutes is not null))
);

comment on table public.automation_rules is 'When something happens, if conditions hold, then actions are done.';

-- What every message asks: has its tenant a rule for it?
create index automation_rules_active_idx on public.automation_rules (tenant_id, trigger, position) where enabled;

create trigger _100_touch
  before update on public.automation_rules
  for each row
  execute function private.tg_touch();

-- One row a run, never a counter in the rule: that would make all of a tenant's messages wait for one another.
create table public.automation_runs (
  id uuid not null default gen_random_uuid(),
  tenant_id uuid not null,
  rule_id uuid not null,
  conversation_id uuid not null,
  message_id uuid,
  trigger text not null,
  -- partly: some actions failed. limited: it had run too often. looped: too many rules had caused one another.
  outcome text not null check (outcome in ('done', 'partly', 'failed', 'limited', 'looped')),
  -- [{action, code, detail}] of the actions that failed.
  errors jsonb not null default '[]',
  -- Which wait it was, so that a rule runs once in each.
  waited_since timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, rule_id) references public.automation_rules (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.automation_runs is 'What rules did, and what of it failed. Kept 30 days.';

create index on public.automation_runs (tenant_id, rule_id, created_at desc);
create index on public.automation_runs (tenant_id, conversation_id, rule_id, created_at desc);
create index on public.automation_runs (created_at);

alter table public.automation_rules enable row level security;
alter table public.automation_runs enable row level security;

create policy select_manager on public.automation_rules
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('automation.manage'))));

create policy select_manager on public.automation_runs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('automation.manage'))));

grant select on public.automation_rules, public.automation_runs to authenticated;

alter publication supabase_realtime add table public.automation_rules;

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
      select c.* into v_conversation from public.conversations c where c.id = $2 for update;
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
      for update skip locked
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
