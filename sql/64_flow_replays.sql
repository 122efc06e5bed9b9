/*
 * Replays: what a drawing would have made of the conversations that there were. A job runs the interpreter over what
 * customers really said and machines really answered; nobody is asked or told anything, and no conversation changes.
 */

create table public.flow_replays (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  flow_id uuid not null,
  -- What was drawn when it was asked for.
  definition jsonb not null,
  revision integer not null,
  days integer not null check (days between 1 and 90),
  -- How machines are taken to answer that nobody asked in life.
  guess text not null check (guess in ('works', 'fails')),
  status text not null default 'waiting' check (status in ('waiting', 'running', 'done', 'cancelled', 'failed')),
  -- Conversations to be looked at, and how many have been.
  total integer not null default 0,
  done integer not null default 0,
  -- core's Tally.
  tally jsonb,
  fault text,
  requested_by uuid,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, flow_id) references public.flows (tenant_id, id) on delete cascade,
  check ((status in ('waiting', 'running')) = (finished_at is null)),
  check ((status = 'done') = (tally is not null))
);

comment on table public.flow_replays is 'What a drawing would have made of the conversations that there were.';

create index on public.flow_replays (tenant_id, flow_id, created_at desc);
create unique index flow_replays_one_at_a_time_idx on public.flow_replays (tenant_id, flow_id) where status in ('waiting', 'running');

create table public.flow_replay_conversations (
  tenant_id uuid not null,
  replay_id uuid not null,
  number integer not null,
  conversation_id uuid not null,
  -- Null: no bot had it, and this one's triggers might have.
  run_id uuid,
  started_at timestamptz not null,
  done boolean not null default false,
  changed boolean not null default false,
  -- Whether the answer of a machine had to be guessed.
  guessed boolean not null default false,
  -- core's ReplayEnding; `before` is null where no bot had it.
  before text,
  after text,
  -- core's [Passing].
  before_path jsonb not null default '[]',
  after_path jsonb not null default '[]',
  before_said integer not null default 0,
  after_said integer not null default 0,
  primary key (tenant_id, replay_id, number),
  foreign key (tenant_id, replay_id) references public.flow_replays (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, run_id) references public.flow_runs (tenant_id, id) on delete cascade
);

comment on table public.flow_replay_conversations is 'One conversation of a replay, as it went and as it would have gone.';

create index on public.flow_replay_conversations (tenant_id, conversation_id);
create index on public.flow_replay_conversations (tenant_id, run_id);
create index flow_replay_conversations_changed_idx on public.flow_replay_conversations (tenant_id, replay_id, number) where changed;
create index flow_replay_conversations_left_idx on public.flow_replay_conversations (tenant_id, replay_id, number) where not done;

alter table public.flow_replays enable row level security;
alter table public.flow_replay_conversations enable row level security;

create policy select_manager on public.flow_replays
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

create policy select_manager on public.flow_replay_conversations
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('flows.manage'))));

grant select on public.flow_replays, public.flow_replay_conversations to authenticated;

/* Has the next portion of a replay looked at. */
create function private.enqueue_flow_replay(replay public.flow_replays)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'flow_replay__run', json_build_object('flow_replay_id', replay.id),
    -- One portion at a time a tenant: replays have the rest of the workers' time.
    queue_name => 'flow_replays:' || replay.tenant_id, priority => 20::smallint, max_attempts => 5
  );
end;
$$;

/*
 * Asks what a flow's draft would have made of the conversations of so many days. One that still runs is cancelled for it;
 * the last three are kept. Raises flow_not_found, not_allowed, flow_changed, flow_invalid, flow_replay_invalid.
 */
create function public.start_flow_replay(flow_id uuid, revision integer, days integer default 30, guess text default 'works')
  returns public.flow_replays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_flow public.flows := private.lock_flow($1);
  v_replay public.flow_replays;
begin
  if v_flow.revision is distinct from $2 then
    perform private.refuse(409, 'flow_changed', v_flow.revision::text);
  end if;
  perform private.check_flow(v_flow.draft);
  if coalesce($3 not between 1 and 90, true) or coalesce($4 not in ('works', 'fails'), true) then
    perform private.refuse(422, 'flow_replay_invalid');
  end if;
  delete from public.flow_replays r
  where r.tenant_id = v_flow.tenant_id
    and r.flow_id = v_flow.id
    and (
      r.status in ('waiting', 'running')
      or r.id not in (
        select k.id
        from public.flow_replays k
        where k.tenant_id = v_flow.tenant_id
          and k.flow_id = v_flow.id
        order by k.created_at desc
        limit 2
      )
    );
  insert into public.flow_replays (tenant_id, flow_id, definition, revision, days, guess, requested_by)
  values (v_flow.tenant_id, v_flow.id, v_flow.draft, v_flow.revision, $3, $4, auth.uid())
  returning * into v_replay;
  perform private.enqueue_flow_replay(v_replay);
  return v_replay;
end;
$$;

/* Stops a replay. Idempotent. Raises flow_replay_not_found, not_allowed. */
create function public.cancel_flow_replay(flow_replay_id uuid)
  returns public.flow_replays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_replay public.flow_replays;
begin
  select r.* into v_replay
  from public.flow_replays r
  where r.id = $1
    and r.tenant_id = any (array(select private.my_tenant_ids('flows.read')))
  for update;
  if v_replay.id is null then
    perform private.refuse(404, 'flow_replay_not_found');
  end if;
  perform private.require(v_replay.tenant_id, 'flows.manage');
  if v_replay.status in ('waiting', 'running') then
    update public.flow_replays r
    set status = 'cancelled', finished_at = clock_timestamp()
    where r.id = v_replay.id
    returning r.* into v_replay;
    delete from public.flow_replay_conversations c where c.tenant_id = v_replay.tenant_id and c.replay_id = v_replay.id;
  end if;
  return v_replay;
end;
$$;

grant execute on function
  public.start_flow_replay(uuid, integer, integer, text),
  public.cancel_flow_replay(uuid)
to authenticated;
