/*
 * The router gives what waits in a team to its members: the oldest first, to whoever the team's strategy says,
 * never past anybody's capacity, never to two. A job does it (`team__route`), asked for in the transaction that
 * brought a conversation or freed a hand; when the job runs, whatever made it necessary is committed.
 *
 * One router at a time works in a tenant, for teams share members: an advisory lock, held to its commit. Hands
 * are not held back by it. What a person takes meanwhile is settled by the row's lock; and as nobody's hand
 * asks for capacity, whatever the order of the commits, it is as if the router had been first.
 */

/* What somebody can be given: over all their teams. No row: the team's capacity, and no particular skill. */
create table public.agent_skills (
  tenant_id uuid not null,
  user_id uuid not null,
  -- Null: the team's.
  capacity smallint check (capacity between 0 and 500),
  -- Tags: a conversation with the tag `Financeiro` asks for who has the skill `Financeiro`.
  tag_ids uuid[] not null default '{}' check (cardinality(tag_ids) <= 100),
  -- As BCP 47, the language alone: pt, en, es.
  languages text[] not null default '{}' check (array_to_string(languages, ',') ~ '^([a-z]{2,3}(,[a-z]{2,3}){0,19})?$'),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.agent_skills is 'What a member can be given by the router: how many, which skills, which languages.';

alter table public.agent_skills enable row level security;

create policy select_member on public.agent_skills
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

grant select on public.agent_skills to authenticated;

-- What waits in a team, the oldest first.
create index conversations_waiting_idx on public.conversations (tenant_id, team_id, (coalesce(waiting_since, created_at)), id)
  where status = 'open' and folder = 'open' and assignee_id is null and team_id is not null;

create sequence private.routing_turn;

create type private.routing_candidate as (
  user_id uuid,
  capacity integer,
  load integer,
  turn bigint,
  tag_ids uuid[],
  languages text[],
  -- Whether anything comes to them by itself now, room aside.
  is_available boolean
);

/* How many open conversations somebody has; what is snoozed or spam needs no hand. */
create function private.load_of(tenant_id uuid, user_id uuid)
  returns integer
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select count(*)
    from public.conversations c
    where c.tenant_id = $1
      and c.assignee_id = $2
      and c.status = 'open'
      and c.folder = 'open'
  );
end;
$$;

/* The members of a team, with their room and whether anything comes to them now. */
create function private.routing_candidates(team public.teams)
  returns setof private.routing_candidate
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select
    m.user_id,
    coalesce(s.capacity, $1.capacity)::integer,
    private.load_of(m.tenant_id, m.user_id),
    m.turn,
    coalesce(s.tag_ids, '{}'),
    coalesce(s.languages, '{}'),
    private.may_be_assigned(m.tenant_id, m.user_id) and case
      -- A page that fell silent counts at once, before the job that says so.
      when $1.online_only then coalesce(a.state = 'online' and h.seen_at > clock_timestamp() - private.silence(), false)
      else coalesce(a.wanted <> 'busy', true)
    end
  from public.team_members m
  left join public.agent_skills s on s.tenant_id = m.tenant_id and s.user_id = m.user_id
  left join public.agent_availability a on a.tenant_id = m.tenant_id and a.user_id = m.user_id
  left join private.agent_heartbeats h on h.tenant_id = m.tenant_id and h.user_id = m.user_id
  where m.tenant_id = $1.tenant_id
    and m.team_id = $1.id;
end;
$$;

/*
 * Who of the candidates is next for a conversation that asks for these skills and this language and was last
 * `last_id`'s: their place in the array; null, nobody now.
 */
create function private.next_candidate(team public.teams, candidates private.routing_candidate[], tag_ids uuid[], language text, last_id uuid)
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return (
    select c.place
    from unnest($2) with ordinality c (user_id, capacity, load, turn, tag_ids, languages, is_available, place)
    cross join lateral (
      select
        c.tag_ids @> $3 as has_skills,
        $4 is null or $4 = any (c.languages) as speaks
    ) fit
    where c.is_available
      and c.load < c.capacity
      and (fit.has_skills or $1.skill_rule <> 'require')
      and (fit.speaks or $1.language_rule <> 'require')
    order by
      ($1.is_sticky and coalesce(c.user_id = $5, false)) desc,
      ($1.skill_rule = 'prefer' and fit.has_skills) desc,
      ($1.language_rule = 'prefer' and fit.speaks) desc,
      case when $1.strategy = 'least_busy' then c.load::double precision / c.capacity end,
      c.turn,
      c.user_id
    limit 1
  );
