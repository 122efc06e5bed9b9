/*
 * Calls of a model: what each cost, and what may be spent. Money is whole billionths of a dollar; the highest price of a
 * call is set aside before it is made, so that no limit is overdrawn, whoever calls at once. A cost that nobody knows is
 * null. Of what was said, nothing stands here.
 */

create table public.ai_calls (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  agent_id uuid,
  version_id uuid,
  conversation_id uuid,
  -- The person it was for, where one asked.
  user_id uuid,
  purpose text not null check (purpose in ('reply', 'decide', 'flow', 'suggest', 'rewrite', 'translate', 'summarise', 'next', 'try', 'evaluate')),
  model text not null check (length(model) between 1 and 100),
  -- Which of our texts in which version, and which version of the agent: core's promptId.
  prompt text not null check (length(prompt) <= 120),
  status text not null default 'open' check (status in ('open', 'done', 'failed', 'lost')),
  error text check (length(error) <= 80),
  tools text[] not null default '{}',
  input_tokens integer,
  cached_tokens integer,
  output_tokens integer,
  -- Billionths of a dollar. Null: nobody knows.
  cost bigint,
  reserved bigint not null default 0,
  latency_ms integer,
  created_at timestamptz not null default clock_timestamp(),
  done_at timestamptz,
  check ((status = 'open') = (done_at is null))
);

comment on table public.ai_calls is 'Calls of a model: tokens, cost, time, outcome. Never what was said.';

create index on public.ai_calls (tenant_id, created_at desc);
create index on public.ai_calls (tenant_id, agent_id, created_at desc);
create index on public.ai_calls (tenant_id, conversation_id, created_at desc);
create index ai_calls_open_idx on public.ai_calls (created_at) where status = 'open';

/* What was spent and what is set aside, by day and agent (zeros: none). */
create table private.ai_spending (
  tenant_id uuid not null references public.tenants on delete cascade,
  day date not null,
  agent_id uuid not null,
  spent bigint not null default 0,
  reserved bigint not null default 0,
  primary key (tenant_id, day, agent_id)
) with (fillfactor = 70);

alter table public.ai_calls enable row level security;
alter table private.ai_spending enable row level security;

create policy select_manager on public.ai_calls
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.manage'))));

grant select on public.ai_calls to authenticated;

create function private.ai_day(tenant_id uuid, at timestamptz default now())
  returns date
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select (at at time zone t.timezone)::date from public.tenants t where t.id = $1
$$;

/*
 * What is spent and set aside, with the limits that hold: {tenant_day, tenant_month, agent_day, agent_month, daily_limit,
 * monthly_limit, prices, enabled}. One walk over this month's days.
 */
create function private.ai_accounts(tenant_id uuid, agent_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'day', d.day,
    'tenant_day', coalesce(sum(s.spent + s.reserved) filter (where s.day = d.day), 0),
    'tenant_month', coalesce(sum(s.spent + s.reserved), 0),
    'agent_day', coalesce(sum(s.spent + s.reserved) filter (where s.day = d.day and s.agent_id = $2), 0),
    'agent_month', coalesce(sum(s.spent + s.reserved) filter (where s.agent_id = $2), 0),
    'daily_limit', (select o.daily_limit from public.ai_settings o where o.tenant_id = $1),
    'monthly_limit', (select o.monthly_limit from public.ai_settings o where o.tenant_id = $1),
    'prices', coalesce((select o.prices from public.ai_settings o where o.tenant_id = $1), '[]'),
    'enabled', coalesce((select o.enabled from public.ai_settings o where o.tenant_id = $1), true)
  )
  from (select private.ai_day($1) as day) d
  left join private.ai_spending s on s.tenant_id = $1 and s.day between date_trunc('month', d.day)::date and d.day
  group by d.day
$$;

/*
 * Sets a call's highest price aside and writes it down. `call`: {tenant_id, agent_id, version_id, conversation_id, user_id,
 * purpose, model, prompt, reserve, daily, monthly, per_hour}; the last three are the agent's own limits. Gives {id}, or
 * {refused}: ai_off, ai_budget_spent, ai_rate_limited.
 */
