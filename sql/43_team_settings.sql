/*
 * What supervisors set about teams (teams.manage): which there are, who is in them, how what comes is given
 * out, what each member can; and the picture of a team's queue as the router sees it.
 */

/* The team, locked, when the signed-in person sees it and manages teams. Raises team_not_found, not_allowed. */
create function private.lock_team(team_id uuid)
  returns public.teams
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams;
begin
  select t.* into v_team
  from public.teams t
  where t.id = $1
    and t.archived_at is null
    and t.tenant_id = any (array(select private.my_tenant_ids('members.read')))
  for update;
  if not found then
    perform private.refuse(404, 'team_not_found');
  end if;
  if not private.may(v_team.tenant_id, 'teams.manage') then
    perform private.refuse(403, 'not_allowed', 'teams.manage');
  end if;
  return v_team;
end;
$$;

/*
 * Makes a team. Raises tenant_not_found, not_allowed, team_name_missing, team_name_taken.
 */
create function public.create_team(tenant_id uuid, name text)
  returns public.teams
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams;
begin
  perform private.check_may($1, 'teams.manage');
  perform private.check_team_name($2);
  begin
    insert into public.teams as t (tenant_id, name)
    values ($1, trim($2))
    returning t.* into v_team;
  exception when unique_violation then
    perform private.refuse(409, 'team_name_taken');
  end;
  return v_team;
end;
$$;

