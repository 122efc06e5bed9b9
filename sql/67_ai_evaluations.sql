/*
 * Evaluation sets: what customers asked an agent, and what a good answer to that has in it. A run puts every case to a
 * draft, or to a published version, as a trial does: nothing is sent, nothing is changed anywhere. Its results keep the
 * case as it was asked.
 */

create table public.ai_evaluation_cases (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  agent_id uuid not null,
  name text not null check (name = btrim(name) and length(name) between 1 and 120),
  -- [{author: customer or company, text}], oldest first, the customer's last.
  said jsonb not null,
  -- core's Expected.
  expected jsonb not null check (jsonb_typeof(expected) = 'object' and length(expected::text) <= 10000),
  -- Where it was taken from.
  conversation_id uuid,
  created_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete set null (conversation_id)
);

comment on table public.ai_evaluation_cases is 'What AI agents are evaluated by.';

create index on public.ai_evaluation_cases (tenant_id, agent_id, created_at);
create index on public.ai_evaluation_cases (tenant_id, conversation_id);

create trigger _100_touch
  before update on public.ai_evaluation_cases
  for each row
  execute function private.tg_touch();

create table public.ai_evaluation_runs (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  agent_id uuid not null,
  -- The draft's; null: it was a version that was run.
  revision integer,
  -- The version that was run, or that the draft has become.
  version_id uuid,
  definition jsonb not null,
  status text not null default 'running' check (status in ('running', 'done', 'failed')),
  -- Why it broke off: an error's code.
  error text check (length(error) <= 80),
  total integer not null,
  done integer not null default 0,
  passed integer not null default 0,
  -- Billionths of a dollar, of calls whose cost is known.
  cost bigint,
  user_id uuid,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  unique (tenant_id, id),
  check ((status = 'running') = (done_at is null)),
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade,
  foreign key (tenant_id, version_id) references public.ai_agent_versions (tenant_id, id) on delete cascade
);

comment on table public.ai_evaluation_runs is 'Evaluations of drafts and versions of AI agents.';

create index on public.ai_evaluation_runs (tenant_id, agent_id, created_at desc);
create index on public.ai_evaluation_runs (tenant_id, version_id);
-- One at a time an agent.
create unique index ai_evaluation_runs_running_idx on public.ai_evaluation_runs (tenant_id, agent_id) where status = 'running';

create table public.ai_evaluation_results (
  tenant_id uuid not null,
  run_id uuid not null,
  case_id uuid not null,
  -- As it was asked: {name, said, expected}.
  asked jsonb not null,
  -- [{check, wanted, got}]; empty: passed. Null: it is still to be asked.
  faults jsonb,
  -- {text, outcome, reason, decision, citations, calls, tokens, latency_ms}
  answer jsonb,
  done_at timestamptz,
  primary key (tenant_id, run_id, case_id),
  foreign key (tenant_id, run_id) references public.ai_evaluation_runs (tenant_id, id) on delete cascade
);

comment on table public.ai_evaluation_results is 'What a case came to in an evaluation.';

alter table public.ai_evaluation_cases enable row level security;
alter table public.ai_evaluation_runs enable row level security;
alter table public.ai_evaluation_results enable row level security;

create policy select_manager on public.ai_evaluation_cases
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.manage'))));

create policy select_manager on public.ai_evaluation_runs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.manage'))));

create policy select_manager on public.ai_evaluation_results
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.manage'))));

grant select on public.ai_evaluation_cases, public.ai_evaluation_runs, public.ai_evaluation_results to authenticated;

/*
 * Keeps a case (`case_id` null: a new one). Of a conversation only somebody who sees it may take one. Raises
 * ai_agent_not_found, not_allowed, ai_case_invalid, ai_case_not_found, conversation_not_found, ai_cases_too_many.
 */
create function public.save_ai_evaluation_case(
  agent_id uuid, case_id uuid, name text, said jsonb, expected jsonb, conversation_id uuid default null
)
  returns public.ai_evaluation_cases
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents := private.lock_ai_agent($1);
  v_case public.ai_evaluation_cases;
