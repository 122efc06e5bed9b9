/*
 * Who is there to answer. A member says online, busy or away; while no page of theirs is open they are away,
 * whatever they said, and what they said holds again when they are back. Pages say that they are open
 * (heartbeat); a page that vanishes says nothing, and after two minutes of silence its person is away.
 *
 * The heartbeats stand apart: browsers follow `agent_availability` row by row, and it changes only when
 * somebody's state does.
 */

create table public.agent_availability (
  tenant_id uuid not null,
  user_id uuid not null,
  -- What they said, or what a supervisor said for them.
  wanted text not null default 'online' check (wanted in ('online', 'busy', 'away')),
  -- Who said it: null, nobody yet.
  wanted_by uuid,
  -- A page of theirs is open.
  is_here boolean not null default false,
  -- What holds. Kept by a trigger.
  state text not null default 'away' check (state in ('online', 'busy', 'away')),
  since timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.agent_availability is 'Who is there to answer, as of now.';

create table private.agent_heartbeats (
  tenant_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
) with (fillfactor = 70);

create table public.availability_periods (
  tenant_id uuid not null,
  user_id uuid not null,
  state text not null check (state in ('online', 'busy', 'away')),
  started_at timestamptz not null,
  ended_at timestamptz,
  -- Who began it; null: their page came or went.
  by_id uuid,
  primary key (tenant_id, user_id, started_at),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.availability_periods is 'Who was there to answer, and when. The period that has not ended is the present.';

create unique index availability_periods_present_idx on public.availability_periods (tenant_id, user_id) where ended_at is null;

alter table public.agent_availability enable row level security;
alter table private.agent_heartbeats enable row level security;
alter table public.availability_periods enable row level security;

create policy select_member on public.agent_availability
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

-- When a colleague came and went is for those who plan the shifts, and for themselves.
create policy select_manager on public.availability_periods
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('availability.manage'))));

create policy select_self on public.availability_periods
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('members.read')))
  );

grant select on public.agent_availability, public.availability_periods to authenticated;

alter publication supabase_realtime add table public.agent_availability;

/* Keeps `state` and since when it holds. */
create function private.tg_agent_availability__state()
  returns trigger
  language plpgsql
as $$
begin
  new.state := case when new.is_here then new.wanted else 'away' end;
  if tg_op = 'INSERT' or new.state <> old.state then
    new.since := clock_timestamp();
  end if;
  return new;
end;
$$;

create trigger _200_state
  before insert or update on public.agent_availability
  for each row
  execute function private.tg_agent_availability__state();

/* Ends the period before and begins the next. Who comes online may be given what waits. */
create function private.tg_agent_availability__period()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if tg_op = 'UPDATE' then
    update public.availability_periods p
    set ended_at = new.since
    where p.tenant_id = new.tenant_id
      and p.user_id = new.user_id
      and p.ended_at is null;
  end if;
  insert into public.availability_periods (tenant_id, user_id, state, started_at, by_id)
  values (new.tenant_id, new.user_id, new.state, new.since, case when tg_op = 'INSERT' or new.wanted <> old.wanted then new.wanted_by end);
  if new.state = 'online' then
    perform private.request_routes_of(new.tenant_id, new.user_id);
  end if;
  return null;
end;
$$;

create trigger _500_period_begun
  after insert on public.agent_availability
  for each row
  execute function private.tg_agent_availability__period();

create trigger _500_period
  after update on public.agent_availability
  for each row
  when (old.state <> new.state)
  execute function private.tg_agent_availability__period();

/* How long a silence is before its person counts as away. Pages speak every 40 seconds, hidden ones once a minute at least. */
create function private.silence()
  returns interval
  language sql
  immutable
as $$
  select interval '2 minutes'
$$;

/*
 * A page of the signed-in person is open. Answers how they stand. Raises tenant_not_found, and not_allowed for
 * those who answer nobody: they are neither online nor away.
 */
create function public.heartbeat(tenant_id uuid)
  returns public.agent_availability
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_availability public.agent_availability;
begin
  perform private.check_may(tenant_id, 'conversations.reply');

  insert into private.agent_heartbeats as h (tenant_id, user_id)
  values ($1, auth.uid())
  on conflict on constraint agent_heartbeats_pkey do update set seen_at = excluded.seen_at;

  select a.* into v_availability
  from public.agent_availability a
  where a.tenant_id = $1
    and a.user_id = auth.uid();
  if v_availability.is_here then
    return v_availability;
  end if;

  insert into public.agent_availability as a (tenant_id, user_id, is_here)
  values ($1, auth.uid(), true)
  on conflict on constraint agent_availability_pkey do update set is_here = true
  returning a.* into v_availability;
  return v_availability;
end;
$$;

/*
 * Says online, busy or away: for oneself, or for another where one manages availability. Who has no page open
 * stays away until they open one. Raises tenant_not_found, not_allowed, availability_invalid, assignee_not_member.
 */
create function public.set_availability(tenant_id uuid, availability text, user_id uuid default null)
  returns public.agent_availability
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_user_id uuid := coalesce($3, auth.uid());
  v_availability public.agent_availability;
begin
  perform private.check_may($1, case when v_user_id = auth.uid() then 'conversations.reply' else 'availability.manage' end);
  if $2 is null or $2 not in ('online', 'busy', 'away') then
    perform private.refuse(422, 'availability_invalid');
  end if;
  if not private.may_be_assigned($1, v_user_id) then
    perform private.refuse(422, 'assignee_not_member');
  end if;

  insert into public.agent_availability as a (tenant_id, user_id, wanted, wanted_by)
  values ($1, v_user_id, $2, auth.uid())
  on conflict on constraint agent_availability_pkey do update
  set
    wanted = excluded.wanted,
    wanted_by = excluded.wanted_by
  returning a.* into v_availability;
  return v_availability;
end;
$$;

/* Raises tenant_not_found where the signed-in person does not belong to a tenant, not_allowed where they may not. */
create function private.check_may(tenant_id uuid, permission text)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not exists (
    select
    from public.memberships m
    where m.tenant_id = $1
      and m.user_id = auth.uid()
  ) then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may($1, $2) then
    perform private.refuse(403, 'not_allowed', $2);
  end if;
end;
$$;

/* Who has been silent for too long is away. A job asks every minute; the router does not wait for it. Returns how many. */
create function private.expire_availability()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.agent_availability a
  set is_here = false
  from private.agent_heartbeats h
  where a.is_here
    and h.tenant_id = a.tenant_id
    and h.user_id = a.user_id
    and h.seen_at < clock_timestamp() - private.silence();
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

create index agent_availability_here_idx on public.agent_availability (tenant_id, user_id) where is_here;

grant execute on function
  public.heartbeat(uuid),
  public.set_availability(uuid, text, uuid)
to authenticated;
grant execute on function private.expire_availability() to prosa_worker;