/* Raises team_name_missing where a name is none, or longer than 80 characters. */
create function private.check_team_name(name text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if length(trim(coalesce($1, ''))) not between 1 and 80 then
    perform private.refuse(422, 'team_name_missing');
  end if;
end;
$$;

/*
 * Changes what `settings` names of a team: {name, strategy, capacity, is_sticky, online_only, skill_rule,
 * language_rule}; the rest stays. Raises team_not_found, not_allowed, team_name_missing, team_name_taken,
 * team_settings_invalid.
 */
create function public.save_team(team_id uuid, settings jsonb)
  returns public.teams
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams := private.lock_team(team_id);
begin
  if settings ? 'name' then
    perform private.check_team_name(settings ->> 'name');
  end if;
  begin
    update public.teams t
    set
      name = trim(coalesce(settings ->> 'name', t.name)),
      strategy = coalesce(settings ->> 'strategy', t.strategy),
      capacity = coalesce((settings ->> 'capacity')::smallint, t.capacity),
      is_sticky = coalesce((settings ->> 'is_sticky')::boolean, t.is_sticky),
      online_only = coalesce((settings ->> 'online_only')::boolean, t.online_only),
      skill_rule = coalesce(settings ->> 'skill_rule', t.skill_rule),
      language_rule = coalesce(settings ->> 'language_rule', t.language_rule)
    where t.id = v_team.id
    returning t.* into v_team;
  exception
    when unique_violation then
      perform private.refuse(409, 'team_name_taken');
    when check_violation or data_exception then
      perform private.refuse(422, 'team_settings_invalid');
  end;
  return v_team;
end;
$$;

/* Says who is in a team, all of them. Raises team_not_found, not_allowed, assignee_not_member. */
create function public.set_team_members(team_id uuid, user_ids uuid[])
  returns setof public.team_members
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams := private.lock_team(team_id);
begin
  if exists (
    select
    from unnest($2) u (id)
    where not exists (select from public.memberships m where m.tenant_id = v_team.tenant_id and m.user_id = u.id)
  ) then
    perform private.refuse(422, 'assignee_not_member');
  end if;

  delete from public.team_members m
  where m.tenant_id = v_team.tenant_id
    and m.team_id = v_team.id
    and m.user_id <> all (coalesce($2, '{}'));
  insert into public.team_members (tenant_id, team_id, user_id)
  select distinct v_team.tenant_id, v_team.id, u.id
  from unnest($2) u (id)
  on conflict do nothing;

  return query
  select m.*
  from public.team_members m
  where m.tenant_id = v_team.tenant_id
    and m.team_id = v_team.id;
end;
$$;

/*
 * Deletes a team. Its open conversations go to another team (`move_to`), or to none, where whoever picks finds
 * them; who answers them goes on. What is closed keeps the team for the record. Channels that gave it their new
 * conversations give them to the other. Returns how many conversations moved.
 * Raises team_not_found, not_allowed.
 */
create function public.delete_team(team_id uuid, move_to uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams := private.lock_team(team_id);
  v_moved integer;
begin
  if move_to is not null and not exists (
    select
    from public.teams t
    where t.tenant_id = v_team.tenant_id
      and t.id = move_to
      and t.id <> v_team.id
      and t.archived_at is null
  ) then
    perform private.refuse(404, 'team_not_found');
  end if;

  update public.teams t
  set
    archived_at = now(),
    strategy = 'manual'
  where t.id = v_team.id;
  update public.channels c
  set default_team_id = move_to
  where c.tenant_id = v_team.tenant_id
    and c.default_team_id = v_team.id;
  update public.conversations c
  set team_id = move_to
  where c.tenant_id = v_team.tenant_id
    and c.team_id = v_team.id
    and c.status = 'open';
  get diagnostics v_moved = row_count;
  delete from public.team_members m
  where m.tenant_id = v_team.tenant_id
    and m.team_id = v_team.id;
  return v_moved;
end;
$$;

/*
 * Says what a member can be given: how many (null: what the team says), which skills (tags), which languages.
 * Raises tenant_not_found, not_allowed, assignee_not_member, team_settings_invalid.
 */
create function public.save_agent_skills(tenant_id uuid, user_id uuid, capacity integer, tag_ids uuid[], languages text[])
  returns public.agent_skills
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_skills public.agent_skills;
begin
  perform private.check_may($1, 'teams.manage');
  if not exists (select from public.memberships m where m.tenant_id = $1 and m.user_id = $2) then
    perform private.refuse(422, 'assignee_not_member');
  end if;
  begin
    insert into public.agent_skills as s (tenant_id, user_id, capacity, tag_ids, languages)
    values ($1, $2, $3, coalesce($4, '{}'), coalesce($5, '{}'))
    on conflict on constraint agent_skills_pkey do update
    set
      capacity = excluded.capacity,
      tag_ids = excluded.tag_ids,
      languages = excluded.languages
    returning s.* into v_skills;
  exception when check_violation or data_exception then
    perform private.refuse(422, 'team_settings_invalid');
  end;
  return v_skills;
end;
$$;

/* Which team a channel's new conversations go to; null: none. Raises channel_not_found, not_allowed, team_not_found. */
create function public.set_default_team(channel_id uuid, team_id uuid)
  returns public.channels
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'teams.manage');
begin
  if $2 is not null and not exists (
    select
    from public.teams t
    where t.tenant_id = v_channel.tenant_id
      and t.id = $2
      and t.archived_at is null
  ) then
    perform private.refuse(404, 'team_not_found');
  end if;
  update public.channels c
  set default_team_id = $2
  where c.id = v_channel.id
  returning c.* into v_channel;
  return v_channel;
end;
$$;

/* How many open conversations each member has who may answer. Raises tenant_not_found, not_allowed. */
create function public.agent_loads(tenant_id uuid)
  returns table (user_id uuid, load integer)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.check_may($1, 'conversations.assign');
  return query
  select m.user_id, private.load_of(m.tenant_id, m.user_id)
  from public.memberships m
  where m.tenant_id = $1
    and private.may_be_assigned(m.tenant_id, m.user_id);
end;
$$;

/*
 * A team's queue as the router sees it: how many wait and since when, each member's load and room, and the
 * members in the order in which the next ones would come to them, skills and languages aside (`next`: 1, 2, …;
 * null: nothing comes to them now). Raises team_not_found, not_allowed.
 */
create function public.team_queue(team_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams;
begin
  select t.* into v_team
  from public.teams t
  where t.id = $1
    and t.archived_at is null
    and t.tenant_id = any (array(select private.my_tenant_ids('members.read')));
  if not found then
    perform private.refuse(404, 'team_not_found');
  end if;
  if not private.may(v_team.tenant_id, 'teams.manage') then
    perform private.refuse(403, 'not_allowed', 'teams.manage');
  end if;

  return jsonb_build_object(
    'waiting', (
      select jsonb_build_object('count', count(*), 'since', min(coalesce(c.waiting_since, c.created_at)))
      from public.conversations c
      where c.tenant_id = v_team.tenant_id
        and c.team_id = v_team.id
        and c.status = 'open'
        and c.folder = 'open'
        and c.assignee_id is null
    ),
    'members', (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'user_id', c.user_id,
            'load', c.load,
            'capacity', c.capacity,
            'is_available', c.is_available,
            'next', c.next
          )
          order by c.next, c.user_id
        ),
        '[]'
      )
      from (
        select r.*, case when v_team.strategy <> 'manual' and r.has_room then row_number() over (
          partition by r.has_room
          order by case when v_team.strategy = 'least_busy' and r.has_room then r.load::double precision / r.capacity end, r.turn, r.user_id
        ) end as next
        from (
          select q.*, q.is_available and q.load < q.capacity as has_room
          from private.routing_candidates(v_team) q
        ) r
      ) c
    )
  );
end;
$$;

grant execute on function
  public.create_team(uuid, text),
  public.save_team(uuid, jsonb),
  public.set_team_members(uuid, uuid[]),
  public.delete_team(uuid, uuid),
  public.save_agent_skills(uuid, uuid, integer, uuid[], text[]),
  public.set_default_team(uuid, uuid),
  public.agent_loads(uuid),
  public.team_queue(uuid)
to authenticated;