create function private.begin_ai_call(call jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := call ->> 'tenant_id';
  v_agent_id uuid := call ->> 'agent_id';
  v_reserve bigint := coalesce((call ->> 'reserve')::bigint, 0);
  v_settings public.ai_settings;
  v_accounts jsonb;
  v_id uuid;
begin
  insert into public.ai_settings (tenant_id) values (v_tenant_id) on conflict on constraint ai_settings_pkey do nothing;
  -- Whoever calls for this tenant stands in line here: two can't set the same money aside.
  select s.* into v_settings from public.ai_settings s where s.tenant_id = v_tenant_id for no key update;
  if not v_settings.enabled then
    return jsonb_build_object('refused', 'ai_off');
  end if;
  v_accounts := private.ai_accounts(v_tenant_id, v_agent_id);
  if (v_accounts ->> 'tenant_day')::bigint + v_reserve > v_settings.daily_limit
    or (v_accounts ->> 'tenant_month')::bigint + v_reserve > v_settings.monthly_limit
    or (v_accounts ->> 'agent_day')::bigint + v_reserve > (call ->> 'daily')::bigint
    or (v_accounts ->> 'agent_month')::bigint + v_reserve > (call ->> 'monthly')::bigint
  then
    return jsonb_build_object('refused', 'ai_budget_spent');
  end if;
  -- now(), which never changes within a statement, is looked up in the index; clock_timestamp() would read all calls.
  if (
    select count(*) from public.ai_calls c where c.tenant_id = v_tenant_id and c.created_at > now() - interval '1 minute'
  ) >= v_settings.calls_per_minute
  or (
    call ->> 'per_hour' is not null
    and (
      select count(*)
      from public.ai_calls c
      where c.tenant_id = v_tenant_id
        and c.agent_id = v_agent_id
        and c.created_at > now() - interval '1 hour'
        and c.purpose = 'reply'
    ) >= (call ->> 'per_hour')::integer
  ) then
    return jsonb_build_object('refused', 'ai_rate_limited');
  end if;

  insert into private.ai_spending as s (tenant_id, day, agent_id, reserved)
  values (v_tenant_id, (v_accounts ->> 'day')::date, coalesce(v_agent_id, '00000000-0000-0000-0000-000000000000'), v_reserve)
  on conflict on constraint ai_spending_pkey do update
  set reserved = s.reserved + excluded.reserved;
  insert into public.ai_calls (tenant_id, agent_id, version_id, conversation_id, user_id, purpose, model, prompt, reserved)
  values (
    v_tenant_id, v_agent_id, (call ->> 'version_id')::uuid, (call ->> 'conversation_id')::uuid, (call ->> 'user_id')::uuid,
    call ->> 'purpose', call ->> 'model', call ->> 'prompt', v_reserve
  )
  returning id into v_id;
  return jsonb_build_object('id', v_id);
end;
$$;

/*
 * Writes down what came of a call, once: {status, error, tools, input_tokens, cached_tokens, output_tokens, cost, spent,
 * latency_ms}. `spent` is what counts towards the limits: where a cost is not known, the most it may have been.
 */
create function private.settle_ai_call(call_id uuid, result jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_call public.ai_calls;
begin
  update public.ai_calls c
  set
    status = result ->> 'status',
    error = left(result ->> 'error', 80),
    tools = coalesce(array(select t.value from jsonb_array_elements_text(result -> 'tools') t), '{}'),
    input_tokens = (result ->> 'input_tokens')::integer,
    cached_tokens = (result ->> 'cached_tokens')::integer,
    output_tokens = (result ->> 'output_tokens')::integer,
    cost = (result ->> 'cost')::bigint,
    latency_ms = (result ->> 'latency_ms')::integer,
    done_at = clock_timestamp()
  where c.id = $1
    and c.status = 'open'
  returning c.* into v_call;
  if v_call.id is null then
    return;
  end if;
  update private.ai_spending s
  set
    reserved = s.reserved - v_call.reserved,
    spent = s.spent + coalesce((result ->> 'spent')::bigint, 0)
  where s.tenant_id = v_call.tenant_id
    and s.day = private.ai_day(v_call.tenant_id, v_call.created_at)
    and s.agent_id = coalesce(v_call.agent_id, '00000000-0000-0000-0000-000000000000');
end;
$$;

/* Calls whose worker is gone are lost: they may have cost all that was set aside. Forgets what is 180 days old, and trials of an hour ago. Returns how many were lost. */
create function private.tidy_ai_calls()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_reserved bigint;
  v_count integer := 0;
begin
  for v_id, v_reserved in
    select c.id, c.reserved
    from public.ai_calls c
    where c.status = 'open'
      and c.created_at < now() - interval '10 minutes'
    limit 1000
  loop
    perform private.settle_ai_call(v_id, jsonb_build_object('status', 'lost', 'error', 'worker_gone', 'spent', v_reserved));
    v_count := v_count + 1;
  end loop;
  delete from public.ai_calls c
  where c.id = any (array(select o.id from public.ai_calls o where o.created_at < now() - interval '180 days' limit 10000));
  delete from public.ai_trials t where t.created_at < now() - interval '1 hour';
  return v_count;
end;
$$;

grant execute on function
  private.ai_accounts(uuid, uuid),
  private.begin_ai_call(jsonb),
  private.settle_ai_call(uuid, jsonb),
  private.tidy_ai_calls()
to prosa_worker;