begin
  if length(btrim(coalesce($3, ''))) not between 1 and 120
    or jsonb_typeof($5) is distinct from 'object'
    or length($5::text) > 10000
    or not private.is_said_to_ai($4)
  then
    perform private.refuse(422, 'ai_case_invalid');
  end if;
  if $6 is not null and not exists (
    select
    from public.conversations c
    where c.id = $6
      and c.tenant_id = v_agent.tenant_id
      and private.sees_conversation(c)
  ) then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  if $2 is null then
    if (select count(*) from public.ai_evaluation_cases e where e.tenant_id = v_agent.tenant_id and e.agent_id = v_agent.id) >= 200 then
      perform private.refuse(422, 'ai_cases_too_many');
    end if;
    insert into public.ai_evaluation_cases (tenant_id, agent_id, name, said, expected, conversation_id, created_by)
    values (v_agent.tenant_id, v_agent.id, btrim($3), $4, $5, $6, auth.uid())
    returning * into v_case;
  else
    update public.ai_evaluation_cases e
    set name = btrim($3), said = $4, expected = $5
    where e.id = $2
      and e.tenant_id = v_agent.tenant_id
      and e.agent_id = v_agent.id
    returning e.* into v_case;
    if v_case.id is null then
      perform private.refuse(404, 'ai_case_not_found');
    end if;
  end if;
  return v_case;
end;
$$;

/* Throws a case away; results of it stay with their runs. Raises ai_case_not_found, not_allowed. */
create function public.delete_ai_evaluation_case(case_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select e.tenant_id into v_tenant_id
  from public.ai_evaluation_cases e
  where e.id = $1
    and e.tenant_id = any (array(select private.my_tenant_ids('ai.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'ai_case_not_found');
  end if;
  perform private.require(v_tenant_id, 'ai.manage');
  delete from public.ai_evaluation_cases e where e.id = $1;
end;
$$;

/*
 * Puts every case to the agent's draft as it is kept, or to one of its versions. One that runs already goes on. Raises
 * ai_agent_not_found, not_allowed, ai_agent_version_not_found, ai_cases_none.
 */
create function public.run_ai_evaluation(agent_id uuid, version_id uuid default null)
  returns public.ai_evaluation_runs
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents := private.lock_ai_agent($1);
  v_definition jsonb := v_agent.draft;
  v_run public.ai_evaluation_runs;
  v_cases integer;
begin
  select r.* into v_run
  from public.ai_evaluation_runs r
  where r.tenant_id = v_agent.tenant_id
    and r.agent_id = v_agent.id
    and r.status = 'running';
  if v_run.id is not null then
    return v_run;
  end if;
  if $2 is not null then
    select v.definition into v_definition
    from public.ai_agent_versions v
    where v.tenant_id = v_agent.tenant_id
      and v.agent_id = v_agent.id
      and v.id = $2;
    if v_definition is null then
      perform private.refuse(404, 'ai_agent_version_not_found');
    end if;
  end if;
  select count(*) into v_cases
  from public.ai_evaluation_cases e
  where e.tenant_id = v_agent.tenant_id
    and e.agent_id = v_agent.id;
  if v_cases = 0 then
    perform private.refuse(422, 'ai_cases_none');
  end if;
  insert into public.ai_evaluation_runs (tenant_id, agent_id, revision, version_id, definition, total, user_id)
  values (v_agent.tenant_id, v_agent.id, case when $2 is null then v_agent.revision end, $2, v_definition, v_cases, auth.uid())
  returning * into v_run;
  insert into public.ai_evaluation_results (tenant_id, run_id, case_id, asked)
  select v_agent.tenant_id, v_run.id, e.id, jsonb_build_object('name', e.name, 'said', e.said, 'expected', e.expected)
  from public.ai_evaluation_cases e
  where e.tenant_id = v_agent.tenant_id
    and e.agent_id = v_agent.id;
  perform graphile_worker.add_job(
    'ai_evaluation__run', json_build_object('run_id', v_run.id), max_attempts => 5, priority => 10, job_key => 'ai_evaluation:' || v_run.id
  );
  -- Enough to compare by.
  delete from public.ai_evaluation_runs r
  where r.tenant_id = v_agent.tenant_id
    and r.agent_id = v_agent.id
    and r.id in (
      select o.id
      from public.ai_evaluation_runs o
      where o.tenant_id = v_agent.tenant_id and o.agent_id = v_agent.id
      order by o.created_at desc
      offset 40
    );
  return v_run;
end;
$$;

grant execute on function
  public.save_ai_evaluation_case(uuid, uuid, text, jsonb, jsonb, uuid),
  public.delete_ai_evaluation_case(uuid),
  public.run_ai_evaluation(uuid, uuid)
to authenticated;
