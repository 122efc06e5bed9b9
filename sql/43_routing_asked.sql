/*
 * When the router is asked to look at a team's queue: where a conversation came to wait, a hand was freed, or the rules
 * changed. Asked for in the transaction that brings it about, done by a job.
 */

/*
 * Has a team's queue looked at, after this transaction. Requests of one moment become one job; who would have
 * to wait for another transaction's request adds a job of its own instead, so that no message waits for one.
 */
create function private.request_route(team_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_asked text := coalesce(current_setting('prosa.routes', true), '');
  v_tenant_id uuid;
begin
  if strpos(v_asked, $1::text) > 0 then
    return;
  end if;
  select t.tenant_id into v_tenant_id
  from public.teams t
  where t.id = $1
    and t.strategy <> 'manual'
    and t.archived_at is null;
  if not found then
    return;
  end if;
  perform graphile_worker.add_job(
    'team__route',
    json_build_object('team_id', $1),
    queue_name => 'route:' || v_tenant_id,
    job_key => case when pg_try_advisory_xact_lock(hashtextextended('team__route:' || $1, 0)) then 'team__route:' || $1 end,
    priority => 0::smallint
  );
  perform set_config('prosa.routes', v_asked || $1 || ' ', true);
end;
$$;

/* Somebody's hands are freer, or they came: the queues of all their teams are looked at. */
create function private.request_routes_of(tenant_id uuid, user_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.request_route(m.team_id)
  from public.team_members m
  where m.tenant_id = $1
    and m.user_id = $2
  order by m.team_id;
end;
$$;

/* A channel's new conversations go to its team. Ordinary messages come here never: they are updates (sql/48_bursts.sql). */
create function private.tg_conversations__default_team()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.team_id := (
    select c.default_team_id
    from public.channels c
    where c.id = new.channel_id
  );
  return new;
end;
$$;

create trigger _200_default_team
  before insert on public.conversations
  for each row
  when (new.team_id is null and new.assignee_id is null and new.status = 'open')
  execute function private.tg_conversations__default_team();

/* Asks the router where a conversation came to wait in a team, or a hand was freed. */
create function private.tg_conversations__route()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    if old.assignee_id is not null
      and old.folder = 'open'
      and (tg_op = 'DELETE' or old.assignee_id is distinct from new.assignee_id or new.folder <> 'open')
    then
      perform private.request_routes_of(old.tenant_id, old.assignee_id);
    end if;
  end if;
  if tg_op <> 'DELETE' then
    if new.assignee_id is null and new.team_id is not null and new.folder = 'open' and new.owner = 'human' then
      perform private.request_route(new.team_id);
    end if;
  end if;
  return null;
end;
$$;

create trigger _600_route_new
  after insert on public.conversations
  for each row
  when (new.team_id is not null and new.assignee_id is null and new.status = 'open')
  execute function private.tg_conversations__route();

create trigger _600_route
  after update of assignee_id, team_id, status, snoozed_until, is_spam, owner on public.conversations
  for each row
  when (
    old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.folder <> new.folder
    or old.owner <> new.owner
  )
  execute function private.tg_conversations__route();

create trigger _600_route_deleted
  after delete on public.conversations
  for each row
  when (old.assignee_id is not null)
  execute function private.tg_conversations__route();

/* A team's rules changed, or its members, or what a member can: what waits is looked at anew. */
create function private.tg_teams__route()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if tg_table_name = 'teams' then
    perform private.request_route(new.id);
  elsif tg_table_name = 'team_members' then
    perform private.request_route(new.team_id);
  else
    perform private.request_routes_of(new.tenant_id, new.user_id);
  end if;
  return null;
end;
$$;

create trigger _600_route
  after update on public.teams
  for each row
  execute function private.tg_teams__route();

create trigger _600_route
  after insert on public.team_members
  for each row
  execute function private.tg_teams__route();

create trigger _600_route
  after insert or update on public.agent_skills
  for each row
  execute function private.tg_teams__route();
