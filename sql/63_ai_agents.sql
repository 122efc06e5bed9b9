/*
 * AI agents: who answers customers before a person does. What a tenant sets is core/src/ai's AgentConfig, kept as one
 * JSON like a flow: a draft that people change, and versions that are published and never change. A conversation keeps
 * the version it began with. The database looks at its bones alone; what a worker can't read goes to a person.
 */

create table public.ai_agents (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (name = btrim(name) and length(name) between 1 and 60),
  draft jsonb not null,
  -- Raised with every change of the draft: whoever saves over another's change is told.
  revision integer not null default 1,
  -- The version that new conversations take; null: it answers nobody.
  published_version_id uuid,
  -- Whom it answers: customers of these channels and teams; empty: of all. Of two agents the more particular, then the older.
  channel_ids uuid[] not null default '{}',
  team_ids uuid[] not null default '{}',
  -- Who gets what it hands over; null: whoever has it already.
  hand_over_team_id uuid,
  -- How long it waits for the rest of a burst of messages; the published version's.
  gather_seconds smallint not null default 4 check (gather_seconds between 0 and 60),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, hand_over_team_id) references public.teams (tenant_id, id)
);

comment on table public.ai_agents is 'AI agents: how each is set up, and which version of it answers.';

create unique index ai_agents_name_idx on public.ai_agents (tenant_id, lower(name));
create index on public.ai_agents (tenant_id, hand_over_team_id);
-- What every message asks: does an agent answer here at all?
create index ai_agents_answering_idx on public.ai_agents (tenant_id) where published_version_id is not null;

create trigger _100_touch
  before update on public.ai_agents
  for each row
  execute function private.tg_touch();

create table public.ai_agent_versions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  agent_id uuid not null,
  number integer not null check (number > 0),
  definition jsonb not null,
  note text not null default '' check (length(note) <= 500),
  published_by uuid,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  unique (tenant_id, agent_id, number),
  foreign key (tenant_id, agent_id) references public.ai_agents (tenant_id, id) on delete cascade
);

comment on table public.ai_agent_versions is 'Published AI agents. Never change: conversations hold on to them.';

alter table public.ai_agents
  add foreign key (tenant_id, published_version_id) references public.ai_agent_versions (tenant_id, id);

create index on public.ai_agents (tenant_id, published_version_id);

/* What was published stays as it was, whoever asks. */
create function private.tg_ai_agent_versions__immutable()
  returns trigger
  language plpgsql
as $$
begin
  perform private.refuse(409, 'ai_version_immutable');
end;
$$;

create trigger _100_immutable
  before update on public.ai_agent_versions
  for each row
  execute function private.tg_ai_agent_versions__immutable();

alter table public.ai_agents enable row level security;
alter table public.ai_agent_versions enable row level security;

create policy select_reader on public.ai_agents
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.read'))));

create policy select_reader on public.ai_agent_versions
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.read'))));

grant select on public.ai_agents, public.ai_agent_versions to authenticated;

/* An agent of a tenant where the signed-in person may change agents, locked. Raises ai_agent_not_found, not_allowed. */
create function private.lock_ai_agent(agent_id uuid)
  returns public.ai_agents
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents;
begin
  select a.* into v_agent
  from public.ai_agents a
  where a.id = $1
    and a.tenant_id = any (array(select private.my_tenant_ids('ai.read')))
  for update;
  if v_agent.id is null then
    perform private.refuse(404, 'ai_agent_not_found');
  end if;
  perform private.require(v_agent.tenant_id, 'ai.manage');
  return v_agent;
end;
$$;

