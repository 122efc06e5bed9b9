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
