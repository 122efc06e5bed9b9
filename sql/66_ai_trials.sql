/*
 * Trying an agent as it is being written: a made-up customer, nothing sent, nothing done, no conversation. A worker thinks
 * the turn out as it would a real one; what it came to is for the person who asked, for an hour.
 */

create table public.ai_trials (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  agent_id uuid not null,
  user_id uuid not null,
  definition jsonb not null,
  -- [{author: customer or company, text}], oldest first, the customer's last.
  said jsonb not null,
  -- {text, outcome, reason, decision, citations, calls, tokens, latency_ms}; null: a worker is still at it.
  answer jsonb,
  -- Why there is no answer: an error's code.
  error text check (length(error) <= 80),
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade
);

comment on table public.ai_trials is 'Turns that somebody tried an AI agent with. Kept for an hour.';

create index on public.ai_trials (tenant_id, agent_id);
create index on public.ai_trials (created_at);

alter table public.ai_trials enable row level security;

create policy select_own on public.ai_trials
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('ai.manage')))
    and user_id = (select auth.uid())
  );

grant select on public.ai_trials to authenticated;

/* Whether something is a conversation that a made-up customer has: [{author, text}], the customer's last. */
create function private.is_said_to_ai(said jsonb)
  returns boolean
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when jsonb_typeof(said) is distinct from 'array' then false
    else jsonb_array_length(said) between 1 and 40
      and coalesce(said -> -1 ->> 'author' = 'customer', false)
      and not exists (
        select
        from jsonb_array_elements(said) s
        where coalesce(s.value ->> 'author', '') not in ('customer', 'company')
          or length(coalesce(s.value ->> 'text', '')) not between 1 and 4096
      )
  end
$$;

/* What an agent reads of a made-up customer, in the shape of a turn's reading. */
create function private.made_up_reading(
  tenant_id uuid, agent_id uuid, version_id uuid, definition jsonb, contact_id uuid, said jsonb
)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'tenant', jsonb_build_object('id', t.id, 'name', t.name, 'timezone', t.timezone, 'language', t.locale),
    'agent', jsonb_build_object('id', $2, 'version_id', $3, 'number', 0, 'definition', $4),
    'contact', jsonb_build_object(
      'id', $5, 'name', 'Maria Souza', 'language', t.locale, 'phone', null, 'email', null, 'attributes', '{}'::jsonb
    ),
    'tags', '[]'::jsonb,
    'summary', null,
    'said', (
      select jsonb_agg(s.value || jsonb_build_object('seq', s.ordinality, 'kind', 'text') order by s.ordinality)
      from jsonb_array_elements($6) with ordinality s
    ),
    'up_to', jsonb_array_length($6),
    'owner_epoch', 0,
    'revision', 0,
    'tries', 1,
    'answers', (select count(*) from jsonb_array_elements($6) s where s.value ->> 'author' = 'company'),
    'masks', '[]'::jsonb
  ) || private.ai_surroundings(t.id)
  from public.tenants t
  where t.id = $1
$$;

/*
 * Has a worker answer a made-up customer as `definition` would. Raises ai_agent_not_found, not_allowed, ai_agent_invalid,
 * ai_trial_invalid.
 */
create function public.try_ai_agent(agent_id uuid, definition jsonb, said jsonb)
  returns public.ai_trials
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents;
  v_trial public.ai_trials;
begin
  select a.* into v_agent
  from public.ai_agents a
  where a.id = $1
    and a.tenant_id = any (array(select private.my_tenant_ids('ai.read')));
  if v_agent.id is null then
    perform private.refuse(404, 'ai_agent_not_found');
  end if;
  perform private.require(v_agent.tenant_id, 'ai.manage');
  perform private.check_ai_agent($2);
  if not private.is_said_to_ai($3) then
    perform private.refuse(422, 'ai_trial_invalid');
  end if;
  insert into public.ai_trials (tenant_id, agent_id, user_id, definition, said)
  values (v_agent.tenant_id, v_agent.id, auth.uid(), $2, $3)
  returning * into v_trial;
  perform graphile_worker.add_job(
    'ai__try', json_build_object('trial_id', v_trial.id), max_attempts => 2, priority => 0, job_key => 'ai_try:' || v_trial.id
  );
  return v_trial;
end;
$$;

/* What a worker reads for a trial, in the shape of a turn's; null: it is gone or answered. */
create function private.ai_trial_reading(trial_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select private.made_up_reading(r.tenant_id, r.agent_id, null, r.definition, r.id, r.said)
    || jsonb_build_object('user_id', r.user_id)
  from public.ai_trials r
  where r.id = $1
    and r.done_at is null
$$;

/* Keeps what a trial came to, once. */
create function private.settle_ai_trial(trial_id uuid, answer jsonb, error text)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  update public.ai_trials t
  set answer = $2, error = left($3, 80), done_at = clock_timestamp()
  where t.id = $1
    and t.done_at is null
$$;

/*
 * How agents do today and this month: turns, hand-overs, and what counts towards their limits (billionths of a dollar).
 * Raises tenant_not_found, not_allowed.
 */
create function public.ai_agent_figures(tenant_id uuid)
  returns table (agent_id uuid, turns_today bigint, handed_over_today bigint, spent_month bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_day date := private.ai_day($1);
  v_since timestamptz;
begin
  perform private.require($1, 'ai.read');
  select v_day::timestamp at time zone t.timezone into v_since from public.tenants t where t.id = $1;
  return query
  select a.id, coalesce(s.turns, 0), coalesce(s.handed_over, 0), coalesce(m.spent, 0)
  from public.ai_agents a
  left join lateral (
    select count(*) as turns, count(*) filter (where u.outcome = 'handed_over') as handed_over
    from public.ai_turns u
    where u.tenant_id = $1
      and u.agent_id = a.id
      and u.created_at >= v_since
  ) s on true
  left join lateral (
    select sum(p.spent + p.reserved)::bigint as spent
    from private.ai_spending p
    where p.tenant_id = $1
      and p.day between date_trunc('month', v_day)::date and v_day
      and p.agent_id = a.id
  ) m on true
  where a.tenant_id = $1;
end;
$$;

grant execute on function
  public.try_ai_agent(uuid, jsonb, jsonb),
  public.ai_agent_figures(uuid)
to authenticated;

grant execute on function
  private.ai_trial_reading(uuid),
  private.settle_ai_trial(uuid, jsonb, text)
to prosa_worker;