/* Refuses what has not the bones of an agent. Raises ai_agent_invalid (detail: where). */
create function private.check_ai_agent(definition jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if jsonb_typeof(definition) is distinct from 'object' or length(definition::text) > 100000 then
    perform private.refuse(422, 'ai_agent_invalid');
  elsif length(btrim(coalesce(definition ->> 'name', ''))) not between 1 and 60 then
    perform private.refuse(422, 'ai_agent_invalid', 'name');
  elsif length(btrim(coalesce(definition ->> 'model', ''))) not between 1 and 100 then
    perform private.refuse(422, 'ai_agent_invalid', 'model');
  elsif coalesce(jsonb_typeof(definition -> 'tools'), 'array') <> 'array' then
    perform private.refuse(422, 'ai_agent_invalid', 'tools');
  elsif coalesce(jsonb_typeof(definition -> 'gather_seconds'), 'number') <> 'number' then
    perform private.refuse(422, 'ai_agent_invalid', 'gather_seconds');
  end if;
end;
$$;

/*
 * Makes an agent (`agent_id` null) or saves its draft. Whom it answers and who gets what it hands over hold at once, for
 * whichever version is published. `revision` is the one that was read. Raises tenant_not_found, not_allowed,
 * ai_agent_not_found, ai_agent_changed (detail: the revision that stands), ai_agent_invalid, ai_agent_name_taken,
 * team_not_found, channel_not_found.
 */
create function public.save_ai_agent(
  tenant_id uuid, agent_id uuid, draft jsonb, revision integer, channel_ids uuid[], team_ids uuid[], hand_over_team_id uuid
)
  returns public.ai_agents
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents;
begin
  perform private.require($1, 'ai.manage');
  perform private.check_ai_agent($3);
  if exists (
    select from unnest(coalesce($6, '{}') || $7) t (id)
    where t.id is not null and not exists (select from public.teams o where o.tenant_id = $1 and o.id = t.id)
  ) then
    perform private.refuse(404, 'team_not_found');
  end if;
  if exists (
    select from unnest($5) c (id)
    where not exists (select from public.channels o where o.tenant_id = $1 and o.id = c.id)
  ) then
    perform private.refuse(404, 'channel_not_found');
  end if;
  begin
    if $2 is null then
      insert into public.ai_agents (tenant_id, name, draft, channel_ids, team_ids, hand_over_team_id)
      values ($1, btrim($3 ->> 'name'), $3, coalesce($5, '{}'), coalesce($6, '{}'), $7)
      returning * into v_agent;
    else
      v_agent := private.lock_ai_agent($2);
      if v_agent.tenant_id <> $1 then
        perform private.refuse(404, 'ai_agent_not_found');
      end if;
      if v_agent.revision is distinct from $4 then
        perform private.refuse(409, 'ai_agent_changed', v_agent.revision::text);
      end if;
      update public.ai_agents a
      set
        name = btrim($3 ->> 'name'),
        draft = $3,
        revision = a.revision + 1,
        channel_ids = coalesce($5, '{}'),
        team_ids = coalesce($6, '{}'),
        hand_over_team_id = $7
      where a.id = v_agent.id
      returning a.* into v_agent;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'ai_agent_name_taken');
  end;
  return v_agent;
end;
$$;

/*
 * Publishes the draft as it stands: conversations that begin from now on take it, the others keep theirs. Raises
 * ai_agent_not_found, not_allowed, ai_agent_changed, ai_agent_invalid.
 */
create function public.publish_ai_agent(agent_id uuid, revision integer, note text default '')
  returns public.ai_agent_versions
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents := private.lock_ai_agent($1);
  v_version public.ai_agent_versions;
begin
  if v_agent.revision is distinct from $2 then
    perform private.refuse(409, 'ai_agent_changed', v_agent.revision::text);
  end if;
  perform private.check_ai_agent(v_agent.draft);
  insert into public.ai_agent_versions (tenant_id, agent_id, number, definition, note, published_by)
  values (
    v_agent.tenant_id, v_agent.id,
    (select coalesce(max(v.number), 0) + 1 from public.ai_agent_versions v where v.tenant_id = v_agent.tenant_id and v.agent_id = v_agent.id),
    v_agent.draft, left(coalesce($3, ''), 500), auth.uid()
  )
  returning * into v_version;
  update public.ai_agents a
  set
    published_version_id = v_version.id,
    gather_seconds = least(greatest(coalesce((v_agent.draft #>> '{gather_seconds}')::numeric, 4), 0), 60)
  where a.id = v_agent.id;
  -- What this draft was evaluated by is the version's.
  update public.ai_evaluation_runs r
  set version_id = v_version.id
  where r.tenant_id = v_agent.tenant_id
    and r.agent_id = v_agent.id
    and r.revision = v_agent.revision;
  return v_version;
end;
$$;

/*
 * Has new conversations take an earlier version again (`version_id`), or none (null); those that an agent has go to people
 * then. Raises ai_agent_not_found, not_allowed, ai_agent_version_not_found.
 */
create function public.roll_back_ai_agent(agent_id uuid, version_id uuid)
  returns public.ai_agents
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents := private.lock_ai_agent($1);
begin
  if $2 is not null and not exists (
    select
    from public.ai_agent_versions v
    where v.tenant_id = v_agent.tenant_id
      and v.agent_id = v_agent.id
      and v.id = $2
  ) then
    perform private.refuse(404, 'ai_agent_version_not_found');
  end if;
  update public.ai_agents a
  set published_version_id = $2
  where a.id = v_agent.id
  returning a.* into v_agent;
  if $2 is null then
    perform private.release_from_ai(v_agent);
  end if;
  return v_agent;
end;
$$;

/* Throws an agent away, with its versions; conversations that it has go to people. Raises ai_agent_not_found, not_allowed. */
create function public.delete_ai_agent(agent_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_agent public.ai_agents := private.lock_ai_agent($1);
begin
  perform private.release_from_ai(v_agent);
  update public.ai_agents a set published_version_id = null where a.id = v_agent.id;
  delete from public.ai_agents a where a.id = v_agent.id;
end;
$$;

grant execute on function
  public.save_ai_agent(uuid, uuid, jsonb, integer, uuid[], uuid[], uuid),
  public.publish_ai_agent(uuid, integer, text),
  public.roll_back_ai_agent(uuid, uuid),
  public.delete_ai_agent(uuid)
to authenticated;
