/*
 * Runs of flows: one conversation going through one flow, in the versions that it began with. A conversation has one live
 * run at most, by an index. While it lives the conversation's owner is `bot`; whoever else takes it raises `owner_epoch`,
 * and with that ends the run: what it would still have said is refused in the transaction that would have sent it.
 */

create table public.flow_runs (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  flow_id uuid not null,
  version_id uuid not null,
  -- The versions of all flows that it may come through: {flow: version}.
  pins jsonb not null,
  trigger_id uuid,
  -- Who started it by hand.
  started_by uuid,
  status text not null default 'live' check (status in ('live', 'ended')),
  outcome text check (outcome in ('completed', 'handed_over', 'failed', 'taken_over', 'stopped', 'closed')),
  -- Why it failed: a code, and the node.
  fault text,
  -- core's RunState; null: it has not begun.
  state jsonb,
  -- What it was given to begin with: {message_id, variables}.
  begins_with jsonb not null default '{}',
  -- The seq of the last message that it has read.
  cursor bigint not null,
  -- Raised with every step: one that read an earlier one is not kept.
  revision integer not null default 0,
  visits integer not null default 0,
  waiting_until timestamptz,
  owner_epoch integer not null,
  started_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  -- Whether it stands in flow_counts.
  counted boolean not null default false,
  unique (tenant_id, id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, flow_id) references public.flows (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references public.flow_versions (tenant_id, id) on delete cascade,
  check ((status = 'ended') = (ended_at is not null)),
  check ((status = 'ended') = (outcome is not null))
) with (fillfactor = 70);

comment on table public.flow_runs is 'One conversation going through a flow.';

-- A conversation's first, and asked for by the conversation alone: of several indexes that begin with the tenant a plan made
-- while the table was small took any one, and read all that a tenant ever ran.
create unique index flow_runs_one_live_idx on public.flow_runs (conversation_id) where status = 'live';
create index on public.flow_runs (conversation_id, tenant_id, started_at desc);
create index on public.flow_runs (tenant_id, flow_id, started_at desc);
create index on public.flow_runs (version_id, tenant_id);
-- Not by the status, or a plan could take it for a conversation's.
create index flow_runs_waiting_idx on public.flow_runs (waiting_until) where ended_at is null;

create table public.flow_steps (
  tenant_id uuid not null,
  run_id uuid not null,
  number integer not null,
  flow_id uuid not null,
  node text not null,
  -- By which way it was left; null: the run waited there, or ended.
  branch text,
  fault text,
  at timestamptz not null,
  primary key (tenant_id, run_id, number),
  foreign key (tenant_id, run_id) references public.flow_runs (tenant_id, id) on delete cascade
);

comment on table public.flow_steps is 'Which nodes each run came through: what analytics count.';

create index on public.flow_steps (tenant_id, flow_id, at);

create table public.flow_results (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  run_id uuid not null,
  conversation_id uuid not null,
  kind text not null check (kind in ('csat')),
  -- csat: {score}.
  content jsonb not null,
  created_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, run_id) references public.flow_runs (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.flow_results is 'Satisfaction that flows found out.';

create index on public.flow_results (tenant_id, kind, created_at desc);
create index on public.flow_results (tenant_id, run_id);
create index on public.flow_results (tenant_id, conversation_id);

/* What a run asked of others: it is called outside of any transaction, and what came of it stands here. */
create table private.flow_calls (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  run_id uuid not null,
  conversation_id uuid not null,
  -- Which effect of the run it is: once, however often the step is run.
  effect integer not null,
  kind text not null check (kind in ('http', 'sgp', 'ai', 'webhook')),
  request jsonb not null,
  tries integer not null default 0,
  -- core's Outcome; null: not known yet.
  outcome jsonb,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  unique (run_id, effect),
  foreign key (tenant_id, run_id) references public.flow_runs (tenant_id, id) on delete cascade
);

comment on table private.flow_calls is 'Requests of flows, and what came of them.';

create index on private.flow_calls (tenant_id, run_id);

alter table public.flow_runs enable row level security;
alter table public.flow_steps enable row level security;
alter table public.flow_results enable row level security;
alter table private.flow_calls enable row level security;

-- What customers answered stands in a run: whoever manages flows sees every conversation, others need not.
create policy select_manager on public.flow_runs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

create policy select_manager on public.flow_steps
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

create policy select_manager on public.flow_results
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

grant select on public.flow_runs, public.flow_steps, public.flow_results to authenticated;
