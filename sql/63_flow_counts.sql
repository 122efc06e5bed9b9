/*
 * What flows come to, counted: by day and by node, so that a drawing of three months is some thousand rows by their key, and
 * no run is ever read for it. A run is counted once, when it has ended, by a job: runs of one flow must not wait for one
 * another at a counter.
 */

create table public.flow_counts (
  tenant_id uuid not null,
  flow_id uuid not null,
  -- On which a run began, by its tenant's clock.
  day date not null,
  -- '' for the flow itself.
  node text not null,
  -- A way out of the node; '' for the node itself.
  branch text not null,
  runs integer not null default 0,
  -- Of those: came to an end of the flow; needed no person; were given up right here.
  completed integer not null default 0,
  contained integer not null default 0,
  left_here integer not null default 0,
  primary key (tenant_id, flow_id, day, node, branch),
  foreign key (tenant_id, flow_id) references public.flows (tenant_id, id) on delete cascade
) with (fillfactor = 80);

comment on table public.flow_counts is 'How many runs came through each node of a flow, and what became of them, by day.';

alter table public.flow_counts enable row level security;

create policy select_manager on public.flow_counts
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

grant select on public.flow_counts to authenticated;

create index flow_runs_uncounted_idx on public.flow_runs (ended_at) where status = 'ended' and not counted;
create index flow_runs_live_idx on public.flow_runs (tenant_id, flow_id) where ended_at is null;

/* Counts runs that have ended, 500 at most. Returns how many. */
create function private.fold_flow_counts()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_runs uuid[];
begin
  with taken as (
    select r.id
    from public.flow_runs r
    where r.status = 'ended'
      and not r.counted
    order by r.ended_at
    limit 500
    for update skip locked
  ),
  marked as (
    update public.flow_runs r
    set counted = true
    from taken t
    where r.id = t.id
    returning r.id
  )
  select array_agg(m.id) into v_runs from marked m;

  insert into public.flow_counts as c (tenant_id, flow_id, day, node, branch, runs, completed, contained, left_here)
  select
    s.tenant_id, s.flow_id, s.day, s.node, s.branch, count(*), count(*) filter (where s.outcome = 'completed'),
    count(*) filter (where s.outcome in ('completed', 'closed')),
    -- What was completed or handed over came to where it was to come.
    count(*) filter (where s.is_last and s.outcome in ('closed', 'taken_over', 'stopped', 'failed'))
  from (
    select
      r.id, r.tenant_id, v.flow_id, (r.started_at at time zone t.timezone)::date as day, v.node, v.branch, r.outcome,
      bool_or(v.is_last) as is_last
    from public.flow_runs r
    join public.tenants t on t.id = r.tenant_id
    cross join lateral (
      select r.flow_id, '' as node, '' as branch, false as is_last
      union all
      select s.flow_id, s.node, way.branch, way.branch = '' and s.number = max(s.number) over ()
      from public.flow_steps s
      cross join lateral (select '' as branch union all select s.branch where s.branch is not null) way
      where s.tenant_id = r.tenant_id
        and s.run_id = r.id
    ) v
    where r.id = any (v_runs)
    group by r.id, r.tenant_id, v.flow_id, day, v.node, v.branch, r.outcome
  ) s
  group by s.tenant_id, s.flow_id, s.day, s.node, s.branch
  -- Their order is everybody's.
  order by 1, 2, 3, 4, 5
  on conflict (tenant_id, flow_id, day, node, branch) do update
  set
    runs = c.runs + excluded.runs,
    completed = c.completed + excluded.completed,
    contained = c.contained + excluded.contained,
    left_here = c.left_here + excluded.left_here;
  return coalesce(cardinality(v_runs), 0);
end;
$$;

/*
 * What a flow came to within so many days: {live, runs, completed, contained, nodes: [{node, branch, runs, completed,
 * contained, left}]}; branch '' is the node itself. Raises flow_not_found, not_allowed.
 */
create function public.flow_performance(flow_id uuid, days integer default 30)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows;
  v_since date;
begin
  select f.* into v_flow
  from public.flows f
  where f.id = $1
    and f.tenant_id = any (array(select private.my_tenant_ids('flows.read')));
  if v_flow.id is null then
    perform private.refuse(404, 'flow_not_found');
  end if;
  perform private.require(v_flow.tenant_id, 'flows.manage');
  select (now() at time zone t.timezone)::date - (least(greatest($2, 1), 400) - 1) into v_since
  from public.tenants t
  where t.id = v_flow.tenant_id;
  return (
    with counts as (
      select
        c.node, c.branch, sum(c.runs) as runs, sum(c.completed) as completed, sum(c.contained) as contained,
        sum(c.left_here) as left_here
      from public.flow_counts c
      where c.tenant_id = v_flow.tenant_id
        and c.flow_id = v_flow.id
        and c.day >= v_since
      group by c.node, c.branch
    )
    select jsonb_build_object(
      'live', (
        select count(*) from public.flow_runs r where r.tenant_id = v_flow.tenant_id and r.flow_id = v_flow.id and r.ended_at is null
      ),
      'runs', coalesce(sum(c.runs) filter (where c.node = ''), 0),
      'completed', coalesce(sum(c.completed) filter (where c.node = ''), 0),
      'contained', coalesce(sum(c.contained) filter (where c.node = ''), 0),
      'nodes', coalesce(
        jsonb_agg(
          jsonb_build_object(
            'node', c.node, 'branch', c.branch, 'runs', c.runs, 'completed', c.completed, 'contained', c.contained, 'left', c.left_here
          )
          order by c.node, c.branch
        ) filter (where c.node <> ''),
        '[]'
      )
    )
    from counts c
  );
end;
$$;

grant execute on function public.flow_performance(uuid, integer) to authenticated;
grant execute on function private.fold_flow_counts() to prosa_worker;
