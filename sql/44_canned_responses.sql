/*
 * Canned responses: what is often said, written once. A response belongs to everybody, to a team or to one
 * person. Its words stand in versions that never change; one of them is published. A version holds one text
 * or several: one a kind of channel, and texts that are tried against each other (A and B), told apart by
 * their weight. Which text was used in which message is kept, so that one sees which answers better.
 * The texts carry variables (core/src/canned): `{{contact.first_name|cliente}}`.
 */

create table public.canned_responses (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- What is typed behind the slash.
  shortcut text not null check (shortcut ~ '^[a-z0-9][a-z0-9_-]{0,31}$'),
  title text not null check (length(title) between 1 and 80),
  category text not null default '' check (length(category) <= 40),
  scope text not null check (scope in ('shared', 'team', 'private')),
  team_id uuid,
  owner_id uuid,
  -- The language it is written in; null where it doesn't matter.
  language text check (language ~ '^[a-z]{2}(-[A-Z]{2})?$'),
  published_version integer,
  -- Put away: its versions and results stay.
  archived_at timestamptz,
  created_by uuid references auth.users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade,
  foreign key (tenant_id, owner_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((scope = 'team') = (team_id is not null)),
  check ((scope = 'private') = (owner_id is not null))
);

comment on table public.canned_responses is 'What is often said, found by its shortcut.';

create unique index canned_responses_shared_idx on public.canned_responses (tenant_id, shortcut) where scope = 'shared' and archived_at is null;
create unique index canned_responses_team_idx on public.canned_responses (tenant_id, team_id, shortcut) where scope = 'team' and archived_at is null;
create unique index canned_responses_private_idx on public.canned_responses (tenant_id, owner_id, shortcut) where scope = 'private' and archived_at is null;
create index on public.canned_responses (tenant_id, team_id);
create index on public.canned_responses (tenant_id, owner_id);
create index on public.canned_responses (created_by);

create trigger _100_touch
  before update on public.canned_responses
  for each row
  execute function private.tg_touch();

create table public.canned_response_versions (
  tenant_id uuid not null,
  response_id uuid not null,
  version integer not null check (version > 0),
  -- The version whose words were taken up again; null where they are new.
  restored_from integer,
  created_by uuid references auth.users on delete set null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, response_id, version),
  constraint canned_response_versions_response_fkey
    foreign key (tenant_id, response_id) references public.canned_responses (tenant_id, id) on delete cascade
);

comment on table public.canned_response_versions is 'Each state a canned response was published in. Never changed.';

create index on public.canned_response_versions (created_by);

alter table public.canned_responses
  add constraint canned_responses_published_fkey
  foreign key (tenant_id, id, published_version) references public.canned_response_versions (tenant_id, response_id, version)
  deferrable initially deferred;

create index on public.canned_responses (tenant_id, id, published_version);

create table public.canned_response_variants (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  response_id uuid not null,
  version integer not null,
  position smallint not null check (position between 0 and 19),
  -- The kind of channel it is for; null: every one that has none of its own.
  channel_type text check (channel_type ~ '^[a-z_]{2,20}$'),
  -- How often it is taken, beside the others for the same channel.
  weight smallint not null check (weight between 0 and 100),
  text text not null check (length(text) between 1 and 4096),
  unique (tenant_id, id),
  unique (tenant_id, response_id, version, position),
  foreign key (tenant_id, response_id, version)
    references public.canned_response_versions (tenant_id, response_id, version) on delete cascade
);

comment on table public.canned_response_variants is 'The texts of a version, by channel and weight. Never changed.';

create table public.canned_response_uses (
  tenant_id uuid not null,
  variant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  conversation_id uuid not null,
  user_id uuid,
  used_at timestamptz not null default now(),
  primary key (tenant_id, variant_id, message_id),
  foreign key (tenant_id, variant_id) references public.canned_response_variants (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.canned_response_uses is 'Which text was used in which message. Append-only.';

create index on public.canned_response_uses (tenant_id, user_id, used_at desc);
create index on public.canned_response_uses (tenant_id, conversation_id);

alter table public.canned_responses enable row level security;
alter table public.canned_response_versions enable row level security;
alter table public.canned_response_variants enable row level security;
alter table public.canned_response_uses enable row level security;

create policy select_member on public.canned_responses
  for select to authenticated
  using (
    scope = 'shared'
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_team on public.canned_responses
  for select to authenticated
  using (
    team_id = any (array(select private.my_team_ids()))
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_manager on public.canned_responses
  for select to authenticated
  using (
    scope = 'team'
    and tenant_id = any (array(select private.my_tenant_ids('canned_responses.manage')))
  );

create policy select_owner on public.canned_responses
  for select to authenticated
  using (
    owner_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_reader on public.canned_response_versions
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.canned_responses r
      where r.tenant_id = canned_response_versions.tenant_id
        and r.id = canned_response_versions.response_id
    )
  );

create policy select_reader on public.canned_response_variants
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.canned_responses r
      where r.tenant_id = canned_response_variants.tenant_id
        and r.id = canned_response_variants.response_id
    )
  );

create policy select_own on public.canned_response_uses
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on
  public.canned_responses,
  public.canned_response_versions,
  public.canned_response_variants,
  public.canned_response_uses
to authenticated;

alter publication supabase_realtime add table public.canned_responses;
