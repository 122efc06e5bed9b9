/*
 * A team shares a queue: its members see the conversations given to it, whoever answers them. How they are
 * given to its members stands beside its name; sql/43_routing.sql gives them.
 */

create table public.teams (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (length(name) between 1 and 80),
  -- manual: nobody gets anything by itself. round_robin: by turns. least_busy: who has the most room.
  strategy text not null default 'manual' check (strategy in ('manual', 'round_robin', 'least_busy')),
  -- How many open conversations a member may have before nothing more comes by itself; a member may have another number.
  capacity smallint not null default 8 check (capacity between 1 and 500),
  -- Back to whom the customer talked to last, where that one has room.
  is_sticky boolean not null default false,
  -- Only to who is online; else also to who is away, and never to who is busy.
  online_only boolean not null default true,
  -- What a tag or a language asks of who gets it: ignored, preferred, or waited for.
  skill_rule text not null default 'ignore' check (skill_rule in ('ignore', 'prefer', 'require')),
  language_rule text not null default 'ignore' check (language_rule in ('ignore', 'prefer', 'require')),
  -- Deleted: nobody sees it any more, and what was closed in it keeps it for the record.
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

create unique index teams_name_idx on public.teams (tenant_id, lower(name)) where archived_at is null;

create table public.team_members (
  tenant_id uuid not null,
  team_id uuid not null,
  user_id uuid not null,
  -- When the router last gave them something of this team's: whose is smallest has waited longest for a turn.
  turn bigint not null default 0,
  created_at timestamptz not null default now(),
  primary key (tenant_id, team_id, user_id),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

create index team_members_user_idx on public.team_members (tenant_id, user_id);
create index on public.team_members (user_id);

create trigger _100_touch
  before update on public.teams
  for each row
  execute function private.tg_touch();

alter table public.conversations
  add foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete set null (team_id);

-- Which team a channel's new conversations go to; null: to none, for whoever picks.
alter table public.channels
  add column default_team_id uuid,
  add foreign key (tenant_id, default_team_id) references public.teams (tenant_id, id) on delete set null (default_team_id);

create index channels_default_team_idx on public.channels (tenant_id, default_team_id);

create index conversations_open_team_idx on public.conversations (tenant_id, team_id, last_message_at desc, id desc) where folder = 'open' and team_id is not null;
create index conversations_team_idx on public.conversations (tenant_id, team_id, last_message_at desc, id desc) where team_id is not null;

/* The teams of the signed-in person, over all their tenants. Called as `any (array(select …))`, as my_tenant_ids is. */
create function private.my_team_ids()
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
  rows 3
as $$
begin
  return query
  select m.team_id
  from public.team_members m
  where m.user_id = auth.uid();
end;
$$;

grant execute on function private.my_team_ids() to authenticated;

alter table public.teams enable row level security;
alter table public.team_members enable row level security;

create policy select_member on public.teams
  for select to authenticated
  using (
    archived_at is null
    and tenant_id = any (array(select private.my_tenant_ids('members.read')))
  );

create policy select_member on public.team_members
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

create policy select_team on public.conversations
  for select to authenticated
  using (
    team_id = any (array(select private.my_team_ids()))
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.teams, public.team_members to authenticated;

alter publication supabase_realtime add table public.teams;

/* Whether the signed-in person sees a conversation: the four policies of `conversations`, for functions that go past them. */
create function private.sees_conversation(conversation public.conversations)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return
    private.may($1.tenant_id, 'conversations.read_all')
    or (
      private.may($1.tenant_id, 'conversations.read')
      and (
        -- Null assignee or team must answer false: a null would pass for a yes in `if not`.
        coalesce($1.assignee_id = (select auth.uid()), false)
        or coalesce($1.team_id = any (array(select private.my_team_ids())), false)
      )
    )
    or (
      $1.assignee_id is null
      and $1.team_id is null
      and private.may($1.tenant_id, 'conversations.pick')
    );
end;
$$;