end;
$$;

/*
 * Gives what waits in a team, oldest first, to its members, as long as there is somebody for it; `at_most` in one
 * transaction. What nobody fits now is left, and the next is looked at. Returns how many it gave; where that
 * is `at_most`, there may be more. What somebody else holds at this moment is passed by, and looked at again
 * by another job.
 */
create function private.route(team_id uuid, at_most integer default 50)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team public.teams;
  v_candidates private.routing_candidate[];
  v_candidate private.routing_candidate;
  v_place integer;
  v_conversation public.conversations;
  v_id uuid;
  v_last_id uuid;
  v_language text;
  v_skills uuid[];
  v_languages text[];
  v_cause jsonb;
  v_given integer := 0;
  v_passed_by boolean := false;
begin
  select t.* into v_team from public.teams t where t.id = $1;
  if not found then
    return 0;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('route:' || v_team.tenant_id, 0));
  select t.* into v_team from public.teams t where t.id = $1;
  if v_team.id is null or v_team.strategy = 'manual' or v_team.archived_at is not null then
    return 0;
  end if;

  v_candidates := array(select c from private.routing_candidates(v_team) c);
  -- Asked for is only what somebody of the team can: nothing waits for a skill that nobody has.
  v_skills := array(select distinct t.id from unnest(v_candidates) c, unnest(c.tag_ids) t (id));
  v_languages := array(select distinct l.name from unnest(v_candidates) c, unnest(c.languages) l (name));
  v_cause := private.set_cause(jsonb_build_object('type', 'routing', 'id', v_team.id, 'name', v_team.name));

  for v_id in
    select c.id
    from public.conversations c
    where c.tenant_id = v_team.tenant_id
      and c.team_id = v_team.id
      and c.status = 'open'
      and c.folder = 'open'
      and c.assignee_id is null
      and c.owner = 'human'
    order by coalesce(c.waiting_since, c.created_at), c.id
  loop
    exit when v_given >= at_most
      or not exists (select from unnest(v_candidates) c where c.is_available and c.load < c.capacity);

    select c.* into v_conversation
    from public.conversations c
    where c.id = v_id
      and c.team_id = v_team.id
      and c.status = 'open'
      and c.folder = 'open'
      and c.assignee_id is null
      and c.owner = 'human'
    for no key update skip locked;
    if not found then
      v_passed_by := true;
      continue;
    end if;

    v_last_id := case when v_team.is_sticky then (
      select c.assignee_id
      from public.conversations c
      where c.tenant_id = v_conversation.tenant_id
        and c.contact_id = v_conversation.contact_id
        and c.id <> v_conversation.id
        and c.assignee_id is not null
      order by c.created_at desc
      limit 1
    ) end;
    v_language := (
      select lower(split_part(p.language, '-', 1))
      from public.contacts p
      where p.tenant_id = v_conversation.tenant_id
        and p.id = v_conversation.contact_id
        and lower(split_part(p.language, '-', 1)) = any (v_languages)
    );

    loop
      v_place := private.next_candidate(
        v_team, v_candidates, array(select t.id from unnest(v_conversation.tag_ids) t (id) where t.id = any (v_skills)), v_language, v_last_id
      );
      exit when v_place is null;
      v_candidate := v_candidates[v_place];
      -- Hands take and close meanwhile: what counts is what they have now.
      v_candidate.load := private.load_of(v_team.tenant_id, v_candidate.user_id);
      v_candidates[v_place] := v_candidate;
      continue when v_candidate.load >= v_candidate.capacity;

      perform private.apply_assignment(v_conversation, v_team.id, v_candidate.user_id);
      v_candidate.load := v_candidate.load + 1;
      v_candidate.turn := nextval('private.routing_turn');
      v_candidates[v_place] := v_candidate;
      update public.team_members m
      set turn = v_candidate.turn
      where m.tenant_id = v_team.tenant_id
        and m.team_id = v_team.id
        and m.user_id = v_candidate.user_id;
      v_given := v_given + 1;
      exit;
    end loop;
  end loop;

  perform private.set_cause(v_cause);
  if v_passed_by then
    perform graphile_worker.add_job(
      'team__route',
      json_build_object('team_id', v_team.id),
      queue_name => 'route:' || v_team.tenant_id,
      job_key => 'team__route_again:' || v_team.id,
      run_at => clock_timestamp() + interval '300 milliseconds',
      priority => 0::smallint
    );
  end if;
  return v_given;
end;
$$;

grant execute on function private.route(uuid, integer) to prosa_worker;
