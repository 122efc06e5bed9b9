/* What a worker needs to run an evaluation: the next case, a place for what it came to, and an end. */

/* The next case that a run has not asked, in the shape of a turn's reading with {case_id, expected}; null: it asked all. */
create function private.next_ai_evaluation_case(run_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select private.made_up_reading(r.tenant_id, r.agent_id, r.version_id, r.definition, s.case_id, s.asked -> 'said')
    || jsonb_build_object('case_id', s.case_id, 'expected', s.asked -> 'expected', 'user_id', r.user_id)
  from public.ai_evaluation_runs r
  join public.ai_evaluation_results s on s.tenant_id = r.tenant_id and s.run_id = r.id
  where r.id = $1
    and r.status = 'running'
    and s.done_at is null
  order by s.case_id
  limit 1
$$;

/* Keeps what a case came to, once, and counts it. */
create function private.keep_ai_evaluation_result(run_id uuid, case_id uuid, faults jsonb, answer jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.ai_evaluation_results s
  set faults = $3, answer = $4, done_at = clock_timestamp()
  where s.tenant_id = (select r.tenant_id from public.ai_evaluation_runs r where r.id = $1)
    and s.run_id = $1
    and s.case_id = $2
    and s.done_at is null;
  if found then
    update public.ai_evaluation_runs r
    set done = r.done + 1, passed = r.passed + ($3 = '[]')::integer
    where r.id = $1;
  end if;
end;
$$;

/* Ends a run; `error`: why it broke off. What its calls cost is counted by when they were made: an agent has one run at a time. */
create function private.end_ai_evaluation(run_id uuid, error text default null)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  update public.ai_evaluation_runs r
  set
    status = case when $2 is null then 'done' else 'failed' end,
    error = left($2, 80),
    done_at = clock_timestamp(),
    cost = (
      select sum(c.cost)
      from public.ai_calls c
      where c.tenant_id = r.tenant_id
        and c.agent_id = r.agent_id
        and c.purpose = 'evaluate'
        and c.created_at >= r.created_at
    )
  where r.id = $1
    and r.status = 'running'
$$;

grant execute on function
  private.next_ai_evaluation_case(uuid),
  private.keep_ai_evaluation_result(uuid, uuid, jsonb, jsonb),
  private.end_ai_evaluation(uuid, text)
to prosa_worker;
