-- sql/00_schemas.sql

/*
 * Three schemas, three audiences:
 *
 *   public    what a signed-in person may touch: tables under row-level security and the functions
 *             the browser calls. Exposed by PostgREST and Realtime.
 *   private   what only the database, the door and the workers touch: helpers behind policies,
 *             trigger functions, credentials, queues. Never exposed.
 *   reporting what analysts read in plain SQL. Views only.
 *
 * `auth`, `storage` and `realtime` are Supabase's own: we read them and add policies, nothing else.
 */

create schema private;
create schema reporting;

-- Nothing is touchable until a file says so: a hosted project grants everything in `public` by default.
alter default privileges in schema public revoke all on tables from anon, authenticated;
alter default privileges in schema public revoke all on sequences from anon, authenticated;
alter default privileges in schema public revoke all on functions from anon, authenticated;
alter default privileges revoke execute on functions from public;

/*
 * Three processes stand outside and connect as roles of their own, never as superuser and never with
 * the service key. Their passwords are set by whoever runs them (`alter role … password …`).
 *
 *   prosa_door    the edge functions: may hand in what arrived, and read the secrets that prove who sent it
 *   prosa_worker  graphile-worker: may run the job queue, and call the few functions a task needs
 *   prosa_channels  the edge function that connects numbers: may write a channel and its secrets, in a named person's name
 */
do $$
declare
  v_role text;
begin
  foreach v_role in array array['prosa_door', 'prosa_worker', 'prosa_channels'] loop
    if to_regrole(v_role) is null then
      execute format('create role %I login noinherit', v_role);
    end if;
    -- Where a hosted project gives the functions one login only, they step down to this role.
    execute format('grant %I to postgres', v_role);
  end loop;
end;
$$;

grant usage on schema private to authenticated, service_role, prosa_door, prosa_worker, prosa_channels;
grant usage on schema public to prosa_door, prosa_worker, prosa_channels;

/*
 * Raises a catalogue code as an HTTP status of PostgREST's: `perform private.refuse(404, 'conversation_not_found')`.
 * `detail` is for developers; the sentence a person reads is found by the code (core/src/errors).
 */
create function private.refuse(status integer, code text, detail text default null)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  raise exception using
    errcode = 'PT' || status,
    message = code,
    detail = coalesce(detail, '');
end;
$$;

/* Keeps `updated_at` at the moment of the write, not of its transaction's start: cursors rely on it. */
create function private.tg_touch()
  returns trigger
  language plpgsql
as $$
begin
  new.updated_at := clock_timestamp();
  return new;
end;
$$;

-- sql/10_tenants.sql

/*
 * A tenant is one company's workspace. People reach its rows only through a membership, so every
 * policy in this database asks the same question: is the row's tenant one of mine?
 */

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 120),
  -- The first part of every address of the workspace; not one of the web's own.
  slug text not null unique check (
    slug ~ '^[a-z0-9](-?[a-z0-9]){1,39}$'
    and slug not in ('sign-in', 'sign-up', 'sign-out', 'forgot-password', 'reset-password', 'join', 'second-factor', 'avatars', 'profile', 'new', 'session', 'unsubscribe', 'healthz', 'admin', 'api')
  ),
  locale text not null default 'pt-BR' check (locale in ('pt-BR', 'en')),
  timezone text not null default 'America/Sao_Paulo',
  -- Whether agents see, and may take, conversations that nobody has yet.
  agents_pick boolean not null default true,
  -- Whether customers see that we have read them (blue ticks) and that somebody types.
  send_read_receipts boolean not null default true,
  -- Whether its rows open only to sessions that have shown a second factor (aal2). Asked by private.my_tenant_ids.
  requires_mfa boolean not null default false,
  -- Who signed it up; null: whoever runs the installation.
  created_by uuid references auth.users on delete set null,
  -- The first steps (sql/13_first_steps.sql) are all taken, or an admin has put them away.
  first_steps_closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp()
);

create index on public.tenants (created_by, created_at);

comment on table public.tenants is 'One company''s workspace.';

create trigger _100_touch
  before update on public.tenants
  for each row
  execute function private.tg_touch();

alter table public.tenants enable row level security;

-- sql/11_memberships.sql

/*
 * A membership lets a person into a tenant in one role: one of the five built-in ones, or one the tenant has made
 * (sql/11_roles.sql). Roles map to permissions, and one function answers every policy: which of my tenants give me
 * this permission?
 */

create type public.member_role as enum ('admin', 'supervisor', 'agent', 'viewer', 'analyst');

create table private.permissions (
  name text primary key check (name ~ '^[a-z_]+\.[a-z_]+$')
);

create table private.role_permissions (
  role public.member_role not null,
  permission text not null references private.permissions on delete cascade,
  primary key (role, permission)
);

create index on private.role_permissions (permission);

alter table private.permissions enable row level security;
alter table private.role_permissions enable row level security;

insert into private.permissions (name)
values
  ('conversations.read'),
  ('conversations.read_all'),
  ('conversations.pick'),
  ('conversations.reply'),
  ('conversations.assign'),
  ('conversations.close'),
  ('conversations.merge'),
  ('contacts.read'),
  ('contacts.write'),
  ('contacts.merge'),
  ('channels.read'),
  ('channels.manage'),
  ('templates.read'),
  ('templates.manage'),
  ('costs.read'),
  ('members.read'),
  ('members.manage'),
  ('roles.manage'),
  ('teams.manage'),
  ('availability.manage'),
  ('hours.manage'),
  ('tags.manage'),
  ('attributes.manage'),
  ('filters.share'),
  ('macros.share'),
  ('canned_responses.manage'),
  ('automation.manage'),
  ('webhooks.read'),
  ('audit.read'),
  ('reports.read'),
  ('tenant.read'),
  ('tenant.manage');

insert into private.role_permissions (role, permission)
select 'admin'::public.member_role, name from private.permissions
union all
select 'supervisor', name from private.permissions where name not in ('tenant.manage', 'members.manage', 'roles.manage', 'channels.manage', 'webhooks.read')
union all
select 'agent', name from private.permissions
where name in (
  'conversations.read', 'conversations.pick', 'conversations.reply', 'conversations.assign', 'conversations.close', 'conversations.merge',
  'contacts.read', 'contacts.write', 'channels.read', 'templates.read', 'members.read', 'tenant.read'
)
union all
select 'viewer', name from private.permissions
where name in (
  'conversations.read', 'conversations.read_all', 'contacts.read', 'channels.read', 'templates.read', 'members.read', 'tenant.read'
)
union all
select 'analyst', name from private.permissions where name in ('reports.read', 'costs.read', 'tenant.read');

create table public.memberships (
  tenant_id uuid not null references public.tenants on delete cascade,
  user_id uuid not null references auth.users on delete cascade,
  -- A built-in role, or one of the tenant's own; never both, so that what asks for `role` alone finds too little, not too much.
  role public.member_role default 'agent',
  role_id uuid,
  display_name text not null check (length(display_name) between 1 and 80),
  -- Since when the person may do nothing here. Their name stays on what they did.
  deactivated_at timestamptz,
  -- Where the person is in getting to know the product (sql/13_onboarding.sql); null: through with it.
  onboarding text check (onboarding in ('name', 'notifications', 'availability', 'keys')),
  -- The picture of the person, a file of bucket `avatars` (sql/13_avatars.sql).
  avatar text check (avatar ~ '^[0-9a-f-]{36}/[0-9a-f-]{36}\.(webp|png|jpg)$' and starts_with(avatar, user_id || '/')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id),
  check (num_nonnulls(role, role_id) = 1)
);

comment on table public.memberships is 'Who belongs to a tenant, in which role, under which name.';

-- The one lookup behind every policy: a person's tenants and roles, without touching the table.
create unique index memberships_user_id_idx on public.memberships (user_id, tenant_id) include (role, role_id, deactivated_at);

create trigger _100_touch
  before update on public.memberships
  for each row
  execute function private.tg_touch();

/*
 * The tenants that give the signed-in person a permission. Security definer, because the policy on
 * memberships itself asks it and would otherwise recurse. Where the tenant requires a second factor, or the
 * person has one, a session that has not shown it (aal1) is given nothing.
 *
 * Always call it as `any (array(select private.my_tenant_ids('…')))`: the array is computed once a
 * statement and can drive an index. As a per-row predicate it is thousands of times slower. In plpgsql,
 * because its plan is kept: a function in SQL that cannot be inlined is planned at every call, 0.17 ms. The
 * claims are read once.
 */
create function private.my_tenant_ids(permission text)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
  rows 2
as $$
declare
  v_claims jsonb := auth.jwt();
  v_me uuid := v_claims ->> 'sub';
  v_proven boolean := coalesce(v_claims ->> 'aal' = 'aal2', false);
begin
  return query
  select m.tenant_id
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  left join private.role_permissions p on p.role = m.role and p.permission = $1
  left join public.roles r on r.id = m.role_id
  where m.user_id = v_me
    and m.deactivated_at is null
    and (p.role is not null or $1 = any (r.permissions))
    and ($1 <> 'conversations.pick' or t.agents_pick)
    and (v_proven or not (
      t.requires_mfa
      or exists (select from auth.mfa_factors f where f.user_id = v_me and f.status = 'verified')
    ));
end;
$$;

grant execute on function private.my_tenant_ids(text) to authenticated;

/* Whether the signed-in person has a permission in one tenant. For functions, never for policies. */
create function private.may(tenant_id uuid, permission text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return $1 = any (array(select private.my_tenant_ids($2)));
end;
$$;

/* Refuses whoever may not do this in a tenant. Raises tenant_not_found, mfa_required, not_allowed. */
create function private.require(tenant_id uuid, permission text)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if private.may($1, $2) then
    return;
  end if;
  if not exists (
    select from public.memberships m where m.tenant_id = $1 and m.user_id = auth.uid() and m.deactivated_at is null
  ) then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if auth.jwt() ->> 'aal' is distinct from 'aal2' and (
    not private.is_proven() or (select t.requires_mfa from public.tenants t where t.id = $1)
  ) then
    perform private.refuse(403, 'mfa_required');
  end if;
  perform private.refuse(403, 'not_allowed', $2);
end;
$$;

alter table public.memberships enable row level security;

create policy select_member on public.tenants
  for select to authenticated
  using (id = any (array(select private.my_tenant_ids('tenant.read'))));

create policy update_admin on public.tenants
  for update to authenticated
  using (id = any (array(select private.my_tenant_ids('tenant.manage'))))
  with check (id = any (array(select private.my_tenant_ids('tenant.manage'))));

create policy select_member on public.memberships
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

create policy select_self on public.memberships
  for select to authenticated
  using (user_id = (select auth.uid()));

grant select on public.tenants, public.memberships to authenticated;
grant update (name, locale, timezone, agents_pick, send_read_receipts) on public.tenants to authenticated;

-- sql/11_roles.sql

/*
 * Beside the five built-in roles a tenant makes its own: a name and a list of permissions. The list is an array in the
 * role's row, so that a change is one audited row and the lookup behind every policy stays one descent.
 *
 * Nobody grants what they do not hold: a role is made, given or taken only by somebody who holds every permission in it.
 */

create table public.roles (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (length(name) between 1 and 60 and name = btrim(name)),
  description text not null default '' check (length(description) <= 200),
  permissions text[] not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

create unique index roles_name_idx on public.roles (tenant_id, lower(name));

comment on table public.roles is 'The roles a tenant has made for itself.';

create trigger _100_touch
  before update on public.roles
  for each row
  execute function private.tg_touch();

alter table public.memberships
  add foreign key (tenant_id, role_id) references public.roles (tenant_id, id);

create index memberships_role_idx on public.memberships (tenant_id, role_id) where role_id is not null;

alter table public.roles enable row level security;

create policy select_member on public.roles
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.read'))));

grant select on public.roles to authenticated;

/* What a built-in role, or one of the tenant's own, allows. A role that is not there allows nothing. */
create function private.permissions_of_role(tenant_id uuid, role public.member_role, role_id uuid)
  returns text[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if $3 is not null then
    return coalesce((select r.permissions from public.roles r where r.tenant_id = $1 and r.id = $3), '{}');
  end if;
  return array(select p.permission from private.role_permissions p where p.role = $2 order by p.permission);
end;
$$;

/* Whether a member, whoever asks, has a permission in a tenant. Of a session it knows nothing, so neither of second factors. */
create function private.member_may(tenant_id uuid, user_id uuid, permission text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.memberships m
    join public.tenants t on t.id = m.tenant_id
    where m.tenant_id = $1
      and m.user_id = $2
      and m.deactivated_at is null
      and case
        when m.role_id is null then exists (select from private.role_permissions p where p.role = m.role and p.permission = $3)
        else exists (select from public.roles r where r.id = m.role_id and $3 = any (r.permissions))
      end
      and ($3 <> 'conversations.pick' or t.agents_pick)
  );
end;
$$;

/*
 * Refuses to let the signed-in person give away, or take, permissions that they do not hold themselves.
 * Raises not_yours_to_grant.
 */
create function private.require_holding(tenant_id uuid, permissions text[])
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_mine text[];
begin
  select private.permissions_of_role(m.tenant_id, m.role, m.role_id) into v_mine
  from public.memberships m
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.deactivated_at is null;
  if not $2 <@ coalesce(v_mine, '{}') then
    perform private.refuse(403, 'not_yours_to_grant', array_to_string(array(select unnest($2) except select unnest(v_mine)), ', '));
  end if;
end;
$$;

/* The permissions of a role that is to be given to somebody. Raises role_not_found, not_yours_to_grant. */
create function private.require_role(tenant_id uuid, role public.member_role, role_id uuid)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if num_nonnulls($2, $3) <> 1
    or ($3 is not null and not exists (select from public.roles r where r.tenant_id = $1 and r.id = $3))
  then
    perform private.refuse(404, 'role_not_found');
  end if;
  perform private.require_holding($1, private.permissions_of_role($1, $2, $3));
end;
$$;

/*
 * Makes a role of the tenant's own (`role_id` null), or changes one. Whoever has the role feels it at their next question.
 * Raises tenant_not_found, not_allowed, role_not_found, role_name_taken, role_name_invalid, permission_unknown, not_yours_to_grant.
 */
create function public.save_role(tenant_id uuid, role_id uuid, name text, description text, permissions text[])
  returns public.roles
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_role public.roles;
  v_permissions text[] := array(select distinct unnest($5) order by 1);
begin
  perform private.require($1, 'roles.manage');
  if $2 is not null then
    select r.* into v_role from public.roles r where r.tenant_id = $1 and r.id = $2 for update;
    if v_role.id is null then
      perform private.refuse(404, 'role_not_found');
    end if;
  end if;
  if length(btrim(coalesce($3, ''))) not between 1 and 60 or length(coalesce($4, '')) > 200 then
    perform private.refuse(422, 'role_name_invalid');
  end if;
  if exists (select unnest(v_permissions) except select p.name from private.permissions p) then
    perform private.refuse(422, 'permission_unknown');
  end if;
  -- What is added, and what is taken away: both change what others hold.
  perform private.require_holding($1, array(
    (select unnest(v_permissions) except select unnest(v_role.permissions))
    union
    (select unnest(v_role.permissions) except select unnest(v_permissions))
  ));

  begin
    if v_role.id is null then
      insert into public.roles (tenant_id, name, description, permissions)
      values ($1, btrim($3), btrim(coalesce($4, '')), v_permissions)
      returning * into v_role;
    else
      update public.roles r
      set name = btrim($3), description = btrim(coalesce($4, '')), permissions = v_permissions
      where r.id = v_role.id
      returning r.* into v_role;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'role_name_taken');
  end;
  return v_role;
end;
$$;

/*
 * The workspaces of the signed-in person, for the switcher: name, role and what that role may do. Where a
 * second factor is owed, by the tenant's rule or because the person has one, `needs_mfa` says so, and nothing is allowed.
 * `onboarding` is the person's next step here, `setting_up` that they manage a tenant with first steps to take. Ordered by name.
 */
create function public.my_workspaces()
  returns table (
    tenant_id uuid, name text, slug text, role public.member_role, role_id uuid, role_name text, permissions text[], needs_mfa boolean,
    onboarding text, setting_up boolean
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select t.id, t.name, t.slug, m.role, m.role_id, r.name, case
    when s.needs_mfa then '{}'
    else array(
      select p.permission
      from unnest(private.permissions_of_role(t.id, m.role, m.role_id)) p (permission)
      where p.permission <> 'conversations.pick' or t.agents_pick
    )
  end, s.needs_mfa, m.onboarding, t.first_steps_closed_at is null and not s.needs_mfa and private.may(t.id, 'tenant.manage')
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  left join public.roles r on r.id = m.role_id
  cross join lateral (
    select not private.is_proven() or (t.requires_mfa and auth.jwt() ->> 'aal' is distinct from 'aal2') as needs_mfa
  ) s
  where m.user_id = auth.uid()
    and m.deactivated_at is null
  order by t.name, t.id;
end;
$$;

grant execute on function public.save_role(uuid, uuid, text, text, text[]), public.my_workspaces() to authenticated;

-- sql/12_invitations.sql

/*
 * An invitation opens one tenant to one e-mail address, once, for a week. The auth server mails the link; the proof is
 * being signed in under that address, so a link passed on is worth nothing to anybody else. Whoever has an account joins
 * another tenant with it; whoever has none gets one by the mail.
 */

create table public.invitations (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  email text not null check (email = lower(btrim(email)) and email ~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' and length(email) <= 254),
  role public.member_role,
  role_id uuid,
  team_ids uuid[] not null default '{}',
  invited_by uuid references auth.users on delete set null,
  -- When the auth server took the mail, and why it did not.
  sent_at timestamptz,
  error text,
  expires_at timestamptz not null default now() + interval '7 days',
  -- Accepted or withdrawn: it opens nothing any more.
  closed_at timestamptz,
  accepted_by uuid references auth.users on delete set null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, role_id) references public.roles (tenant_id, id),
  check (num_nonnulls(role, role_id) = 1),
  check (accepted_by is null or closed_at is not null)
);

create unique index invitations_open_idx on public.invitations (tenant_id, email) where closed_at is null;
create index on public.invitations (tenant_id, role_id);
create index on public.invitations (email) where closed_at is null;
create index on public.invitations (tenant_id, created_at);
create index on public.invitations (invited_by);
create index on public.invitations (accepted_by);

comment on table public.invitations is 'Who is invited into a tenant, in which role.';

create trigger _100_touch
  before update on public.invitations
  for each row
  execute function private.tg_touch();

alter table public.invitations enable row level security;

create policy select_manager on public.invitations
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('members.manage'))));

grant select on public.invitations to authenticated;
alter publication supabase_realtime add table public.invitations;

create function private.enqueue_invitation(invitation_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'invitation__send', json_build_object('invitation_id', $1), job_key => 'invitation:' || $1, max_attempts => 6
  );
end;
$$;

/*
 * Invites addresses, fifty at once and 200 a day at most, into a role and teams. Says of each what became of it:
 * invited, again (it was, and gets another mail and another week), member, invalid.
 * Raises tenant_not_found, mfa_required, not_allowed, role_not_found, not_yours_to_grant, team_not_found, invitations_too_many.
 */
create function public.invite_members(
  tenant_id uuid, emails text[], role public.member_role, role_id uuid, team_ids uuid[] default '{}'
)
  returns table (email text, outcome text)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_email text;
  v_id uuid;
begin
  perform private.require($1, 'members.manage');
  perform private.require_role($1, $3, $4);
  if exists (select unnest($5) except select t.id from public.teams t where t.tenant_id = $1) then
    perform private.refuse(404, 'team_not_found');
  end if;
  -- Held, so that two calls at once do not both stay under the limit.
  perform from public.tenants t where t.id = $1 for update;
  if cardinality($2) > 50 or cardinality($2) + (
    select count(*) from public.invitations i where i.tenant_id = $1 and i.created_at > now() - interval '1 day'
  ) > 200 then
    perform private.refuse(429, 'invitations_too_many');
  end if;

  for v_email in select distinct lower(btrim(e)) from unnest($2) e order by 1 loop
    email := v_email;
    if v_email !~ '^[^@\s]+@[^@\s]+\.[^@\s]+$' or length(v_email) > 254 then
      outcome := 'invalid';
    elsif exists (
      select
      from public.memberships m
      join auth.users u on u.id = m.user_id
      where m.tenant_id = $1
        and lower(u.email) = v_email
    ) then
      outcome := 'member';
    else
      update public.invitations i
      set role = $3, role_id = $4, team_ids = $5, invited_by = auth.uid(), expires_at = now() + interval '7 days', sent_at = null, error = null
      where i.tenant_id = $1
        and i.email = v_email
        and i.closed_at is null
      returning i.id into v_id;
      outcome := 'again';
      if v_id is null then
        insert into public.invitations (tenant_id, email, role, role_id, team_ids, invited_by)
        values ($1, v_email, $3, $4, $5, auth.uid())
        returning id into v_id;
        outcome := 'invited';
      end if;
      perform private.enqueue_invitation(v_id);
      v_id := null;
    end if;
    return next;
  end loop;
end;
$$;

/* An invitation that the signed-in person may manage, locked and still open. Raises invitation_not_found, not_allowed, invitation_closed. */
create function private.lock_invitation(invitation_id uuid)
  returns public.invitations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_invitation public.invitations;
begin
  select i.* into v_invitation
  from public.invitations i
  where i.id = $1
    and i.tenant_id = any (array(select private.my_tenant_ids('members.manage')))
  for update;
  if v_invitation.id is null then
    perform private.refuse(404, 'invitation_not_found');
  end if;
  if v_invitation.closed_at is not null then
    perform private.refuse(409, 'invitation_closed');
  end if;
  return v_invitation;
end;
$$;

/*
 * Mails an invitation once more and lets it run for another week: not twice within a minute.
 * Raises invitation_not_found, invitation_closed, not_yours_to_grant, invitations_too_many.
 */
create function public.resend_invitation(invitation_id uuid)
  returns public.invitations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_invitation public.invitations := private.lock_invitation($1);
begin
  perform private.require_holding(
    v_invitation.tenant_id, private.permissions_of_role(v_invitation.tenant_id, v_invitation.role, v_invitation.role_id)
  );
  if v_invitation.sent_at > now() - interval '1 minute' then
    perform private.refuse(429, 'invitation_just_sent');
  end if;
  update public.invitations i
  set expires_at = now() + interval '7 days', sent_at = null, error = null, invited_by = auth.uid()
  where i.id = $1
  returning i.* into v_invitation;
  perform private.enqueue_invitation($1);
  return v_invitation;
end;
$$;

/* Withdraws an invitation: its link opens nothing from now on. Raises invitation_not_found, invitation_closed. */
create function public.revoke_invitation(invitation_id uuid)
  returns public.invitations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_invitation public.invitations := private.lock_invitation($1);
begin
  update public.invitations i
  set closed_at = now()
  where i.id = $1
  returning i.* into v_invitation;
  return v_invitation;
end;
$$;

/*
 * What an invitation's page shows to whoever is signed in, by its id: a secret of the mail. Of an invitation to
 * another address only the workspace's name and a hint of the address. `status` is open, expired or closed.
 * Raises invitation_not_found.
 */
create function public.my_invitation(invitation_id uuid)
  returns table (workspace text, slug text, email text, mine boolean, status text, role public.member_role, role_name text, invited_by text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select
    t.name,
    case when s.mine then t.slug end,
    case when s.mine then i.email else regexp_replace(i.email, '^(.).*@(.).*(\.[^.]*)$', '\1…@\2…\3') end,
    s.mine,
    case when i.closed_at is not null then 'closed' when i.expires_at <= now() then 'expired' else 'open' end,
    case when s.mine then i.role end,
    case when s.mine then r.name end,
    case when s.mine then (select m.display_name from public.memberships m where m.tenant_id = i.tenant_id and m.user_id = i.invited_by) end
  from public.invitations i
  join public.tenants t on t.id = i.tenant_id
  left join public.roles r on r.id = i.role_id
  cross join lateral (
    select exists (
      select from auth.users u where u.id = auth.uid() and u.email_confirmed_at is not null and lower(u.email) = i.email
    ) as mine
  ) s
  where i.id = $1
    and auth.uid() is not null;
  if not found then
    perform private.refuse(404, 'invitation_not_found');
  end if;
end;
$$;

/* The open invitations of the signed-in person, for somebody who has no workspace yet. Newest first. */
create function public.my_invitations()
  returns table (id uuid, workspace text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select i.id, t.name
  from auth.users u
  join public.invitations i on i.email = lower(u.email)
  join public.tenants t on t.id = i.tenant_id
  where u.id = auth.uid()
    and u.email_confirmed_at is not null
    and i.closed_at is null
    and i.expires_at > now()
  order by i.created_at desc;
end;
$$;

/*
 * Makes the signed-in person a member, in the role and teams of the invitation. Good once: of two tabs one joins and the
 * other finds itself a member. Answers the workspace's slug.
 * Raises invitation_not_found, invitation_for_another, invitation_closed, invitation_expired, name_invalid.
 */
create function public.accept_invitation(invitation_id uuid, display_name text)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_invitation public.invitations;
  v_slug text;
begin
  select i.* into v_invitation from public.invitations i where i.id = $1 and auth.uid() is not null for update;
  if v_invitation.id is null then
    perform private.refuse(404, 'invitation_not_found');
  end if;
  if not exists (
    select from auth.users u where u.id = auth.uid() and u.email_confirmed_at is not null and lower(u.email) = v_invitation.email
  ) then
    perform private.refuse(403, 'invitation_for_another');
  end if;
  select t.slug into v_slug from public.tenants t where t.id = v_invitation.tenant_id;
  if v_invitation.accepted_by = auth.uid()
    and exists (select from public.memberships m where m.tenant_id = v_invitation.tenant_id and m.user_id = auth.uid())
  then
    return v_slug;
  end if;
  if v_invitation.closed_at is not null then
    perform private.refuse(409, 'invitation_closed');
  end if;
  if v_invitation.expires_at <= now() then
    perform private.refuse(410, 'invitation_expired');
  end if;
  if length(btrim(coalesce($2, ''))) not between 1 and 80 then
    perform private.refuse(422, 'name_invalid');
  end if;

  insert into public.memberships as m (tenant_id, user_id, role, role_id, display_name, onboarding, avatar)
  select
    v_invitation.tenant_id, auth.uid(), v_invitation.role, v_invitation.role_id, btrim($2),
    -- Whoever works in another company knows the product.
    case when count(o.user_id) = 0 then 'name' end,
    max(o.avatar)
  from (select) one
  left join public.memberships o on o.user_id = auth.uid()
  -- Already let in another way: the role they have holds.
  on conflict (tenant_id, user_id) do nothing;
  insert into public.team_members (tenant_id, team_id, user_id)
  select t.tenant_id, t.id, auth.uid()
  from public.teams t
  where t.tenant_id = v_invitation.tenant_id
    and t.id = any (v_invitation.team_ids)
  on conflict do nothing;
  update public.invitations i
  set closed_at = now(), accepted_by = auth.uid()
  where i.id = $1;
  return v_slug;
end;
$$;

/* What the worker mails: nothing where the invitation is closed or over. `is_known`: the address has an account that was confirmed. */
create function private.invitation_to_send(invitation_id uuid)
  returns table (email text, is_known boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select i.email, exists (select from auth.users u where lower(u.email) = i.email and u.email_confirmed_at is not null)
  from public.invitations i
  where i.id = $1
    and i.closed_at is null
    and i.sent_at is null
    and i.expires_at > now();
end;
$$;

/* Writes down what the auth server said to the mail: null when it took it. */
create function private.settle_invitation(invitation_id uuid, error text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.invitations i
  set sent_at = case when $2 is null then now() end, error = left($2, 500)
  where i.id = $1
    and i.closed_at is null;
end;
$$;

grant execute on function
  public.invite_members(uuid, text[], public.member_role, uuid, uuid[]),
  public.resend_invitation(uuid),
  public.revoke_invitation(uuid),
  public.my_invitation(uuid),
  public.my_invitations(),
  public.accept_invitation(uuid, text)
to authenticated;
grant execute on function private.invitation_to_send(uuid), private.settle_invitation(uuid, text) to prosa_worker;

-- sql/12_members.sql

/*
 * Who belongs to a tenant, changed from inside: another role, a rest (deactivated), an end (removed). What somebody had
 * open goes to whom the changer says, or back to everybody. Nobody rules over a member who may more than they do, and a
 * tenant never loses its last admin, whoever tries.
 */

/* Keeps the last admin who may work. The tenant's row is locked: two admins who demote each other at once take turns. */
create function private.tg_memberships__last_admin()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform from public.tenants t where t.id = old.tenant_id for update;
  -- With the tenant go its admins.
  if found and not exists (
    select
    from public.memberships m
    where m.tenant_id = old.tenant_id
      and m.user_id <> old.user_id
      and m.role = 'admin'
      and m.deactivated_at is null
  ) then
    perform private.refuse(409, 'last_admin');
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

create trigger _200_last_admin
  before delete on public.memberships
  for each row
  when (old.role = 'admin' and old.deactivated_at is null)
  execute function private.tg_memberships__last_admin();

create trigger _200_last_admin_update
  before update of role, role_id, deactivated_at, tenant_id, user_id on public.memberships
  for each row
  when (
    old.role = 'admin'
    and old.deactivated_at is null
    and (new.role is distinct from 'admin' or new.deactivated_at is not null or new.tenant_id <> old.tenant_id or new.user_id <> old.user_id)
  )
  execute function private.tg_memberships__last_admin();

/*
 * A member whom the signed-in person may change, locked. Raises tenant_not_found, mfa_required, not_allowed,
 * member_not_found, not_yours_to_grant.
 */
create function private.lock_member(tenant_id uuid, user_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships;
begin
  perform private.require($1, 'members.manage');
  select m.* into v_member
  from public.memberships m
  where m.tenant_id = $1
    and m.user_id = $2
  for update;
  if v_member.user_id is null then
    perform private.refuse(404, 'member_not_found');
  end if;
  perform private.require_holding($1, private.permissions_of_role($1, v_member.role, v_member.role_id));
  return v_member;
end;
$$;

/* Gives what a member has open to another who may answer, or to nobody (null). Raises assignee_not_member. */
create function private.hand_over(tenant_id uuid, user_id uuid, heir_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if $3 is not null and ($3 = $2 or not private.member_may($1, $3, 'conversations.reply')) then
    perform private.refuse(422, 'assignee_not_member');
  end if;
  update public.conversations c
  set assignee_id = $3
  where c.tenant_id = $1
    and c.assignee_id = $2
    and c.status = 'open';
end;
$$;

/*
 * Gives a member another role, built in (`role`) or the tenant's own (`role_id`), one of them.
 * Raises what lock_member raises, role_not_found, last_admin.
 */
create function public.change_member_role(tenant_id uuid, user_id uuid, role public.member_role, role_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  perform private.require_role($1, $3, $4);
  update public.memberships m
  set role = $3, role_id = $4
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/*
 * Ends a membership. What the person had open goes to `heir_id`, or to nobody; what they wrote stays.
 * Raises what lock_member raises, assignee_not_member, last_admin.
 */
create function public.remove_member(tenant_id uuid, user_id uuid, heir_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_member($1, $2);
  perform private.hand_over($1, $2, $3);
  delete from public.memberships m
  where m.tenant_id = $1
    and m.user_id = $2;
end;
$$;

/*
 * Lets a member do nothing until reactivated: who is on leave keeps name, role and teams. Idempotent.
 * Raises what lock_member raises, assignee_not_member, last_admin.
 */
create function public.deactivate_member(tenant_id uuid, user_id uuid, heir_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  perform private.hand_over($1, $2, $3);
  update public.memberships m
  set deactivated_at = coalesce(m.deactivated_at, now())
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/* Lets a deactivated member work again. Idempotent. Raises what lock_member raises. */
create function public.reactivate_member(tenant_id uuid, user_id uuid)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships := private.lock_member($1, $2);
begin
  update public.memberships m
  set deactivated_at = null
  where m.tenant_id = $1
    and m.user_id = $2
  returning m.* into v_member;
  return v_member;
end;
$$;

/*
 * Deletes a role of the tenant's own. Who has it, or is invited to it, gets the replacement; without one a role in use stays.
 * Raises tenant_not_found, not_allowed, role_not_found, role_in_use, not_yours_to_grant.
 */
create function public.delete_role(
  tenant_id uuid, role_id uuid, replacement public.member_role default null, replacement_id uuid default null
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_permissions text[];
begin
  perform private.require($1, 'roles.manage');
  select r.permissions into v_permissions from public.roles r where r.tenant_id = $1 and r.id = $2 for update;
  if not found then
    perform private.refuse(404, 'role_not_found');
  end if;
  perform private.require_holding($1, v_permissions);

  if num_nonnulls($3, $4) = 0 then
    if exists (select from public.memberships m where m.tenant_id = $1 and m.role_id = $2)
      or exists (select from public.invitations i where i.tenant_id = $1 and i.role_id = $2 and i.closed_at is null)
    then
      perform private.refuse(409, 'role_in_use');
    end if;
  else
    if $4 = $2 then
      perform private.refuse(404, 'role_not_found');
    end if;
    perform private.require_role($1, $3, $4);
    update public.memberships m set role = $3, role_id = $4 where m.tenant_id = $1 and m.role_id = $2;
    update public.invitations i set role = $3, role_id = $4 where i.tenant_id = $1 and i.role_id = $2 and i.closed_at is null;
  end if;
  -- What an invitation of the past offered is history.
  update public.invitations i set role = 'viewer', role_id = null where i.tenant_id = $1 and i.role_id = $2;
  delete from public.roles r where r.id = $2;
end;
$$;

/*
 * The people of a tenant as their manager sees them: address, last sign of life, second factor.
 * Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.list_members(tenant_id uuid)
  returns table (user_id uuid, email text, last_seen_at timestamptz, has_mfa boolean, open_conversations bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'members.manage');
  return query
  select
    m.user_id,
    u.email::text,
    (select max(greatest(s.refreshed_at at time zone 'utc', s.updated_at, s.created_at)) from auth.sessions s where s.user_id = m.user_id),
    exists (select from auth.mfa_factors f where f.user_id = m.user_id and f.status = 'verified'),
    (
      select count(*)
      from public.conversations c
      where c.tenant_id = $1
        and c.assignee_id = m.user_id
        and c.status = 'open'
    )
  from public.memberships m
  join auth.users u on u.id = m.user_id
  where m.tenant_id = $1;
end;
$$;

/*
 * Makes a second factor a condition of seeing anything of the tenant, or takes that back. Only from a session that has
 * shown one: whoever turns it on must not be the first to stand outside.
 * Raises tenant_not_found, not_allowed, mfa_required.
 */
create function public.require_second_factor(tenant_id uuid, required boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'tenant.manage');
  if auth.jwt() ->> 'aal' is distinct from 'aal2' then
    perform private.refuse(403, 'mfa_first');
  end if;
  update public.tenants t set requires_mfa = $2 where t.id = $1 and t.requires_mfa <> $2;
end;
$$;

/* The name the signed-in person goes by in a tenant. Raises tenant_not_found, name_invalid. */
create function public.rename_me(tenant_id uuid, display_name text)
  returns public.memberships
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_member public.memberships;
begin
  if length(btrim(coalesce($2, ''))) not between 1 and 80 then
    perform private.refuse(422, 'name_invalid');
  end if;
  update public.memberships m
  set display_name = btrim($2)
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.deactivated_at is null
  returning m.* into v_member;
  if v_member.user_id is null then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return v_member;
end;
$$;

grant execute on function
  public.change_member_role(uuid, uuid, public.member_role, uuid),
  public.remove_member(uuid, uuid, uuid),
  public.deactivate_member(uuid, uuid, uuid),
  public.reactivate_member(uuid, uuid),
  public.delete_role(uuid, uuid, public.member_role, uuid),
  public.list_members(uuid),
  public.require_second_factor(uuid, boolean),
  public.rename_me(uuid, text)
to authenticated;

alter publication supabase_realtime add table public.memberships, public.roles;

-- sql/12_signing_up.sql

/*
 * A company signs itself up: whoever has proven an address makes a tenant and is its admin. The account is the auth
 * server's (and may be refused there: `enable_signup`); what belongs to it here is the tenant, with a team, hours and
 * tags to begin with. Whoever runs the installation closes the door for companies, and keeps inviting people:
 *
 *   update private.platform_settings set sign_up = false;
 */

create table private.platform_settings (
  -- One row.
  is_only boolean primary key default true check (is_only),
  -- Whether people make companies by themselves.
  sign_up boolean not null default true
);

insert into private.platform_settings default values;

alter table private.platform_settings enable row level security;

/* An address for a name that nobody has yet: `Padaria São João` is `padaria-sao-joao`, then `padaria-sao-joao-2`. */
create function private.free_slug(name text)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_stem text := btrim(left(btrim(regexp_replace(private.fold($1), '[^a-z0-9]+', '-', 'g'), '-'), 34), '-');
  v_slug text;
begin
  -- A number alone, or the name of one of the web's own pages, is no address.
  if length(v_stem) < 2 or v_stem in ('sign-in', 'sign-up', 'sign-out', 'forgot-password', 'reset-password', 'join', 'second-factor', 'avatars', 'profile', 'new', 'session', 'unsubscribe', 'healthz', 'admin', 'api') then
    v_stem := btrim('empresa-' || v_stem, '-');
  end if;
  select s.slug into v_slug
  from (
    select n, case when n = 1 then v_stem else v_stem || '-' || n end as slug
    from generate_series(1, 9999) n
  ) s
  where not exists (select from public.tenants t where t.slug = s.slug)
  order by s.n
  limit 1;
  return v_slug;
end;
$$;

/* Proposes an address for a company's name. Nothing to a visitor. */
create function public.propose_slug(name text)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.free_slug(left(coalesce($1, ''), 120));
end;
$$;

/*
 * Makes a company of the signed-in person, who is its admin and the first of its team. `slug` null: one is made from the
 * name. Three a day. Answers the slug; twice the same name makes two companies, so a page asks once.
 * Raises sign_up_closed, email_not_confirmed, mfa_required, workspace_name_invalid, name_invalid, slug_invalid,
 * slug_taken, timezone_invalid, workspaces_too_many.
 */
create function public.create_workspace(
  name text, slug text, display_name text, locale text default 'pt-BR', timezone text default 'America/Sao_Paulo'
)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_me constant uuid := auth.uid();
  v_portuguese constant boolean := $4 is distinct from 'en';
  v_timezone text := coalesce($5, 'America/Sao_Paulo');
  v_slug text := nullif(lower(btrim($2)), '');
  v_id uuid;
begin
  if not (select s.sign_up from private.platform_settings s) then
    perform private.refuse(403, 'sign_up_closed');
  end if;
  if not exists (select from auth.users u where u.id = v_me and u.email_confirmed_at is not null) then
    perform private.refuse(403, 'email_not_confirmed');
  end if;
  if not private.is_proven() then
    perform private.refuse(403, 'mfa_required');
  end if;
  if length(btrim(coalesce($1, ''))) not between 2 and 120 then
    perform private.refuse(422, 'workspace_name_invalid');
  end if;
  if length(btrim(coalesce($3, ''))) not between 1 and 80 then
    perform private.refuse(422, 'name_invalid');
  end if;
  if not private.is_timezone(v_timezone) then
    perform private.refuse(422, 'timezone_invalid');
  end if;

  -- Held, so that calls sent at once do not all stay under the limit.
  perform pg_advisory_xact_lock(hashtextextended('create_workspace:' || v_me, 0));
  if (select count(*) from public.tenants t where t.created_by = v_me and t.created_at > now() - interval '1 day') >= 3 then
    perform private.refuse(429, 'workspaces_too_many');
  end if;

  begin
    insert into public.tenants (name, slug, locale, timezone, created_by)
    values (btrim($1), coalesce(v_slug, private.free_slug($1)), case when v_portuguese then 'pt-BR' else 'en' end, v_timezone, v_me)
    returning id, tenants.slug into v_id, v_slug;
  exception
    when unique_violation then
      perform private.refuse(409, 'slug_taken');
    when check_violation then
      perform private.refuse(422, 'slug_invalid');
  end;

  insert into public.memberships (tenant_id, user_id, role, display_name, avatar)
  select v_id, v_me, 'admin', btrim($3), max(m.avatar)
  from public.memberships m
  where m.user_id = v_me;
  perform private.furnish(v_id, v_me, v_portuguese);
  return v_slug;
end;
$$;

/*
 * What a new company begins with. A team, so that a channel has a queue to point at; hours as most shops keep them, said
 * to nobody and promising nothing until somebody says so (their `updated_at` tells whether anybody has looked at them);
 * four tags that any company can use.
 */
create function private.furnish(tenant_id uuid, admin_id uuid, portuguese boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_team uuid;
begin
  insert into public.teams (tenant_id, name)
  values ($1, case when $3 then 'Atendimento' else 'Support' end)
  returning id into v_team;
  insert into public.team_members (tenant_id, team_id, user_id) values ($1, v_team, $2);
  insert into public.business_hours (tenant_id, timezone, updated_at)
  select t.id, t.timezone, now() from public.tenants t where t.id = $1;
  insert into public.tags (tenant_id, name, color, position)
  select $1, case when $3 then d.portuguese else d.english end, d.color, d.position
  from (
    values
      ('Dúvida', 'Question', 'blue', 0),
      ('Pedido', 'Order', 'green', 1),
      ('Reclamação', 'Complaint', 'red', 2),
      ('Elogio', 'Praise', 'violet', 3)
  ) d (portuguese, english, color, position);
end;
$$;

grant execute on function
  public.propose_slug(text),
  public.create_workspace(text, text, text, text, text)
to authenticated;

-- sql/13_avatars.sql

/*
 * A picture of each person, the same in all their companies. The file is the person's alone to put and to take away,
 * `<user>/<uuid>.webp` in one private bucket; colleagues see the one that stands in a membership. A new picture is a new
 * file, so that whoever has fetched one never asks for it again.
 */

-- 256 pixels square, made small by the browser: a tenth of this.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('avatars', 'avatars', false, 262144, '{image/webp,image/png,image/jpeg}')
on conflict (id) do update
set
  public = false,
  file_size_limit = excluded.file_size_limit,
  allowed_mime_types = excluded.allowed_mime_types;

/* Whether a file is the picture of somebody in a tenant whose members the signed-in person sees. */
create function private.sees_avatar(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.memberships m
    where m.user_id::text = split_part($1, '/', 1)
      and m.avatar = $1
      and m.tenant_id = any (array(select private.my_tenant_ids('members.read')))
  );
end;
$$;

/* Whether the signed-in person has room for another file: the present picture, the next one, and what a lost page left. */
create function private.may_add_avatar()
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.is_proven() and (
    select count(*) from storage.objects o where o.bucket_id = 'avatars' and starts_with(o.name, auth.uid() || '/')
  ) < 4;
end;
$$;

grant execute on function private.sees_avatar(text), private.may_add_avatar() to authenticated;

create policy select_avatar_colleague on storage.objects
  for select to authenticated
  using (
    bucket_id = 'avatars'
    and private.sees_avatar(name)
  );

create policy select_avatar_self on storage.objects
  for select to authenticated
  using (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
  );

create policy insert_avatar_self on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
    and name ~ '^[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(webp|png|jpg)$'
    and (select private.may_add_avatar())
  );

-- Nobody replaces a file: there is no policy for update.
create policy delete_avatar_self on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
  );

/*
 * Makes an uploaded file the picture of the signed-in person in all their companies; null: none. The files of before are
 * the browser's to take away. Raises avatar_not_found.
 */
create function public.set_my_avatar(path text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if auth.uid() is null or not private.is_proven() or ($1 is not null and (
    split_part($1, '/', 1) <> auth.uid()::text
    or not exists (select from storage.objects o where o.bucket_id = 'avatars' and o.name = $1)
  )) then
    perform private.refuse(404, 'avatar_not_found');
  end if;
  update public.memberships m
  set avatar = $1
  where m.user_id = auth.uid()
    and m.avatar is distinct from $1;
end;
$$;

grant execute on function public.set_my_avatar(text) to authenticated;

-- sql/13_first_steps.sql

/*
 * What a new company has still to do before it can work: read from the facts, never ticked off by hand. Those who manage
 * the company see it until all is done, or until one of them puts it away.
 */

/*
 * The first steps of a tenant, in the order they are best taken, each with whether it is taken. When the last one is,
 * they are closed for good. Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.first_steps(tenant_id uuid)
  returns table (step text, done boolean)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_steps jsonb;
begin
  perform private.require($1, 'tenant.manage');
  v_steps := jsonb_build_array(
    jsonb_build_object('step', 'channel', 'done', exists (
      select from public.channels c where c.tenant_id = $1 and c.status <> 'disconnected'
    )),
    jsonb_build_object('step', 'people', 'done', (
      select count(*) > 1 from public.memberships m where m.tenant_id = $1
    ) or exists (
      select from public.invitations i where i.tenant_id = $1 and i.closed_at is null
    )),
    -- Of two, or it is nobody's queue but one's own.
    jsonb_build_object('step', 'team', 'done', exists (
      select
      from public.team_members m
      join public.teams t on t.tenant_id = m.tenant_id and t.id = m.team_id and t.archived_at is null
      where m.tenant_id = $1
      group by m.team_id
      having count(*) > 1
    )),
    -- Those that a company begins with have not been looked at (private.furnish).
    jsonb_build_object('step', 'hours', 'done', exists (
      select from public.business_hours h where h.tenant_id = $1 and h.updated_at <> h.created_at
    )),
    jsonb_build_object('step', 'canned', 'done', exists (
      select from public.canned_responses r where r.tenant_id = $1 and r.archived_at is null and r.published_version is not null
    )),
    jsonb_build_object('step', 'answer', 'done', exists (
      select from public.conversations c where c.tenant_id = $1 and c.first_reply_at is not null
    ))
  );
  if not v_steps @> '[{"done": false}]' then
    update public.tenants t
    set first_steps_closed_at = now()
    where t.id = $1
      and t.first_steps_closed_at is null;
  end if;
  return query select s.step, s.done from jsonb_to_recordset(v_steps) s (step text, done boolean);
end;
$$;

/*
 * Puts the first steps away for everybody who manages the tenant, or shows them again. Idempotent.
 * Raises tenant_not_found, mfa_required, not_allowed.
 */
create function public.close_first_steps(tenant_id uuid, closed boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'tenant.manage');
  update public.tenants t
  set first_steps_closed_at = case when $2 then now() end
  where t.id = $1
    and (t.first_steps_closed_at is not null) is distinct from $2;
end;
$$;

grant execute on function public.first_steps(uuid), public.close_first_steps(uuid, boolean) to authenticated;

-- sql/13_onboarding.sql

/*
 * Somebody new is shown the product once: who they are, how they are told, whether they are there, three keys. How far
 * they are stands in their membership, so that another browser goes on where this one stopped, and nobody is asked twice.
 */

/*
 * Remembers the next step of the signed-in person in a tenant; null: through with it, or skipped. Only forward, and once
 * through nothing begins again. Raises tenant_not_found, onboarding_step_unknown.
 */
create function public.onboard_me(tenant_id uuid, next_step text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  c_steps constant text[] := '{name,notifications,availability,keys}';
begin
  if $2 is not null and $2 <> all (c_steps) then
    perform private.refuse(422, 'onboarding_step_unknown');
  end if;
  if not exists (
    select from public.memberships m where m.tenant_id = $1 and m.user_id = auth.uid() and m.deactivated_at is null
  ) then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  update public.memberships m
  set onboarding = $2
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.onboarding is not null
    and ($2 is null or array_position(c_steps, $2) > array_position(c_steps, m.onboarding));
end;
$$;

grant execute on function public.onboard_me(uuid, text) to authenticated;

-- sql/14_second_factor.sql

/*
 * What stands beside the second factor: recovery codes, and the list of one's sessions. The factors themselves are the
 * auth server's (auth.mfa_factors); private.my_tenant_ids gives nothing to a session that owes one.
 *
 * A recovery code does not lift a session to aal2: only the auth server signs that. It takes the lost factor away and ends
 * every other session, so that the person is back to their password and enrols anew; where a tenant requires a second
 * factor, nothing of it opens before they have.
 */

create table private.recovery_codes (
  user_id uuid not null references auth.users on delete cascade,
  -- sha256 of person and code: 50 random bits need no slow hash, five tries in a quarter of an hour no pepper.
  hash bytea not null,
  used_at timestamptz,
  primary key (user_id, hash)
);

create table private.recovery_attempts (
  user_id uuid primary key references auth.users on delete cascade,
  failed integer not null default 0,
  since timestamptz not null default now()
);

alter table private.recovery_codes enable row level security;
alter table private.recovery_attempts enable row level security;

/* Whether the session is worth what the person's account asks: aal2 for somebody with a second factor. */
create function private.is_proven()
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_claims jsonb := auth.jwt();
begin
  return v_claims ->> 'aal' = 'aal2' or not exists (
    select from auth.mfa_factors f where f.user_id = (v_claims ->> 'sub')::uuid and f.status = 'verified'
  );
end;
$$;

create function private.hash_recovery_code(user_id uuid, code text)
  returns bytea
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return sha256(convert_to($1::text || ':' || regexp_replace(lower($2), '[^a-z0-9]', '', 'g'), 'UTF8'));
end;
$$;

/*
 * Ten new recovery codes of the signed-in person, in place of all earlier ones. Shown now and never again.
 * Raises mfa_first: only a session that has shown the second factor makes them.
 */
create function public.make_recovery_codes()
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_alphabet constant text := 'abcdefghijkmnpqrstuvwxyz23456789';
  v_codes text[] := '{}';
  v_bytes bytea;
  v_code text;
begin
  if auth.jwt() ->> 'aal' is distinct from 'aal2' then
    perform private.refuse(403, 'mfa_first');
  end if;
  for v_count in 1..10 loop
    -- The bytes of a uuid that are random in full.
    v_bytes := uuid_send(gen_random_uuid());
    v_bytes := substring(v_bytes from 1 for 6) || substring(v_bytes from 11 for 6);
    v_code := (
      select string_agg(substr(v_alphabet, 1 + (get_byte(v_bytes, at) & 31), 1) || case when at = 4 then '-' else '' end, '' order by at)
      from generate_series(0, 9) at
    );
    v_codes := v_codes || v_code;
  end loop;
  delete from private.recovery_codes c where c.user_id = auth.uid();
  insert into private.recovery_codes (user_id, hash)
  select auth.uid(), private.hash_recovery_code(auth.uid(), code) from unnest(v_codes) code;
  return v_codes;
end;
$$;

/* How many recovery codes the signed-in person has left. */
create function public.recovery_codes_left()
  returns integer
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (select count(*) from private.recovery_codes c where c.user_id = auth.uid() and c.used_at is null);
end;
$$;

/*
 * Takes the lost second factor away for one of the recovery codes and ends every other session. Answers done, wrong, or
 * too_many: an answer, not an error, for an error would forget the failed try.
 */
create function public.use_recovery_code(code text)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_failed integer;
begin
  -- The row's lock makes guesses sent at once take turns.
  insert into private.recovery_attempts as a (user_id, failed)
  select u.id, 0 from auth.users u where u.id = auth.uid()
  on conflict (user_id) do update
  set
    failed = case when a.since < now() - interval '15 minutes' then 0 else a.failed end,
    since = case when a.since < now() - interval '15 minutes' then now() else a.since end
  returning failed into v_failed;
  if v_failed >= 5 then
    return 'too_many';
  end if;

  update private.recovery_codes c
  set used_at = now()
  where c.user_id = auth.uid()
    and c.hash = private.hash_recovery_code(auth.uid(), $1)
    and c.used_at is null;
  if not found then
    update private.recovery_attempts a set failed = a.failed + 1 where a.user_id = auth.uid();
    return 'wrong';
  end if;

  update private.recovery_attempts a set failed = 0 where a.user_id = auth.uid();
  delete from auth.mfa_factors f where f.user_id = auth.uid();
  delete from auth.sessions s
  where s.user_id = auth.uid()
    and s.id::text is distinct from auth.jwt() ->> 'session_id';
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  select m.tenant_id, m.user_id, 'update', 'mfa_factors', m.user_id::text, '{"recovered": true}'
  from public.memberships m
  where m.user_id = auth.uid();
  return 'done';
end;
$$;

/*
 * Where the signed-in person is signed in: device, address, last sign of life; the session that asks comes first. Nothing
 * to a session that owes a second factor.
 */
create function public.my_sessions()
  returns table (id uuid, user_agent text, ip text, created_at timestamptz, last_active_at timestamptz, aal text, is_this boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select
    s.id, s.user_agent::text, host(s.ip), s.created_at,
    greatest(s.refreshed_at at time zone 'utc', s.updated_at, s.created_at), s.aal::text,
    s.id::text = auth.jwt() ->> 'session_id'
  from auth.sessions s
  where s.user_id = auth.uid()
    and private.is_proven()
  order by 7 desc, 5 desc;
end;
$$;

/*
 * Signs the signed-in person out elsewhere: one session, or all others (null). The access token there ends within
 * minutes, its refresh token at once. Raises mfa_required.
 */
create function public.end_sessions(session_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  if not private.is_proven() then
    perform private.refuse(403, 'mfa_required');
  end if;
  delete from auth.sessions s
  where s.user_id = auth.uid()
    and s.id::text is distinct from auth.jwt() ->> 'session_id'
    and ($1 is null or s.id = $1);
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  public.make_recovery_codes(),
  public.recovery_codes_left(),
  public.use_recovery_code(text),
  public.my_sessions(),
  public.end_sessions(uuid)
to authenticated;

-- sql/20_channels.sql

/*
 * A channel is one address of a tenant at a provider: here, a WhatsApp number. Its secrets stand in
 * another schema, encrypted (AES-256-GCM) before they reach the database, which never holds the key.
 */

create type public.channel_type as enum ('whatsapp');
create type public.channel_status as enum ('connected', 'attention', 'disconnected');

create table public.channels (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  type public.channel_type not null,
  name text not null check (length(name) between 1 and 80),
  phone_number_id text check (phone_number_id ~ '^[0-9]{5,32}$'),
  waba_id text check (waba_id ~ '^[0-9]{5,32}$'),
  display_phone_number text,
  status public.channel_status not null default 'connected',
  -- What is wrong, in the provider's words, while `status` is 'attention': its outbox is held and loses nothing.
  status_detail jsonb,
  -- What the provider says of the number; null where it has not been asked yet.
  portfolio_id text check (portfolio_id ~ '^[0-9]{5,32}$'),
  verified_name text,
  quality_rating text check (quality_rating in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
  -- Sends a second (80; 1,000 after the provider's upgrade; 20 in coexistence). Null: no limit of ours.
  messages_per_second integer default 80 check (messages_per_second between 1 and 1000),
  -- Unique people of the whole portfolio who may be written to outside their window in a moving 24 h. Null: unlimited.
  messaging_limit integer check (messaging_limit > 0),
  token_expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check (type <> 'whatsapp' or (phone_number_id is not null and waba_id is not null)),
  check ((status = 'attention') = (status_detail is not null))
);

comment on table public.channels is 'One address of a tenant at a provider, such as a WhatsApp number.';

-- A number belongs to one channel in the whole installation, or its messages would reach two companies.
create unique index channels_phone_number_id_idx on public.channels (phone_number_id);
create index on public.channels (waba_id);

create trigger _100_touch
  before update on public.channels
  for each row
  execute function private.tg_touch();

alter table public.channels enable row level security;

create policy select_member on public.channels
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.read'))));

create policy update_admin on public.channels
  for update to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.manage'))))
  with check (tenant_id = any (array(select private.my_tenant_ids('channels.manage'))));

grant select on public.channels to authenticated;
grant update (name, messages_per_second) on public.channels to authenticated;

-- Few rows that change rarely: browsers follow them.
alter publication supabase_realtime add table public.channels;

create table private.channel_secrets (
  channel_id uuid not null references public.channels on delete cascade,
  name text not null check (name in ('access_token', 'app_secret', 'verify_token')),
  key_id text not null,
  nonce bytea not null check (octet_length(nonce) = 12),
  ciphertext bytea not null,
  updated_at timestamptz not null default now(),
  -- When it was last put under another key of ours; a new secret of the person's own leaves it alone.
  rotated_at timestamptz,
  primary key (channel_id, name)
);

/*
 * The channel, for somebody who sees it by one permission and has the other (null: to see it is enough). Raises
 * channel_not_found, not_allowed.
 */
create function private.channel_for(channel_id uuid, sees text, needs text)
  returns public.channels
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  select c.* into v_channel
  from public.channels c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids(sees)));
  if not found then
    perform private.refuse(404, 'channel_not_found');
  end if;
  if needs is not null and not private.may(v_channel.tenant_id, needs) then
    perform private.refuse(403, 'not_allowed', needs);
  end if;
  return v_channel;
end;
$$;

/*
 * Takes a channel that needed attention, or was disconnected, back into use: what it held is sent. Also
 * done by a new access token. Raises channel_not_found, not_allowed.
 */
create function public.reconnect_channel(channel_id uuid)
  returns public.channels
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  update public.channels c
  set
    status = 'connected',
    status_detail = null
  where c.id = v_channel.id
  returning c.* into v_channel;
  return v_channel;
end;
$$;

grant execute on function public.reconnect_channel(uuid) to authenticated;

/*
 * Takes a channel out of use: nothing is sent until it is reconnected, and what was queued waits. What
 * customers write still arrives. Raises channel_not_found, not_allowed.
 */
create function public.disconnect_channel(channel_id uuid)
  returns public.channels
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  update public.channels c
  set
    status = 'disconnected',
    status_detail = null
  where c.id = v_channel.id
  returning c.* into v_channel;
  return v_channel;
end;
$$;

grant execute on function public.disconnect_channel(uuid) to authenticated;

create function private.tg_channel_secrets__reconnect()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.channels c
  set
    status = 'connected',
    status_detail = null
  where c.id = new.channel_id
    and c.status = 'attention';
  return null;
end;
$$;

create trigger _500_reconnect_insert
  after insert on private.channel_secrets
  for each row
  when (new.name = 'access_token')
  execute function private.tg_channel_secrets__reconnect();

-- The same token under another key is no new token.
create trigger _500_reconnect_update
  after update on private.channel_secrets
  for each row
  when (new.name = 'access_token' and new.rotated_at is not distinct from old.rotated_at)
  execute function private.tg_channel_secrets__reconnect();

comment on table private.channel_secrets is 'AES-256-GCM; associated data is <channel id>:<name>; key_id names the key in SECRETS_KEY.';

alter table private.channel_secrets enable row level security;

/*
 * What the door needs to know who is knocking at a tenant's own app: its app secret and verify
 * token, still encrypted. No row: no such channel, or it has no app of its own.
 */
create function private.door_secrets(channel_id uuid)
  returns table (name text, key_id text, nonce bytea, ciphertext bytea)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select s.name, s.key_id, s.nonce, s.ciphertext
  from private.channel_secrets s
  where s.channel_id = $1
    and s.name in ('app_secret', 'verify_token')
$$;

grant execute on function private.door_secrets(uuid) to prosa_door;

/*
 * What a provider tells about a channel itself rather than about a message: quality, limits,
 * templates, account warnings, and every kind of notice we do not know yet. Append-only.
 */
create table public.channel_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  channel_id uuid not null,
  field text not null,
  payload jsonb not null,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, channel_id) references public.channels (tenant_id, id) on delete cascade
);

create index on public.channel_events (tenant_id, channel_id, occurred_at desc);

-- A notice delivered twice is one notice.
create unique index channel_events_once_idx on public.channel_events (channel_id, field, occurred_at, md5(payload::text));

alter table public.channel_events enable row level security;

create policy select_member on public.channel_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('channels.read'))));

grant select on public.channel_events to authenticated;

-- sql/21_webhook_events.sql

/*
 * Everything that came through a door whose signature held, word for word, before anything is made
 * of it: what fails can be mended and replayed, and nothing is lost. The same body twice is counted,
 * not repeated. A body for a number nobody has connected is kept too; it belongs to no tenant yet.
 */

create type public.webhook_event_status as enum ('processed', 'failed', 'unclaimed', 'pending');

create table public.webhook_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references public.tenants on delete cascade,
  channel_id uuid references public.channels on delete cascade,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  -- The body as it arrived; as base64 where it was no UTF-8.
  raw text not null,
  deliveries integer not null default 1,
  status public.webhook_event_status not null,
  error text,
  -- The parsed events that failed, to be tried again by `webhook_event__retry`.
  failed_events jsonb,
  -- The events of a very large body, applied in portions by `webhook_event__apply`, and how many of them have been.
  pending_events jsonb,
  applied integer not null default 0,
  -- The account an unclaimed body is about, where it is about one alone: its admins may see it.
  waba_id text,
  received_at timestamptz not null default now(),
  -- When it was last parsed again.
  tried_at timestamptz,
  -- What it was before a person mended it.
  original_raw text,
  original_failed_events jsonb,
  mended_at timestamptz,
  mended_by uuid,
  -- A person has seen that it failed and needs nothing more of it.
  dismissed_at timestamptz,
  dismissed_by uuid,
  check ((tenant_id is null) = (channel_id is null)),
  check ((status = 'unclaimed') = (tenant_id is null)),
  check (status <> 'failed' or error is not null)
);

comment on table public.webhook_events is 'Raw webhook bodies, kept before they are understood.';

create unique index webhook_events_once_idx on public.webhook_events (sha256, channel_id) nulls not distinct;
create index on public.webhook_events (tenant_id, received_at desc);
create index on public.webhook_events (channel_id, received_at desc);
create index on public.webhook_events (received_at);
create index webhook_events_open_idx on public.webhook_events (tenant_id, received_at desc, id desc) where status in ('failed', 'pending');
create index webhook_events_unclaimed_idx on public.webhook_events (waba_id, received_at desc, id desc) where status = 'unclaimed';
create index webhook_events_bare_idx on public.webhook_events (received_at) where status = 'failed' and failed_events is null;

alter table public.webhook_events enable row level security;

create policy select_admin on public.webhook_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('webhooks.read'))));

grant select on public.webhook_events to authenticated;

/*
 * Forgets bodies that were understood, belonged to nobody or were dismissed 30 days ago, and those that
 * failed and that nobody has looked at for 90. Meta redelivers for 7 days at most. Returns how many, 10,000 at most.
 */
create function private.purge_webhook_events()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.webhook_events
  where id in (
    select id
    from public.webhook_events
    where received_at < now() - interval '30 days'
      and (
        status in ('processed', 'unclaimed')
        or (status = 'failed' and (dismissed_at is not null or received_at < now() - interval '90 days'))
      )
    order by received_at
    limit 10000
    for update skip locked
  );
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_webhook_events() to prosa_worker;

-- sql/21_webhook_replay.sql

/*
 * What failed can be looked at, mended and replayed by an admin, one body or a range. Receiving is
 * exactly once, so a replay of what went through already changes nothing. Bodies are parsed by the
 * worker, with the same parser as the door's; what a tenant mends can speak of its own numbers only.
 */

create table public.webhook_replays (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  requested_by uuid not null,
  total integer not null default 0,
  done integer not null default 0,
  failed integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  check (done <= total and failed <= done)
);

comment on table public.webhook_replays is 'One replay of webhook bodies, asked for by a person, and how far it has got.';

create index on public.webhook_replays (tenant_id, created_at desc);

alter table public.webhook_replays enable row level security;

create policy select_admin on public.webhook_replays
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('webhooks.read'))));

grant select on public.webhook_replays to authenticated;

create table private.webhook_replay_items (
  replay_id uuid not null references public.webhook_replays on delete cascade,
  webhook_event_id uuid not null references public.webhook_events on delete cascade,
  position bigint not null,
  primary key (replay_id, webhook_event_id)
);

create index on private.webhook_replay_items (replay_id, position);
create index on private.webhook_replay_items (webhook_event_id);

alter table private.webhook_replay_items enable row level security;

/* A tenant's own channel that an event is for; null where it is about somebody else's number. */
create function private.channel_of_event(tenant_id uuid, event jsonb)
  returns uuid
  language sql
  stable
  set search_path = ''
as $$
  select c.id
  from public.channels c
  where c.tenant_id = $1
    and (
      c.phone_number_id = event ->> 'phone_number_id'
      or (event ->> 'phone_number_id' is null and c.waba_id = event ->> 'waba_id')
    )
  order by c.created_at, c.id
  limit 1
$$;

/* The accounts of a tenant's channels in which no other tenant has a number: what nobody has claimed of them is theirs to see. */
create function private.wabas_of(tenant_id uuid)
  returns text[]
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(array_agg(distinct c.waba_id), '{}')
  from public.channels c
  where c.tenant_id = $1
    and not exists (
      select
      from public.channels other
      where other.waba_id = c.waba_id
        and other.tenant_id <> $1
    )
$$;

/* A webhook body, for somebody who may see it. Raises webhook_event_not_found. */
create function private.seen_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events;
begin
  select w.* into v_event
  from public.webhook_events w
  where w.id = $1
    and (
      w.tenant_id = any (array(select private.my_tenant_ids('webhooks.read')))
      or (
        w.status = 'unclaimed'
        and w.waba_id = any (array(select unnest(private.wabas_of(t)) from private.my_tenant_ids('webhooks.read') t))
      )
    );
  if not found then
    perform private.refuse(404, 'webhook_event_not_found');
  end if;
  return v_event;
end;
$$;

/*
 * The bodies of a tenant that fit a filter, without their text, newest first, 200 at most. Unclaimed ones of its
 * own accounts are among them. Raises tenant_not_found, not_allowed.
 */
create function private.filter_webhook_events(
  tenant_id uuid, statuses text[], channel_id uuid, since timestamptz, until timestamptz, error text
)
  returns table (id uuid, received_at timestamptz)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, w.received_at
  from public.webhook_events w
  where w.tenant_id = $1
    and ($2 is null or w.status::text = any ($2))
    -- Said again for the planner: an index holds these alone.
    and (not $2 <@ array['failed', 'pending', 'unclaimed'] or $2 is null or w.status in ('failed', 'pending'))
    and ($3 is null or w.channel_id = $3)
    and ($4 is null or w.received_at >= $4)
    and ($5 is null or w.received_at < $5)
    and ($6 is null or w.error ilike '%' || replace(replace($6, '\', '\\'), '%', '\%') || '%')
    and (w.dismissed_at is null or $2 is null or not $2 <@ array['failed', 'pending', 'unclaimed'])
  union all
  select w.id, w.received_at
  from public.webhook_events w
  where w.status = 'unclaimed'
    and w.waba_id = any (private.wabas_of($1))
    and ($2 is null or 'unclaimed' = any ($2))
    and $3 is null
    and ($4 is null or w.received_at >= $4)
    and ($5 is null or w.received_at < $5)
    and $6 is null
$$;

create function public.list_webhook_events(
  tenant_id uuid,
  statuses text[] default null,
  of_channel uuid default null,
  since timestamptz default null,
  until timestamptz default null,
  with_error text default null,
  before_at timestamptz default null,
  before_id uuid default null,
  page integer default 50
)
  returns table (
    id uuid, channel_id uuid, waba_id text, status public.webhook_event_status, error text, deliveries integer,
    size integer, received_at timestamptz, failed integer, left_to_apply integer, mended_at timestamptz, dismissed_at timestamptz
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  perform private.require($1, 'webhooks.read');
  return query
  select
    w.id, w.channel_id, w.waba_id, w.status, w.error, w.deliveries, octet_length(w.raw), w.received_at,
    coalesce(jsonb_array_length(w.failed_events), 0),
    coalesce(jsonb_array_length(w.pending_events) - w.applied, 0),
    w.mended_at, w.dismissed_at
  from (
    select f.id
    from private.filter_webhook_events($1, $2, $3, $4, least($5, $7 + interval '1 microsecond'), $6) f
    where $7 is null or (f.received_at, f.id) < ($7, $8)
    order by f.received_at desc, f.id desc
    limit least(greatest($9, 1), 200)
  ) found
  join public.webhook_events w on w.id = found.id
  order by w.received_at desc, w.id desc;
end;
$$;

grant execute on function public.list_webhook_events(uuid, text[], uuid, timestamptz, timestamptz, text, timestamptz, uuid, integer) to authenticated;

/* One body with its text and all that happened to it. Raises webhook_event_not_found. */
create function public.read_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.seen_webhook_event($1);
end;
$$;

grant execute on function public.read_webhook_event(uuid) to authenticated;

/* A failed body of a tenant, locked, for somebody who may change it. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed. */
create function private.lock_failed_webhook(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.seen_webhook_event($1);
begin
  if v_event.tenant_id is not null and not private.may(v_event.tenant_id, 'channels.manage') then
    perform private.refuse(403, 'not_allowed', 'channels.manage');
  end if;
  select w.* into v_event from public.webhook_events w where w.id = $1 for update;
  if v_event.status <> 'failed' then
    perform private.refuse(409, 'webhook_event_not_failed');
  end if;
  return v_event;
end;
$$;

/* What an admin did to a body, for the audit: never its text, which holds what customers wrote. */
create function private.audit_webhook_event(event public.webhook_events, before jsonb, after jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, before, after)
  values (event.tenant_id, auth.uid(), 'update', 'webhook_events', event.id::text, $2, $3);
end;
$$;

/*
 * Puts a mended text, or mended events, in place of what failed; the first original is kept. It is applied by a
 * replay. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed, webhook_body_invalid.
 */
create function public.mend_webhook_event(webhook_event_id uuid, raw text default null, failed_events jsonb default null)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.lock_failed_webhook($1);
  v_after public.webhook_events;
begin
  if ($2 is null) = ($3 is null)
    or ($2 is not null and (not $2 is json object or octet_length($2) > 4194304))
    or ($3 is not null and case when jsonb_typeof($3) = 'array' then jsonb_array_length($3) = 0 or jsonb_path_exists($3, '$[*] ? (@.type() != "object")') else true end)
  then
    perform private.refuse(422, 'webhook_body_invalid');
  end if;

  update public.webhook_events w
  set
    raw = coalesce($2, w.raw),
    failed_events = $3,
    original_raw = case when $2 is not null then coalesce(w.original_raw, w.raw) else w.original_raw end,
    original_failed_events = coalesce(w.original_failed_events, w.failed_events),
    mended_at = clock_timestamp(),
    mended_by = auth.uid(),
    dismissed_at = null,
    dismissed_by = null
  where w.id = v_event.id
  returning w.* into v_after;

  perform private.audit_webhook_event(
    v_after,
    jsonb_build_object('raw_sha256', encode(sha256(convert_to(v_event.raw, 'UTF8')), 'hex'), 'failed_events', coalesce(jsonb_array_length(v_event.failed_events), 0)),
    jsonb_build_object('raw_sha256', encode(sha256(convert_to(v_after.raw, 'UTF8')), 'hex'), 'failed_events', coalesce(jsonb_array_length(v_after.failed_events), 0), 'mended_at', v_after.mended_at)
  );
  return v_after;
end;
$$;

grant execute on function public.mend_webhook_event(uuid, text, jsonb) to authenticated;

/* Says that a failed body needs nothing more: it leaves the list and is forgotten after 30 days. Raises webhook_event_not_found, not_allowed, webhook_event_not_failed. */
create function public.dismiss_webhook_event(webhook_event_id uuid)
  returns public.webhook_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events := private.lock_failed_webhook($1);
begin
  update public.webhook_events w
  set
    dismissed_at = clock_timestamp(),
    dismissed_by = auth.uid()
  where w.id = v_event.id
  returning w.* into v_event;
  perform private.audit_webhook_event(v_event, '{"dismissed_at": null}', jsonb_build_object('dismissed_at', v_event.dismissed_at));
  return v_event;
end;
$$;

grant execute on function public.dismiss_webhook_event(uuid) to authenticated;

-- sql/21_webhook_replaying.sql

/*
 * Bodies are read and applied once more: those that an admin chose, in portions with their progress to be
 * seen; those that waited for their number to be connected; those that were kept bare. Receiving is exactly
 * once, so that a replay too many changes nothing.
 */

/*
 * Replays bodies: those named, or all that fit the filter. A job does it in portions; the row returned tells
 * how far it has got. Raises tenant_not_found, not_allowed, webhook_nothing_to_replay.
 */
create function public.replay_webhook_events(
  tenant_id uuid,
  ids uuid[] default null,
  statuses text[] default null,
  of_channel uuid default null,
  since timestamptz default null,
  until timestamptz default null,
  with_error text default null
)
  returns public.webhook_replays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_replay public.webhook_replays;
  v_total integer;
begin
  perform private.require($1, 'webhooks.read');
  perform private.require($1, 'channels.manage');

  insert into public.webhook_replays (tenant_id, requested_by)
  values ($1, auth.uid())
  returning * into v_replay;

  insert into private.webhook_replay_items (replay_id, webhook_event_id, position)
  -- Oldest first, as they came.
  select v_replay.id, f.id, row_number() over (order by f.received_at, f.id)
  from private.filter_webhook_events($1, case when $2 is null then coalesce($3, array['failed', 'unclaimed']) end, $4, $5, $6, $7) f
  where $2 is null or f.id = any ($2)
  order by f.received_at, f.id
  limit 100000;
  get diagnostics v_total = row_count;
  if v_total = 0 then
    perform private.refuse(409, 'webhook_nothing_to_replay');
  end if;

  update public.webhook_replays r set total = v_total where r.id = v_replay.id returning r.* into v_replay;
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  values ($1, auth.uid(), 'insert', 'webhook_replays', v_replay.id::text, jsonb_build_object('total', v_total));
  perform private.enqueue_replay(v_replay.id);
  return v_replay;
end;
$$;

grant execute on function public.replay_webhook_events(uuid, uuid[], text[], uuid, timestamptz, timestamptz, text) to authenticated;

create function private.enqueue_replay(replay_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'webhook_events__replay',
    json_build_object('replay_id', $1),
    queue_name => 'replay:' || $1,
    priority => 10::smallint
  );
end;
$$;

/* The next bodies of a replay that wait: {id, raw}; raw is null where the events that failed are known and only they are tried again. */
create function private.next_of_replay(replay_id uuid, portion integer)
  returns table (id uuid, raw text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, case when w.failed_events is null then w.raw end
  from private.webhook_replay_items i
  join public.webhook_events w on w.id = i.webhook_event_id
  where i.replay_id = $1
  order by i.position
  limit $2
$$;

grant execute on function private.next_of_replay(uuid, integer) to prosa_worker;

/*
 * Applies one body of a replay, counts it and takes it off the list, together: a crash repeats it or nothing.
 * `events` null: the ones that failed are tried again.
 */
create function private.replay_one(replay_id uuid, webhook_event_id uuid, events jsonb, error text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_failed boolean;
begin
  delete from private.webhook_replay_items i where i.replay_id = $1 and i.webhook_event_id = $2;
  if not found then
    return;
  end if;
  if $3 is null and $4 is null then
    v_failed := private.retry_webhook_event($2) > 0;
  else
    v_failed := private.receive_parsed($2, $3, $4) > 0;
  end if;
  update public.webhook_replays r
  set
    done = r.done + 1,
    failed = r.failed + v_failed::integer
  where r.id = $1;
end;
$$;

grant execute on function private.replay_one(uuid, uuid, jsonb, text) to prosa_worker;

/* Asks for the next portion, or says that the replay is done. */
create function private.continue_replay(replay_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if exists (select from private.webhook_replay_items i where i.replay_id = $1) then
    perform private.enqueue_replay($1);
  else
    -- A body purged meanwhile took its place on the list with it.
    update public.webhook_replays r
    set
      total = r.done,
      finished_at = clock_timestamp()
    where r.id = $1
      and r.finished_at is null;
  end if;
end;
$$;

grant execute on function private.continue_replay(uuid) to prosa_worker;

/* The text of one body, for the worker's parser; null where there is nothing to parse. */
create function private.raw_webhook_event(webhook_event_id uuid)
  returns text
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  update public.webhook_events w
  set tried_at = clock_timestamp()
  where w.id = $1
    and w.status in ('failed', 'unclaimed')
    and w.failed_events is null
  returning w.raw
$$;

grant execute on function private.raw_webhook_event(uuid) to prosa_worker;

/* Bodies kept bare that were not tried for a day: a mended parser, or a database that is well again, may take them. */
create function private.bare_webhook_events()
  returns setof uuid
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id
  from public.webhook_events w
  where w.status = 'failed'
    and w.failed_events is null
    and w.dismissed_at is null
    and w.mended_at is null
    and coalesce(w.tried_at, w.received_at) < now() - interval '1 day'
  order by w.received_at desc
  limit 200
$$;

grant execute on function private.bare_webhook_events() to prosa_worker;

/* Bodies that came for a channel's number before it was connected, oldest first, after a place. */
create function private.unclaimed_for(channel_id uuid, after_at timestamptz, after_id uuid, portion integer)
  returns table (id uuid, received_at text, raw text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.id, w.received_at::text, w.raw
  from public.channels c
  join public.webhook_events w on w.waba_id = c.waba_id
  where c.id = $1
    and w.status = 'unclaimed'
    and (w.received_at, w.id) > ($2, $3)
  order by w.received_at, w.id
  limit $4
$$;

grant execute on function private.unclaimed_for(uuid, timestamptz, uuid, integer) to prosa_worker;

create function private.purge_webhook_replays()
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  delete from public.webhook_replays where created_at < now() - interval '90 days'
$$;

grant execute on function private.purge_webhook_replays() to prosa_worker;

-- sql/22_sending_limits.sql

/*
 * What Meta allows a number, a person and a portfolio, kept by ourselves before Meta has to refuse:
 *
 *   a number      messages_per_second, in any one second, however many workers send from it
 *   a person      one message in 6 s from the same number, of which 45 may be borrowed from later
 *   a portfolio   unique people written to outside their window in a moving 24 h (messaging_limit)
 *
 * The database alone counts, by its own clock; workers are handed what they may use.
 */

create table private.sending_limits (
  channel_id uuid primary key references public.channels on delete cascade,
  tenant_id uuid not null,
  -- The first moment at which a departure has not been promised to anybody.
  next_slot_at timestamptz not null default '-infinity',
  -- The provider asked the whole number to slow down, or could not be reached: nothing leaves before.
  paused_until timestamptz not null default '-infinity'
) with (fillfactor = 50);

comment on table private.sending_limits is 'How far a channel''s departures have been handed out, and until when it is paused.';

alter table private.sending_limits enable row level security;

/*
 * Promises up to `wanted` departures of a channel to a worker, evenly spaced: the first is `start_ms` after
 * `now` (milliseconds of this clock), each further one `interval_ms` later. A departure may be used up to
 * 18 ms after its time and is void afterwards; the spacing is 3 % wider than the limit, which leaves another
 * 12 ms for differences in the way. So no second ever sees more than the limit, and 97 % of it can be used.
 *
 * interval_ms null: the channel has no limit. paused_ms: nothing may leave for so long.
 */
create function private.take_slots(channel_id uuid, wanted integer)
  returns table (now_ms float8, start_ms float8, interval_ms float8, count integer, paused_ms float8)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
  v_rate integer;
  v_interval interval;
  v_limits private.sending_limits;
  v_now timestamptz;
begin
  select c.tenant_id, c.messages_per_second into v_tenant_id, v_rate
  from public.channels c
  where c.id = $1;

  -- A promise lost with a crash of the server is older than a second when the server is back.
  perform set_config('synchronous_commit', 'off', true);
  loop
    select l.* into v_limits from private.sending_limits l where l.channel_id = $1 for update;
    exit when found or v_tenant_id is null;
    insert into private.sending_limits (channel_id, tenant_id) values ($1, v_tenant_id) on conflict do nothing;
  end loop;

  v_now := clock_timestamp();
  now_ms := extract(epoch from v_now) * 1000;
  paused_ms := greatest(0, extract(epoch from v_limits.paused_until - v_now) * 1000);
  count := 0;
  if v_limits.paused_until > v_now or v_tenant_id is null then
    return next;
    return;
  end if;

  count := wanted;
  start_ms := 0;
  if v_rate is not null then
    v_interval := make_interval(secs => 1.0301 / v_rate);
    -- Never more than half a second ahead: who comes later, and is waited for, must not find everything promised.
    count := least(wanted, greatest(1, v_rate / 2));
    -- An answer needs a moment to reach the worker.
    v_limits.next_slot_at := greatest(v_limits.next_slot_at, v_now + interval '2 ms');
    start_ms := extract(epoch from v_limits.next_slot_at - v_now) * 1000;
    interval_ms := extract(epoch from v_interval) * 1000;
    update private.sending_limits l
    set next_slot_at = v_limits.next_slot_at + count * v_interval
    where l.channel_id = $1;
  end if;
  return next;
end;
$$;

/* Lets nothing of a channel leave for a while. A longer pause stays. */
create function private.pause_channel(channel public.channels, pause interval)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.sending_limits as l (channel_id, tenant_id, paused_until)
  values (channel.id, channel.tenant_id, clock_timestamp() + pause)
  on conflict on constraint sending_limits_pkey do update
  set paused_until = greatest(l.paused_until, excluded.paused_until);
end;
$$;

/*
 * The pace of each number towards each person. `paid_back_at` is when all that was borrowed from later is
 * paid back: each message adds 6 s to it, and 44 of them may be ahead of the clock. A row whose time is past
 * says nothing and is forgotten.
 */
create table private.pair_paces (
  channel_id uuid not null references public.channels on delete cascade,
  contact_id uuid not null,
  tenant_id uuid not null,
  paid_back_at timestamptz not null,
  primary key (channel_id, contact_id)
) with (fillfactor = 70);

comment on table private.pair_paces is 'How much of its pace each number has borrowed towards each person.';

alter table private.pair_paces enable row level security;

/*
 * Counts one message to each of these people, where their pace allows it. Gives back those whom it allows
 * none now. Half a second of slack, since messages that leave 6 s apart may arrive closer.
 */
create function private.keep_pace(tenant_id uuid, channel_id uuid, contact_ids uuid[])
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept uuid[];
begin
  with kept as (
    insert into private.pair_paces as p (channel_id, contact_id, tenant_id, paid_back_at)
    select $2, c, $1, clock_timestamp() + interval '6 s'
    from (select distinct unnest($3) as c) _
    order by c
    on conflict on constraint pair_paces_pkey do update
    set paid_back_at = greatest(p.paid_back_at, clock_timestamp()) + interval '6 s'
    where p.paid_back_at <= clock_timestamp() + interval '263.5 s'
    returning p.contact_id
  )
  select array_agg(k.contact_id) into v_kept from kept k;
  return array(select unnest($3) except select unnest(v_kept));
end;
$$;

/* When a person may be written to again from this number. */
create function private.pace_allows_at(channel_id uuid, contact_id uuid)
  returns timestamptz
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select p.paid_back_at - interval '263.5 s'
  from private.pair_paces p
  where p.channel_id = $1
    and p.contact_id = $2
$$;

/* Forgets paces that are paid back. Returns how many, 10,000 at most. */
create function private.purge_pair_paces()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.pair_paces
  where ctid = any (array(
    -- No index: each message would have to keep it up, and this reads the table once a day.
    select p.ctid
    from private.pair_paces p
    where p.paid_back_at < now()
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  private.take_slots(uuid, integer),
  private.purge_pair_paces()
to prosa_worker;

-- sql/23_channel_notices.sql

/*
 * What the provider tells about a number or its account, kept true in the channel's row: quality,
 * limits, throughput, name, bans. Notices come in any order, again and again; the newest word holds,
 * by the provider's clock, whichever came first. What we ask ourselves (`channels__check`) is one
 * more word, spoken at the moment of asking.
 */

create table private.channel_facts (
  channel_id uuid not null references public.channels on delete cascade,
  name text not null check (name in ('quality_rating', 'messaging_limit', 'messages_per_second', 'verified_name', 'standing')),
  at timestamptz not null,
  value jsonb not null,
  primary key (channel_id, name)
);

comment on table private.channel_facts is 'The newest word on each property of a channel, and when it was spoken.';

alter table private.channel_facts enable row level security;

/* `TIER_2K`, 2000, -1, `TIER_UNLIMITED` as the number the column holds; json null: unlimited. SQL null: it says nothing. */
create function private.messaging_limit_of(said jsonb)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when upper(said #>> '{}') in ('TIER_UNLIMITED', 'UNLIMITED', '-1') then 'null'::jsonb
    when said #>> '{}' ~ '^[1-9][0-9]{0,8}$' then to_jsonb((said #>> '{}')::integer)
    when upper(said #>> '{}') ~ '^TIER_[1-9][0-9]{0,5}K$' then to_jsonb(substring(said #>> '{}' from '[0-9]+')::integer * 1000)
    when upper(said #>> '{}') ~ '^TIER_[1-9][0-9]{0,8}$' then to_jsonb(substring(said #>> '{}' from '[0-9]+')::integer)
  end
$$;

/*
 * Takes one word on one property: the newest wins, of two at one moment the greater, so that order and
 * repetition change nothing. Answers whether the channel's row was given it.
 */
create function private.learn_of_channel(channel_id uuid, name text, value jsonb, at timestamptz)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before jsonb;
begin
  if value is null then
    return false;
  end if;
  select f.value into v_before
  from private.channel_facts f
  where f.channel_id = $1
    and f.name = $2
  for update;

  insert into private.channel_facts as f (channel_id, name, at, value)
  values ($1, $2, $4, $3)
  on conflict on constraint channel_facts_pkey do update
  set
    at = excluded.at,
    value = excluded.value
  where (excluded.at, excluded.value) > (f.at, f.value);
  -- Said again, it leaves alone what a person has set since. A ban said again is one.
  if not found or (v_before = $3 and $2 <> 'standing') then
    return false;
  end if;

  case $2
    when 'quality_rating' then
      update public.channels c set quality_rating = $3 #>> '{}' where c.id = $1 and c.quality_rating is distinct from $3 #>> '{}';
    when 'messaging_limit' then
      update public.channels c set messaging_limit = ($3 #>> '{}')::integer where c.id = $1 and c.messaging_limit is distinct from ($3 #>> '{}')::integer;
    when 'messages_per_second' then
      update public.channels c set messages_per_second = ($3 #>> '{}')::integer where c.id = $1 and c.messages_per_second is distinct from ($3 #>> '{}')::integer;
    when 'verified_name' then
      update public.channels c set verified_name = $3 #>> '{}' where c.id = $1 and c.verified_name is distinct from $3 #>> '{}';
    when 'standing' then
      if $3 ->> 'state' = 'ok' then
        update public.channels c
        set
          status = 'connected',
          status_detail = null
        where c.id = $1
          and c.status = 'attention'
          and c.status_detail ->> 'source' = 'account';
      else
        update public.channels c
        set
          status = 'attention',
          status_detail = $3 - 'state' || '{"source": "account"}'
        where c.id = $1
          and c.status <> 'disconnected';
      end if;
  end case;
  return true;
end;
$$;

/* What an `account_update` says of the account's freedom to send; null where it is about something else. */
create function private.standing_of(payload jsonb)
  returns jsonb
  language sql
  immutable
  set search_path = ''
as $$
  select case
    when payload ->> 'event' = 'DISABLED_UPDATE' and payload #>> '{ban_info,waba_ban_state}' = 'DISABLE'
      then '{"state": "banned", "code": "account_banned", "title": "DISABLED_UPDATE"}'::jsonb
    when payload ->> 'event' = 'DISABLED_UPDATE' and payload #>> '{ban_info,waba_ban_state}' in ('REINSTATE', 'SCHEDULE_FOR_DISABLE')
      then '{"state": "ok"}'
    when payload ->> 'event' = 'ACCOUNT_RESTRICTION'
      and exists (
        select
        from jsonb_array_elements(case when jsonb_typeof(payload -> 'restriction_info') = 'array' then payload -> 'restriction_info' else '[]' end) r
        where r ->> 'restriction_type' in ('RESTRICTED_BIZ_INITIATED_MESSAGING', 'RESTRICTED_CUSTOMER_INITIATED_MESSAGING')
      )
      then jsonb_build_object(
        'state', 'restricted', 'code', 'account_restricted', 'title', 'ACCOUNT_RESTRICTION',
        'details', payload #>> '{restriction_info,0,restriction_type}', 'until', payload #> '{restriction_info,0,expiration}'
      )
    when payload ->> 'event' in ('ACCOUNT_DELETED', 'PARTNER_REMOVED', 'PARTNER_APP_UNINSTALLED')
      then jsonb_build_object('state', 'gone', 'code', 'account_gone', 'title', payload ->> 'event')
  end
$$;

/*
 * The channels of a tenant a notice speaks of: the number it names; or all of the account, where it
 * is about the account. A door gives it one channel of the account, whichever is the oldest.
 */
create function private.channels_of_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_digits text := regexp_replace(coalesce(payload ->> 'display_phone_number', ''), '\D', '', 'g');
begin
  if field not in (
    'account_update', 'account_alerts', 'account_review_update', 'business_capability_update', 'business_status_update', 'security',
    'phone_number_quality_update', 'phone_number_name_update'
  ) then
    return next $2;
    return;
  end if;

  return query
  select other.id
  from public.channels given
  join public.channels other on other.tenant_id = given.tenant_id and other.waba_id = given.waba_id
  where given.tenant_id = $1
    and given.id = $2
    and (v_digits = '' or regexp_replace(other.display_phone_number, '\D', '', 'g') = v_digits);
  if not found then
    return next $2;
  end if;
end;
$$;

/*
 * Applies one notice to one channel. Safe in any order and any number of times. Fields that change
 * nothing in the row stand in `channel_events` all the same.
 */
create function private.apply_channel_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  case field
    when 'phone_number_quality_update' then
      -- Flagged means low; unflagged is no colour, the next check asks for it.
      perform private.learn_of_channel(
        $2,
        'quality_rating',
        case payload ->> 'event' when 'FLAGGED' then '"RED"'::jsonb when 'UNFLAGGED' then '"UNKNOWN"' end,
        $5
      );
      if payload ->> 'event' = 'THROUGHPUT_UPGRADE' then
        perform private.learn_of_channel($2, 'messages_per_second', '1000', $5);
      end if;
      perform private.learn_of_channel(
        $2,
        'messaging_limit',
        private.messaging_limit_of(coalesce(payload -> 'max_daily_conversations_per_business', payload -> 'current_limit')),
        $5
      );
    when 'business_capability_update' then
      perform private.learn_of_channel(
        $2,
        'messaging_limit',
        private.messaging_limit_of(coalesce(payload -> 'max_daily_conversations_per_business', payload -> 'max_daily_conversation_per_phone')),
        $5
      );
    when 'phone_number_name_update' then
      if payload ->> 'decision' = 'APPROVED' and payload ->> 'requested_verified_name' <> '' then
        perform private.learn_of_channel($2, 'verified_name', payload -> 'requested_verified_name', $5);
      end if;
    when 'account_update' then
      perform private.learn_of_channel($2, 'standing', private.standing_of(payload), $5);
    else
      null;
  end case;
end;
$$;

-- sql/23_portfolio_quota.sql

/*
 * A portfolio may write to so many unique people outside their window in a moving 24 h (250, 2,000, 10,000,
 * 100,000 or unlimited). Its numbers share the quota. Who is over it waits; nothing fails.
 */

/* One row a person who was written to outside their window; a person counts once in 24 h. */
create table private.portfolio_people (
  portfolio text not null,
  contact_id uuid not null,
  tenant_id uuid not null,
  counted_at timestamptz not null,
  primary key (portfolio, contact_id)
);

create index on private.portfolio_people (counted_at);

/* How many people were counted in each minute: the moving sum looks at 1,440 rows, not at 100,000. */
create table private.portfolio_minutes (
  portfolio text not null,
  minute timestamptz not null,
  tenant_id uuid not null,
  people integer not null,
  primary key (portfolio, minute)
);

comment on table private.portfolio_people is 'Whom a portfolio has written to outside their window, and when that was counted.';
comment on table private.portfolio_minutes is 'How many people a portfolio has written to outside their window, by minute.';

alter table private.portfolio_people enable row level security;
alter table private.portfolio_minutes enable row level security;

/* Until when a minute counts: 24 h after its last moment. Never a person too many, at the price of up to a minute. */
create function private.minute_counts_until(minute timestamptz)
  returns timestamptz
  language sql
  immutable
as $$
  select $1 + interval '24 hours 1 minute'
$$;

/*
 * Counts these people against the quota of the channel's portfolio, in order, as far as it reaches. Gives
 * back those whom it does not reach, and when capacity returns. A channel that knows no portfolio is one of
 * its own. One caller at a time a portfolio: the count is exact.
 */
create function private.admit_people(channel public.channels, contact_ids uuid[], out refused uuid[], out returns_at timestamptz)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_portfolio text := coalesce(channel.portfolio_id, channel.id::text);
  v_minute timestamptz := date_trunc('minute', clock_timestamp());
  v_left bigint;
  v_new uuid[];
begin
  refused := '{}';
  if channel.messaging_limit is null then
    return;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('prosa portfolio ' || v_portfolio, 0));

  v_new := array(
    select c.contact_id
    from (select contact_id, min(place) as place from unnest($2) with ordinality _ (contact_id, place) group by contact_id) c
    where not exists (
      select
      from private.portfolio_people p
      where p.portfolio = v_portfolio
        and p.contact_id = c.contact_id
        and private.minute_counts_until(date_trunc('minute', p.counted_at)) > clock_timestamp()
    )
    order by c.place
  );
  if cardinality(v_new) = 0 then
    return;
  end if;

  select channel.messaging_limit - coalesce(sum(m.people), 0) into v_left
  from private.portfolio_minutes m
  where m.portfolio = v_portfolio
    and m.minute > v_minute - interval '24 hours 1 minute';
  v_left := greatest(0, v_left);

  if v_left < cardinality(v_new) then
    refused := v_new[v_left + 1 :];
    v_new := v_new[: v_left];
    select private.minute_counts_until(min(m.minute)) into returns_at
    from private.portfolio_minutes m
    where m.portfolio = v_portfolio
      and m.minute > v_minute - interval '24 hours 1 minute'
      and m.people > 0;
    -- All of the quota was just taken by these people.
    returns_at := coalesce(returns_at, private.minute_counts_until(v_minute));
  end if;
  if cardinality(v_new) = 0 then
    return;
  end if;

  insert into private.portfolio_people as p (portfolio, contact_id, tenant_id, counted_at)
  select v_portfolio, c, channel.tenant_id, clock_timestamp()
  from unnest(v_new) c
  on conflict on constraint portfolio_people_pkey do update set counted_at = excluded.counted_at;
  insert into private.portfolio_minutes as m (portfolio, minute, tenant_id, people)
  values (v_portfolio, v_minute, channel.tenant_id, cardinality(v_new))
  on conflict on constraint portfolio_minutes_pkey do update set people = m.people + excluded.people;
end;
$$;

/* Forgets what no longer counts. Returns how many people, 10,000 at most. */
create function private.purge_portfolio_people()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.portfolio_people
  where ctid = any (array(
    select p.ctid
    from private.portfolio_people p
    where p.counted_at < now() - interval '25 hours'
    order by p.counted_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  delete from private.portfolio_minutes m where m.minute < now() - interval '25 hours';
  return v_count;
end;
$$;

grant execute on function private.purge_portfolio_people() to prosa_worker;

-- sql/24_channel_checks.sql

/*
 * What is found out about a channel after it was connected: by the hourly check, or when somebody asks. And
 * the same secrets put under another key, while everything runs.
 */

/*
 * Takes down what a check found: {token_valid, scopes, expires_at, subscribed, error, number: {…}}; what it does not
 * name stays as it was. A token that is no good holds the outbox; once a check finds it good again, it is let go.
 */
create function private.record_channel_check(channel_id uuid, facts jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := clock_timestamp();
  v_number jsonb := $2 -> 'number';
  v_valid boolean := $2 ->> 'token_valid';
  v_expires timestamptz := $2 ->> 'expires_at';
begin
  insert into private.channel_checks as k (channel_id, checked_at, token_valid, scopes, subscribed, number_status, name_status, throughput, error)
  values (
    $1, v_now, v_valid,
    case when jsonb_typeof($2 -> 'scopes') = 'array' then array(select jsonb_array_elements_text($2 -> 'scopes')) end,
    ($2 ->> 'subscribed')::boolean, v_number ->> 'status', v_number ->> 'name_status', v_number ->> 'throughput', nullif($2 -> 'error', 'null')
  )
  on conflict on constraint channel_checks_pkey do update
  set
    checked_at = excluded.checked_at,
    token_valid = coalesce(excluded.token_valid, k.token_valid),
    scopes = coalesce(excluded.scopes, k.scopes),
    subscribed = coalesce(excluded.subscribed, k.subscribed),
    number_status = coalesce(excluded.number_status, k.number_status),
    name_status = coalesce(excluded.name_status, k.name_status),
    throughput = coalesce(excluded.throughput, k.throughput),
    error = excluded.error;

  perform
    private.learn_of_channel($1, 'quality_rating', case when v_number ->> 'quality_rating' in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN') then v_number -> 'quality_rating' end, v_now),
    private.learn_of_channel($1, 'messaging_limit', private.messaging_limit_of(v_number -> 'messaging_limit'), v_now),
    private.learn_of_channel($1, 'messages_per_second', case v_number ->> 'throughput' when 'HIGH' then '1000'::jsonb when 'STANDARD' then '80' end, v_now),
    private.learn_of_channel($1, 'verified_name', case when v_number ->> 'verified_name' <> '' then v_number -> 'verified_name' end, v_now);

  update public.channels c
  set
    display_phone_number = coalesce(v_number ->> 'display_phone_number', c.display_phone_number),
    token_expires_at = case when v_valid then v_expires else c.token_expires_at end
  where c.id = $1
    and (c.display_phone_number, c.token_expires_at) is distinct from
      (coalesce(v_number ->> 'display_phone_number', c.display_phone_number), case when v_valid then v_expires else c.token_expires_at end);

  if v_valid is false then
    update public.channels c
    set
      status = 'attention',
      status_detail = jsonb_build_object('source', 'check') || coalesce(nullif($2 -> 'error', 'null'), '{"code": 190}')
    where c.id = $1
      and c.status = 'connected';
  elsif v_valid then
    update public.channels c
    set
      status = 'connected',
      status_detail = null
    where c.id = $1
      and c.status = 'attention'
      and c.status_detail ->> 'source' = 'check';
    -- One warning an expiry, in the channel's own history.
    if v_expires < v_now + interval '14 days' then
      insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
      select c.tenant_id, c.id, 'token_expiring', jsonb_build_object('expires_at', v_expires), v_expires - interval '14 days'
      from public.channels c
      where c.id = $1
      on conflict do nothing;
    end if;
  end if;
end;
$$;

grant execute on function private.record_channel_check(uuid, jsonb) to prosa_worker;

/* Asks for a check of every channel in use, spread over ten minutes. Returns how many. */
create function private.schedule_channel_checks()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'channels__check',
    json_build_object('channel_id', c.id),
    run_at => clock_timestamp() + make_interval(secs => random() * 600),
    job_key => 'channel_check:' || c.id,
    max_attempts => 3,
    priority => 10::smallint
  )
  from public.channels c
  where c.status <> 'disconnected';
  return (select count(*) from public.channels c where c.status <> 'disconnected');
end;
$$;

grant execute on function private.schedule_channel_checks() to prosa_worker;

/* Has a channel checked now. Raises channel_not_found, not_allowed. */
create function public.check_channel(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', 'channels.manage');
begin
  perform graphile_worker.add_job(
    'channels__check',
    json_build_object('channel_id', v_channel.id),
    job_key => 'channel_check:' || v_channel.id,
    max_attempts => 3
  );
end;
$$;

grant execute on function public.check_channel(uuid) to authenticated;

/* What a check needs of a channel; null where it is gone or out of use. */
create function private.channel_to_check(channel_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'id', c.id,
    'phone_number_id', c.phone_number_id,
    'waba_id', c.waba_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = c.id
        and s.name = 'access_token'
    )
  )
  from public.channels c
  where c.id = $1
    and c.status <> 'disconnected'
$$;

grant execute on function private.channel_to_check(uuid) to prosa_worker;

/* Secrets under another key than the current one, in order after a place, so that a rotation can go on where it stopped. */
create function private.secrets_to_rotate(current_key text, after_channel uuid, after_name text, portion integer)
  returns table (channel_id uuid, name text, key_id text, nonce text, ciphertext text)
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select s.channel_id, s.name, s.key_id, encode(s.nonce, 'hex'), encode(s.ciphertext, 'hex')
  from private.channel_secrets s
  where s.key_id <> $1
    and (s.channel_id, s.name) > ($2, $3)
  order by s.channel_id, s.name
  limit $4
$$;

grant execute on function private.secrets_to_rotate(text, uuid, text, integer) to prosa_worker;

/* Puts the same secret under another key, unless it has been changed meanwhile. Returns whether it did. */
create function private.rotate_secret(channel_id uuid, name text, old_nonce text, key_id text, nonce text, ciphertext text)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update private.channel_secrets s
  set
    key_id = $4,
    nonce = decode($5, 'hex'),
    ciphertext = decode($6, 'hex'),
    rotated_at = clock_timestamp()
  where s.channel_id = $1
    and s.name = $2
    and s.nonce = decode($3, 'hex');
  return found;
end;
$$;

grant execute on function private.rotate_secret(uuid, text, text, text, text, text) to prosa_worker;

-- sql/24_connecting.sql

/*
 * Connecting a number, changing its token, checking it from time to time. The edge function `channels`
 * talks to the provider and encrypts; here it is decided who may, and what is written. It names the
 * person it acts for, whose token it has verified; the database decides what that person may do.
 */

/* What the last check of a channel found; shown on its page. */
create table private.channel_checks (
  channel_id uuid primary key references public.channels on delete cascade,
  checked_at timestamptz not null,
  -- Null: the provider could not be asked.
  token_valid boolean,
  scopes text[],
  -- Whether the account's webhooks come to our app, or the tenant's own.
  subscribed boolean,
  number_status text,
  name_status text,
  throughput text,
  error jsonb
);

alter table private.channel_checks enable row level security;

/* Acts in a person's name for the rest of the transaction, so that policies and audit know them. Raises tenant_not_found, not_allowed. */
create function private.act_for(user_id uuid, tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  perform private.require($2, 'channels.manage');
end;
$$;

/* Lets the function go on, or not. Raises tenant_not_found, not_allowed. */
create function private.may_connect(user_id uuid, tenant_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.act_for($1, $2);
end;
$$;

grant execute on function private.may_connect(uuid, uuid) to prosa_channels;

/* Which of these numbers are connected already: `here`, in this tenant, or `elsewhere`; whose, is nobody's business. */
create function private.places_of_numbers(user_id uuid, tenant_id uuid, phone_number_ids text[])
  returns table (phone_number_id text, place text)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.act_for($1, $2);
  return query
  select c.phone_number_id, case when c.tenant_id = $2 then 'here' else 'elsewhere' end
  from public.channels c
  where c.phone_number_id = any ($3);
end;
$$;

grant execute on function private.places_of_numbers(uuid, uuid, text[]) to prosa_channels;

/* Keeps encrypted secrets of a channel: [{name, key_id, nonce, ciphertext}], the last two in hex. */
create function private.keep_secrets(channel_id uuid, secrets jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.channel_secrets as s (channel_id, name, key_id, nonce, ciphertext)
  select $1, e ->> 'name', e ->> 'key_id', decode(e ->> 'nonce', 'hex'), decode(e ->> 'ciphertext', 'hex')
  from jsonb_array_elements($2) e
  on conflict on constraint channel_secrets_pkey do update
  set
    key_id = excluded.key_id,
    nonce = excluded.nonce,
    ciphertext = excluded.ciphertext,
    updated_at = clock_timestamp();

  -- That a secret was changed is for the audit; what it is, is for nobody.
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, after)
  select c.tenant_id, auth.uid(), 'update', 'channel_secrets', c.id::text, jsonb_build_object('changed', jsonb_path_query_array($2, '$[*].name'))
  from public.channels c
  where c.id = $1;
end;
$$;

/*
 * Connects a number that the function has found good: {id, name, phone_number_id, waba_id, …} and its secrets.
 * What came for it before is applied by a job. Raises tenant_not_found, not_allowed, number_taken.
 */
create function private.connect_channel(user_id uuid, tenant_id uuid, channel jsonb, secrets jsonb, facts jsonb)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid := $3 ->> 'id';
begin
  perform private.act_for($1, $2);
  insert into public.channels (id, tenant_id, type, name, phone_number_id, waba_id, display_phone_number, portfolio_id)
  values (
    v_id, $2, 'whatsapp', $3 ->> 'name', $3 ->> 'phone_number_id', $3 ->> 'waba_id', $3 ->> 'display_phone_number',
    $3 ->> 'portfolio_id'
  )
  on conflict (phone_number_id) do nothing;
  if not found then
    perform private.refuse(409, 'number_taken');
  end if;
  perform private.keep_secrets(v_id, $4);
  perform private.record_channel_check(v_id, $5);
  perform graphile_worker.add_job('webhook_events__claim', json_build_object('channel_id', v_id), job_key => 'claim:' || v_id);
  perform private.enqueue_template_sync($2, $3 ->> 'waba_id', clock_timestamp());
  return v_id;
end;
$$;

grant execute on function private.connect_channel(uuid, uuid, jsonb, jsonb, jsonb) to prosa_channels;

/* A channel for the function to work on, with its token still encrypted. Raises channel_not_found, not_allowed. */
create function private.channel_to_manage(user_id uuid, channel_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  v_channel := private.channel_for($2, 'channels.read', 'channels.manage');
  return jsonb_build_object(
    'id', v_channel.id,
    'tenant_id', v_channel.tenant_id,
    'phone_number_id', v_channel.phone_number_id,
    'waba_id', v_channel.waba_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

grant execute on function private.channel_to_manage(uuid, uuid) to prosa_channels;

/*
 * Puts new secrets in place of a channel's, with what was found on the way. A new access token takes a channel that
 * needed attention back into use. Raises channel_not_found, not_allowed.
 */
create function private.change_channel_secrets(user_id uuid, channel_id uuid, secrets jsonb, facts jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform set_config('request.jwt.claims', jsonb_build_object('sub', $1, 'role', 'authenticated')::text, true);
  perform private.channel_for($2, 'channels.read', 'channels.manage');
  perform private.keep_secrets($2, $3);
  if $4 is not null then
    perform private.record_channel_check($2, $4);
  end if;
end;
$$;

grant execute on function private.change_channel_secrets(uuid, uuid, jsonb, jsonb) to prosa_channels;

-- sql/30_contacts.sql

/*
 * A contact is one person, however many addresses they write from. An identity is one such address
 * under its canonical key: a phone with its Brazilian, Mexican and Argentine variants folded into
 * one, or a business-scoped user id. A person may have no phone at all.
 */

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null default '' check (length(name) <= 200),
  -- When the provider said so; an older message never puts an older name back. Null: a person set it.
  name_at timestamptz default '-infinity',
  username text,
  username_at timestamptz not null default '-infinity',
  phone text check (phone ~ '^[0-9]{3,20}$'),
  phone_at timestamptz not null default '-infinity',
  -- Where they are written to beside the channels; a person says it.
  email text check (email ~ '^[^@\s<>"]+@[^@\s<>"]+\.[^@\s<>".]+$' and length(email) <= 254),
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  tag_ids uuid[] not null default '{}',
  -- The language they write in, as BCP 47; null while nobody has said.
  language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  marketing_opt_out boolean not null default false,
  marketing_opt_out_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
) with (fillfactor = 80);

comment on table public.contacts is 'One person who writes to a tenant, over any number of identities.';

create index on public.contacts (tenant_id, created_at desc);

create trigger _100_touch
  before update on public.contacts
  for each row
  execute function private.tg_touch();

create type public.identity_kind as enum ('phone', 'bsuid', 'parent_bsuid');

create table public.contact_identities (
  tenant_id uuid not null,
  contact_id uuid not null,
  kind public.identity_kind not null,
  -- The canonical key: one person, one value, however the provider spells it.
  value text not null check (length(value) between 1 and 200),
  -- As the provider spells it: what to send to. Of two spellings of one number the greater, whichever came
  -- last: with the ninth digit in Brazil and Argentina, without the 1 in Mexico, as those numbers are today.
  address text not null check (length(address) between 1 and 200),
  -- The address (`kind:value`) it was first named together with: whose it is when merged contacts are parted.
  beside text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, value),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

create index on public.contact_identities (tenant_id, contact_id);

alter table public.contacts enable row level security;
alter table public.contact_identities enable row level security;

create policy select_member on public.contacts
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

create policy update_agent on public.contacts
  for update to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.write'))))
  with check (tenant_id = any (array(select private.my_tenant_ids('contacts.write'))));

create policy select_member on public.contact_identities
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.contacts, public.contact_identities to authenticated;
grant update (name, attributes) on public.contacts to authenticated;

/* A name that a person typed stays: the provider's later names no longer replace it. */
create function private.tg_contacts__keep_typed_name()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.name_at := null;
  return new;
end;
$$;

create trigger _200_keep_typed_name
  before update of name on public.contacts
  for each row
  -- A person's own update runs under this role; functions that merge and part put both back themselves.
  when (old.name is distinct from new.name and current_user = 'authenticated')
  execute function private.tg_contacts__keep_typed_name();

/*
 * The contact behind a person of an event, made or completed where needed: identities that one
 * event names together are one person, so contacts they belonged to become one. Names and numbers
 * follow the provider's clock, whatever order events arrive in.
 */
create function private.resolve_contact(tenant_id uuid, person jsonb, at timestamptz)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_identities jsonb := person -> 'identities';
  v_name text := left(coalesce(person ->> 'name', ''), 200);
  v_username text := person ->> 'username';
  v_phone text;
  v_known uuid[];
  v_missing boolean;
  v_found uuid;
  v_address text;
  -- The last of the named that was known before.
  v_beside text;
  v_contact_id uuid;
  v_made uuid;
begin
  -- A message without any sender we understand is kept under one nameless contact.
  if v_identities is null or jsonb_array_length(v_identities) = 0 then
    v_identities := '[{"kind": "bsuid", "value": "unknown", "address": "unknown"}]';
  end if;

  loop
    v_known := '{}';
    v_missing := false;
    -- One by one: a join would let the planner guess at how many there are, and scan.
    for n in 0 .. jsonb_array_length(v_identities) - 1 loop
      select i.contact_id, i.address into v_found, v_address
      from public.contact_identities i
      where i.tenant_id = resolve_contact.tenant_id
        and i.kind = (v_identities -> n ->> 'kind')::public.identity_kind
        and i.value = v_identities -> n ->> 'value';
      if v_found is null then
        v_missing := true;
      else
        v_beside := (v_identities -> n ->> 'kind') || ':' || (v_identities -> n ->> 'value');
        if v_found <> all (v_known) then
          v_known := v_known || v_found;
        end if;
      end if;
      if v_identities -> n ->> 'address' > v_address then
        update public.contact_identities i
        set address = greatest(i.address, v_identities -> n ->> 'address')
        where i.tenant_id = resolve_contact.tenant_id
          and i.kind = (v_identities -> n ->> 'kind')::public.identity_kind
          and i.value = v_identities -> n ->> 'value';
      end if;
      -- Identities come oldest first: after a change of number the last one is current.
      if v_identities -> n ->> 'kind' = 'phone' then
        v_phone := v_identities -> n ->> 'value';
      end if;
    end loop;
    v_contact_id := v_known[1];
    exit when cardinality(v_known) = 1 and not v_missing;

    if cardinality(v_known) > 1 then
      v_contact_id := private.parted_contact(tenant_id, v_known, v_identities, at);
      -- Somebody has parted them: what is the other's stays theirs.
      if v_contact_id is not null and not exists (
        select
        from public.contact_identities i
        where i.tenant_id = resolve_contact.tenant_id
          and i.kind = 'phone'
          and i.value = v_phone
          and i.contact_id = v_contact_id
      ) then
        v_phone := null;
      end if;
      exit when v_contact_id is not null and not v_missing;
    end if;

    if v_contact_id is null and cardinality(v_known) > 1 then
      v_contact_id := private.merge_contacts(tenant_id, v_known, jsonb_build_object('identities', v_identities, 'at', at));
    elsif v_contact_id is null then
      insert into public.contacts (tenant_id) values (tenant_id) returning id into v_made;
      v_contact_id := v_made;
    end if;

    -- Where another transaction takes one of them meanwhile, this waits for it, and the next turn finds two to merge.
    insert into public.contact_identities (tenant_id, contact_id, kind, value, address, beside)
    select resolve_contact.tenant_id, v_contact_id, x.kind, x.value, x.address, v_beside
    from jsonb_to_recordset(v_identities) x (kind public.identity_kind, value text, address text)
    order by x.kind, x.value
    on conflict do nothing;
  end loop;

  -- That other transaction had them all: nobody needs the contact made here.
  if v_made <> v_contact_id then
    delete from public.contacts c where c.id = v_made;
  end if;

  update public.contacts c
  set
    -- A typed name has no clock (null): no provider's name is newer.
    name = case when v_name <> '' and (at, v_name) >= (c.name_at, c.name) then v_name else c.name end,
    name_at = case when v_name <> '' and at > c.name_at then at else c.name_at end,
    username = case when v_username is not null and (at, v_username) >= (c.username_at, coalesce(c.username, '')) then v_username else c.username end,
    username_at = case when v_username is not null then greatest(c.username_at, at) else c.username_at end,
    phone = case when v_phone is not null and (at, v_phone) >= (c.phone_at, coalesce(c.phone, '')) then v_phone else c.phone end,
    phone_at = case when v_phone is not null then greatest(c.phone_at, at) else c.phone_at end
  where c.id = v_contact_id
    and (
      (v_name <> '' and (at, v_name) > (c.name_at, c.name))
      or (v_username is not null and (at, v_username) > (c.username_at, coalesce(c.username, '')))
      or (v_phone is not null and (at, v_phone) > (c.phone_at, coalesce(c.phone, '')))
    );

  return v_contact_id;
end;
$$;

-- sql/30_saved_contacts.sql

/*
 * A person saves a contact: from a card that a customer sent, or typed. Whoever has one of the numbers
 * already is that contact.
 */

/*
 * One key for every way a phone number is written: `phoneKey` of core/src/whatsapp/phone.ts, said again
 * here because what a person types must find who wrote. A test holds the two together. Null: no number.
 */
create function private.phone_key(written text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_digits text := regexp_replace(regexp_replace(written, '[^0-9]', '', 'g'), '^00', '');
begin
  return case
    when v_digits !~ '^[1-9][0-9]{5,19}$' then null
    -- A Brazilian mobile without its ninth digit; landlines (2 to 5) never had one.
    when v_digits ~ '^55[1-9][0-9][6-9][0-9]{7}$' then left(v_digits, 4) || '9' || substr(v_digits, 5)
    -- The 1 once needed before Mexican mobiles, the 9 before Argentine ones.
    when v_digits ~ '^521[0-9]{10}$' then '52' || substr(v_digits, 4)
    when v_digits ~ '^549[0-9]{10}$' then '54' || substr(v_digits, 4)
    else v_digits
  end;
end;
$$;

/*
 * The contact who has one of these numbers, made where nobody has, with the numbers that were missing. A
 * known contact keeps their name unless they have none. Numbers that belong to somebody else stay theirs:
 * merging is said outright. Raises tenant_not_found, not_allowed, phone_invalid.
 */
create function public.save_contact(tenant_id uuid, name text, phones text[])
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_name text := left(btrim(coalesce(save_contact.name, '')), 200);
  v_keys text[] := array(
    select private.phone_key(p.phone)
    from unnest(save_contact.phones) with ordinality p (phone, place)
    where private.phone_key(p.phone) is not null
    group by private.phone_key(p.phone)
    order by min(p.place)
  );
  v_contact public.contacts;
begin
  if save_contact.tenant_id is null or not private.may(save_contact.tenant_id, 'contacts.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may(save_contact.tenant_id, 'contacts.write') then
    perform private.refuse(403, 'not_allowed', 'contacts.write');
  end if;
  if cardinality(v_keys) = 0 or cardinality(v_keys) > 20 then
    perform private.refuse(422, 'phone_invalid');
  end if;

  perform private.lock_people(array[(
    1, null, true, save_contact.tenant_id, null,
    jsonb_build_object(
      'type', 'identity',
      'identities', (select jsonb_agg(jsonb_build_object('kind', 'phone', 'value', k)) from unnest(v_keys) k)
    )
  )::private.incoming]);

  select c.* into v_contact
  from unnest(v_keys) with ordinality k (value, place)
  join public.contact_identities i
    on i.tenant_id = save_contact.tenant_id
    and i.kind = 'phone'
    and i.value = k.value
  join public.contacts c on c.id = i.contact_id
  order by k.place
  limit 1;

  if not found then
    insert into public.contacts (tenant_id, name, name_at, phone)
    values (save_contact.tenant_id, v_name, case when v_name = '' then '-infinity'::timestamptz end, v_keys[1])
    returning * into v_contact;
  elsif v_contact.name = '' and v_name <> '' then
    update public.contacts c
    set
      name = v_name,
      name_at = null
    where c.id = v_contact.id
    returning c.* into v_contact;
  end if;

  insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
  select save_contact.tenant_id, v_contact.id, 'phone', k, k
  from unnest(v_keys) k
  on conflict do nothing;
  return v_contact;
end;
$$;

grant execute on function public.save_contact(uuid, text, text[]) to authenticated;

-- sql/31_tags.sql

/*
 * Tags sort conversations and contacts by what they are about. A row holds the ids of its tags; what a tag is called
 * and how it looks stands here once. Everybody who reads conversations sees the tags; making and changing them needs
 * `tags.manage`. What hangs on conversations is in 44_tagging.sql.
 */

create table public.tags (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (length(name) between 1 and 40 and name = btrim(name)),
  -- A name of the palette (core/src/tags): themes decide how it looks.
  color text not null default 'gray' check (color in ('gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink')),
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

comment on table public.tags is 'What conversations and contacts are sorted by.';

-- One tag a name, however it is written.
create unique index tags_name_idx on public.tags (tenant_id, lower(name));

create trigger _100_touch
  before update on public.tags
  for each row
  execute function private.tg_touch();

alter table public.tags enable row level security;

create policy select_member on public.tags
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read'))));

grant select on public.tags to authenticated;

alter publication supabase_realtime add table public.tags;

/*
 * Makes a tag, or changes the one with this id; a new one comes last. Saving it twice changes nothing. Raises
 * tenant_not_found, not_allowed, tag_not_found, tag_name_taken, tag_invalid.
 */
create function public.save_tag(tenant_id uuid, tag_id uuid, name text, color text)
  returns public.tags
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_tag public.tags;
  v_name text := btrim(save_tag.name);
begin
  perform private.need_tags_manager(save_tag.tenant_id);
  if length(coalesce(v_name, '')) not between 1 and 40
    or save_tag.color not in ('gray', 'red', 'orange', 'amber', 'green', 'teal', 'blue', 'violet', 'pink')
    or save_tag.color is null
  then
    perform private.refuse(422, 'tag_invalid');
  end if;

  begin
    if save_tag.tag_id is null then
      insert into public.tags as t (tenant_id, name, color, position)
      values (
        save_tag.tenant_id, v_name, save_tag.color,
        (select coalesce(max(o.position), 0) + 1 from public.tags o where o.tenant_id = save_tag.tenant_id)
      )
      returning t.* into v_tag;
    else
      update public.tags t
      set
        name = v_name,
        color = save_tag.color
      where t.tenant_id = save_tag.tenant_id
        and t.id = save_tag.tag_id
      returning t.* into v_tag;
      if not found then
        perform private.refuse(404, 'tag_not_found');
      end if;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'tag_name_taken');
  end;
  return v_tag;
end;
$$;

/* Puts tags in this order; those not named come after. Raises tenant_not_found, not_allowed. */
create function public.order_tags(tenant_id uuid, tag_ids uuid[])
  returns setof public.tags
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.need_tags_manager($1);
  update public.tags t
  set position = n.position
  from (
    select o.id, row_number() over (order by array_position(tag_ids, o.id) nulls last, o.position, o.name) as position
    from public.tags o
    where o.tenant_id = $1
  ) n
  where t.id = n.id
    and t.position <> n.position;
  return query select t.* from public.tags t where t.tenant_id = $1 order by t.position, t.name;
end;
$$;

/* Raises tenant_not_found for who is a stranger there, not_allowed for who may not manage tags. */
create function private.need_tags_manager(tenant_id uuid)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may($1, 'tags.manage') then
    perform private.refuse(403, 'not_allowed', 'tags.manage');
  end if;
end;
$$;

grant execute on function
  public.save_tag(uuid, uuid, text, text),
  public.order_tags(uuid, uuid[])
to authenticated;

/* Keeps of a row's tags those of its own tenant, each once; what was deleted meanwhile falls away. */
create function private.tg_keep_own_tags()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.tag_ids := array(
    select t.id
    from unnest(new.tag_ids) with ordinality named (id, place)
    join public.tags t on t.id = named.id and t.tenant_id = new.tenant_id
    group by t.id
    order by min(named.place)
  );
  return new;
end;
$$;

create trigger _150_own_tags
  before insert or update of tag_ids on public.contacts
  for each row
  when (new.tag_ids <> '{}')
  execute function private.tg_keep_own_tags();

-- sql/32_consents.sql

/*
 * What a person has allowed us to write to them for. Every word of theirs is kept as it was said (consent_events: nothing
 * is ever changed or taken away), with who wrote it down and what proves it; what holds now stands beside it (consents),
 * one row a purpose and channel, so that a campaign finds its people by one descent.
 *
 * The newest word holds; of two said in one moment the one that leaves the person alone. No word is no consent.
 */

create table public.consent_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  contact_id uuid not null,
  purpose text not null check (purpose in ('marketing', 'service', 'survey')),
  -- Null: every channel there is.
  channel_type public.channel_type,
  state text not null check (state in ('granted', 'denied', 'withdrawn')),
  -- Who says so: a member who wrote it down, a message of theirs, the provider (WhatsApp's own switch), a form, an import.
  source text not null check (source in ('member', 'message', 'provider', 'form', 'import')),
  -- The message it was said in. No foreign key: the word stays when its month is dropped.
  evidence_message_id uuid,
  note text not null default '' check (length(note) <= 500),
  -- Null: nobody who is signed in.
  recorded_by uuid,
  occurred_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

comment on table public.consent_events is 'Every word of a person about what they may be written to for. Append-only.';

-- A person's words, newest first.
create index on public.consent_events (tenant_id, contact_id, occurred_at desc);

create table public.consents (
  tenant_id uuid not null,
  contact_id uuid not null,
  purpose text not null,
  -- A word about every channel has a row for each: a type that is added later needs them made from consent_events.
  channel_type public.channel_type not null,
  state text not null,
  since timestamptz not null,
  event_id uuid not null,
  primary key (tenant_id, contact_id, purpose, channel_type),
  foreign key (tenant_id, event_id) references public.consent_events (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

comment on table public.consents is 'What a person allows now, by purpose and channel. Kept by private.add_consent.';

create index on public.consents (tenant_id, event_id);
-- Who has said yes to marketing on WhatsApp: one stretch of it.
create index consents_granted_idx on public.consents (tenant_id, purpose, channel_type, contact_id) where state = 'granted';

alter table public.consent_events enable row level security;
alter table public.consents enable row level security;

create policy select_member on public.consent_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

create policy select_member on public.consents
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.consent_events, public.consents to authenticated;

/* Makes what holds now from all that was said. */
create function private.settle_consents(tenant_id uuid, contact_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  delete from public.consents c where c.tenant_id = $1 and c.contact_id = $2;
  insert into public.consents (tenant_id, contact_id, purpose, channel_type, state, since, event_id)
  select distinct on (e.purpose, t.type) e.tenant_id, e.contact_id, e.purpose, t.type, e.state, e.occurred_at, e.id
  from public.consent_events e
  cross join unnest(enum_range(null::public.channel_type)) t (type)
  where e.tenant_id = $1
    and e.contact_id = $2
    and coalesce(e.channel_type, t.type) = t.type
  order by e.purpose, t.type, e.occurred_at desc, e.state = 'granted', e.created_at desc;
end;
$$;

/*
 * Writes down a word, and what holds by it. `said` has purpose, channel_type, state, source and occurred_at, and may have
 * evidence_message_id and note. Whoever stops marketing on WhatsApp is sent no marketing template
 * (contacts.marketing_opt_out). Returns what was written; all nulls where it was known.
 */
create function private.add_consent(tenant_id uuid, contact_id uuid, said jsonb)
  returns public.consent_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.consent_events := jsonb_populate_record(null::public.consent_events, said);
  v_stop boolean := v_event.state <> 'granted';
begin
  -- What a provider tells again is one word. No unique index: contacts that are merged may have said the same.
  if exists (
    select
    from public.consent_events e
    where e.tenant_id = $1
      and e.contact_id = $2
      and (e.occurred_at, e.purpose, e.state, e.source) = (v_event.occurred_at, v_event.purpose, v_event.state, v_event.source)
      and e.channel_type is not distinct from v_event.channel_type
  ) then
    return null;
  end if;
  insert into public.consent_events (
    tenant_id, contact_id, purpose, channel_type, state, source, evidence_message_id, note, recorded_by, occurred_at
  )
  values (
    $1, $2, v_event.purpose, v_event.channel_type, v_event.state, v_event.source, v_event.evidence_message_id,
    coalesce(v_event.note, ''), auth.uid(), v_event.occurred_at
  )
  returning * into v_event;

  insert into public.consents as c (tenant_id, contact_id, purpose, channel_type, state, since, event_id)
  select $1, $2, v_event.purpose, t.type, v_event.state, v_event.occurred_at, v_event.id
  from unnest(enum_range(null::public.channel_type)) t (type)
  where coalesce(v_event.channel_type, t.type) = t.type
  on conflict on constraint consents_pkey do update
  set
    state = excluded.state,
    since = excluded.since,
    event_id = excluded.event_id
  where (excluded.since, excluded.state <> 'granted') >= (c.since, c.state <> 'granted');

  if v_event.purpose = 'marketing' and coalesce(v_event.channel_type, 'whatsapp') = 'whatsapp' then
    update public.contacts c
    set
      marketing_opt_out = v_stop,
      marketing_opt_out_at = v_event.occurred_at
    where c.tenant_id = $1
      and c.id = $2
      -- Told both in one second, the person is left alone.
      and (v_event.occurred_at, v_stop) > (c.marketing_opt_out_at, c.marketing_opt_out);
  end if;
  return v_event;
end;
$$;

-- sql/33_saved_filters.sql

/*
 * A filter that is kept under a name: one's own, or the whole company's. What it asks for is core/src/conditions; the
 * database keeps it and never runs it.
 */

create table public.saved_filters (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  -- Whoever made it. A shared one stays when they leave, and is nobody's then.
  user_id uuid,
  is_shared boolean not null default false,
  name text not null check (name = btrim(name) and length(name) between 1 and 60),
  conditions jsonb not null check (
    jsonb_typeof(conditions) = 'object'
    and coalesce(jsonb_typeof(conditions -> 'rules'), '') = 'array'
    and coalesce(conditions ->> 'match', '') in ('all', 'any')
    and pg_column_size(conditions) <= 16384
  ),
  sort text not null default 'newest' check (sort in ('newest', 'waiting', 'priority', 'due')),
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id) references public.tenants on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete set null (user_id),
  check (is_shared or user_id is not null)
);

comment on table public.saved_filters is 'Filters of the inbox kept under a name, private or shared.';

create index on public.saved_filters (tenant_id, user_id);

create trigger _100_touch
  before update on public.saved_filters
  for each row
  execute function private.tg_touch();

alter table public.saved_filters enable row level security;

create policy select_owner on public.saved_filters
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_member on public.saved_filters
  for select to authenticated
  using (
    is_shared
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.saved_filters to authenticated;

alter publication supabase_realtime add table public.saved_filters;

/* Filters of one who leaves: theirs alone go, shared ones stay. */
create function private.tg_memberships__drop_filters()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  delete from public.saved_filters f
  where f.tenant_id = old.tenant_id
    and f.user_id = old.user_id
    and not f.is_shared;
  return old;
end;
$$;

create trigger _200_filters
  before delete on public.memberships
  for each row
  execute function private.tg_memberships__drop_filters();

/* The filter, locked, when the signed-in person may change it. Raises filter_not_found, not_allowed. */
create function private.lock_filter(filter_id uuid)
  returns public.saved_filters
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_filter public.saved_filters;
begin
  select f.* into v_filter
  from public.saved_filters f
  where f.id = $1
    and f.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and (f.is_shared or f.user_id = (select auth.uid()))
  for update;
  if v_filter.id is null then
    perform private.refuse(404, 'filter_not_found');
  end if;
  if v_filter.is_shared and not private.may(v_filter.tenant_id, 'filters.share') then
    perform private.refuse(403, 'not_allowed', 'filters.share');
  end if;
  return v_filter;
end;
$$;

/*
 * Keeps a filter {name, conditions, sort, is_shared}: changes the one of this id, or makes it, so that one that was
 * deleted comes back as itself. Raises tenant_not_found, not_allowed, filter_not_found, filter_invalid, filter_limit.
 */
create function public.save_filter(tenant_id uuid, filter_id uuid, filter jsonb)
  returns public.saved_filters
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := (select auth.uid());
  v_shared boolean := coalesce((filter ->> 'is_shared')::boolean, false);
  v_filter public.saved_filters;
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if v_shared and not private.may($1, 'filters.share') then
    perform private.refuse(403, 'not_allowed', 'filters.share');
  end if;
  if exists (select from public.saved_filters f where f.id = filter_id) then
    v_filter := private.lock_filter(filter_id);
    if v_filter.tenant_id <> $1 then
      perform private.refuse(404, 'filter_not_found');
    end if;
  elsif (select count(*) from public.saved_filters f where f.tenant_id = $1 and (f.user_id = v_me or f.is_shared)) >= 200 then
    perform private.refuse(409, 'filter_limit');
  end if;

  insert into public.saved_filters as f (id, tenant_id, user_id, is_shared, name, conditions, sort, position)
  values (
    coalesce(filter_id, gen_random_uuid()), $1, v_me, v_shared, btrim(filter ->> 'name'), filter -> 'conditions',
    coalesce(filter ->> 'sort', 'newest'),
    coalesce(
      (filter ->> 'position')::integer,
      (select coalesce(max(o.position), 0) + 1 from public.saved_filters o where o.tenant_id = $1 and o.is_shared = v_shared)
    )
  )
  on conflict (id) do update
  set
    name = excluded.name,
    conditions = excluded.conditions,
    sort = excluded.sort,
    is_shared = excluded.is_shared,
    -- A shared one that is made private becomes that of whoever does it.
    user_id = case when excluded.is_shared then f.user_id else excluded.user_id end
  returning f.* into v_filter;
  return v_filter;
exception
  when check_violation or not_null_violation or invalid_text_representation then
    perform private.refuse(422, 'filter_invalid', sqlerrm);
end;
$$;

/* Puts filters in this order, one's own or the shared ones. Raises filter_not_found, not_allowed. */
create function public.order_filters(filter_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_filter(f.id)
  from unnest(filter_ids) f (id)
  order by f.id;

  update public.saved_filters s
  set position = f.place
  from unnest(filter_ids) with ordinality f (id, place)
  where s.id = f.id
    and s.position <> f.place;
end;
$$;

/* Deletes a filter. Raises filter_not_found, not_allowed. */
create function public.delete_filter(filter_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_filter($1);
  delete from public.saved_filters f where f.id = $1;
end;
$$;

grant execute on function
  public.save_filter(uuid, uuid, jsonb),
  public.order_filters(uuid[]),
  public.delete_filter(uuid)
to authenticated;

-- sql/34_search.sql

/*
 * Finding people and messages. Words are compared without accents and case, and by their Portuguese
 * stem besides, so that "promocao" finds "Promoções" and "running" still finds "running". One GIN
 * index a month of messages, one over contacts and one over their numbers; each begins with the
 * tenant, so that a small company's search is as quick beside a large one's (btree_gin: the shorter
 * of two lists is walked, the longer skipped through). Nothing is stored twice: the index holds what
 * is made of `body`, and docs/decisions tells what that costs when a message comes in.
 */

create extension if not exists unaccent with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists btree_gin with schema extensions;

/*
 * A text as it is compared: small letters without accents. Immutable by our word: the rules of
 * unaccent are part of Postgres and change with a major version, when indexes are made anew.
 */
create function private.fold(text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return lower(extensions.unaccent('extensions.unaccent'::regdictionary, normalize($1, NFC)));
end;
$$;

/* The words of a text, folded, one blank between: `bia@padaria.com` is `bia padaria com`. */
create function private.words_of(text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return btrim(regexp_replace(private.fold($1), '[^[:alnum:]]+', ' ', 'g'));
end;
$$;

/*
 * Folded words with their commonest plurals as singulars, before the stemmer: it knows plurals by
 * their accents, which people leave out (acoes, ações: acao; homens: homem; animais: animal).
 */
create function private.singular(words text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  if $1 !~ '(oes|aes|aos|ns|[aeo]is)\M' then
    return $1;
  end if;
  return regexp_replace(
    regexp_replace(
      regexp_replace($1, '(oes|aes|aos)\M', 'ao', 'g'),
      '(\w\w[aeo])is\M', '\1l', 'g'
    ),
    '(\w[eiou])ns\M', '\1m', 'g'
  );
end;
$$;

/*
 * The numbers of a text, however they are written: `(11) 98765-4321` is 11987654321. Each from each of
 * its digits on, so that any four in a row begin one: `#4321`. In all, that is what `like '%4321%'` would find.
 */
create function private.number_parts(body text)
  returns text[]
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return coalesce(
    (
      select array_agg(distinct '#' || substr(n.digits, i))
      from regexp_matches($1, '\d(?:[ .()/+-]{0,3}\d){3,}', 'g') m
      cross join lateral (select left(regexp_replace(m[1], '\D', '', 'g'), 40)) n (digits)
      cross join lateral generate_series(1, length(n.digits) - 3) i
    ),
    '{}'
  );
end;
$$;

/* What a message is found by: its words, their stems, the parts of its numbers. */
create function private.search_vector(body text)
  returns tsvector
  language plpgsql
  immutable
  strict
  parallel safe
  -- Some 30 µs: never to be made for what an index could leave out.
  cost 20000
as $$
declare
  v_words text := private.words_of(left($1, 20000));
  v_vector tsvector := to_tsvector('pg_catalog.simple', v_words) || to_tsvector('pg_catalog.portuguese', private.singular(v_words));
begin
  if $1 ~ '\d.{0,3}\d.{0,3}\d' then
    return v_vector || array_to_tsvector(private.number_parts(left($1, 20000)));
  end if;
  return v_vector;
end;
$$;

/* What a person is found by besides their numbers: name, username and what is known of them, such as an e-mail address. */
create function private.contact_text(name text, username text, attributes jsonb)
  returns text
  language plpgsql
  immutable
  parallel safe
  security definer
  set search_path = ''
as $$
begin
  return ' ' || private.words_of(
    concat_ws(' ', $1, $2, case when $3 <> '{}' then (select string_agg(a.value, ' ' order by a.key) from jsonb_each_text($3) a) end)
  );
end;
$$;

-- People change their own contacts' names under this role, and the index with them.
grant execute on function private.contact_text(text, text, jsonb) to authenticated;

create index contacts_search_idx on public.contacts
  using gin (tenant_id, private.contact_text(name, username, attributes) extensions.gin_trgm_ops);

create index contact_identities_number_idx on public.contact_identities
  using gin (tenant_id, value extensions.gin_trgm_ops)
  where kind = 'phone';

-- sql/34_search_asked.sql

/*
 * What somebody looks for, read once: quoted phrases, words to leave out (-), numbers, and the rest as
 * words, the last of them unfinished while it is typed.
 *
 *   tsquery   for messages; null where nothing in it can be looked for
 *   words     for people: every word, folded
 *   numbers   runs of four digits and more
 *   exact, beginnings, stems   what makes a word of a text a hit
 */
create function private.read_search(
  query text,
  out tsquery tsquery,
  out words text[],
  out numbers text[],
  out exact text[],
  out beginnings text[],
  out stems text[]
)
  language plpgsql
  immutable
  security definer
  set search_path = ''
as $$
declare
  v_query text := left(coalesce($1, ''), 200);
  v_tokens text[];
  v_token text;
  v_without boolean;
  v_quoted boolean;
  v_parts text[];
  v_digits text;
  v_stem text;
  v_one tsquery;
  v_all tsquery;
  v_common tsquery;
  v_absent tsquery;
begin
  words := '{}';
  numbers := '{}';
  exact := '{}';
  beginnings := '{}';
  stems := '{}';
  -- A number alone may hold blanks.
  if v_query ~ '^[\s+().\d/-]+$' and length(regexp_replace(v_query, '\D', '', 'g')) >= 4 then
    v_tokens := array[v_query];
  else
    v_tokens := array(select m[1] from regexp_matches(v_query, '(-?"[^"]*"?|\S+)', 'g') m limit 16);
  end if;

  for i in 1 .. cardinality(v_tokens) loop
    v_token := v_tokens[i];
    v_without := v_token ~ '^-[^\d\s]' and cardinality(v_tokens) > 1;
    v_quoted := v_token ~ '^-?"';
    v_parts := regexp_split_to_array(private.words_of(v_token), ' ');
    continue when v_parts = array[''];
    v_digits := regexp_replace(v_token, '\D', '', 'g');
    v_one := null;

    if length(v_digits) >= 4 and v_token !~ '[[:alpha:]]' then
      v_one := format('%L:*', '#' || left(v_digits, 37))::tsquery;
      if not v_without then
        numbers := numbers || v_digits;
      end if;
    elsif v_quoted or cardinality(v_parts) > 1 then
      -- The last word of a phrase that isn't closed may be unfinished too.
      v_one := array_to_string(
        array(
          select format('%L', part) || case when place = cardinality(v_parts) and i = cardinality(v_tokens) and v_token !~ '.["\s]$' then ':*' else '' end
          from unnest(v_parts) with ordinality p (part, place)
          order by place
        ),
        ' <-> '
      )::tsquery;
      if not v_without then
        words := words || array_to_string(v_parts, ' ');
        exact := exact || v_parts;
        if i = cardinality(v_tokens) and v_token !~ '.["\s]$' then
          beginnings := beginnings || v_parts[cardinality(v_parts)];
        end if;
      end if;
    else
      v_stem := (pg_catalog.ts_lexize('pg_catalog.portuguese_stem', private.singular(v_parts[1])))[1];
      v_one := format('%L', v_parts[1])::tsquery;
      if v_stem is not null then
        v_one := v_one || format('%L', v_stem)::tsquery;
      end if;
      if i = cardinality(v_tokens) and length(v_parts[1]) > 1 and v_query !~ '\s$' and not v_without then
        v_one := v_one || format('%L:*', v_parts[1])::tsquery;
        beginnings := beginnings || v_parts[1];
      end if;
      if not v_without then
        words := words || v_parts[1];
        exact := exact || v_parts[1];
        stems := stems || coalesce(v_stem, v_parts[1]);
      end if;
      -- "bolo de cenoura" is said in many ways: what every sentence has need not be there.
      if v_stem is null and not v_without then
        v_common := coalesce(v_common && v_one, v_one);
        continue;
      end if;
    end if;
    if v_without then
      v_absent := coalesce(v_absent && !! v_one, !! v_one);
    else
      v_all := coalesce(v_all && v_one, v_one);
    end if;
  end loop;

  -- Something must be looked for: only leaving out would find everything.
  tsquery := coalesce(v_all, v_common);
  if v_absent is not null then
    tsquery := tsquery && v_absent;
  end if;
end;
$$;

/*
 * A text with what was looked for between U+E000 and U+E001, cut to what stands around the first of it.
 * Those two characters are for private use and taken out of the text before, so that whoever draws it
 * can tell ours from theirs without any HTML.
 */
create function private.mark_hits(body text, exact text[], beginnings text[], stems text[], numbers text[], longest integer default 220)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_marked text;
  v_first integer;
  v_start integer;
begin
  select string_agg(case when h.hit then U&'\E000' || p.piece || U&'\E001' else p.piece end, '' order by p.place)
  into v_marked
  from (
    select m[1], place
    from regexp_matches(left(translate($1, U&'\E000\E001', ''), 20000), '(\d(?:[ .()/+-]{0,3}\d){3,}|[[:alnum:]]+|[^[:alnum:]]+)', 'g') with ordinality t (m, place)
  ) p (piece, place)
  cross join lateral (
    select case
      when p.piece !~ '^[[:alnum:]]' then false
      when p.piece ~ '^\d[ .()/+\d-]{3,}$' and exists (
        select from unnest($5) n where position(n in regexp_replace(p.piece, '\D', '', 'g')) > 0
      ) then true
      else (
        select f.word = any ($2)
          or exists (select from unnest($3) b where starts_with(f.word, b))
          or coalesce((pg_catalog.ts_lexize('pg_catalog.portuguese_stem', private.singular(f.word)))[1] = any ($4), false)
        from (select private.fold(p.piece)) f (word)
      )
    end
  ) h (hit);

  v_first := coalesce(nullif(position(U&'\E000' in v_marked), 0), 1);
  if length(v_marked) <= $6 then
    return v_marked;
  end if;
  v_start := greatest(1, least(v_first - $6 / 4, length(v_marked) - $6));
  return case when v_start > 1 then '…' end
    || substr(v_marked, v_start, $6)
    || case when v_start + $6 <= length(v_marked) then '…' else '' end;
end;
$$;

-- sql/34_search_messages.sql

/* A conversation and what was merged into it: who looks for something in the whole means its parts too. */
create function private.with_parts(tenant_id uuid, conversation_id uuid)
  returns uuid[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return $2 || array(
    select c.id
    from public.conversations c
    where c.tenant_id = $1
      and c.merged_into_id = $2
  );
end;
$$;

/*
 * Messages that hold what is looked for, newest first, of conversations that the signed-in person sees.
 * Looks back in stretches, each as long as what it found so far lets expect, and stops at a page or when
 * its time is over: `searched` is how far back it came, null when it has seen everything.
 */
create function private.search_messages(
  tenant_id uuid,
  tsquery tsquery,
  filters jsonb,
  before timestamptz,
  before_id uuid,
  most integer,
  out hits uuid[],
  out times timestamptz[],
  out searched timestamptz
)
  language plpgsql
  stable
  security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  -- What sees_conversation asks of each, asked once: as a call a row it took ten times the rest.
  v_reads_all boolean := private.may($1, 'conversations.read_all');
  v_picks boolean := private.may($1, 'conversations.pick');
  v_teams uuid[] := array(select private.my_team_ids());
  v_me uuid := auth.uid();
  v_deadline timestamptz := clock_timestamp() + interval '80 milliseconds';
  v_from timestamptz := coalesce((filters ->> 'from')::timestamptz, '-infinity');
  v_high timestamptz := least(coalesce($4, 'infinity'), coalesce((filters ->> 'to')::timestamptz, 'infinity'));
  -- What begins a stretch: now, unless something older was asked for.
  v_top timestamptz := least(v_high, now() + interval '1 day');
  v_span interval := interval '6 hours';
  v_low timestamptz;
  v_ids uuid[];
  v_ats timestamptz[];
  v_sql text := format(
    $q$
      select array_agg(h.id order by h.created_at desc, h.id desc), array_agg(h.created_at order by h.created_at desc, h.id desc)
      from (
        select f.id, f.created_at
        from (
          select m.id, m.created_at
          from public.messages m
          %s
          where m.tenant_id = $1
            and m.created_at >= $3
            and m.created_at <= $4
            and (m.created_at, m.id) < ($5, $6)
            and private.search_vector(m.body) @@ $2
            and m.body <> ''
            and m.kind not in ('reaction', 'edit', 'revoke', 'activity')
            and m.revoked_at is null
            %s %s %s %s
          -- Or the planner walks the stretch by its time and makes each message's words, in the hope of a page soon.
          offset 0
        ) f
        order by f.created_at desc, f.id desc
        limit $7
      ) h
    $q$,
    case when not v_reads_all or filters ? 'assignee_id' then 'join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id' end,
    case when not v_reads_all then 'and (c.assignee_id = $8 or c.team_id = any ($9) or ($10 and c.assignee_id is null and c.team_id is null))' end,
    case when filters ? 'channel_id' then format('and m.channel_id = %L', (filters ->> 'channel_id')::uuid) end,
    case when filters ? 'conversation_id' then format('and m.conversation_id = any (%L::uuid[])', private.with_parts($1, (filters ->> 'conversation_id')::uuid)) end,
    case
      when filters ->> 'assignee_id' = 'none' then 'and c.assignee_id is null'
      when filters ? 'assignee_id' then format('and c.assignee_id = %L', (filters ->> 'assignee_id')::uuid)
    end
  );
begin
  hits := '{}';
  times := '{}';
  loop
    v_low := case when v_span > interval '3000 days' then v_from else greatest(v_from, v_top - v_span) end;
    execute v_sql
    into v_ids, v_ats
    using $1, $2, v_low, v_top, v_high, coalesce($5, '00000000-0000-0000-0000-000000000000'::uuid), most - cardinality(hits), v_me, v_teams, v_picks;
    hits := hits || coalesce(v_ids, '{}');
    times := times || coalesce(v_ats, '{}');
    exit when cardinality(hits) >= most or v_low = v_from;
    if clock_timestamp() > v_deadline then
      searched := v_low;
      return;
    end if;
    -- The next one begins where this one ended; rows of that very microsecond were in this one.
    v_top := v_low - interval '1 microsecond';
    v_span := v_span * case when cardinality(hits) = 0 then 16 else least(16, greatest(2, 2.0 * most / cardinality(hits))) end;
  end loop;
  if cardinality(hits) >= most then
    searched := times[cardinality(times)];
  end if;
end;
$$;

/*
 * Looks for people, their conversations and messages in one workspace. Answers
 *
 *   {people: [{id, name, username, phone, text, conversation_id}],
 *    conversations: [rows of the list], messages: [{id, conversation_id, seq, …, text}],
 *    next: {at, id} | null, searched: timestamp | null}
 *
 * where `text` carries its hits between U+E000 and U+E001. `filters`: channel_id, assignee_id (or "none"),
 * from, to, conversation_id, only ("people": no messages, for whoever types a name). With `after` (a former `next`) only further messages come. `next` without an id
 * says that the time was over: there may be more before `searched`. Raises tenant_not_found where one is no
 * member, not_allowed where one reads no conversations, search_empty where nothing is looked for.
 */
create function public.search_inbox(
  tenant_id uuid,
  query text,
  filters jsonb default '{}',
  after jsonb default null,
  most integer default 20
)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_most integer := least(greatest(coalesce($5, 20), 1), 50);
  v_read record;
  v_filters jsonb := jsonb_strip_nulls(coalesce($3, '{}'));
  v_found record;
  v_contacts uuid[] := '{}';
  v_people jsonb := '[]';
  v_conversations jsonb := '[]';
  v_messages jsonb;
begin
  if not private.may($1, 'tenant.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may($1, 'conversations.read') then
    perform private.refuse(403, 'not_allowed', 'conversations.read');
  end if;
  select * into v_read from private.read_search($2);
  if v_read.tsquery is null then
    perform private.refuse(422, 'search_empty');
  end if;

  if $4 is null and not v_filters ? 'conversation_id' and private.may($1, 'contacts.read') then
    select coalesce(array_agg(p.contact_id order by p.rank), '{}')
    into v_contacts
    from private.search_people($1, v_read.words, v_read.numbers, 40) p;
  end if;

  if v_contacts <> '{}' then
    -- People belong to a company, whatever channel or period is looked at.
    if v_filters - 'only' = '{}' then
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', c.id,
          'name', c.name,
          'username', c.username,
          'phone', c.phone,
          'text', private.mark_hits(c.name, v_read.exact, v_read.exact, '{}', '{}'),
          'conversation_id', (
            select o.id
            from public.conversations o
            where o.tenant_id = $1
              and o.contact_id = c.id
              and private.sees_conversation(o)
            order by (o.status = 'open') desc, o.last_message_at desc
            limit 1
          )
        )
        order by p.place
      ), '[]')
      into v_people
      from unnest(v_contacts[:8]) with ordinality p (id, place)
      join public.contacts c on c.tenant_id = $1 and c.id = p.id;
    end if;

    select coalesce(jsonb_agg(private.inbox_row(o) order by o.last_message_at desc), '[]')
    into v_conversations
    from (
      select o.*
      from public.conversations o
      where o.tenant_id = $1
        and o.contact_id = any (v_contacts)
        and private.sees_conversation(o)
        and (not v_filters ? 'channel_id' or o.channel_id = (v_filters ->> 'channel_id')::uuid)
        and (
          not v_filters ? 'assignee_id'
          or o.assignee_id is not distinct from nullif(v_filters ->> 'assignee_id', 'none')::uuid
        )
        and o.last_message_at >= coalesce((v_filters ->> 'from')::timestamptz, '-infinity')
        and o.created_at <= coalesce((v_filters ->> 'to')::timestamptz, 'infinity')
      order by o.last_message_at desc
      limit 8
    ) o;
  end if;

  if v_filters ->> 'only' = 'people' then
    return jsonb_build_object('people', v_people, 'conversations', v_conversations, 'messages', '[]'::jsonb, 'next', null, 'searched', null);
  end if;

  select * into v_found
  from private.search_messages($1, v_read.tsquery, v_filters, ($4 ->> 'at')::timestamptz, ($4 ->> 'id')::uuid, v_most);

  select coalesce(jsonb_agg(
    jsonb_build_object(
      'id', m.id,
      'conversation_id', m.conversation_id,
      'seq', m.seq,
      'direction', m.direction,
      'author', m.author,
      'author_id', m.author_id,
      'kind', m.kind,
      'is_private', m.is_private,
      'sent_at', m.sent_at,
      'text', private.mark_hits(m.body, v_read.exact, v_read.beginnings, v_read.stems, v_read.numbers),
      'contact', jsonb_build_object('id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone),
      'channel', jsonb_build_object('id', h.id, 'name', h.name, 'type', h.type)
    )
    order by f.place
  ), '[]')
  into v_messages
  from unnest(v_found.hits, v_found.times) with ordinality f (id, created_at, place)
  join public.messages m on m.tenant_id = $1 and m.id = f.id and m.created_at = f.created_at
  join public.contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
  join public.channels h on h.tenant_id = m.tenant_id and h.id = m.channel_id;

  return jsonb_build_object(
    'people', v_people,
    'conversations', v_conversations,
    'messages', v_messages,
    'next', case when v_found.searched is not null then jsonb_build_object(
      'at', v_found.searched,
      'id', case when cardinality(v_found.hits) >= v_most then v_found.hits[cardinality(v_found.hits)] end
    ) end,
    'searched', v_found.searched
  );
end;
$$;

grant execute on function public.search_inbox(uuid, text, jsonb, jsonb, integer) to authenticated;

-- sql/34_search_people.sql

/*
 * People by name, username, number or what else is known of them: those whose words stand first before
 * those that only hold them. Where nobody is found, those whose name sounds alike (word similarity).
 */
create function private.search_people(tenant_id uuid, words text[], numbers text[], most integer)
  returns table (contact_id uuid, rank integer)
  language plpgsql
  stable
  security definer
  set search_path = ''
  -- A name is never looked for by reading every contact.
  set enable_seqscan = off
as $$
declare
  v_text text := array_to_string(words, ' ');
  v_where text;
  v_found integer;
begin
  -- Of one letter or two, only those that begin a word: three are a trigram.
  select string_agg(format('private.contact_text(c.name, c.username, c.attributes) like %L', case when length(w) < 3 then '% ' else '%' end || w || '%'), ' and ')
  into v_where
  from unnest(words) w;

  return query execute format(
    $q$
      with candidates (contact_id, rank) as (
        %s
        (
          select i.contact_id, 0 as rank
          from unnest($3) n
          cross join lateral (
            select i.contact_id
            from public.contact_identities i
            where i.tenant_id = $1
              and i.kind = 'phone'
              and i.value like '%%' || n || '%%'
            limit 200
          ) i
        )
      )
      select c.id, min(f.rank)
      from candidates f
      join public.contacts c on c.tenant_id = $1 and c.id = f.contact_id
      group by c.id, c.updated_at
      order by min(f.rank), c.updated_at desc, c.id
      limit $4
    $q$,
    case when v_where is not null then format(
      $q$
        (
          select
            p.id,
            case
              when p.text = ' ' || $2 then 0
              when starts_with(p.text, ' ' || $2) then 1
              when position(' ' || $2 in p.text) > 0 then 2
              else 3
            end
          from (
            select c.id, private.contact_text(c.name, c.username, c.attributes)
            from public.contacts c
            where c.tenant_id = $1
              and %s
            limit 400
          ) p (id, text)
        )
        union all
      $q$, v_where) else '' end
  ) using $1, v_text, private.number_spellings($3), $4;
  get diagnostics v_found = row_count;

  if v_found = 0 and length(v_text) >= 4 and cardinality($3) = 0 then
    -- One letter in nine may be another: Conseição is Conceição. Its setting is known once its library is loaded.
    perform extensions.word_similarity(v_text, v_text);
    perform set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    return query
    select p.id, 4
    from (
      select c.id, extensions.word_similarity(v_text, private.contact_text(c.name, c.username, c.attributes))
      from public.contacts c
      where c.tenant_id = $1
        and private.contact_text(c.name, c.username, c.attributes) operator(extensions.%>) v_text
      limit 400
    ) p (id, similarity)
    order by p.similarity desc, p.id
    limit $4;
  end if;
end;
$$;

/* A number that is looked for, and as the database writes it: with a Brazilian mobile's ninth digit. */
create function private.number_spellings(numbers text[])
  returns text[]
  language plpgsql
  immutable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select distinct s.spelling
    from unnest($1) n
    cross join lateral (
      values
        (n),
        (case when length(n) = 10 then substr(private.phone_key('55' || n), 3) end),
        (case when length(n) >= 12 then private.phone_key(n) end)
    ) s (spelling)
    where s.spelling is not null
  );
end;
$$;

-- sql/40_conversations.sql

/*
 * A conversation is one thread with one contact on one channel, from the first message until
 * somebody closes it. A contact has at most one open conversation a channel; what comes after
 * closing starts another.
 */

create type public.conversation_status as enum ('open', 'closed');
create type public.conversation_owner as enum ('human', 'bot', 'ai');
create type public.message_direction as enum ('in', 'out');

create table public.conversations (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  contact_id uuid not null,
  channel_id uuid not null,
  team_id uuid,
  assignee_id uuid,
  -- Since when its assignee has it (sql/43_assignment.sql); null while nobody does.
  assigned_at timestamptz,
  status public.conversation_status not null default 'open',
  -- Who answers. Every change raises the epoch, so that an automatic send that is late is refused.
  owner public.conversation_owner not null default 'human',
  owner_epoch integer not null default 0,
  -- The seq of the newest message; its row lock orders the thread.
  last_seq bigint not null default 0,
  read_seq bigint not null default 0,
  unread_count integer not null default 0 check (unread_count >= 0),
  -- The newest message by the provider's clock, however late it arrived. What we say ourselves takes the
  -- place without moving that clock: ours may run ahead of it, and would hide the answer.
  preview text not null default '',
  preview_kind text,
  preview_direction public.message_direction,
  preview_at timestamptz not null default '-infinity',
  -- When the newest message arrived here: the list's order.
  last_message_at timestamptz not null default now(),
  last_inbound_at timestamptz,
  waiting_since timestamptz,
  -- Until when free-form messages may be sent: 24 h after the customer's last message, 72 h after an ad.
  window_expires_at timestamptz,
  -- Imported history of a number's phone app: a closed thread of its own, so that live ones stay in order.
  is_history boolean not null default false,
  -- 0 none, 1 low, 2 medium, 3 high, 4 urgent.
  priority smallint not null default 0 check (priority between 0 and 4),
  -- Tags of the tenant; a trigger keeps strangers out.
  tag_ids uuid[] not null default '{}',
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  -- Out of the queue until then, or until the customer writes; 'infinity' only until the customer writes.
  snoozed_until timestamptz,
  is_spam boolean not null default false,
  -- When a person, or their phone, first answered.
  first_reply_at timestamptz,
  -- Until then nobody need ask whether the hours have ended (sql/81_away.sql).
  away_check_at timestamptz not null default '-infinity',
  -- When the next answer is due by the tenant's or the team's promise; null while nobody waits.
  sla_due_at timestamptz,
  -- Whether anybody follows it (sql/44_participants.sql): a message asks no table for followers where there are none.
  is_followed boolean not null default false,
  closed_at timestamptz,
  -- The conversation that it is an earlier part of (sql/44_merging_conversations.sql).
  merged_into_id uuid,
  -- The one list it stands in. Text, for its equality is leakproof: an index may be narrowed by it under row security.
  folder text not null generated always as (
    case
      when status = 'closed' then 'closed'
      when is_spam then 'spam'
      when snoozed_until is not null then 'snoozed'
      else 'open'
    end
  ) stored,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id),
  foreign key (tenant_id, channel_id) references public.channels (tenant_id, id),
  foreign key (tenant_id, assignee_id) references public.memberships (tenant_id, user_id) on delete set null (assignee_id),
  foreign key (tenant_id, merged_into_id) references public.conversations (tenant_id, id) on delete set null (merged_into_id),
  check ((status = 'closed') = (closed_at is not null)),
  check (merged_into_id is null or (status = 'closed' and merged_into_id <> id)),
  check (read_seq <= last_seq),
  check (not is_history or status = 'closed')
) with (fillfactor = 80);

comment on table public.conversations is 'One thread with one contact on one channel.';

create unique index conversations_one_open_idx on public.conversations (channel_id, contact_id) where status = 'open';
create unique index conversations_one_history_idx on public.conversations (channel_id, contact_id) where is_history;

-- One a list, each read newest first, 50 at a time, from one descent. By `folder`, whose equality is leakproof: comparing
-- the status, an enum, is not, so that under row security it may not narrow an index scan (a page of 18,000 open ones:
-- 20,000 blocks, against 310).
create index conversations_open_idx on public.conversations (tenant_id, last_message_at desc, id desc) where folder = 'open';
create index conversations_aside_idx on public.conversations (tenant_id, folder, last_message_at desc, id desc) where folder <> 'open';
create index conversations_open_mine_idx on public.conversations (tenant_id, assignee_id, last_message_at desc, id desc) where folder = 'open' and assignee_id is not null;
create index conversations_mine_idx on public.conversations (tenant_id, assignee_id, last_message_at desc, id desc) where assignee_id is not null;
-- `is null` leaves an index no order: nobody's has one of its own.
create index conversations_open_nobodys_idx on public.conversations (tenant_id, last_message_at desc, id desc) where folder = 'open' and assignee_id is null;
-- The other orders. Each holds only what it can put first; the rest follows, newest first, from the indexes above. One for
-- the whole tenant is enough: a part that is large is met every few entries, and one that is small is sorted.
create index conversations_longest_idx on public.conversations (tenant_id, waiting_since, id) where folder = 'open' and waiting_since is not null;
create index conversations_due_idx on public.conversations (tenant_id, sla_due_at, id) where folder = 'open' and sla_due_at is not null;
create index conversations_priority_idx on public.conversations (tenant_id, priority desc, last_message_at desc, id desc) where folder = 'open' and priority > 0::smallint;
create index conversations_contact_idx on public.conversations (tenant_id, contact_id, created_at desc);
create index conversations_channel_idx on public.conversations (tenant_id, channel_id);
-- What changed while a browser was away.
create index conversations_updated_idx on public.conversations (tenant_id, updated_at);

create trigger _100_touch
  before update on public.conversations
  for each row
  execute function private.tg_touch();

alter table public.conversations enable row level security;

create policy select_all_reader on public.conversations
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read_all'))));

create policy select_assignee on public.conversations
  for select to authenticated
  using (
    assignee_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_picker on public.conversations
  for select to authenticated
  using (
    assignee_id is null
    and team_id is null
    and tenant_id = any (array(select private.my_tenant_ids('conversations.pick')))
  );

grant select on public.conversations to authenticated;

/*
 * Whether the newest message of one, which came later, is also the newer by the provider's clock. That
 * clock counts seconds: of two in one the customer's is, so that nobody's question passes for answered,
 * and of two by the same side the one that came later. Has no `set`, so that the planner may inline it.
 */
create function private.is_newer(one public.conversations, other public.conversations)
  returns boolean
  language sql
  immutable
as $$
  select ($1.preview_at, $1.preview_direction = 'in') >= ($2.preview_at, $2.preview_direction = 'in')
$$;

/*
 * The conversation, locked, when the signed-in person sees it and has the permission. Raises
 * conversation_not_found where they do not see it (another tenant's row looks like no row), and
 * not_allowed where they see it but may not.
 */
create function private.lock_conversation(conversation_id uuid, permission text)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    -- Nobody locks, even for a moment, a row of a tenant that is not theirs.
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  for update;

  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  if not private.may(v_conversation.tenant_id, $2) then
    perform private.refuse(403, 'not_allowed', $2);
  end if;

  return v_conversation;
end;
$$;

/*
 * Notes that everything up to `seq` has been seen, and has the customer told. Never goes back. Raises conversation_not_found,
 * not_allowed: someone who may not answer reads without leaving a mark.
 */
create function public.mark_read(conversation_id uuid, seq bigint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_seq bigint := least(mark_read.seq, v_conversation.last_seq);
begin
  if v_seq is null or v_seq <= v_conversation.read_seq then
    return v_conversation;
  end if;
  if v_conversation.unread_count > 0 then
    perform private.enqueue_receipt(v_conversation);
  end if;

  update public.conversations c
  set
    read_seq = v_seq,
    unread_count = case
      when v_seq = c.last_seq or c.is_spam then 0
      else (
        select count(*)
        from public.messages m
        where m.tenant_id = c.tenant_id
          and m.conversation_id = c.id
          and m.seq > v_seq
          and m.counts_unread
      )
    end
  where c.id = v_conversation.id
  returning c.* into v_conversation;

  return v_conversation;
end;
$$;

grant execute on function public.mark_read(uuid, bigint) to authenticated;

-- sql/40_inbox_counts.sql

/*
 * How many conversations stand in each view, kept and never counted: one cell for each folder, team and assignee of a
 * tenant, a few thousand where a count would read a million. What a person sees in each view is a sum of cells.
 *
 * A change of cell is written down, not added at once: a thousand receivers opening conversations would otherwise stand
 * in line for the row of "open and nobody's". Whoever looks sums both, and folds what has gathered into the cells. The
 * ordinary message changes no cell, and writes nothing here.
 */

create table private.inbox_cells (
  tenant_id uuid not null references public.tenants on delete cascade,
  folder text not null,
  team_id uuid,
  assignee_id uuid,
  count bigint not null,
  unique nulls not distinct (tenant_id, folder, team_id, assignee_id)
);

-- Not tied to tenants: each row would lock the tenant's once more.
create table private.inbox_changes (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  folder text not null,
  team_id uuid,
  assignee_id uuid,
  delta bigint not null
);

create index inbox_changes_tenant_idx on private.inbox_changes (tenant_id, id);

alter table private.inbox_cells enable row level security;
alter table private.inbox_changes enable row level security;

/* Writes down that a conversation left one cell and came to another. */
create function private.tg_conversations__count()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if tg_op <> 'INSERT' then
    -- A tenant that goes takes its cells along.
    if tg_op = 'DELETE' and not exists (select from public.tenants t where t.id = old.tenant_id) then
      return null;
    end if;
    insert into private.inbox_changes (tenant_id, folder, team_id, assignee_id, delta)
    values (old.tenant_id, old.folder, old.team_id, old.assignee_id, -1);
  end if;
  if tg_op <> 'DELETE' then
    insert into private.inbox_changes (tenant_id, folder, team_id, assignee_id, delta)
    values (new.tenant_id, new.folder, new.team_id, new.assignee_id, 1);
  end if;
  return null;
end;
$$;

create trigger _700_count
  after insert or delete on public.conversations
  for each row
  execute function private.tg_conversations__count();

create trigger _700_count_update
  after update on public.conversations
  for each row
  when (
    old.folder <> new.folder
    or old.team_id is distinct from new.team_id
    or old.assignee_id is distinct from new.assignee_id
    or old.tenant_id <> new.tenant_id
  )
  execute function private.tg_conversations__count();

/* Adds what was written down to the cells, some thousands at a time; one fold a tenant at once, others go on without. Gives how many. */
create function private.fold_inbox_changes(tenant_id uuid, at_least integer default 1)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_folded integer;
begin
  if (select count(*) from (select from private.inbox_changes c where c.tenant_id = $1 limit $2) gathered) < $2
    or not pg_try_advisory_xact_lock(hashtextextended('inbox_cells ' || $1, 0))
  then
    return 0;
  end if;

  with gone as (
    delete from private.inbox_changes c
    where c.id in (select n.id from private.inbox_changes n where n.tenant_id = $1 order by n.id limit 5000)
    returning c.folder, c.team_id, c.assignee_id, c.delta
  ),
  summed as (
    insert into private.inbox_cells as cell (tenant_id, folder, team_id, assignee_id, count)
    select $1, g.folder, g.team_id, g.assignee_id, sum(g.delta)
    from gone g
    group by g.folder, g.team_id, g.assignee_id
    having sum(g.delta) <> 0
    on conflict (tenant_id, folder, team_id, assignee_id) do update set count = cell.count + excluded.count
  )
  select count(*) into v_folded from gone;

  -- People and teams come and go: an empty cell is not kept.
  delete from private.inbox_cells c
  where c.tenant_id = $1
    and c.count = 0;
  return v_folded;
end;
$$;

/* Folds every tenant's, for the nights when nobody looks. Gives how many; called until there is no more. */
create function private.fold_inbox_counts()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  -- Of tenants that are gone nothing is kept.
  delete from private.inbox_changes c
  where not exists (select from public.tenants t where t.id = c.tenant_id);
  return coalesce((select sum(private.fold_inbox_changes(t.id)) from public.tenants t), 0);
end;
$$;

grant execute on function private.fold_inbox_counts() to prosa_worker;

/* What each cell of a tenant holds: the cells and what is not folded yet, in one snapshot. */
create function private.inbox_cells_of(tenant_id uuid)
  returns table (folder text, team_id uuid, assignee_id uuid, count bigint)
  language sql
  stable
as $$
  select k.folder, k.team_id, k.assignee_id, sum(k.count)::bigint
  from (
    select c.folder, c.team_id, c.assignee_id, c.count from private.inbox_cells c where c.tenant_id = $1
    union all
    select n.folder, n.team_id, n.assignee_id, n.delta from private.inbox_changes n where n.tenant_id = $1
  ) k
  group by k.folder, k.team_id, k.assignee_id
$$;

/*
 * Counts a tenant's conversations and writes down what the cells were wrong by, which is nothing unless triggers were
 * off. In one snapshot and beside running receivers. Gives how many cells were wrong.
 */
create function private.rebuild_inbox_counts(tenant_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_wrong integer;
begin
  with counted as (
    select c.folder, c.team_id, c.assignee_id, count(*) as count
    from public.conversations c
    where c.tenant_id = $1
    group by c.folder, c.team_id, c.assignee_id
  ),
  wrong as (
    select
      coalesce(counted.folder, kept.folder) as folder,
      case when counted.folder is null then kept.team_id else counted.team_id end as team_id,
      case when counted.folder is null then kept.assignee_id else counted.assignee_id end as assignee_id,
      coalesce(counted.count, 0) - coalesce(kept.count, 0) as delta
    from counted
    -- A full join is by equality alone, which null has none of.
    full join private.inbox_cells_of($1) kept
      on kept.folder = counted.folder
      and coalesce(kept.team_id::text, '') = coalesce(counted.team_id::text, '')
      and coalesce(kept.assignee_id::text, '') = coalesce(counted.assignee_id::text, '')
  )
  insert into private.inbox_changes (tenant_id, folder, team_id, assignee_id, delta)
  select $1, w.folder, w.team_id, w.assignee_id, w.delta
  from wrong w
  where w.delta <> 0;
  get diagnostics v_wrong = row_count;
  return v_wrong;
end;
$$;

/*
 * How many conversations the signed-in person sees in each view: {mine, unassigned, all, snoozed, spam, closed, mentions,
 * teams: {<id>: n}}. `mentions` are conversations with one that is unread; the others as the lists show them, to the
 * unit. Raises tenant_not_found.
 */
create function public.inbox_counts(tenant_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_me uuid := auth.uid();
  v_all boolean := private.may($1, 'conversations.read_all');
  v_picks boolean := private.may($1, 'conversations.pick');
  v_teams uuid[] := array(select m.team_id from public.team_members m where m.tenant_id = $1 and m.user_id = v_me);
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  perform private.fold_inbox_changes($1, 200);

  return (
    with seen as materialized (
      select c.*
      from private.inbox_cells_of($1) c
      where v_all
        or c.assignee_id = v_me
        or c.team_id = any (v_teams)
        or (v_picks and c.assignee_id is null and c.team_id is null)
    )
    select jsonb_build_object(
      'mine', coalesce(sum(s.count) filter (where s.folder = 'open' and s.assignee_id = v_me), 0),
      'unassigned', coalesce(sum(s.count) filter (where s.folder = 'open' and s.assignee_id is null), 0),
      'all', coalesce(sum(s.count) filter (where s.folder = 'open'), 0),
      'snoozed', coalesce(sum(s.count) filter (where s.folder = 'snoozed'), 0),
      'spam', coalesce(sum(s.count) filter (where s.folder = 'spam'), 0),
      'closed', coalesce(sum(s.count) filter (where s.folder = 'closed'), 0),
      'mentions', (
        select count(distinct c.id)
        from public.mentions n
        join public.conversations c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
        where n.tenant_id = $1
          and n.user_id = v_me
          and n.read_at is null
          and (
            v_all
            or c.assignee_id = v_me
            or c.team_id = any (v_teams)
            or (v_picks and c.assignee_id is null and c.team_id is null)
          )
      ),
      'teams', (
        select coalesce(jsonb_object_agg(t.team_id, t.count), '{}')
        from (
          select o.team_id, sum(o.count) as count
          from seen o
          where o.folder = 'open'
            and o.team_id is not null
          group by o.team_id
          having sum(o.count) > 0
        ) t
      )
    )
    from seen s
  );
end;
$$;

grant execute on function public.inbox_counts(uuid) to authenticated;

-- sql/41_activity.sql

/*
 * What was done to a conversation stands in its thread, as private messages of kind `activity`: given to Ana, closed,
 * tagged, snoozed. Triggers write them, so that nobody can forget to. One update of a conversation is one activity that
 * holds all its changes, and takes its place in the thread in that same update.
 *
 * content: {kind, changes: [{type, …}], cause?}, core's ActivityContent. Names are kept as they were: what is told stays readable when a tag, a team
 * or a person is gone.
 */

/*
 * Says why the changes that follow in this transaction happen: {type: rule | macro | routing | schedule | hours, id,
 * name, note?}. Null: nobody's doing but the person's who is signed in. Returns what was said before, to put it back.
 */
create function private.set_cause(cause jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_before jsonb := private.cause();
begin
  perform set_config('prosa.cause', coalesce(cause::text, ''), true);
  return v_before;
end;
$$;

/* Why what happens now happens; null where nothing was said. */
create function private.cause()
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return nullif(current_setting('prosa.cause', true), '')::jsonb;
end;
$$;

/*
 * Has the changes that follow in this transaction told to nobody (true), or told again: housekeeping, such as a deleted
 * tag that is taken off thousands of conversations.
 */
create function private.set_quiet(quiet boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform set_config('prosa.quiet', case when quiet then 'on' else '' end, true);
end;
$$;

/* Takes the next place in the thread for the activity; messages that the same update makes room for come behind it. */
create function private.tg_conversations__take_activity_seq()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if current_setting('prosa.quiet', true) = 'on' then
    return new;
  end if;
  new.last_seq := new.last_seq + 1;
  -- What was read stays read: an activity is nothing new to read.
  if new.read_seq >= old.last_seq then
    new.read_seq := new.read_seq + 1;
  end if;
  return new;
end;
$$;

/* A person as they are called now, for what is told: {id, name}. */
create function private.named_member(tenant_id uuid, user_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'id', user_id,
    'name', (select m.display_name from public.memberships m where m.tenant_id = $1 and m.user_id = $2)
  );
end;
$$;

/* The changes between two versions of a conversation, as activities tell them. */
create function private.changes_between(before public.conversations, after public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_changes jsonb := '[]';
begin
  if after.status <> before.status then
    v_changes := v_changes || jsonb_build_object('type', case when after.status = 'closed' then 'closed' else 'reopened' end);
  end if;
  if after.is_spam <> before.is_spam then
    v_changes := v_changes || jsonb_build_object('type', 'spam', 'to', after.is_spam);
  end if;
  if after.snoozed_until is distinct from before.snoozed_until and after.status = before.status and after.is_spam = before.is_spam then
    v_changes := v_changes || case
      when after.snoozed_until is not null then jsonb_build_object('type', 'snoozed', 'until', after.snoozed_until)
      else jsonb_build_object('type', 'woke', 'by', case
        when after.unread_count > before.unread_count then 'answer'
        when auth.uid() is not null or private.cause() is not null then 'person'
        else 'time'
      end)
    end;
  end if;
  if after.team_id is distinct from before.team_id then
    v_changes := v_changes || jsonb_build_object(
      'type', 'team',
      'from', (select jsonb_build_object('id', t.id, 'name', t.name) from public.teams t where t.id = before.team_id),
      'to', (select jsonb_build_object('id', t.id, 'name', t.name) from public.teams t where t.id = after.team_id)
    );
  end if;
  if after.assignee_id is distinct from before.assignee_id then
    v_changes := v_changes || jsonb_build_object(
      'type', 'assignee',
      'from', case when before.assignee_id is not null then private.named_member(after.tenant_id, before.assignee_id) end,
      'to', case when after.assignee_id is not null then private.named_member(after.tenant_id, after.assignee_id) end
    );
  end if;
  if after.priority <> before.priority then
    v_changes := v_changes || jsonb_build_object('type', 'priority', 'from', before.priority, 'to', after.priority);
  end if;
  if after.tag_ids <> before.tag_ids then
    v_changes := v_changes || (
      select jsonb_build_object(
        'type', 'tags',
        'added', coalesce(jsonb_agg(t.told order by t.position) filter (where t.id <> all (before.tag_ids)), '[]'),
        'removed', coalesce(jsonb_agg(t.told order by t.position) filter (where t.id <> all (after.tag_ids)), '[]')
      )
      from (
        select g.id, g.position, jsonb_build_object('id', g.id, 'name', g.name, 'color', g.color) as told
        from public.tags g
        where g.tenant_id = after.tenant_id
          and g.id = any (before.tag_ids || after.tag_ids)
      ) t
    );
  end if;
  return v_changes;
end;
$$;

/* Writes the activity into the place that was taken for it. */
create function private.tg_conversations__tell_activity()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_cause jsonb := private.cause();
  -- A macro is run by a person; the other causes act by themselves, in whoever's transaction.
  v_person uuid := case when v_cause is null or v_cause ->> 'type' = 'macro' then auth.uid() end;
begin
  if current_setting('prosa.quiet', true) = 'on' then
    return null;
  end if;
  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, status, is_private
  )
  select
    new.tenant_id, new.id, new.contact_id, new.channel_id, old.last_seq + 1, 'out',
    case when v_person is null then 'system' else 'agent' end::public.message_author, v_person, 'activity',
    jsonb_strip_nulls(jsonb_build_object('kind', 'activity', 'changes', private.changes_between(old, new), 'cause', v_cause)), 'sent', true
  -- It may be gone with its tenant, which took the people away first.
  where exists (select from public.conversations c where c.id = new.id);
  return null;
end;
$$;

create trigger _150_own_tags
  before insert or update of tag_ids on public.conversations
  for each row
  when (new.tag_ids <> '{}')
  execute function private.tg_keep_own_tags();

create trigger _200_activity
  before update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.snoozed_until is distinct from new.snoozed_until
    or old.is_spam <> new.is_spam
    or old.priority <> new.priority
    or old.tag_ids <> new.tag_ids
  )
  execute function private.tg_conversations__take_activity_seq();

create trigger _500_activity
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.snoozed_until is distinct from new.snoozed_until
    or old.is_spam <> new.is_spam
    or old.priority <> new.priority
    or old.tag_ids <> new.tag_ids
  )
  execute function private.tg_conversations__tell_activity();

-- sql/41_closing.sql

/* Closing a conversation and opening it again: by hand, by many at once, by a macro or by a rule. */

/*
 * Closes a conversation; closing it twice keeps the first `closed_at`. Every way of closing comes through here. Raises
 * attributes_required (detail: the labels) where its attributes do not say yet what closing needs.
 */
create function private.apply_close(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_missing text;
begin
  if conversation.status = 'open' then
    v_missing := private.missing_on_close(conversation);
    if v_missing is not null then
      perform private.refuse(422, 'attributes_required', v_missing);
    end if;
    update public.conversations c
    set
      status = 'closed',
      closed_at = now(),
      waiting_since = null,
      snoozed_until = null
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/*
 * Closes a conversation. Closing it twice keeps the first `closed_at`. Raises conversation_not_found, not_allowed,
 * attributes_required (detail: the labels).
 */
create function public.close_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_close(private.lock_conversation(conversation_id, 'conversations.close'));
end;
$$;

/* Opens a closed conversation again. Raises conversation_is_history, conversation_merged, conversation_open_elsewhere. */
create function private.apply_reopen(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.status = 'open' then
    return conversation;
  end if;
  if conversation.is_history then
    perform private.refuse(409, 'conversation_is_history');
  end if;
  if conversation.merged_into_id is not null then
    perform private.refuse(409, 'conversation_merged');
  end if;

  begin
    update public.conversations c
    set
      status = 'open',
      closed_at = null
    where c.id = conversation.id
    returning c.* into conversation;
  exception when unique_violation then
    perform private.refuse(409, 'conversation_open_elsewhere');
  end;
  return conversation;
end;
$$;

/*
 * Opens a closed conversation again. Raises conversation_not_found, not_allowed, conversation_is_history, conversation_merged, and
 * conversation_open_elsewhere where the contact has meanwhile begun another.
 */
create function public.reopen_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_reopen(private.lock_conversation(conversation_id, 'conversations.close'));
end;
$$;

grant execute on function
  public.close_conversation(uuid),
  public.reopen_conversation(uuid)
to authenticated;

-- sql/41_messages.sql

/*
 * A message is one thing said in a conversation, in or out. Partitioned by the month it arrived, so
 * that old months can be moved or dropped whole; partitions are made ahead by a job.
 *
 * What makes a provider's message one message stands beside it in `private.message_keys`: a
 * partitioned table can hold no unique index without its partition key.
 */

create type public.message_author as enum ('contact', 'agent', 'bot', 'ai', 'system');

-- In this order a status may only rise. `failed` is final unless a later `delivered` proves it wrong.
create type public.message_status as enum ('received', 'queued', 'sending', 'sent', 'delivered', 'read', 'failed');

create table public.messages (
  id uuid not null default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  contact_id uuid not null,
  channel_id uuid not null,
  seq bigint not null check (seq > 0),
  direction public.message_direction not null,
  author public.message_author not null,
  author_id uuid,
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  content jsonb not null,
  body text not null default '',
  -- The address it came from, or was sent to from a phone app (`kind:value`): whose it is when contacts are parted.
  identity text,
  external_id text,
  client_id uuid,
  -- What it answers, reacts to, edits or revokes: the provider's id, and our own where it is known.
  target_external_id text,
  quoted_message_id uuid,
  status public.message_status not null,
  -- Why it failed, or what a person should look at: {code, title, details}.
  error jsonb,
  counts_unread boolean not null default false,
  -- 0: somebody waits for it. 1: bulk (campaigns), which goes when nobody waits.
  lane smallint not null default 0 check (lane in (0, 1)),
  -- Said among colleagues, never to the customer: notes (kind note) and what was done (kind activity).
  is_private boolean not null default false,
  -- Where its file stands in storage, and what is known of it: core/src/media/media.ts. Null: it has none.
  media jsonb,
  -- The provider's clock; `created_at` is ours.
  sent_at timestamptz not null default now(),
  edited_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id, created_at),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  check ((direction = 'in') = (status = 'received')),
  -- Activities are written by triggers and have an id of nobody's.
  check (direction = 'in' or client_id is not null or external_id is not null or kind = 'activity'),
  -- What is private was never on its way to anybody.
  check ((kind in ('note', 'activity')) = is_private),
  check (not is_private or (status = 'sent' and external_id is null and not counts_unread))
) partition by range (created_at);

comment on table public.messages is 'One thing said in a conversation. `seq` orders the thread.';

-- The thread: newest 50, or what came after a cursor, from one descent a partition.
create index messages_thread_idx on public.messages (tenant_id, conversation_id, seq desc);

-- What messages are found by, and in which stretch of time: sql/34_search.sql. Both lists of rows are exact: from a
-- BRIN of times the common rows would be whole pages, and the words of each message on them be made again.
create index messages_search_idx on public.messages
  using gin (tenant_id, private.search_vector(body))
  where body <> '' and kind not in ('reaction', 'edit', 'revoke', 'activity');
-- The predicate keeps it from whoever asks for a message by its key: before a partition has statistics, the planner
-- would walk through all that were written in one transaction.
create index messages_arrived_idx on public.messages (tenant_id, created_at)
  where body <> '' and kind not in ('reaction', 'edit', 'revoke', 'activity');

-- All that was said with one person, over every conversation and channel: sql/48_contact_story.sql.
create index messages_contact_idx on public.messages (tenant_id, contact_id, sent_at desc)
  where kind not in ('reaction', 'edit', 'revoke');
-- Their files by kind, newest first. Few messages have one.
create index messages_files_idx on public.messages (tenant_id, contact_id, kind, sent_at desc)
  where media is not null;

-- Browsers tell two versions of a message by it: a status that failed, an edit, a row that comes late.
create trigger _100_touch
  before update on public.messages
  for each row
  execute function private.tg_touch();

alter table public.messages enable row level security;

-- Whoever sees the conversation sees its messages: the policies of `conversations` decide. Those who
-- read everything are spared the look at each message's conversation.
create policy select_conversation_reader on public.messages
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read_all')))
    or (
      tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
      and exists (
        select
        from public.conversations c
        where c.tenant_id = messages.tenant_id
          and c.id = messages.conversation_id
      )
    )
  );

grant select on public.messages to authenticated;

/*
 * One row a message that a provider, or a client, has given an id. It makes a delivery exactly-once
 * and finds the message of a status, quote or reaction without asking every partition.
 */
create table private.message_keys (
  channel_id uuid not null,
  external_id text not null,
  tenant_id uuid not null,
  message_id uuid not null,
  created_at timestamptz not null,
  -- What the id was given to. A provider that gives one id to two different messages loses neither.
  fingerprint uuid not null,
  primary key (channel_id, external_id)
);

create table private.client_keys (
  tenant_id uuid not null,
  client_id uuid not null,
  message_id uuid not null,
  created_at timestamptz not null,
  primary key (tenant_id, client_id)
);

create index on private.client_keys (message_id);

/*
 * What stays the same however often a message is delivered, and whatever later versions of the
 * parser make of its content.
 */
create function private.fingerprint(direction text, kind text, sent_at text, body text)
  returns uuid
  language sql
  immutable
as $$
  select md5($1 || '|' || $2 || '|' || $3 || '|' || $4)::uuid
$$;

/* What arrived before the message it speaks of: statuses, edits, revocations. Nearly always empty. */
create table private.early_events (
  channel_id uuid not null,
  external_id text not null,
  event jsonb not null,
  created_at timestamptz not null default now()
);

create unique index early_events_once_idx on private.early_events (channel_id, external_id, md5(event::text));
create index on private.early_events (created_at);

alter table private.message_keys enable row level security;
alter table private.client_keys enable row level security;
alter table private.early_events enable row level security;

/*
 * Forgets what has waited 30 days for a message that never came, such as statuses of what other software
 * sends from the same number. Meta redelivers for 7 days at most. Returns how many, 10,000 at most.
 */
create function private.purge_early_events()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.early_events
  where ctid = any (array(
    select e.ctid
    from private.early_events e
    where e.created_at < now() - interval '30 days'
    order by e.created_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_early_events() to prosa_worker;

/*
 * What happened to a message after it was written: sent, delivered, read, failed, edited, revoked,
 * in whatever order it was told. Append-only; partitioned by its message's month.
 */
create table public.message_events (
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  type text not null check (type ~ '^[a-z_]{1,40}$'),
  occurred_at timestamptz not null,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (tenant_id, message_id, type, occurred_at, message_created_at),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
) partition by range (message_created_at);

comment on table public.message_events is 'What happened to a message after it was written. Append-only.';

alter table public.message_events enable row level security;

create policy select_message_reader on public.message_events
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_events.tenant_id
        and m.id = message_events.message_id
        and m.created_at = message_events.message_created_at
    )
  );

grant select on public.message_events to authenticated;

/*
 * Makes the partitions of this month and the next three. Safe to run at any time; a job runs it daily.
 * What falls outside lands in the default partition, so that nothing is ever refused. Returns how many it made.
 */
create function private.make_partitions()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_table text;
  v_month date;
  v_name text;
  v_made integer := 0;
begin
  foreach v_table in array array['messages', 'message_events'] loop
    for v_month in
      select generate_series(date_trunc('month', now()), date_trunc('month', now()) + interval '3 months', interval '1 month')
    loop
      v_name := v_table || '_' || to_char(v_month, 'YYYYMM');
      if to_regclass('public.' || v_name) is null then
        execute format(
          'create table public.%I partition of public.%I for values from (%L) to (%L)',
          v_name, v_table, v_month::timestamptz, (v_month + interval '1 month')::timestamptz
        );
        perform private.guard_partition(v_name);
        v_made := v_made + 1;
      end if;
    end loop;
  end loop;
  return v_made;
end;
$$;

/* A partition is never touched by name: row security on, no policies, no grants. */
create function private.guard_partition(name text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  execute format('alter table public.%I enable row level security', name);
  execute format('revoke all on public.%I from anon, authenticated', name);
end;
$$;

create table public.messages_default partition of public.messages default;
create table public.message_events_default partition of public.message_events default;

select private.guard_partition('messages_default');
select private.guard_partition('message_events_default');
select private.make_partitions();

grant execute on function private.make_partitions() to prosa_worker;

-- sql/41_threads.sql

/*
 * A thread by its pages. Planning a read of all months' partitions under row security takes several times what reading 50
 * messages does; here the plan is kept, and who may see the conversation is asked once instead of at every message.
 */

/*
 * Messages of a conversation: the newest `most` before a place, newest first; or, with `since`, from that place on, oldest
 * first, up to `before`. None where the signed-in person doesn't see the conversation, as of the table itself.
 */
create function public.thread_messages(
  conversation_id uuid,
  before bigint default null,
  since bigint default null,
  most integer default 50
)
  returns setof public.messages
  language plpgsql
  stable
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  rows 50
as $$
declare
  v_conversation public.conversations;
  v_before bigint := coalesce($2, 9223372036854775807);
  v_most integer := least(greatest(coalesce($4, 50), 0), 500);
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1;
  -- As the table's own policy.
  if v_conversation.id is null
    or not (
      private.may(v_conversation.tenant_id, 'conversations.read_all')
      or (private.may(v_conversation.tenant_id, 'conversations.read') and private.sees_conversation(v_conversation))
    )
  then
    return;
  end if;
  if $3 is null then
    return query
    select m.*
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = v_conversation.id
      and m.seq < v_before
    order by m.seq desc
    limit v_most;
  else
    return query
    select m.*
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = v_conversation.id
      and m.seq >= $3
      and m.seq < v_before
    order by m.seq
    limit v_most;
  end if;
end;
$$;

grant execute on function public.thread_messages(uuid, bigint, bigint, integer) to authenticated;

-- sql/42_availability.sql

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

-- sql/42_teams.sql

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

-- sql/43_assignment.sql

/*
 * Whose a conversation is. Given by hand (assign), taken where nobody has it yet (take), passed on with a
 * word (transfer), or given by the router (sql/43_routing.sql): all through one function, under the lock of
 * its row, so that no race gives it to two people.
 *
 * Who gives a conversation away may lose sight of it. Then the answer is an empty row: where it stands now is
 * not theirs to know. For a minute they may take back what they did, as long as nobody has touched it.
 */

/* Keeps the moment a conversation came to its assignee. Named columns: the message path pays nothing. */
create function private.tg_conversations__assigned_at()
  returns trigger
  language plpgsql
as $$
begin
  new.assigned_at := case when new.assignee_id is not null then clock_timestamp() end;
  return new;
end;
$$;

create trigger _200_assigned_at
  before update of assignee_id on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id)
  execute function private.tg_conversations__assigned_at();

/* The last time a person gave a conversation away, and how it stood before: what undoing needs. One row a conversation. */
create table private.handovers (
  conversation_id uuid primary key,
  tenant_id uuid not null,
  by_id uuid not null,
  from_team_id uuid,
  from_assignee_id uuid,
  to_team_id uuid,
  to_assignee_id uuid,
  at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

create index on private.handovers (tenant_id, conversation_id);

alter table private.handovers enable row level security;

/* The conversation where the signed-in person sees it as it stands now, an empty row where they don't. */
create function private.as_seen(conversation public.conversations)
  returns public.conversations
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return case when private.sees_conversation($1) then $1 end;
end;
$$;

/* Whether a member may be given conversations: those who may answer. */
create function private.may_be_assigned(tenant_id uuid, user_id uuid)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.member_may($1, $2, 'conversations.reply');
end;
$$;

/*
 * Gives a locked conversation to a team (null: none) and a member (null: nobody). Asks nobody's permission: for
 * the doors below, rules, macros and the router. Changes nothing where it stands so already.
 * Raises conversation_closed, team_not_found, assignee_not_member.
 */
create function private.apply_assignment(conversation public.conversations, team_id uuid, assignee_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := $1;
begin
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if $2 is distinct from v_conversation.team_id and $2 is not null and not exists (
    select
    from public.teams t
    where t.tenant_id = v_conversation.tenant_id
      and t.id = $2
      and t.archived_at is null
  ) then
    perform private.refuse(404, 'team_not_found');
  end if;
  if $3 is not null and not private.may_be_assigned(v_conversation.tenant_id, $3) then
    perform private.refuse(422, 'assignee_not_member');
  end if;
  if ($2, $3) is not distinct from (v_conversation.team_id, v_conversation.assignee_id) then
    return v_conversation;
  end if;

  update public.conversations c
  set
    team_id = $2,
    assignee_id = $3
  where c.id = v_conversation.id
  returning c.* into v_conversation;
  return v_conversation;
end;
$$;

/* Remembers how a conversation stood before a person gave it away, so that they can take that back. */
create function private.remember_handover(before public.conversations, after public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if ($1.team_id, $1.assignee_id) is not distinct from ($2.team_id, $2.assignee_id) then
    return;
  end if;
  insert into private.handovers as h (conversation_id, tenant_id, by_id, from_team_id, from_assignee_id, to_team_id, to_assignee_id)
  values ($1.id, $1.tenant_id, auth.uid(), $1.team_id, $1.assignee_id, $2.team_id, $2.assignee_id)
  on conflict (conversation_id) do update
  set
    by_id = excluded.by_id,
    from_team_id = excluded.from_team_id,
    from_assignee_id = excluded.from_assignee_id,
    to_team_id = excluded.to_team_id,
    to_assignee_id = excluded.to_assignee_id,
    at = excluded.at;
end;
$$;

/*
 * Gives a conversation to a member who may answer, or to nobody (null); its team stays. Idempotent. Answers an
 * empty row where the person no longer sees it.
 * Raises conversation_not_found, not_allowed, conversation_closed, assignee_not_member.
 */
create function public.assign_conversation(conversation_id uuid, assignee_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations := private.lock_conversation(conversation_id, 'conversations.assign');
  v_after public.conversations := private.apply_assignment(v_before, v_before.team_id, assign_conversation.assignee_id);
begin
  perform private.remember_handover(v_before, v_after);
  return private.as_seen(v_after);
end;
$$;

/*
 * Takes a conversation for oneself where nobody has it, or where it is `over`'s still: whom the person saw
 * before taking it over. Of any number who take it at once, one has it, and the others are told who.
 * Taking one's own changes nothing. Raises conversation_taken (detail: who has it, {user_id, name}),
 * conversation_not_found, not_allowed, conversation_closed, assignee_not_member.
 */
create function public.take_conversation(conversation_id uuid, over uuid default null)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations;
  v_after public.conversations;
begin
  select c.* into v_before
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.assign')))
  for update;

  -- Who was a moment too late no longer sees it; who saw it then may know who was faster, for five minutes.
  if v_before.assignee_id <> auth.uid()
    and v_before.status = 'open'
    and not private.sees_conversation(v_before)
    and v_before.assigned_at > clock_timestamp() - interval '5 minutes'
    and v_before.team_id is null
    and private.may(v_before.tenant_id, 'conversations.pick')
  then
    perform private.refuse_taken(v_before);
  end if;

  v_before := private.lock_conversation(conversation_id, 'conversations.assign');
  if v_before.assignee_id is distinct from auth.uid() and v_before.assignee_id is distinct from over and v_before.assignee_id is not null then
    perform private.refuse_taken(v_before);
  end if;
  v_after := private.apply_assignment(v_before, v_before.team_id, auth.uid());
  perform private.remember_handover(v_before, v_after);
  return v_after;
end;
$$;

/* Raises conversation_taken with who has it. */
create function private.refuse_taken(conversation public.conversations)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.refuse(409, 'conversation_taken', (
    select jsonb_build_object('user_id', m.user_id, 'name', m.display_name)::text
    from public.memberships m
    where m.tenant_id = $1.tenant_id
      and m.user_id = $1.assignee_id
  ));
end;
$$;

/*
 * Passes a conversation on: to a team, where it waits for whoever is next, or to a person (in a team or in
 * none); what is said with it becomes a private note. Who passes it on may lose sight of it; then the answer is an empty row. The same transfer again
 * changes nothing.
 * Raises conversation_not_found, not_allowed, conversation_closed, transfer_nowhere, team_not_found,
 * assignee_not_member, note_invalid.
 */
create function public.transfer_conversation(conversation_id uuid, team_id uuid, assignee_id uuid, note text default null)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations := private.lock_conversation(conversation_id, 'conversations.assign');
  v_after public.conversations;
begin
  if $2 is null and $3 is null then
    perform private.refuse(422, 'transfer_nowhere');
  end if;
  if ($2, $3) is not distinct from (v_before.team_id, v_before.assignee_id) then
    return v_before;
  end if;
  -- Before it goes, while who writes it still sees it; it stands above the line that tells of the transfer.
  if trim(note) <> '' then
    perform private.apply_note(v_before, null, jsonb_build_object('text', note));
  end if;
  v_after := private.apply_assignment(v_before, $2, $3);
  perform private.remember_handover(v_before, v_after);
  if $3 is distinct from v_before.assignee_id then
    perform private.notify(
      v_after.tenant_id, array[$3], 'transferred', v_after.id, null, jsonb_strip_nulls(jsonb_build_object('note', nullif(trim(note), '')))
    );
  end if;
  return private.as_seen(v_after);
end;
$$;

/*
 * Takes back what one did a minute ago at most: the conversation stands as before, where nobody has
 * given it on since. The one thing a person may do to a conversation that they no longer see.
 * Raises handover_final, conversation_closed.
 */
create function public.undo_handover(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_handover private.handovers;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.assign')))
  for update;

  select h.* into v_handover
  from private.handovers h
  where h.conversation_id = v_conversation.id
    and h.by_id = auth.uid()
    and h.at > clock_timestamp() - interval '1 minute'
    and (h.to_team_id, h.to_assignee_id) is not distinct from (v_conversation.team_id, v_conversation.assignee_id);
  if not found then
    perform private.refuse(409, 'handover_final');
  end if;

  delete from private.handovers h where h.conversation_id = v_conversation.id;
  return private.as_seen(private.apply_assignment(v_conversation, v_handover.from_team_id, v_handover.from_assignee_id));
end;
$$;

grant execute on function
  public.assign_conversation(uuid, uuid),
  public.take_conversation(uuid, uuid),
  public.transfer_conversation(uuid, uuid, uuid, text),
  public.undo_handover(uuid)
to authenticated;

-- sql/43_merging.sql

/*
 * Two contacts turn out to be one person: one event names identities of both, or somebody who may says
 * so. Their threads on the same channel become one. What each had is written down first, so that they
 * can be parted again (43_parting.sql).
 */

create table public.contact_merges (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Merges of one contact are undone newest first.
  position bigint generated always as identity,
  -- No foreign keys: whom it keeps may itself be merged into somebody later.
  kept_id uuid not null,
  gone_id uuid not null,
  kept_name text not null,
  gone_name text not null,
  -- The addresses that came along: [{kind, value, address}].
  gone_identities jsonb not null,
  -- What one event named together, and when by the provider's clock: {identities, at}. Null: a person's word.
  evidence jsonb,
  -- Null: the door.
  merged_by uuid,
  -- The transaction's time, as messages have it: what it stores itself comes after.
  merged_at timestamptz not null default now(),
  parted_by uuid,
  parted_at timestamptz
);

comment on table public.contact_merges is 'Two contacts that became one, and may be parted again.';

create index on public.contact_merges (tenant_id, kept_id, position desc);
create index on public.contact_merges (tenant_id, gone_id);

alter table public.contact_merges enable row level security;

create policy select_member on public.contact_merges
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.contact_merges to authenticated;

/*
 * How everything was before a merge, for whoever parts it: both contacts, the kept one as it became, and
 * all their conversations [{side: kept | gone, row, joined_into}]. Private: it shows conversations whole.
 */
create table private.merge_snapshots (
  merge_id uuid primary key references public.contact_merges on delete cascade,
  kept jsonb not null,
  gone jsonb not null,
  merged jsonb,
  conversations jsonb not null
);

/* Where each message of the contact that went stood. */
create table private.merged_messages (
  merge_id uuid not null references public.contact_merges on delete cascade,
  message_id uuid not null,
  message_created_at timestamptz not null,
  conversation_id uuid not null,
  seq bigint not null,
  primary key (merge_id, message_id)
);

alter table private.merge_snapshots enable row level security;
alter table private.merged_messages enable row level security;

/* Puts the messages of one conversation at the end of another of the same contact and channel, and removes the empty one. */
create function private.join_conversations(keep public.conversations, gone public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  -- Before its messages, in the order in which a worker takes both.
  delete from private.outbox o where o.conversation_id = gone.id;

  update public.messages m
  set
    conversation_id = keep.id,
    contact_id = keep.contact_id,
    seq = keep.last_seq + moved.position
  from (
    select id, created_at, row_number() over (order by seq) as position
    from public.messages
    where tenant_id = gone.tenant_id
      and conversation_id = gone.id
  ) moved
  where m.tenant_id = gone.tenant_id
    and m.id = moved.id
    and m.created_at = moved.created_at;

  update public.conversations c
  set
    last_seq = keep.last_seq + gone.last_seq,
    -- What comes behind something unread counts as unread with it.
    read_seq = case when keep.read_seq = keep.last_seq then keep.last_seq + gone.read_seq else keep.read_seq end,
    unread_count = case
      when keep.read_seq = keep.last_seq then gone.unread_count
      else (
        select count(*)
        from public.messages m
        where m.tenant_id = keep.tenant_id
          and m.conversation_id = keep.id
          and m.seq > keep.read_seq
          and m.counts_unread
      )
    end,
    preview = case when newer then gone.preview else keep.preview end,
    preview_kind = case when newer then gone.preview_kind else keep.preview_kind end,
    preview_direction = case when newer then gone.preview_direction else keep.preview_direction end,
    preview_at = greatest(keep.preview_at, gone.preview_at),
    last_message_at = greatest(keep.last_message_at, gone.last_message_at),
    last_inbound_at = greatest(keep.last_inbound_at, gone.last_inbound_at),
    waiting_since = case
      when case when newer then gone.preview_direction else keep.preview_direction end = 'in'
        then least(keep.waiting_since, gone.waiting_since)
    end,
    window_expires_at = greatest(keep.window_expires_at, gone.window_expires_at)
  from (select private.is_newer(gone, keep) as newer) as _
  where c.id = keep.id;

  update public.charges c set conversation_id = keep.id where c.tenant_id = keep.tenant_id and c.conversation_id = gone.id;
  -- Its earlier parts are parts of what it became.
  update public.conversations c
  set merged_into_id = keep.id
  where c.tenant_id = gone.tenant_id
    and c.merged_into_id = gone.id;
  delete from public.conversations where id = gone.id;

  -- What waited there to be sent waits here now.
  if exists (select from public.messages m where m.tenant_id = keep.tenant_id and m.conversation_id = keep.id and m.status = 'queued') then
    perform private.enqueue_send(keep.id);
  end if;
end;
$$;

/* Makes one contact part of another of the same tenant. Returns what was written down of it. */
create function private.merge_contact(keep public.contacts, gone public.contacts, evidence jsonb)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_merge public.contact_merges;
  v_conversation public.conversations;
  v_match public.conversations;
begin
  insert into public.contact_merges (tenant_id, kept_id, gone_id, kept_name, gone_name, gone_identities, evidence, merged_by)
  values (
    keep.tenant_id, keep.id, gone.id, keep.name, gone.name,
    (
      select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value, 'address', i.address) order by i.kind, i.value), '[]')
      from public.contact_identities i
      where i.tenant_id = gone.tenant_id
        and i.contact_id = gone.id
    ),
    merge_contact.evidence, auth.uid()
  )
  returning * into v_merge;

  perform from public.conversations c where c.tenant_id = keep.tenant_id and c.contact_id in (keep.id, gone.id) order by c.id for update;

  insert into private.merge_snapshots (merge_id, kept, gone, conversations)
  values (
    v_merge.id, to_jsonb(keep), to_jsonb(gone),
    (
      select coalesce(
        jsonb_agg(
          jsonb_build_object(
            'side', case when c.contact_id = gone.id then 'gone' else 'kept' end,
            'row', to_jsonb(c),
            'joined_into', case when c.contact_id = gone.id then (private.matching_conversation(c, keep.id)).id end
          )
          order by c.id
        ),
        '[]'
      )
      from public.conversations c
      where c.tenant_id = keep.tenant_id
        and c.contact_id in (keep.id, gone.id)
    )
  );

  insert into private.merged_messages (merge_id, message_id, message_created_at, conversation_id, seq)
  select v_merge.id, m.id, m.created_at, m.conversation_id, m.seq
  from public.conversations c
  join public.messages m on m.tenant_id = c.tenant_id and m.conversation_id = c.id
  where c.tenant_id = gone.tenant_id
    and c.contact_id = gone.id;

  update public.contact_identities i
  set contact_id = keep.id
  where i.tenant_id = keep.tenant_id
    and i.contact_id = gone.id;

  for v_conversation in
    select c.*
    from public.conversations c
    where c.tenant_id = gone.tenant_id
      and c.contact_id = gone.id
    order by c.id
  loop
    v_match := private.matching_conversation(v_conversation, keep.id);
    if v_match.id is not null then
      perform private.join_conversations(v_match, v_conversation);
    else
      update public.conversations c set contact_id = keep.id where c.id = v_conversation.id;
      update public.messages m
      set contact_id = keep.id
      where m.tenant_id = gone.tenant_id
        and m.conversation_id = v_conversation.id;
    end if;
  end loop;

  update public.contacts c
  set
    name = newest.name,
    name_at = newest.name_at,
    username = handle.username,
    username_at = handle.username_at,
    phone = latest.phone,
    phone_at = latest.phone_at,
    email = coalesce(keep.email, gone.email),
    language = coalesce(keep.language, gone.language),
    attributes = gone.attributes || keep.attributes,
    tag_ids = keep.tag_ids || array(select t from unnest(gone.tag_ids) t where t <> all (keep.tag_ids)),
    marketing_opt_out = told.marketing_opt_out,
    marketing_opt_out_at = told.marketing_opt_out_at
  from
    -- A typed name (no clock) comes first, then the provider's newest.
    (select * from public.contacts where id in (keep.id, gone.id) order by name_at desc nulls first, name desc limit 1) newest,
    (select * from public.contacts where id in (keep.id, gone.id) order by (username is null), username_at desc, username desc limit 1) handle,
    (select * from public.contacts where id in (keep.id, gone.id) order by (phone is null), phone_at desc, phone desc limit 1) latest,
    (select * from public.contacts where id in (keep.id, gone.id) order by marketing_opt_out_at desc, marketing_opt_out desc limit 1) told
  where c.id = keep.id;

  perform private.merge_consents(v_merge);
  update public.charges c set contact_id = keep.id where c.tenant_id = keep.tenant_id and c.contact_id = gone.id;

  update private.merge_snapshots s
  set merged = (select to_jsonb(c) from public.contacts c where c.id = keep.id)
  where s.merge_id = v_merge.id;

  delete from public.contacts c where c.id = gone.id;
  perform private.tell_contacts(keep.tenant_id, array[keep.id]);
  return v_merge;
end;
$$;

/* Has the open conversations of contacts broadcast again: lists show what their contacts are called. */
create function private.tell_contacts(tenant_id uuid, contact_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.conversations c
  set updated_at = c.updated_at
  where c.tenant_id = tell_contacts.tenant_id
    and c.contact_id = any (contact_ids)
    and c.status = 'open';
end;
$$;

/* The conversation of a contact that another one would be joined to: open on the same channel, or history of it. All null: none. */
create function private.matching_conversation(conversation public.conversations, contact_id uuid)
  returns public.conversations
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_match public.conversations;
begin
  select c.* into v_match
  from public.conversations c
  where c.tenant_id = conversation.tenant_id
    and c.contact_id = matching_conversation.contact_id
    and c.channel_id = conversation.channel_id
    and ((c.status = 'open' and conversation.status = 'open') or (c.is_history and conversation.is_history));
  return v_match;
end;
$$;

-- sql/43_merging_consents.sql

/*
 * What the words of two people about being written to become when the two are made one, or parted again.
 */

/* Which consents moved with a merge: whose they are when the contacts are parted. */
create table private.merged_consents (
  merge_id uuid not null references public.contact_merges on delete cascade,
  event_id uuid not null references public.consent_events on delete cascade,
  primary key (merge_id, event_id)
);

create index on private.merged_consents (event_id);

alter table private.merged_consents enable row level security;

/* The words of a contact that goes become the kept one's, and it is written down which. */
create function private.merge_consents(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.merged_consents (merge_id, event_id)
  select merge.id, e.id
  from public.consent_events e
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.gone_id;
  if not found then
    return;
  end if;
  delete from public.consents c where c.tenant_id = merge.tenant_id and c.contact_id = merge.gone_id;
  update public.consent_events e
  set contact_id = merge.kept_id
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.gone_id;
  perform private.settle_consents(merge.tenant_id, merge.kept_id);
end;
$$;

/* Gives each of two parted contacts their own words back. What was stopped since the merge was said by one of the two: both are left alone. */
create function private.part_consents(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.consent_events e
  set contact_id = merge.gone_id
  from private.merged_consents m
  where m.merge_id = merge.id
    and e.id = m.event_id;
  insert into public.consent_events (
    tenant_id, contact_id, purpose, channel_type, state, source, evidence_message_id, note, recorded_by, occurred_at
  )
  select e.tenant_id, merge.gone_id, e.purpose, e.channel_type, e.state, e.source, e.evidence_message_id, e.note, e.recorded_by, e.occurred_at
  from public.consent_events e
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.kept_id
    and e.state <> 'granted'
    and e.created_at > merge.merged_at;
  delete from private.merged_consents m where m.merge_id = merge.id;
  perform private.settle_consents(merge.tenant_id, merge.gone_id);
  perform private.settle_consents(merge.tenant_id, merge.kept_id);
end;
$$;

-- sql/43_merging_contacts.sql

/*
 * Contacts are made one because an event names them together, or because a person says so (43_merging does it).
 */

/* Makes several contacts of one tenant one, because one event named them together: the oldest stays. Returns it. */
create function private.merge_contacts(tenant_id uuid, contact_ids uuid[], evidence jsonb)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_keep public.contacts;
  v_gone public.contacts;
begin
  perform from public.contacts c where c.id = any (contact_ids) order by c.id for update;
  for v_gone in
    select c.*
    from public.contacts c
    where c.tenant_id = merge_contacts.tenant_id
      and c.id = any (contact_ids)
    order by c.created_at, c.id
  loop
    if v_keep.id is null then
      v_keep := v_gone;
      continue;
    end if;
    perform private.merge_contact(v_keep, v_gone, evidence);
    select c.* into v_keep from public.contacts c where c.id = v_keep.id;
  end loop;
  return v_keep.id;
end;
$$;

/* Waits until nothing arrives for these contacts, and keeps the doors waiting until the transaction ends. */
create function private.lock_contacts(tenant_id uuid, contact_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_people(array[(
    1, null, true, lock_contacts.tenant_id, null,
    jsonb_build_object(
      'type', 'identity',
      'identities', (
        select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value)), '[]')
        from public.contact_identities i
        where i.tenant_id = lock_contacts.tenant_id
          and i.contact_id = any (contact_ids)
      )
    )
  )::private.incoming]);
  perform from public.contacts c where c.tenant_id = lock_contacts.tenant_id and c.id = any (contact_ids) order by c.id for update;
end;
$$;

/*
 * Says that two contacts are one person: `gone` becomes part of `keep`. Gives back what was written down
 * of it, by which they can be parted again. Raises contact_not_found, not_allowed, contacts_same.
 */
create function public.merge_contacts(keep uuid, gone uuid)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_keep public.contacts;
  v_gone public.contacts;
begin
  select c.* into v_keep
  from public.contacts c
  where c.id = merge_contacts.keep
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if not found or not exists (
    select
    from public.contacts c
    where c.id = merge_contacts.gone
      and c.tenant_id = v_keep.tenant_id
  ) then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_keep.tenant_id, 'contacts.merge') then
    perform private.refuse(403, 'not_allowed', 'contacts.merge');
  end if;
  if keep = gone then
    perform private.refuse(422, 'contacts_same');
  end if;

  perform private.lock_contacts(v_keep.tenant_id, array[keep, gone]);
  -- As they are now that nobody else changes them.
  select c.* into v_keep from public.contacts c where c.id = merge_contacts.keep;
  select c.* into v_gone from public.contacts c where c.id = merge_contacts.gone;
  if v_keep.id is null or v_gone.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  return private.merge_contact(v_keep, v_gone, null);
end;
$$;

grant execute on function public.merge_contacts(uuid, uuid) to authenticated;

-- sql/43_parting.sql

/*
 * Contacts that were made one are parted again, by a person's word: each gets back its addresses, threads
 * and name, and what was said since goes with the address it came from. What we said ourselves since goes
 * with whoever had spoken last before it: that is whom it was sent to.
 *
 * Parted contacts stay parted. An event that names both together no longer merges them: the account's id
 * names the person, and a number that is named with it later than the parting has changed hands and
 * follows it. Merging them again is a person's word too.
 */

/* The keys (`kind:value`) of the addresses that came along with a merge, and of those learned beside them since. */
create function private.parted_identities(merge public.contact_merges)
  returns text[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    with recursive mine as (
      select i.value ->> 'kind' || ':' || (i.value ->> 'value') as key
      from jsonb_array_elements(merge.gone_identities) i
      union
      select i.kind || ':' || i.value
      from mine
      join public.contact_identities i on i.beside = mine.key
      where i.tenant_id = merge.tenant_id
        and i.contact_id = merge.kept_id
        and i.created_at >= merge.merged_at
    )
    select key from mine
  );
end;
$$;

/* One message of a merged contact, and whose it is. */
create type private.parted_message as (
  id uuid,
  created_at timestamptz,
  seq bigint,
  is_gone boolean,
  -- Where it stood before the merge; null for what is later.
  before_seq bigint
);

/* Whose each message of a conversation is, in the thread's order. `is_gone`: what to take where nobody has spoken yet. */
create function private.parted_messages(merge public.contact_merges, conversation_id uuid, gone_keys text[], is_gone boolean)
  returns private.parted_message[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select (s.id, s.created_at, s.seq, coalesce(first_value(s.is_gone) over (partition by s.run order by s.said, s.seq), parted_messages.is_gone), s.before_seq)::private.parted_message
    from (
      select k.*, count(k.is_gone) over (order by k.said, k.seq) as run
      from (
        select
          m.id, m.created_at, m.seq, r.seq as before_seq,
          -- Two threads joined stand one behind the other: what was said before is told apart by its clock, later by its place.
          case when m.created_at < merge.merged_at then m.sent_at else 'infinity' end as said,
          case
            when r.message_id is not null then true
            when m.created_at < merge.merged_at then false
            else m.identity = any (gone_keys)
          end as is_gone
        from public.messages m
        left join private.merged_messages r on r.merge_id = merge.id and r.message_id = m.id
        where m.tenant_id = merge.tenant_id
          and m.conversation_id = parted_messages.conversation_id
      ) k
    ) s
    order by s.seq
  );
end;
$$;

/*
 * Puts messages at the end of a conversation, in the order they have. `read` of them, the first, were
 * seen where they stood.
 */
create function private.move_messages(messages private.parted_message[], target public.conversations, read bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.messages m
  set
    conversation_id = target.id,
    contact_id = target.contact_id,
    seq = target.last_seq + moved.position
  from (select x.id, x.created_at, row_number() over (order by x.seq) as position from unnest(messages) x) moved
  where m.tenant_id = target.tenant_id
    and m.id = moved.id
    and m.created_at = moved.created_at;

  update public.conversations c
  set
    last_seq = c.last_seq + cardinality(messages),
    read_seq = case when c.read_seq = c.last_seq then c.read_seq + read else c.read_seq end
  where c.id = target.id;
end;
$$;

/*
 * Closes the gaps in a thread and tells its row anew: from how it was (`base`) and what was said from
 * `since` on.
 */
create function private.retell_conversation(conversation_id uuid, base public.conversations, since timestamptz, read bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := (select c.tenant_id from public.conversations c where c.id = retell_conversation.conversation_id);
begin
  update public.messages m
  set seq = n.position
  from (
    select x.id, x.created_at, row_number() over (order by x.seq) as position
    from public.messages x
    where x.tenant_id = v_tenant_id
      and x.conversation_id = retell_conversation.conversation_id
  ) n
  where m.tenant_id = v_tenant_id
    and m.id = n.id
    and m.created_at = n.created_at
    and m.seq <> n.position;

  with later as (
    select
      m.*,
      m.kind not in ('reaction', 'edit', 'revoke', 'system') and not m.is_private as tells,
      least(m.sent_at, m.created_at) as at
    from public.messages m
    where m.tenant_id = v_tenant_id
      and m.conversation_id = retell_conversation.conversation_id
      and m.created_at >= since
  ),
  told as (
    select
      (select max(m.seq) from public.messages m where m.tenant_id = v_tenant_id and m.conversation_id = retell_conversation.conversation_id) as last_seq,
      max(l.created_at) filter (where l.tells) as last_message_at,
      max(l.sent_at) filter (where l.direction = 'in') as last_inbound_at,
      max(l.at) filter (where l.tells and l.client_id is null) as preview_at,
      max(l.seq) filter (where l.tells and l.direction = 'out') as answered_seq,
      max(
        l.at + case when l.content ? 'referral' then interval '72 hours' else interval '24 hours' end
      ) filter (
        where l.direction = 'in'
          and l.kind not in ('edit', 'revoke', 'system')
          and not l.content ? 'group_id'
          and not coalesce((l.content ->> 'removed')::boolean, false)
      ) as window_expires_at
    from later l
  ),
  newest as (
    select l.body, l.kind, l.direction
    from later l
    where l.tells
    order by l.seq desc
    limit 1
  )
  update public.conversations c
  set
    last_seq = coalesce(t.last_seq, 0),
    read_seq = least(read, coalesce(t.last_seq, 0)),
    unread_count = (
      select count(*)
      from public.messages m
      where m.tenant_id = v_tenant_id
        and m.conversation_id = c.id
        and m.seq > read
        and m.counts_unread
    ),
    preview = coalesce(left(n.body, 200), base.preview, ''),
    preview_kind = coalesce(n.kind, base.preview_kind),
    preview_direction = coalesce(n.direction, base.preview_direction),
    preview_at = greatest(base.preview_at, t.preview_at, '-infinity'),
    last_message_at = coalesce(greatest(base.last_message_at, t.last_message_at), c.last_message_at),
    last_inbound_at = greatest(base.last_inbound_at, t.last_inbound_at),
    waiting_since = case
      when c.status = 'closed' or n.direction = 'out' then null
      else coalesce(
        case when t.answered_seq is null then base.waiting_since end,
        (select min(l.created_at) from later l where l.counts_unread and l.seq > coalesce(t.answered_seq, 0))
      )
    end,
    window_expires_at = greatest(base.window_expires_at, t.window_expires_at)
  from told t
  left join newest n on true
  where c.id = retell_conversation.conversation_id;
end;
$$;

/* The conversation for what a person said in one that is not theirs: their open one (or history) of that channel, or a new one like it. */
create function private.place_beside(source public.conversations, contact_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_place public.conversations := private.matching_conversation(source, contact_id);
begin
  if v_place.id is null then
    insert into public.conversations (
      tenant_id, contact_id, channel_id, team_id, assignee_id, status, owner, is_history, closed_at, last_message_at, created_at
    )
    values (
      source.tenant_id, place_beside.contact_id, source.channel_id, source.team_id, source.assignee_id, source.status, source.owner,
      source.is_history, source.closed_at, source.last_message_at, source.created_at
    )
    returning * into v_place;
  end if;
  return v_place;
end;
$$;

/* Gives both contacts back what they were called, where nobody has said otherwise since, and their numbers. */
create function private.part_names(merge public.contact_merges, snapshot private.merge_snapshots)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.contacts := jsonb_populate_record(null::public.contacts, snapshot.kept);
  v_gone public.contacts := jsonb_populate_record(null::public.contacts, snapshot.gone);
  v_merged public.contacts := jsonb_populate_record(null::public.contacts, snapshot.merged);
begin
  -- A stop said meanwhile was said by one of the two: both are left alone.
  update public.contacts g
  set
    marketing_opt_out = k.marketing_opt_out,
    marketing_opt_out_at = k.marketing_opt_out_at
  from public.contacts k
  where g.id = v_gone.id
    and k.id = v_kept.id
    and k.marketing_opt_out_at <> v_merged.marketing_opt_out_at;

  update public.contacts c
  set
    name = case when same_name then v_kept.name else c.name end,
    name_at = case when same_name then v_kept.name_at else c.name_at end,
    username = case when same_username then v_kept.username else c.username end,
    username_at = case when same_username then v_kept.username_at else c.username_at end,
    -- A number that is not theirs any more must not be written to.
    phone = case when v_kept.phone is not null and not still_theirs then v_kept.phone when still_theirs then c.phone end,
    phone_at = case when still_theirs and c.phone is distinct from v_merged.phone then c.phone_at else v_kept.phone_at end,
    email = case when c.email is not distinct from v_merged.email then v_kept.email else c.email end,
    language = case when c.language is not distinct from v_merged.language then v_kept.language else c.language end,
    attributes = case when c.attributes = v_merged.attributes then v_kept.attributes else c.attributes end,
    tag_ids = case when c.tag_ids = v_merged.tag_ids then v_kept.tag_ids else c.tag_ids end,
    marketing_opt_out = case when c.marketing_opt_out_at = v_merged.marketing_opt_out_at then v_kept.marketing_opt_out else c.marketing_opt_out end,
    marketing_opt_out_at = case when c.marketing_opt_out_at = v_merged.marketing_opt_out_at then v_kept.marketing_opt_out_at else c.marketing_opt_out_at end
  from (
    select
      -- As it was made by the merge, or as the other one has been called since by the provider.
      (k.name = v_merged.name and (k.name_at is null) = (v_merged.name_at is null))
        or (k.name = v_gone.name and k.name_at is not null) as same_name,
      k.username is not distinct from v_merged.username or k.username = v_gone.username as same_username,
      exists (
        select
        from public.contact_identities i
        where i.tenant_id = k.tenant_id
          and i.kind = 'phone'
          and i.value = k.phone
          and i.contact_id = k.id
      ) as still_theirs
    from public.contacts k
    where k.id = v_kept.id
  ) now
  where c.id = v_kept.id;

  -- Numbers learned beside theirs since the merge.
  update public.contacts c
  set phone = (
    select i.value
    from public.contact_identities i
    where i.tenant_id = c.tenant_id
      and i.contact_id = c.id
      and i.kind = 'phone'
    order by i.created_at desc, i.value
    limit 1
  )
  where c.id in (v_kept.id, v_gone.id)
    and c.phone is null;
end;
$$;

/*
 * The contact that an event speaks of when it names several together that a person has parted; null
 * where nobody has. The account's id says who it is, else the last address named. A number named with
 * an account's id after the parting has changed hands.
 */
create function private.parted_contact(tenant_id uuid, contact_ids uuid[], identities jsonb, at timestamptz)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_parted_at timestamptz;
  v_contact_id uuid;
  v_by public.identity_kind;
begin
  select max(m.parted_at) into v_parted_at
  from public.contact_merges m
  where m.tenant_id = $1
    and m.kept_id = any (contact_ids)
    and m.gone_id = any (contact_ids);
  if v_parted_at is null then
    return null;
  end if;

  select i.contact_id, i.kind into v_contact_id, v_by
  from jsonb_array_elements(identities) with ordinality named
  join public.contact_identities i
    on i.tenant_id = $1
    and i.kind = (named.value ->> 'kind')::public.identity_kind
    and i.value = named.value ->> 'value'
  order by i.kind = 'bsuid' desc, named.ordinality desc
  limit 1;

  if v_by = 'bsuid' and at > v_parted_at then
    with moved as (
      update public.contact_identities i
      set contact_id = v_contact_id
      from public.contact_identities before, jsonb_array_elements(identities) named
      where before.tenant_id = $1
        and before.kind = 'phone'
        and named.value ->> 'kind' = 'phone'
        and before.value = named.value ->> 'value'
        and before.contact_id <> v_contact_id
        and before.contact_id = any (contact_ids)
        and (i.tenant_id, i.kind, i.value) = (before.tenant_id, before.kind, before.value)
      returning i.value, before.contact_id
    )
    update public.contacts c
    set phone = null
    from moved
    where c.id = moved.contact_id
      and c.phone = moved.value;
  end if;
  return v_contact_id;
end;
$$;

-- sql/43_parting_contacts.sql

/*
 * Parting itself: what a merge joined goes back to where it stood, and what came since goes with its owner
 * (43_parting says whose that is).
 */

/* Parts what one merge made one. Both contacts are locked. */
create function private.part_contacts(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_snapshot private.merge_snapshots;
  v_keys text[] := private.parted_identities(merge);
  v_ids uuid[];
  v_conversation public.conversations;
  v_base public.conversations;
  v_place public.conversations;
  v_entry jsonb;
  v_all private.parted_message[];
  v_stray private.parted_message[];
  v_of_gone boolean;
  v_read bigint;
  v_touched uuid[] := '{}';
begin
  select s.* into v_snapshot from private.merge_snapshots s where s.merge_id = merge.id;

  insert into public.contacts
  select (jsonb_populate_record(null::public.contacts, v_snapshot.gone)).*;

  update public.contact_identities i
  set contact_id = merge.gone_id
  where i.tenant_id = merge.tenant_id
    and i.contact_id = merge.kept_id
    and i.kind || ':' || i.value = any (v_keys);

  v_ids := array(
    select c.id
    from public.conversations c
    where c.tenant_id = merge.tenant_id
      and c.contact_id = merge.kept_id
    order by c.id
    for update
  );

  -- First whole conversations: those that came along, those that were joined, those begun since.
  for v_conversation in select c.* from public.conversations c where c.id = any (v_ids) order by c.id loop
    select e.value into v_entry
    from jsonb_array_elements(v_snapshot.conversations) e
    where e.value #>> '{row,id}' = v_conversation.id::text;

    if v_entry ->> 'side' = 'gone' or (
      not found and coalesce((private.parted_messages(merge, v_conversation.id, v_keys, false))[1].is_gone, false)
    ) then
      update public.conversations c set contact_id = merge.gone_id where c.id = v_conversation.id;
      update public.messages m
      set contact_id = merge.gone_id
      where m.tenant_id = merge.tenant_id
        and m.conversation_id = v_conversation.id;
    end if;

    for v_entry in
      select e.value
      from jsonb_array_elements(v_snapshot.conversations) e
      where e.value ->> 'joined_into' = v_conversation.id::text
    loop
      v_base := jsonb_populate_record(null::public.conversations, v_entry -> 'row');
      v_all := private.parted_messages(merge, v_conversation.id, v_keys, false);
      v_read := (select count(*) from unnest(v_all) x where x.is_gone and x.seq <= v_conversation.read_seq);
      -- Open or closed as the joined thread is now.
      v_place := v_base;
      v_place.status := v_conversation.status;
      v_place.closed_at := v_conversation.closed_at;
      -- Who had it may have left meanwhile.
      v_place.assignee_id := (select m.user_id from public.memberships m where m.tenant_id = merge.tenant_id and m.user_id = v_base.assignee_id);
      v_place.team_id := (select t.id from public.teams t where t.tenant_id = merge.tenant_id and t.id = v_base.team_id);
      -- All but `folder`, which is made from the others.
      insert into public.conversations (
        id, tenant_id, contact_id, channel_id, team_id, assignee_id, assigned_at, status, owner, owner_epoch, last_seq, read_seq, unread_count,
        preview, preview_kind, preview_direction, preview_at, last_message_at, last_inbound_at, waiting_since, window_expires_at,
        is_history, priority, tag_ids, attributes, snoozed_until, is_spam, first_reply_at, away_check_at, sla_due_at, closed_at, created_at, updated_at
      )
      values (
        v_place.id, v_place.tenant_id, v_place.contact_id, v_place.channel_id, v_place.team_id, v_place.assignee_id, v_place.assigned_at, v_place.status, v_place.owner, v_place.owner_epoch, v_place.last_seq, v_place.read_seq, v_place.unread_count,
        v_place.preview, v_place.preview_kind, v_place.preview_direction, v_place.preview_at, v_place.last_message_at, v_place.last_inbound_at, v_place.waiting_since, v_place.window_expires_at,
        v_place.is_history, v_place.priority, v_place.tag_ids, v_place.attributes, v_place.snoozed_until, v_place.is_spam, v_place.first_reply_at, v_place.away_check_at, v_place.sla_due_at, v_place.closed_at, v_place.created_at, v_place.updated_at
      );
      update public.messages m
      set
        conversation_id = v_place.id,
        contact_id = merge.gone_id,
        seq = x.position
      from (
        -- Behind what stood there before, in the thread's order, what came since.
        select p.id, p.created_at, coalesce(p.before_seq, v_base.last_seq + row_number() over (partition by p.before_seq is null order by p.seq)) as position
        from unnest(v_all) p
        where p.is_gone
      ) x
      where m.tenant_id = merge.tenant_id
        and m.id = x.id
        and m.created_at = x.created_at;
      perform private.retell_conversation(v_place.id, v_base, merge.merged_at, greatest(v_base.read_seq, v_read));
      v_touched := v_touched || v_place.id;

      select (jsonb_populate_record(null::public.conversations, e.value -> 'row')).* into v_base
      from jsonb_array_elements(v_snapshot.conversations) e
      where e.value #>> '{row,id}' = v_conversation.id::text;
      v_read := (select count(*) from unnest(v_all) x where not x.is_gone and x.seq <= v_conversation.read_seq);
      perform private.retell_conversation(v_conversation.id, v_base, merge.merged_at, v_read);
      v_touched := v_touched || v_conversation.id;
    end loop;
  end loop;

  -- Then what the one said since in a conversation of the other.
  for v_conversation in select c.* from public.conversations c where c.id = any (v_ids) order by c.id loop
    v_of_gone := v_conversation.contact_id = merge.gone_id;
    v_all := private.parted_messages(merge, v_conversation.id, v_keys, v_of_gone);
    v_stray := array(select x from unnest(v_all) x where x.is_gone <> v_of_gone order by x.seq);
    continue when cardinality(v_stray) = 0;

    v_place := private.place_beside(v_conversation, case when v_of_gone then merge.kept_id else merge.gone_id end);
    v_read := (select count(*) from unnest(v_stray) x where x.seq <= v_conversation.read_seq);
    perform private.move_messages(v_stray, v_place, v_read);
    select c.read_seq into v_read from public.conversations c where c.id = v_place.id;
    perform private.retell_conversation(v_place.id, v_place, merge.merged_at, v_read);

    v_base := null;
    select (jsonb_populate_record(null::public.conversations, e.value -> 'row')).* into v_base
    from jsonb_array_elements(v_snapshot.conversations) e
    where e.value #>> '{row,id}' = v_conversation.id::text;
    v_read := (select count(*) from unnest(v_all) x where x.is_gone = v_of_gone and x.seq <= v_conversation.read_seq);
    perform private.retell_conversation(v_conversation.id, v_base, merge.merged_at, v_read);
    v_touched := v_touched || v_place.id || v_conversation.id;
  end loop;

  perform private.part_merged_conversations(merge, v_snapshot.conversations);
  perform private.part_names(merge, v_snapshot);
  perform private.part_consents(merge);
  -- A cost belongs to whom its message went to.
  update public.charges c
  set
    contact_id = m.contact_id,
    conversation_id = m.conversation_id
  from public.messages m
  where c.tenant_id = merge.tenant_id
    and c.contact_id = merge.kept_id
    and m.tenant_id = c.tenant_id
    and m.id = c.message_id
    and m.created_at = c.message_created_at
    and (c.contact_id, c.conversation_id) is distinct from (m.contact_id, m.conversation_id);
  delete from private.merge_snapshots s where s.merge_id = merge.id;
  delete from private.merged_messages r where r.merge_id = merge.id;

  perform private.enqueue_send(waiting.conversation_id)
  from (
    select distinct m.conversation_id
    from public.messages m
    where m.tenant_id = merge.tenant_id
      and m.conversation_id = any (v_touched)
      and m.status = 'queued'
  ) waiting;
  perform private.tell_contacts(merge.tenant_id, array[merge.kept_id, merge.gone_id]);
  -- A browser that shows one of them still shows what went.
  perform private.broadcast(array(select 'conversation:' || t from unnest(v_ids || v_touched) t group by t), 'parted', '{}');
end;
$$;

/*
 * Parts two contacts that a merge made one, and gives back the merge. Parting it twice changes nothing.
 * Raises merge_not_found, not_allowed, merge_not_last.
 */
create function public.part_contacts(merge_id uuid)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_merge public.contact_merges;
begin
  select m.* into v_merge
  from public.contact_merges m
  where m.id = part_contacts.merge_id
    and m.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if not found then
    perform private.refuse(404, 'merge_not_found');
  end if;
  if not private.may(v_merge.tenant_id, 'contacts.merge') then
    perform private.refuse(403, 'not_allowed', 'contacts.merge');
  end if;

  perform private.lock_contacts(v_merge.tenant_id, array[v_merge.kept_id]);
  select m.* into v_merge from public.contact_merges m where m.id = v_merge.id for update;
  if v_merge.parted_at is not null then
    return v_merge;
  end if;
  -- What a later merge joined stands on this one.
  if exists (
    select
    from public.contact_merges m
    where m.tenant_id = v_merge.tenant_id
      and m.parted_at is null
      and m.position > v_merge.position
      and v_merge.kept_id in (m.kept_id, m.gone_id)
  ) then
    perform private.refuse(409, 'merge_not_last');
  end if;

  perform private.part_contacts(v_merge);
  update public.contact_merges m
  set
    parted_by = auth.uid(),
    parted_at = clock_timestamp()
  where m.id = v_merge.id
  returning m.* into v_merge;
  return v_merge;
end;
$$;

grant execute on function public.part_contacts(uuid) to authenticated;

-- sql/43_routing.sql

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
    for update skip locked;
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

-- sql/43_routing_asked.sql

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

-- sql/43_team_settings.sql

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

-- sql/44_actions.sql

/*
 * What is done to a conversation, as data: [{type, …}] by core/src/actions. Macros hold such lists, rules do them when
 * something happens, and the bulk bar does one to many conversations at once. Each thing done is one private.apply_<verb>,
 * the same that the button in the thread calls.
 */

/* The permission a person needs for an action; null where nobody knows the action. PERMISSION_OF of core/src/actions. */
create function private.action_permission(type text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when type in ('assign_agent', 'assign_team', 'route') then 'conversations.assign'
    when type in ('close', 'reopen', 'mark_spam') then 'conversations.close'
    when type in (
      'add_tags', 'remove_tags', 'set_priority', 'snooze', 'unsnooze', 'mark_read', 'send_text', 'send_canned', 'send_template',
      'add_note', 'set_conversation_attribute', 'notify'
    ) then 'conversations.reply'
    when type = 'set_contact_attribute' then 'contacts.write'
  end;
end;
$$;

/* Whether an action has what its kind needs, in the shapes of core/src/actions. */
create function private.action_fits(action jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_until jsonb := action -> 'until';
  v_uuid constant text := '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
begin
  if jsonb_typeof(action) is distinct from 'object' then
    return false;
  end if;
  return coalesce(
    case action ->> 'type'
      when 'assign_agent' then action ->> 'agent' in ('me', 'nobody') or action ->> 'agent' ~ v_uuid
      when 'assign_team' then action -> 'team' = 'null' or action ->> 'team' ~ v_uuid
      when 'route' then action -> 'team' = 'null' or action ->> 'team' ~ v_uuid
      when 'add_tags' then private.are_uuids(action -> 'tags')
      when 'remove_tags' then private.are_uuids(action -> 'tags')
      when 'set_priority' then action -> 'priority' in ('0', '1', '2', '3', '4')
      when 'snooze' then
        v_until in ('"answer"', '"tomorrow"', '"monday"')
        or (jsonb_typeof(v_until -> 'minutes') = 'number' and (v_until ->> 'minutes')::numeric between 1 and 525600)
        or (jsonb_typeof(v_until) = 'string' and v_until #>> '{}' ~ '^[0-9]{4}-' and pg_input_is_valid(v_until #>> '{}', 'timestamptz'))
      when 'mark_spam' then jsonb_typeof(action -> 'spam') = 'boolean'
      when 'send_text' then length(btrim(action ->> 'text', E' \t\r\n')) between 1 and 4096
      when 'send_canned' then action ->> 'canned' ~ v_uuid
      when 'send_template' then action #>> '{content,kind}' = 'template'
      when 'add_note' then
        length(btrim(action ->> 'text', E' \t\r\n')) between 1 and 4096
        and (action -> 'mentions' is null or action -> 'mentions' = '[]' or private.are_uuids(action -> 'mentions'))
      when 'set_conversation_attribute' then action ->> 'key' <> '' and action ? 'value'
      when 'set_contact_attribute' then action ->> 'key' <> '' and action ? 'value'
      when 'notify' then jsonb_typeof(action -> 'people') = 'array' and jsonb_array_length(action -> 'people') between 1 and 20
      else private.action_permission(action ->> 'type') is not null
    end,
    false
  );
end;
$$;

/* Whether this is a list of 1 to 20 uuids. */
create function private.are_uuids(list jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_typeof(list) = 'array'
    and jsonb_array_length(list) between 1 and 20
    and not exists (
      select
      from jsonb_array_elements_text(list) e
      where not pg_input_is_valid(e.value, 'uuid')
    );
end;
$$;

/* Refuses what is no list of 1 to 20 actions. Raises actions_invalid (detail: which one, from 0). */
create function private.check_actions(actions jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_place bigint;
begin
  if jsonb_typeof(actions) is distinct from 'array' or jsonb_array_length(actions) not between 1 and 20 then
    perform private.refuse(422, 'actions_invalid');
  end if;
  select min(a.ordinality) - 1 into v_place
  from jsonb_array_elements(actions) with ordinality a
  where not private.action_fits(a.value);
  if v_place is not null then
    perform private.refuse(422, 'actions_invalid', v_place::text);
  end if;
end;
$$;

/* The moment that `until` of a snooze means now, mornings by the tenant's clock: 8 o'clock. */
create function private.snooze_moment(tenant_id uuid, until jsonb)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_zone text := (select t.timezone from public.tenants t where t.id = $1);
  v_today date := (now() at time zone v_zone)::date;
begin
  if jsonb_typeof(until) = 'object' then
    return clock_timestamp() + make_interval(secs => (until ->> 'minutes')::numeric::double precision * 60);
  end if;
  return case until #>> '{}'
    when 'answer' then 'infinity'
    when 'tomorrow' then (v_today + 1 + time '08:00') at time zone v_zone
    when 'monday' then (v_today + (8 - extract(isodow from v_today)::integer) + time '08:00') at time zone v_zone
    else (until #>> '{}')::timestamptz
  end;
end;
$$;

/* Puts a conversation into a team (null: none). Whoever has it keeps it if they are of that team. */
create function private.apply_team(conversation public.conversations, team_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.team_id is not distinct from $2 then
    return conversation;
  end if;
  return private.apply_assignment(conversation, $2, (
    select conversation.assignee_id
    where $2 is null
      or exists (
        select
        from public.team_members m
        where m.tenant_id = conversation.tenant_id
          and m.team_id = $2
          and m.user_id = conversation.assignee_id
      )
  ));
end;
$$;

-- sql/44_actions_bulk.sql

/*
 * Actions that a person does to one conversation or to many with one call: to each all of them or none, with what stood
 * before kept, so that it can be taken back (sql/44_actions_undone.sql).
 */

/* What of a conversation actions change and undoing puts back. */
create function private.undoable_state(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'status', conversation.status,
    'team_id', conversation.team_id,
    'assignee_id', conversation.assignee_id,
    'priority', conversation.priority,
    'tag_ids', conversation.tag_ids,
    'snoozed_until', conversation.snoozed_until,
    'is_spam', conversation.is_spam,
    'waiting_since', conversation.waiting_since,
    'attributes', conversation.attributes,
    'contact_attributes', (select p.attributes from public.contacts p where p.tenant_id = conversation.tenant_id and p.id = conversation.contact_id)
  );
end;
$$;

/* Those members of one object that differ from another's. */
create function private.differing(one jsonb, other jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(one) e
    where e.value is distinct from other -> e.key
  );
end;
$$;

/* What a person did to conversations with one call, with what stood before, for as long as they may take it back. */
create table private.action_batches (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  -- [{id, before, after}]: the members of private.undoable_state that were changed.
  changes jsonb not null,
  created_at timestamptz not null default now()
);

create index on private.action_batches (user_id, created_at);

alter table private.action_batches enable row level security;

/*
 * Does actions to one conversation in a person's name, all of them or none. Gives {outcome: done | refused, code, detail,
 * action, before, after}. With `preview` nothing of it stays.
 */
create function private.perform_for_person(conversation_id uuid, actions jsonb, preview boolean default false)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_before jsonb;
  v_after jsonb;
  v_place integer := 0;
  v_action jsonb;
  v_code text;
  v_detail text;
begin
  begin
    v_conversation := private.lock_conversation($1, 'conversations.read');
    v_before := private.undoable_state(v_conversation);
    for v_action in select e.value from jsonb_array_elements(actions) with ordinality e order by e.ordinality loop
      if not private.may(v_conversation.tenant_id, private.action_permission(v_action ->> 'type')) then
        perform private.refuse(403, 'not_allowed', private.action_permission(v_action ->> 'type'));
      end if;
      perform private.perform_action(v_conversation, v_action, auth.uid(), gen_random_uuid());
      -- As it is now: a rule may have been to it because of that.
      select c.* into v_conversation from public.conversations c where c.id = $1;
      v_place := v_place + 1;
    end loop;
    v_after := private.undoable_state(v_conversation);
    if preview then
      perform private.refuse(409, 'preview_ends');
    end if;
  exception
    -- Nothing to do with the actions: the whole call is tried again, or not.
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
      if v_code <> 'preview_ends' then
        if sqlstate !~ '^PT' then
          v_detail := v_code;
          v_code := 'action_failed';
        end if;
        return jsonb_build_object('conversation_id', $1, 'outcome', 'refused', 'code', v_code, 'detail', nullif(v_detail, ''), 'action', v_place);
      end if;
  end;
  return jsonb_build_object(
    'conversation_id', $1,
    'outcome', 'done',
    'before', private.differing(v_before, v_after),
    'after', private.differing(v_after, v_before)
  );
end;
$$;

/* Does actions to conversations, and keeps what stood before. Gives {undo_id, results}. */
create function private.perform_batch(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_done jsonb;
  v_results jsonb := '[]';
  v_changes jsonb := '[]';
  v_undo_id uuid;
begin
  -- In the order of their ids, so that two people who do something to the same ones wait and do not deadlock.
  for v_id in select distinct c from unnest(conversation_ids) c where c is not null order by c loop
    v_done := private.perform_for_person(v_id, actions);
    v_results := v_results || (v_done - 'before' - 'after');
    if v_done -> 'after' <> '{}' then
      v_changes := v_changes || jsonb_build_object('id', v_id, 'before', v_done -> 'before', 'after', v_done -> 'after');
    end if;
  end loop;

  if v_changes <> '[]' then
    delete from private.action_batches b
    where b.user_id = auth.uid()
      and b.created_at < now() - interval '10 minutes';
    insert into private.action_batches (user_id, changes)
    values (auth.uid(), v_changes)
    returning id into v_undo_id;
  end if;
  return jsonb_build_object('undo_id', v_undo_id, 'results', v_results);
end;
$$;

/*
 * Does actions (core/src/actions) to up to 500 conversations; to each all of them or, where one is refused, none. Gives
 * {undo_id, results: [{conversation_id, outcome: done | refused, code, detail, action}]}: what a person may not see or do
 * is refused for that conversation alone. Raises actions_invalid, too_many_conversations.
 */
create function public.perform_actions(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.check_actions($2);
  if cardinality($1) > 500 then
    perform private.refuse(422, 'too_many_conversations');
  end if;
  return private.perform_batch($1, $2);
end;
$$;

/*
 * What actions would do to a conversation, done and taken back at once: {before, after} of what would change, or the
 * code of what would be refused. Raises actions_invalid, conversation_not_found.
 */
create function public.preview_actions(conversation_id uuid, actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_preview jsonb;
begin
  perform private.check_actions($2);
  v_preview := private.perform_for_person($1, $2, true);
  if v_preview ->> 'code' = 'conversation_not_found' then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return jsonb_build_object('before', '{}'::jsonb, 'after', '{}'::jsonb) || (v_preview - 'conversation_id' - 'outcome');
end;
$$;

grant execute on function
  public.perform_actions(uuid[], jsonb),
  public.preview_actions(uuid, jsonb)
to authenticated;

-- sql/44_actions_performed.sql

/* Doing one action (sql/44_actions.sql) to one conversation, whoever asks for it: a person, a macro or a rule. */

/*
 * Does one action to a locked conversation and gives it back as it then is. `actor` is the person who does it; null: the
 * system does. `client_id` makes what is sent or noted one message, however often it is asked for. Raises whatever the
 * verb raises.
 */
create function private.perform_action(conversation public.conversations, action jsonb, actor uuid, client_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_type text := action ->> 'type';
  v_author constant public.message_author := case when actor is null then 'system' else 'agent' end;
  v_ids uuid[];
begin
  case v_type
    when 'assign_agent' then
      if action ->> 'agent' = 'me' and actor is null then
        perform private.refuse(422, 'assignee_not_member');
      end if;
      return private.apply_assignment(conversation, conversation.team_id, case action ->> 'agent'
        when 'me' then actor
        when 'nobody' then null
        else (action ->> 'agent')::uuid
      end);
    when 'assign_team' then
      return private.apply_team(conversation, (action ->> 'team')::uuid);
    when 'route' then
      if action ->> 'team' is null and conversation.team_id is null then
        perform private.refuse(404, 'team_not_found');
      end if;
      -- A conversation that waits in a team is given by the router (sql/43_routing.sql).
      return private.apply_assignment(conversation, coalesce((action ->> 'team')::uuid, conversation.team_id), null);
    when 'add_tags' then
      v_ids := array(select e.value::uuid from jsonb_array_elements_text(action -> 'tags') e);
      return private.apply_tags(conversation, v_ids, '{}');
    when 'remove_tags' then
      v_ids := array(select e.value::uuid from jsonb_array_elements_text(action -> 'tags') e);
      return private.apply_tags(conversation, '{}', v_ids);
    when 'set_priority' then
      return private.apply_priority(conversation, (action ->> 'priority')::smallint);
    when 'snooze' then
      return private.apply_snooze(conversation, private.snooze_moment(conversation.tenant_id, action -> 'until'));
    when 'unsnooze' then
      return private.apply_unsnooze(conversation);
    when 'close' then
      return private.apply_close(conversation);
    when 'reopen' then
      return private.apply_reopen(conversation);
    when 'mark_spam' then
      return private.apply_spam(conversation, (action ->> 'spam')::boolean);
    when 'mark_read' then
      return public.mark_read(conversation.id, conversation.last_seq);
    when 'send_text' then
      perform private.queue_message(
        conversation, client_id, jsonb_build_object('kind', 'text', 'text', private.fill_variables(action ->> 'text', conversation, actor)),
        null, v_author, actor
      );
    when 'send_canned' then
      perform private.send_canned(conversation, (action ->> 'canned')::uuid, actor, client_id);
    when 'send_template' then
      perform private.queue_message(conversation, client_id, action -> 'content', null, v_author, actor);
    when 'add_note' then
      perform private.apply_note(conversation, client_id, jsonb_build_object(
        'text', action ->> 'text',
        'mentions', coalesce(action -> 'mentions', '[]')
      ));
    when 'set_conversation_attribute' then
      return private.apply_conversation_attribute(conversation, action ->> 'key', action -> 'value');
    when 'set_contact_attribute' then
      perform private.apply_contact_attribute(conversation.tenant_id, conversation.contact_id, action ->> 'key', action -> 'value');
      return conversation;
    when 'notify' then
      perform private.notify(
        conversation.tenant_id, private.people_to_notify(conversation, action -> 'people'), 'rule', conversation.id, null,
        jsonb_strip_nulls(jsonb_build_object('text', nullif(btrim(action ->> 'text'), ''), 'cause', private.cause()))
      );
      return conversation;
    else
      perform private.refuse(422, 'actions_invalid', v_type);
  end case;

  -- What was said took places in the thread.
  select c.* into conversation from public.conversations c where c.id = conversation.id;
  return conversation;
end;
$$;

/* Whom `people` of a notice means: named ones, `assignee`, and `team`, all its members. */
create function private.people_to_notify(conversation public.conversations, people jsonb)
  returns uuid[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select m.user_id
    from public.memberships m
    where m.tenant_id = conversation.tenant_id
      and (
        people ? m.user_id::text
        or (people ? 'assignee' and m.user_id = conversation.assignee_id)
        or (
          people ? 'team'
          and exists (
            select
            from public.team_members t
            where t.tenant_id = conversation.tenant_id
              and t.team_id = conversation.team_id
              and t.user_id = m.user_id
          )
        )
      )
  );
end;
$$;

-- sql/44_actions_undone.sql

/*
 * What a person did to many with one call they may take back for ten minutes: what stood before is kept, and put back where
 * nobody has changed it since, also where the conversation has left their sight by it.
 */

/* Puts back what stood in a conversation before, where it still is what it was made. Says whether all of it was. */
create function private.undo_change(change jsonb)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_now jsonb;
  -- Only what nobody has changed since.
  v_back jsonb;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = (change ->> 'id')::uuid
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  for update;
  if v_conversation.id is null then
    return false;
  end if;
  v_now := private.undoable_state(v_conversation);
  select coalesce(jsonb_object_agg(b.key, b.value), '{}') into v_back
  from jsonb_each(change -> 'before') b
  where v_now -> b.key = change -> 'after' -> b.key;

  if v_back ->> 'status' = 'open' then
    v_conversation := private.apply_reopen(v_conversation);
  end if;
  if v_back ?| array['team_id', 'assignee_id'] then
    v_conversation := private.apply_assignment(
      v_conversation,
      case when v_back ? 'team_id' then (v_back ->> 'team_id')::uuid else v_conversation.team_id end,
      case when v_back ? 'assignee_id' then (v_back ->> 'assignee_id')::uuid else v_conversation.assignee_id end
    );
  end if;
  if v_back ? 'priority' then
    v_conversation := private.apply_priority(v_conversation, (v_back ->> 'priority')::smallint);
  end if;
  if v_back ? 'tag_ids' then
    v_conversation := private.apply_tags(
      v_conversation,
      array(select e.value::uuid from jsonb_array_elements_text(v_back -> 'tag_ids') e),
      array(select t from unnest(v_conversation.tag_ids) t where not v_back -> 'tag_ids' ? t::text)
    );
  end if;
  if v_back ? 'is_spam' then
    v_conversation := private.apply_spam(v_conversation, (v_back ->> 'is_spam')::boolean);
  end if;
  if v_back ? 'snoozed_until' then
    v_conversation := case
      when coalesce((v_back ->> 'snoozed_until')::timestamptz, '-infinity') <= clock_timestamp() then private.apply_unsnooze(v_conversation)
      else private.apply_snooze(v_conversation, (v_back ->> 'snoozed_until')::timestamptz)
    end;
  end if;
  if v_back ? 'waiting_since' and v_conversation.waiting_since is null and v_conversation.status = 'open' then
    update public.conversations c
    set waiting_since = (v_back ->> 'waiting_since')::timestamptz
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'attributes' then
    update public.conversations c
    set attributes = v_back -> 'attributes'
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'contact_attributes' then
    update public.contacts p
    set attributes = v_back -> 'contact_attributes'
    where p.id = v_conversation.contact_id;
  end if;
  if v_back ->> 'status' = 'closed' then
    v_conversation := private.apply_close(v_conversation);
  end if;
  return v_back = change -> 'before';
end;
$$;

/*
 * Takes back what perform_actions or run_macro did in the last ten minutes, once; what somebody has changed since stays
 * as they made it. Messages and notes stay said. Gives {undone, kept}. Raises undo_expired.
 */
create function public.undo_actions(undo_ids uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_changes jsonb;
  v_change jsonb;
  v_undone integer := 0;
  v_kept integer := 0;
begin
  with gone as (
    delete from private.action_batches b
    where b.id = any ($1)
      and b.user_id = auth.uid()
      and b.created_at >= now() - interval '10 minutes'
    returning b.changes
  )
  select jsonb_agg(c.value order by c.value ->> 'id') into v_changes
  from gone, jsonb_array_elements(gone.changes) c;
  if v_changes is null then
    perform private.refuse(409, 'undo_expired');
  end if;

  for v_change in select e.value from jsonb_array_elements(v_changes) with ordinality e order by e.ordinality loop
    begin
      if private.undo_change(v_change) then
        v_undone := v_undone + 1;
      else
        v_kept := v_kept + 1;
      end if;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_kept := v_kept + 1;
    end;
  end loop;
  return jsonb_build_object('undone', v_undone, 'kept', v_kept);
end;
$$;

grant execute on function public.undo_actions(uuid[]) to authenticated;

-- sql/44_attributes.sql

/*
 * What a company wants to know of its contacts and conversations beyond what every company does: the number of a
 * contract, a plan, the date of a visit. A definition gives the name, the type and the choices; the values stand in
 * `attributes` of the row itself, by key. A value of a defined key always fits its type, whichever way it was written.
 */

create table public.attribute_definitions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  subject text not null check (subject in ('contact', 'conversation')),
  -- The name in `attributes`, in conditions and in variables; it never changes.
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null check (label = btrim(label) and length(label) between 1 and 60),
  type text not null check (type in ('text', 'number', 'date', 'boolean', 'choice', 'link')),
  options text[] not null default '{}' check (cardinality(options) <= 100),
  -- A conversation is closed by a person only once it has a value.
  required_on_close boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  unique (tenant_id, subject, key),
  check ((type = 'choice') = (options <> '{}')),
  check (not required_on_close or subject = 'conversation')
);

comment on table public.attribute_definitions is 'Custom attributes of contacts and conversations: key, label, type, choices.';

create trigger _100_touch
  before update on public.attribute_definitions
  for each row
  execute function private.tg_touch();

alter table public.attribute_definitions enable row level security;

create policy select_member on public.attribute_definitions
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read'))));

grant select on public.attribute_definitions to authenticated;

alter publication supabase_realtime add table public.attribute_definitions;

/* Whether a value fits a type; null always does, for it takes the value away. */
create function private.fits_attribute(definition public.attribute_definitions, value jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_type text := jsonb_typeof(value);
  v_text text := value #>> '{}';
begin
  if value is null or v_type = 'null' then
    return true;
  end if;
  case definition.type
    when 'number' then
      return v_type = 'number';
    when 'boolean' then
      return v_type = 'boolean';
    when 'text' then
      return v_type = 'string' and length(v_text) between 1 and 1000;
    when 'choice' then
      return v_type = 'string' and v_text = any (definition.options);
    when 'link' then
      return v_type = 'string' and length(v_text) <= 2000 and v_text ~ '^https?://[^[:space:]"<>]+$';
    when 'date' then
      return v_type = 'string'
        and v_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        and pg_input_is_valid(v_text, 'date');
  end case;
end;
$$;

/* Refuses a value that does not fit the definition of its key. Raises attribute_not_found, attribute_invalid (detail: the label). */
create function private.check_attribute(tenant_id uuid, subject text, key text, value jsonb)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_definition public.attribute_definitions;
begin
  select d.* into v_definition
  from public.attribute_definitions d
  where d.tenant_id = $1
    and d.subject = $2
    and d.key = $3;
  if v_definition.id is null then
    perform private.refuse(404, 'attribute_not_found', $3);
  end if;
  if not private.fits_attribute(v_definition, $4) then
    perform private.refuse(422, 'attribute_invalid', v_definition.label);
  end if;
end;
$$;

/* Holds the defined keys of `attributes` to their types, whoever writes the row. Argument: the subject. */
create function private.tg_attributes__check()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_definition public.attribute_definitions;
begin
  select d.* into v_definition
  from public.attribute_definitions d
  where d.tenant_id = new.tenant_id
    and d.subject = tg_argv[0]
    and new.attributes -> d.key is distinct from old.attributes -> d.key
    and not private.fits_attribute(d, new.attributes -> d.key)
  limit 1;
  if v_definition.id is not null then
    perform private.refuse(422, 'attribute_invalid', v_definition.label);
  end if;
  return new;
end;
$$;

-- Only where a statement names the column: messages, which update both rows, never do.
create trigger _200_attributes
  before update of attributes on public.contacts
  for each row
  when (old.attributes is distinct from new.attributes)
  execute function private.tg_attributes__check('contact');

create trigger _200_attributes
  before update of attributes on public.conversations
  for each row
  when (old.attributes is distinct from new.attributes)
  execute function private.tg_attributes__check('conversation');

/* Gives a conversation the value of an attribute, or takes it away (null). Raises attribute_not_found, attribute_invalid. */
create function private.apply_conversation_attribute(conversation public.conversations, key text, value jsonb)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_attributes jsonb := conversation.attributes - $2;
begin
  perform private.check_attribute(conversation.tenant_id, 'conversation', $2, $3);
  if jsonb_typeof($3) <> 'null' then
    v_attributes := v_attributes || jsonb_build_object($2, $3);
  end if;
  if v_attributes = conversation.attributes then
    return conversation;
  end if;
  update public.conversations c
  set attributes = v_attributes
  where c.id = conversation.id
  returning c.* into conversation;
  return conversation;
end;
$$;

/* Gives a contact the value of an attribute, or takes it away (null). Raises contact_not_found, attribute_not_found, attribute_invalid. */
create function private.apply_contact_attribute(tenant_id uuid, contact_id uuid, key text, value jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts;
  v_attributes jsonb;
begin
  perform private.check_attribute($1, 'contact', $3, $4);
  select c.* into v_contact
  from public.contacts c
  where c.tenant_id = $1
    and c.id = $2
  for update;
  if v_contact.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  v_attributes := v_contact.attributes - $3;
  if jsonb_typeof($4) <> 'null' then
    v_attributes := v_attributes || jsonb_build_object($3, $4);
  end if;
  if v_attributes <> v_contact.attributes then
    update public.contacts c
    set attributes = v_attributes
    where c.id = v_contact.id
    returning c.* into v_contact;
  end if;
  return v_contact;
end;
$$;

/*
 * Gives a conversation the value of an attribute, or takes it away (null). Idempotent. Raises conversation_not_found,
 * not_allowed, attribute_not_found, attribute_invalid (detail: the label).
 */
create function public.set_conversation_attribute(conversation_id uuid, key text, value jsonb)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_conversation_attribute(private.lock_conversation($1, 'conversations.reply'), $2, coalesce($3, 'null'));
end;
$$;

/*
 * Gives a contact the value of an attribute, or takes it away (null). Idempotent. Raises contact_not_found, not_allowed,
 * attribute_not_found, attribute_invalid (detail: the label).
 */
create function public.set_contact_attribute(contact_id uuid, key text, value jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_before timestamptz := v_contact.updated_at;
begin
  v_contact := private.apply_contact_attribute(v_contact.tenant_id, $1, $2, coalesce($3, 'null'));
  if v_contact.updated_at <> v_before then
    perform private.tell_contacts(v_contact.tenant_id, array[$1]);
  end if;
  return v_contact;
end;
$$;

grant execute on function
  public.set_conversation_attribute(uuid, text, jsonb),
  public.set_contact_attribute(uuid, text, jsonb)
to authenticated;

-- sql/44_attributes_required.sql

/*
 * What a conversation has to tell before it is closed: the attributes that are `required_on_close`. Every way of closing
 * goes through private.apply_close, which asks here; a person is asked for what is missing, a rule says in its run that
 * it could not close.
 */

/* The labels of the attributes that closing still needs of a conversation, in their order; null: none. */
create function private.missing_on_close(conversation public.conversations)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select string_agg(d.label, ', ' order by d.position, d.key)
    from public.attribute_definitions d
    where d.tenant_id = conversation.tenant_id
      and d.subject = 'conversation'
      and d.required_on_close
      and coalesce(jsonb_typeof(conversation.attributes -> d.key), 'null') = 'null'
  );
end;
$$;

-- sql/44_attributes_written.sql

/* Writing the definitions of custom attributes, which whoever manages them does. */

/*
 * Makes an attribute, or changes one: label, choices, whether closing needs it. Key, type and subject stay what they
 * were made as. A choice that is taken away stays where it was chosen. Raises tenant_not_found, not_allowed,
 * attribute_not_found, attribute_exists, attribute_definition_invalid (detail: what is wrong).
 */
create function public.save_attribute(tenant_id uuid, attribute_id uuid, attribute jsonb)
  returns public.attribute_definitions
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_definition public.attribute_definitions;
  v_label text := btrim(coalesce(attribute ->> 'label', ''));
  v_options text[];
  v_required boolean := coalesce((attribute ->> 'required_on_close')::boolean, false);
begin
  perform private.require($1, 'attributes.manage');
  if jsonb_typeof(attribute -> 'options') = 'array' then
    v_options := array(
      select o.text
      from (
        select btrim(e.value) as text, min(e.ordinality) as place
        from jsonb_array_elements_text(attribute -> 'options') with ordinality e
        where btrim(e.value) <> ''
        group by btrim(e.value)
      ) o
      order by o.place
    );
  end if;

  begin
    if attribute_id is null then
      insert into public.attribute_definitions (tenant_id, subject, key, label, type, options, required_on_close, position)
      values (
        $1, attribute ->> 'subject', attribute ->> 'key', v_label, attribute ->> 'type', coalesce(v_options, '{}'), v_required,
        (
          select coalesce(max(d.position), 0) + 1
          from public.attribute_definitions d
          where d.tenant_id = $1 and d.subject = attribute ->> 'subject'
        )
      )
      returning * into v_definition;
    else
      update public.attribute_definitions d
      set
        label = v_label,
        options = coalesce(v_options, d.options),
        required_on_close = v_required
      where d.tenant_id = $1
        and d.id = attribute_id
      returning d.* into v_definition;
      if v_definition.id is null then
        perform private.refuse(404, 'attribute_not_found');
      end if;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'attribute_exists');
    when check_violation or not_null_violation then
      perform private.refuse(422, 'attribute_definition_invalid', sqlerrm);
  end;
  return v_definition;
end;
$$;

/* Puts the attributes of a subject in this order. Raises tenant_not_found, not_allowed. */
create function public.order_attributes(tenant_id uuid, attribute_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'attributes.manage');
  update public.attribute_definitions d
  set position = o.place
  from unnest(attribute_ids) with ordinality o (id, place)
  where d.tenant_id = $1
    and d.id = o.id
    and d.position <> o.place;
end;
$$;

/*
 * Forgets an attribute. What was written under its key stays in the rows, unseen, and is there again if the key is
 * made again. Raises attribute_not_found, not_allowed.
 */
create function public.delete_attribute(attribute_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select d.tenant_id into v_tenant_id
  from public.attribute_definitions d
  where d.id = $1
    and d.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'attribute_not_found');
  end if;
  perform private.require(v_tenant_id, 'attributes.manage');
  delete from public.attribute_definitions d where d.id = $1;
end;
$$;

grant execute on function
  public.save_attribute(uuid, uuid, jsonb),
  public.order_attributes(uuid, uuid[]),
  public.delete_attribute(uuid)
to authenticated;

-- sql/44_canned_responses.sql

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

-- sql/44_canned_results.sql

/*
 * What comes of canned responses: which text was used in which message, who uses which, and how the texts
 * of a response do against each other.
 */

/* Notes which texts a message was made of. Those the message's tenant has not are passed over; twice is once. */
create function private.note_canned_uses(message public.messages, variant_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.canned_response_uses (tenant_id, variant_id, message_id, message_created_at, conversation_id, user_id)
  select message.tenant_id, v.id, message.id, message.created_at, message.conversation_id, message.author_id
  from public.canned_response_variants v
  where v.tenant_id = message.tenant_id
    and v.id = any (variant_ids[1:20])
  on conflict do nothing;
end;
$$;

/* Notes which texts a message was made of, by its `client_id`. Raises message_not_found, not_allowed. */
create function public.note_canned_use(tenant_id uuid, client_id uuid, variant_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where k.tenant_id = $1
    and k.client_id = $2
    and k.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;
  if not private.may($1, 'conversations.reply') then
    perform private.refuse(403, 'not_allowed', 'conversations.reply');
  end if;
  perform private.note_canned_uses(v_message, variant_ids);
end;
$$;

/* How often the signed-in person used each response in the last 90 days, and when last: what they find first. */
create function public.my_canned_uses(tenant_id uuid)
  returns table (response_id uuid, uses bigint, last_used_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select v.response_id, count(*), max(u.used_at)
  from (
    select l.variant_id, l.used_at
    from public.canned_response_uses l
    where l.tenant_id = $1
      and l.user_id = auth.uid()
      and l.used_at > now() - interval '90 days'
    order by l.used_at desc
    limit 2000
  ) u
  join public.canned_response_variants v on v.tenant_id = $1 and v.id = u.variant_id
  group by v.response_id;
end;
$$;

/*
 * How each text of the published version does. A text counts in every version it stood in unchanged. `settled` are the
 * uses whose 24 hours are over or that were answered within them: only of these one knows. `resolved`: closed within seven
 * days. Raises canned_response_not_found, not_allowed.
 */
create function public.canned_response_results(response_id uuid)
  returns table (
    variant_id uuid, uses bigint, settled bigint, replied bigint, resolved bigint, median_reply_seconds float8, first_used_at timestamptz
  )
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
begin
  return query
  select
    p.id, count(u.message_id), count(u.message_id) filter (where u.settled), count(u.reply_after), count(u.message_id) filter (where u.resolved),
    percentile_cont(0.5) within group (order by u.reply_after), min(u.used_at)
  from public.canned_response_variants p
  left join lateral (
    select
      s.message_id, s.used_at, a.reply_after,
      a.reply_after is not null or s.message_created_at < now() - interval '24 hours' as settled,
      c.closed_at between s.message_created_at and s.message_created_at + interval '7 days' as resolved
    from public.canned_response_variants same
    join public.canned_response_uses s on s.tenant_id = same.tenant_id and s.variant_id = same.id
    join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
    join public.messages m on m.tenant_id = s.tenant_id and m.id = s.message_id and m.created_at = s.message_created_at
    left join lateral (
      select extract(epoch from i.created_at - m.created_at)::float8 as reply_after
      from public.messages i
      where i.tenant_id = m.tenant_id
        and i.conversation_id = m.conversation_id
        and i.seq > m.seq
        and i.direction = 'in'
        and i.created_at between m.created_at and m.created_at + interval '24 hours'
        and i.kind <> 'reaction'
      order by i.seq
      limit 1
    ) a on true
    where same.tenant_id = p.tenant_id
      and same.response_id = p.response_id
      and same.text = p.text
      and same.channel_type is not distinct from p.channel_type
  ) u on true
  where p.tenant_id = v_response.tenant_id
    and p.response_id = v_response.id
    and p.version = v_response.published_version
  group by p.id, p.position
  order by p.position;
end;
$$;

grant execute on function
  public.note_canned_use(uuid, uuid, uuid[]),
  public.my_canned_uses(uuid),
  public.canned_response_results(uuid)
to authenticated;

-- sql/44_canned_sent.sql

/*
 * Sending a canned response without the composer: a macro does, or a rule. The text is chosen as core/src/canned/choose.ts
 * chooses it, so that a conversation reads the same one of several that are tried, whoever sends it; and it counts as
 * a use of that text.
 */

/* A number from 0 to 1 that a text of ASCII always gives: `portion` of core/src/canned/choose.ts, bit by bit. */
create function private.portion_of(text text)
  returns double precision
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_hash bigint := 2166136261;
begin
  for i in 1 .. length($1) loop
    v_hash := ((v_hash # ascii(substr($1, i, 1))) * 16777619) & 4294967295;
  end loop;
  v_hash := (((v_hash # (v_hash >> 16))::numeric * 2246822507) % 4294967296)::bigint;
  v_hash := (((v_hash # (v_hash >> 13))::numeric * 3266489909) % 4294967296)::bigint;
  return (v_hash # (v_hash >> 16))::double precision / 4294967296;
end;
$$;

/*
 * The text of a response that a conversation gets: of those for its kind of channel, or else of those for every one, by
 * weight. Nothing where the response is put away or is somebody else's own.
 */
create function private.canned_variant(conversation public.conversations, response_id uuid, actor uuid)
  returns public.canned_response_variants
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_variant public.canned_response_variants;
begin
  with published as (
    select v as variant, v.position, v.weight, coalesce(v.channel_type = c.type::text, false) as is_own, v.channel_type is null as is_any
    from public.canned_responses r
    join public.canned_response_variants v on v.tenant_id = r.tenant_id and v.response_id = r.id and v.version = r.published_version
    join public.channels c on c.id = conversation.channel_id
    where r.tenant_id = conversation.tenant_id
      and r.id = $2
      and r.archived_at is null
      and (r.owner_id is null or r.owner_id = $3)
  ), fitting as (
    select p.*, bool_or(p.is_own) over () as has_own
    from published p
    where p.is_own or p.is_any
  ), weighed as (
    select
      f.*, sum(f.weight) over (order by f.position) as upto,
      private.portion_of($2 || ':' || conversation.id) * sum(f.weight) over () as aim
    from fitting f
    where f.is_own = f.has_own
  )
  select (w.variant).* into v_variant
  from weighed w
  -- All at rest: the first is still a text.
  order by (w.weight > 0 and w.upto > w.aim) desc, w.position
  limit 1;
  return v_variant;
end;
$$;

/*
 * Sends a canned response into a conversation with its files, and notes the use. One call sends once: what follows the first
 * message has an id made of `client_id`. Raises canned_response_not_found and what sending raises.
 */
create function private.send_canned(conversation public.conversations, response_id uuid, actor uuid, client_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_variant public.canned_response_variants := private.canned_variant(conversation, $2, $3);
  v_response public.canned_responses;
  v_message public.messages;
  v_parcel record;
begin
  if v_variant.id is null then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  select r.* into v_response from public.canned_responses r where r.id = v_variant.response_id;
  for v_parcel in
    select p.value as content, p.ordinality as place
    from jsonb_array_elements(
      private.canned_parcels(
        private.canned_files(v_response, v_variant.version), private.fill_variables(v_variant.text, conversation, actor)
      )
    ) with ordinality p
    order by p.ordinality
  loop
    v_message := private.queue_message(
      conversation, case when v_parcel.place = 1 then client_id else md5(client_id || ':' || v_parcel.place)::uuid end, v_parcel.content,
      null, case when actor is null then 'system' else 'agent' end::public.message_author, actor, true
    );
    if v_parcel.place = 1 then
      perform private.note_canned_uses(v_message, array[v_variant.id]);
    end if;
  end loop;
end;
$$;

-- sql/44_canned_table.sql

/*
 * Many canned responses at once, from a table (core/src/canned/table.ts reads it). Each is saved by itself, as a person
 * would save it: what is refused is told and holds none of the others up. Tried first, nothing of it stays.
 */

/*
 * Saves up to 500 responses, [{shortcut, title, category, scope, team_id, language, variants}]: those whose shortcut stands
 * for the same people already get the new words as their next version, the others are made. Gives, in their order,
 * [{outcome: created | updated | unchanged | refused, code, detail}]. With `dry_run` nothing stays. Raises
 * tenant_not_found, too_many_canned_responses.
 */
create function public.import_canned_responses(tenant_id uuid, responses jsonb, dry_run boolean)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_results jsonb := '[]';
  v_response jsonb;
  v_known public.canned_responses;
  v_saved public.canned_responses;
  v_code text;
  v_detail text;
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if jsonb_typeof(responses) is distinct from 'array' or jsonb_array_length(responses) > 500 then
    perform private.refuse(422, 'too_many_canned_responses');
  end if;

  begin
    for v_response in select e.value from jsonb_array_elements(responses) with ordinality e order by e.ordinality loop
      begin
        select r.* into v_known
        from public.canned_responses r
        where r.tenant_id = $1
          and r.archived_at is null
          and r.shortcut = v_response ->> 'shortcut'
          and r.scope = v_response ->> 'scope'
          and r.team_id is not distinct from (v_response ->> 'team_id')::uuid
          and (r.scope <> 'private' or r.owner_id = auth.uid());
        v_saved := public.save_canned_response($1, coalesce(v_known.id, gen_random_uuid()), v_response);
        v_results := v_results || jsonb_build_object('outcome', case
          when v_known.id is null then 'created'
          when (v_saved.published_version, v_saved.title, v_saved.category, v_saved.language)
            is distinct from (v_known.published_version, v_known.title, v_known.category, v_known.language) then 'updated'
          else 'unchanged'
        end);
      exception
        when transaction_rollback or insufficient_resources or operator_intervention then
          raise;
        when others then
          get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
          v_results := v_results || jsonb_build_object(
            'outcome', 'refused',
            'code', case when sqlstate ~ '^PT' then v_code else 'canned_response_invalid' end,
            'detail', nullif(v_detail, '')
          );
      end;
    end loop;
    if dry_run then
      perform private.refuse(409, 'preview_ends');
    end if;
  exception when sqlstate 'PT409' then
    -- Only the end of a try comes this far.
    null;
  end;
  return v_results;
end;
$$;

grant execute on function public.import_canned_responses(uuid, jsonb, boolean) to authenticated;

-- sql/44_canned_with_files.sql

/*
 * Files that go with a canned response: a price list, a picture of the shop, the form to fill in. They belong to a version
 * as its texts do, so that an earlier one comes back with its files. A file lies in bucket `media`, where whoever wrote
 * the response has put it; from then on whoever sees the response reads it, and whoever sees a message it went with.
 */

create table public.canned_response_files (
  tenant_id uuid not null,
  response_id uuid not null,
  version integer not null,
  position smallint not null check (position between 0 and 4),
  path text not null check (starts_with(path, tenant_id || '/')),
  kind text not null check (kind in ('image', 'video', 'audio', 'document')),
  mime_type text not null,
  filename text not null check (length(filename) between 1 and 240),
  size bigint not null check (size > 0),
  primary key (tenant_id, response_id, version, position),
  foreign key (tenant_id, response_id, version)
    references public.canned_response_versions (tenant_id, response_id, version) on delete cascade
);

comment on table public.canned_response_files is 'The files that go with a version of a canned response. Never changed.';

create index on public.canned_response_files (path);

alter table public.canned_response_files enable row level security;

create policy select_reader on public.canned_response_files
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.canned_responses r
      where r.tenant_id = canned_response_files.tenant_id
        and r.id = canned_response_files.response_id
    )
  );

grant select on public.canned_response_files to authenticated;

/* Whether a canned response has the file: it is no upload any more, and isn't thrown away. */
create function private.is_canned_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (select from public.canned_response_files f where f.path = $1);
end;
$$;

/* Whether the signed-in person sees a canned response with the file. */
create function private.sees_canned_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.canned_response_files f
    join public.canned_responses r on r.tenant_id = f.tenant_id and r.id = f.response_id
    where f.path = $1
      and r.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
      and case r.scope
        when 'shared' then true
        when 'private' then r.owner_id = auth.uid()
        else r.team_id = any (array(select private.my_team_ids())) or private.may(r.tenant_id, 'canned_responses.manage')
      end
  );
end;
$$;

/* The files of a version, as saving takes them. */
create function private.canned_files(response public.canned_responses, version integer)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object('kind', f.kind, 'path', f.path, 'mime_type', f.mime_type, 'size', f.size, 'filename', f.filename)
        order by f.position
      ),
      '[]'
    )
    from public.canned_response_files f
    where f.tenant_id = response.tenant_id
      and f.response_id = response.id
      and f.version = $2
  );
end;
$$;

/*
 * The files a response is to have, [{kind, path, filename}], with what storage knows of them: those it had in any version,
 * and uploads of the signed-in person's own of the last 23 hours. Raises canned_response_invalid (files), media_not_found,
 * content_invalid.
 */
create function private.check_canned_files(response public.canned_responses, files jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_file jsonb;
  v_files jsonb := '[]';
begin
  if jsonb_typeof(files) is distinct from 'array' or jsonb_array_length(files) > 5 then
    perform private.refuse(422, 'canned_response_invalid', 'files');
  end if;
  for v_file in select e.value from jsonb_array_elements(files) with ordinality e order by e.ordinality loop
    if coalesce(v_file ->> 'kind', '') not in ('image', 'video', 'audio', 'document') or length(coalesce(v_file ->> 'filename', '')) = 0 then
      perform private.refuse(422, 'canned_response_invalid', 'files');
    end if;
    if not exists (
      select
      from public.canned_response_files f
      where f.tenant_id = response.tenant_id
        and f.response_id = response.id
        and f.path = v_file ->> 'path'
    ) and not private.is_own_upload(response.tenant_id, v_file ->> 'path') then
      perform private.refuse(404, 'media_not_found');
    end if;
    v_file := private.with_recorded_files(
      jsonb_build_object('kind', v_file ->> 'kind', 'path', v_file ->> 'path', 'filename', v_file ->> 'filename'), response.tenant_id
    );
    perform private.check_content(v_file);
    v_files := v_files || v_file;
  end loop;
  return v_files;
end;
$$;

/* What a canned response sends, in order: each file, then the words, which go under the one file there is where they fit. */
create function private.canned_parcels(files jsonb, words text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if jsonb_array_length(files) = 1 and files #>> '{0,kind}' <> 'audio' and length(words) <= 1024 then
    return jsonb_build_array(files -> 0 || jsonb_build_object('caption', words));
  end if;
  return files || jsonb_build_object('kind', 'text', 'text', words);
end;
$$;

grant execute on function private.sees_canned_file(text), private.is_canned_file(text) to authenticated;

-- sql/44_canned_written.sql

/* Writing canned responses: what is no text, who may change which, and the version that every change of words makes. */

/*
 * Why a text is no canned response, or null: the same rule as `faultOf` of core/src/canned/template.ts, and a
 * test holds both against each other.
 */
create function private.canned_fault(text text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_name text;
  v_rest text;
begin
  for v_name in
    select btrim(split_part(found.parts[1], '|', 1), E' \t')
    from regexp_matches($1, '\{\{([^{}\n]*)\}\}', 'g') as found (parts)
  loop
    if v_name !~ '^(contact\.(first_name|name|phone)|agent\.(first_name|name)|workspace\.name|conversation\.id|greeting|contact_attribute\.[A-Za-z0-9_]{1,60})$' then
      return 'variable_unknown';
    end if;
  end loop;
  v_rest := regexp_replace($1, '\{\{[^{}\n]*\}\}', '', 'g');
  if position('{{' in v_rest) > 0 or position('}}' in v_rest) > 0 then
    return 'variable_unclosed';
  end if;
  return null;
end;
$$;

/* Refuses what may not be changed by the signed-in person: another's, or everybody's without the permission. */
create function private.check_canned_scope(tenant_id uuid, scope text, owner_id uuid)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'conversations.read') or (scope = 'private' and owner_id is distinct from auth.uid()) then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  if scope = 'private' and not private.may($1, 'conversations.reply') then
    perform private.refuse(403, 'not_allowed', 'conversations.reply');
  end if;
  if scope <> 'private' and not private.may($1, 'canned_responses.manage') then
    perform private.refuse(403, 'not_allowed', 'canned_responses.manage');
  end if;
end;
$$;

/* A canned response, locked, when the signed-in person may change it. Raises canned_response_not_found, not_allowed. */
create function private.lock_canned_response(response_id uuid)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses;
begin
  select r.* into v_response
  from public.canned_responses r
  where r.id = $1
    and r.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and (r.scope <> 'team' or r.team_id = any (array(select private.my_team_ids())) or private.may(r.tenant_id, 'canned_responses.manage'))
  for update;
  if not found then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  perform private.check_canned_scope(v_response.tenant_id, v_response.scope, v_response.owner_id);
  return v_response;
end;
$$;

/*
 * Publishes texts, `[{channel_type, weight, text}]`, and checked files as the next version. What stands already is left as
 * it is.
 */
create function private.publish_canned_response(
  response public.canned_responses, variants jsonb, files jsonb, restored_from integer default null
)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := response;
  v_version integer;
begin
  if restored_from is null and (
    select jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', v.weight, 'text', v.text) order by v.position)
    from public.canned_response_variants v
    where v.tenant_id = response.tenant_id
      and v.response_id = response.id
      and v.version = response.published_version
  ) = variants and private.canned_files(response, response.published_version) = files then
    return v_response;
  end if;

  select coalesce(max(n.version), 0) + 1 into v_version
  from public.canned_response_versions n
  where n.tenant_id = response.tenant_id
    and n.response_id = response.id;

  insert into public.canned_response_versions (tenant_id, response_id, version, restored_from, created_by)
  values (response.tenant_id, response.id, v_version, restored_from, auth.uid());

  insert into public.canned_response_variants (tenant_id, response_id, version, position, channel_type, weight, text)
  select response.tenant_id, response.id, v_version, e.place - 1, e.variant ->> 'channel_type', (e.variant ->> 'weight')::smallint, e.variant ->> 'text'
  from jsonb_array_elements(variants) with ordinality as e (variant, place);

  insert into public.canned_response_files (tenant_id, response_id, version, position, kind, path, mime_type, size, filename)
  select
    response.tenant_id, response.id, v_version, e.place - 1,
    e.file ->> 'kind', e.file ->> 'path', e.file ->> 'mime_type', (e.file ->> 'size')::bigint, e.file ->> 'filename'
  from jsonb_array_elements(files) with ordinality as e (file, place);

  update public.canned_responses r
  set published_version = v_version
  where r.id = response.id
  returning r.* into v_response;
  return v_response;
end;
$$;

/*
 * Keeps a canned response, new or known (`response_id` is made by the browser, so that saving twice saves once):
 * {shortcut, title, category, scope, team_id, language, variants: [{channel_type, weight, text}], files: [{kind, path,
 * filename}]}. Without `files` (a table of texts has none) those that stand stay. Changed texts and files become the next
 * version. Raises tenant_not_found, canned_response_not_found, not_allowed, team_not_found, canned_response_invalid (detail:
 * which part), canned_shortcut_taken, media_not_found, content_invalid.
 */
create function public.save_canned_response(tenant_id uuid, response_id uuid, response jsonb)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses;
  v_scope text := response ->> 'scope';
  v_team uuid;
  v_variants jsonb;
  v_fault text;
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if v_scope is null or v_scope not in ('shared', 'team', 'private') then
    perform private.refuse(422, 'canned_response_invalid', 'scope');
  end if;
  perform private.check_canned_scope($1, v_scope, auth.uid());
  if v_scope = 'team' then
    select t.id into v_team from public.teams t where t.tenant_id = $1 and t.id = (response ->> 'team_id')::uuid;
    if not found then
      perform private.refuse(404, 'team_not_found');
    end if;
  end if;

  if coalesce(response ->> 'shortcut', '') !~ '^[a-z0-9][a-z0-9_-]{0,31}$' then
    perform private.refuse(422, 'canned_response_invalid', 'shortcut');
  elsif length(btrim(coalesce(response ->> 'title', ''))) not between 1 and 80 then
    perform private.refuse(422, 'canned_response_invalid', 'title');
  elsif length(coalesce(response ->> 'category', '')) > 40 then
    perform private.refuse(422, 'canned_response_invalid', 'category');
  elsif response ->> 'language' is not null and response ->> 'language' !~ '^[a-z]{2}(-[A-Z]{2})?$' then
    perform private.refuse(422, 'canned_response_invalid', 'language');
  elsif jsonb_typeof(response -> 'variants') is distinct from 'array' or jsonb_array_length(response -> 'variants') not between 1 and 20 then
    perform private.refuse(422, 'canned_response_invalid', 'variants');
  end if;

  begin
    select
      jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', coalesce(v.weight, 1), 'text', v.text) order by v.place),
      min(coalesce(
        case when length(btrim(coalesce(v.text, ''), E' \t\r\n')) = 0 or length(v.text) > 4096 then 'text' end,
        private.canned_fault(v.text),
        case when coalesce(v.weight, 1) not between 0 and 100 then 'weight' end,
        case when v.channel_type !~ '^[a-z_]{2,20}$' then 'channel_type' end
      ))
    into v_variants, v_fault
    from (
      select e.place, e.variant ->> 'channel_type' as channel_type, (e.variant ->> 'weight')::smallint as weight, e.variant ->> 'text' as text
      from jsonb_array_elements(response -> 'variants') with ordinality as e (variant, place)
    ) v;
  exception when invalid_text_representation or numeric_value_out_of_range then
    v_fault := 'weight';
  end;
  if v_fault is not null then
    perform private.refuse(422, 'canned_response_invalid', v_fault);
  end if;

  begin
    select r.* into v_response from public.canned_responses r where r.id = $2 for update;
    if found then
      if v_response.tenant_id <> $1 then
        perform private.refuse(404, 'canned_response_not_found');
      end if;
      v_response := private.lock_canned_response($2);
      update public.canned_responses r
      set
        shortcut = response ->> 'shortcut',
        title = btrim(response ->> 'title'),
        category = btrim(coalesce(response ->> 'category', '')),
        language = response ->> 'language',
        scope = v_scope,
        team_id = v_team,
        owner_id = case when v_scope = 'private' then auth.uid() end
      where r.id = v_response.id
      returning r.* into v_response;
    else
      insert into public.canned_responses (id, tenant_id, shortcut, title, category, language, scope, team_id, owner_id, created_by)
      values (
        coalesce($2, gen_random_uuid()), $1, response ->> 'shortcut', btrim(response ->> 'title'), btrim(coalesce(response ->> 'category', '')),
        response ->> 'language', v_scope, v_team, case when v_scope = 'private' then auth.uid() end, auth.uid()
      )
      returning * into v_response;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'canned_shortcut_taken');
  end;

  return private.publish_canned_response(v_response, v_variants, case
    when response ->> 'files' is null then private.canned_files(v_response, v_response.published_version)
    else private.check_canned_files(v_response, response -> 'files')
  end);
end;
$$;

/* Publishes the words and files of an earlier version again, as the next one. Raises canned_response_not_found, not_allowed. */
create function public.restore_canned_response(response_id uuid, version integer)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
  v_variants jsonb;
begin
  if v_response.published_version = $2 then
    return v_response;
  end if;
  select jsonb_agg(jsonb_build_object('channel_type', v.channel_type, 'weight', v.weight, 'text', v.text) order by v.position)
  into v_variants
  from public.canned_response_variants v
  where v.tenant_id = v_response.tenant_id
    and v.response_id = v_response.id
    and v.version = $2;
  if v_variants is null then
    perform private.refuse(404, 'canned_response_not_found');
  end if;
  return private.publish_canned_response(v_response, v_variants, private.canned_files(v_response, $2), $2);
end;
$$;

/* Puts a canned response away, or takes it out again. Raises canned_response_not_found, not_allowed, canned_shortcut_taken. */
create function public.archive_canned_response(response_id uuid, archived boolean)
  returns public.canned_responses
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
begin
  begin
    update public.canned_responses r
    set archived_at = case when archived then coalesce(r.archived_at, now()) end
    where r.id = v_response.id
    returning r.* into v_response;
  exception when unique_violation then
    perform private.refuse(409, 'canned_shortcut_taken');
  end;
  return v_response;
end;
$$;

grant execute on function
  public.save_canned_response(uuid, uuid, jsonb),
  public.restore_canned_response(uuid, integer),
  public.archive_canned_response(uuid, boolean)
to authenticated;

-- sql/44_contact_details.sql

/*
 * What a person says of a contact, field by field: name, e-mail, language, tags. (Attributes: 44_attributes.sql. Consents:
 * 32_consents.sql.) Every door answers with the whole row, and has the open conversations told again: the lists show it.
 */

/* The contact, locked, when the signed-in person may change it. Raises contact_not_found, not_allowed. */
create function private.lock_contact(contact_id uuid)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts;
begin
  select c.* into v_contact
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')))
  for update;
  if v_contact.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_contact.tenant_id, 'contacts.write') then
    perform private.refuse(403, 'not_allowed', 'contacts.write');
  end if;
  return v_contact;
end;
$$;

/*
 * Changes what is named of {name, email, language}; the rest stays. An empty e-mail or language is none. A name that a
 * person typed stays: the provider's later ones no longer replace it. Doing it twice changes nothing. Raises
 * contact_not_found, not_allowed, contact_name_invalid, contact_email_invalid, contact_language_invalid.
 */
create function public.edit_contact(contact_id uuid, changes jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_name text := case when $2 ? 'name' then btrim(coalesce($2 ->> 'name', '')) else v_contact.name end;
  v_email text := case when $2 ? 'email' then nullif(lower(btrim($2 ->> 'email')), '') else v_contact.email end;
  v_language text := case when $2 ? 'language' then nullif(btrim($2 ->> 'language'), '') else v_contact.language end;
begin
  if $2 ? 'name' and length(v_name) not between 1 and 200 then
    perform private.refuse(422, 'contact_name_invalid');
  end if;
  begin
    if (v_name, v_email, v_language) is distinct from (v_contact.name, v_contact.email, v_contact.language) then
      update public.contacts c
      set
        name = v_name,
        name_at = case when v_name = c.name then c.name_at end,
        email = v_email,
        language = v_language
      where c.id = v_contact.id
      returning c.* into v_contact;
      perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
    end if;
  exception when check_violation then
    if v_email is distinct from v_contact.email then
      perform private.refuse(422, 'contact_email_invalid');
    end if;
    perform private.refuse(422, 'contact_language_invalid');
  end;
  return v_contact;
end;
$$;

/* Hangs tags on a contact and takes others off. Doing it twice changes nothing. Raises contact_not_found, not_allowed. */
create function public.tag_contact(contact_id uuid, add uuid[], remove uuid[])
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_tags uuid[] := array(
    select t
    from unnest(v_contact.tag_ids || $2) with ordinality named (t, place)
    where t <> all (coalesce($3, '{}'))
    group by t
    order by min(place)
  );
begin
  if v_tags <> v_contact.tag_ids then
    -- A trigger keeps the tenant's own.
    update public.contacts c
    set tag_ids = v_tags
    where c.id = v_contact.id
    returning c.* into v_contact;
    perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
  end if;
  return v_contact;
end;
$$;

grant execute on function
  public.edit_contact(uuid, jsonb),
  public.tag_contact(uuid, uuid[], uuid[])
to authenticated;

-- sql/44_macros.sql

/*
 * A macro is a list of actions with a name (core/src/actions): what somebody does ten times a day, done with one key to
 * one conversation or to many. It is its owner's alone, or the whole company's.
 */

create table public.macros (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Null: everybody's.
  owner_id uuid,
  name text not null check (name = btrim(name) and length(name) between 1 and 80),
  actions jsonb not null check (jsonb_typeof(actions) = 'array'),
  -- The key that runs it after `;`.
  shortcut text check (shortcut ~ '^[a-z0-9]$'),
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  -- A private one goes with its owner.
  foreign key (tenant_id, owner_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.macros is 'Named lists of actions, private (owner_id) or everybody''s.';

create index on public.macros (tenant_id, owner_id);

create trigger _100_touch
  before update on public.macros
  for each row
  execute function private.tg_touch();

alter table public.macros enable row level security;

create policy select_shared on public.macros
  for select to authenticated
  using (
    owner_id is null
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_owner on public.macros
  for select to authenticated
  using (
    owner_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.macros to authenticated;

alter publication supabase_realtime add table public.macros;

/* A macro that the signed-in person sees. Raises macro_not_found. */
create function private.macro_in_sight(macro_id uuid)
  returns public.macros
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_macro public.macros;
begin
  select m.* into v_macro
  from public.macros m
  where m.id = $1
    and (m.owner_id is null or m.owner_id = auth.uid())
    and m.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_macro.id is null then
    perform private.refuse(404, 'macro_not_found');
  end if;
  return v_macro;
end;
$$;

/*
 * Makes a macro, or changes one: {name, actions, shared, shortcut}. Whoever may answer has macros of their own; shared
 * ones need macros.share. Raises tenant_not_found, not_allowed, macro_not_found, macro_invalid, actions_invalid.
 */
create function public.save_macro(tenant_id uuid, macro_id uuid, macro jsonb)
  returns public.macros
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_macro public.macros;
  v_name text := btrim(coalesce(macro ->> 'name', ''));
  v_shortcut text := nullif(lower(macro ->> 'shortcut'), '');
  v_shared boolean := coalesce((macro ->> 'shared')::boolean, false);
begin
  perform private.require($1, 'conversations.reply');
  if macro_id is not null then
    v_macro := private.macro_in_sight(macro_id);
    if v_macro.tenant_id <> $1 then
      perform private.refuse(404, 'macro_not_found');
    end if;
  end if;
  if v_shared or (macro_id is not null and v_macro.owner_id is null) then
    perform private.require($1, 'macros.share');
  end if;
  perform private.check_actions(macro -> 'actions');
  if length(v_name) not between 1 and 80 or v_shortcut !~ '^[a-z0-9]$' then
    perform private.refuse(422, 'macro_invalid');
  end if;

  if macro_id is null then
    insert into public.macros (tenant_id, owner_id, name, actions, shortcut, position)
    values (
      $1, case when not v_shared then auth.uid() end, v_name, macro -> 'actions', v_shortcut,
      (select coalesce(max(m.position), 0) + 1 from public.macros m where m.tenant_id = $1)
    )
    returning * into v_macro;
  else
    update public.macros m
    set
      owner_id = case when not v_shared then auth.uid() end,
      name = v_name,
      actions = macro -> 'actions',
      shortcut = v_shortcut
    where m.id = macro_id
    returning m.* into v_macro;
  end if;
  return v_macro;
end;
$$;

/* Puts macros in this order: one's own, and everybody's where one may share. Raises tenant_not_found, not_allowed. */
create function public.order_macros(tenant_id uuid, macro_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_shares boolean := private.may($1, 'macros.share');
begin
  perform private.require($1, 'conversations.reply');
  update public.macros m
  set position = o.place
  from unnest(macro_ids) with ordinality o (id, place)
  where m.tenant_id = $1
    and m.id = o.id
    and (m.owner_id = auth.uid() or (m.owner_id is null and v_shares))
    and m.position <> o.place;
end;
$$;

/* Throws a macro away. Raises macro_not_found, not_allowed. */
create function public.delete_macro(macro_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_macro public.macros := private.macro_in_sight(macro_id);
begin
  perform private.require(v_macro.tenant_id, case when v_macro.owner_id is null then 'macros.share' else 'conversations.reply' end);
  delete from public.macros m where m.id = v_macro.id;
end;
$$;

/*
 * Runs a macro on up to 500 conversations, in the person's name; answers as perform_actions does. What it does is told
 * in the threads with the macro's name. Raises macro_not_found, not_allowed, actions_invalid, too_many_conversations.
 */
create function public.run_macro(macro_id uuid, conversation_ids uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_macro public.macros := private.macro_in_sight(macro_id);
  v_cause jsonb;
  v_answer jsonb;
begin
  perform private.require(v_macro.tenant_id, 'conversations.reply');
  v_cause := private.set_cause(jsonb_build_object('type', 'macro', 'id', v_macro.id, 'name', v_macro.name));
  v_answer := public.perform_actions($2, v_macro.actions);
  perform private.set_cause(v_cause);
  return v_answer;
end;
$$;

grant execute on function
  public.save_macro(uuid, uuid, jsonb),
  public.order_macros(uuid, uuid[]),
  public.delete_macro(uuid),
  public.run_macro(uuid, uuid[])
to authenticated;

-- sql/44_mentions.sql

/*
 * Who was called by a note, and whether they have looked; who may be called.
 */

create table public.mentions (
  tenant_id uuid not null,
  user_id uuid not null,
  message_id uuid not null,
  conversation_id uuid not null,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id, message_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.mentions is 'Who was called by a note.';

create index mentions_newest_idx on public.mentions (tenant_id, user_id, created_at desc);
create index mentions_unread_idx on public.mentions (tenant_id, user_id, conversation_id) where read_at is null;
create index on public.mentions (tenant_id, conversation_id);

alter table public.mentions enable row level security;

create policy select_mentioned on public.mentions
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.mentions to authenticated;

alter publication supabase_realtime add table public.mentions;

/* The members who may see a conversation: private.sees_conversation, asked for everybody. */
create function private.conversation_viewers(conversation public.conversations)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select m.user_id
  from public.memberships m
  where m.tenant_id = conversation.tenant_id
    and (
      private.member_may(m.tenant_id, m.user_id, 'conversations.read_all')
      or (
        private.member_may(m.tenant_id, m.user_id, 'conversations.read')
        and (
          m.user_id = conversation.assignee_id
          or exists (
            select
            from public.team_members t
            where t.tenant_id = m.tenant_id
              and t.team_id = conversation.team_id
              and t.user_id = m.user_id
          )
        )
      )
      or (
        conversation.assignee_id is null
        and conversation.team_id is null
        and private.member_may(m.tenant_id, m.user_id, 'conversations.pick')
      )
    );
end;
$$;

/* Who may be called in a conversation: its viewers. Raises conversation_not_found. */
create function public.mentionable_members(conversation_id uuid)
  returns table (user_id uuid, display_name text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  return query
  select m.user_id, m.display_name
  from public.memberships m
  where m.tenant_id = v_conversation.tenant_id
    and m.user_id in (select private.conversation_viewers(v_conversation))
  order by m.display_name, m.user_id;
end;
$$;

/* Notes that the signed-in person has seen where they were called in a conversation. Returns how often that was. Raises conversation_not_found. */
create function public.read_mentions(conversation_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := (private.lock_conversation(conversation_id, 'conversations.read')).tenant_id;
  v_count integer;
begin
  update public.mentions n
  set read_at = now()
  where n.tenant_id = v_tenant_id
    and n.user_id = auth.uid()
    and n.conversation_id = $1
    and n.read_at is null;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  public.mentionable_members(uuid),
  public.read_mentions(uuid)
to authenticated;

-- sql/44_merging_conversations.sql

/*
 * Two conversations of one person become one piece of work: one goes on, the other is closed and stands in it as an
 * earlier part. No message moves (docs/decisions/0023-merged-conversations-are-linked.md): each keeps its place, its
 * channel and its keys, so that what is on its way, a late status or a quote finds it as before, and parting them again is
 * one update. What asks for work goes along: tags, priority, attributes, followers, who waits, messages that wait for
 * their time.
 */

-- The parts of a conversation.
create index conversations_parts_idx on public.conversations (tenant_id, merged_into_id) where merged_into_id is not null;
-- Where a person's next message on the channel of a part belongs.
create index conversations_merged_idx on public.conversations (tenant_id, contact_id, channel_id) where merged_into_id is not null;

/* How a part stood before, and what the other one took from it: what parting them needs. */
create table private.conversation_merges (
  conversation_id uuid primary key,
  tenant_id uuid not null,
  merged_by uuid,
  merged_at timestamptz not null default now(),
  -- The part's own row.
  stood jsonb not null,
  -- {tag_ids, attributes, priority: {from, to}, waiting_since, user_ids, scheduled_ids}: only what was not there already.
  brought jsonb not null,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

create index on private.conversation_merges (tenant_id, conversation_id);

alter table private.conversation_merges enable row level security;

/* Writes into a thread that it was merged or parted: {type, id of the other}, and what else that changed about it. */
create function private.tell_merge(before public.conversations, after public.conversations, type text, other_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_seq bigint;
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    read_seq = case when c.read_seq >= c.last_seq then c.last_seq + 1 else c.read_seq end
  where c.id = after.id
  returning c.last_seq into v_seq;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, status, is_private
  )
  values (
    after.tenant_id, after.id, after.contact_id, after.channel_id, v_seq, 'out',
    case when auth.uid() is null then 'system' else 'agent' end::public.message_author, auth.uid(), 'activity',
    jsonb_build_object(
      'kind', 'activity',
      'changes', jsonb_build_array(jsonb_build_object('type', type, 'id', other_id))
        || case when type = 'merged_in' then private.changes_between(before, after) else '[]' end
    ),
    'sent', true
  );
end;
$$;

/* Two conversations, locked in one order whichever comes first, when the signed-in person sees them and may merge. Raises conversation_not_found, not_allowed. */
create function private.lock_both(one_id uuid, other_id uuid)
  returns public.conversations[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_first public.conversations := private.lock_conversation(least(one_id, other_id), 'conversations.merge');
  v_second public.conversations := private.lock_conversation(greatest(one_id, other_id), 'conversations.merge');
begin
  return case when v_first.id = one_id then array[v_first, v_second] else array[v_second, v_first] end;
end;
$$;

/*
 * Makes one conversation an earlier part of another of the same contact, on whichever channel, and gives back the one that
 * goes on. Twice is once. Raises conversation_not_found, not_allowed, conversations_of_others,
 * conversation_is_history, conversation_merged (one of them is part of another already), conversation_closed (an open one
 * goes into no closed one).
 */
create function public.merge_conversations(into_id uuid, from_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_both public.conversations[] := private.lock_both(into_id, from_id);
  v_into public.conversations;
  v_from public.conversations;
  v_after public.conversations;
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
  v_tag_ids uuid[];
  v_attributes jsonb;
  v_user_ids uuid[];
  v_scheduled_ids uuid[];
begin
  v_into := v_both[1];
  v_from := v_both[2];
  if v_from.id = v_into.id or v_from.merged_into_id = v_into.id then
    return v_into;
  end if;
  if (v_from.tenant_id, v_from.contact_id) <> (v_into.tenant_id, v_into.contact_id) then
    perform private.refuse(422, 'conversations_of_others');
  end if;
  if v_from.merged_into_id is not null or v_into.merged_into_id is not null then
    perform private.refuse(409, 'conversation_merged');
  end if;
  if v_from.is_history or v_into.is_history then
    perform private.refuse(409, 'conversation_is_history');
  end if;
  if v_into.status = 'closed' and v_from.status = 'open' then
    perform private.refuse(409, 'conversation_closed');
  end if;

  v_tag_ids := array(select t.id from unnest(v_from.tag_ids) t (id) where t.id <> all (v_into.tag_ids));
  v_attributes := (
    select coalesce(jsonb_object_agg(a.key, a.value), '{}')
    from jsonb_each(v_from.attributes) a
    where not v_into.attributes ? a.key
  );
  with added as (
    insert into public.participants (tenant_id, conversation_id, user_id)
    select p.tenant_id, v_into.id, p.user_id
    from public.participants p
    where p.tenant_id = v_from.tenant_id
      and p.conversation_id = v_from.id
    on conflict do nothing
    returning user_id
  )
  select coalesce(array_agg(a.user_id), '{}') into v_user_ids from added a;
  -- What was going to be said is said where the conversation goes on.
  with moved as (
    update public.scheduled_messages s
    set conversation_id = v_into.id
    where s.tenant_id = v_from.tenant_id
      and s.conversation_id = v_from.id
      and s.status = 'scheduled'
      and v_into.status = 'open'
    returning s.id
  )
  select coalesce(array_agg(m.id), '{}') into v_scheduled_ids from moved m;

  -- Told once, in a sentence of its own; rules about closing are not meant.
  perform private.set_quiet(true);
  update public.conversations c
  set
    tag_ids = c.tag_ids || v_tag_ids,
    attributes = v_attributes || c.attributes,
    priority = greatest(c.priority, v_from.priority),
    waiting_since = case when c.status = 'open' then least(c.waiting_since, v_from.waiting_since) end
  where c.id = v_into.id
  returning c.* into v_after;

  update public.conversations c
  set
    merged_into_id = v_into.id,
    status = 'closed',
    closed_at = coalesce(c.closed_at, now()),
    waiting_since = null,
    snoozed_until = null,
    -- Whoever sees the whole sees its parts.
    team_id = v_into.team_id,
    assignee_id = v_into.assignee_id
  where c.id = v_from.id;

  insert into private.conversation_merges (conversation_id, tenant_id, merged_by, stood, brought)
  values (
    v_from.id, v_from.tenant_id, auth.uid(), to_jsonb(v_from),
    jsonb_build_object(
      'tag_ids', v_tag_ids,
      'attributes', v_attributes,
      'priority', jsonb_build_object('from', v_into.priority, 'to', v_after.priority),
      'waiting_since', case when v_after.waiting_since is distinct from v_into.waiting_since then v_after.waiting_since end,
      'user_ids', v_user_ids,
      'scheduled_ids', v_scheduled_ids
    )
  );
  perform private.tell_merge(v_from, v_from, 'merged_into', v_into.id);
  perform private.tell_merge(v_into, v_after, 'merged_in', v_from.id);
  perform private.set_quiet(v_quiet);

  select c.* into v_into from public.conversations c where c.id = v_into.id;
  return v_into;
end;
$$;

/* Parts follow the whole to whoever has it. */
create function private.tg_conversations__take_parts_along()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
begin
  perform private.set_quiet(true);
  update public.conversations c
  set
    team_id = new.team_id,
    assignee_id = new.assignee_id
  where c.tenant_id = new.tenant_id
    and c.merged_into_id = new.id;
  perform private.set_quiet(v_quiet);
  return null;
end;
$$;

create trigger _550_parts
  after update of assignee_id, team_id on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id or old.team_id is distinct from new.team_id)
  execute function private.tg_conversations__take_parts_along();

/*
 * Who writes again on the channel of a part begins a conversation there: its answer must go out where it was asked. It
 * comes to whoever has the one that goes on. After the insert, which most messages never end as (sql/48_bursts.sql).
 */
create function private.tg_conversations__follow_merged()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_whole public.conversations;
begin
  select w.* into v_whole
  from public.conversations p
  join public.conversations w on w.tenant_id = p.tenant_id and w.id = p.merged_into_id
  where p.tenant_id = new.tenant_id
    and p.contact_id = new.contact_id
    and p.channel_id = new.channel_id
    and p.merged_into_id is not null
    and w.status = 'open'
  order by p.closed_at desc
  limit 1;
  if v_whole.team_id is not null or v_whole.assignee_id is not null then
    update public.conversations c
    set
      team_id = v_whole.team_id,
      assignee_id = v_whole.assignee_id
    where c.id = new.id;
  end if;
  return null;
end;
$$;

create trigger _550_follow_merged
  after insert on public.conversations
  for each row
  when (new.status = 'open' and new.assignee_id is null)
  execute function private.tg_conversations__follow_merged();

grant execute on function public.merge_conversations(uuid, uuid) to authenticated;

-- sql/44_notes.sql

/*
 * What colleagues say to one another inside a conversation: notes, and who is called by them. A note is a private
 * message of kind `note`: no customer, outbox, preview or counter ever hears of it. Content: {kind, text, mentions: [{id,
 * name}], teams: [{id, name}]}; names as they stand in the text.
 */

/*
 * What a note is kept as: its text, and who of those named may see the conversation. `named` holds ids of people and
 * of teams. Raises note_invalid.
 */
create function private.note_content(conversation public.conversations, content jsonb)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_text text := btrim(coalesce(content ->> 'text', ''), E' \n\t');
  v_named text[] := array(
    select jsonb_array_elements_text(case when jsonb_typeof(content -> 'mentions') = 'array' then content -> 'mentions' else '[]' end)
  );
begin
  if length(v_text) not between 1 and 10000 or cardinality(v_named) > 50 then
    perform private.refuse(422, 'note_invalid');
  end if;
  return jsonb_build_object(
    'kind', 'note',
    'text', v_text,
    'mentions', (
      select coalesce(jsonb_agg(jsonb_build_object('id', m.user_id, 'name', m.display_name) order by m.display_name, m.user_id), '[]')
      from public.memberships m
      where m.tenant_id = conversation.tenant_id
        and m.user_id::text = any (v_named)
        and m.user_id in (select private.conversation_viewers(conversation))
    ),
    'teams', (
      select coalesce(jsonb_agg(jsonb_build_object('id', t.id, 'name', t.name) order by t.name), '[]')
      from public.teams t
      where t.tenant_id = conversation.tenant_id
        and t.id::text = any (v_named)
    )
  );
end;
$$;

/* Calls whom a note names, each once, and has them follow. Returns whom it calls for the first time. */
create function private.call_mentioned(conversation public.conversations, note public.messages)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_called uuid[];
begin
  with named as (
    select (p.value ->> 'id')::uuid as user_id
    from jsonb_array_elements(note.content -> 'mentions') p
    union
    select t.user_id
    from jsonb_array_elements(note.content -> 'teams') p
    join public.team_members t on t.tenant_id = note.tenant_id and t.team_id = (p.value ->> 'id')::uuid
  ),
  called as (
    insert into public.mentions (tenant_id, user_id, message_id, conversation_id)
    select note.tenant_id, n.user_id, note.id, note.conversation_id
    from named n
    where n.user_id is distinct from note.author_id
      and n.user_id in (select private.conversation_viewers(conversation))
    on conflict do nothing
    returning user_id
  ),
  following as (
    insert into public.participants (tenant_id, conversation_id, user_id)
    select note.tenant_id, note.conversation_id, user_id
    from called
    on conflict do nothing
  )
  select array_agg(c.user_id) into v_called
  from called c;
  perform private.notify(
    note.tenant_id, v_called, 'mentioned', note.conversation_id, note.id,
    jsonb_strip_nulls(jsonb_build_object('text', left(note.body, 200), 'cause', note.content -> 'cause'))
  );
  return coalesce(v_called, '{}');
end;
$$;

/*
 * Writes a note into a conversation, as the person who is signed in or, where nobody is, as the system (a rule). Its
 * author follows the conversation from then on.
 */
create function private.apply_note(conversation public.conversations, client_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_content jsonb := private.note_content(conversation, content);
  v_cause jsonb := private.cause();
  v_person uuid := case when v_cause is null or v_cause ->> 'type' = 'macro' then auth.uid() end;
  v_seq bigint;
  v_note public.messages;
  v_called uuid[];
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    -- What was read stays read; a note of one's own is nothing new.
    read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end
  where c.id = conversation.id
  returning c.last_seq into v_seq;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, body, client_id, status, is_private
  )
  values (
    conversation.tenant_id, conversation.id, conversation.contact_id, conversation.channel_id, v_seq, 'out',
    case when v_person is null then 'system' else 'agent' end::public.message_author, v_person, 'note',
    v_content || jsonb_strip_nulls(jsonb_build_object('cause', v_cause)), v_content ->> 'text',
    coalesce(apply_note.client_id, gen_random_uuid()), 'sent', true
  )
  returning * into v_note;

  if apply_note.client_id is not null then
    insert into private.client_keys (tenant_id, client_id, message_id, created_at)
    values (v_note.tenant_id, v_note.client_id, v_note.id, v_note.created_at);
  end if;
  if v_person is not null then
    insert into public.participants (tenant_id, conversation_id, user_id)
    values (v_note.tenant_id, v_note.conversation_id, v_person)
    on conflict do nothing;
  end if;
  v_called := private.call_mentioned(conversation, v_note);
  -- Those who follow hear of it, unless they were called by name.
  perform private.notify(
    v_note.tenant_id,
    array(
      select p.user_id
      from public.participants p
      where p.tenant_id = v_note.tenant_id
        and p.conversation_id = v_note.conversation_id
        and p.user_id <> all (v_called)
        and p.user_id is distinct from v_person
    ),
    'participating', v_note.conversation_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object('text', left(v_note.body, 200), 'cause', v_cause))
  );
  return v_note;
end;
$$;

/*
 * Writes a note that only colleagues see: {text, mentions: [ids of people or teams]}. However often a click or a flaky
 * line repeats the call, there is one note, and it is returned; in closed conversations too. Whoever may not see the
 * conversation is not called. Raises conversation_not_found, not_allowed, note_invalid, client_id_reused.
 */
create function public.add_note(conversation_id uuid, client_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_note public.messages;
begin
  select m.* into v_note
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.tenant_id = v_conversation.tenant_id
    and k.client_id = add_note.client_id;
  if found then
    if v_note.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_note;
  end if;
  if client_id is null then
    perform private.refuse(422, 'note_invalid', 'client_id is missing');
  end if;
  return private.apply_note(v_conversation, client_id, content);
end;
$$;

/* A note of the signed-in person's own, its conversation locked. Raises message_not_found, not_allowed. */
create function private.lock_own_note(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages;
begin
  select m.* into v_note
  from public.messages m
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where m.id = $1
    and m.kind = 'note'
    and m.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;
  perform private.lock_conversation(v_note.conversation_id, 'conversations.reply');
  if v_note.author_id is distinct from auth.uid() then
    perform private.refuse(403, 'not_allowed', 'somebody else''s note');
  end if;
  select m.* into v_note
  from public.messages m
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at;
  return v_note;
end;
$$;

/* Keeps what a note said until now. */
create function private.keep_note_version(note public.messages, type text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  values (note.tenant_id, note.id, note.created_at, $2, clock_timestamp(), jsonb_build_object('text', note.body, 'by', auth.uid()));
end;
$$;

/*
 * Says a note of one's own anew; what it said before is kept, and whom it names now is called. Raises message_not_found,
 * not_allowed, note_deleted, note_invalid.
 */
create function public.edit_note(message_id uuid, content jsonb)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages := private.lock_own_note(message_id);
  v_conversation public.conversations;
  v_content jsonb;
begin
  if v_note.revoked_at is not null then
    perform private.refuse(409, 'note_deleted');
  end if;
  select c.* into v_conversation from public.conversations c where c.id = v_note.conversation_id;
  v_content := private.note_content(v_conversation, content);
  if v_content = v_note.content then
    return v_note;
  end if;

  perform private.keep_note_version(v_note, 'note_edited');
  update public.messages m
  set
    content = v_content,
    body = v_content ->> 'text',
    edited_at = clock_timestamp()
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at
  returning m.* into v_note;
  perform private.call_mentioned(v_conversation, v_note);
  return v_note;
end;
$$;

/* Takes a note of one's own back; that there was one stays, and what it said in its history. Raises message_not_found, not_allowed. */
create function public.delete_note(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_note public.messages := private.lock_own_note(message_id);
begin
  if v_note.revoked_at is not null then
    return v_note;
  end if;
  perform private.keep_note_version(v_note, 'note_deleted');
  update public.messages m
  set
    content = '{"kind": "note", "text": "", "mentions": [], "teams": []}',
    body = '',
    revoked_at = clock_timestamp()
  where m.tenant_id = v_note.tenant_id
    and m.id = v_note.id
    and m.created_at = v_note.created_at
  returning m.* into v_note;
  delete from public.mentions n
  where n.tenant_id = v_note.tenant_id
    and n.message_id = v_note.id
    and n.read_at is null;
  return v_note;
end;
$$;

grant execute on function
  public.add_note(uuid, uuid, jsonb),
  public.edit_note(uuid, jsonb),
  public.delete_note(uuid)
to authenticated;

-- sql/44_other_channels.sql

/*
 * A person who asked on one channel is answered on another: in the conversation that is open there, or in a new one.
 */

/* Whether a person has an address that a channel can write to: on WhatsApp a number, or an id of the account it belongs to. */
create function private.is_reachable(contact_id uuid, channel public.channels)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.contact_identities i
    where i.tenant_id = channel.tenant_id
      and i.contact_id = $1
      and (
        i.kind = 'phone'
        -- Ids of a person differ from account to account: only where they have written to this one before.
        or (i.kind = 'bsuid' and exists (
          select
          from public.conversations c
          join public.channels n on n.id = c.channel_id
          where c.tenant_id = channel.tenant_id
            and c.contact_id = $1
            and n.waba_id = channel.waba_id
        ))
      )
  );
end;
$$;

/*
 * The channels on which a conversation could go on, besides its own: connected ones that reach the person, with the
 * conversation that is open there (null: none, or one that is not the signed-in person's to see; `taken` tells the two
 * apart). Raises conversation_not_found.
 */
create function public.other_channels(conversation_id uuid)
  returns table (channel_id uuid, name text, type public.channel_type, number text, open_id uuid, taken boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return query
  select n.id, n.name, n.type, n.display_phone_number, case when private.sees_conversation(o) then o.id end, coalesce(not private.sees_conversation(o), false)
  from public.channels n
  left join public.conversations o
    on o.tenant_id = n.tenant_id
    and o.channel_id = n.id
    and o.contact_id = v_conversation.contact_id
    and o.status = 'open'
  where n.tenant_id = v_conversation.tenant_id
    and n.id <> v_conversation.channel_id
    and n.status <> 'disconnected'
    and private.is_reachable(v_conversation.contact_id, n)
  order by n.name;
end;
$$;

/*
 * Goes on with a conversation's person on another channel: gives the conversation that is open there, or opens one that is
 * the signed-in person's, with the team of the first. Doing it twice gives the same one. The window there is its own: where
 * it is closed a template opens it. Raises conversation_not_found, not_allowed, channel_not_found, channel_unreachable, and
 * conversation_open_elsewhere where a colleague has the one that is open there.
 */
create function public.continue_on_channel(conversation_id uuid, channel_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_from public.conversations := private.lock_conversation($1, 'conversations.reply');
  v_channel public.channels;
  v_to public.conversations;
begin
  select n.* into v_channel
  from public.channels n
  where n.tenant_id = v_from.tenant_id
    and n.id = $2;
  if v_channel.id is null then
    perform private.refuse(404, 'channel_not_found');
  end if;
  if v_channel.status = 'disconnected' or not private.is_reachable(v_from.contact_id, v_channel) then
    perform private.refuse(409, 'channel_unreachable');
  end if;

  insert into public.conversations as c (tenant_id, contact_id, channel_id, team_id, assignee_id)
  values (v_from.tenant_id, v_from.contact_id, v_channel.id, v_from.team_id, auth.uid())
  on conflict (channel_id, contact_id) where status = 'open' do nothing
  returning c.* into v_to;
  if v_to.id is null then
    select c.* into v_to
    from public.conversations c
    where c.channel_id = v_channel.id
      and c.contact_id = v_from.contact_id
      and c.status = 'open';
    if private.sees_conversation(v_to) is not true then
      perform private.refuse(409, 'conversation_open_elsewhere');
    end if;
  end if;
  return v_to;
end;
$$;

grant execute on function
  public.other_channels(uuid),
  public.continue_on_channel(uuid, uuid)
to authenticated;

-- sql/44_participants.sql

/*
 * Who follows a conversation and is told of it, whoever has it. Following shows nobody what they may not see.
 */

create table public.participants (
  tenant_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, user_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.participants is 'Who follows a conversation.';

create index on public.participants (tenant_id, user_id);

alter table public.participants enable row level security;

create policy select_conversation_reader on public.participants
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = participants.tenant_id
        and c.id = participants.conversation_id
    )
  );

grant select on public.participants to authenticated;

/* Notes on a conversation whether anybody follows it. */
create function private.tg_participants__note_followed()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.conversations c
  set is_followed = not c.is_followed
  where c.tenant_id = coalesce(new.tenant_id, old.tenant_id)
    and c.id in (new.conversation_id, old.conversation_id)
    and c.is_followed <> exists (
      select
      from public.participants p
      where p.tenant_id = c.tenant_id
        and p.conversation_id = c.id
    );
  return null;
end;
$$;

create trigger _100_note_followed
  after insert or delete or update of conversation_id on public.participants
  for each row
  execute function private.tg_participants__note_followed();

/* Tells those who look at a conversation who follows it now. */
create function private.tg_participants__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := coalesce(new.tenant_id, old.tenant_id);
  v_conversation_id uuid := coalesce(new.conversation_id, old.conversation_id);
begin
  perform private.broadcast(
    array['conversation:' || v_conversation_id], 'participants',
    jsonb_build_object('user_ids', (
      select coalesce(jsonb_agg(p.user_id order by p.created_at, p.user_id), '[]')
      from public.participants p
      where p.tenant_id = v_tenant_id
        and p.conversation_id = v_conversation_id
    ))
  );
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or delete on public.participants
  for each row
  execute function private.tg_participants__broadcast();

/* Has somebody follow a conversation, or not any more. Nobody follows what they may not see. */
create function private.apply_following(conversation public.conversations, user_id uuid, following boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if not following then
    delete from public.participants p
    where p.tenant_id = conversation.tenant_id
      and p.conversation_id = conversation.id
      and p.user_id = apply_following.user_id;
    return conversation;
  end if;
  if not exists (select from private.conversation_viewers(conversation) viewer where viewer = apply_following.user_id) then
    perform private.refuse(422, 'participant_cannot_see');
  end if;
  insert into public.participants (tenant_id, conversation_id, user_id)
  values (conversation.tenant_id, conversation.id, apply_following.user_id)
  on conflict do nothing;
  return conversation;
end;
$$;

/*
 * Follows a conversation, or stops: whoever sees it for themselves, for others who may assign. Idempotent. Raises
 * conversation_not_found, not_allowed, participant_cannot_see.
 */
create function public.follow_conversation(conversation_id uuid, user_id uuid, following boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(
    conversation_id, case when user_id = auth.uid() then 'conversations.read' else 'conversations.assign' end
  );
begin
  return private.apply_following(v_conversation, user_id, coalesce(following, false));
end;
$$;

grant execute on function public.follow_conversation(uuid, uuid, boolean) to authenticated;

-- sql/44_parting_conversations.sql

/* Merged conversations are two again, each as it stood (44_merging_conversations.sql). */

/*
 * Parts a conversation from the one it was merged into, and gives it back: as it stood, but closed where the person has
 * begun another on its channel meanwhile. What the other took from it leaves it again, where nobody has changed that since.
 * An empty row where the person no longer sees it. One that is part of nothing stays as it is. Raises
 * conversation_not_found, not_allowed.
 */
create function public.unmerge_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_both public.conversations[];
  v_part public.conversations;
  v_whole public.conversations;
  v_merge private.conversation_merges;
  v_stood public.conversations;
  v_quiet boolean := current_setting('prosa.quiet', true) = 'on';
begin
  select c.* into v_part from public.conversations c where c.id = unmerge_conversation.conversation_id;
  if v_part.merged_into_id is null then
    return private.lock_conversation(conversation_id, 'conversations.merge');
  end if;
  v_both := private.lock_both(conversation_id, v_part.merged_into_id);
  v_part := v_both[1];
  v_whole := v_both[2];
  if v_part.merged_into_id is distinct from v_whole.id then
    return v_part;
  end if;
  select m.* into v_merge from private.conversation_merges m where m.conversation_id = v_part.id;
  v_stood := jsonb_populate_record(null::public.conversations, v_merge.stood);

  perform private.set_quiet(true);
  update public.conversations c
  set
    tag_ids = array(select t.id from unnest(c.tag_ids) with ordinality t (id, n) where not v_merge.brought -> 'tag_ids' ? t.id::text order by t.n),
    attributes = (
      select coalesce(jsonb_object_agg(a.key, a.value), '{}')
      from jsonb_each(c.attributes) a
      where v_merge.brought -> 'attributes' -> a.key is distinct from a.value
    ),
    priority = case
      when c.priority = (v_merge.brought #>> '{priority,to}')::smallint then (v_merge.brought #>> '{priority,from}')::smallint
      else c.priority
    end,
    -- Nobody waits here any more whom only the part kept waiting.
    waiting_since = case
      when c.waiting_since = (v_merge.brought ->> 'waiting_since')::timestamptz and c.unread_count = 0 then null
      else c.waiting_since
    end
  where c.id = v_whole.id;
  delete from public.participants p
  where p.tenant_id = v_whole.tenant_id
    and p.conversation_id = v_whole.id
    and v_merge.brought -> 'user_ids' ? p.user_id::text;
  update public.scheduled_messages s
  set conversation_id = v_part.id
  where s.tenant_id = v_whole.tenant_id
    and s.conversation_id = v_whole.id
    and s.status = 'scheduled'
    and v_merge.brought -> 'scheduled_ids' ? s.id::text;

  perform private.part_from(v_part, v_stood);
  perform private.tell_merge(v_part, v_part, 'unmerged', v_whole.id);
  perform private.tell_merge(v_whole, v_whole, 'unmerged', v_part.id);
  perform private.set_quiet(v_quiet);

  select c.* into v_part from public.conversations c where c.id = v_part.id;
  return private.as_seen(v_part);
end;
$$;

/* Puts a part back as it stood: whose it was, as far as they are still there, and open where nothing else is. */
create function private.part_from(part public.conversations, stood public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_opens boolean := stood.status = 'open' and not exists (
    select
    from public.conversations c
    where c.channel_id = part.channel_id
      and c.contact_id = part.contact_id
      and c.status = 'open'
  );
begin
  update public.conversations c
  set
    merged_into_id = null,
    status = case when v_opens then 'open' else c.status end,
    closed_at = case when not v_opens then coalesce(stood.closed_at, c.closed_at) end,
    waiting_since = case when v_opens then stood.waiting_since end,
    snoozed_until = case when v_opens and stood.snoozed_until > now() then stood.snoozed_until end,
    team_id = (select t.id from public.teams t where t.tenant_id = c.tenant_id and t.id = stood.team_id),
    assignee_id = (select m.user_id from public.memberships m where m.tenant_id = c.tenant_id and m.user_id = stood.assignee_id)
  where c.id = part.id;
  delete from private.conversation_merges m where m.conversation_id = part.id;
end;
$$;

/*
 * Contacts were parted: parts that hung on a conversation which was joined hang on it again, and what became one across
 * both contacts since is two again. For part_contacts, which holds both contacts' conversations; `before` is its snapshot of them.
 */
create function private.part_merged_conversations(merge public.contact_merges, before jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_part public.conversations;
begin
  update public.conversations c
  set merged_into_id = (b.value #>> '{row,merged_into_id}')::uuid
  from jsonb_array_elements(before) b
  join public.conversations w on w.id = (b.value #>> '{row,merged_into_id}')::uuid
  where c.id = (b.value #>> '{row,id}')::uuid
    and c.merged_into_id is not null
    and c.merged_into_id <> w.id
    and c.contact_id = w.contact_id;

  for v_part in
    select p.*
    from public.conversations p
    join public.conversations w on w.tenant_id = p.tenant_id and w.id = p.merged_into_id
    where p.tenant_id = merge.tenant_id
      and p.contact_id in (merge.kept_id, merge.gone_id)
      and w.contact_id <> p.contact_id
  loop
    perform private.part_from(
      v_part,
      (select jsonb_populate_record(null::public.conversations, m.stood) from private.conversation_merges m where m.conversation_id = v_part.id)
    );
  end loop;
end;
$$;

grant execute on function public.unmerge_conversation(uuid) to authenticated;

-- sql/44_recording_consent.sql

/*
 * A member writes down what a person has said about being written to: at the counter, on the telephone, in a message.
 */

/*
 * Writes down a word about a purpose on a channel (null: all). With `evidence_message_id` it was said in that message, and
 * then; else it was said now, to the member. Nothing is added where just that holds already. Returns what holds by it.
 * Raises contact_not_found, not_allowed, consent_invalid (detail: what is wrong), message_not_found.
 */
create function public.record_consent(
  contact_id uuid, purpose text, channel_type public.channel_type, state text, note text default '', evidence_message_id uuid default null
)
  returns public.consent_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_note text := btrim(coalesce($5, ''));
  v_said_at timestamptz := clock_timestamp();
  v_event public.consent_events;
begin
  if coalesce($2, '') not in ('marketing', 'service', 'survey') then
    perform private.refuse(422, 'consent_invalid', 'purpose');
  end if;
  if coalesce($4, '') not in ('granted', 'denied', 'withdrawn') then
    perform private.refuse(422, 'consent_invalid', 'state');
  end if;
  if length(v_note) > 500 then
    perform private.refuse(422, 'consent_invalid', 'note');
  end if;
  if $6 is not null then
    select least(m.sent_at, now()) into v_said_at
    from public.messages m
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where m.tenant_id = v_contact.tenant_id
      and m.id = $6
      and m.contact_id = v_contact.id
      and not m.is_private
      and private.sees_conversation(c);
    if not found then
      perform private.refuse(404, 'message_not_found');
    end if;
  end if;

  -- Pressed twice, or said again without anything to add.
  if v_note = '' and $6 is null then
    select e.* into v_event
    from public.consent_events e
    where e.tenant_id = v_contact.tenant_id
      and e.contact_id = v_contact.id
      and e.purpose = $2
    order by e.occurred_at desc
    limit 1;
    if v_event.state = $4 and v_event.channel_type is not distinct from $3 then
      return v_event;
    end if;
  end if;

  v_event := private.add_consent(v_contact.tenant_id, v_contact.id, jsonb_build_object(
    'purpose', $2,
    'channel_type', $3,
    'state', $4,
    'source', case when $6 is null then 'member' else 'message' end,
    'evidence_message_id', $6,
    'note', v_note,
    'occurred_at', v_said_at
  ));
  if v_event.id is null then
    select e.* into v_event
    from public.consent_events e
    where e.tenant_id = v_contact.tenant_id
      and e.contact_id = v_contact.id
      and e.evidence_message_id = $6
      and e.purpose = $2
      and e.state = $4
    limit 1;
    return v_event;
  end if;
  update public.contacts c set updated_at = c.updated_at where c.id = v_contact.id;
  perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
  return v_event;
end;
$$;

grant execute on function public.record_consent(uuid, text, public.channel_type, text, text, uuid) to authenticated;

-- sql/44_snoozing.sql

/*
 * Out of the queue for a while: snoozed until a time or until the customer writes, whichever is first. The customer's
 * next message wakes a conversation in the statement that makes room for it (46_received_messages, 48_bursts); time does
 * by a job.
 */

-- What is to wake, soonest first: for the job that looks after those whose own was lost.
create index conversations_snoozed_idx on public.conversations (snoozed_until) where snoozed_until is not null;

/* Snoozes an open conversation; `until` 'infinity': until the customer writes. */
create function private.apply_snooze(conversation public.conversations, until timestamptz)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if conversation.is_spam then
    perform private.refuse(409, 'conversation_is_spam');
  end if;
  if until is null or until <= now() or (until <> 'infinity' and until > now() + interval '2 years') then
    perform private.refuse(422, 'snooze_time_invalid');
  end if;
  if conversation.snoozed_until is not distinct from until then
    return conversation;
  end if;

  update public.conversations c
  set snoozed_until = until
  where c.id = conversation.id
  returning c.* into conversation;

  if until = 'infinity' then
    perform graphile_worker.remove_job('wake:' || conversation.id);
  else
    perform graphile_worker.add_job(
      'conversation__wake',
      json_build_object('conversation_id', conversation.id),
      job_key => 'wake:' || conversation.id,
      run_at => until
    );
  end if;
  return conversation;
end;
$$;

/*
 * Snoozes a conversation until a time or until the customer writes ('infinity': only that). Idempotent. Raises
 * conversation_not_found, not_allowed, conversation_closed, conversation_is_spam, snooze_time_invalid.
 */
create function public.snooze_conversation(conversation_id uuid, until timestamptz)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_snooze(private.lock_conversation(conversation_id, 'conversations.reply'), until);
end;
$$;

/* Takes a conversation back into the queue, where it stood. */
create function private.apply_unsnooze(conversation public.conversations)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.snoozed_until is not null then
    update public.conversations c
    set snoozed_until = null
    where c.id = conversation.id
    returning c.* into conversation;
    perform graphile_worker.remove_job('wake:' || conversation.id);
  end if;
  return conversation;
end;
$$;

/* Takes a snoozed conversation back into the queue. Idempotent. Raises conversation_not_found, not_allowed. */
create function public.unsnooze_conversation(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_unsnooze(private.lock_conversation(conversation_id, 'conversations.reply'));
end;
$$;

/* Who snoozed a conversation last, as its thread tells; null where nobody did by hand. */
create function private.snoozed_by(conversation public.conversations)
  returns uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select m.author_id
    from public.messages m
    where m.tenant_id = conversation.tenant_id
      and m.conversation_id = conversation.id
      and m.kind = 'activity'
      and m.author_id is not null
      and m.content @> '{"changes": [{"type": "snoozed"}]}'
    order by m.seq desc
    limit 1
  );
end;
$$;

/*
 * Wakes conversations whose time has come, 500 at most, or the one that is named: they come to the top and wait. Does
 * nothing to one that was woken or snoozed anew meanwhile. Returns how many woke.
 */
create function private.wake_conversations(conversation_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_count integer := 0;
begin
  for v_conversation in update public.conversations c
  set
    snoozed_until = null,
    last_message_at = clock_timestamp(),
    waiting_since = coalesce(c.waiting_since, clock_timestamp())
  where c.id = any (array(
    select o.id
    from public.conversations o
    where o.snoozed_until <= clock_timestamp()
      and ($1 is null or o.id = $1)
      and o.status = 'open'
      and not o.is_spam
    order by o.snoozed_until
    limit 500
    for update
  ))
  returning c.*
  loop
    v_count := v_count + 1;
    perform private.notify(
      v_conversation.tenant_id, array[coalesce(v_conversation.assignee_id, private.snoozed_by(v_conversation))],
      'snooze_over', v_conversation.id, null
    );
  end loop;
  return v_count;
end;
$$;

grant execute on function
  public.snooze_conversation(uuid, timestamptz),
  public.unsnooze_conversation(uuid)
to authenticated;

grant execute on function private.wake_conversations(uuid) to prosa_worker;

-- sql/44_spam.sql

/*
 * Spam: out of sight, counting nothing, making nobody wait. Whoever's last conversation was spam begins the next one as
 * spam too, on whatever channel; taking the mark away from the last one is all it takes to be heard again.
 */

/* Marks a conversation as spam, or takes the mark away. As spam it counts nothing unread and nobody waits in it; afterwards both are told anew. */
create function private.apply_spam(conversation public.conversations, spam boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.is_spam = spam then
    return conversation;
  end if;
  if spam then
    update public.conversations c
    set
      is_spam = true,
      unread_count = 0,
      waiting_since = null,
      snoozed_until = null,
      sla_due_at = null
    where c.id = conversation.id
    returning c.* into conversation;
    return conversation;
  end if;

  update public.conversations c
  set
    is_spam = false,
    unread_count = (
      select count(*)
      from public.messages m
      where m.tenant_id = c.tenant_id
        and m.conversation_id = c.id
        and m.seq > c.read_seq
        and m.counts_unread
    ),
    waiting_since = case when c.status = 'open' and c.preview_direction = 'in' then now() end
  where c.id = conversation.id
  returning c.* into conversation;
  return conversation;
end;
$$;

/* Marks a conversation as spam, or takes the mark away. Idempotent. Raises conversation_not_found, not_allowed. */
create function public.mark_spam(conversation_id uuid, spam boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_spam(private.lock_conversation(conversation_id, 'conversations.close'), coalesce(spam, false));
end;
$$;

/* Marks a conversation that somebody begins whose last one was spam. Only a new conversation pays the look. */
create function private.tg_conversations__spam_again()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if (
    select c.is_spam
    from public.conversations c
    where c.tenant_id = new.tenant_id
      and c.contact_id = new.contact_id
      and c.id <> new.id
      and not c.is_history
    order by c.created_at desc
    limit 1
  ) then
    perform private.apply_spam(new, true);
  end if;
  return null;
end;
$$;

-- Not the ones that parting brings back, which keep the date they began on.
create trigger _050_spam
  after insert on public.conversations
  for each row
  when (new.last_inbound_at is not null and new.status = 'open' and not new.is_spam and new.created_at >= now())
  execute function private.tg_conversations__spam_again();

grant execute on function public.mark_spam(uuid, boolean) to authenticated;

-- sql/44_tagged_conversations.sql

/*
 * Which conversations carry a tag, beside the array on the conversation: under row security no operator on arrays comes
 * near an index, for none of them is leakproof, so that a filter by a tag read everything that was open. Each row holds
 * what a list is narrowed and ordered by, newest first, so that a page is one descent; and whose the conversation is, so
 * that an agent's page passes by what is not theirs without a look at each conversation. Triggers keep it in the
 * transaction that changes any of these; what carries no tag costs nothing.
 */

create table public.conversation_tags (
  tenant_id uuid not null,
  tag_id uuid not null,
  conversation_id uuid not null,
  folder text not null,
  last_message_at timestamptz not null,
  team_id uuid,
  assignee_id uuid,
  -- Also the order of the list, read backwards: there is no second index to keep.
  primary key (tenant_id, tag_id, folder, last_message_at, conversation_id)
);

comment on table public.conversation_tags is 'Which conversations carry a tag, in the order of the list. Kept by triggers.';

/*
 * Keeps the rows of a conversation in step with its tags, its place in the list and whose it is. Another trigger may have
 * changed it once more before this one's turn comes: what it is by now is what is written, whichever change is told first.
 */
create function private.tg_conversations__keep_tags()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_now public.conversations;
begin
  select c.* into v_now
  from public.conversations c
  where c.id = coalesce(new.id, old.id);

  delete from public.conversation_tags t
  using (
    values
      (old.tag_ids, old.folder, old.last_message_at),
      (new.tag_ids, new.folder, new.last_message_at)
  ) stood (tag_ids, folder, last_message_at)
  cross join lateral unnest(stood.tag_ids) s (tag_id)
  where t.tenant_id = coalesce(new.tenant_id, old.tenant_id)
    and t.tag_id = s.tag_id
    and t.folder = stood.folder
    and t.last_message_at = stood.last_message_at
    and t.conversation_id = coalesce(new.id, old.id)
    and (t.tag_id = any (v_now.tag_ids) and t.folder = v_now.folder and t.last_message_at = v_now.last_message_at) is not true;

  insert into public.conversation_tags as t (tenant_id, tag_id, conversation_id, folder, last_message_at, team_id, assignee_id)
  select distinct v_now.tenant_id, n.id, v_now.id, v_now.folder, v_now.last_message_at, v_now.team_id, v_now.assignee_id
  from unnest(v_now.tag_ids) n (id)
  on conflict (tenant_id, tag_id, folder, last_message_at, conversation_id) do update
  set
    team_id = excluded.team_id,
    assignee_id = excluded.assignee_id
  where (t.team_id, t.assignee_id) is distinct from (excluded.team_id, excluded.assignee_id);
  return null;
end;
$$;

create trigger _700_tags_insert
  after insert on public.conversations
  for each row
  when (new.tag_ids <> '{}')
  execute function private.tg_conversations__keep_tags();

create trigger _700_tags_delete
  after delete on public.conversations
  for each row
  when (old.tag_ids <> '{}')
  execute function private.tg_conversations__keep_tags();

create trigger _700_tags_update
  after update on public.conversations
  for each row
  when (
    old.tag_ids <> new.tag_ids
    or (
      new.tag_ids <> '{}'
      and (
        old.last_message_at <> new.last_message_at
        or old.folder <> new.folder
        or old.team_id is distinct from new.team_id
        or old.assignee_id is distinct from new.assignee_id
      )
    )
  )
  execute function private.tg_conversations__keep_tags();

alter table public.conversation_tags enable row level security;

-- The policies of `conversations`, by the same columns: a look at the conversation itself would be one a row, or a read of
-- them all.
create policy select_all_reader on public.conversation_tags
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read_all'))));

create policy select_assignee on public.conversation_tags
  for select to authenticated
  using (
    assignee_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_picker on public.conversation_tags
  for select to authenticated
  using (
    assignee_id is null
    and team_id is null
    and tenant_id = any (array(select private.my_tenant_ids('conversations.pick')))
  );

create policy select_team on public.conversation_tags
  for select to authenticated
  using (
    team_id = any (array(select private.my_team_ids()))
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.conversation_tags to authenticated;

/*
 * Conversations that carry a tag, as a table that lists are asked of: whatever narrows and orders `conversations` does
 * so here too, and its policies hold. The tag's own rows give the order, newest first: their equality says so to the
 * planner. A bound it has to be told, to begin there: `up_to`. Has no `set`, so that it is inlined and planned with the
 * question.
 */
create function public.tagged_conversations(tenant_id uuid, tag_id uuid, up_to timestamptz default 'infinity')
  returns setof public.conversations
  language sql
  stable
as $$
  select c.*
  from public.conversation_tags t
  join public.conversations c
    on c.tenant_id = t.tenant_id
    and c.id = t.conversation_id
    and c.folder = t.folder
    and c.last_message_at = t.last_message_at
  where t.tenant_id = $1
    and t.tag_id = $2
    and t.last_message_at <= $3
$$;

/* The same of conversations that carry one of several tags, each once. */
create function public.tagged_conversations_any(tenant_id uuid, tag_ids uuid[])
  returns setof public.conversations
  language sql
  stable
as $$
  select c.*
  from public.conversations c
  where c.tenant_id = $1
    and exists (
      select
      from public.conversation_tags t
      where t.tenant_id = c.tenant_id
        and t.tag_id = any ($2)
        and t.conversation_id = c.id
        and t.folder = c.folder
        and t.last_message_at = c.last_message_at
    )
$$;

grant execute on function
  public.tagged_conversations(uuid, uuid, timestamptz),
  public.tagged_conversations_any(uuid, uuid[])
to authenticated;

-- sql/44_tagging.sql

/* What a conversation is about and how much it hurries: tags and priority. Both may be set on closed ones too. */

-- Conversations of a tag, for counting, renaming and deleting; most have none and cost nothing.
create index conversations_tags_idx on public.conversations using gin (tag_ids) where tag_ids <> '{}';
create index contacts_tags_idx on public.contacts using gin (tag_ids) where tag_ids <> '{}';

create function private.apply_priority(conversation public.conversations, priority smallint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if priority is null or priority not between 0 and 4 then
    perform private.refuse(422, 'priority_invalid');
  end if;
  if conversation.priority <> apply_priority.priority then
    update public.conversations c
    set priority = apply_priority.priority
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/* Says how much a conversation hurries: 0 none, 1 low to 4 urgent. Idempotent. Raises conversation_not_found, not_allowed, priority_invalid. */
create function public.set_priority(conversation_id uuid, priority smallint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_priority(private.lock_conversation(conversation_id, 'conversations.reply'), priority);
end;
$$;

/* Hangs tags on a conversation and takes others off. Tags that are not the tenant's are left out. */
create function private.apply_tags(conversation public.conversations, add uuid[], remove uuid[])
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tag_ids uuid[] := array(
    select t.id
    from (
      select w.id, min(w.place) as place
      from unnest(conversation.tag_ids || coalesce(apply_tags.add, '{}')) with ordinality w (id, place)
      where w.id <> all (coalesce(apply_tags.remove, '{}'))
      group by w.id
    ) wanted
    join public.tags t on t.id = wanted.id and t.tenant_id = conversation.tenant_id
    order by wanted.place
  );
begin
  if cardinality(v_tag_ids) > 30 then
    perform private.refuse(422, 'too_many_tags');
  end if;
  if v_tag_ids <> conversation.tag_ids then
    update public.conversations c
    set tag_ids = v_tag_ids
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/* Hangs tags on a conversation and takes others off; 30 at most. Idempotent. Raises conversation_not_found, not_allowed, too_many_tags. */
create function public.tag_conversation(conversation_id uuid, add uuid[] default '{}', remove uuid[] default '{}')
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_tags(private.lock_conversation(conversation_id, 'conversations.reply'), add, remove);
end;
$$;

/* How many conversations and contacts carry each tag of a tenant. Raises tenant_not_found. */
create function public.tag_usage(tenant_id uuid)
  returns table (tag_id uuid, conversations bigint, contacts bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select
    t.id,
    (select count(*) from public.conversations c where c.tag_ids @> array[t.id] and c.tag_ids <> '{}'),
    (select count(*) from public.contacts c where c.tag_ids @> array[t.id] and c.tag_ids <> '{}')
  from public.tags t
  where t.tenant_id = $1;
end;
$$;

/*
 * Takes a tag away, or makes it part of another (`into`): what carries it carries the other one from now on, and nobody
 * is told thread by thread. It is gone at once; the rows are worked off by a job, a portion at a time. Deleting it twice
 * changes nothing. Raises tenant_not_found, not_allowed, tag_not_found (the one to merge into).
 */
create function public.delete_tag(tenant_id uuid, tag_id uuid, into_id uuid default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.need_tags_manager($1);
  if into_id is not null and (into_id = tag_id or not exists (select from public.tags t where t.tenant_id = $1 and t.id = into_id)) then
    perform private.refuse(404, 'tag_not_found');
  end if;
  delete from public.tags t
  where t.tenant_id = $1
    and t.id = tag_id;
  if found then
    perform graphile_worker.add_job(
      'tag__retire',
      json_build_object('tenant_id', $1, 'tag_id', tag_id, 'into_id', into_id),
      job_key => 'tag:' || tag_id
    );
  end if;
end;
$$;

/*
 * Takes a tag that is gone off the next 500 conversations and contacts that still carry it, and hangs the one it became
 * part of on them. Returns how many there were: 0 when all is done.
 */
create function private.retire_tag(tenant_id uuid, tag_id uuid, into_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversations integer;
  v_contacts integer;
begin
  perform private.set_quiet(true);
  update public.conversations c
  set tag_ids = array_remove(c.tag_ids, $2) || case when $3 <> all (c.tag_ids) then array[$3] else '{}' end
  where c.id = any (array(
    select o.id
    from public.conversations o
    where o.tag_ids @> array[$2]
      and o.tag_ids <> '{}'
      and o.tenant_id = $1
    order by o.id
    limit 500
    for update
  ));
  get diagnostics v_conversations = row_count;
  update public.contacts c
  set tag_ids = array_remove(c.tag_ids, $2) || case when $3 <> all (c.tag_ids) then array[$3] else '{}' end
  where c.id = any (array(
    select o.id
    from public.contacts o
    where o.tag_ids @> array[$2]
      and o.tag_ids <> '{}'
      and o.tenant_id = $1
    order by o.id
    limit 500
    for update
  ));
  get diagnostics v_contacts = row_count;
  perform private.set_quiet(false);
  return v_conversations + v_contacts;
end;
$$;

grant execute on function
  public.set_priority(uuid, smallint),
  public.tag_conversation(uuid, uuid[], uuid[]),
  public.tag_usage(uuid),
  public.delete_tag(uuid, uuid, uuid)
to authenticated;

grant execute on function private.retire_tag(uuid, uuid, uuid) to prosa_worker;

-- sql/44_variables.sql

/* The variables of what macros and rules say. */

/*
 * A text with its variables filled in, as core/src/canned does it: {{contact.first_name|cliente}}, what stands behind the
 * line where nothing is known. What is not known and has nothing behind it is left out.
 */
create function private.fill_variables(text text, conversation public.conversations, actor uuid)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_values jsonb;
  v_found text[];
begin
  if strpos($1, '{{') = 0 then
    return $1;
  end if;
  select
    jsonb_build_object(
      'contact.name', p.name,
      'contact.first_name', split_part(btrim(p.name), ' ', 1),
      'contact.phone', p.phone,
      'agent.name', m.display_name,
      'agent.first_name', split_part(m.display_name, ' ', 1),
      'workspace.name', t.name,
      'conversation.id', upper(left(conversation.id::text, 8)),
      'greeting', case t.locale
        when 'en' then (array['good morning', 'good afternoon', 'good evening'])[hour.part]
        else (array['bom dia', 'boa tarde', 'boa noite'])[hour.part]
      end
    )
    || (select coalesce(jsonb_object_agg('contact_attribute.' || a.key, a.value), '{}') from jsonb_each_text(p.attributes) a)
    || (select coalesce(jsonb_object_agg('conversation_attribute.' || a.key, a.value), '{}') from jsonb_each_text(conversation.attributes) a)
  into v_values
  from public.contacts p
  join public.tenants t on t.id = p.tenant_id
  left join public.memberships m on m.tenant_id = p.tenant_id and m.user_id = coalesce($3, conversation.assignee_id)
  cross join lateral (
    select case
      when extract(hour from now() at time zone t.timezone) < 5 then 3
      when extract(hour from now() at time zone t.timezone) < 12 then 1
      when extract(hour from now() at time zone t.timezone) < 18 then 2
      else 3
    end as part
  ) hour
  where p.tenant_id = conversation.tenant_id
    and p.id = conversation.contact_id;

  for v_found in select f.match from regexp_matches($1, '(\{\{\s*([A-Za-z_.0-9]+)\s*(?:\|([^{}]*))?\}\})', 'g') f (match) loop
    text := replace(text, v_found[1], coalesce(nullif(v_values ->> v_found[2], ''), btrim(v_found[3]), ''));
  end loop;
  return btrim(text);
end;
$$;

-- sql/45_attempts.sql

/*
 * One attempt a call to the provider, written before it and settled after it. What becomes of the
 * message follows from its attempts and from the status webhooks, in whatever order they come.
 */

create type public.attempt_result as enum ('accepted', 'failed', 'retry', 'hold', 'unknown');

create table public.message_attempts (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  started_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  result public.attempt_result,
  error jsonb,
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade,
  check ((result is null) = (finished_at is null))
);

comment on table public.message_attempts is 'One call to a provider to send a message, written before the call and settled after it.';

create index on public.message_attempts (tenant_id, message_id, message_created_at, started_at);

create index message_attempts_open_idx on public.message_attempts (started_at) where result is null or result = 'unknown';

alter table public.message_attempts enable row level security;

create policy select_message_reader on public.message_attempts
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_attempts.tenant_id
        and m.id = message_attempts.message_id
        and m.created_at = message_attempts.message_created_at
    )
  );

grant select on public.message_attempts to authenticated;

/* The provider has taken a message and named it: its id is remembered, and what was told of it before is applied. */
create function private.accept_message(message public.messages, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (message.channel_id, accept_message.external_id, message.tenant_id, message.id, message.created_at, private.fingerprint('out', message.kind, message.id::text, ''))
  on conflict do nothing;

  update public.messages m
  set external_id = coalesce(m.external_id, accept_message.external_id)
  where m.tenant_id = message.tenant_id
    and m.id = message.id
    and m.created_at = message.created_at;

  -- A status webhook can settle an attempt that its worker did not live, or wait, to see accepted.
  update public.message_attempts a
  set
    result = 'accepted',
    finished_at = clock_timestamp()
  where a.tenant_id = message.tenant_id
    and a.message_id = message.id
    and a.message_created_at = message.created_at
    and (a.result is null or a.result = 'unknown');

  perform private.raise_status(message, 'sent', null);
  perform private.apply_early_events(message.channel_id, accept_message.external_id);
end;
$$;

/*
 * Raises a message's status, never lowers it: queued < sending < sent < delivered < read. `failed`
 * ends it unless a later `delivered` proves it wrong, or its outcome was merely unknown.
 */
create function private.raise_status(message public.messages, status public.message_status, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.messages m
  set
    status = $2,
    error = $3
  where m.tenant_id = $1.tenant_id
    and m.id = $1.id
    and m.created_at = $1.created_at
    and m.direction = 'out'
    and case
      when m.status = 'failed' then $2 in ('delivered', 'read') or (m.error ->> 'code' = 'outcome_unknown' and $2 <> 'failed')
      when $2 = 'failed' then m.status in ('queued', 'sending', 'sent')
      else m.status < $2
    end;
end;
$$;

/*
 * Shows to a person what has stayed without outcome for ten minutes: no status webhook has settled
 * it, and sending again could say it twice. Returns how many.
 */
create function private.expire_unknown_sends()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.messages m
  set
    status = 'failed',
    error = '{"code": "outcome_unknown"}'
  from public.message_attempts a
  where (a.result is null or a.result = 'unknown')
    and a.started_at < now() - interval '10 minutes'
    -- Sent once more since, at a person's word: that attempt has ten minutes of its own.
    and not exists (
      select
      from public.message_attempts later
      where later.tenant_id = a.tenant_id
        and later.message_id = a.message_id
        and later.message_created_at = a.message_created_at
        and later.started_at > a.started_at
    )
    and m.tenant_id = a.tenant_id
    and m.id = a.message_id
    and m.created_at = a.message_created_at
    and m.status = 'sending';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.expire_unknown_sends() to prosa_worker;

-- sql/45_failures.sql

/*
 * What a failure means beyond its message, whether the call was refused or a status webhook told it later.
 * The codes are those of core/src/whatsapp/graph_errors.ts; a test holds the two together.
 */

/* What Meta's code asks for besides failing the message; null where nothing. */
create function private.failure_action(code text)
  returns text
  language sql
  immutable
as $$
  select case
    when $1 in ('131048', '131049') then 'later'
    when $1 = '131050' then 'optout'
    when $1 in ('132000', '132001', '132005', '132007', '132012', '132015', '132016', '132068', '132069') then 'template'
    when $1 in ('0', '3', '10', '33', '190', '368', '131005', '131031', '131037', '131042', '131045', '133010') then 'hold'
    when $1 ~ '^2[0-9][0-9]$' then 'hold'
  end
$$;

/* Holds a channel's outbox until somebody has seen to what is wrong. One that was taken out stays out. */
create function private.hold_channel(channel_id uuid, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.channels c
  set
    status = 'attention',
    status_detail = coalesce(error, '{}')
  where c.id = $1
    and c.status = 'connected';
end;
$$;

/*
 * Does what a failed message asks for: notes from when it may be sent again (`again_at` in its error), records
 * that a person stopped marketing, stops a template, holds a channel.
 */
create function private.act_on_failure(message public.messages, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  case private.failure_action(error ->> 'code')
    when 'later' then
      update public.messages m
      set error = $2 || jsonb_build_object('again_at', now() + interval '24 hours')
      where m.tenant_id = message.tenant_id
        and m.id = message.id
        and m.created_at = message.created_at
        and m.status = 'failed';
    when 'optout' then
      if not exists (select from public.contacts c where c.id = message.contact_id and c.marketing_opt_out) then
        perform private.add_consent(message.tenant_id, message.contact_id, jsonb_build_object(
          'purpose', 'marketing',
          'channel_type', 'whatsapp',
          'state', 'withdrawn',
          'source', 'provider',
          'evidence_message_id', message.id,
          'occurred_at', greatest(now(), (select c.marketing_opt_out_at from public.contacts c where c.id = message.contact_id))
        ));
      end if;
    when 'template' then
      if message.kind = 'template' then
        perform private.stop_template(message.channel_id, message.content ->> 'name', message.content ->> 'language', $2);
      end if;
    when 'hold' then
      perform private.hold_channel(message.channel_id, $2);
    else
      null;
  end case;
end;
$$;

-- sql/45_outbox.sql

/*
 * The outbox: which conversations have something to send. A message goes out in three steps that survive a
 * crash between any two: it is queued in the agent's transaction, an attempt is written before the provider
 * is called, and the attempt is settled with what came of it.
 *
 * The conversations of a channel are spread over four shards. One job at a time drains a shard, and a
 * conversation has one message in flight at most, so order holds by construction; the other conversations
 * of the shard go on meanwhile. `private.enqueue_send` is the one way in.
 */

create table private.outbox (
  conversation_id uuid primary key references public.conversations on delete cascade,
  tenant_id uuid not null,
  channel_id uuid not null,
  shard smallint not null,
  -- The most urgent of what waits: what is bulk before it in the same conversation goes with it.
  lane smallint not null,
  -- Not before. Among those that may go, the longest waiting goes first.
  due_at timestamptz not null default clock_timestamp(),
  -- How often its first message has been tried in vain.
  tries smallint not null default 0,
  -- The attempt in flight. The worker that drains the shard knows its outcome, or died with it.
  attempt_id uuid
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

comment on table private.outbox is 'One row a conversation that has something to send.';

create index outbox_due_idx on private.outbox (channel_id, shard, lane, due_at) where attempt_id is null;
create index outbox_in_flight_idx on private.outbox (channel_id, shard) where attempt_id is not null;
create index on private.outbox (tenant_id);

alter table private.outbox enable row level security;

-- What waits to be sent, in order. Empty when all is well.
create index messages_queued_idx on public.messages (tenant_id, conversation_id, seq) where status = 'queued';

/* Who drains a shard: the last to begin. Whoever was taken for dead and is not finds another name here, and stops. */
create table private.outbox_drains (
  channel_id uuid not null references public.channels on delete cascade,
  shard smallint not null,
  tenant_id uuid not null,
  drain_id uuid not null,
  primary key (channel_id, shard)
);

comment on table private.outbox_drains is 'The job that drains each shard of a channel''s outbox.';

alter table private.outbox_drains enable row level security;

create function private.outbox_shards()
  returns integer
  language sql
  immutable
as $$
  select 4
$$;

/*
 * Has a shard drained, now or later. One job a shard, however many conversations wait. It is the last thing
 * a transaction should do: until it commits, whoever else rings for the shard waits.
 */
create function private.ring_outbox(channel_id uuid, shard integer, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_queue text := 'outbox:' || channel_id || ':' || shard;
begin
  perform graphile_worker.add_job(
    'outbox__drain',
    json_build_object('channel_id', channel_id, 'shard', shard),
    queue_name => v_queue,
    run_at => run_at,
    -- What is to happen later must not put off what is to happen now.
    job_key => case when run_at is null then v_queue else v_queue || ':later' end,
    priority => 0::smallint
  );
end;
$$;

/*
 * Sends what is queued in these conversations. Campaigns and merges call it once, at the end of their
 * transaction. A conversation that waits because the provider said so keeps its time, unless `due_at` says otherwise.
 */
create function private.enqueue_sends(conversation_ids uuid[], due_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_bell record;
begin
  insert into private.outbox as o (conversation_id, tenant_id, channel_id, shard, lane, due_at)
  select
    c.id, c.tenant_id, c.channel_id, get_byte(uuid_send(c.id), 15) % private.outbox_shards(), m.lane,
    coalesce($2, clock_timestamp())
  from public.conversations c
  cross join lateral (
    select q.lane
    from public.messages q
    where q.tenant_id = c.tenant_id
      and q.conversation_id = c.id
      and q.status = 'queued'
    order by q.seq desc
    limit 1
  ) m
  where c.id = any ($1)
  order by c.id
  on conflict (conversation_id) do update
  set
    lane = least(o.lane, excluded.lane),
    due_at = case when $2 is null then o.due_at else $2 end;

  for v_bell in
    select distinct c.channel_id, get_byte(uuid_send(c.id), 15) % private.outbox_shards() as shard
    from public.conversations c
    where c.id = any ($1)
    order by 1, 2
  loop
    perform private.ring_outbox(v_bell.channel_id, v_bell.shard);
  end loop;
end;
$$;

/* Sends what is queued in one conversation, not before `run_at` where it is given. */
create function private.enqueue_send(conversation_id uuid, run_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.enqueue_sends(array[$1], $2);
end;
$$;

/*
 * What came of an attempt.
 *
 * accepted: external_id. failed: error. retry: after after_seconds, or once the whole channel's pause of
 * pause_seconds is over. hold: the channel needs attention; with not_called, only this worker was in the way.
 * unknown: nobody knows; the message stays `sending` until a status webhook, or ten minutes.
 */
create type private.send_outcome as (
  attempt_id uuid,
  conversation_id uuid,
  result public.attempt_result,
  external_id text,
  error jsonb,
  after_seconds float8,
  pause_seconds float8,
  not_called boolean
);

/* Lets conversations go on after their attempts, and forgets those that have nothing more to send. */
create function private.release_conversations(outcomes private.send_outcome[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update private.outbox o
  set
    attempt_id = null,
    tries = case x.result when 'retry' then o.tries + 1 when 'hold' then o.tries else 0 end,
    due_at = case
      when x.result = 'retry' and x.pause_seconds is null then clock_timestamp() + make_interval(secs => coalesce(x.after_seconds, 5))
      -- What goes back keeps its place.
      when x.result in ('retry', 'hold') then o.due_at
      else clock_timestamp()
    end
  from unnest(outcomes) x
  where o.conversation_id = x.conversation_id
    and o.attempt_id = x.attempt_id;

  delete from private.outbox o
  where o.conversation_id = any (array(select x.conversation_id from unnest(outcomes) x))
    and o.attempt_id is null
    -- One descent a conversation: as `not exists` it could become a scan of all that is queued.
    and (
      select m.seq
      from public.messages m
      where m.tenant_id = o.tenant_id
        and m.conversation_id = o.conversation_id
        and m.status = 'queued'
      order by m.seq
      limit 1
    ) is null;
end;
$$;

/* Has every shard of a channel drained. */
create function private.release_outbox(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  for v_shard in 0 .. private.outbox_shards() - 1 loop
    perform private.ring_outbox($1, v_shard);
  end loop;
end;
$$;

/* A channel that is well again sends what it held. */
create function private.tg_channels__release_outbox()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.release_outbox(new.id);
  return null;
end;
$$;

create trigger _500_release_outbox
  after update of status on public.channels
  for each row
  when (old.status <> 'connected' and new.status = 'connected')
  execute function private.tg_channels__release_outbox();

/*
 * Has shards drained whose conversations are a minute late: a job that was given up, or deleted by hand,
 * holds nothing back for longer. Returns how many shards.
 */
create function private.ring_late_outbox()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_late record;
  v_count integer := 0;
begin
  for v_late in
    select distinct o.channel_id, o.shard
    from private.outbox o
    join public.channels c on c.id = o.channel_id and c.status = 'connected'
    left join private.sending_limits l on l.channel_id = o.channel_id
    where o.attempt_id is null
      and o.due_at < now() - interval '1 minute'
      and coalesce(l.paused_until, '-infinity') < now()
    order by 1, 2
  loop
    perform private.ring_outbox(v_late.channel_id, v_late.shard);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

grant execute on function
  private.ring_outbox(uuid, integer, timestamptz),
  private.ring_late_outbox()
to prosa_worker;

-- sql/45_outbox_claims.sql

/*
 * Taking messages out of the outbox: which may go now, the attempts written before their calls, and all that
 * those calls need.
 */

/* The first message of a conversation that may go. */
create type private.outbox_head as (
  conversation_id uuid,
  tries smallint,
  tenant_id uuid,
  contact_id uuid,
  message_id uuid,
  created_at timestamptz,
  kind text,
  attempt_id uuid
);

/*
 * Begins to drain a shard. What an earlier drain left in flight belongs to a worker that died in the middle
 * of its calls: those attempts are unknown. Returns how many.
 */
create function private.begin_drain(channel_id uuid, shard integer, drain_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_left_behind private.send_outcome[];
begin
  insert into private.outbox_drains (channel_id, shard, tenant_id, drain_id)
  select c.id, $2, c.tenant_id, $3 from public.channels c where c.id = $1
  on conflict on constraint outbox_drains_pkey do update set drain_id = excluded.drain_id;

  v_left_behind := array(
    select (o.attempt_id, o.conversation_id, 'unknown', null, null, null, null, null)::private.send_outcome
    from private.outbox o
    where o.channel_id = $1
      and o.shard = $2
      and o.attempt_id is not null
    order by o.conversation_id
    for update
  );
  update public.message_attempts a
  set
    result = 'unknown',
    finished_at = clock_timestamp()
  where a.id = any (array(select l.attempt_id from unnest(v_left_behind) l))
    and a.result is null;
  perform private.release_conversations(v_left_behind);
  return cardinality(v_left_behind);
end;
$$;

/* Up to `most` conversations of a shard that may send now, locked: the urgent lane first, the longest waiting first. */
create function private.due_conversations(channel_id uuid, shard integer, most integer)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_ids uuid[] := '{}';
begin
  for v_lane in 0 .. 1 loop
    v_ids := v_ids || array(
      select o.conversation_id
      from private.outbox o
      where o.channel_id = $1
        and o.shard = $2
        and o.lane = v_lane
        and o.attempt_id is null
        and o.due_at <= clock_timestamp()
      order by o.due_at
      limit $3 - cardinality(v_ids)
      -- Who is just queueing there rings when they are done.
      for update skip locked
    );
    exit when cardinality(v_ids) >= $3;
  end loop;
  return v_ids;
end;
$$;

/*
 * Takes up to `most` messages of a shard: one a conversation, the oldest. Writes their attempts and marks them
 * `sending`. Gives {claims, phone_number_id, token (encrypted), limited, next_ms: when to ask again, null where
 * nothing waits}. {stop: true} where nothing may be taken: the channel needs attention and holds its outbox, is
 * gone, or another job drains the shard.
 */
create function private.claim_sends(channel_id uuid, shard integer, drain_id uuid, most integer)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
  v_paused_until timestamptz;
  v_due uuid[];
  v_heads private.outbox_head[];
  v_claims jsonb;
begin
  select c.* into v_channel
  from public.channels c
  join private.outbox_drains d on d.channel_id = c.id and d.shard = $2 and d.drain_id = $3
  where c.id = $1
    and c.status = 'connected';
  if not found then
    return '{"stop": true, "claims": []}';
  end if;

  select l.paused_until into v_paused_until
  from private.sending_limits l
  where l.channel_id = $1
    and l.paused_until > clock_timestamp();
  if not found and most > 0 then
    v_due := private.due_conversations($1, $2, $4);
  end if;

  if cardinality(v_due) > 0 then
    select array_agg((d.id, o.tries, m.tenant_id, m.contact_id, m.id, m.created_at, m.kind, gen_random_uuid())::private.outbox_head order by d.ordinality)
    into v_heads
    from unnest(v_due) with ordinality d (id)
    join private.outbox o on o.conversation_id = d.id
    cross join lateral (
      select q.tenant_id, q.contact_id, q.id, q.created_at, q.kind
      from public.messages q
      where q.tenant_id = v_channel.tenant_id
        and q.conversation_id = d.id
        and q.status = 'queued'
      order by q.seq
      limit 1
    ) m;
    if coalesce(cardinality(v_heads), 0) < cardinality(v_due) then
      -- What was queued there is gone, with its conversation or at somebody's word.
      delete from private.outbox o
      where o.conversation_id = any (v_due)
        and o.conversation_id <> all (array(select h.conversation_id from unnest(v_heads) h));
    end if;
    -- Two threads with one person: one after the other.
    v_heads := array(
      select v_heads[min(n)]
      from generate_subscripts(v_heads, 1) n
      group by (v_heads[n]).contact_id
      order by min(n)
    );
    v_heads := private.permitted_heads(v_channel, v_heads);
  end if;

  if cardinality(v_heads) > 0 then
    v_claims := private.begin_attempts(v_heads);
  end if;

  return jsonb_build_object(
    'claims', coalesce(v_claims, '[]'),
    'channel_id', v_channel.id,
    'phone_number_id', v_channel.phone_number_id,
    'messages_per_second', v_channel.messages_per_second,
    'next_ms', extract(epoch from private.next_due_at($1, $2, v_paused_until) - clock_timestamp()) * 1000,
    'token', case when v_claims is not null then (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    ) end
  );
end;
$$;

/* When the next conversation of a shard may send, not before `earliest`. Null: none waits. */
create function private.next_due_at(channel_id uuid, shard integer, earliest timestamptz)
  returns timestamptz
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select greatest(least(urgent.due_at, bulk.due_at), $3)
  from
    (select min(o.due_at) as due_at from private.outbox o where o.channel_id = $1 and o.shard = $2 and o.lane = 0 and o.attempt_id is null) urgent,
    (select min(o.due_at) as due_at from private.outbox o where o.channel_id = $1 and o.shard = $2 and o.lane = 1 and o.attempt_id is null) bulk
$$;

/* Writes an attempt for each message and gives what its call needs, in order. */
create function private.begin_attempts(heads private.outbox_head[])
  returns jsonb
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  with attempt as (
    insert into public.message_attempts (id, tenant_id, message_id, message_created_at)
    select h.attempt_id, h.tenant_id, h.message_id, h.created_at
    from unnest($1) h
  ),
  marked as (
    update private.outbox o
    set attempt_id = h.attempt_id
    from unnest($1) h
    where o.conversation_id = h.conversation_id
  ),
  sending as (
    update public.messages m
    set status = 'sending'
    from unnest($1) h
    where m.tenant_id = h.tenant_id
      and m.id = h.message_id
      and m.created_at = h.created_at
    returning m.id, m.kind, m.content, m.media, m.target_external_id, m.seq, m.lane
  )
  select jsonb_agg(
    jsonb_build_object(
      'attempt_id', h.attempt_id,
      -- Which try this is, for pauses that grow.
      'attempt', h.tries + 1,
      'message_id', h.message_id,
      'tenant_id', h.tenant_id,
      'conversation_id', h.conversation_id,
      'contact_id', h.contact_id,
      'seq', m.seq,
      'lane', m.lane,
      'kind', m.kind,
      'content', m.content,
      'media', m.media,
      'quoted_external_id', m.target_external_id,
      'to', (
        select i.address
        from public.contact_identities i
        join public.contacts c on c.id = i.contact_id
        where i.tenant_id = h.tenant_id
          and i.contact_id = h.contact_id
          and i.kind = 'phone'
        order by (i.value = c.phone) desc, i.created_at desc
        limit 1
      ),
      'recipient', (
        select i.address
        from public.contact_identities i
        where i.tenant_id = h.tenant_id
          and i.contact_id = h.contact_id
          and i.kind = 'bsuid'
        order by i.created_at desc
        limit 1
      )
    )
    order by h.ordinality
  )
  from unnest($1) with ordinality h
  join sending m on m.id = h.message_id
$$;

grant execute on function
  private.begin_drain(uuid, integer, uuid),
  private.claim_sends(uuid, integer, uuid, integer)
to prosa_worker;

-- sql/45_outbox_outcomes.sql

/*
 * What came of attempts, settled in batches. A status webhook may have told it before, may be telling it at
 * this moment, or may never come; whatever the order, the rows end the same, and nobody waits for anybody.
 */

create type private.settling as (
  attempt_id uuid,
  tenant_id uuid,
  message_id uuid,
  created_at timestamptz
);

/*
 * Settles attempts. Returns those whose message a status webhook holds at this moment: to be settled a moment
 * later. Waiting for them, with other messages held, could be for ever. Settling twice changes nothing.
 */
create function private.settle_sends(outcomes jsonb)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_outcomes private.send_outcome[];
  v_open private.settling[];
  v_settled uuid[];
  v_busy uuid[] := '{}';
begin
  select array_agg(o) into v_outcomes
  from jsonb_populate_recordset(null::private.send_outcome, outcomes) o;
  if v_outcomes is null then
    return v_busy;
  end if;

  -- First of all: whoever queues one more message waits until it is clear whether its conversation is idle.
  perform
  from private.outbox o
  where o.conversation_id = any (array(select x.conversation_id from unnest(v_outcomes) x))
  order by o.conversation_id
  for update;

  -- The message before its attempt, as a status webhook locks them.
  select array_agg((l.attempt_id, l.tenant_id, l.id, l.created_at)::private.settling) into v_open
  from (
    select a.id as attempt_id, m.tenant_id, m.id, m.created_at
    from unnest(v_outcomes) o
    join public.message_attempts a on a.id = o.attempt_id and (a.result is null or a.result = 'unknown')
    join public.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id and m.created_at = a.message_created_at
    for update of m skip locked
  ) l;

  if coalesce(cardinality(v_open), 0) < cardinality(v_outcomes) then
    v_busy := array(
      select a.id
      from unnest(v_outcomes) o
      join public.message_attempts a on a.id = o.attempt_id and (a.result is null or a.result = 'unknown')
      where a.id <> all (array(select l.attempt_id from unnest(v_open) l))
    );
  end if;

  with finished as (
    update public.message_attempts a
    set
      result = o.result,
      error = o.error,
      finished_at = clock_timestamp()
    from unnest(v_outcomes) o
    join unnest(v_open) l on l.attempt_id = o.attempt_id
    where a.id = o.attempt_id
      and (a.result is null or a.result = 'unknown')
    returning a.id
  )
  select array_agg(f.id) into v_settled from finished f;

  if v_settled is not null then
    perform private.apply_outcomes(
      array(select o from unnest(v_outcomes) o where o.attempt_id = any (v_settled)),
      array(select l from unnest(v_open) l where l.attempt_id = any (v_settled))
    );
  end if;
  perform private.release_conversations(
    array(select o from unnest(v_outcomes) o where o.attempt_id <> all (v_busy))
  );
  return v_busy;
end;
$$;

/* Brings the messages of these attempts, all locked, to where their outcomes take them. */
create function private.apply_outcomes(outcomes private.send_outcome[], messages private.settling[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel_id uuid;
  v_row record;
begin
  update public.messages m
  set
    status = next.status,
    error = case when next.status = 'failed' then o.error when next.status <> m.status then null else m.error end,
    external_id = coalesce(m.external_id, o.external_id)
  from unnest(outcomes) o
  join unnest(messages) l on l.attempt_id = o.attempt_id
  cross join lateral (select l.tenant_id, l.message_id, l.created_at offset 0) k
  cross join lateral (
    select case o.result
      when 'accepted' then 'sent'
      when 'failed' then 'failed'
      else 'queued'
    end::public.message_status as status
    offset 0
  ) next
  where m.tenant_id = k.tenant_id
    and m.id = k.message_id
    and m.created_at = k.created_at
    and case o.result
      when 'accepted' then m.status in ('queued', 'sending') or m.error ->> 'code' = 'outcome_unknown' or m.external_id is null
      when 'failed' then m.status in ('queued', 'sending', 'sent')
      when 'unknown' then false
      else m.status = 'sending'
    end;

  -- The provider has taken them and named them: their ids are remembered, and what was told before is applied.
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  select m.channel_id, o.external_id, m.tenant_id, m.id, m.created_at, private.fingerprint('out', m.kind, m.id::text, '')
  from unnest(outcomes) o
  join unnest(messages) l on l.attempt_id = o.attempt_id
  join public.messages m on m.tenant_id = l.tenant_id and m.id = l.message_id and m.created_at = l.created_at
  where o.result = 'accepted'
  order by o.external_id
  on conflict do nothing;

  for v_row in
    select m.channel_id, o.external_id
    from unnest(outcomes) o
    join unnest(messages) l on l.attempt_id = o.attempt_id
    join public.messages m on m.tenant_id = l.tenant_id and m.id = l.message_id and m.created_at = l.created_at
    where o.result = 'accepted'
      and (
        select e.external_id
        from private.early_events e
        where e.channel_id = m.channel_id
          and e.external_id = o.external_id
        limit 1
      ) is not null
  loop
    perform private.apply_early_events(v_row.channel_id, v_row.external_id);
  end loop;

  for v_row in
    select o.result, o.error, o.pause_seconds, o.not_called, m as message
    from unnest(outcomes) o
    join unnest(messages) l on l.attempt_id = o.attempt_id
    join public.messages m on m.tenant_id = l.tenant_id and m.id = l.message_id and m.created_at = l.created_at
    where o.result in ('failed', 'hold')
      or o.pause_seconds is not null
  loop
    if v_row.result = 'failed' then
      perform private.act_on_failure(v_row.message, v_row.error);
    elsif v_row.pause_seconds is not null then
      perform private.pause_channel(c, make_interval(secs => v_row.pause_seconds))
      from public.channels c
      where c.id = (v_row.message).channel_id;
    elsif v_row.not_called is not true then
      perform private.hold_channel((v_row.message).channel_id, v_row.error);
    end if;
  end loop;
end;
$$;

/* Settles what is known and claims what may go, in one transaction: {busy, and what private.claim_sends gives}. */
create function private.turn_outbox(channel_id uuid, shard integer, drain_id uuid, outcomes jsonb, most integer)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_busy uuid[] := private.settle_sends(outcomes);
begin
  return private.claim_sends($1, $2, $3, $5) || jsonb_build_object('busy', v_busy);
end;
$$;

/*
 * Puts back what a drain holds without knowing: messages that it was given in an answer which never arrived.
 * They were not called for. Returns how many.
 */
create function private.recover_claims(channel_id uuid, shard integer, drain_id uuid, known uuid[])
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_lost jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'attempt_id', o.attempt_id, 'conversation_id', o.conversation_id, 'result', 'hold', 'not_called', true,
    'error', '{"code": "not_called", "title": "The message was not sent yet"}'::jsonb
  )) into v_lost
  from private.outbox o
  join private.outbox_drains d on d.channel_id = o.channel_id and d.shard = o.shard and d.drain_id = $3
  where o.channel_id = $1
    and o.shard = $2
    and o.attempt_id is not null
    and o.attempt_id <> all ($4);
  perform private.settle_sends(v_lost);
  return coalesce(jsonb_array_length(v_lost), 0);
end;
$$;

grant execute on function
  private.settle_sends(jsonb),
  private.recover_claims(uuid, integer, uuid, uuid[]),
  private.turn_outbox(uuid, integer, uuid, jsonb, integer)
to prosa_worker;

-- sql/45_outbox_permits.sql

/*
 * The limits that hold back a conversation, not a number: the pace towards one person and the portfolio's quota
 * of people (22_sending_limits, 23_portfolio_quota).
 */

/* Those heads that may go by the pace of their people and the quota of the portfolio; the others are put off. */
create function private.permitted_heads(channel public.channels, heads private.outbox_head[])
  returns private.outbox_head[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_outside uuid[];
  v_refused uuid[];
  v_returns_at timestamptz;
begin
  if channel.messaging_limit is not null and exists (select from unnest(heads) h where h.kind = 'template') then
    v_outside := array(
      select h.contact_id
      from unnest(heads) with ordinality h
      join public.conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
      where h.kind = 'template'
        and coalesce(c.window_expires_at, '-infinity') <= clock_timestamp()
      order by h.ordinality
    );
    select a.refused, a.returns_at into v_refused, v_returns_at
    from private.admit_people(channel, v_outside) a;
    if cardinality(v_refused) > 0 then
      update private.outbox o
      set due_at = v_returns_at
      from unnest(heads) h
      where o.conversation_id = h.conversation_id
        and h.contact_id = any (v_refused)
        and h.kind = 'template';
      heads := array(select h from unnest(heads) h where h.contact_id <> all (v_refused) or h.kind <> 'template');
    end if;
  end if;

  v_refused := private.keep_pace(channel.tenant_id, channel.id, array(select h.contact_id from unnest(heads) h));
  if cardinality(v_refused) > 0 then
    update private.outbox o
    set due_at = private.pace_allows_at(channel.id, h.contact_id)
    from unnest(heads) h
    where o.conversation_id = h.conversation_id
      and h.contact_id = any (v_refused);
    heads := array(select h from unnest(heads) h where h.contact_id <> all (v_refused));
  end if;
  return heads;
end;
$$;

-- sql/45_outgoing_content.sql

/*
 * Refuses what WhatsApp would refuse, before it is queued. The rules are data (45_outgoing_rules.sql), the
 * same that forms show as one writes (core/src/whatsapp/outgoing); what follows reads them, as
 * core/src/whatsapp/outgoing/check.ts does. One table of cases, and messages made up at random, prove that
 * both come to the same answer.
 */

/* Whether a text is exactly one emoji (Unicode TR 51): Extended_Pictographic of Unicode 17, flags, keycaps, joined ones. */
create function private.is_one_emoji(text text)
  returns boolean
  language plpgsql
  immutable
as $$
declare
  v_sign constant text := '['
    || '\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23f3'
    || '\u23f8-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614-\u2615'
    || '\u2618\u261d\u2620\u2622-\u2623\u2626\u262a\u262e-\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653'
    || '\u265f-\u2660\u2663\u2665-\u2666\u2668\u267b\u267e-\u267f\u2692-\u2697\u2699\u269b-\u269c'
    || '\u26a0-\u26a1\u26a7\u26aa-\u26ab\u26b0-\u26b1\u26bd-\u26be\u26c4-\u26c5\u26c8\u26ce-\u26cf\u26d1'
    || '\u26d3-\u26d4\u26e9-\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712'
    || '\u2714\u2716\u271d\u2721\u2728\u2733-\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763-\u2764'
    || '\u2795-\u2797\u27a1\u27b0\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030\u303d\u3297'
    || '\u3299\U0001f004\U0001f02c-\U0001f02f\U0001f094-\U0001f09f\U0001f0af-\U0001f0b0\U0001f0c0'
    || '\U0001f0cf-\U0001f0d0\U0001f0f6-\U0001f0ff\U0001f170-\U0001f171\U0001f17e-\U0001f17f\U0001f18e'
    || '\U0001f191-\U0001f19a\U0001f1ae-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a\U0001f22f'
    || '\U0001f232-\U0001f23a\U0001f23c-\U0001f23f\U0001f249-\U0001f25f\U0001f266-\U0001f321'
    || '\U0001f324-\U0001f393\U0001f396-\U0001f397\U0001f399-\U0001f39b\U0001f39e-\U0001f3f0'
    || '\U0001f3f3-\U0001f3f5\U0001f3f7-\U0001f3fa\U0001f400-\U0001f4fd\U0001f4ff-\U0001f53d'
    || '\U0001f549-\U0001f54e\U0001f550-\U0001f567\U0001f56f-\U0001f570\U0001f573-\U0001f57a\U0001f587'
    || '\U0001f58a-\U0001f58d\U0001f590\U0001f595-\U0001f596\U0001f5a4-\U0001f5a5\U0001f5a8'
    || '\U0001f5b1-\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de'
    || '\U0001f5e1\U0001f5e3\U0001f5e8\U0001f5ef\U0001f5f3\U0001f5fa-\U0001f64f\U0001f680-\U0001f6c5'
    || '\U0001f6cb-\U0001f6d2\U0001f6d5-\U0001f6e5\U0001f6e9\U0001f6eb-\U0001f6f0\U0001f6f3-\U0001f6ff'
    || '\U0001f7da-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f'
    || '\U0001f888-\U0001f88f\U0001f8ae-\U0001f8af\U0001f8bc-\U0001f8bf\U0001f8c2-\U0001f8cf'
    || '\U0001f8d9-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945\U0001f947-\U0001f9ff'
    || '\U0001fa58-\U0001fa5f\U0001fa6e-\U0001faff\U0001fc00-\U0001fffd'
    || ']';
  v_one constant text := v_sign || '\uFE0F?[\U0001F3FB-\U0001F3FF]?(?:[\U000E0020-\U000E007E]+\U000E007F)?';
begin
  return text ~ (
    '^(?:[\U0001F1E6-\U0001F1FF]{2}|[0-9#*]\uFE0F?\u20E3|' || v_one || '(?:\u200D' || v_one || ')*)$'
  );
end;
$$;

/* The first fault of a value by a rule, or null. Asked of every part of a message: it stays free of `set`, which would cost more than it does. */
create function private.fault_of(rule jsonb, value jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_type text := jsonb_typeof(value);
  v_text text := value #>> '{}';
  v_number float8;
begin
  case rule ->> 'is'
    when 'text' then
      return case
        when v_type <> 'string' then 'value_invalid'
        when rule ? 'empty' and btrim(v_text, E' \t\r\n') = '' then rule ->> 'empty'
        when length(v_text) > (rule ->> 'max')::integer then rule ->> 'long'
        when v_text !~ (rule #>> '{like,pattern}') then rule #>> '{like,fault}'
      end;
    when 'number' then
      -- JavaScript reads anything larger as infinite.
      if v_type <> 'number' or abs(v_text::numeric) > 1.7976931348623157e308 then
        return 'value_invalid';
      end if;
      v_number := v_text::float8;
      return case
        when rule ? 'whole' and trunc(v_number) <> v_number then 'value_invalid'
        when v_number < (rule ->> 'min')::float8 then rule ->> 'low'
        when v_number > (rule ->> 'max')::float8 then rule ->> 'high'
      end;
    when 'boolean' then
      return case when v_type <> 'boolean' then 'value_invalid' end;
    when 'word' then
      return case when v_type <> 'string' or not rule -> 'of' ? v_text then rule ->> 'fault' end;
    when 'mime' then
      return case
        when v_type <> 'string' or not rule -> 'of' ? lower(btrim(split_part(v_text, ';', 1))) then rule ->> 'fault'
      end;
    when 'index' then
      return case when v_type not in ('number', 'string') or v_text !~ '^[0-9](\.0+)?$' or (v_type = 'string' and length(v_text) > 1) then 'value_invalid' end;
    when 'emoji' then
      return case
        when v_type <> 'string' then 'value_invalid'
        when v_text <> '' and not private.is_one_emoji(v_text) then 'reaction_not_one_emoji'
      end;
    when 'data' then
      return case when v_type <> 'object' or value = '{}' then rule ->> 'fault' end;
    when 'list' then
      return private.fault_of_list(rule, value);
    when 'object' then
      return private.fault_of_object(rule, value);
    when 'variant' then
      v_text := case when v_type = 'object' and jsonb_typeof(value -> (rule ->> 'by')) = 'string' then value ->> (rule ->> 'by') end;
      if v_text is null or not rule -> 'of' ? v_text then
        return 'kind_unknown';
      end if;
      return private.fault_of(rule #> array['of', v_text], value);
    when 'shared' then
      return private.fault_of(private.content_rule(rule ->> 'rule'), value);
  end case;
end;
$$;

create function private.fault_of_list(rule jsonb, list jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_item jsonb;
  v_differ jsonb;
  v_fault text;
begin
  if jsonb_typeof(list) <> 'array' then
    return 'value_invalid';
  elsif jsonb_array_length(list) < (rule ->> 'min')::integer then
    return rule ->> 'few';
  elsif jsonb_array_length(list) > (rule ->> 'max')::integer then
    return rule ->> 'many';
  end if;

  for v_item in select value from jsonb_array_elements(list) loop
    v_fault := private.fault_of(rule -> 'of', v_item);
    if v_fault is not null then
      return v_fault;
    end if;
  end loop;

  for v_differ in select value from jsonb_array_elements(rule -> 'differ') loop
    if exists (
      select
      from jsonb_array_elements(list) item
      cross join lateral (select array(select jsonb_array_elements_text(v_differ -> 'at')) as at) path
      where jsonb_typeof(item.value #> path.at) = 'string'
      group by item.value #> path.at
      having count(*) > 1
    ) then
      return v_differ ->> 'fault';
    end if;
  end loop;
  return null;
end;
$$;

create function private.fault_of_object(rule jsonb, object jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_field jsonb;
  v_value jsonb;
  v_fault text;
begin
  if jsonb_typeof(object) <> 'object' then
    return 'value_invalid';
  end if;
  -- Null says the same as nothing.
  if exists (select from jsonb_each(object) e where not rule -> 'names' ? e.key and e.value <> 'null') then
    return 'field_unknown';
  end if;

  for v_field in select value from jsonb_array_elements(rule -> 'fields') loop
    v_value := nullif(object -> (v_field ->> 'name'), 'null');
    v_fault := case when v_value is null then v_field ->> 'missing' else private.fault_of(v_field -> 'rule', v_value) end;
    if v_fault is not null then
      return v_fault;
    end if;
  end loop;

  -- Most objects are no more than their fields.
  if rule ?| array['exactly_one', 'at_least_one', 'needs', 'also', 'sections', 'alike'] then
    return private.fault_of_structure(rule, object);
  end if;
  return null;
end;
$$;

/* What is wrong with an object as a whole, once its fields were looked at one by one. */
create function private.fault_of_structure(rule jsonb, object jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_one jsonb := rule -> 'exactly_one';
  v_some jsonb := rule -> 'at_least_one';
  v_needs jsonb := rule -> 'needs';
  v_present text[] := array(select e.key from jsonb_each(object) e where e.value <> 'null');
  v_also jsonb;
  v_fault text;
begin
  if v_one is not null then
    case (select count(*) from jsonb_array_elements_text(v_one -> 'of') name where name = any (v_present))
      when 0 then return v_one ->> 'none';
      when 1 then null;
      else return v_one ->> 'many';
    end case;
  end if;
  if not exists (select from jsonb_array_elements_text(v_some -> 'of') name where name = any (v_present)) and v_some is not null then
    return v_some ->> 'none';
  end if;
  if v_needs ->> 'with' = any (v_present)
    and exists (select from jsonb_array_elements_text(v_needs -> 'fields') name where name <> all (v_present))
  then
    return v_needs ->> 'fault';
  end if;

  for v_also in select value from jsonb_array_elements(rule -> 'also') loop
    if (object -> (v_also ->> 'when') is not distinct from 'true') = (v_also ->> 'is')::boolean
      and v_also ->> 'field' = any (v_present)
    then
      v_fault := private.fault_of(v_also -> 'rule', object -> (v_also ->> 'field'));
      if v_fault is not null then
        return v_fault;
      end if;
    end if;
  end loop;

  if rule ? 'sections' and jsonb_typeof(object -> 'sections') = 'array' then
    v_fault := private.fault_of_sections(rule -> 'sections', object -> 'sections');
    if v_fault is not null then
      return v_fault;
    end if;
  end if;

  if rule ? 'alike' and (
    select count(distinct (card.value ->> 'type', card.value #>> '{header,type}', case jsonb_typeof(card.value #> '{action,buttons}') when 'array' then jsonb_array_length(card.value #> '{action,buttons}') else 0 end))
    from jsonb_array_elements(object -> 'cards') card
  ) > 1 then
    return rule #>> '{alike,fault}';
  end if;
  return null;
end;
$$;

/* Sections of a list: so many items in all, no id twice, and titles as soon as there are two. Their fields were looked at before. */
create function private.fault_of_sections(rule jsonb, sections jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_ids text[] := array(
    select item.value ->> (rule ->> 'id')
    from jsonb_array_elements(sections) section
    cross join lateral jsonb_array_elements(section.value -> (rule ->> 'items')) item
  );
begin
  return case
    when cardinality(v_ids) > (rule ->> 'max')::integer then rule ->> 'many'
    when (select count(distinct id) from unnest(v_ids) id) < cardinality(v_ids) then rule ->> 'repeated'
    when jsonb_array_length(sections) > 1
      and exists (select from jsonb_array_elements(sections) section where section.value ->> 'title' is null)
      then rule ->> 'untitled'
  end;
end;
$$;

/* Refuses content that WhatsApp would refuse: content_invalid, with the fault's code as detail. Unknown kinds and fields are refused. */
create function private.check_content(content jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_rule jsonb := private.content_rule(content ->> 'kind');
  v_fault text := case
    -- A list of ten long options has 3 KB, 257 cards of contacts may have 100: this is for what nobody writes.
    when pg_column_size(content) > 500000 then 'content_too_large'
    when v_rule -> 'names' ? 'kind' then private.fault_of(v_rule, content)
    else 'kind_unknown'
  end;
begin
  if v_fault is not null then
    perform private.refuse(422, 'content_invalid', v_fault);
  end if;
end;
$$;

-- sql/45_outgoing_message.sql

/*
 * What is kept of a message that goes out besides its content: the text that lists and search show, and its
 * files as storage knows them, whatever a browser says of them.
 */

/* The text of a message by kind, as core reads it from one that arrives (core/src/whatsapp/messages). A template's is told by private.check_template. */
create function private.body_of(content jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(
    case content ->> 'kind'
      when 'text' then content ->> 'text'
      when 'reaction' then content ->> 'emoji'
      when 'location' then concat_ws(', ', nullif(content ->> 'name', ''), nullif(content ->> 'address', ''))
      when 'contacts' then (
        select string_agg(card.value #>> '{name,formatted_name}', ', ' order by card.ordinality)
        from jsonb_array_elements(content -> 'contacts') with ordinality card
      )
      when 'interactive' then content #>> '{interactive,body,text}'
      when 'document' then coalesce(nullif(content ->> 'caption', ''), content ->> 'filename')
      else content ->> 'caption'
    end,
    ''
  );
end;
$$;

/*
 * The content with the type and size of its uploaded files as storage recorded them. A Flow's own data may
 * hold anything and is left alone. Raises media_not_found. Whether the person may send a file on is asked
 * when it is bound to the message (private.attach_media).
 */
create function private.with_recorded_files(content jsonb, tenant_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_metadata jsonb;
begin
  case jsonb_typeof(content)
    when 'array' then
      return (
        select coalesce(jsonb_agg(private.with_recorded_files(item.value, tenant_id) order by item.ordinality), '[]')
        from jsonb_array_elements(content) with ordinality item
      );
    when 'object' then
      if jsonb_typeof(content -> 'path') is distinct from 'string' then
        return (
          select coalesce(
            jsonb_object_agg(
              part.key,
              case when part.key in ('flow_action_payload', 'flow_action_data') then part.value else private.with_recorded_files(part.value, tenant_id) end
            ),
            '{}'
          )
          from jsonb_each(content) part
        );
      end if;
      select o.metadata into v_metadata
      from storage.objects o
      where o.bucket_id = 'media'
        and o.name = content ->> 'path'
        and starts_with(o.name, tenant_id || '/');
      if not found then
        perform private.refuse(404, 'media_not_found');
      end if;
      return content || jsonb_build_object('mime_type', v_metadata ->> 'mimetype', 'size', v_metadata -> 'size');
    else
      return content;
  end case;
end;
$$;

/* The uploaded files of a message that was checked: its own, its header's, its cards', its variables'. */
create function private.file_paths(content jsonb)
  returns text[]
  language sql
  immutable
  set search_path = ''
as $$
  select array(
    select distinct file.path #>> '{}'
    from (
      select jsonb_path_query($1, '$.path')
      union all
      select jsonb_path_query($1, '$.interactive.header.*.path')
      union all
      select jsonb_path_query($1, '$.interactive.action.cards[*].header.*.path')
      union all
      select jsonb_path_query($1, '$.components[*].parameters[*].*.path')
      union all
      select jsonb_path_query($1, '$.components[*].cards[*].components[*].parameters[*].*.path')
    ) file (path)
    where jsonb_typeof(file.path) = 'string'
  )
$$;

-- sql/45_outgoing_rules.sql

/*
 * What WhatsApp takes: the rules of core/src/whatsapp/outgoing by kind of message, the same for forms and
 * database. Written by `npm run db:rules`, never by hand; a test holds the two to be the same. What stands in
 * several places stands here once, as "shared".
 */

create function private.content_rule(name text)
  returns jsonb
  language sql
  immutable
as $$
  select case $1
    when 'text' then $rule$
      {
        "is": "object",
        "names": ["kind","text","preview_url"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":4096,"long":"text_too_long","empty":"text_empty"},
            "missing": "text_empty"
          },
          {"name":"preview_url","rule":{"is":"boolean"}}
        ]
      }
    $rule$::jsonb
    when 'image' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":5242880,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'video' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":16777216,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'audio' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","voice"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["audio"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {
            "name": "mime_type",
            "rule": {
              "is": "mime",
              "of": ["audio/aac","audio/amr","audio/mpeg","audio/mp4","audio/ogg"],
              "fault": "media_type_unsupported"
            }
          },
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":16777216,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"voice","rule":{"is":"boolean"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"},
        "also": [
          {
            "when": "voice",
            "is": true,
            "field": "mime_type",
            "rule": {"is":"mime","of":["audio/ogg"],"fault":"media_type_unsupported"}
          }
        ]
      }
    $rule$::jsonb
    when 'document' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","caption"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":104857600,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"caption","rule":{"is":"text","max":1024,"long":"caption_too_long"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
      }
    $rule$::jsonb
    when 'sticker' then $rule$
      {
        "is": "object",
        "names": ["kind","path","link","mime_type","size","filename","animated"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["sticker"],"fault":"value_invalid"}},
          {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
          {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
          {"name":"mime_type","rule":{"is":"mime","of":["image/webp"],"fault":"media_type_unsupported"}},
          {
            "name": "size",
            "rule": {"is":"number","min":1,"max":512000,"whole":true,"low":"media_empty","high":"media_too_large"}
          },
          {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}},
          {"name":"animated","rule":{"is":"boolean"}}
        ],
        "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
        "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"},
        "also": [
          {
            "when": "animated",
            "is": false,
            "field": "size",
            "rule": {"is":"number","min":1,"max":102400,"low":"media_empty","high":"media_too_large"}
          }
        ]
      }
    $rule$::jsonb
    when 'location' then $rule$
      {
        "is": "object",
        "names": ["kind","latitude","longitude","name","address"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["location"],"fault":"value_invalid"}},
          {
            "name": "latitude",
            "rule": {"is":"number","min":-90,"max":90,"low":"latitude_invalid","high":"latitude_invalid"},
            "missing": "latitude_invalid"
          },
          {
            "name": "longitude",
            "rule": {"is":"number","min":-180,"max":180,"low":"longitude_invalid","high":"longitude_invalid"},
            "missing": "longitude_invalid"
          },
          {"name":"name","rule":{"is":"text","max":1000,"long":"place_too_long"}},
          {"name":"address","rule":{"is":"text","max":1000,"long":"place_too_long"}}
        ]
      }
    $rule$::jsonb
    when 'contacts' then $rule$
      {
        "is": "object",
        "names": ["kind","contacts"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["contacts"],"fault":"value_invalid"}},
          {
            "name": "contacts",
            "rule": {
              "is": "list",
              "min": 1,
              "max": 257,
              "few": "contacts_missing",
              "many": "contacts_too_many",
              "of": {
                "is": "object",
                "names": ["name","phones","emails","urls","addresses","org","birthday"],
                "fields": [
                  {
                    "name": "name",
                    "rule": {
                      "is": "object",
                      "names": ["formatted_name","first_name","last_name","middle_name","prefix","suffix"],
                      "fields": [
                        {
                          "name": "formatted_name",
                          "rule": {
                            "is": "text",
                            "max": 1000,
                            "long": "contact_field_too_long",
                            "empty": "contact_name_missing"
                          },
                          "missing": "contact_name_missing"
                        },
                        {"name":"first_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"last_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"middle_name","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"prefix","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"suffix","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                      ],
                      "at_least_one": {
                        "of": ["first_name","last_name","middle_name","prefix","suffix"],
                        "none": "contact_name_incomplete"
                      }
                    },
                    "missing": "contact_name_missing"
                  },
                  {
                    "name": "phones",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["phone","type","wa_id"],
                        "fields": [
                          {"name":"phone","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"wa_id","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "emails",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["email","type"],
                        "fields": [
                          {"name":"email","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "urls",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["url","type"],
                        "fields": [
                          {"name":"url","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "addresses",
                    "rule": {
                      "is": "list",
                      "min": 0,
                      "max": 50,
                      "few": "value_invalid",
                      "many": "value_invalid",
                      "of": {
                        "is": "object",
                        "names": ["street","city","state","zip","country","country_code","type"],
                        "fields": [
                          {"name":"street","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"city","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"state","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"zip","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"country","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"country_code","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                          {"name":"type","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                        ]
                      }
                    }
                  },
                  {
                    "name": "org",
                    "rule": {
                      "is": "object",
                      "names": ["company","department","title"],
                      "fields": [
                        {"name":"company","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"department","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}},
                        {"name":"title","rule":{"is":"text","max":1000,"long":"contact_field_too_long"}}
                      ]
                    }
                  },
                  {
                    "name": "birthday",
                    "rule": {
                      "is": "text",
                      "max": 1000,
                      "long": "contact_field_too_long",
                      "like": {"pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}$","fault":"contact_birthday_invalid"}
                    }
                  }
                ]
              }
            },
            "missing": "contacts_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'reaction' then $rule$
      {
        "is": "object",
        "names": ["kind","emoji"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["reaction"],"fault":"value_invalid"}},
          {"name":"emoji","rule":{"is":"emoji"},"missing":"field_missing"}
        ]
      }
    $rule$::jsonb
    when 'interactive' then $rule$
      {
        "is": "object",
        "names": ["kind","interactive"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["interactive"],"fault":"value_invalid"}},
          {
            "name": "interactive",
            "rule": {
              "is": "variant",
              "by": "type",
              "of": {
                "button": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["button"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["buttons"],
                        "fields": [
                          {
                            "name": "buttons",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 3,
                              "few": "buttons_missing",
                              "many": "buttons_too_many",
                              "of": {
                                "is": "object",
                                "names": ["type","reply"],
                                "fields": [
                                  {"name":"type","rule":{"is":"word","of":["reply"],"fault":"value_invalid"}},
                                  {
                                    "name": "reply",
                                    "rule": {"is":"shared","rule":"shared_9"},
                                    "missing": "button_title_empty"
                                  }
                                ]
                              },
                              "differ": [
                                {"at":["reply","id"],"fault":"buttons_repeated"},
                                {"at":["reply","title"],"fault":"buttons_repeated"}
                              ]
                            },
                            "missing": "buttons_missing"
                          }
                        ]
                      },
                      "missing": "buttons_missing"
                    }
                  ]
                },
                "list": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["list"],"fault":"value_invalid"}},
                    {
                      "name": "header",
                      "rule": {"is":"variant","by":"type","of":{"text":{"is":"shared","rule":"shared_4"}}}
                    },
                    {
                      "name": "body",
                      "rule": {
                        "is": "object",
                        "names": ["text"],
                        "fields": [
                          {
                            "name": "text",
                            "rule": {"is":"text","max":4096,"long":"body_too_long","empty":"body_empty"},
                            "missing": "body_empty"
                          }
                        ]
                      },
                      "missing": "body_empty"
                    },
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["button","sections"],
                        "fields": [
                          {
                            "name": "button",
                            "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
                            "missing": "button_title_empty"
                          },
                          {
                            "name": "sections",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 10,
                              "few": "sections_missing",
                              "many": "sections_too_many",
                              "of": {
                                "is": "object",
                                "names": ["title","rows"],
                                "fields": [
                                  {
                                    "name": "title",
                                    "rule": {
                                      "is": "text",
                                      "max": 24,
                                      "long": "section_title_too_long",
                                      "empty": "section_title_missing"
                                    }
                                  },
                                  {
                                    "name": "rows",
                                    "rule": {
                                      "is": "list",
                                      "min": 1,
                                      "max": 10,
                                      "few": "rows_missing",
                                      "many": "rows_too_many",
                                      "of": {
                                        "is": "object",
                                        "names": ["id","title","description"],
                                        "fields": [
                                          {
                                            "name": "id",
                                            "rule": {"is":"text","max":200,"long":"id_too_long","empty":"id_empty"},
                                            "missing": "id_empty"
                                          },
                                          {
                                            "name": "title",
                                            "rule": {
                                              "is": "text",
                                              "max": 24,
                                              "long": "row_title_too_long",
                                              "empty": "row_title_empty"
                                            },
                                            "missing": "row_title_empty"
                                          },
                                          {
                                            "name": "description",
                                            "rule": {"is":"text","max":72,"long":"row_description_too_long"}
                                          }
                                        ]
                                      }
                                    },
                                    "missing": "rows_missing"
                                  }
                                ]
                              }
                            },
                            "missing": "sections_missing"
                          }
                        ],
                        "sections": {
                          "items": "rows",
                          "max": 10,
                          "many": "rows_too_many",
                          "id": "id",
                          "repeated": "rows_repeated",
                          "untitled": "section_title_missing"
                        }
                      },
                      "missing": "sections_missing"
                    }
                  ]
                },
                "cta_url": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {"name":"action","rule":{"is":"shared","rule":"shared_10"},"missing":"field_missing"}
                  ]
                },
                "flow": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["flow"],"fault":"value_invalid"}},
                    {"name":"header","rule":{"is":"shared","rule":"shared_3"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name","parameters"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["flow"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          },
                          {
                            "name": "parameters",
                            "rule": {
                              "is": "object",
                              "names": [
                                "flow_message_version",
                                "flow_id",
                                "flow_name",
                                "flow_cta",
                                "flow_token",
                                "mode",
                                "flow_action",
                                "flow_action_payload"
                              ],
                              "fields": [
                                {
                                  "name": "flow_message_version",
                                  "rule": {"is":"word","of":["3"],"fault":"value_invalid"},
                                  "missing": "field_missing"
                                },
                                {
                                  "name": "flow_id",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}
                                },
                                {
                                  "name": "flow_name",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}
                                },
                                {
                                  "name": "flow_cta",
                                  "rule": {
                                    "is": "text",
                                    "max": 30,
                                    "long": "button_title_too_long",
                                    "empty": "button_title_empty"
                                  },
                                  "missing": "button_title_empty"
                                },
                                {
                                  "name": "flow_token",
                                  "rule": {"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}
                                },
                                {"name":"mode","rule":{"is":"word","of":["draft","published"],"fault":"value_invalid"}},
                                {
                                  "name": "flow_action",
                                  "rule": {"is":"word","of":["navigate","data_exchange"],"fault":"value_invalid"}
                                },
                                {
                                  "name": "flow_action_payload",
                                  "rule": {
                                    "is": "object",
                                    "names": ["screen","data"],
                                    "fields": [
                                      {
                                        "name": "screen",
                                        "rule": {
                                          "is": "text",
                                          "max": 256,
                                          "long": "id_too_long",
                                          "empty": "flow_screen_missing"
                                        },
                                        "missing": "flow_screen_missing"
                                      },
                                      {"name":"data","rule":{"is":"data","fault":"flow_data_empty"}}
                                    ]
                                  }
                                }
                              ],
                              "exactly_one": {
                                "of": ["flow_id","flow_name"],
                                "none": "flow_missing",
                                "many": "flow_ambiguous"
                              }
                            },
                            "missing": "flow_missing"
                          }
                        ]
                      },
                      "missing": "flow_missing"
                    }
                  ]
                },
                "location_request_message": {
                  "is": "object",
                  "names": ["type","body","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["location_request_message"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["send_location"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          }
                        ]
                      },
                      "missing": "field_missing"
                    }
                  ]
                },
                "product": {
                  "is": "object",
                  "names": ["type","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["product"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"}},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["catalog_id","product_retailer_id"],
                        "fields": [
                          {
                            "name": "catalog_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          },
                          {
                            "name": "product_retailer_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          }
                        ]
                      },
                      "missing": "product_missing"
                    }
                  ]
                },
                "product_list": {
                  "is": "object",
                  "names": ["type","header","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["product_list"],"fault":"value_invalid"}},
                    {
                      "name": "header",
                      "rule": {
                        "is": "object",
                        "names": ["type","text"],
                        "fields": [
                          {
                            "name": "type",
                            "rule": {"is":"word","of":["text"],"fault":"value_invalid"},
                            "missing": "header_empty"
                          },
                          {
                            "name": "text",
                            "rule": {"is":"text","max":60,"long":"header_too_long","empty":"header_empty"},
                            "missing": "header_empty"
                          }
                        ]
                      },
                      "missing": "header_empty"
                    },
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["catalog_id","sections"],
                        "fields": [
                          {
                            "name": "catalog_id",
                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                            "missing": "product_missing"
                          },
                          {
                            "name": "sections",
                            "rule": {
                              "is": "list",
                              "min": 1,
                              "max": 10,
                              "few": "sections_missing",
                              "many": "sections_too_many",
                              "of": {
                                "is": "object",
                                "names": ["title","product_items"],
                                "fields": [
                                  {
                                    "name": "title",
                                    "rule": {
                                      "is": "text",
                                      "max": 24,
                                      "long": "section_title_too_long",
                                      "empty": "section_title_missing"
                                    }
                                  },
                                  {
                                    "name": "product_items",
                                    "rule": {
                                      "is": "list",
                                      "min": 1,
                                      "max": 30,
                                      "few": "product_missing",
                                      "many": "products_too_many",
                                      "of": {
                                        "is": "object",
                                        "names": ["product_retailer_id"],
                                        "fields": [
                                          {
                                            "name": "product_retailer_id",
                                            "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                                            "missing": "product_missing"
                                          }
                                        ]
                                      }
                                    },
                                    "missing": "product_missing"
                                  }
                                ]
                              }
                            },
                            "missing": "sections_missing"
                          }
                        ],
                        "sections": {
                          "items": "product_items",
                          "max": 30,
                          "many": "products_too_many",
                          "id": "product_retailer_id",
                          "repeated": "products_repeated",
                          "untitled": "section_title_missing"
                        }
                      },
                      "missing": "product_missing"
                    }
                  ]
                },
                "catalog_message": {
                  "is": "object",
                  "names": ["type","body","footer","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["catalog_message"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {"name":"footer","rule":{"is":"shared","rule":"shared_8"}},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["name","parameters"],
                        "fields": [
                          {
                            "name": "name",
                            "rule": {"is":"word","of":["catalog_message"],"fault":"value_invalid"},
                            "missing": "field_missing"
                          },
                          {
                            "name": "parameters",
                            "rule": {
                              "is": "object",
                              "names": ["thumbnail_product_retailer_id"],
                              "fields": [
                                {
                                  "name": "thumbnail_product_retailer_id",
                                  "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                                  "missing": "product_missing"
                                }
                              ]
                            }
                          }
                        ]
                      },
                      "missing": "field_missing"
                    }
                  ]
                },
                "carousel": {
                  "is": "object",
                  "names": ["type","body","action"],
                  "fields": [
                    {"name":"type","rule":{"is":"word","of":["carousel"],"fault":"value_invalid"}},
                    {"name":"body","rule":{"is":"shared","rule":"shared_7"},"missing":"body_empty"},
                    {
                      "name": "action",
                      "rule": {
                        "is": "object",
                        "names": ["cards"],
                        "fields": [
                          {
                            "name": "cards",
                            "rule": {
                              "is": "list",
                              "min": 2,
                              "max": 10,
                              "few": "cards_too_few",
                              "many": "cards_too_many",
                              "of": {
                                "is": "variant",
                                "by": "type",
                                "of": {
                                  "cta_url": {
                                    "is": "object",
                                    "names": ["type","card_index","header","body","action"],
                                    "fields": [
                                      {"name":"type","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"}},
                                      {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                                      {
                                        "name": "header",
                                        "rule": {"is":"shared","rule":"shared_11"},
                                        "missing": "media_missing"
                                      },
                                      {"name":"body","rule":{"is":"shared","rule":"shared_12"}},
                                      {
                                        "name": "action",
                                        "rule": {"is":"shared","rule":"shared_10"},
                                        "missing": "buttons_missing"
                                      }
                                    ]
                                  },
                                  "quick_reply": {
                                    "is": "object",
                                    "names": ["type","card_index","header","body","action"],
                                    "fields": [
                                      {"name":"type","rule":{"is":"word","of":["quick_reply"],"fault":"value_invalid"}},
                                      {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                                      {
                                        "name": "header",
                                        "rule": {"is":"shared","rule":"shared_11"},
                                        "missing": "media_missing"
                                      },
                                      {"name":"body","rule":{"is":"shared","rule":"shared_12"}},
                                      {
                                        "name": "action",
                                        "rule": {
                                          "is": "object",
                                          "names": ["buttons"],
                                          "fields": [
                                            {
                                              "name": "buttons",
                                              "rule": {
                                                "is": "list",
                                                "min": 1,
                                                "max": 3,
                                                "few": "buttons_missing",
                                                "many": "buttons_too_many",
                                                "of": {
                                                  "is": "object",
                                                  "names": ["type","quick_reply"],
                                                  "fields": [
                                                    {
                                                      "name": "type",
                                                      "rule": {"is":"word","of":["quick_reply"],"fault":"value_invalid"}
                                                    },
                                                    {
                                                      "name": "quick_reply",
                                                      "rule": {"is":"shared","rule":"shared_9"},
                                                      "missing": "button_title_empty"
                                                    }
                                                  ]
                                                },
                                                "differ": [
                                                  {"at":["quick_reply","id"],"fault":"buttons_repeated"},
                                                  {"at":["quick_reply","title"],"fault":"buttons_repeated"}
                                                ]
                                              },
                                              "missing": "buttons_missing"
                                            }
                                          ]
                                        },
                                        "missing": "buttons_missing"
                                      }
                                    ]
                                  }
                                }
                              }
                            },
                            "missing": "cards_too_few"
                          }
                        ],
                        "alike": {"cards":"cards","fault":"cards_differ"}
                      },
                      "missing": "cards_too_few"
                    }
                  ]
                }
              }
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'template' then $rule$
      {
        "is": "object",
        "names": ["kind","template_id","name","language","components"],
        "fields": [
          {"name":"kind","rule":{"is":"word","of":["template"],"fault":"value_invalid"}},
          {
            "name": "template_id",
            "rule": {
              "is": "text",
              "max": 36,
              "long": "template_missing",
              "empty": "template_missing",
              "like": {"pattern":"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$","fault":"template_missing"}
            }
          },
          {
            "name": "name",
            "rule": {"is":"text","max":512,"long":"template_missing","empty":"template_missing"},
            "missing": "template_missing"
          },
          {
            "name": "language",
            "rule": {
              "is": "text",
              "max": 15,
              "long": "template_language_invalid",
              "empty": "template_language_invalid",
              "like": {"pattern":"^[A-Za-z]{2,3}(_[A-Za-z]{2,4})?$","fault":"template_language_invalid"}
            },
            "missing": "template_language_invalid"
          },
          {
            "name": "components",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 14,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "header": {"is":"shared","rule":"shared_13"},
                  "body": {"is":"shared","rule":"shared_15"},
                  "button": {"is":"shared","rule":"shared_16"},
                  "limited_time_offer": {
                    "is": "object",
                    "names": ["type","parameters"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["limited_time_offer"],"fault":"value_invalid"}},
                      {
                        "name": "parameters",
                        "rule": {
                          "is": "list",
                          "min": 0,
                          "max": 1,
                          "few": "value_invalid",
                          "many": "template_components_too_many",
                          "of": {
                            "is": "variant",
                            "by": "type",
                            "of": {
                              "limited_time_offer": {
                                "is": "object",
                                "names": ["type","limited_time_offer"],
                                "fields": [
                                  {
                                    "name": "type",
                                    "rule": {"is":"word","of":["limited_time_offer"],"fault":"value_invalid"}
                                  },
                                  {
                                    "name": "limited_time_offer",
                                    "rule": {
                                      "is": "object",
                                      "names": ["expiration_time_ms"],
                                      "fields": [
                                        {
                                          "name": "expiration_time_ms",
                                          "rule": {
                                            "is": "number",
                                            "min": 0,
                                            "max": 8640000000000000,
                                            "whole": true,
                                            "low": "value_invalid",
                                            "high": "value_invalid"
                                          },
                                          "missing": "template_parameter_empty"
                                        }
                                      ]
                                    },
                                    "missing": "template_parameter_empty"
                                  }
                                ]
                              }
                            }
                          }
                        }
                      }
                    ]
                  },
                  "carousel": {
                    "is": "object",
                    "names": ["type","cards"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["carousel"],"fault":"value_invalid"}},
                      {
                        "name": "cards",
                        "rule": {
                          "is": "list",
                          "min": 1,
                          "max": 10,
                          "few": "cards_too_few",
                          "many": "cards_too_many",
                          "of": {
                            "is": "object",
                            "names": ["card_index","components"],
                            "fields": [
                              {"name":"card_index","rule":{"is":"index"},"missing":"field_missing"},
                              {
                                "name": "components",
                                "rule": {
                                  "is": "list",
                                  "min": 0,
                                  "max": 12,
                                  "few": "value_invalid",
                                  "many": "template_components_too_many",
                                  "of": {
                                    "is": "variant",
                                    "by": "type",
                                    "of": {
                                      "header": {"is":"shared","rule":"shared_13"},
                                      "body": {"is":"shared","rule":"shared_15"},
                                      "button": {"is":"shared","rule":"shared_16"}
                                    }
                                  }
                                },
                                "missing": "field_missing"
                              }
                            ]
                          }
                        },
                        "missing": "cards_too_few"
                      }
                    ]
                  }
                }
              }
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_1' then $rule$
      {
        "is": "text",
        "max": 2048,
        "long": "link_too_long",
        "empty": "link_invalid",
        "like": {"pattern":"^https?://[^/ \\t\\r\\n]+[^ \\t\\r\\n]*$","fault":"link_invalid"}
      }
    $rule$::jsonb
    when 'shared_2' then $rule$
      {
        "is": "mime",
        "of": [
          "text/plain",
          "application/pdf",
          "application/msword",
          "application/vnd.ms-excel",
          "application/vnd.ms-powerpoint",
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          "application/vnd.openxmlformats-officedocument.presentationml.presentation",
          "image/jpeg",
          "image/png",
          "video/mp4",
          "video/3gpp"
        ],
        "fault": "media_type_unsupported"
      }
    $rule$::jsonb
    when 'shared_3' then $rule$
      {
        "is": "variant",
        "by": "type",
        "of": {
          "text": {"is":"shared","rule":"shared_4"},
          "image": {"is":"shared","rule":"shared_5"},
          "video": {"is":"shared","rule":"shared_6"},
          "document": {
            "is": "object",
            "names": ["type","document"],
            "fields": [
              {"name":"type","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
              {
                "name": "document",
                "rule": {
                  "is": "object",
                  "names": ["path","link","mime_type","size","filename"],
                  "fields": [
                    {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                    {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                    {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
                    {
                      "name": "size",
                      "rule": {
                        "is": "number",
                        "min": 1,
                        "max": 104857600,
                        "whole": true,
                        "low": "media_empty",
                        "high": "media_too_large"
                      }
                    },
                    {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}}
                  ],
                  "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
                  "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                },
                "missing": "media_missing"
              }
            ]
          }
        }
      }
    $rule$::jsonb
    when 'shared_4' then $rule$
      {
        "is": "object",
        "names": ["type","text"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":60,"long":"header_too_long","empty":"header_empty"},
            "missing": "header_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_5' then $rule$
      {
        "is": "object",
        "names": ["type","image"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
          {
            "name": "image",
            "rule": {
              "is": "object",
              "names": ["path","link","mime_type","size"],
              "fields": [
                {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                {
                  "name": "mime_type",
                  "rule": {"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}
                },
                {
                  "name": "size",
                  "rule": {
                    "is": "number",
                    "min": 1,
                    "max": 5242880,
                    "whole": true,
                    "low": "media_empty",
                    "high": "media_too_large"
                  }
                }
              ],
              "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
              "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
            },
            "missing": "media_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_6' then $rule$
      {
        "is": "object",
        "names": ["type","video"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
          {
            "name": "video",
            "rule": {
              "is": "object",
              "names": ["path","link","mime_type","size"],
              "fields": [
                {"name":"path","rule":{"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}},
                {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                {
                  "name": "mime_type",
                  "rule": {"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}
                },
                {
                  "name": "size",
                  "rule": {
                    "is": "number",
                    "min": 1,
                    "max": 16777216,
                    "whole": true,
                    "low": "media_empty",
                    "high": "media_too_large"
                  }
                }
              ],
              "exactly_one": {"of":["path","link"],"none":"media_missing","many":"media_ambiguous"},
              "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
            },
            "missing": "media_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_7' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":1024,"long":"body_too_long","empty":"body_empty"},
            "missing": "body_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_8' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":60,"long":"footer_too_long","empty":"footer_empty"},
            "missing": "footer_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_9' then $rule$
      {
        "is": "object",
        "names": ["id","title"],
        "fields": [
          {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},"missing":"id_empty"},
          {
            "name": "title",
            "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
            "missing": "button_title_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_10' then $rule$
      {
        "is": "object",
        "names": ["name","parameters"],
        "fields": [
          {"name":"name","rule":{"is":"word","of":["cta_url"],"fault":"value_invalid"},"missing":"field_missing"},
          {
            "name": "parameters",
            "rule": {
              "is": "object",
              "names": ["display_text","url"],
              "fields": [
                {
                  "name": "display_text",
                  "rule": {"is":"text","max":20,"long":"button_title_too_long","empty":"button_title_empty"},
                  "missing": "button_title_empty"
                },
                {"name":"url","rule":{"is":"shared","rule":"shared_1"},"missing":"link_invalid"}
              ]
            },
            "missing": "field_missing"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_11' then $rule$
      {
        "is": "variant",
        "by": "type",
        "of": {"image":{"is":"shared","rule":"shared_5"},"video":{"is":"shared","rule":"shared_6"}}
      }
    $rule$::jsonb
    when 'shared_12' then $rule$
      {
        "is": "object",
        "names": ["text"],
        "fields": [
          {
            "name": "text",
            "rule": {"is":"text","max":160,"long":"body_too_long","empty":"body_empty"},
            "missing": "body_empty"
          }
        ]
      }
    $rule$::jsonb
    when 'shared_13' then $rule$
      {
        "is": "object",
        "names": ["type","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["header"],"fault":"value_invalid"}},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 1,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "image": {
                    "is": "object",
                    "names": ["type","image"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["image"],"fault":"value_invalid"}},
                      {
                        "name": "image",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {
                              "name": "mime_type",
                              "rule": {"is":"mime","of":["image/jpeg","image/png"],"fault":"media_type_unsupported"}
                            },
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 5242880,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "video": {
                    "is": "object",
                    "names": ["type","video"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["video"],"fault":"value_invalid"}},
                      {
                        "name": "video",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {
                              "name": "mime_type",
                              "rule": {"is":"mime","of":["video/mp4","video/3gpp"],"fault":"media_type_unsupported"}
                            },
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 16777216,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "document": {
                    "is": "object",
                    "names": ["type","document"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["document"],"fault":"value_invalid"}},
                      {
                        "name": "document",
                        "rule": {
                          "is": "object",
                          "names": ["path","link","mime_type","size","id","filename"],
                          "fields": [
                            {
                              "name": "path",
                              "rule": {"is":"text","max":512,"long":"media_not_found","empty":"media_not_found"}
                            },
                            {"name":"link","rule":{"is":"shared","rule":"shared_1"}},
                            {"name":"mime_type","rule":{"is":"shared","rule":"shared_2"}},
                            {
                              "name": "size",
                              "rule": {
                                "is": "number",
                                "min": 1,
                                "max": 104857600,
                                "whole": true,
                                "low": "media_empty",
                                "high": "media_too_large"
                              }
                            },
                            {"name":"id","rule":{"is":"text","max":256,"long":"id_too_long","empty":"id_empty"}},
                            {"name":"filename","rule":{"is":"text","max":240,"long":"filename_too_long"}}
                          ],
                          "exactly_one": {"of":["path","link","id"],"none":"media_missing","many":"media_ambiguous"},
                          "needs": {"with":"path","fields":["mime_type","size"],"fault":"field_missing"}
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "location": {
                    "is": "object",
                    "names": ["type","location"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["location"],"fault":"value_invalid"}},
                      {
                        "name": "location",
                        "rule": {
                          "is": "object",
                          "names": ["latitude","longitude","name","address"],
                          "fields": [
                            {
                              "name": "latitude",
                              "rule": {
                                "is": "number",
                                "min": -90,
                                "max": 90,
                                "low": "latitude_invalid",
                                "high": "latitude_invalid"
                              },
                              "missing": "latitude_invalid"
                            },
                            {
                              "name": "longitude",
                              "rule": {
                                "is": "number",
                                "min": -180,
                                "max": 180,
                                "low": "longitude_invalid",
                                "high": "longitude_invalid"
                              },
                              "missing": "longitude_invalid"
                            },
                            {"name":"name","rule":{"is":"text","max":1000,"long":"place_too_long"}},
                            {"name":"address","rule":{"is":"text","max":1000,"long":"place_too_long"}}
                          ]
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "product": {
                    "is": "object",
                    "names": ["type","product"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["product"],"fault":"value_invalid"}},
                      {
                        "name": "product",
                        "rule": {
                          "is": "object",
                          "names": ["product_retailer_id","catalog_id"],
                          "fields": [
                            {
                              "name": "product_retailer_id",
                              "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                              "missing": "product_missing"
                            },
                            {
                              "name": "catalog_id",
                              "rule": {"is":"text","max":256,"long":"id_too_long","empty":"id_empty"},
                              "missing": "product_missing"
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      }
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
    when 'shared_14' then $rule$
      {
        "is": "object",
        "names": ["type","text","parameter_name"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["text"],"fault":"value_invalid"}},
          {
            "name": "text",
            "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
            "missing": "template_parameter_empty"
          },
          {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
        ]
      }
    $rule$::jsonb
    when 'shared_15' then $rule$
      {
        "is": "object",
        "names": ["type","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["body"],"fault":"value_invalid"}},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 100,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "currency": {
                    "is": "object",
                    "names": ["type","currency","parameter_name"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["currency"],"fault":"value_invalid"}},
                      {
                        "name": "currency",
                        "rule": {
                          "is": "object",
                          "names": ["fallback_value","code","amount_1000"],
                          "fields": [
                            {
                              "name": "fallback_value",
                              "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                              "missing": "template_parameter_empty"
                            },
                            {
                              "name": "code",
                              "rule": {"is":"text","max":3,"long":"id_too_long","empty":"id_empty"},
                              "missing": "field_missing"
                            },
                            {
                              "name": "amount_1000",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              },
                              "missing": "field_missing"
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      },
                      {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
                    ]
                  },
                  "date_time": {
                    "is": "object",
                    "names": ["type","date_time","parameter_name"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["date_time"],"fault":"value_invalid"}},
                      {
                        "name": "date_time",
                        "rule": {
                          "is": "object",
                          "names": [
                            "fallback_value",
                            "day_of_week",
                            "year",
                            "month",
                            "day_of_month",
                            "hour",
                            "minute",
                            "calendar",
                            "timestamp"
                          ],
                          "fields": [
                            {
                              "name": "fallback_value",
                              "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                              "missing": "template_parameter_empty"
                            },
                            {
                              "name": "day_of_week",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "year",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "month",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "day_of_month",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "hour",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {
                              "name": "minute",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            },
                            {"name":"calendar","rule":{"is":"text","max":32,"long":"id_too_long","empty":"id_empty"}},
                            {
                              "name": "timestamp",
                              "rule": {
                                "is": "number",
                                "min": -1000000000000000,
                                "max": 1000000000000000,
                                "low": "value_invalid",
                                "high": "value_invalid"
                              }
                            }
                          ]
                        },
                        "missing": "template_parameter_empty"
                      },
                      {"name":"parameter_name","rule":{"is":"text","max":512,"long":"id_too_long","empty":"id_empty"}}
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
    when 'shared_16' then $rule$
      {
        "is": "object",
        "names": ["type","sub_type","index","parameters"],
        "fields": [
          {"name":"type","rule":{"is":"word","of":["button"],"fault":"value_invalid"}},
          {
            "name": "sub_type",
            "rule": {
              "is": "word",
              "of": ["quick_reply","url","copy_code","flow","catalog","mpm","spm","voice_call"],
              "fault": "value_invalid"
            },
            "missing": "field_missing"
          },
          {"name":"index","rule":{"is":"index"},"missing":"field_missing"},
          {
            "name": "parameters",
            "rule": {
              "is": "list",
              "min": 0,
              "max": 1,
              "few": "value_invalid",
              "many": "template_components_too_many",
              "of": {
                "is": "variant",
                "by": "type",
                "of": {
                  "text": {"is":"shared","rule":"shared_14"},
                  "payload": {
                    "is": "object",
                    "names": ["type","payload"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["payload"],"fault":"value_invalid"}},
                      {
                        "name": "payload",
                        "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "coupon_code": {
                    "is": "object",
                    "names": ["type","coupon_code"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["coupon_code"],"fault":"value_invalid"}},
                      {
                        "name": "coupon_code",
                        "rule": {"is":"text","max":32768,"long":"template_parameter_too_long"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  },
                  "action": {
                    "is": "object",
                    "names": ["type","action"],
                    "fields": [
                      {"name":"type","rule":{"is":"word","of":["action"],"fault":"value_invalid"}},
                      {
                        "name": "action",
                        "rule": {"is":"data","fault":"template_parameter_empty"},
                        "missing": "template_parameter_empty"
                      }
                    ]
                  }
                }
              }
            }
          }
        ]
      }
    $rule$::jsonb
  end
$$;

-- sql/45_receipts.sql

/*
 * What the customer's phone shows of us while we read: blue ticks once an agent has seen their message, and
 * "typing…" while one answers. Both are one call to the provider, about the newest message read; neither is
 * worth much when it comes late, so it is tried little and holds nothing up.
 */

/* How far a conversation's customer was told that we have read, and when they last saw us type. */
create table private.receipts (
  conversation_id uuid primary key references public.conversations on delete cascade,
  tenant_id uuid not null,
  -- The seq up to which the provider knows.
  seq bigint not null default 0,
  typed_at timestamptz
);

create index on private.receipts (tenant_id);

alter table private.receipts enable row level security;

/*
 * Has the customer told what was read: one job a conversation, however many messages. Not of history, nor
 * where the tenant keeps it to itself.
 */
create function private.enqueue_receipt(conversation public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.is_history
    or not (select t.send_read_receipts from public.tenants t where t.id = conversation.tenant_id)
  then
    return;
  end if;
  perform graphile_worker.add_job(
    'receipt__send',
    json_build_object('conversation_id', conversation.id),
    job_key => 'receipt:' || conversation.id,
    max_attempts => 3::smallint
  );
end;
$$;

/*
 * Shows the customer that somebody types, for 25 seconds or until the answer; it marks their newest message
 * as read, too. Called as often as keys are pressed, it goes out at most once in 20 seconds. Does nothing
 * where the tenant sends no read receipts. Raises conversation_not_found, not_allowed, conversation_closed, window_closed.
 */
create function public.show_typing(conversation_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
begin
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;
  if not (select t.send_read_receipts from public.tenants t where t.id = v_conversation.tenant_id) then
    return;
  end if;

  insert into private.receipts as r (conversation_id, tenant_id, typed_at)
  values (v_conversation.id, v_conversation.tenant_id, now())
  on conflict on constraint receipts_pkey do update
  set typed_at = excluded.typed_at
  where r.typed_at is null
    or r.typed_at <= excluded.typed_at - interval '20 seconds';
  if not found then
    return;
  end if;

  perform graphile_worker.add_job(
    'receipt__send',
    json_build_object('conversation_id', v_conversation.id, 'typing', true),
    job_key => 'typing:' || v_conversation.id,
    max_attempts => 1::smallint
  );
end;
$$;

/*
 * What the worker needs to tell a customer that we have read, and perhaps that we type: the newest message
 * from them that was read, not older than the provider takes (30 days) and not told before. Null: nothing
 * is to be told, or not by a channel that needs attention.
 */
create function private.claim_receipt(conversation_id uuid, typing boolean)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_channel public.channels;
  v_message public.messages;
  v_told private.receipts;
  -- Who types has seen all there is; a job that waited this long shows nobody typing any more.
  v_typing boolean;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  select c.* into v_channel from public.channels c where c.id = v_conversation.channel_id;
  if v_channel.status is distinct from 'connected' or v_conversation.is_history then
    return null;
  end if;
  select r.* into v_told from private.receipts r where r.conversation_id = $1;
  v_typing := coalesce(typing and v_told.typed_at > now() - interval '20 seconds', false);
  if typing and not v_typing then
    return null;
  end if;

  select m.* into v_message
  from public.messages m
  where m.tenant_id = v_conversation.tenant_id
    and m.conversation_id = v_conversation.id
    and m.direction = 'in'
    and m.external_id is not null
    and m.sent_at > now() - interval '30 days'
    and m.created_at > now() - interval '31 days'
    and m.seq <= case when v_typing then v_conversation.last_seq else v_conversation.read_seq end
    and (v_typing or m.seq > coalesce(v_told.seq, 0))
  order by m.seq desc
  limit 1;
  if not found then
    return null;
  end if;

  return jsonb_build_object(
    'channel_id', v_channel.id,
    'phone_number_id', v_channel.phone_number_id,
    'external_id', v_message.external_id,
    'seq', v_message.seq,
    'typing', v_typing,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

/* The customer was told up to `seq`, or never will be: it is not tried again. */
create function private.settle_receipt(conversation_id uuid, seq bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.receipts as r (conversation_id, tenant_id, seq)
  select c.id, c.tenant_id, settle_receipt.seq
  from public.conversations c
  where c.id = settle_receipt.conversation_id
  on conflict on constraint receipts_pkey do update
  set seq = greatest(r.seq, excluded.seq);
end;
$$;

grant execute on function public.show_typing(uuid) to authenticated;

grant execute on function
  private.claim_receipt(uuid, boolean),
  private.settle_receipt(uuid, bigint),
  private.hold_channel(uuid, jsonb)
to prosa_worker;

-- sql/45_scheduled_messages.sql

/*
 * Messages written now and sent later. One waits as a row, not as a message: the thread's order is the order of
 * what was sent. At its time a job sends it in the name of whoever wrote it, by the same door as any message, under
 * the same `client_id`: however often the job runs, or a worker dies in it, there is one message. What can't go then
 * (the window has closed, the conversation was closed) stays with its reason, and its author is told.
 */

create table public.scheduled_messages (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  conversation_id uuid not null,
  -- Of the message it will be.
  client_id uuid not null,
  author_id uuid not null,
  content jsonb not null,
  send_at timestamptz not null,
  -- Not needed any more once the customer writes.
  unless_answered boolean not null default false,
  -- When somebody last had a hand in it: what the customer said before is known to them.
  written_at timestamptz not null default now(),
  -- The texts of canned responses it was made of.
  variant_ids uuid[] not null default '{}',
  status text not null default 'scheduled' check (status in ('scheduled', 'sent', 'cancelled', 'failed')),
  -- Why it did not go: an error of the catalogue, or `customer_answered`.
  failure text,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, client_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, author_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((status = 'scheduled') = (settled_at is null))
);

comment on table public.scheduled_messages is 'Messages written now and sent later.';

create index on public.scheduled_messages (tenant_id, conversation_id, send_at);
create index on public.scheduled_messages (tenant_id, author_id);
create index scheduled_messages_due_idx on public.scheduled_messages (send_at) where status = 'scheduled';

create trigger _100_touch
  before update on public.scheduled_messages
  for each row
  execute function private.tg_touch();

alter table public.scheduled_messages enable row level security;

create policy select_follower on public.scheduled_messages
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = scheduled_messages.tenant_id
        and c.id = scheduled_messages.conversation_id
    )
  );

grant select on public.scheduled_messages to authenticated;

alter publication supabase_realtime add table public.scheduled_messages;

/* Has it sent at its time. */
create function private.enqueue_scheduled(scheduled public.scheduled_messages)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'scheduled_message__send',
    json_build_object('scheduled_message_id', scheduled.id),
    job_key => 'scheduled:' || scheduled.id,
    run_at => scheduled.send_at,
    priority => 0::smallint
  );
end;
$$;

/* Refuses what can't be sent later: a time that has passed, or files, which are kept for a day only. */
create function private.check_scheduled(content jsonb, send_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if send_at is null or send_at <= now() - interval '1 minute' or send_at > now() + interval '1 year' then
    perform private.refuse(422, 'schedule_time_invalid');
  end if;
  if content @? '$.**.path' or content ->> 'kind' = 'reaction' then
    perform private.refuse(422, 'schedule_kind_invalid');
  end if;
  perform private.check_content(content);
end;
$$;

/*
 * Writes a message that goes at a time. `client_id` is made by the browser: there is one, however often the call is
 * repeated. Raises conversation_not_found, not_allowed, conversation_closed, client_id_reused, schedule_time_invalid,
 * schedule_kind_invalid, content_invalid.
 */
create function public.schedule_message(
  conversation_id uuid, client_id uuid, content jsonb, send_at timestamptz, unless_answered boolean default false, variant_ids uuid[] default '{}'
)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
  v_scheduled public.scheduled_messages;
begin
  select s.* into v_scheduled
  from public.scheduled_messages s
  where s.tenant_id = v_conversation.tenant_id
    and s.client_id = schedule_message.client_id;
  if found then
    if v_scheduled.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_scheduled;
  end if;
  if client_id is null then
    perform private.refuse(422, 'content_invalid', 'client_id is missing');
  end if;
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  perform private.check_scheduled(content, send_at);

  insert into public.scheduled_messages (tenant_id, conversation_id, client_id, author_id, content, send_at, unless_answered, variant_ids)
  values (
    v_conversation.tenant_id, v_conversation.id, schedule_message.client_id, auth.uid(), schedule_message.content, schedule_message.send_at,
    coalesce(schedule_message.unless_answered, false), coalesce(schedule_message.variant_ids[1:20], '{}')
  )
  returning * into v_scheduled;
  perform private.enqueue_scheduled(v_scheduled);
  return v_scheduled;
end;
$$;

/* A scheduled message, locked with its conversation, when one may answer there. Raises scheduled_message_not_found, not_allowed. */
create function private.lock_scheduled(scheduled_message_id uuid)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages;
begin
  select s.* into v_scheduled
  from public.scheduled_messages s
  join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
  where s.id = $1
    and s.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'scheduled_message_not_found');
  end if;
  -- The conversation first, as the job does: two that lock in one order never wait for each other.
  perform private.lock_conversation(v_scheduled.conversation_id, 'conversations.reply');
  select s.* into v_scheduled from public.scheduled_messages s where s.id = $1 for update;
  return v_scheduled;
end;
$$;

/*
 * Changes what is sent and when; one that could not go waits anew. Raises scheduled_message_not_found, not_allowed,
 * scheduled_message_gone, schedule_time_invalid, schedule_kind_invalid, content_invalid.
 */
create function public.change_scheduled_message(scheduled_message_id uuid, content jsonb, send_at timestamptz, unless_answered boolean)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status not in ('scheduled', 'failed') then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  perform private.check_scheduled(content, send_at);
  update public.scheduled_messages s
  set
    content = change_scheduled_message.content,
    send_at = change_scheduled_message.send_at,
    unless_answered = coalesce(change_scheduled_message.unless_answered, s.unless_answered),
    written_at = now(),
    status = 'scheduled',
    failure = null,
    settled_at = null
  where s.id = v_scheduled.id
  returning s.* into v_scheduled;
  perform private.enqueue_scheduled(v_scheduled);
  return v_scheduled;
end;
$$;

/*
 * Takes a scheduled message back, or (`cancelled` false) lets it wait again: for a minute at least, where its time has
 * passed. Idempotent. Raises scheduled_message_not_found, not_allowed, scheduled_message_gone.
 */
create function public.cancel_scheduled_message(scheduled_message_id uuid, cancelled boolean default true)
  returns public.scheduled_messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status = 'sent' then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  if (v_scheduled.status = 'cancelled') = cancelled then
    return v_scheduled;
  end if;
  if cancelled then
    update public.scheduled_messages s
    set
      status = 'cancelled',
      settled_at = now()
    where s.id = v_scheduled.id
    returning s.* into v_scheduled;
    perform graphile_worker.remove_job('scheduled:' || v_scheduled.id);
  else
    update public.scheduled_messages s
    set
      status = 'scheduled',
      failure = null,
      settled_at = null,
      written_at = now(),
      send_at = greatest(s.send_at, now() + interval '1 minute')
    where s.id = v_scheduled.id
    returning s.* into v_scheduled;
    perform private.enqueue_scheduled(v_scheduled);
  end if;
  return v_scheduled;
end;
$$;

grant execute on function
  public.schedule_message(uuid, uuid, jsonb, timestamptz, boolean, uuid[]),
  public.change_scheduled_message(uuid, jsonb, timestamptz, boolean),
  public.cancel_scheduled_message(uuid, boolean)
to authenticated;

-- sql/45_scheduled_messages_sent.sql

/* Scheduled messages go: when their time has come, or because somebody wants them to go now. */

/* Sends one by the door of every message, in the name of whoever is signed in. Raises what send_message raises. */
create function private.send_scheduled(scheduled public.scheduled_messages)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages := public.send_message(scheduled.conversation_id, scheduled.client_id, scheduled.content);
begin
  perform private.note_canned_uses(v_message, scheduled.variant_ids);
  update public.scheduled_messages s
  set
    status = 'sent',
    failure = null,
    settled_at = now()
  where s.id = scheduled.id;
  return v_message;
end;
$$;

/*
 * Sends a scheduled message at once. Twice is once. Raises scheduled_message_not_found, not_allowed,
 * scheduled_message_gone, and what send_message raises.
 */
create function public.send_scheduled_message(scheduled_message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_scheduled public.scheduled_messages := private.lock_scheduled(scheduled_message_id);
begin
  if v_scheduled.status = 'cancelled' then
    perform private.refuse(409, 'scheduled_message_gone');
  end if;
  perform graphile_worker.remove_job('scheduled:' || v_scheduled.id);
  return private.send_scheduled(v_scheduled);
end;
$$;

/*
 * Sends what is due: one message, or (null) up to 100 whose own job was lost. One that was sent, taken back or put off
 * meanwhile is left alone. Answers how many were dealt with. What may not go is kept with the reason; its author is told.
 */
create function private.send_scheduled_due(scheduled_message_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_scheduled public.scheduled_messages;
  v_conversation public.conversations;
  v_count integer := 0;
  v_failure text;
begin
  for v_id in
    select s.id
    from public.scheduled_messages s
    where s.status = 'scheduled'
      and (
        case when $1 is null then s.send_at < now() - interval '1 minute' else s.id = $1 and s.send_at <= now() + interval '1 second' end
      )
    order by s.send_at
    limit 100
  loop
    select c.* into v_conversation
    from public.scheduled_messages s
    join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
    where s.id = v_id
    for update of c;
    select s.* into v_scheduled from public.scheduled_messages s where s.id = v_id and s.status = 'scheduled' for update;
    continue when not found;
    v_count := v_count + 1;

    if v_scheduled.unless_answered and v_conversation.last_inbound_at > v_scheduled.written_at then
      update public.scheduled_messages s
      set
        status = 'cancelled',
        failure = 'customer_answered',
        settled_at = now()
      where s.id = v_id;
      continue;
    end if;

    v_failure := null;
    -- With the rights its author has now: who has left, or lost the conversation, sends nothing there.
    perform set_config('request.jwt.claims', jsonb_build_object('sub', v_scheduled.author_id, 'role', 'authenticated')::text, true);
    begin
      perform private.send_scheduled(v_scheduled);
    exception when others then
      -- A refusal of ours says why; anything else is tried again by the job.
      if sqlstate !~ '^PT4' then
        raise;
      end if;
      v_failure := sqlerrm;
    end;
    perform set_config('request.jwt.claims', '', true);

    if v_failure is not null then
      update public.scheduled_messages s
      set
        status = 'failed',
        failure = v_failure,
        settled_at = now()
      where s.id = v_id;
      perform private.notify(
        v_scheduled.tenant_id, array[v_scheduled.author_id], 'rule', v_scheduled.conversation_id, null,
        jsonb_build_object(
          'cause', jsonb_build_object('type', 'schedule', 'id', v_id, 'name', (
            select case t.locale when 'en' then 'Scheduled message not sent' else 'Mensagem agendada não enviada' end
            from public.tenants t
            where t.id = v_scheduled.tenant_id
          )),
          'failure', v_failure
        )
      );
    end if;
  end loop;
  return v_count;
end;
$$;

grant execute on function public.send_scheduled_message(uuid) to authenticated;

grant execute on function private.send_scheduled_due(uuid) to prosa_worker;

-- sql/45_sending.sql

/*
 * A message goes out in three steps that survive a crash between any two: it is queued in the
 * agent's transaction, an attempt is written before the provider is called, and the attempt is
 * settled with what came of it. An attempt without outcome is unknown: a status webhook settles it,
 * or a person does. It is never blindly repeated.
 */

/*
 * The message that is quoted or reacted to, in the same conversation and known to the provider. Raises
 * quoted_message_not_found; a reaction needs one, and takes none that is a reaction itself.
 */
create function private.target_of(conversation public.conversations, kind text, quoted_message_id uuid)
  returns public.messages
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_quoted public.messages;
begin
  if quoted_message_id is not null then
    select m.* into v_quoted
    from public.messages m
    where m.tenant_id = conversation.tenant_id
      and m.conversation_id = conversation.id
      and m.id = target_of.quoted_message_id;
  end if;
  if v_quoted.external_id is null or (target_of.kind = 'reaction' and v_quoted.kind = 'reaction') then
    perform private.refuse(422, 'quoted_message_not_found');
  end if;
  return v_quoted;
end;
$$;

/*
 * Queues a message to the contact of a locked conversation and has it sent, without asking anybody's permission: for
 * send_message, and for what the system says by itself (rules, scheduled messages). `client_id` makes it one message
 * however often it is asked for; the message is returned. A reaction is for the quoted message and answers nobody: the
 * list, what is unread and who waits stay as they were. What no person says takes the conversation from no bot, and
 * nobody has read or answered by it. `lent`: its files are a canned response's. Raises conversation_closed, window_closed, content_invalid, media_not_found,
 * quoted_message_not_found, client_id_reused, template_not_found, template_not_sendable, template_parameters_invalid.
 */
create function private.queue_message(
  conversation public.conversations,
  client_id uuid,
  content jsonb,
  quoted_message_id uuid,
  author public.message_author,
  author_id uuid,
  lent boolean default false
)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := conversation;
  v_message public.messages;
  v_quoted public.messages;
  v_content jsonb := content;
  v_kind text := content ->> 'kind';
  v_body text;
  v_path text;
begin
  select m.* into v_message
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.tenant_id = v_conversation.tenant_id
    and k.client_id = queue_message.client_id;
  if found then
    if v_message.conversation_id <> v_conversation.id then
      perform private.refuse(409, 'client_id_reused');
    end if;
    return v_message;
  end if;

  if client_id is null then
    perform private.refuse(422, 'content_invalid', 'client_id is missing');
  end if;
  if v_kind <> 'text' and content @? '$.**.path' then
    v_content := private.with_recorded_files(content, v_conversation.tenant_id);
  end if;
  perform private.check_content(v_content);
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if v_kind = 'template' then
    v_body := private.check_template(v_conversation, v_content);
  elsif coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  else
    v_body := private.body_of(v_content);
  end if;

  if quoted_message_id is not null or v_kind = 'reaction' then
    v_quoted := private.target_of(v_conversation, v_kind, quoted_message_id);
  end if;

  if v_kind = 'reaction' then
    v_content := v_content || jsonb_build_object('removed', v_body = '');
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      -- What was read stays read: nothing new came in between.
      read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  elsif author <> 'agent' then
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      read_seq = case when c.read_seq = c.last_seq then c.last_seq + 1 else c.read_seq end,
      preview = left(v_body, 200),
      preview_kind = v_kind,
      preview_direction = 'out',
      last_message_at = now()
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  else
    if v_conversation.unread_count > 0 then
      perform private.enqueue_receipt(v_conversation);
    end if;
    update public.conversations c
    set
      last_seq = c.last_seq + 1,
      read_seq = c.last_seq + 1,
      unread_count = 0,
      waiting_since = null,
      first_reply_at = coalesce(c.first_reply_at, now()),
      -- A person who answers takes the conversation over from a bot.
      owner = 'human',
      owner_epoch = c.owner_epoch + (c.owner <> 'human')::integer,
      preview = left(v_body, 200),
      preview_kind = v_kind,
      preview_direction = 'out',
      last_message_at = now()
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;

  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id,
    kind, content, body, client_id, target_external_id, quoted_message_id, status
  )
  values (
    v_conversation.tenant_id, v_conversation.id, v_conversation.contact_id, v_conversation.channel_id, v_conversation.last_seq,
    'out', queue_message.author, queue_message.author_id, v_kind, v_content, v_body, queue_message.client_id,
    v_quoted.external_id, v_quoted.id, 'queued'
  )
  returning * into v_message;

  insert into private.client_keys (tenant_id, client_id, message_id, created_at)
  values (v_message.tenant_id, queue_message.client_id, v_message.id, v_message.created_at);

  if v_kind not in ('text', 'reaction', 'location', 'contacts') then
    foreach v_path in array private.file_paths(v_content) loop
      v_message := private.attach_media(v_message, v_path, lent);
    end loop;
  end if;

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

/*
 * Queues a message to the contact and has it sent. `client_id` is made by the browser: however
 * often a click, a retry or a flaky line repeats the call, there is one message, and it is returned.
 * The content is core's OutgoingContent; only a template goes out when the window is closed. Raises
 * conversation_not_found, not_allowed, conversation_closed, window_closed, content_invalid (detail: a
 * fault that core has a sentence for), media_not_found, quoted_message_not_found, client_id_reused,
 * template_not_found, template_not_sendable, template_parameters_invalid.
 */
create function public.send_message(conversation_id uuid, client_id uuid, content jsonb, quoted_message_id uuid default null)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.queue_message(private.lock_conversation($1, 'conversations.reply'), $2, $3, $4, 'agent', auth.uid());
end;
$$;

/*
 * Sends a failed message once more, at a person's word. A template may go when the window is closed, if it may
 * still be sent at all. Raises message_not_found, not_allowed, message_not_failed, conversation_closed,
 * window_closed, template_not_found, template_not_sendable, template_parameters_invalid.
 */
create function public.retry_message(message_id uuid)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_conversation public.conversations;
begin
  select m.* into v_message
  from public.messages m
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where m.id = retry_message.message_id
    and m.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;

  v_conversation := private.lock_conversation(v_message.conversation_id, 'conversations.reply');
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if v_message.kind = 'template' then
    perform private.check_template(v_conversation, v_message.content);
  elsif coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;

  update public.messages m
  set
    status = 'queued',
    error = null
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at
    and m.direction = 'out'
    and m.status = 'failed'
  returning m.* into v_message;
  if not found then
    perform private.refuse(409, 'message_not_failed');
  end if;
  if v_message.media is not null then
    perform private.forget_uploads(v_message);
  end if;

  perform private.enqueue_send(v_conversation.id);
  return v_message;
end;
$$;

grant execute on function
  public.send_message(uuid, uuid, jsonb, uuid),
  public.retry_message(uuid)
to authenticated;

-- sql/46_deliveries.sql

/*
 * What a door hands in, before anything is made of it: the raw body is kept, its events are given the
 * channel they are for, and everybody they speak of is locked, in one order for all doors.
 */

create type private.incoming as (
  delivery integer,
  webhook_event_id uuid,
  -- False: this very body was here before, and only its counter moves.
  fresh boolean,
  -- Null: nobody has connected that number. The raw body waits.
  tenant_id uuid,
  channel_id uuid,
  event jsonb
);

/* The account that all of a body's events are about, where it is one alone and none of its numbers is connected; null otherwise. */
create function private.waba_of(events jsonb)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select min(e ->> 'waba_id')
  from jsonb_array_elements(events) e
  having count(distinct e ->> 'waba_id') = 1
    and not exists (
      select
      from public.channels c
      where c.phone_number_id in (select n ->> 'phone_number_id' from jsonb_array_elements(events) n)
    )
$$;

/*
 * Keeps the raw bodies and gives back their events with the channel each is for, in the order in
 * which they are to be applied: sorted by channel and person, so that two doors cannot deadlock,
 * and statuses last.
 *
 * A tenant's own app (`channel_id` set) speaks for that tenant's numbers only.
 */
create function private.keep_deliveries(deliveries jsonb)
  returns private.incoming[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_incoming private.incoming[];
begin
  with delivery as materialized (
    select
      d.ordinality::integer as delivery,
      d.value ->> 'sha256' as sha256,
      d.value ->> 'raw' as raw,
      d.value ->> 'error' as error,
      d.value -> 'events' as events,
      d.value ->> 'channel_id' is null as is_ours,
      door.id as door_channel_id,
      door.tenant_id as door_tenant_id
    from jsonb_array_elements(deliveries) with ordinality d
    left join public.channels door on door.id = (d.value ->> 'channel_id')::uuid
  ),
  event as materialized (
    select
      d.delivery,
      e.ordinality as position,
      e.value as event,
      c.tenant_id,
      c.id as channel_id,
      coalesce(c.tenant_id, d.door_tenant_id) as kept_tenant_id,
      coalesce(c.id, d.door_channel_id) as kept_channel_id
    from delivery d
    cross join lateral jsonb_array_elements(d.events) with ordinality e
    left join lateral (
      select n.id, n.tenant_id
      from public.channels n
      where (n.phone_number_id = e.value ->> 'phone_number_id' or (e.value ->> 'phone_number_id' is null and n.waba_id = e.value ->> 'waba_id'))
        -- An app door whose channel is gone is nobody's, not everybody's.
        and (d.is_ours or n.tenant_id = d.door_tenant_id)
      order by n.created_at, n.id
      limit 1
    ) c on true
  ),
  part as (
    select
      d.delivery,
      coalesce(e.kept_channel_id, d.door_channel_id) as channel_id,
      coalesce(e.kept_tenant_id, d.door_tenant_id) as tenant_id,
      case when e.shared and e.kept_tenant_id is not null then e.events::text else d.raw end as raw
    from delivery d
    left join (
      select
        delivery,
        kept_channel_id,
        kept_tenant_id,
        jsonb_agg(event order by position) as events,
        min(coalesce(kept_tenant_id::text, '')) over (partition by delivery) <> max(coalesce(kept_tenant_id::text, '')) over (partition by delivery) as shared
      from event
      group by delivery, kept_channel_id, kept_tenant_id
    ) e on e.delivery = d.delivery
    union
    -- A body that speaks to several tenants is kept whole for none of them: each has its own events.
    select d.delivery, null, null, d.raw
    from delivery d
    -- Grouped without the body: beside each of its events it would be gigabytes.
    join (select delivery from event group by delivery having count(distinct kept_tenant_id) > 1) shared on shared.delivery = d.delivery
  ),
  kept as (
    insert into public.webhook_events as w (tenant_id, channel_id, sha256, raw, deliveries, status, error, waba_id)
    select
      p.tenant_id,
      p.channel_id,
      d.sha256,
      min(p.raw),
      count(*),
      (case when p.channel_id is null then 'unclaimed' when min(d.error) is not null then 'failed' else 'processed' end)::public.webhook_event_status,
      min(d.error),
      min(case when p.channel_id is null and d.is_ours then private.waba_of(d.events) end)
    from part p
    join delivery d on d.delivery = p.delivery
    group by p.tenant_id, p.channel_id, d.sha256
    order by d.sha256, p.channel_id
    on conflict (sha256, channel_id) do update
    set deliveries = w.deliveries + excluded.deliveries
    returning w.id, w.sha256, w.channel_id, w.xmax = 0 as fresh
  )
  select array_agg(
    (e.delivery, k.id, k.fresh, e.tenant_id, e.channel_id, e.event)::private.incoming
    order by
      e.event ->> 'type' = 'status',
      e.channel_id,
      -- Statuses lock their messages, whoever they name beside them.
      case when e.event ->> 'type' = 'status' then e.event ->> 'external_id' else e.event #>> '{identities,0,value}' end,
      e.delivery,
      e.position
  )
  into v_incoming
  from event e
  join delivery d on d.delivery = e.delivery
  join kept k
    on k.sha256 = d.sha256
    and k.channel_id is not distinct from e.kept_channel_id;

  return coalesce(v_incoming, '{}');
end;
$$;

/*
 * Locks everybody whom these events speak of, in one order for all: a person is named now by phone and
 * now by user id, so that no order of events alone keeps two doors from waiting for one another. Each
 * identity is locked, and the contact it is known to belong to. The locks end with the transaction. A
 * body with very many people (imported history) locks out the other doors instead: the server's table
 * of locks is finite.
 */
create function private.lock_people(incoming private.incoming[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  c_doors constant bigint := 5707466;
  v_locks bigint[] := array(
    select distinct hashtextextended(name, 0)
    from unnest(incoming) i
    cross join lateral jsonb_array_elements(i.event -> 'identities') identity
    left join lateral (
      select c.contact_id
      from public.contact_identities c
      where c.tenant_id = i.tenant_id
        and c.kind = (identity ->> 'kind')::public.identity_kind
        and c.value = identity ->> 'value'
      limit 1
    ) known on true
    cross join lateral (
      values (i.tenant_id || (identity ->> 'kind') || (identity ->> 'value')), (known.contact_id::text)
    ) person (name)
    where i.fresh
      and i.tenant_id is not null
      and i.event ->> 'type' <> 'status'
      and name is not null
    order by 1
  );
  v_lock bigint;
begin
  if cardinality(v_locks) > 500 then
    perform pg_advisory_xact_lock(c_doors);
    return;
  end if;
  perform pg_advisory_xact_lock_shared(c_doors);
  foreach v_lock in array v_locks loop
    perform pg_advisory_xact_lock(v_lock);
  end loop;
end;
$$;

-- sql/46_received_again.sql

/*
 * What could not be taken at first is taken again: events that were set aside with their error, and whole
 * bodies that could not be read, once their text or the parser has been mended.
 */

/* Tries the set-aside events of one body again. Returns how many still fail; raises nothing for them. */
create function private.retry_webhook_event(webhook_event_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.webhook_events;
  v_event jsonb;
  v_failed integer := 0;
begin
  update public.webhook_events w
  set
    status = 'processed',
    error = null,
    failed_events = null
  from (select * from public.webhook_events where id = retry_webhook_event.webhook_event_id and failed_events is not null for update) before
  where w.id = before.id
  returning before.* into v_kept;

  perform private.lock_people(array(
    select (1, v_kept.id, true, v_kept.tenant_id, v_kept.channel_id, value)::private.incoming
    from jsonb_array_elements(coalesce(v_kept.failed_events, '[]'))
  ));

  for v_event in select value from jsonb_array_elements(coalesce(v_kept.failed_events, '[]')) loop
    if private.apply_event_or_set_aside((1, v_kept.id, true, v_kept.tenant_id, v_kept.channel_id, v_event)) = 'failed' then
      v_failed := v_failed + 1;
    end if;
  end loop;
  return v_failed;
end;
$$;

grant execute on function private.retry_webhook_event(uuid) to prosa_worker;

/*
 * Takes what the parser makes of a body that is kept already. A tenant's body speaks for that tenant's numbers
 * alone, whatever it says; an unclaimed one goes the way of a new delivery, and is gone once all of it is claimed.
 * Returns how many events failed, or could not be placed.
 */
create function private.receive_parsed(webhook_event_id uuid, events jsonb, error text)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.webhook_events;
  v_incoming private.incoming[];
  v_item private.incoming;
  v_failed integer := 0;
  v_placed integer := 0;
begin
  select w.* into v_kept
  from public.webhook_events w
  where w.id = $1
  for update;
  if not found then
    return 0;
  end if;

  if $3 is not null then
    update public.webhook_events w set error = $3, status = 'failed' where w.id = $1 and w.tenant_id is not null;
    return 1;
  end if;

  if v_kept.status = 'unclaimed' then
    -- Whose door it came through is not known of these: they stay.
    if v_kept.waba_id is null then
      return 1;
    end if;
    perform private.receive(jsonb_build_array(jsonb_build_object(
      'raw', v_kept.raw, 'sha256', v_kept.sha256, 'channel_id', null, 'error', null, 'events', $2
    )));
    select count(*) into v_failed
    from jsonb_array_elements($2) e
    where not exists (
      select
      from public.channels c
      where c.phone_number_id = e ->> 'phone_number_id'
        or (e ->> 'phone_number_id' is null and c.waba_id = e ->> 'waba_id')
    );
    if v_failed = 0 then
      delete from public.webhook_events w where w.id = $1;
    else
      update public.webhook_events w set deliveries = v_kept.deliveries where w.id = $1;
    end if;
    return v_failed;
  end if;

  if jsonb_array_length($2) > 500 then
    update public.webhook_events w
    set
      status = 'pending',
      error = null,
      failed_events = null,
      pending_events = $2,
      applied = 0
    where w.id = $1;
    perform private.enqueue_pending(v_kept.id, v_kept.channel_id);
    return 0;
  end if;

  update public.webhook_events w
  set
    status = 'processed',
    error = null,
    failed_events = null
  where w.id = $1;
  v_incoming := array(
    select (1, v_kept.id, true, v_kept.tenant_id, private.channel_of_event(v_kept.tenant_id, e.value), e.value)::private.incoming
    from jsonb_array_elements($2) with ordinality e (value, position)
    order by e.value ->> 'type' = 'status', e.position
  );
  perform private.lock_people(v_incoming);
  foreach v_item in array v_incoming loop
    if v_item.channel_id is not null then
      v_placed := v_placed + 1;
      v_failed := v_failed + (private.apply_event_or_set_aside(v_item) = 'failed')::integer;
    end if;
  end loop;

  if v_placed = 0 then
    update public.webhook_events w
    set
      status = 'failed',
      error = 'number_not_connected'
    where w.id = $1;
    return 1;
  end if;
  return v_failed;
end;
$$;

grant execute on function private.receive_parsed(uuid, jsonb, text) to prosa_worker;

-- sql/46_received_messages.sql

/*
 * A message that arrived: its provider's id is claimed, so that it is one message however often it is
 * delivered; its person and conversation are found or made; it takes the next place in the thread.
 */

/* One message, in or out (echoes of the phone app, imported history). */
create function private.receive_message(tenant_id uuid, channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid := gen_random_uuid();
  v_direction public.message_direction := event ->> 'direction';
  v_kind text := event ->> 'kind';
  v_body text := event ->> 'body';
  v_sent_at timestamptz := event ->> 'sent_at';
  v_target text := event ->> 'target_external_id';
  v_is_history boolean := event ->> 'history_status' is not null;
  v_external_id text;
  v_contact_id uuid;
  v_conversation_id uuid;
  v_seq bigint;
begin
  v_external_id := private.claim_external_id(tenant_id, channel_id, event, v_id);
  if v_external_id is null then
    return 'duplicate';
  end if;

  v_contact_id := private.resolve_contact(tenant_id, event, v_sent_at);

  if v_kind in ('reaction', 'edit', 'revoke') and not v_is_history then
    select t.id, t.last_seq into v_conversation_id, v_seq
    from private.append_to_thread_of(channel_id, v_contact_id, event) t;
  end if;
  if v_conversation_id is null then
    select t.id, t.last_seq into v_conversation_id, v_seq
    from private.append_to_conversation(tenant_id, channel_id, v_contact_id, event) t;
  end if;

  insert into public.messages (
    id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body,
    media, identity, external_id, target_external_id, status, counts_unread, sent_at
  )
  values (
    v_id, tenant_id, v_conversation_id, v_contact_id, channel_id, v_seq, v_direction,
    (event ->> 'author')::public.message_author, v_kind, event -> 'content', v_body,
    case when private.is_media(v_kind) then private.media_of('pending', event -> 'content') end,
    (event #>> '{identities,0,kind}') || ':' || (event #>> '{identities,0,value}'), v_external_id, v_target,
    case
      when v_direction = 'in' then 'received'
      when event ->> 'history_status' in ('read', 'played') then 'read'
      when event ->> 'history_status' = 'delivered' then 'delivered'
      when event ->> 'history_status' = 'error' then 'failed'
      else 'sent'
    end::public.message_status,
    (event ->> 'counts_unread')::boolean and not v_is_history,
    v_sent_at
  );

  if private.is_media(v_kind) then
    perform private.fetch_media(tenant_id, channel_id, v_id, now(), v_is_history);
  end if;
  if v_kind in ('edit', 'revoke') then
    perform private.apply_change(channel_id, event);
  end if;
  perform private.apply_early_events(channel_id, v_external_id);
  return 'stored';
end;
$$;

/*
 * Takes a provider's id for a message, once. Null: this message is known. Where a provider has given
 * one id to two different messages, both are kept: the one with the smaller fingerprint (ours, if one
 * is) has the id, the other carries its fingerprint behind it, whichever came first.
 */
create function private.claim_external_id(tenant_id uuid, channel_id uuid, event jsonb, message_id uuid)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  external_id text := event ->> 'external_id';
  direction public.message_direction := event ->> 'direction';
  fingerprint uuid := private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body');
  v_holder private.message_keys;
  v_held public.messages;
  v_suffixed text := external_id || '#' || left(fingerprint::text, 8);
  v_holder_suffixed text;
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (channel_id, external_id, tenant_id, message_id, now(), fingerprint)
  on conflict do nothing;
  if found then
    return external_id;
  end if;

  select k.* into v_holder
  from private.message_keys k
  where k.channel_id = claim_external_id.channel_id
    and k.external_id = event ->> 'external_id'
  for update;
  if v_holder.fingerprint = fingerprint then
    return null;
  end if;

  select m.* into v_held
  from public.messages m
  where m.tenant_id = claim_external_id.tenant_id
    and m.id = v_holder.message_id
    and m.created_at = v_holder.created_at;

  -- Imported history names its media first and shows it later, under the same id: one message.
  if v_held.direction = direction and 'media_placeholder' in (v_held.kind, event ->> 'kind') then
    update public.messages m
    set
      kind = event ->> 'kind',
      content = event -> 'content',
      body = event ->> 'body',
      media = case when private.is_media(event ->> 'kind') then private.media_of('pending', event -> 'content') end
    where v_held.kind = 'media_placeholder'
      and m.tenant_id = v_held.tenant_id
      and m.id = v_held.id
      and m.created_at = v_held.created_at;
    if found then
      update private.message_keys k
      set fingerprint = private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body')
      where k.channel_id = claim_external_id.channel_id
        and k.external_id = event ->> 'external_id';
      update public.conversations c
      set
        preview = left(event ->> 'body', 200),
        preview_kind = event ->> 'kind'
      where c.id = v_held.conversation_id
        and c.preview_kind = 'media_placeholder'
        and c.preview_at = v_held.sent_at;
      if private.is_media(event ->> 'kind') then
        perform private.fetch_media(v_held.tenant_id, channel_id, v_held.id, v_held.created_at, true);
      end if;
    end if;
    return null;
  end if;
  -- The phone app's echo of what we sent ourselves.
  if v_held.direction = 'out' and direction = 'out' then
    return null;
  end if;

  if (direction = 'in', fingerprint) > (v_held.direction = 'in', v_holder.fingerprint) then
    insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
    values (channel_id, v_suffixed, tenant_id, message_id, now(), fingerprint)
    on conflict do nothing;
    return case when found then v_suffixed end;
  end if;

  v_holder_suffixed := external_id || '#' || left(v_holder.fingerprint::text, 8);
  update public.messages m
  set external_id = v_holder_suffixed
  where m.tenant_id = claim_external_id.tenant_id
    and m.id = v_holder.message_id
    and m.created_at = v_holder.created_at;
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values (channel_id, v_holder_suffixed, tenant_id, v_holder.message_id, v_holder.created_at, v_holder.fingerprint);
  update private.message_keys k
  set
    message_id = claim_external_id.message_id,
    created_at = now(),
    fingerprint = private.fingerprint(event ->> 'direction', event ->> 'kind', event ->> 'sent_at', event ->> 'body')
  where k.channel_id = claim_external_id.channel_id
    and k.external_id = event ->> 'external_id';
  return external_id;
end;
$$;

/* Until when a message lets us answer freely: 24 h, 72 h after an ad, null where it opens nothing. No clock of theirs gives more than ours. */
create function private.window_of(event jsonb)
  returns timestamptz
  language plpgsql
  stable
as $$
begin
  if (event ->> 'free_entry_point')::boolean then
    return least((event ->> 'sent_at')::timestamptz, now()) + interval '72 hours';
  elsif (event ->> 'opens_window')::boolean then
    return least((event ->> 'sent_at')::timestamptz, now()) + interval '24 hours';
  end if;
  return null;
end;
$$;

/*
 * Room for one more message in the contact's thread that holds a known message, open or closed, without
 * putting it on top of the list. Imported history stays as it was: what is said of it now is said in today's thread.
 */
create function private.append_to_thread_of(channel_id uuid, contact_id uuid, event jsonb, out id uuid, out last_seq bigint)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  update public.conversations c
  set
    last_seq = c.last_seq + 1,
    last_inbound_at = case when event ->> 'direction' = 'in' then greatest(c.last_inbound_at, (event ->> 'sent_at')::timestamptz) else c.last_inbound_at end,
    window_expires_at = greatest(c.window_expires_at, private.window_of(event))
  from private.message_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  where k.channel_id = $1
    and k.external_id = event ->> 'target_external_id'
    and c.tenant_id = m.tenant_id
    and c.id = m.conversation_id
    and c.contact_id = append_to_thread_of.contact_id
    and not c.is_history
  returning c.id, c.last_seq into append_to_thread_of.id, append_to_thread_of.last_seq;
end;
$$;

/*
 * Room for one more message in the contact's open conversation, or in a new one: takes the next seq
 * under the row's lock, counts unread, moves window, wait and preview. Imported history has a closed
 * thread of its own.
 */
create function private.append_to_conversation(tenant_id uuid, channel_id uuid, contact_id uuid, event jsonb, out id uuid, out last_seq bigint)
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_sent_at timestamptz := event ->> 'sent_at';
  v_inbound boolean := event ->> 'direction' = 'in';
  v_unread integer := ((event ->> 'counts_unread')::boolean)::integer;
  v_direction public.message_direction := event ->> 'direction';
  v_preview text := left(event ->> 'body', 200);
  -- A clock that runs ahead must not hold the preview for ever.
  v_preview_at timestamptz := case when event ->> 'kind' in ('reaction', 'edit', 'revoke', 'system') then '-infinity' else least(v_sent_at, now()) end;
  v_window timestamptz := private.window_of(event);
begin
  if event ->> 'history_status' is not null then
    insert into public.conversations as c (
      tenant_id, contact_id, channel_id, status, is_history, last_seq, read_seq,
      preview, preview_kind, preview_direction, preview_at, last_message_at, closed_at, created_at
    )
    values ($1, $3, $2, 'closed', true, 1, 1, v_preview, event ->> 'kind', v_direction, v_preview_at, v_sent_at, v_sent_at, v_sent_at)
    on conflict (channel_id, contact_id) where is_history do update
    set
      last_seq = c.last_seq + 1,
      read_seq = c.last_seq + 1,
      preview = case when private.is_newer(excluded, c) then excluded.preview else c.preview end,
      preview_kind = case when private.is_newer(excluded, c) then excluded.preview_kind else c.preview_kind end,
      preview_direction = case when private.is_newer(excluded, c) then excluded.preview_direction else c.preview_direction end,
      preview_at = greatest(c.preview_at, excluded.preview_at),
      last_message_at = greatest(c.last_message_at, excluded.last_message_at),
      closed_at = greatest(c.closed_at, excluded.closed_at),
      created_at = least(c.created_at, excluded.created_at)
    returning c.id, c.last_seq into append_to_conversation.id, append_to_conversation.last_seq;
    return;
  end if;

  insert into public.conversations as c (
    tenant_id, contact_id, channel_id, last_seq, unread_count, preview, preview_kind, preview_direction, preview_at,
    last_inbound_at, waiting_since, window_expires_at
  )
  values (
    $1, $3, $2, 1, v_unread, v_preview, event ->> 'kind', v_direction, v_preview_at,
    case when v_inbound then v_sent_at end, case when v_unread = 1 then now() end, v_window
  )
  on conflict (channel_id, contact_id) where status = 'open' do update
  set
    last_seq = c.last_seq + 1,
    -- What is spam counts nothing and makes nobody wait.
    unread_count = c.unread_count + case when c.is_spam then 0 else excluded.unread_count end,
    preview = case when private.is_newer(excluded, c) then excluded.preview else c.preview end,
    preview_kind = case when private.is_newer(excluded, c) then excluded.preview_kind else c.preview_kind end,
    preview_direction = case when private.is_newer(excluded, c) then excluded.preview_direction else c.preview_direction end,
    preview_at = greatest(c.preview_at, excluded.preview_at),
    last_message_at = now(),
    last_inbound_at = greatest(c.last_inbound_at, excluded.last_inbound_at),
    -- Nobody waits where the newest word, by the provider's clock, is ours.
    waiting_since = case
      when not c.is_spam and case when private.is_newer(excluded, c) then excluded.preview_direction else c.preview_direction end = 'in'
        then coalesce(c.waiting_since, excluded.waiting_since)
    end,
    -- Whoever was to write has written.
    snoozed_until = case when excluded.unread_count = 0 then c.snoozed_until end,
    first_reply_at = case when v_inbound then c.first_reply_at else coalesce(c.first_reply_at, now()) end,
    window_expires_at = greatest(c.window_expires_at, excluded.window_expires_at)
  returning c.id, c.last_seq into append_to_conversation.id, append_to_conversation.last_seq;
end;
$$;

-- sql/46_received_notices.sql

/*
 * A notice is about a number, its account or its templates rather than about a message. What it says is kept
 * for each channel it speaks of (public.channel_events) and brought into the rows that hold it.
 */

/* A notice about a number, its account or its templates: kept for each channel it speaks of, and applied where it is new. */
create function private.receive_notice(tenant_id uuid, channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_field text := event ->> 'field';
  v_at timestamptz := event ->> 'at';
  v_channel_id uuid;
  v_result text := 'duplicate';
begin
  for v_channel_id in
    select c from private.channels_of_notice($1, $2, v_field, event -> 'payload') c
    order by c
  loop
    insert into public.channel_events (tenant_id, channel_id, field, payload, occurred_at)
    values ($1, v_channel_id, v_field, event -> 'payload', v_at)
    on conflict do nothing;
    if found then
      v_result := 'stored';
      perform private.apply_channel_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      if v_field ~ '^(message_)?template_' then
        perform private.apply_template_notice($1, v_channel_id, v_field, event -> 'payload', v_at);
      end if;
    end if;
  end loop;
  return v_result;
end;
$$;

-- sql/46_received_portions.sql

/*
 * A very large body (the history of a number's phone app) would hold one transaction, and everybody in it,
 * for long. It is kept as `pending`, and a job applies it in portions, each once.
 */

/* Keeps the events of very large bodies for `webhook_event__apply`, in the order they would have been applied in. Returns their ids. */
create function private.put_off_large(incoming private.incoming[])
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.webhook_events;
  v_ids uuid[] := '{}';
begin
  for v_event in
    with large as (
      select i.webhook_event_id, jsonb_agg(i.event order by i.position) filter (where i.delivery = i.first) as events
      from (
        select e.*, min(e.delivery) over (partition by e.webhook_event_id) as first
        from unnest(incoming) with ordinality e (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, position)
        where e.fresh
          and e.channel_id is not null
      ) i
      group by i.webhook_event_id
      having count(*) filter (where i.delivery = i.first) > 500
    )
    update public.webhook_events w
    set
      status = 'pending',
      pending_events = large.events
    from large
    where w.id = large.webhook_event_id
    returning w.*
  loop
    perform private.enqueue_pending(v_event.id, v_event.channel_id);
    v_ids := v_ids || v_event.id;
  end loop;
  return v_ids;
end;
$$;

/* One large body of a channel after the other: they would only wait for one another's people. */
create function private.enqueue_pending(webhook_event_id uuid, channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'webhook_event__apply',
    json_build_object('webhook_event_id', $1),
    queue_name => 'webhooks:' || $2,
    job_key => 'webhook_event_apply:' || $1
  );
end;
$$;

/*
 * Applies the next portion of a large body, as many events as can be locked one by one. What was applied and
 * how far it got are committed together, so a crash repeats nothing. Returns how many are left.
 */
create function private.apply_pending_webhook(webhook_event_id uuid, portion integer default 100)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_kept public.webhook_events;
  v_incoming private.incoming[];
  v_item private.incoming;
  v_left integer;
begin
  select w.* into v_kept
  from public.webhook_events w
  where w.id = $1
    and w.pending_events is not null
  for update;
  if not found then
    return 0;
  end if;

  v_incoming := array(
    select (1, v_kept.id, true, v_kept.tenant_id, private.channel_of_event(v_kept.tenant_id, e.value), e.value)::private.incoming
    from jsonb_array_elements(v_kept.pending_events) with ordinality e (value, position)
    where e.position > v_kept.applied
      and e.position <= v_kept.applied + portion
    order by e.position
  );
  perform private.lock_people(v_incoming);
  foreach v_item in array v_incoming loop
    perform private.apply_event_or_set_aside(v_item);
  end loop;

  v_left := greatest(0, jsonb_array_length(v_kept.pending_events) - v_kept.applied - portion);
  update public.webhook_events w
  set
    applied = w.applied + cardinality(v_incoming),
    pending_events = case when v_left > 0 then w.pending_events end,
    status = (case when v_left > 0 then 'pending' when w.failed_events is null then 'processed' else 'failed' end)::public.webhook_event_status
  where w.id = v_kept.id;
  return v_left;
end;
$$;

grant execute on function private.apply_pending_webhook(uuid, integer) to prosa_worker;

-- sql/46_received_statuses.sql

/*
 * What is told of a message that exists, or does not yet: statuses of what we sent, edits and
 * revocations of what they did. Told early, it waits for its message.
 */

/*
 * Waits for whoever is giving this id to a message just now, and makes them wait who come to do so: what
 * is put aside as early would otherwise never be found by a message that is committed a moment later.
 */
create function private.await_message(channel_id uuid, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  c_nobody constant uuid := '00000000-0000-0000-0000-000000000000';
begin
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  values ($1, $2, c_nobody, c_nobody, now(), c_nobody)
  on conflict do nothing;
  if found then
    delete from private.message_keys k where k.channel_id = $1 and k.external_id = $2;
  end if;
end;
$$;

/* A status of something we sent, in whatever order statuses come; one that overtakes its message's id waits for it. */
create function private.receive_status(channel_id uuid, event jsonb)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_known boolean;
begin
  for v_try in 1 .. 2 loop
    select m.* into v_message
    from private.message_keys k
    join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
    where k.channel_id = $1
      and k.external_id = event ->> 'external_id'
      and m.direction = 'out'
    for update of m;
    v_known := found;
    exit when v_known;

    -- Our own message id comes back with every status: it settles an attempt whose answer never arrived.
    if event ->> 'opaque' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then
      select m.* into v_message
      from private.client_keys k
      join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
      where k.message_id = (event ->> 'opaque')::uuid
        and m.channel_id = $1
      for update of m;
      v_known := found;
      if v_known then
        perform private.accept_message(v_message, event ->> 'external_id');
        exit;
      end if;
    end if;

    exit when v_try = 2;
    perform private.await_message($1, event ->> 'external_id');
  end loop;

  if not v_known then
    insert into private.early_events (channel_id, external_id, event)
    values ($1, event ->> 'external_id', event)
    on conflict do nothing;
    return case when found then 'stored' else 'duplicate' end;
  end if;

  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  values (
    v_message.tenant_id, v_message.id, v_message.created_at, event ->> 'status', (event ->> 'at')::timestamptz,
    jsonb_strip_nulls(jsonb_build_object('error', event -> 'error', 'pricing', event -> 'pricing'))
  )
  on conflict do nothing;
  if not found then
    return 'duplicate';
  end if;

  -- A price is told with some statuses, and owed once one of them says that the message arrived.
  if event #>> '{pricing,category}' is not null or event ->> 'status' in ('delivered', 'read', 'played') then
    perform private.record_charge(v_message, event);
  end if;

  if event ->> 'status' in ('sent', 'delivered', 'read', 'played', 'failed') then
    perform private.raise_status(
      v_message,
      (case event ->> 'status' when 'played' then 'read' else event ->> 'status' end)::public.message_status,
      case when event ->> 'status' = 'failed' then event -> 'error' end
    );
    if event ->> 'status' = 'failed' then
      perform private.act_on_failure(v_message, event -> 'error');
    end if;
  end if;
  return 'stored';
end;
$$;

/* Applies what arrived before the message it speaks of, now that the message is known. */
create function private.apply_early_events(channel_id uuid, external_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event jsonb;
begin
  for v_event in
    delete from private.early_events e
    where e.channel_id = $1
      and e.external_id = $2
    returning e.event
  loop
    if v_event ->> 'type' = 'status' then
      perform private.receive_status($1, v_event);
    else
      perform private.apply_change($1, v_event);
    end if;
  end loop;
end;
$$;

/* An edit or a revocation of an earlier message: the newest edit is shown, and every version is kept. */
create function private.apply_change(channel_id uuid, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_at timestamptz := event ->> 'sent_at';
begin
  for v_try in 1 .. 2 loop
    select m.* into v_message
    from private.message_keys k
    join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
    where k.channel_id = $1
      and k.external_id = event ->> 'target_external_id'
    for update of m;
    exit when found or v_try = 2 or event ->> 'target_external_id' is null;
    perform private.await_message($1, event ->> 'target_external_id');
  end loop;

  if v_message.id is null then
    insert into private.early_events (channel_id, external_id, event)
    select $1, event ->> 'target_external_id', event
    where event ->> 'target_external_id' is not null
    on conflict do nothing;
    return;
  end if;

  insert into public.message_events (tenant_id, message_id, message_created_at, type, occurred_at, detail)
  select v_message.tenant_id, v_message.id, v_message.created_at, version.type, version.occurred_at, version.detail
  from (
    values
      ('original', v_message.sent_at, jsonb_build_object('content', v_message.content, 'body', v_message.body)),
      (case event ->> 'kind' when 'edit' then 'edited' else 'revoked' end, v_at, jsonb_build_object('content', event #> '{content,message}', 'body', event -> 'body'))
  ) version (type, occurred_at, detail)
  where version.type <> 'original'
    or (event ->> 'kind' = 'edit' and v_message.edited_at is null)
  on conflict do nothing;

  if event ->> 'kind' = 'revoke' then
    update public.messages m
    set revoked_at = least(m.revoked_at, v_at)
    where m.tenant_id = v_message.tenant_id
      and m.id = v_message.id
      and m.created_at = v_message.created_at;
  elsif v_message.edited_at is null or (v_at, event ->> 'body') > (v_message.edited_at, v_message.body) then
    update public.messages m
    set
      content = event #> '{content,message}',
      body = event ->> 'body',
      edited_at = v_at
    where m.tenant_id = v_message.tenant_id
      and m.id = v_message.id
      and m.created_at = v_message.created_at;
  end if;
end;
$$;

-- sql/46_receiving.sql

/*
 * What arrives through a door, in one transaction: the raw body is kept, then each parsed event is
 * applied. Any order, repetition or mixture of deliveries ends in the same rows. The events are
 * those of core/src/whatsapp/events.ts.
 */

/*
 * Takes deliveries [{raw, sha256, channel_id, error, events}] and answers an array of the same
 * length: [{stored, duplicate, failed}]. Several requests ride one call, so that one commit serves
 * them all. First everything at once; only where that fails, one savepoint an event: what fails is
 * set aside with its error and tried again by a job, and the others go through.
 */
create function private.receive(deliveries jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Planned once: left to itself, Postgres plans statements over arrays anew at every call, for three times their cost.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_incoming private.incoming[] := private.keep_deliveries(deliveries);
  -- The bodies that are too large for one transaction: kept now, applied by a job.
  v_put_off uuid[] := '{}';
  v_later private.incoming[] := '{}';
  v_item private.incoming;
  v_results text[] := '{}';
begin
  if cardinality(v_incoming) > 500 then
    v_put_off := private.put_off_large(v_incoming);
    if v_put_off <> '{}' then
      v_later := array(select i from unnest(v_incoming) i where i.fresh and i.webhook_event_id = any (v_put_off));
      v_incoming := array(
        select (i.delivery, i.webhook_event_id, i.fresh, i.tenant_id, i.channel_id, i.event)::private.incoming
        from unnest(v_incoming) with ordinality i (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, position)
        where not (i.fresh and i.webhook_event_id = any (v_put_off))
        order by i.position
      );
    end if;
  end if;
  perform private.lock_people(v_incoming);

  begin
    v_results := private.receive_burst(v_incoming);
    for i in 1 .. cardinality(v_incoming) loop
      if v_results[i] is null then
        v_results[i] := private.apply_event(v_incoming[i]);
      end if;
    end loop;
  exception
    -- Deadlock, no resources, a stopping server: none of the events' doing. The door tries again.
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      v_results := '{}';
      foreach v_item in array v_incoming loop
        v_results := v_results || private.apply_event_or_set_aside(v_item);
      end loop;
  end;

  return (
    select jsonb_agg(jsonb_build_object('stored', tally.stored, 'duplicate', tally.duplicate, 'failed', tally.failed) order by tally.delivery)
    from (
      select
        d as delivery,
        count(*) filter (where r.result = 'stored') as stored,
        count(*) filter (where r.result = 'duplicate') as duplicate,
        count(*) filter (where r.result = 'failed') as failed
      from generate_series(1, jsonb_array_length(deliveries)) d
      left join (
        select delivery, result
        from unnest(v_incoming, v_results) applied (delivery, webhook_event_id, fresh, tenant_id, channel_id, event, result)
        union all
        -- The same body twice in one call is one body.
        select delivery, case when delivery = min(delivery) over (partition by webhook_event_id) then 'stored' else 'duplicate' end
        from unnest(v_later)
      ) r on r.delivery = d
      group by d
    ) tally
  );
end;
$$;

grant execute on function private.receive(jsonb) to prosa_door;

/* Applies one event. Returns 'stored', or 'duplicate' where it changed nothing. */
create function private.apply_event(incoming private.incoming)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event jsonb := incoming.event;
begin
  if not incoming.fresh then
    return 'duplicate';
  end if;
  if incoming.channel_id is null then
    return 'stored';
  end if;

  case v_event ->> 'type'
    when 'message' then
      return private.receive_message(incoming.tenant_id, incoming.channel_id, v_event);
    when 'status' then
      return private.receive_status(incoming.channel_id, v_event);
    when 'identity' then
      perform private.resolve_contact(incoming.tenant_id, v_event, (v_event ->> 'at')::timestamptz);
      return 'stored';
    when 'preference' then
      perform private.receive_preference(incoming.tenant_id, v_event);
      return 'stored';
    when 'account' then
      return private.receive_notice(incoming.tenant_id, incoming.channel_id, v_event);
  end case;
end;
$$;

/*
 * Applies one event under a savepoint. Where it fails, keeps it with its error and asks for another try:
 * after a minute, then after as long as it has waited already, at most a day.
 */
create function private.apply_event_or_set_aside(incoming private.incoming)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_pause interval;
begin
  return private.apply_event(incoming);
exception
  when transaction_rollback or insufficient_resources or operator_intervention then
    raise;
  when others then
    update public.webhook_events w
    set
      status = 'failed',
      error = sqlstate || ': ' || sqlerrm,
      failed_events = coalesce(w.failed_events, '[]') || jsonb_build_array(incoming.event)
    where w.id = incoming.webhook_event_id
    returning least(greatest(clock_timestamp() - w.received_at, interval '1 minute'), interval '1 day') into v_pause;

    perform graphile_worker.add_job(
      'webhook_event__retry',
      json_build_object('webhook_event_id', incoming.webhook_event_id),
      run_at => clock_timestamp() + v_pause,
      job_key => 'webhook_event:' || incoming.webhook_event_id
    );
    return 'failed';
end;
$$;

/* A person stops or resumes marketing from us. The newest word holds, whatever order they come in. */
create function private.receive_preference(tenant_id uuid, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_at timestamptz := event ->> 'at';
  v_contact_id uuid := private.resolve_contact(tenant_id, event, v_at);
begin
  perform private.add_consent(tenant_id, v_contact_id, jsonb_build_object(
    'purpose', 'marketing',
    'channel_type', 'whatsapp',
    'state', case when event ->> 'value' = 'stop' then 'withdrawn' else 'granted' end,
    'source', 'provider',
    'occurred_at', v_at
  ));
end;
$$;

-- sql/47_broadcasts.sql

/*
 * What changed is told to the browsers that may see it, through Supabase Realtime's broadcast from
 * the database, in the transaction of the change.
 *
 *   conversation:<id>                  message, conversation, parted
 *   inbox:<tenant>:all                 conversation, left; for those who read everything
 *   inbox:<tenant>:unassigned          … who may pick
 *   inbox:<tenant>:team:<id>           … its members
 *   inbox:<tenant>:user:<id>           … its assignee
 *   user:<id>, presence:<tenant>       a person's own notices; who is online
 *
 * Where a conversation came to stand elsewhere (folder, team, assignee), or is new, `was` says where it stood: browsers
 * move their counts by it, without asking.
 *
 * Clients never broadcast: a forged message must be impossible. They may be present (looking, typing).
 */

/*
 * Tells topics. A broadcast that fails is a warning of realtime.send's: a browser catches up by its
 * cursor, but a message must not be lost.
 */
create function private.broadcast(topics text[], event text, payload jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform realtime.send($3, $2, t, true)
  from unnest(topics) t;
end;
$$;

create function private.tg_messages__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || new.conversation_id], 'message', to_jsonb(new));
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update on public.messages
  for each row
  execute function private.tg_messages__broadcast();

/* The inbox topics of a conversation besides `all`: its assignee's and its team's, or nobody's. */
create function private.inbox_topics(conversation public.conversations)
  returns text[]
  language plpgsql
  immutable
as $$
begin
  if conversation.assignee_id is null and conversation.team_id is null then
    return array['inbox:' || conversation.tenant_id || ':unassigned'];
  end if;
  return array_remove(
    array[
      'inbox:' || conversation.tenant_id || ':user:' || conversation.assignee_id,
      'inbox:' || conversation.tenant_id || ':team:' || conversation.team_id
    ],
    null
  );
end;
$$;

/* A row of the list, as the browser draws it. */
create function private.inbox_row(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return to_jsonb(conversation) || jsonb_build_object(
    'contact', (
      select jsonb_build_object(
        'id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone, 'language', c.language, 'attributes', c.attributes,
        -- By it a browser knows that what it has read of the person is old.
        'updated_at', c.updated_at
      )
      from public.contacts c
      where c.id = conversation.contact_id
    ),
    'channel', (select jsonb_build_object('id', c.id, 'name', c.name, 'type', c.type) from public.channels c where c.id = conversation.channel_id)
  );
end;
$$;

create function private.tg_conversations__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_all text := 'inbox:' || coalesce(new.tenant_id, old.tenant_id) || ':all';
  v_before text[] := case when tg_op <> 'INSERT' then private.inbox_topics(old) end;
  v_after text[] := case when tg_op <> 'DELETE' then private.inbox_topics(new) end;
  v_was jsonb := case
    when tg_op <> 'INSERT' then jsonb_build_object('folder', old.folder, 'team_id', old.team_id, 'assignee_id', old.assignee_id)
  end;
  v_row jsonb;
begin
  if tg_op = 'DELETE' then
    perform private.broadcast(
      v_all || v_before, 'left', jsonb_build_object('id', old.id, 'updated_at', clock_timestamp(), 'was', v_was)
    );
    return null;
  end if;

  if tg_op = 'UPDATE' then
    if v_before <> v_after then
      perform private.broadcast(
        array(select t from unnest(v_before) t where t <> all (v_after)),
        'left',
        jsonb_build_object('id', new.id, 'updated_at', new.updated_at, 'was', v_was)
      );
    end if;
    -- The thread's header needs to know what a message does not tell.
    if new.status <> old.status
      or new.owner <> old.owner
      or new.read_seq <> old.read_seq
      or new.contact_id <> old.contact_id
      or new.priority <> old.priority
      or new.tag_ids <> old.tag_ids
      or new.attributes <> old.attributes
      or new.folder <> old.folder
      or new.snoozed_until is distinct from old.snoozed_until
      or v_before <> v_after
    then
      v_after := v_after || ('conversation:' || new.id);
    end if;
  end if;

  v_row := private.inbox_row(new);
  if tg_op = 'INSERT' or new.folder <> old.folder or v_before <> v_after then
    v_row := v_row || jsonb_build_object('was', v_was);
  end if;
  perform private.broadcast(v_all || v_after, 'conversation', v_row);
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update or delete on public.conversations
  for each row
  execute function private.tg_conversations__broadcast();

/*
 * Whether the signed-in person may listen to a topic. Asked once a join, not once a message. Runs as
 * the caller, so that the policies of `conversations` decide who may follow a thread.
 */
create function private.may_join(topic text)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select case split_part($1, ':', 1)
    when 'conversation' then exists (
      select
      from public.conversations c
      where c.id = case when split_part($1, ':', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then split_part($1, ':', 2)::uuid end
    )
    when 'inbox' then case split_part($1, ':', 3)
      when 'all' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read_all')::text))
      when 'unassigned' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.pick')::text))
      when 'user' then
        split_part($1, ':', 4) = (select auth.uid())::text
        and split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read')::text))
      when 'team' then
        split_part($1, ':', 4) = any (array(select private.my_team_ids()::text))
        and split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read')::text))
      else false
    end
    when 'presence' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('members.read')::text))
    when 'user' then split_part($1, ':', 2) = (select auth.uid())::text
    else false
  end
$$;

grant execute on function private.may_join(text) to authenticated;

create policy select_listener on realtime.messages
  for select to authenticated
  using (
    extension in ('broadcast', 'presence')
    and private.may_join((select realtime.topic()))
  );

create policy insert_present on realtime.messages
  for insert to authenticated
  with check (
    extension = 'presence'
    and split_part((select realtime.topic()), ':', 1) in ('conversation', 'presence')
    and private.may_join((select realtime.topic()))
  );

-- sql/48_bursts.sql

/*
 * Most of what arrives is ordinary: a known person writes once more in their open conversation. A burst
 * of such messages is applied with one statement a table instead of one a message, which is what lets a
 * door keep up: Postgres spends more on beginning a statement than on the row.
 *
 * Everything else (somebody new, a new name, echoes, history, reactions, edits, an id seen before, …) is
 * left to private.apply_event, message by message. Whatever both can do ends in the same rows.
 */

create type private.ordinary_message as (
  -- Its place in the burst.
  position integer,
  id uuid,
  tenant_id uuid,
  channel_id uuid,
  contact_id uuid,
  conversation_id uuid,
  sent_at timestamptz,
  event jsonb
);

create type private.thread_end as (
  conversation_id uuid,
  last_seq bigint
);

/* The ordinary messages of a burst, with the contact and the open conversation of each. */
create function private.ordinary_messages(incoming private.incoming[])
  returns private.ordinary_message[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return array(
    select (i.ordinality, gen_random_uuid(), i.tenant_id, i.channel_id, known.contact_id, thread.id, (i.event ->> 'sent_at')::timestamptz, i.event)::private.ordinary_message
    from unnest(incoming) with ordinality i
    cross join lateral (
      -- Looked up one by one: a join would let the planner guess how many there are, and scan.
      select (array_agg(found.contact_id))[1] as contact_id, (array_agg(found.value order by found.ordinality desc) filter (where found.kind = 'phone'))[1] as phone
      from (
        select
          identity.ordinality,
          identity.value ->> 'kind' as kind,
          identity.value ->> 'value' as value,
          (
            select c.contact_id
            from public.contact_identities c
            where c.tenant_id = i.tenant_id
              and c.kind = (identity.value ->> 'kind')::public.identity_kind
              and c.value = identity.value ->> 'value'
              and c.address >= identity.value ->> 'address'
          ) as contact_id
        from jsonb_array_elements(i.event -> 'identities') with ordinality identity
      ) found
      having count(found.contact_id) = count(*)
        and min(found.contact_id::text) = max(found.contact_id::text)
    ) known
    cross join lateral (
      select c.id
      from public.contacts c
      where c.id = known.contact_id
        and (c.name_at is null or coalesce(i.event ->> 'name', '') in ('', c.name))
        and coalesce(i.event ->> 'username', c.username, '') = coalesce(c.username, '')
        and coalesce(known.phone, c.phone, '') = coalesce(c.phone, '')
      offset 0
    ) unchanged
    cross join lateral (
      select c.id
      from public.conversations c
      where c.channel_id = i.channel_id
        and c.contact_id = known.contact_id
        and c.status = 'open'
      offset 0
    ) thread
    where i.fresh
      and i.channel_id is not null
      and i.event ->> 'type' = 'message'
      and i.event ->> 'direction' = 'in'
      and i.event ->> 'history_status' is null
      and i.event ->> 'kind' not in ('reaction', 'edit', 'revoke', 'system')
    order by i.ordinality
  );
end;
$$;

/*
 * Makes room for the messages of a burst at the end of their conversations: takes a seq for each, counts
 * unread, moves window, wait and preview, as private.append_to_conversation does for one. Gives back the
 * last seq of each. Raises conversation_closed where one is no longer open; the burst is then applied
 * message by message.
 */
create function private.extend_conversations(messages private.ordinary_message[])
  returns private.thread_end[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_ends private.thread_end[];
begin
  with word as (
    select
      m.conversation_id,
      m.position,
      m.sent_at,
      least(m.sent_at, now()) as at,
      left(m.event ->> 'body', 200) as preview,
      m.event ->> 'kind' as kind,
      (m.event ->> 'counts_unread')::boolean as unread,
      private.window_of(m.event) as window_expires_at
    from unnest(messages) m
  ),
  told as (
    select
      w.conversation_id,
      count(*) as added,
      count(*) filter (where w.unread) as unread,
      max(w.at) as at,
      (array_agg(w.preview order by w.at desc, w.position desc))[1] as preview,
      (array_agg(w.kind order by w.at desc, w.position desc))[1] as kind,
      max(w.sent_at) as last_inbound_at,
      max(w.window_expires_at) as window_expires_at
    from word w
    group by w.conversation_id
  ),
  extended as (
    update public.conversations c
    set
      last_seq = c.last_seq + t.added,
      unread_count = c.unread_count + case when c.is_spam then 0 else t.unread end,
      (preview, preview_kind, preview_direction) = (
        select
          case when newer then t.preview else c.preview end,
          case when newer then t.kind else c.preview_kind end,
          case when newer then 'in' else c.preview_direction end
        from (select (t.at, true) >= (c.preview_at, c.preview_direction = 'in') as newer) as _
      ),
      preview_at = greatest(c.preview_at, t.at),
      last_message_at = now(),
      last_inbound_at = greatest(c.last_inbound_at, t.last_inbound_at),
      waiting_since = case
        when not c.is_spam and (c.preview_direction = 'in' or (t.at, true) >= (c.preview_at, c.preview_direction = 'in'))
          then coalesce(c.waiting_since, case when t.unread > 0 then now() end)
      end,
      snoozed_until = case when t.unread = 0 then c.snoozed_until end,
      window_expires_at = greatest(c.window_expires_at, t.window_expires_at)
    from told t
    where c.id = t.conversation_id
      and c.status = 'open'
    returning c.id, c.last_seq
  )
  select array_agg((e.id, e.last_seq)::private.thread_end) into v_ends
  from extended e;

  if coalesce(cardinality(v_ends), 0) <> (select count(distinct m.conversation_id) from unnest(messages) m) then
    perform private.refuse(409, 'conversation_closed');
  end if;
  return v_ends;
end;
$$;

/*
 * Applies the ordinary messages of a burst, whose people are locked already. Returns a result for each
 * event of the burst: 'stored', or null where the event is somebody else's to apply.
 */
create function private.receive_burst(incoming private.incoming[])
  returns text[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_results text[] := array_fill(null::text, array[cardinality(incoming)]);
  v_messages private.ordinary_message[] := private.ordinary_messages(incoming);
  v_message private.ordinary_message;
  v_ends private.thread_end[];
  v_files uuid[];
begin
  -- An id that somebody has is no ordinary one's.
  with claimed as (
    insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
    select
      m.channel_id, m.event ->> 'external_id', m.tenant_id, m.id, now(),
      private.fingerprint(m.event ->> 'direction', m.event ->> 'kind', m.event ->> 'sent_at', m.event ->> 'body')
    from unnest(v_messages) m
    order by m.channel_id, m.event ->> 'external_id', m.position
    on conflict do nothing
    returning message_id
  )
  select array_agg(m order by m.position) into v_messages
  from unnest(v_messages) m
  where m.id in (select message_id from claimed);

  if v_messages is null then
    return v_results;
  end if;

  v_ends := private.extend_conversations(v_messages);

  with said as (
    insert into public.messages (
      id, tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, kind, content, body,
      media, identity, external_id, target_external_id, status, counts_unread, sent_at
    )
    select
      m.id, m.tenant_id, m.conversation_id, m.contact_id, m.channel_id, m.last_seq - m.behind, 'in',
      (m.event ->> 'author')::public.message_author, m.event ->> 'kind', m.event -> 'content', m.event ->> 'body',
      case when private.is_media(m.event ->> 'kind') then private.media_of('pending', m.event -> 'content') end,
      (m.event #>> '{identities,0,kind}') || ':' || (m.event #>> '{identities,0,value}'),
      m.event ->> 'external_id', m.event ->> 'target_external_id', 'received', (m.event ->> 'counts_unread')::boolean, m.sent_at
    from (
      select n.*, e.last_seq, count(*) over (partition by n.conversation_id order by n.position desc) - 1 as behind
      from unnest(v_messages) n
      join unnest(v_ends) e on e.conversation_id = n.conversation_id
    ) m
    order by m.position
    returning id, media
  )
  select array_agg(id) filter (where media is not null) into v_files
  from said;

  if v_files is not null then
    perform private.fetch_media(m.tenant_id, m.channel_id, m.id, now(), false)
    from unnest(v_messages) m
    where m.id = any (v_files);
  end if;

  -- Names and numbers are as they were; only when they were last heard moves on.
  update public.contacts c
  set
    name_at = case when c.name_at is not null then greatest(c.name_at, heard.name_at) end,
    username_at = greatest(c.username_at, heard.username_at),
    phone_at = greatest(c.phone_at, heard.phone_at)
  from (
    select
      m.contact_id,
      max(m.sent_at) filter (where m.event ->> 'name' <> '') as name_at,
      max(m.sent_at) filter (where m.event ->> 'username' is not null) as username_at,
      max(m.sent_at) filter (where m.event -> 'identities' @> '[{"kind": "phone"}]') as phone_at
    from unnest(v_messages) m
    group by m.contact_id
  ) heard
  where c.id = heard.contact_id;

  foreach v_message in array v_messages loop
    v_results[v_message.position] := 'stored';
  end loop;
  perform private.apply_early_events(m.channel_id, m.event ->> 'external_id')
  from unnest(v_messages) m
  where exists (
    select
    from private.early_events e
    where e.channel_id = m.channel_id
      and e.external_id = m.event ->> 'external_id'
  );
  return v_results;
end;
$$;

-- sql/48_conditions.sql

/*
 * Conditions of core/src/conditions, asked of one conversation in the database: what a rule needs while a message is being
 * received. A test holds both to the same answers; a word added there is added here. Every question is answered yes or
 * no, never unknown: what isn't there `is_not` anything.
 */

/* A number, text or truth value as JavaScript writes it; null for null. */
create function private.text_of(value jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'null' then null
    when 'number' then trim_scale((value #>> '{}')::numeric)::text
    else value #>> '{}'
  end;
end;
$$;

/* How a single value, which may be null, answers a question with these values. */
create function private.matches_single(known jsonb, op text, "values" jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_known jsonb := coalesce(known, 'null');
  v_first jsonb := "values" -> 0;
begin
  case op
    when 'is', 'in' then
      return exists (select from jsonb_array_elements("values") e where e.value = v_known);
    when 'is_not', 'not_in' then
      return not exists (select from jsonb_array_elements("values") e where e.value = v_known);
    when 'set' then
      return v_known <> 'null';
    when 'not_set' then
      return v_known = 'null';
    when 'gt' then
      return jsonb_typeof(v_known) = 'number' and jsonb_typeof(v_first) = 'number' and v_known > v_first;
    when 'lt' then
      return jsonb_typeof(v_known) = 'number' and jsonb_typeof(v_first) = 'number' and v_known < v_first;
    when 'contains' then
      return v_known <> 'null' and strpos(lower(private.text_of(v_known)), lower(coalesce(private.text_of(v_first), 'null'))) > 0;
    when 'not_contains' then
      return v_known = 'null' or strpos(lower(private.text_of(v_known)), lower(coalesce(private.text_of(v_first), 'null'))) = 0;
    else
      return false;
  end case;
end;
$$;

/* How an attribute answers: by its text, and where asked for more or less, numbers and texts each among themselves. */
create function private.matches_attribute(value jsonb, op text, "values" jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_first jsonb := "values" -> 0;
begin
  if op in ('gt', 'lt') then
    if jsonb_typeof(value) is distinct from jsonb_typeof(v_first) then
      return false;
    end if;
    return coalesce(
      case jsonb_typeof(value)
        when 'number' then case op when 'gt' then value > v_first else value < v_first end
        when 'string' then case op
          when 'gt' then (value #>> '{}') collate "C" > (v_first #>> '{}') collate "C"
          else (value #>> '{}') collate "C" < (v_first #>> '{}') collate "C"
        end
      end,
      false
    );
  end if;
  return private.matches_single(
    to_jsonb(private.text_of(value)),
    op,
    (select coalesce(jsonb_agg(to_jsonb(private.text_of(e.value)) order by e.ordinality), '[]') from jsonb_array_elements("values") with ordinality e)
  );
end;
$$;

/*
 * How a conversation answers one rule {field, op, value}. `me` is whom `me` means, null: nobody. `message`, where one is
 * asked about: {text, kind, is_first}.
 */
create function private.matches_rule(conversation public.conversations, rule jsonb, me uuid, message jsonb, at timestamptz)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_field text := rule ->> 'field';
  v_op text := rule ->> 'op';
  v_value jsonb := rule -> 'value';
  v_values jsonb := case jsonb_typeof(v_value) when 'array' then v_value else case when v_value is null then '[]' else jsonb_build_array(v_value) end end;
  v_instant timestamptz;
  v_states jsonb;
begin
  if v_field like 'contact\_attribute.%' then
    return private.matches_attribute(
      (
        select p.attributes -> split_part(v_field, '.', 2)
        from public.contacts p
        where p.tenant_id = conversation.tenant_id
          and p.id = conversation.contact_id
      ),
      v_op, v_values
    );
  end if;
  if v_field like 'conversation\_attribute.%' then
    return private.matches_attribute(conversation.attributes -> split_part(v_field, '.', 2), v_op, v_values);
  end if;

  case v_field
    when 'channel_id' then
      return private.matches_single(to_jsonb(conversation.channel_id), v_op, v_values);
    when 'team_id' then
      return private.matches_single(to_jsonb(conversation.team_id), v_op, v_values);
    when 'assignee_id' then
      if v_values ? 'me' then
        v_values := (v_values - 'me') || case when me is null then '[]' else jsonb_build_array(me) end;
      end if;
      return private.matches_single(to_jsonb(conversation.assignee_id), v_op, v_values);
    when 'priority' then
      return private.matches_single(to_jsonb(conversation.priority), v_op, v_values);
    when 'folder' then
      return private.matches_single(to_jsonb(conversation.folder), v_op, v_values);
    when 'owner' then
      return private.matches_single(to_jsonb(conversation.owner), v_op, v_values);
    when 'unread' then
      return private.matches_single(to_jsonb(conversation.unread_count > 0), v_op, v_values);
    when 'channel_type' then
      return private.matches_single((select to_jsonb(c.type) from public.channels c where c.id = conversation.channel_id), v_op, v_values);
    when 'language' then
      return private.matches_single(
        (
          select to_jsonb(p.language)
          from public.contacts p
          where p.tenant_id = conversation.tenant_id
            and p.id = conversation.contact_id
        ),
        v_op, v_values
      );
    when 'tag_id' then
      return case v_op
        when 'set' then conversation.tag_ids <> '{}'
        when 'not_set' then conversation.tag_ids = '{}'
        else (v_op in ('is', 'in')) = exists (select from unnest(conversation.tag_ids) t where v_values ? t::text)
      end;
    when 'waiting_minutes' then
      if v_op in ('set', 'not_set') then
        return (v_op = 'set') = (conversation.waiting_since is not null);
      end if;
      v_instant := at - make_interval(secs => (v_value #>> '{}')::numeric::double precision * 60);
      return coalesce(case v_op when 'gt' then conversation.waiting_since < v_instant else conversation.waiting_since > v_instant end, false);
    when 'window' then
      if v_op in ('set', 'not_set') then
        return (v_op = 'set') = (conversation.window_expires_at is not null);
      end if;
      v_states := case when coalesce(conversation.window_expires_at > at, false) then '["open"]' else '["closed"]' end::jsonb;
      if conversation.window_expires_at > at and conversation.window_expires_at <= at + interval '4 hours' then
        v_states := v_states || '"closing"';
      end if;
      return (v_op in ('is', 'in')) = exists (select from jsonb_array_elements(v_values) e where v_states @> jsonb_build_array(e.value));
    when 'created_at', 'last_message_at' then
      v_instant := case v_field when 'created_at' then conversation.created_at else conversation.last_message_at end;
      if v_op = 'within_days' then
        return v_instant >= at - make_interval(secs => (v_value #>> '{}')::numeric::double precision * 86400);
      end if;
      -- A date alone is midnight in Greenwich, as in JavaScript.
      return case v_op
        when 'gt' then v_instant > ((v_value #>> '{}') || case when length(v_value #>> '{}') = 10 then 'T00:00:00Z' else '' end)::timestamptz
        else v_instant < ((v_value #>> '{}') || case when length(v_value #>> '{}') = 10 then 'T00:00:00Z' else '' end)::timestamptz
      end;
    when 'message_text' then
      return message is not null and private.matches_single(message -> 'text', v_op, v_values);
    when 'message_kind' then
      return message is not null and private.matches_single(message -> 'kind', v_op, v_values);
    when 'is_first_message' then
      return message is not null and private.matches_single(message -> 'is_first', v_op, v_values);
    when 'in_business_hours' then
      return message is not null and private.matches_single(
        to_jsonb(private.is_open(conversation.tenant_id, conversation.team_id, at)), v_op, v_values
      );
    else
      return false;
  end case;
end;
$$;

/* Whether a conversation fulfils conditions {match: all | any, rules}; no rule at all holds for everything. */
create function private.matches_conditions(
  conversation public.conversations,
  conditions jsonb,
  me uuid default null,
  message jsonb default null,
  at timestamptz default now()
)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_all boolean := conditions ->> 'match' is distinct from 'any';
  v_rule jsonb;
  v_holds boolean;
begin
  if jsonb_array_length(coalesce(conditions -> 'rules', '[]')) = 0 then
    return true;
  end if;
  for v_rule in select e.value from jsonb_array_elements(conditions -> 'rules') e loop
    v_holds := case
      when v_rule ? 'rules' then private.matches_conditions(conversation, v_rule, me, message, at)
      else private.matches_rule(conversation, v_rule, me, message, at)
    end;
    if v_holds <> v_all then
      return v_holds;
    end if;
  end loop;
  return v_all;
end;
$$;

/* Refuses what is no conditions: unknown fields or ways to ask, groups in groups, more than 20 rules. Raises conditions_invalid. */
create function private.check_conditions(conditions jsonb, depth integer default 0)
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_rule jsonb;
  v_count integer := 0;
begin
  if jsonb_typeof(conditions) is distinct from 'object'
    or coalesce(conditions ->> 'match', '') not in ('all', 'any')
    or jsonb_typeof(conditions -> 'rules') is distinct from 'array'
  then
    perform private.refuse(422, 'conditions_invalid');
  end if;
  for v_rule in select e.value from jsonb_array_elements(conditions -> 'rules') e loop
    if v_rule ? 'rules' and depth = 0 then
      v_count := v_count + private.check_conditions(v_rule, 1);
    elsif coalesce(v_rule ->> 'field', '') !~ '^((contact|conversation)_attribute\.[a-z][a-z0-9_]{0,59}|channel_id|channel_type|tag_id|team_id|assignee_id|priority|folder|waiting_minutes|window|language|unread|owner|created_at|last_message_at|message_text|message_kind|is_first_message|in_business_hours)$'
      or coalesce(v_rule ->> 'op', '') not in ('is', 'is_not', 'in', 'not_in', 'contains', 'not_contains', 'gt', 'lt', 'set', 'not_set', 'within_days')
    then
      perform private.refuse(422, 'conditions_invalid', v_rule ->> 'field');
    else
      v_count := v_count + 1;
    end if;
  end loop;
  if v_count > 20 then
    perform private.refuse(422, 'conditions_invalid');
  end if;
  return v_count;
end;
$$;

-- sql/48_contact_story.sql

/*
 * The story of a person over all channels: what was said, noted and done, which conversations began and ended, what they
 * allowed, whom they were merged with, what waits to be sent. One order, newest first, paged by where the last page ended;
 * the browser groups what it shows by conversation and day.
 *
 * A page costs one descent a partition into messages_contact_idx (41_messages.sql), which has what is said and noted by the
 * clock on the wall, so that imported history stands where it happened.
 */

/*
 * Up to `size` (200 at most) things before (`before`, `before_id`), newest first. `type`: message, note, activity, opened, closed,
 * consent, merged, parted, scheduled. Of conversations only what the signed-in person sees. Raises contact_not_found.
 */
create function public.contact_story(contact_id uuid, before timestamptz default null, before_id uuid default null, size integer default 60)
  returns table (at timestamptz, id uuid, type text, conversation_id uuid, seq bigint, detail jsonb)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_tenant_id uuid;
  -- What waits to be sent lies ahead.
  v_at timestamptz := coalesce($2, 'infinity');
  v_id uuid := coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_size integer := least(greatest(coalesce($4, 60), 1), 200);
  v_seen uuid[];
begin
  select c.tenant_id into v_tenant_id
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  v_seen := array(
    select c.id
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and private.sees_conversation(c)
  );

  return query
  with said as (
    select
      m.sent_at as at, m.id, case when m.is_private then m.kind else 'message' end as type, m.conversation_id, m.seq,
      jsonb_strip_nulls(jsonb_build_object(
        'direction', m.direction,
        'author', m.author,
        'author_id', m.author_id,
        'kind', m.kind,
        'status', case when m.status = 'failed' then m.status end,
        'text', nullif(left(m.body, 200), ''),
        'content', case when m.kind = 'activity' then m.content end
      )) as detail
    from public.messages m
    where m.tenant_id = v_tenant_id
      and m.contact_id = $1
      and m.kind not in ('reaction', 'edit', 'revoke')
      and m.conversation_id = any (v_seen)
      and m.sent_at <= v_at
      and (m.sent_at, m.id) < (v_at, v_id)
    order by m.sent_at desc, m.id desc
    limit v_size
  ),
  began as (
    select c.created_at as at, c.id, 'opened' as type, c.id as conversation_id, 0::bigint as seq, jsonb_build_object('is_history', c.is_history) as detail
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and c.id = any (v_seen)
      and (c.created_at, c.id) < (v_at, v_id)
    order by c.created_at desc, c.id desc
    limit v_size
  ),
  ended as (
    select c.closed_at, c.id, 'closed', c.id, c.last_seq, '{}'::jsonb
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and c.id = any (v_seen)
      and (c.closed_at, c.id) < (v_at, v_id)
    order by c.closed_at desc, c.id desc
    limit v_size
  ),
  allowed as (
    select e.occurred_at, e.id, 'consent', null::uuid, null::bigint, to_jsonb(e) - '{id, tenant_id, contact_id, occurred_at, created_at}'::text[]
    from public.consent_events e
    where e.tenant_id = v_tenant_id
      and e.contact_id = $1
      and e.occurred_at <= v_at
      and (e.occurred_at, e.id) < (v_at, v_id)
    order by e.occurred_at desc, e.id desc
    limit v_size
  ),
  merged as (
    select t.at, g.id, t.type, null::uuid, null::bigint, jsonb_build_object('name', g.gone_name, 'by', t.by)
    from public.contact_merges g
    cross join lateral (values (g.merged_at, 'merged', g.merged_by), (g.parted_at, 'parted', g.parted_by)) t (at, type, by)
    where g.tenant_id = v_tenant_id
      and g.kept_id = $1
      and (t.at, g.id) < (v_at, v_id)
    order by t.at desc, g.id desc
    limit v_size
  ),
  waiting as (
    select s.send_at, s.id, 'scheduled', s.conversation_id, null::bigint,
      jsonb_build_object('author_id', s.author_id, 'kind', s.content ->> 'kind', 'text', left(private.body_of(s.content), 200), 'status', s.status)
    from public.scheduled_messages s
    where s.tenant_id = v_tenant_id
      and s.conversation_id = any (v_seen)
      and s.status in ('scheduled', 'failed')
      and (s.send_at, s.id) < (v_at, v_id)
    order by s.send_at desc, s.id desc
    limit v_size
  )
  select t.*
  from (
    table said
    union all
    table began
    union all
    table ended
    union all
    table allowed
    union all
    table merged
    union all
    table waiting
  ) t
  order by t.at desc, t.id desc
  limit v_size;
end;
$$;

grant execute on function public.contact_story(uuid, timestamptz, uuid, integer) to authenticated;

-- sql/49_media.sql

/*
 * Files of messages lie in one private bucket. Who may read one follows from the message it belongs to,
 * never from its path: a message follows its conversation when contacts or threads are merged, a path
 * could not.
 *
 *   <tenant>/<message>/…                       what arrived, put there by the worker with the service key
 *   <tenant>/uploads/<user>/<uuid>/<file>      what an agent is about to send, put there by the browser
 */

-- The largest file that WhatsApp delivers or takes (a document).
insert into storage.buckets (id, name, public, file_size_limit)
values ('media', 'media', false, 104857600)
on conflict (id) do update
set
  public = false,
  file_size_limit = excluded.file_size_limit;

/* Which message a file belongs to; a file that is sent on belongs to several. Without a row it is an upload not yet sent. */
create table private.media_files (
  path text not null,
  message_id uuid not null,
  tenant_id uuid not null,
  message_created_at timestamptz not null,
  primary key (path, message_id),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade,
  check (starts_with(path, tenant_id || '/'))
);

create index on private.media_files (tenant_id, message_id);

alter table private.media_files enable row level security;

/* Whether a message or a canned response has the file: it is no upload any more. */
create function private.is_attached(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (select from private.media_files f where f.path = $1) or private.is_canned_file($1);
end;
$$;

/* Whether a file is the signed-in person's own upload, of the last 23 hours (after 24 it is thrown away), that nothing has yet. */
create function private.is_own_upload(tenant_id uuid, path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return starts_with($2, $1 || '/uploads/' || auth.uid() || '/')
    and not private.is_attached($2)
    and exists (
      select
      from storage.objects o
      where o.bucket_id = 'media'
        and o.name = $2
        and o.created_at > now() - interval '23 hours'
    );
end;
$$;

/*
 * Whether the signed-in person sees a conversation with a message that has the file, or a canned response that has it. One
 * descent to the file, one to its message.
 */
create function private.sees_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from private.media_files f
    join public.messages m on m.tenant_id = f.tenant_id and m.id = f.message_id and m.created_at = f.message_created_at
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where f.path = $1
      and private.sees_conversation(c)
  ) or private.sees_canned_file($1);
end;
$$;

grant execute on function
  private.is_attached(text),
  private.sees_file(text)
to authenticated;

-- The tenant in the path spares most rows the question behind it; it never lets anybody in by itself.
create policy select_message_reader on storage.objects
  for select to authenticated
  using (
    bucket_id = 'media'
    and split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.read')::text))
    and private.sees_file(name)
  );

create policy select_uploader on storage.objects
  for select to authenticated
  using (
    bucket_id = 'media'
    and split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and not private.is_attached(name)
  );

create policy insert_uploader on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'media'
    and split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and name ~ '^[^/]+/uploads/[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[^/]+$'
  );

-- Nobody replaces a file (there is no policy for update), and nobody takes back what a message shows.
create policy delete_uploader on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'media'
    and split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and not private.is_attached(name)
  );

/* The kinds of message that have a file. Has no `set`, so that the planner may inline it. */
create function private.is_media(kind text)
  returns boolean
  language sql
  immutable
as $$
  select $1 in ('image', 'audio', 'video', 'document', 'sticker')
$$;

/* `messages.media` in one state, with what the message's content claims of the file (core/src/media/media.ts). */
create function private.media_of(status text, content jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'status', status,
    'path', null,
    'thumbnail', null,
    'mime_type', content -> 'mime_type',
    'size', null,
    'width', null,
    'height', null,
    'duration_seconds', null,
    'waveform', null,
    'sha256', null,
    'filename', content -> 'filename',
    'animated', case when content ->> 'kind' = 'sticker' then content -> 'animated' end,
    'error', null
  );
end;
$$;

/*
 * Binds an uploaded file to a message that was just written: the signed-in person's own upload, a file of a message that
 * they see, which is so sent on, or (`lent`) one that the company's own canned response has. Whoever sees the message's
 * conversation reads the file from now on. Its picture, size and waveform follow by a job. Returns the message with its
 * `media`: of several files (a carousel's) the first one's. Raises media_not_found.
 */
create function private.attach_media(message public.messages, path text, lent boolean default false)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_known jsonb;
  v_object storage.objects;
begin
  select o.* into v_object
  from storage.objects o
  where o.bucket_id = 'media'
    and o.name = path;

  if v_object.id is null
    or not starts_with(path, message.tenant_id || '/')
    or not (
      private.sees_file(path)
      or private.is_own_upload(message.tenant_id, path)
      or (lent and private.is_canned_file(path))
    )
  then
    perform private.refuse(404, 'media_not_found');
  end if;

  -- What is known of a file that is sent on needs no second look.
  select m.media into v_known
  from private.media_files f
  join public.messages m on m.tenant_id = f.tenant_id and m.id = f.message_id and m.created_at = f.message_created_at
  where f.path = attach_media.path
    and m.media ->> 'status' = 'stored'
    and m.media ->> 'path' = attach_media.path
  limit 1;

  insert into private.media_files (path, message_id, tenant_id, message_created_at)
  select file, message.id, message.tenant_id, message.created_at
  from unnest(array[path, v_known ->> 'thumbnail']) file
  where file is not null
  on conflict do nothing;

  if message.media is not null then
    return message;
  end if;
  update public.messages m
  set media = coalesce(
    v_known || jsonb_build_object('filename', coalesce(message.content ->> 'filename', v_known ->> 'filename')),
    private.media_of('stored', message.content) || jsonb_build_object(
      'path', path,
      'mime_type', coalesce(message.content ->> 'mime_type', v_object.metadata ->> 'mimetype'),
      'size', v_object.metadata -> 'size'
    )
  )
  where m.tenant_id = message.tenant_id
    and m.id = message.id
    and m.created_at = message.created_at
  returning m.* into message;

  -- Without its hash nobody has looked into it yet.
  if v_known ->> 'sha256' is null then
    perform graphile_worker.add_job(
      'media__describe',
      json_build_object('tenant_id', message.tenant_id, 'message_id', message.id, 'created_at', message.created_at),
      job_key => 'media__describe:' || message.id
    );
  end if;
  return message;
end;
$$;

-- sql/49_media_fetching.sql

/*
 * A message that arrives with a file brings the file's id alone. What is to be fetched waits here, in the
 * transaction of its message; one job a channel drains it, so that channels do not wait for one another
 * and a burst of pictures wakes one worker once. Ordinary messages touch none of this.
 */

create table private.media_fetches (
  message_id uuid primary key,
  tenant_id uuid not null,
  channel_id uuid not null,
  message_created_at timestamptz not null,
  -- 0: somebody looks at the thread. 1: imported history, which is fetched when nothing else waits.
  lane smallint not null default 0 check (lane in (0, 1)),
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
);

create index on private.media_fetches (channel_id, lane, due_at);
create index on private.media_fetches (tenant_id, message_id);

alter table private.media_fetches enable row level security;

/* Puts a message's file on the list of what is to be fetched, and has its channel's job woken. */
create function private.fetch_media(tenant_id uuid, channel_id uuid, message_id uuid, created_at timestamptz, is_history boolean)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.media_fetches (message_id, tenant_id, channel_id, message_created_at, lane)
  values ($3, $1, $2, $4, is_history::integer)
  on conflict do nothing;
  perform private.wake_media($2);
end;
$$;

/* Wakes the job that fetches a channel's files: once a transaction, however many messages it brings (imported history: thousands). */
create function private.wake_media(channel_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_woken text := coalesce(current_setting('prosa.media_woken', true), '');
begin
  if strpos(v_woken, channel_id::text) > 0 then
    return;
  end if;
  perform graphile_worker.add_job(
    'media__fetch',
    json_build_object('channel_id', channel_id),
    -- One drains it at a time; channels of all tenants run side by side.
    queue_name => 'media:' || channel_id,
    job_key => 'media__fetch:' || channel_id
  );
  perform set_config('prosa.media_woken', v_woken || channel_id || ' ', true);
end;
$$;

/*
 * What is due of a channel's files, `busy` ones aside, with all that fetching takes: [{message_id, tenant_id,
 * created_at, attempt, expired, kind, content}], the token still encrypted, and when to come again (`next_at`;
 * null: nothing waits). Each is put off before it is handed out, so that one that kills its worker does
 * not kill the next at once. Null while the channel needs attention: it keeps everything.
 */
create function private.claim_media(channel_id uuid, count integer, busy uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_channel public.channels;
  v_files jsonb;
begin
  select c.* into v_channel from public.channels c where c.id = channel_id;
  if v_channel.id is null or v_channel.status <> 'connected' then
    return null;
  end if;

  with due as (
    select f.message_id
    from private.media_fetches f
    where f.channel_id = claim_media.channel_id
      and f.due_at <= now()
      and f.message_id <> all (busy)
    order by f.lane, f.due_at
    limit count
    for update skip locked
  ),
  claimed as (
    update private.media_fetches f
    set
      attempts = f.attempts + 1,
      due_at = now() + private.media_pause(f.attempts + 1)
    from due d
    where f.message_id = d.message_id
    returning f.*
  )
  select jsonb_agg(
    jsonb_build_object(
      'message_id', m.id,
      'tenant_id', m.tenant_id,
      'created_at', m.created_at::text,
      'attempt', c.attempts,
      -- Meta forgets a media id seven days after its webhook.
      'expired', m.created_at < now() - interval '7 days',
      'kind', m.kind,
      'content', m.content
    )
    order by c.lane, m.created_at
  )
  into v_files
  from claimed c
  join public.messages m on m.tenant_id = c.tenant_id and m.id = c.message_id and m.created_at = c.message_created_at;

  return jsonb_build_object(
    'files', coalesce(v_files, '[]'),
    'next_at', (select min(f.due_at) from private.media_fetches f where f.channel_id = v_channel.id and f.message_id <> all (busy)),
    'phone_number_id', v_channel.phone_number_id,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

/* How long a file waits after its n-th try: 5 s, 20 s, 80 s, … at most 6 hours, so that it is tried all the seven days. */
create function private.media_pause(attempt integer)
  returns interval
  language sql
  immutable
as $$
  select make_interval(secs => least(5 * 4 ^ least(greatest($1, 1) - 1, 10), 21600))
$$;

/*
 * What came of a file: {result: stored, media: {path, thumbnail, …}} | {result: failed | refused, error: {code,
 * title}} | {result: retry} | {result: hold, error}. `stored` also adds what was found out later. Retry
 * keeps the time that claiming it set; hold has the channel need attention, and its files wait with its
 * outbox. Settling twice changes nothing.
 */
create function private.settle_media(tenant_id uuid, message_id uuid, created_at timestamptz, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
  v_media jsonb;
begin
  select m.* into v_message
  from public.messages m
  where m.tenant_id = $1
    and m.id = $2
    and m.created_at = $3
  for update;
  if not found or outcome ->> 'result' = 'retry' then
    return;
  end if;

  if outcome ->> 'result' = 'hold' then
    update private.media_fetches f
    set
      attempts = greatest(f.attempts - 1, 0),
      due_at = now()
    where f.message_id = v_message.id;
    update public.channels c
    set
      status = 'attention',
      status_detail = outcome -> 'error'
    where c.id = v_message.channel_id
      and c.status = 'connected';
    return;
  end if;

  if outcome ->> 'result' = 'stored' then
    v_media := v_message.media || (outcome -> 'media') || '{"status": "stored", "error": null}';
    insert into private.media_files (path, message_id, tenant_id, message_created_at)
    select file, v_message.id, v_message.tenant_id, v_message.created_at
    from unnest(array[v_media ->> 'path', v_media ->> 'thumbnail']) file
    where file is not null
    on conflict do nothing;
  elsif v_message.media ->> 'status' = 'pending' then
    v_media := v_message.media || jsonb_build_object('status', outcome -> 'result', 'error', outcome -> 'error');
  end if;

  update public.messages m
  set media = v_media
  where m.tenant_id = v_message.tenant_id
    and m.id = v_message.id
    and m.created_at = v_message.created_at
    and m.media <> v_media;
  delete from private.media_fetches f where f.message_id = v_message.id;
end;
$$;

/* The file of a message that an agent sent, where nobody has looked into it yet: {path, kind, filename}. Null: nothing to do. */
create function private.media_to_describe(tenant_id uuid, message_id uuid, created_at timestamptz)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object('path', m.media -> 'path', 'kind', m.kind, 'filename', m.media -> 'filename')
    from public.messages m
    where m.tenant_id = $1
      and m.id = $2
      and m.created_at = $3
      and m.media ->> 'status' = 'stored'
      and m.media ->> 'sha256' is null
  );
end;
$$;

/* A channel that is well again fetches the files it held. */
create function private.tg_channels__fetch_media()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if exists (select from private.media_fetches f where f.channel_id = new.id) then
    perform private.wake_media(new.id);
  end if;
  return null;
end;
$$;

create trigger _500_fetch_media
  after update of status on public.channels
  for each row
  when (old.status <> 'connected' and new.status = 'connected')
  execute function private.tg_channels__fetch_media();

grant execute on function
  private.claim_media(uuid, integer, uuid[]),
  private.settle_media(uuid, uuid, timestamptz, jsonb),
  private.media_to_describe(uuid, uuid, timestamptz)
to prosa_worker;

-- sql/49_media_uploads.sql

/*
 * What Meta has been given of our files, so that one sent to a thousand people is uploaded once; and what
 * nobody sent, so that it is thrown away.
 */

create table private.media_uploads (
  channel_id uuid not null references public.channels on delete cascade,
  path text not null,
  -- Of the bytes, in hex: the same picture chosen twice lies at two paths.
  sha256 text not null,
  media_id text not null,
  uploaded_at timestamptz not null default now(),
  primary key (channel_id, path)
);

create index on private.media_uploads (channel_id, sha256);
create index on private.media_uploads (uploaded_at);

alter table private.media_uploads enable row level security;

/*
 * Meta's id of a file that this channel has uploaded within 29 days (Meta forgets it after 30), by its path
 * alone or, once its hash is known, by its content. Null: it has to be uploaded.
 */
create function private.known_upload(channel_id uuid, path text, sha256 text default null)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_known private.media_uploads;
begin
  select u.* into v_known
  from private.media_uploads u
  where u.channel_id = $1
    and u.path = $2
    and u.uploaded_at > now() - interval '29 days';
  if found then
    return v_known.media_id;
  end if;

  select u.* into v_known
  from private.media_uploads u
  where u.channel_id = $1
    and u.sha256 = $3
    and u.uploaded_at > now() - interval '29 days'
  order by u.uploaded_at desc
  limit 1;
  if found then
    insert into private.media_uploads as u (channel_id, path, sha256, media_id, uploaded_at)
    values ($1, $2, $3, v_known.media_id, v_known.uploaded_at)
    on conflict on constraint media_uploads_pkey do update
    set
      sha256 = excluded.sha256,
      media_id = excluded.media_id,
      uploaded_at = excluded.uploaded_at;
  end if;
  return v_known.media_id;
end;
$$;

/* Notes that Meta has taken a file under this id. */
create function private.remember_upload(channel_id uuid, path text, sha256 text, media_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.media_uploads as u (channel_id, path, sha256, media_id)
  values ($1, $2, $3, $4)
  on conflict on constraint media_uploads_pkey do update
  set
    sha256 = excluded.sha256,
    media_id = excluded.media_id,
    uploaded_at = now();
end;
$$;

/* A person sends a message once more that had failed: its files are given to Meta anew, in case they were what was wrong. */
create function private.forget_uploads(message public.messages)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  delete from private.media_uploads u
  where u.channel_id = message.channel_id
    and u.sha256 in (
      select known.sha256
      from private.media_files f
      join private.media_uploads known on known.channel_id = message.channel_id and known.path = f.path
      where f.tenant_id = message.tenant_id
        and f.message_id = message.id
    );
end;
$$;

/* Forgets what Meta has forgotten. Returns how many, 10,000 at most. */
create function private.purge_media_uploads()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.media_uploads
  where ctid = any (array(
    select u.ctid
    from private.media_uploads u
    where u.uploaded_at < now() - interval '30 days'
    order by u.uploaded_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

/*
 * Of the 1,000 files behind a path, by name: those that no message and no canned response has after a day
 * (never sent, or of a message that was erased), and where to go on (`next`; null: that was all).
 */
create function private.media_orphans(after text)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  with page as materialized (
    select o.name, o.created_at
    from storage.objects o
    where o.bucket_id = 'media'
      and o.name > $1 collate "C"
    order by o.name collate "C"
    limit 1000
  )
  select jsonb_build_object(
    'paths', coalesce(jsonb_agg(p.name) filter (
      where p.created_at < now() - interval '24 hours'
        and not private.is_attached(p.name)
    ), '[]'),
    'next', case when count(*) = 1000 then max(p.name collate "C") end
  )
  from page p
$$;

grant execute on function
  private.known_upload(uuid, text, text),
  private.remember_upload(uuid, text, text, text),
  private.purge_media_uploads(),
  private.media_orphans(text)
to prosa_worker;

-- sql/50_templates.sql

/*
 * A template is a message that Meta has approved beforehand, the only thing that reaches a person
 * outside their window. It belongs to the WhatsApp account (WABA), so every number of that account in
 * the tenant shares it. Meta holds the truth: `status`, `category`, `components` are what it last said,
 * by a notice or by its list; what somebody here has written and Meta has not yet taken stands in
 * `draft`, and nothing that Meta says or refuses ever takes it away.
 */

create table public.templates (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  waba_id text not null check (waba_id ~ '^[0-9]{5,32}$'),
  name text not null check (name ~ '^[a-z0-9_]+$' and length(name) <= 512),
  language text not null check (language ~ '^[a-z]{2,3}(_[A-Z]{2,4})?$'),
  -- Meta's id. Null: it has not seen this template yet.
  external_id text,
  category text check (category in ('MARKETING', 'UTILITY', 'AUTHENTICATION')),
  previous_category text,
  -- What Meta is about to make of the category, and when.
  next_category text,
  category_changes_at timestamptz,
  -- Meta's word (APPROVED, PENDING, REJECTED, PAUSED, DISABLED, …), DRAFT until it has one.
  status text not null default 'DRAFT' check (status ~ '^[A-Z_]{2,40}$'),
  rejected_reason text,
  -- In Meta's words: {reason, recommendation}, or {title, description} of a pause.
  status_detail jsonb,
  quality text not null default 'UNKNOWN' check (quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')),
  paused_until timestamptz,
  parameter_format text not null default 'POSITIONAL' check (parameter_format in ('POSITIONAL', 'NAMED')),
  -- As Meta gives them. Null: known by a notice alone, its text is still to be read.
  components jsonb check (jsonb_typeof(components) = 'array'),
  -- {category, parameter_format, components} that Meta has not taken yet.
  draft jsonb check (jsonb_typeof(draft) = 'object'),
  -- What a worker has been asked to do with it, until Meta has answered.
  work text check (work in ('submit', 'delete')),
  -- Why Meta refused the last of that: {work, code, subcode, title, details}.
  refusal jsonb,
  -- Why Meta refused to send it: {code, title, details, at}. Until it has been read again.
  problem jsonb,
  -- The provider's clock of what is known; an older word never undoes a newer one.
  status_at timestamptz not null default '-infinity',
  quality_at timestamptz not null default '-infinity',
  category_at timestamptz not null default '-infinity',
  components_at timestamptz not null default '-infinity',
  synced_at timestamptz,
  created_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  unique (tenant_id, waba_id, name, language),
  check (external_id is not null or status <> 'APPROVED')
);

comment on table public.templates is 'A message approved by Meta beforehand, in one language, of one WhatsApp account.';

create index templates_external_id_idx on public.templates (tenant_id, external_id) where external_id is not null;

create trigger _100_touch
  before update on public.templates
  for each row
  execute function private.tg_touch();

alter table public.templates enable row level security;

create policy select_member on public.templates
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.templates to authenticated;

/* What happened to a template, whoever told: Meta, its list, a refused send, a person here. Append-only. */
create table public.template_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  template_id uuid not null,
  kind text not null check (kind in ('status', 'quality', 'category', 'category_announced', 'components', 'refused', 'stopped', 'saved', 'submitted', 'deleted')),
  -- What it became: APPROVED, RED, MARKETING, an error code.
  value text not null default '',
  detail jsonb not null default '{}',
  -- Null: Meta's doing.
  actor_id uuid,
  occurred_at timestamptz not null,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, template_id) references public.templates (tenant_id, id) on delete cascade
);

comment on table public.template_events is 'What became of a template, and who said so. Append-only.';

create index on public.template_events (tenant_id, template_id, occurred_at desc);
create index on public.template_events (tenant_id, occurred_at desc);

-- A notice delivered twice is one event.
create unique index template_events_once_idx on public.template_events (tenant_id, template_id, kind, value, occurred_at);

alter table public.template_events enable row level security;

create policy select_member on public.template_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.template_events to authenticated;

/* How the last reading of an account's list went. */
create table public.template_syncs (
  tenant_id uuid not null references public.tenants on delete cascade,
  waba_id text not null,
  status text not null check (status in ('queued', 'running', 'done', 'failed')),
  found integer not null default 0,
  error jsonb,
  requested_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- As of when the last whole list was read: an older notice tells nothing new.
  read_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, waba_id)
);

comment on table public.template_syncs is 'How the last reading of a WhatsApp account''s templates went.';

create trigger _100_touch
  before update on public.template_syncs
  for each row
  execute function private.tg_touch();

alter table public.template_syncs enable row level security;

create policy select_member on public.template_syncs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('templates.read'))));

grant select on public.template_syncs to authenticated;

-- Few changes a day: browsers follow them without a broadcast of their own.
alter publication supabase_realtime add table public.templates, public.template_syncs;

/* One event of a template's life; the same once. */
create function private.note_template(template public.templates, kind text, value text, detail jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.template_events (tenant_id, template_id, kind, value, detail, actor_id, occurred_at)
  values (template.tenant_id, template.id, kind, coalesce(value, ''), coalesce(detail, '{}'), auth.uid(), at)
  on conflict do nothing;
end;
$$;

/* The template, locked, of somebody who may manage it. Raises template_not_found, not_allowed. */
create function private.lock_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template
  from public.templates t
  where t.id = $1
    and t.tenant_id = any (array(select private.my_tenant_ids('templates.read')))
  for update;
  if not found then
    perform private.refuse(404, 'template_not_found');
  end if;
  if not private.may(v_template.tenant_id, 'templates.manage') then
    perform private.refuse(403, 'not_allowed', 'templates.manage');
  end if;
  return v_template;
end;
$$;

-- sql/50_templates_written.sql

/*
 * Templates as people write them: drafts that are kept, handed in, deleted or taken back, and the list that
 * they ask to be read again. What Meta is to be told goes as jobs (53_template_work).
 */

/*
 * Keeps what somebody has written: {name, language, category, parameter_format, components}. A draft may
 * be incomplete. `template_id` null makes a new one; name and language of one that Meta knows stay.
 * Raises channel_not_found, template_not_found, not_allowed, template_exists, template_invalid, template_busy.
 */
create function public.save_template(channel_id uuid, template_id uuid, template jsonb)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'templates.read', 'templates.manage');
  v_draft jsonb := jsonb_build_object(
    'category', template -> 'category',
    'parameter_format', coalesce(template ->> 'parameter_format', 'POSITIONAL'),
    'components', template -> 'components'
  );
  v_template public.templates;
begin
  if coalesce(template ->> 'name', '') !~ '^[a-z0-9_]+$' or length(template ->> 'name') > 512 then
    perform private.refuse(422, 'template_invalid', 'name_invalid');
  elsif coalesce(template ->> 'language', '') !~ '^[a-z]{2,3}(_[A-Z]{2,4})?$' then
    perform private.refuse(422, 'template_invalid', 'language_invalid');
  elsif coalesce(template ->> 'category', '') not in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then
    perform private.refuse(422, 'template_invalid', 'category_missing');
  elsif v_draft ->> 'parameter_format' not in ('POSITIONAL', 'NAMED')
    or jsonb_typeof(v_draft -> 'components') is distinct from 'array'
    or pg_column_size(v_draft) > 200000
  then
    perform private.refuse(422, 'template_invalid', 'components_invalid');
  end if;

  if template_id is not null then
    v_template := private.lock_template(template_id);
    if v_template.tenant_id <> v_channel.tenant_id or v_template.waba_id <> v_channel.waba_id then
      perform private.refuse(404, 'template_not_found');
    end if;
    if v_template.work is not null then
      perform private.refuse(409, 'template_busy');
    end if;
  else
    -- What Meta has forgotten may be written anew under its name.
    select t.* into v_template
    from public.templates t
    where t.tenant_id = v_channel.tenant_id
      and t.waba_id = v_channel.waba_id
      and t.name = template ->> 'name'
      and t.language = template ->> 'language'
      and t.status = 'DELETED'
      and t.draft is null
    for update;
  end if;

  begin
    if v_template.id is null then
      insert into public.templates (tenant_id, waba_id, name, language, category, parameter_format, draft, created_by)
      values (
        v_channel.tenant_id, v_channel.waba_id, template ->> 'name', template ->> 'language',
        template ->> 'category', v_draft ->> 'parameter_format', v_draft, auth.uid()
      )
      returning * into v_template;
    else
      update public.templates t
      set
        name = case when t.external_id is null then template ->> 'name' else t.name end,
        language = case when t.external_id is null then template ->> 'language' else t.language end,
        category = case when t.external_id is null then template ->> 'category' else t.category end,
        parameter_format = case when t.external_id is null then v_draft ->> 'parameter_format' else t.parameter_format end,
        status = case when t.status = 'DELETED' then 'DRAFT' else t.status end,
        external_id = case when t.status = 'DELETED' then null else t.external_id end,
        components = case when t.status = 'DELETED' then null else t.components end,
        draft = v_draft,
        refusal = null
      where t.id = v_template.id
      returning t.* into v_template;
    end if;
  exception when unique_violation then
    perform private.refuse(409, 'template_exists');
  end;

  return v_template;
end;
$$;

/*
 * Hands a draft to Meta for review, as a new template or as an edit of one it knows. Asked twice, it is
 * handed in once. Raises template_not_found, not_allowed, template_nothing_to_submit, template_invalid.
 */
create function public.submit_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work = 'submit' then
    return v_template;
  end if;
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.draft is null then
    perform private.refuse(409, 'template_nothing_to_submit');
  end if;
  perform private.check_template_draft(v_template.draft ->> 'category', v_template.draft -> 'components');

  update public.templates t
  set
    work = 'submit',
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;

  perform private.note_template(v_template, 'submitted', '', null, clock_timestamp());
  perform graphile_worker.add_job(
    'template__submit',
    json_build_object('template_id', v_template.id),
    queue_name => 'templates:' || v_template.waba_id,
    job_key => 'template:' || v_template.id
  );
  return v_template;
end;
$$;

/*
 * Forgets a draft at once; what Meta knows is deleted there first. Returns the row as it is now, null where
 * it is gone. Raises template_not_found, not_allowed, template_busy.
 */
create function public.delete_template(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work = 'delete' or v_template.status = 'DELETED' then
    return v_template;
  end if;
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.external_id is null then
    delete from public.templates t where t.id = v_template.id;
    return null;
  end if;

  update public.templates t
  set
    work = 'delete',
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;

  perform private.note_template(v_template, 'deleted', '', null, clock_timestamp());
  perform graphile_worker.add_job(
    'template__delete',
    json_build_object('template_id', v_template.id),
    queue_name => 'templates:' || v_template.waba_id,
    job_key => 'template:' || v_template.id
  );
  return v_template;
end;
$$;

/* Takes back changes that Meta has not been given: the template is again what Meta holds. Raises template_not_found, not_allowed, template_busy. */
create function public.discard_template_draft(template_id uuid)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates := private.lock_template(template_id);
begin
  if v_template.work is not null then
    perform private.refuse(409, 'template_busy');
  end if;
  if v_template.external_id is null then
    return v_template;
  end if;
  update public.templates t
  set
    draft = null,
    refusal = null
  where t.id = v_template.id
  returning t.* into v_template;
  return v_template;
end;
$$;

/*
 * Asks for the account's list to be read again, by whoever may manage its templates. Twice within 15
 * seconds is once: the second answer tells how the first is doing. Raises channel_not_found, not_allowed.
 */
create function public.sync_templates(channel_id uuid)
  returns public.template_syncs
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'templates.read', 'templates.manage');
  v_sync public.template_syncs;
begin
  select s.* into v_sync
  from public.template_syncs s
  where s.tenant_id = v_channel.tenant_id
    and s.waba_id = v_channel.waba_id;
  if v_sync.requested_at > clock_timestamp() - interval '15 seconds' then
    return v_sync;
  end if;

  perform private.enqueue_template_sync(v_channel.tenant_id, v_channel.waba_id, clock_timestamp());
  insert into public.template_syncs as s (tenant_id, waba_id, status)
  values (v_channel.tenant_id, v_channel.waba_id, 'queued')
  on conflict (tenant_id, waba_id) do update
  set
    status = 'queued',
    requested_at = clock_timestamp(),
    error = null
  returning s.* into v_sync;
  return v_sync;
end;
$$;

grant execute on function
  public.save_template(uuid, uuid, jsonb),
  public.submit_template(uuid),
  public.delete_template(uuid),
  public.discard_template_draft(uuid),
  public.sync_templates(uuid)
to authenticated;

/* One job an account, however often it is asked for. */
create function private.enqueue_template_sync(tenant_id uuid, waba_id text, run_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'templates__sync',
    json_build_object('tenant_id', tenant_id, 'waba_id', waba_id),
    queue_name => 'templates:' || waba_id,
    run_at => run_at,
    job_key => 'templates:' || tenant_id || ':' || waba_id
  );
end;
$$;

-- sql/51_template_checks.sql

/*
 * Whether a template may be sent, and reads as Meta would take it: counts and names of values (132000),
 * their form (132012), the length of the text they fill (132005). Checked before a message is queued,
 * since it is the most frequent reason for a campaign to fail. core/src/whatsapp/templates/check.ts holds
 * the same rules for forms; one table of cases proves both equal.
 */

/* The names of a text's variables in the order in which they first stand in it. */
create function private.template_variables(text text)
  returns text[]
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(array_agg(name order by first), '{}')
  from (
    select m.match[1] as name, min(m.place) as first
    from regexp_matches($1, '\{\{\s*([A-Za-z0-9_]+)\s*\}\}', 'g') with ordinality m (match, place)
    group by m.match[1]
  ) v
$$;

/* The text with its variables filled in. */
create function private.fill_template_text(text text, given jsonb)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select string_agg(p.part || coalesce(given ->> m.match[1], ''), '' order by p.place)
  from unnest(regexp_split_to_array($1, '\{\{\s*[A-Za-z0-9_]+\s*\}\}')) with ordinality p (part, place)
  left join regexp_matches($1, '\{\{\s*([A-Za-z0-9_]+)\s*\}\}', 'g') with ordinality m (match, place) on m.place = p.place
$$;

/* Says what is wrong with a template message, by a code that core has a sentence for. */
create function private.refuse_template(fault text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  perform private.refuse(422, 'template_parameters_invalid', fault);
end;
$$;

/*
 * The values for the variables of one text (`part` is header or body), as {variable: value}. Raises
 * template_parameters_invalid.
 */
create function private.template_values(part text, text text, parameter_format text, parameters jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_variables text[] := private.template_variables(text);
  v_values jsonb := '{}';
  v_parameter jsonb;
  v_value text;
  v_name text;
begin
  if jsonb_array_length(parameters) <> cardinality(v_variables) then
    perform private.refuse_template(part || '_count');
  end if;
  if parameter_format = 'POSITIONAL' then
    v_variables := array(select v from unnest(v_variables) v order by length(v), v);
  end if;

  for i in 1 .. cardinality(v_variables) loop
    v_parameter := parameters -> (i - 1);
    v_name := case when parameter_format = 'NAMED' then v_parameter ->> 'parameter_name' else v_variables[i] end;
    if v_name is null or v_name <> all (v_variables) or v_values ? v_name then
      perform private.refuse_template(part || '_name');
    end if;
    v_value := case v_parameter ->> 'type'
      when 'text' then case when jsonb_typeof(v_parameter -> 'text') = 'string' then v_parameter ->> 'text' end
      when 'currency' then v_parameter #>> '{currency,fallback_value}'
      when 'date_time' then v_parameter #>> '{date_time,fallback_value}'
    end;
    if v_value is null then
      perform private.refuse_template('value_type');
    elsif btrim(v_value, E' \t\r\n') = '' then
      perform private.refuse_template('value_empty');
    elsif v_value ~ '[\n\r\t]| {5}' then
      perform private.refuse_template('value_format');
    end if;
    v_values := v_values || jsonb_build_object(v_name, v_value);
  end loop;
  return v_values;
end;
$$;

/* Checks what is given for a header. Raises template_parameters_invalid. */
create function private.check_template_header(header jsonb, parameter_format text, parameters jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_format text := coalesce(header ->> 'format', 'TEXT');
  v_kind text := lower(v_format);
  v_parameter jsonb := parameters -> 0;
  v_file jsonb;
begin
  if header is null then
    if jsonb_array_length(parameters) > 0 then
      perform private.refuse_template('header_unexpected');
    end if;
    return;
  end if;

  if v_format = 'TEXT' then
    if length(private.fill_template_text(header ->> 'text', private.template_values('header', header ->> 'text', parameter_format, parameters))) > 60 then
      perform private.refuse_template('header_too_long');
    end if;
    return;
  end if;

  if jsonb_array_length(parameters) <> 1 then
    perform private.refuse_template('header_missing');
  elsif v_parameter ->> 'type' is distinct from v_kind then
    perform private.refuse_template('header_type');
  end if;
  v_file := v_parameter -> v_kind;
  if v_kind = 'location' then
    if jsonb_typeof(v_file -> 'latitude') is null or jsonb_typeof(v_file -> 'longitude') is null then
      perform private.refuse_template('header_missing');
    end if;
  elsif coalesce(v_file ->> 'id', '') = '' and coalesce(v_file ->> 'path', '') = '' and coalesce(v_file ->> 'link', '') !~ '^https?://[^\s/]+' then
    perform private.refuse_template('header_missing');
  end if;
end;
$$;

/* Checks what is given for the buttons: `given` are the button components. Raises template_parameters_invalid. */
create function private.check_template_buttons(buttons jsonb, given jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_button jsonb;
  v_given jsonb;
  v_kind text;
  v_value jsonb;
  v_count integer := coalesce(jsonb_array_length(buttons), 0);
begin
  for v_given in select value from jsonb_array_elements(given) loop
    if coalesce(v_given ->> 'index', '') !~ '^[0-9]{1,2}$' or (v_given ->> 'index')::integer >= v_count then
      perform private.refuse_template('button_unexpected');
    end if;
  end loop;

  for i in 0 .. v_count - 1 loop
    v_button := buttons -> i;
    v_kind := v_button ->> 'type';
    if (select count(*) from jsonb_array_elements(given) g where (g.value ->> 'index')::integer = i) > 1 then
      perform private.refuse_template('button_unexpected');
    end if;
    select g.value into v_given from jsonb_array_elements(given) g where (g.value ->> 'index')::integer = i;
    v_value := v_given #> '{parameters,0}';

    if v_given is not null and lower(v_given ->> 'sub_type') is distinct from (case v_kind
      when 'URL' then 'url'
      when 'OTP' then 'url'
      when 'QUICK_REPLY' then 'quick_reply'
      when 'COPY_CODE' then 'copy_code'
      when 'FLOW' then 'flow'
      when 'CATALOG' then 'catalog'
      when 'MPM' then 'mpm'
      when 'SPM' then 'spm'
      when 'VOICE_CALL' then 'voice_call'
    end) then
      perform private.refuse_template('button_type');
    end if;

    if v_kind = 'OTP' or (v_kind = 'URL' and v_button ->> 'url' ~ '\{\{') then
      if btrim(coalesce(v_value ->> 'text', '')) = '' then
        perform private.refuse_template('button_missing');
      elsif v_value ->> 'type' is distinct from 'text' then
        perform private.refuse_template('button_type');
      elsif length(v_value ->> 'text') > 2000 or v_value ->> 'text' ~ '\s' then
        perform private.refuse_template('button_url_invalid');
      end if;
    elsif v_kind = 'URL' and v_value is not null then
      perform private.refuse_template('button_unexpected');
    elsif v_kind = 'COPY_CODE' then
      if btrim(coalesce(v_value ->> 'coupon_code', '')) = '' then
        perform private.refuse_template('button_missing');
      elsif length(v_value ->> 'coupon_code') > 15 then
        perform private.refuse_template('button_code_too_long');
      end if;
    elsif v_kind = 'QUICK_REPLY' and length(v_value ->> 'payload') > 256 then
      perform private.refuse_template('button_payload_too_long');
    end if;
    v_given := null;
  end loop;
end;
$$;

/* Checks one level of a template, the whole or one card, and returns its body filled in. Raises template_parameters_invalid. */
create function private.render_template_part(components jsonb, parameter_format text, given jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_header jsonb := (select c.value from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'HEADER' limit 1);
  v_body jsonb := (select c.value from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'BODY' limit 1);
  v_buttons jsonb := (select c.value -> 'buttons' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'BUTTONS' limit 1);
  v_part jsonb;
  v_header_values jsonb := '[]';
  v_body_values jsonb := '[]';
  v_button_values jsonb := '[]';
  v_seen text[] := '{}';
  v_text text;
begin
  if jsonb_typeof(given) is distinct from 'array' then
    perform private.refuse_template('components_invalid');
  end if;
  for v_part in select value from jsonb_array_elements(given) loop
    if jsonb_typeof(v_part) is distinct from 'object'
      or coalesce(jsonb_typeof(v_part -> 'parameters'), 'array') <> 'array'
      or coalesce(lower(v_part ->> 'type'), '') not in ('header', 'body', 'button', 'carousel', 'limited_time_offer')
      or (lower(v_part ->> 'type') <> 'button' and lower(v_part ->> 'type') = any (v_seen))
    then
      perform private.refuse_template('components_invalid');
    end if;
    v_seen := v_seen || lower(v_part ->> 'type');
    case lower(v_part ->> 'type')
      when 'header' then v_header_values := coalesce(v_part -> 'parameters', '[]');
      when 'body' then v_body_values := coalesce(v_part -> 'parameters', '[]');
      when 'button' then v_button_values := v_button_values || jsonb_build_array(v_part);
      else null;
    end case;
  end loop;

  perform private.check_template_header(v_header, parameter_format, v_header_values);
  v_text := coalesce(v_body ->> 'text', '');
  v_text := private.fill_template_text(v_text, private.template_values('body', v_text, parameter_format, v_body_values));
  -- A body that stands alone may grow longer than one among other parts (Cloud API, template messages).
  if length(v_text) > (case when jsonb_array_length(components) = 1 then 32768 else 1024 end) then
    perform private.refuse_template('body_too_long');
  end if;
  perform private.check_template_buttons(v_buttons, v_button_values);
  return v_text;
end;
$$;

/* Checks what fills a template and returns its body as it will read. Raises template_parameters_invalid. */
create function private.render_template(components jsonb, parameter_format text, given jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_given jsonb := coalesce(nullif(given, 'null'), '[]');
  v_text text := private.render_template_part(components, parameter_format, v_given);
  v_cards jsonb := (select c.value -> 'cards' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'CAROUSEL' limit 1);
  v_offer jsonb := (select c.value -> 'limited_time_offer' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'LIMITED_TIME_OFFER' limit 1);
  v_filled jsonb := (select g.value -> 'cards' from jsonb_array_elements(v_given) g where lower(g.value ->> 'type') = 'carousel' limit 1);
  v_card jsonb;
  v_until text := (select g.value #>> '{parameters,0,limited_time_offer,expiration_time_ms}' from jsonb_array_elements(v_given) g where lower(g.value ->> 'type') = 'limited_time_offer' limit 1);
begin
  if coalesce((v_offer ->> 'has_expiration')::boolean, false) and coalesce(v_until, '') !~ '^[0-9]{10,16}$' then
    perform private.refuse_template('offer_missing');
  end if;

  if jsonb_typeof(v_filled) not in ('array', 'null') or coalesce(jsonb_array_length(v_filled), 0) <> coalesce(jsonb_array_length(v_cards), 0) then
    perform private.refuse_template('cards_count');
  end if;
  for i in 0 .. coalesce(jsonb_array_length(v_cards), 0) - 1 loop
    select g.value into v_card from jsonb_array_elements(v_filled) g where g.value ->> 'card_index' = i::text limit 1;
    if not found then
      perform private.refuse_template('cards_count');
    end if;
    perform private.render_template_part(v_cards #> array[i::text, 'components'], parameter_format, coalesce(v_card -> 'components', '[]'));
  end loop;
  return v_text;
end;
$$;

-- sql/51_template_sendable.sql

/*
 * Whether a template may be sent, filled as it is, and whether one that is being written may be handed in.
 */

/*
 * Why Meta would not send this template now, or null: draft, deleted, unread, paused, refused, …. A pause that
 * has passed its time ends by itself, as Meta's does.
 */
create function private.template_stopped_by(template public.templates)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select case
    when template.problem ->> 'code' in ('132001', '132007', '132016', '132068', '132069') then 'refused'
    when template.work = 'delete' then 'pending_deletion'
    when template.status = 'PAUSED' and template.paused_until <= now() then null
    when template.status <> 'APPROVED' then lower(template.status)
    when template.components is null then 'unread'
  end
$$;

/*
 * Whether this template may be sent in this conversation with these values. Returns its body as it will
 * read, for preview and search. Raises template_not_found, template_not_sendable (detail: why),
 * template_parameters_invalid (detail: a fault that core has a sentence for).
 */
create function private.check_template(conversation public.conversations, content jsonb)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
  v_reason text;
begin
  select t.* into v_template
  from public.channels c
  join public.templates t on t.tenant_id = c.tenant_id and t.waba_id = c.waba_id
  where c.tenant_id = conversation.tenant_id
    and c.id = conversation.channel_id
    and t.name = content ->> 'name'
    and t.language = content ->> 'language'
    and (content ->> 'template_id' is null or t.id::text = lower(content ->> 'template_id'));
  if not found then
    perform private.refuse(404, 'template_not_found');
  end if;

  v_reason := private.template_stopped_by(v_template);
  if v_reason is null and v_template.category = 'MARKETING' and exists (
    select
    from public.contacts p
    where p.tenant_id = conversation.tenant_id
      and p.id = conversation.contact_id
      and p.marketing_opt_out
  ) then
    v_reason := 'opted_out';
  end if;
  if v_reason is not null then
    perform private.refuse(409, 'template_not_sendable', v_reason);
  end if;

  return private.render_template(v_template.components, v_template.parameter_format, content -> 'components');
end;
$$;

/*
 * The least a draft must have before it is handed to Meta; the form knows more rules and says them as one
 * writes. Authentication templates have no text of their own. Raises template_invalid.
 */
create function private.check_template_draft(category text, components jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_component jsonb;
  v_button jsonb;
  v_fault text;
  v_bodies integer := 0;
begin
  for v_component in select value from jsonb_array_elements(components) loop
    case upper(coalesce(v_component ->> 'type', ''))
      when 'HEADER' then
        if coalesce(v_component ->> 'format', 'TEXT') = 'TEXT' and length(coalesce(v_component ->> 'text', '')) not between 1 and 60 then
          v_fault := 'header_length';
        end if;
      when 'BODY' then
        v_bodies := v_bodies + 1;
        if category <> 'AUTHENTICATION' and length(btrim(coalesce(v_component ->> 'text', ''), E' \t\r\n')) not between 1 and 1024 then
          v_fault := 'body_length';
        end if;
      when 'FOOTER' then
        if category <> 'AUTHENTICATION' and length(coalesce(v_component ->> 'text', '')) not between 1 and 60 then
          v_fault := 'footer_length';
        end if;
      when 'BUTTONS' then
        if coalesce(jsonb_array_length(v_component -> 'buttons'), 0) not between 1 and 10 then
          v_fault := 'buttons_count';
        end if;
        for v_button in select value from jsonb_array_elements(v_component -> 'buttons') loop
          if length(coalesce(v_button ->> 'text', '')) > 25 then
            v_fault := 'button_text_length';
          end if;
        end loop;
      when 'CAROUSEL' then
        if coalesce(jsonb_array_length(v_component -> 'cards'), 0) not between 2 and 10 then
          v_fault := 'carousel_count';
        end if;
      when 'LIMITED_TIME_OFFER' then null;
      else v_fault := 'components_invalid';
    end case;
  end loop;
  if v_bodies <> 1 then
    v_fault := 'body_length';
  end if;
  if v_fault is not null then
    perform private.refuse(422, 'template_invalid', v_fault);
  end if;
end;
$$;

-- sql/52_template_notices.sql

/*
 * What Meta tells about templates: status, category (also one that is about to change), quality, text.
 * Notices come in any order and more than once: each kind keeps the provider's time of what it last
 * applied, and an older word never undoes a newer one, nor what a later reading of the whole list has
 * shown. Every notice stands in the template's events, whatever came of it.
 */

/* Of two states told in one second the later in a template's life holds. */
create function private.template_rank(word text)
  returns integer
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(array_position(
    array['DRAFT', 'UNKNOWN', 'GREEN', 'YELLOW', 'RED', 'PENDING', 'IN_APPEAL', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'ARCHIVED', 'PENDING_DELETION', 'DELETED'],
    $1
  ), 0)
$$;

/*
 * The template a notice speaks of, locked; made where nobody here knows it yet, its text unread. Null where
 * the notice names none, or one of the same name that has been replaced since.
 */
create function private.template_of_notice(tenant_id uuid, waba_id text, payload jsonb, at timestamptz)
  returns public.templates
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_external_id text := payload ->> 'message_template_id';
  v_name text := payload ->> 'message_template_name';
  v_language text := replace(payload ->> 'message_template_language', '-', '_');
  v_template public.templates;
begin
  select t.* into v_template
  from public.templates t
  where t.tenant_id = $1
    and t.waba_id = $2
    and t.external_id = v_external_id
  for update;
  if found or v_external_id is null or v_name !~ '^[a-z0-9_]+$' or length(v_name) > 512 or v_language !~ '^[a-z]{2,3}(_[A-Z]{2,4})?$' then
    return v_template;
  end if;

  insert into public.templates (tenant_id, waba_id, name, language, external_id, status)
  values ($1, $2, v_name, v_language, v_external_id, 'PENDING')
  on conflict on constraint templates_tenant_id_waba_id_name_language_key do nothing
  returning * into v_template;
  if found then
    return v_template;
  end if;

  -- Ours, whose answer this notice has overtaken; or another that has taken the name of one that is gone.
  update public.templates t
  set
    external_id = v_external_id,
    status = case when t.external_id is null then 'PENDING' else t.status end
  where t.tenant_id = $1
    and t.waba_id = $2
    and t.name = v_name
    and t.language = v_language
    and (
      t.external_id is null
      or (
        (t.status = 'DELETED' or $4 > t.status_at)
        and coalesce(payload ->> 'event', '') not in ('DELETED', 'PENDING_DELETION')
      )
    )
  returning t.* into v_template;
  return v_template;
end;
$$;

/* Applies one notice about a template, and has the account's list read again. */
create function private.apply_template_notice(tenant_id uuid, channel_id uuid, field text, payload jsonb, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_waba_id text := (select c.waba_id from public.channels c where c.id = $2 and c.tenant_id = $1);
  v_template public.templates;
  -- What a reading of the whole list has shown is newer than any notice before it.
  v_read_at timestamptz;
begin
  v_template := private.template_of_notice(tenant_id, v_waba_id, payload, at);
  if v_template.id is null then
    return;
  end if;
  select case when v_template.components is null then '-infinity' else s.read_at end into v_read_at
  from public.template_syncs s
  where s.tenant_id = $1
    and s.waba_id = v_waba_id;
  v_read_at := coalesce(v_read_at, '-infinity');

  case field
    when 'message_template_status_update' then
      perform private.apply_template_status(v_template, payload, at, v_read_at);
    when 'message_template_quality_update' then
      perform private.apply_template_quality(v_template, payload, at, v_read_at);
    when 'template_category_update' then
      perform private.apply_template_category(v_template, payload, at, v_read_at);
    when 'message_template_components_update' then
      perform private.apply_template_components(v_template, payload, at, v_read_at);
    else
      return;
  end case;

  perform graphile_worker.add_job(
    'templates__sync',
    json_build_object('tenant_id', tenant_id, 'waba_id', v_waba_id),
    queue_name => 'templates:' || v_waba_id,
    -- Notices come in bursts: one reading serves them.
    run_at => clock_timestamp() + interval '5 seconds',
    job_key => 'templates:' || tenant_id || ':' || v_waba_id,
    job_key_mode => 'preserve_run_at'
  );
end;
$$;

/* message_template_status_update: {event, reason, rejection_info, other_info, disable_info}. */
create function private.apply_template_status(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event text := upper(coalesce(payload ->> 'event', ''));
  v_pause text := payload #>> '{other_info,title}';
  v_status text := case
    when v_event in ('REINSTATED', 'UNPAUSED', 'UNPAUSE', 'UNARCHIVED') then 'APPROVED'
    when v_event in ('PENDING', 'APPROVED', 'REJECTED', 'PAUSED', 'DISABLED', 'IN_APPEAL', 'ARCHIVED', 'PENDING_DELETION', 'DELETED') then v_event
    -- FLAGGED, LOCKED, LIMIT_EXCEEDED and words yet unknown: to be read, no state of their own.
  end;
begin
  perform private.note_template(template, 'status', v_event, payload, at);
  if v_status is null or at <= read_at then
    return;
  end if;

  update public.templates t
  set
    status = v_status,
    status_at = at,
    rejected_reason = case when v_status = 'REJECTED' then nullif(payload ->> 'reason', 'NONE') end,
    status_detail = coalesce(payload -> 'rejection_info', payload -> 'other_info', payload -> 'disable_info'),
    -- Meta pauses for three hours, then for six, then disables.
    paused_until = case
      when v_status <> 'PAUSED' then null
      when v_pause = 'FIRST_PAUSE' then at + interval '3 hours'
      when v_pause = 'SECOND_PAUSE' then at + interval '6 hours'
    end,
    problem = case when v_status = 'APPROVED' and (t.problem ->> 'at')::timestamptz > at then t.problem end,
    work = case when v_status = 'DELETED' then null else t.work end
  where t.id = template.id
    and (at, private.template_rank(v_status)) > (t.status_at, private.template_rank(t.status));
end;
$$;

/* message_template_quality_update: {previous_quality_score, new_quality_score}. */
create function private.apply_template_quality(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_quality text := upper(payload ->> 'new_quality_score');
begin
  perform private.note_template(template, 'quality', v_quality, payload, at);
  update public.templates t
  set
    quality = v_quality,
    quality_at = at
  where t.id = template.id
    and v_quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN')
    and at > read_at
    and (at, private.template_rank(v_quality)) > (t.quality_at, private.template_rank(t.quality));
end;
$$;

/*
 * template_category_update: {previous_category, new_category} when it has changed; {new_category,
 * correct_category, category_update_timestamp} when it is going to, and `new_category` is what holds until then.
 */
create function private.apply_template_category(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_now text := upper(payload ->> 'new_category');
  v_next text := upper(payload ->> 'correct_category');
  v_changes_at timestamptz;
begin
  if payload ->> 'category_update_timestamp' ~ '^[0-9]{1,12}$' then
    v_changes_at := to_timestamp((payload ->> 'category_update_timestamp')::double precision);
  end if;
  perform private.note_template(
    template,
    case when v_next is null then 'category' else 'category_announced' end,
    coalesce(v_next, v_now), payload, at
  );
  update public.templates t
  set
    category = v_now,
    previous_category = upper(payload ->> 'previous_category'),
    next_category = v_next,
    category_changes_at = v_changes_at,
    category_at = at
  where t.id = template.id
    and v_now in ('MARKETING', 'UTILITY', 'AUTHENTICATION')
    and at > read_at
    -- In one second, what has happened comes after its announcement.
    and (at, v_next is null, v_now) > (t.category_at, t.next_category is null, coalesce(t.category, ''));
end;
$$;

/* message_template_components_update: the texts as they read from now on; everything else comes with the list. */
create function private.apply_template_components(template public.templates, payload jsonb, at timestamptz, read_at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_body text := payload ->> 'message_template_element';
begin
  perform private.note_template(template, 'components', '', payload, at);
  update public.templates t
  set
    components = (
      select jsonb_agg(
        case
          when upper(c.value ->> 'type') = 'BODY' and v_body is not null then c.value || jsonb_build_object('text', v_body)
          when upper(c.value ->> 'type') = 'HEADER' and c.value ->> 'format' = 'TEXT' and payload ? 'message_template_title'
            then c.value || jsonb_build_object('text', payload -> 'message_template_title')
          when upper(c.value ->> 'type') = 'FOOTER' and payload ? 'message_template_footer'
            then c.value || jsonb_build_object('text', payload -> 'message_template_footer')
          else c.value
        end
        order by c.ordinality
      )
      from jsonb_array_elements(t.components) with ordinality c
    ),
    components_at = at
  where t.id = template.id
    and jsonb_array_length(t.components) > 0
    and at > read_at
    and (at, coalesce(v_body, '')) > (
      t.components_at,
      coalesce((select c.value ->> 'text' from jsonb_array_elements(t.components) c where upper(c.value ->> 'type') = 'BODY' limit 1), '')
    );
end;
$$;

/*
 * Meta has refused to send this template: paused (132015), disabled (132016), unknown (132001), against a
 * policy (132007), filled in another way than it wants (132000, 132005, 132012). Whoever runs the templates
 * is told; what cannot be sent is refused from now on, until the list has been read again.
 */
create function private.stop_template(channel_id uuid, name text, language text, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
  v_template public.templates;
  v_code text := error ->> 'code';
begin
  select c.* into v_channel from public.channels c where c.id = $1;
  -- Not `status_at`: a notice tells it by the provider's clock, and with how long it lasts.
  update public.templates t
  set
    status = case v_code when '132015' then 'PAUSED' when '132016' then 'DISABLED' else t.status end,
    paused_until = case when v_code = '132015' and t.paused_until > now() then t.paused_until end,
    problem = jsonb_build_object(
      'code', v_code,
      'title', error -> 'title',
      'details', error -> 'details',
      'at', clock_timestamp()
    )
  where t.tenant_id = v_channel.tenant_id
    and t.waba_id = v_channel.waba_id
    and t.name = $2
    and t.language = $3
  returning t.* into v_template;
  if not found then
    return;
  end if;

  perform private.note_template(v_template, 'stopped', v_code, error, date_trunc('minute', clock_timestamp()));
  perform private.enqueue_template_sync(v_template.tenant_id, v_template.waba_id, clock_timestamp() + interval '5 seconds');
end;
$$;

-- sql/53_template_work.sql

/*
 * What the worker does at Meta for templates: reads an account's whole list, hands drafts in, deletes. Each
 * call to Meta stands between two of these functions, so that a crash between leaves the row as it was.
 */

/* Has every account's list read again, spread over the next half hour. Returns how many. */
create function private.enqueue_template_syncs()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  select count(private.enqueue_template_sync(a.tenant_id, a.waba_id, clock_timestamp() + random() * interval '30 minutes')) into v_count
  from (
    select distinct c.tenant_id, c.waba_id
    from public.channels c
    join private.channel_secrets s on s.channel_id = c.id and s.name = 'access_token'
    where c.type = 'whatsapp'
      and c.status = 'connected'
  ) a;
  return v_count;
end;
$$;

/* A channel that can speak for an account, and its token, still encrypted; connected ones first. */
create function private.template_access(tenant_id uuid, waba_id text)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'channel_id', c.id,
    'waba_id', c.waba_id,
    'token', jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
  )
  from public.channels c
  join private.channel_secrets s on s.channel_id = c.id and s.name = 'access_token'
  where c.tenant_id = $1
    and c.waba_id = $2
  order by c.status <> 'connected', c.created_at, c.id
  limit 1
$$;

/* Begins a reading of an account's list. Null where no channel can speak for it. */
create function private.start_template_sync(tenant_id uuid, waba_id text)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_access jsonb := private.template_access(tenant_id, waba_id);
begin
  if v_access is null then
    return null;
  end if;
  insert into public.template_syncs as s (tenant_id, waba_id, status, started_at)
  values ($1, $2, 'running', clock_timestamp())
  on conflict on constraint template_syncs_pkey do update
  set
    status = 'running',
    found = 0,
    error = null,
    started_at = clock_timestamp();
  -- A few seconds early: our clock may run ahead of the provider's, and would hide the notices of its next moments.
  return v_access || jsonb_build_object('at', clock_timestamp() - interval '5 seconds');
end;
$$;

/* Keeps one page of an account's list, as it stood at `at`. A row changes only where Meta says something new. */
create function private.store_templates(tenant_id uuid, waba_id text, at timestamptz, page jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_item jsonb;
begin
  for v_item in
    select p.value || jsonb_build_object('language', replace(p.value ->> 'language', '-', '_'))
    from jsonb_array_elements(page) p
    where p.value ->> 'name' ~ '^[a-z0-9_]+$'
      and length(p.value ->> 'name') <= 512
      and replace(p.value ->> 'language', '-', '_') ~ '^[a-z]{2,3}(_[A-Z]{2,4})?$'
      and p.value ->> 'id' is not null
      and p.value ->> 'status' ~ '^[A-Z_]{2,40}$'
    order by p.value ->> 'id'
  loop
    perform private.store_template(tenant_id, waba_id, at, v_item);
  end loop;

  update public.template_syncs s
  set found = s.found + jsonb_array_length(page)
  where s.tenant_id = $1
    and s.waba_id = $2;
end;
$$;

/* Keeps one template as Meta's list gives it. */
create function private.store_template(tenant_id uuid, waba_id text, at timestamptz, item jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.templates;
  v_after public.templates;
  v_quality text := upper(coalesce(item #>> '{quality_score,score}', case when jsonb_typeof(item -> 'quality_score') = 'string' then item ->> 'quality_score' end, 'UNKNOWN'));
begin
  select t.* into v_before
  from public.templates t
  where t.tenant_id = $1
    and t.waba_id = $2
    and (t.external_id = item ->> 'id' or (t.name = item ->> 'name' and t.language = item ->> 'language'))
  order by t.external_id = item ->> 'id' desc nulls last
  limit 1
  for update;
  if not found then
    insert into public.templates (tenant_id, waba_id, name, language, external_id, status)
    values ($1, $2, item ->> 'name', item ->> 'language', item ->> 'id', 'PENDING')
    on conflict on constraint templates_tenant_id_waba_id_name_language_key do nothing
    returning * into v_before;
    if not found then
      return;
    end if;
  end if;

  v_after := v_before;
  v_after.external_id := item ->> 'id';
  if at > v_before.status_at or v_before.status = 'DRAFT' then
    if item ->> 'status' <> v_before.status then
      v_after.paused_until := null;
      v_after.status_detail := null;
      v_after.status_at := greatest(at, v_before.status_at);
    end if;
    v_after.status := item ->> 'status';
    v_after.rejected_reason := case when v_after.status = 'REJECTED' then nullif(item ->> 'rejected_reason', 'NONE') end;
  end if;
  if at > v_before.quality_at and v_quality in ('GREEN', 'YELLOW', 'RED', 'UNKNOWN') and v_quality <> v_before.quality then
    v_after.quality := v_quality;
    v_after.quality_at := at;
  end if;
  if at > v_before.category_at and item ->> 'category' in ('MARKETING', 'UTILITY', 'AUTHENTICATION') then
    v_after.category := item ->> 'category';
    v_after.previous_category := coalesce(nullif(item ->> 'previous_category', ''), case when v_after.category = v_before.category then v_before.previous_category end);
    if v_after.category = v_before.next_category then
      v_after.next_category := null;
      v_after.category_changes_at := null;
    end if;
  end if;
  if (at > v_before.components_at or v_before.components is null) and jsonb_typeof(item -> 'components') = 'array' then
    v_after.components := item -> 'components';
    v_after.parameter_format := case when item ->> 'parameter_format' = 'NAMED' then 'NAMED' else 'POSITIONAL' end;
  end if;
  if (v_before.problem ->> 'at')::timestamptz < at then
    v_after.problem := null;
  end if;
  if v_after is not distinct from v_before then
    return;
  end if;

  update public.templates t
  set
    external_id = v_after.external_id,
    status = v_after.status,
    status_at = v_after.status_at,
    status_detail = v_after.status_detail,
    paused_until = v_after.paused_until,
    rejected_reason = v_after.rejected_reason,
    quality = v_after.quality,
    quality_at = v_after.quality_at,
    category = v_after.category,
    previous_category = v_after.previous_category,
    next_category = v_after.next_category,
    category_changes_at = v_after.category_changes_at,
    components = v_after.components,
    parameter_format = v_after.parameter_format,
    problem = v_after.problem,
    synced_at = at
  where t.id = v_before.id;

  -- What nobody had told: the first reading of a template is no news.
  if v_before.components is null then
    return;
  end if;
  if v_after.status <> v_before.status then
    perform private.note_template(v_after, 'status', v_after.status, '{"source": "list"}', at);
  end if;
  if v_after.quality <> v_before.quality then
    perform private.note_template(v_after, 'quality', v_after.quality, jsonb_build_object('source', 'list', 'previous_quality_score', v_before.quality), at);
  end if;
  if v_after.category is distinct from v_before.category then
    perform private.note_template(v_after, 'category', v_after.category, jsonb_build_object('source', 'list', 'previous_category', v_before.category), at);
  end if;
  if v_after.components <> v_before.components then
    perform private.note_template(v_after, 'components', '', '{"source": "list"}', at);
  end if;
end;
$$;

/*
 * Ends a reading. Without an error the list was whole: what Meta knew before and does not name now is
 * deleted there. With one, nothing is concluded from what is missing.
 */
create function private.finish_template_sync(tenant_id uuid, waba_id text, at timestamptz, ids jsonb, error jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  if error is null then
    for v_template in
      update public.templates t
      set
        status = 'DELETED',
        status_at = greatest($3, t.status_at),
        work = null
      where t.tenant_id = $1
        and t.waba_id = $2
        and t.external_id is not null
        and t.status <> 'DELETED'
        and t.created_at < $3
        and t.status_at < $3
        and not ids ? t.external_id
      returning t.*
    loop
      perform private.note_template(v_template, 'status', 'DELETED', '{"source": "list"}', at);
    end loop;
  end if;

  update public.template_syncs s
  set
    status = case when $5 is null then 'done' else 'failed' end,
    error = $5,
    finished_at = clock_timestamp(),
    read_at = case when $5 is null then $3 else s.read_at end
  where s.tenant_id = $1
    and s.waba_id = $2;
end;
$$;

/* What a worker needs to hand a template in or to delete it. Null where nothing is asked for any more. */
create function private.claim_template_work(template_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template from public.templates t where t.id = $1 and t.work is not null;
  if not found then
    return null;
  end if;
  return jsonb_build_object(
    'work', v_template.work,
    'tenant_id', v_template.tenant_id,
    'name', v_template.name,
    'language', v_template.language,
    'external_id', v_template.external_id,
    'waba_id', v_template.waba_id,
    'draft', v_template.draft,
    'at', clock_timestamp(),
    'access', private.template_access(v_template.tenant_id, v_template.waba_id)
  );
end;
$$;

/*
 * Writes down what came of it: {result: 'done', external_id, status, category} or {result: 'refused', error}.
 * A refusal leaves the draft as it is. A notice that overtook Meta's answer holds. Settled twice, it is settled once.
 */
create function private.settle_template_work(template_id uuid, at timestamptz, outcome jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
begin
  select t.* into v_template from public.templates t where t.id = $1 and t.work is not null for update;
  if not found then
    return;
  end if;

  if outcome ->> 'result' = 'refused' then
    update public.templates t
    set
      work = null,
      refusal = outcome -> 'error' || jsonb_build_object('work', t.work)
    where t.id = v_template.id;
    perform private.note_template(v_template, 'refused', coalesce(outcome #>> '{error,subcode}', outcome #>> '{error,code}'), outcome -> 'error', clock_timestamp());
    return;
  end if;

  if v_template.work = 'delete' then
    update public.templates t
    set
      work = null,
      refusal = null,
      status = 'DELETED'
    where t.id = v_template.id;
  else
    update public.templates t
    set
      work = null,
      refusal = null,
      external_id = coalesce(outcome ->> 'external_id', t.external_id),
      -- `status_at` stays: a notice tells the review's outcome by the provider's clock, perhaps of this very second.
      status = case when t.status_at < $2 - interval '5 seconds' then coalesce(outcome ->> 'status', 'PENDING') else t.status end,
      rejected_reason = case when t.status_at < $2 - interval '5 seconds' then null else t.rejected_reason end,
      category = coalesce(outcome ->> 'category', t.draft ->> 'category'),
      parameter_format = t.draft ->> 'parameter_format',
      components = t.draft -> 'components',
      problem = null,
      draft = null
    where t.id = v_template.id;
  end if;
  perform private.enqueue_template_sync(v_template.tenant_id, v_template.waba_id, clock_timestamp() + interval '5 seconds');
end;
$$;

grant execute on function
  private.enqueue_template_syncs(),
  private.start_template_sync(uuid, text),
  private.store_templates(uuid, text, timestamptz, jsonb),
  private.finish_template_sync(uuid, text, timestamptz, jsonb, jsonb),
  private.claim_template_work(uuid),
  private.settle_template_work(uuid, timestamptz, jsonb)
to prosa_worker;

-- sql/54_channel_health.sql

/*
 * How a channel is, in one answer for its page: what arrived last, what failed, what waits to leave, what
 * the provider last said. Every part descends an index and stops early: a page may ask again and again.
 */

-- Failed messages are few among all; nothing else finds them by channel.
create index messages_failed_idx on public.messages (tenant_id, channel_id, created_at desc) where status = 'failed';

/* The newest of a channel's last 200 bodies that holds such a list. */
create function private.last_webhook_with(channel_id uuid, list text)
  returns timestamptz
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select w.received_at
  from (
    select n.received_at, n.raw
    from public.webhook_events n
    where n.channel_id = $1
    order by n.received_at desc
    limit 200
  ) w
  where position('"' || $2 || '"' in w.raw) > 0
  order by w.received_at desc
  limit 1
$$;

/* What waits to leave a channel, up to 10,000 of each kind, and since when. */
create function private.outbox_of(tenant_id uuid, channel_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'queued', queued.count,
    'sending', sending.count,
    'unknown', unknown.count,
    'oldest', least(queued.oldest, sending.oldest)
  )
  from (
    select count(*), min(m.created_at) as oldest
    from (select q.created_at from public.messages q where q.tenant_id = $1 and q.status = 'queued' and q.channel_id = $2 limit 10000) m
  ) queued
  cross join (
    select count(*), min(m.created_at) as oldest
    from (select s.created_at from public.messages s where s.tenant_id = $1 and s.status = 'sending' and s.channel_id = $2 limit 10000) m
  ) sending
  cross join (
    select count(*)
    from public.message_attempts a
    join public.messages m on m.tenant_id = a.tenant_id and m.id = a.message_id and m.created_at = a.message_created_at
    where (a.result is null or a.result = 'unknown')
      and a.started_at > now() - interval '7 days'
      and a.tenant_id = $1
      and m.channel_id = $2
      and m.status = 'sending'
      and a.result = 'unknown'
  ) unknown
$$;

/*
 * The health of a channel: {channel, callback, last, errors, outbox, check, events}. Never a secret: of these only
 * whether there is one. Raises channel_not_found.
 */
create function public.channel_health(channel_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels := private.channel_for(channel_id, 'channels.read', null);
begin
  return jsonb_build_object(
    'channel', to_jsonb(v_channel),
    'own_app', exists (select from private.channel_secrets s where s.channel_id = v_channel.id and s.name = 'app_secret'),
    'has_token', exists (select from private.channel_secrets s where s.channel_id = v_channel.id and s.name = 'access_token'),
    'last', jsonb_build_object(
      'webhook', (
        select w.received_at from public.webhook_events w where w.channel_id = v_channel.id order by w.received_at desc limit 1
      ),
      'message', private.last_webhook_with(v_channel.id, 'messages'),
      'status', private.last_webhook_with(v_channel.id, 'statuses')
    ),
    'errors', (
      select coalesce(jsonb_agg(jsonb_build_object('code', e.code, 'count', e.count, 'last', e.last) order by e.count desc, e.code), '[]')
      from (
        select coalesce(m.error ->> 'code', 'unknown') as code, count(*), max(m.created_at) as last
        from public.messages m
        where m.tenant_id = v_channel.tenant_id
          and m.channel_id = v_channel.id
          and m.status = 'failed'
          and m.created_at > now() - interval '24 hours'
        group by 1
        limit 20
      ) e
    ),
    'failed_webhooks', (
      select count(*)
      from (
        select
        from public.webhook_events w
        where w.tenant_id = v_channel.tenant_id
          and w.status in ('failed', 'pending')
          and w.channel_id = v_channel.id
          and w.dismissed_at is null
        limit 1000
      ) f
    ),
    'outbox', private.outbox_of(v_channel.tenant_id, v_channel.id),
    'check', (
      select to_jsonb(k) - 'channel_id'
      from private.channel_checks k
      where k.channel_id = v_channel.id
    ),
    'events', (
      select coalesce(jsonb_agg(jsonb_build_object('id', e.id, 'field', e.field, 'payload', e.payload, 'at', e.occurred_at) order by e.occurred_at desc, e.id), '[]')
      from (
        select n.*
        from public.channel_events n
        where n.tenant_id = v_channel.tenant_id
          and n.channel_id = v_channel.id
        order by n.occurred_at desc
        limit 30
      ) e
    )
  );
end;
$$;

grant execute on function public.channel_health(uuid) to authenticated;

-- sql/60_summaries.sql

/*
 * A conversation in a few sentences, written by the workers and shown at the head of its details. `up_to_seq` says how far
 * it reaches: what was said since is counted beside it. `points` are the facts one would ask first, each {label, value}.
 */

create table public.conversation_summaries (
  tenant_id uuid not null,
  conversation_id uuid not null,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  text text not null check (length(text) between 1 and 4000),
  points jsonb not null default '[]' check (jsonb_typeof(points) = 'array'),
  up_to_seq bigint not null check (up_to_seq >= 0),
  made_by text not null check (length(made_by) between 1 and 80),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, conversation_id, language),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.conversation_summaries is 'Conversations in a few sentences, as workers summarised them.';

create trigger _100_touch
  before update on public.conversation_summaries
  for each row
  execute function private.tg_touch();

alter table public.conversation_summaries enable row level security;

create policy select_follower on public.conversation_summaries
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = conversation_summaries.tenant_id
        and c.id = conversation_summaries.conversation_id
    )
  );

grant select on public.conversation_summaries to authenticated;
grant select, insert, update, delete on public.conversation_summaries to service_role;

/* Tells whoever has the conversation open. */
create function private.tg_conversation_summaries__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || new.conversation_id], 'summary', to_jsonb(new));
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update on public.conversation_summaries
  for each row
  execute function private.tg_conversation_summaries__broadcast();

/*
 * Keeps the summary of a conversation in a language. One that reaches further stays: jobs may run twice and overtake each
 * other. Raises conversation_not_found.
 */
create function private.keep_summary(
  tenant_id uuid, conversation_id uuid, language text, summary text, points jsonb, up_to_seq bigint, made_by text
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not exists (select from public.conversations c where c.tenant_id = $1 and c.id = $2) then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  insert into public.conversation_summaries as s (tenant_id, conversation_id, language, text, points, up_to_seq, made_by)
  values ($1, $2, $3, $4, coalesce($5, '[]'), $6, $7)
  on conflict on constraint conversation_summaries_pkey do update
  set
    text = excluded.text,
    points = excluded.points,
    up_to_seq = excluded.up_to_seq,
    made_by = excluded.made_by
  where excluded.up_to_seq >= s.up_to_seq;
end;
$$;

grant execute on function private.keep_summary(uuid, uuid, text, text, jsonb, bigint, text) to prosa_worker, service_role;

-- sql/60_translations.sql

/*
 * What was said, in another language: one row a message and language, written by the workers (an AI, or whoever translates)
 * and shown beneath the message to those whose language it is. The words themselves are never replaced.
 */

create table public.message_translations (
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  -- Into which language, as BCP 47; and out of which, where that was recognised.
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  source_language text check (source_language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  text text not null check (length(text) between 1 and 20000),
  -- What translated it, to be told and to be found again: 'claude-…', 'deepl'.
  made_by text not null check (length(made_by) between 1 and 80),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, message_id, language),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
);

comment on table public.message_translations is 'Messages in other languages, as workers translated them.';

create index on public.message_translations (tenant_id, message_id, message_created_at);

create trigger _100_touch
  before update on public.message_translations
  for each row
  execute function private.tg_touch();

alter table public.message_translations enable row level security;

create policy select_message_reader on public.message_translations
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_translations.tenant_id
        and m.id = message_translations.message_id
        and m.created_at = message_translations.message_created_at
    )
  );

grant select on public.message_translations to authenticated;
grant select, insert, update, delete on public.message_translations to service_role;

/* Tells whoever has the thread open. */
create function private.tg_message_translations__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || m.conversation_id], 'translation', to_jsonb(new))
  from public.messages m
  where m.tenant_id = new.tenant_id
    and m.id = new.message_id
    and m.created_at = new.message_created_at;
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update on public.message_translations
  for each row
  execute function private.tg_message_translations__broadcast();

/*
 * Keeps the translation of a message; one that was there in that language is replaced. A job may run twice. Raises
 * message_not_found.
 */
create function private.keep_translation(
  tenant_id uuid, message_id uuid, language text, source_language text, translated text, made_by text
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_created_at timestamptz;
begin
  select m.created_at into v_created_at
  from public.messages m
  where m.tenant_id = $1
    and m.id = $2;
  if v_created_at is null then
    perform private.refuse(404, 'message_not_found');
  end if;
  insert into public.message_translations as t (tenant_id, message_id, message_created_at, language, source_language, text, made_by)
  values ($1, $2, v_created_at, $3, $4, $5, $6)
  on conflict on constraint message_translations_pkey do update
  set
    source_language = excluded.source_language,
    text = excluded.text,
    made_by = excluded.made_by;
end;
$$;

grant execute on function private.keep_translation(uuid, uuid, text, text, text, text) to prosa_worker, service_role;

-- sql/80_brazilian_holidays.sql

/*
 * The national holidays of Brazil, so that nobody types them: fixed days (Lei 662/1949, Lei 6.802/1980, Lei
 * 14.759/2023) and Good Friday; and the days on which banks and offices stay closed though no law says so
 * (Carnival, Corpus Christi), which are `optional`.
 */

/* Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher). */
create function private.easter(year integer)
  returns date
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  a integer := year % 19;
  b integer := year / 100;
  c integer := year % 100;
  h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  m integer := (a + 11 * h + 22 * l) / 451;
  n integer := h + l - 7 * m + 114;
begin
  return make_date(year, n / 31, n % 31 + 1);
end;
$$;

/* The holidays of a year, by day. */
create function private.brazilian_holidays(year integer)
  returns table (day date, name text, optional boolean)
  language plpgsql
  immutable
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_easter date := private.easter($1);
begin
  return query
  select x.day, x.name, x.optional
  from (
    values
      (make_date($1, 1, 1), 'Confraternização Universal', false),
      (v_easter - 48, 'Carnaval (segunda-feira)', true),
      (v_easter - 47, 'Carnaval (terça-feira)', true),
      (v_easter - 2, 'Paixão de Cristo', false),
      (make_date($1, 4, 21), 'Tiradentes', false),
      (make_date($1, 5, 1), 'Dia do Trabalho', false),
      (v_easter + 60, 'Corpus Christi', true),
      (make_date($1, 9, 7), 'Independência do Brasil', false),
      (make_date($1, 10, 12), 'Nossa Senhora Aparecida', false),
      (make_date($1, 11, 2), 'Finados', false),
      (make_date($1, 11, 15), 'Proclamação da República', false),
      (make_date($1, 11, 20), 'Consciência Negra', false),
      (make_date($1, 12, 25), 'Natal', false)
  ) x (day, name, optional)
  where x.name <> 'Consciência Negra' or $1 >= 2024
  order by x.day;
end;
$$;

/*
 * Puts the national holidays of a year on the company's list, the optional ones where asked for. A day that is
 * there already stays as it is. Gives how many came. Raises tenant_not_found, not_allowed, year_invalid.
 */
create function public.add_brazilian_holidays(tenant_id uuid, year integer, with_optional boolean default false)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  perform private.require($1, 'hours.manage');
  if year is null or year not between 2000 and 2199 then
    perform private.refuse(422, 'year_invalid');
  end if;
  insert into public.holidays (tenant_id, day, name)
  select $1, b.day, b.name
  from private.brazilian_holidays(year) b
  where with_optional or not b.optional
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function public.add_brazilian_holidays(uuid, integer, boolean) to authenticated;

-- sql/80_business_hours.sql

/*
 * When a company answers. One schedule for the company and, where a team keeps other hours, one for the
 * team: days, holidays, what is said to whoever writes outside them, and how soon an answer is promised.
 * A company without a schedule is always open and promises nothing.
 *
 * Hours are spans of local time. What is asked of them (open now? when next? which instant is 30 working
 * minutes from here?) is arithmetic on multiranges of instants, so that daylight saving needs no rule.
 */

/* Spans of one day, `[["08:00", "12:00"], ["13:00", "18:00"]]`: in order, none touching another. */
create function private.are_spans(spans jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_span jsonb;
  v_end text := '';
begin
  if jsonb_typeof(spans) is distinct from 'array' or jsonb_array_length(spans) > 6 then
    return false;
  end if;
  for v_span in select jsonb_array_elements(spans) loop
    if jsonb_typeof(v_span) <> 'array'
      or jsonb_array_length(v_span) <> 2
      or v_span ->> 0 !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
      or v_span ->> 1 !~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
      or (v_span ->> 0) collate "C" >= (v_span ->> 1) collate "C"
      or (v_span ->> 0) collate "C" <= v_end collate "C"
    then
      return false;
    end if;
    v_end := v_span ->> 1;
  end loop;
  return true;
end;
$$;

/* A week by ISO day, `{"1": [["08:00", "18:00"]], …, "7": []}`; a day that is missing is closed. */
create function private.is_week(week jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_typeof(week) is not distinct from 'object'
    and not exists (
      select
      from jsonb_each(week) d
      where d.key !~ '^[1-7]$' or not private.are_spans(d.value)
    );
end;
$$;

/* Whether Postgres knows a time zone by this name. */
create function private.is_timezone(name text)
  returns boolean
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  perform now() at time zone name;
  return name ~ '^[A-Z][A-Za-z_]+(/[A-Z][A-Za-z_+-]+)*$' or name = 'UTC';
exception when invalid_parameter_value then
  return false;
end;
$$;

create table public.business_hours (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Null: the company's, for every team without its own.
  team_id uuid,
  timezone text not null default 'America/Sao_Paulo' check (private.is_timezone(timezone)),
  week jsonb not null default '{"1": [["08:00", "18:00"]], "2": [["08:00", "18:00"]], "3": [["08:00", "18:00"]], "4": [["08:00", "18:00"]], "5": [["08:00", "18:00"]]}'
    check (private.is_week(week)),
  -- Said once an absence to whoever writes outside the hours.
  away_enabled boolean not null default false,
  away_message text not null default '' check (length(away_message) <= 1024),
  -- How soon an answer is promised, in minutes: the first of a conversation, and each later one. Null: no promise.
  first_reply_minutes integer check (first_reply_minutes between 1 and 43200),
  next_reply_minutes integer check (next_reply_minutes between 1 and 43200),
  -- How long before a promise falls due whoever answers is warned. Null: no warning.
  warning_minutes integer check (warning_minutes between 1 and 1440),
  -- Whether the promise's clock stands still outside the hours.
  pauses_outside boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (tenant_id, team_id),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade,
  check (not away_enabled or length(btrim(away_message)) > 0)
);

comment on table public.business_hours is 'When a company, or one of its teams, answers, and how soon it promises to.';

create table public.holidays (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  -- Null: the whole company's.
  team_id uuid,
  day date not null,
  every_year boolean not null default false,
  name text not null check (length(btrim(name)) between 1 and 80),
  -- The hours of that day; none: closed.
  spans jsonb not null default '[]' check (private.are_spans(spans)),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique nulls not distinct (tenant_id, team_id, day),
  foreign key (tenant_id, team_id) references public.teams (tenant_id, id) on delete cascade
);

comment on table public.holidays is 'Days with hours of their own, most of them closed.';

create trigger _100_touch
  before update on public.business_hours
  for each row
  execute function private.tg_touch();

create trigger _100_touch
  before update on public.holidays
  for each row
  execute function private.tg_touch();

alter table public.business_hours enable row level security;
alter table public.holidays enable row level security;

create policy select_member on public.business_hours
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('tenant.read'))));

create policy select_member on public.holidays
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('tenant.read'))));

grant select on public.business_hours, public.holidays to authenticated;

/* The schedule that holds for a team: its own, or the company's; a row of nulls where there is none. */
create function private.hours_of(tenant_id uuid, team_id uuid)
  returns public.business_hours
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours;
begin
  select h.* into v_hours
  from public.business_hours h
  where h.tenant_id = $1
    and (h.team_id = $2 or h.team_id is null)
  order by h.team_id nulls last
  limit 1;
  return v_hours;
end;
$$;

/* The spans of a schedule on each day from `first` to `last`, as instants. A team's holiday goes before the company's. */
create function private.open_ranges(hours public.business_hours, first date, last date)
  returns tstzmultirange
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select coalesce(
      range_agg(
        tstzrange(
          (d.day + (s.span ->> 0)::time) at time zone hours.timezone,
          (d.day + (s.span ->> 1)::time) at time zone hours.timezone
        )
      ),
      '{}'
    )
    from (
      select n::date as day from generate_series(first::timestamp, last::timestamp, interval '1 day') n
    ) d
    left join lateral (
      select h.spans
      from public.holidays h
      where h.tenant_id = hours.tenant_id
        and (h.team_id = hours.team_id or h.team_id is null)
        and (
          h.day = d.day
          or (h.every_year and h.day < d.day and to_char(h.day, 'MMDD') = to_char(d.day, 'MMDD'))
        )
      order by h.team_id nulls last, h.every_year
      limit 1
    ) h on true
    cross join lateral jsonb_array_elements(
      coalesce(h.spans, hours.week -> to_char(d.day, 'ID'), '[]')
    ) s (span)
  );
end;
$$;

/* Whether a team answers at an instant. Without a schedule: always. */
create function private.is_open(tenant_id uuid, team_id uuid, at timestamptz default now())
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
  v_day date;
begin
  if v_hours.id is null then
    return true;
  end if;
  v_day := (at at time zone v_hours.timezone)::date;
  -- The day before too: a span may end at midnight elsewhere than where the day changes.
  return private.open_ranges(v_hours, v_day - 1, v_day) @> at;
end;
$$;

/*
 * The next instant after `at` at which a schedule opens (`opening`) or closes. Null where it never does
 * within a year.
 */
create function private.next_change(hours public.business_hours, at timestamptz, opening boolean)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_day date := (at at time zone hours.timezone)::date;
  v_days integer;
  v_at timestamptz;
begin
  foreach v_days in array array[8, 40, 400] loop
    select min(case when opening then lower(r) else upper(r) end) into v_at
    from unnest(private.open_ranges(hours, v_day - 1, v_day + v_days)) r
    where case when opening then lower(r) else upper(r) end > at;
    exit when v_at is not null;
  end loop;
  return v_at;
end;
$$;

/* The instant at which `minutes` of open time have passed since `since`. Null where a year has not so many. */
create function private.add_open_minutes(hours public.business_hours, since timestamptz, minutes integer)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_day date := (since at time zone hours.timezone)::date;
  v_wanted interval := make_interval(mins => minutes);
  v_days integer;
  v_at timestamptz;
begin
  foreach v_days in array array[8, 40, 400] loop
    select upper(r) - (x.passed - v_wanted) into v_at
    from (
      select r, sum(upper(r) - greatest(lower(r), since)) over (order by r) as passed
      from unnest(private.open_ranges(hours, v_day - 1, v_day + v_days)) r
      where upper(r) > since
    ) x
    where x.passed >= v_wanted
    order by x.r
    limit 1;
    exit when v_at is not null;
  end loop;
  return v_at;
end;
$$;

/* How much of the time between two instants a team was open; all of it where there is no schedule. */
create function private.open_time(tenant_id uuid, team_id uuid, since timestamptz, until timestamptz)
  returns interval
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
begin
  if until <= since then
    return interval '0';
  end if;
  if v_hours.id is null then
    return until - since;
  end if;
  return (
    select coalesce(sum(upper(r) - lower(r)), interval '0')
    from unnest(
      private.open_ranges(
        v_hours,
        (since at time zone v_hours.timezone)::date - 1,
        (until at time zone v_hours.timezone)::date
      ) * tstzmultirange(tstzrange(since, until))
    ) r
  );
end;
$$;

/*
 * Whether the company and each of its teams is open, and when that changes next: for the inbox's header and
 * the settings. Raises tenant_not_found.
 */
create function public.opening_now(tenant_id uuid)
  returns table (team_id uuid, is_open boolean, changes_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'tenant.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select h.team_id, x.is_open, private.next_change(h, now(), not x.is_open)
  from public.business_hours h
  cross join lateral (select private.is_open(h.tenant_id, h.team_id) as is_open) x
  where h.tenant_id = $1
  order by h.team_id nulls first;
end;
$$;

grant execute on function public.opening_now(uuid) to authenticated;

-- sql/80_business_hours_written.sql

/* How schedules and holidays are written: by whoever has hours.manage, each value checked before it is kept. */

/*
 * Writes the schedule of the company (`team_id` null) or of a team: {timezone, week, away_enabled, away_message,
 * first_reply_minutes, next_reply_minutes, warning_minutes, pauses_outside}; what is not named stays. Raises tenant_not_found,
 * not_allowed, team_not_found, hours_invalid (detail: the rule that is broken).
 */
create function public.save_business_hours(tenant_id uuid, team_id uuid, hours jsonb)
  returns public.business_hours
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_hours public.business_hours;
begin
  perform private.require($1, 'hours.manage');
  begin
    insert into public.business_hours (tenant_id, team_id, timezone)
    select t.id, $2, coalesce((select h.timezone from public.business_hours h where h.tenant_id = t.id and h.team_id is null), t.timezone)
    from public.tenants t
    where t.id = $1
    on conflict do nothing;

    update public.business_hours h
    set
      timezone = coalesce(hours ->> 'timezone', h.timezone),
      week = coalesce(hours -> 'week', h.week),
      away_enabled = coalesce((hours ->> 'away_enabled')::boolean, h.away_enabled),
      away_message = coalesce(hours ->> 'away_message', h.away_message),
      first_reply_minutes = case when hours ? 'first_reply_minutes' then (hours ->> 'first_reply_minutes')::integer else h.first_reply_minutes end,
      next_reply_minutes = case when hours ? 'next_reply_minutes' then (hours ->> 'next_reply_minutes')::integer else h.next_reply_minutes end,
      warning_minutes = case when hours ? 'warning_minutes' then (hours ->> 'warning_minutes')::integer else h.warning_minutes end,
      pauses_outside = coalesce((hours ->> 'pauses_outside')::boolean, h.pauses_outside)
    where h.tenant_id = $1
      and h.team_id is not distinct from $2
    returning h.* into v_hours;
  exception
    when foreign_key_violation then
      perform private.refuse(404, 'team_not_found');
    when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
      perform private.refuse(422, 'hours_invalid', sqlerrm);
  end;
  return v_hours;
end;
$$;

/*
 * Takes a schedule away: a team then keeps the company's hours, a company is then always open. Its holidays stay.
 * Raises tenant_not_found, not_allowed.
 */
create function public.delete_business_hours(tenant_id uuid, team_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'hours.manage');
  delete from public.business_hours h
  where h.tenant_id = $1
    and h.team_id is not distinct from $2;
end;
$$;

/*
 * Writes a holiday, or changes one: {day, name, every_year, spans, team_id}. Raises tenant_not_found, not_allowed,
 * holiday_not_found, holiday_exists, team_not_found, hours_invalid (detail: the rule that is broken).
 */
create function public.save_holiday(tenant_id uuid, holiday_id uuid, holiday jsonb)
  returns public.holidays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_holiday public.holidays;
begin
  perform private.require($1, 'hours.manage');
  begin
    if holiday_id is null then
      insert into public.holidays (tenant_id, team_id, day, name, every_year, spans)
      values (
        $1, (holiday ->> 'team_id')::uuid, (holiday ->> 'day')::date, btrim(holiday ->> 'name'),
        coalesce((holiday ->> 'every_year')::boolean, false), coalesce(holiday -> 'spans', '[]')
      )
      returning * into v_holiday;
    else
      update public.holidays h
      set
        day = coalesce((holiday ->> 'day')::date, h.day),
        name = coalesce(btrim(holiday ->> 'name'), h.name),
        every_year = coalesce((holiday ->> 'every_year')::boolean, h.every_year),
        spans = coalesce(holiday -> 'spans', h.spans)
      where h.tenant_id = $1
        and h.id = holiday_id
      returning h.* into v_holiday;
      if v_holiday.id is null then
        perform private.refuse(404, 'holiday_not_found');
      end if;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'holiday_exists');
    when foreign_key_violation then
      perform private.refuse(404, 'team_not_found');
    when check_violation or not_null_violation or invalid_text_representation or datetime_field_overflow or invalid_datetime_format then
      perform private.refuse(422, 'hours_invalid', sqlerrm);
  end;
  return v_holiday;
end;
$$;

/* Takes a holiday off the list. Raises holiday_not_found, not_allowed. */
create function public.delete_holiday(holiday_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select h.tenant_id into v_tenant_id
  from public.holidays h
  where h.id = $1
    and h.tenant_id = any (array(select private.my_tenant_ids('tenant.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'holiday_not_found');
  end if;
  perform private.require(v_tenant_id, 'hours.manage');
  delete from public.holidays h where h.id = $1;
end;
$$;

grant execute on function
  public.save_business_hours(uuid, uuid, jsonb),
  public.delete_business_hours(uuid, uuid),
  public.save_holiday(uuid, uuid, jsonb),
  public.delete_holiday(uuid)
to authenticated;

-- sql/81_away.sql

/*
 * Whoever writes outside the hours is told so, once an absence. The message that arrives pays next to
 * nothing for it: a conversation knows until when it need not be looked at (`away_check_at`), and the
 * sentence itself is sent by a job.
 */

/*
 * Until when a conversation need not be looked at again. Outside the hours that is until they begin, and the
 * customer is to be told; within them ten minutes, so that a schedule that is changed meanwhile is seen by then.
 */
create function private.check_away(conversation public.conversations)
  returns timestamptz
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of(conversation.tenant_id, conversation.team_id);
begin
  if v_hours.id is null
    or not v_hours.away_enabled
    or private.is_open(conversation.tenant_id, conversation.team_id)
  then
    return now() + interval '10 minutes';
  end if;
  perform graphile_worker.add_job(
    'away__tell',
    json_build_object('conversation_id', conversation.id),
    job_key => 'away:' || conversation.id
  );
  return coalesce(private.next_change(v_hours, now(), true), now() + interval '1 day');
end;
$$;

create function private.tg_conversations__away()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.away_check_at := private.check_away(new);
  return new;
end;
$$;

create trigger _070_away
  before update on public.conversations
  for each row
  when (old.last_inbound_at is distinct from new.last_inbound_at and new.away_check_at <= now() and not new.is_spam)
  execute function private.tg_conversations__away();

/*
 * A new conversation's promise and its first look at the hours. After the insert and by an update, for what stands
 * before an insert runs with every message: they are inserts that end as updates (private.append_to_conversation).
 */
create function private.tg_conversations__begin_hours()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if (private.hours_of(new.tenant_id, new.team_id)).id is null then
    return null;
  end if;
  update public.conversations c
  set
    sla_due_at = case when new.waiting_since is not null then private.due_at(new.tenant_id, new.team_id, new.waiting_since, true) end,
    away_check_at = private.check_away(new)
  where c.id = new.id;
  return null;
end;
$$;

create trigger _060_begin_hours
  after insert on public.conversations
  for each row
  when (new.last_inbound_at is not null and not new.is_history)
  execute function private.tg_conversations__begin_hours();

/*
 * Tells a customer that nobody is there, unless somebody is by now: the hours have begun, a person has answered,
 * the conversation is closed or the window shut. The wait goes on. Once an absence, however often it is called.
 * Gives the message's id, or null.
 */
create function private.tell_away(conversation_id uuid)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_hours public.business_hours;
  v_client_id uuid;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1 for update;
  v_hours := private.hours_of(v_conversation.tenant_id, v_conversation.team_id);
  if v_hours.id is null
    or not v_hours.away_enabled
    or v_conversation.folder not in ('open', 'snoozed')
    or v_conversation.owner <> 'human'
    or v_conversation.waiting_since is null
    or coalesce(v_conversation.window_expires_at, '-infinity') <= now()
    or private.is_open(v_conversation.tenant_id, v_conversation.team_id)
  then
    return null;
  end if;

  v_client_id := md5('away|' || v_conversation.id || '|' || coalesce(private.next_change(v_hours, now(), true), 'infinity'))::uuid;
  if exists (
    select
    from private.client_keys k
    where k.tenant_id = v_conversation.tenant_id
      and k.client_id = v_client_id
  ) then
    return null;
  end if;

  return (
    private.queue_message(
      v_conversation, v_client_id, jsonb_build_object('kind', 'text', 'text', v_hours.away_message), null, 'system', null
    )
  ).id;
end;
$$;

grant execute on function private.tell_away(uuid) to prosa_worker;

-- sql/81_promises.sql

/*
 * How soon an answer is due (`sla_due_at`), kept where the wait begins and ends: in the same update, by the
 * schedule's promise. What was promised when the customer wrote stays promised when the schedule changes.
 */

/* When the one who waits since `since` is to be answered; null where nothing is promised. */
create function private.due_at(tenant_id uuid, team_id uuid, since timestamptz, is_first boolean)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
  v_minutes integer := case when is_first then v_hours.first_reply_minutes else v_hours.next_reply_minutes end;
begin
  if v_minutes is null then
    return null;
  end if;
  if not v_hours.pauses_outside then
    return since + make_interval(mins => v_minutes);
  end if;
  return private.add_open_minutes(v_hours, since, v_minutes);
end;
$$;

create function private.tg_conversations__promise()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.sla_due_at := case
    when new.waiting_since is not null
      then private.due_at(new.tenant_id, new.team_id, new.waiting_since, new.first_reply_at is null)
  end;
  return new;
end;
$$;

create trigger _060_promise
  before update on public.conversations
  for each row
  when (old.waiting_since is distinct from new.waiting_since or (old.team_id is distinct from new.team_id and new.waiting_since is not null))
  execute function private.tg_conversations__promise();

-- sql/82_digests.sql

/*
 * What was told and not read while somebody was away is mailed to them in one letter. A person has one row here: when
 * they last looked, when what waits for them is to be looked at next, and what came of the mails. Whether somebody is away
 * the browser says: as long as a window is looked at, it notes so every two minutes.
 */

create table private.digests (
  tenant_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default '-infinity',
  -- When what waits is next looked at; infinity where no mail is wanted.
  look_at timestamptz not null default now() + interval '10 minutes',
  -- Up to when what waits was mailed.
  mailed_until timestamptz not null default now(),
  -- Proves the right to stop the mails, without signing in.
  unsubscribe_token uuid not null default gen_random_uuid(),
  sent_at timestamptz,
  -- Why the last mail has not left, in the mail server's words; null: it has.
  problem text check (length(problem) <= 300),
  problem_at timestamptz,
  -- How often in a row the address was refused; after five nothing is sent until the person sets something anew.
  refusals smallint not null default 0,
  primary key (tenant_id, user_id),
  unique (unsubscribe_token),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((problem is null) = (problem_at is null))
);

comment on table private.digests is 'When a person last looked, and how it stands with their mails.';

create index on private.digests (look_at);

alter table private.digests enable row level security;

create function private.tg_memberships__begin_digest()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  insert into private.digests (tenant_id, user_id)
  values (new.tenant_id, new.user_id)
  on conflict do nothing;
  return null;
end;
$$;

create trigger _700_begin_digest
  after insert on public.memberships
  for each row
  execute function private.tg_memberships__begin_digest();

/* Notes that the signed-in person looks at a workspace, and in which language. Raises tenant_not_found. */
create function public.i_am_here(tenant_id uuid, locale text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  update private.digests d
  set seen_at = now()
  where d.tenant_id = $1
    and d.user_id = v_me;
  if $2 in ('pt-BR', 'en') then
    insert into public.notification_settings as s (tenant_id, user_id, locale)
    values ($1, v_me, $2)
    on conflict (tenant_id, user_id) do update
    set locale = excluded.locale
    where s.locale is distinct from excluded.locale;
  end if;
end;
$$;

/*
 * How it stands with the signed-in person's mails: the address, when the last one left, and why one has not; `is_stopped`:
 * it was refused too often. Raises tenant_not_found.
 */
create function public.my_digest(tenant_id uuid)
  returns table (email text, sent_at timestamptz, problem text, problem_at timestamptz, is_stopped boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  return query
  select u.email::text, d.sent_at, d.problem, d.problem_at, d.refusals >= 5
  from private.digests d
  join auth.users u on u.id = d.user_id
  where d.tenant_id = $1
    and d.user_id = v_me;
end;
$$;

grant execute on function
  public.i_am_here(uuid, text),
  public.my_digest(uuid)
to authenticated;

-- sql/82_notification_preferences.sql

/*
 * What a person wants to be told, and by which way: in the app, by a sound, by push on their devices, by a
 * digest mail. A row stands only where somebody wants something else than everybody; the defaults are
 * a table, which `core/src/notifications` repeats for the screens (a test proves that both agree).
 */

create table private.notification_types (
  type text primary key check (type ~ '^[a-z_]+$'),
  in_app boolean not null,
  sound boolean not null,
  push boolean not null,
  digest boolean not null
);

comment on table private.notification_types is 'What people are told about, and by which way unless they say otherwise.';

alter table private.notification_types enable row level security;

insert into private.notification_types (type, in_app, sound, push, digest)
values
  ('assigned', true, true, true, true),
  ('transferred', true, true, true, true),
  ('mentioned', true, true, true, true),
  -- A customer's message in a conversation of one's own: what waits is the inbox itself, the bell would only repeat it.
  ('message', true, true, true, true),
  ('participating', true, false, false, false),
  ('snooze_over', true, true, true, false),
  ('sla_due', true, true, true, true),
  ('rule', true, false, false, false);

create table public.notification_preferences (
  tenant_id uuid not null,
  user_id uuid not null,
  type text not null check (type in ('assigned', 'transferred', 'mentioned', 'message', 'participating', 'snooze_over', 'sla_due', 'rule')),
  in_app boolean not null,
  sound boolean not null,
  push boolean not null,
  digest boolean not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id, type),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.notification_preferences is 'By which way a person wants to be told of what, where it is not the default.';

create trigger _100_touch
  before update on public.notification_preferences
  for each row
  execute function private.tg_touch();

create table public.notification_settings (
  tenant_id uuid not null,
  user_id uuid not null,
  sound text not null default 'drop' check (sound in ('drop', 'chime', 'knock')),
  volume smallint not null default 60 check (volume between 0 and 100),
  -- Local times of the person; from after until means over midnight. Both null: no quiet hours.
  quiet_from time,
  quiet_until time,
  -- Whole days of quiet, 0 is Sunday.
  quiet_days smallint[] not null default '{}' check (quiet_days <@ array[0, 1, 2, 3, 4, 5, 6]::smallint[]),
  timezone text check (length(timezone) between 1 and 64),
  -- When what stays unread is mailed: a few minutes after it happened, at the full hour, or once a day at `digest_at`.
  digest text not null default 'hourly' check (digest in ('never', 'soon', 'hourly', 'daily')),
  digest_at time not null default '08:00',
  -- The language of mails and pushes: that of the screen the person last used.
  locale text check (locale in ('pt-BR', 'en')),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((quiet_from is null) = (quiet_until is null))
);

comment on table public.notification_settings is 'How a person is told: sound, quiet hours, how soon by mail.';

create trigger _100_touch
  before update on public.notification_settings
  for each row
  execute function private.tg_touch();

alter table public.notification_preferences enable row level security;
alter table public.notification_settings enable row level security;

create policy select_self on public.notification_preferences
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('tenant.read')))
  );

create policy select_self on public.notification_settings
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('tenant.read')))
  );

grant select on public.notification_preferences, public.notification_settings to authenticated;

/* The signed-in person, when they belong to the tenant. Raises tenant_not_found. */
create function private.me_in(tenant_id uuid)
  returns uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'tenant.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return auth.uid();
end;
$$;

/* By which ways a person is told of one type. */
create function private.notification_ways(tenant_id uuid, user_id uuid, type text, out in_app boolean, out sound boolean, out push boolean, out digest boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  select coalesce(p.in_app, t.in_app), coalesce(p.sound, t.sound), coalesce(p.push, t.push), coalesce(p.digest, t.digest)
  into in_app, sound, push, digest
  from private.notification_types t
  left join public.notification_preferences p on p.tenant_id = $1 and p.user_id = $2 and p.type = t.type
  where t.type = $3;
end;
$$;

/* Says by which ways the signed-in person wants to be told of one type. Raises tenant_not_found, notification_type_unknown. */
create function public.set_notification_preference(tenant_id uuid, type text, in_app boolean, sound boolean, push boolean, digest boolean)
  returns public.notification_preferences
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_row public.notification_preferences;
begin
  if not exists (select from private.notification_types t where t.type = $2) then
    perform private.refuse(422, 'notification_type_unknown', $2);
  end if;
  insert into public.notification_preferences as p (tenant_id, user_id, type, in_app, sound, push, digest)
  values ($1, v_me, $2, $3, $4, $5, $6)
  on conflict (tenant_id, user_id, type) do update
  set
    in_app = excluded.in_app,
    sound = excluded.sound,
    push = excluded.push,
    digest = excluded.digest
  returning p.* into v_row;
  return v_row;
end;
$$;

/*
 * Keeps how the signed-in person is told: {sound, volume, quiet_from, quiet_until, quiet_days, timezone, digest, digest_at,
 * locale}; what is left out stays. Raises tenant_not_found, notification_settings_invalid.
 */
create function public.save_notification_settings(tenant_id uuid, changes jsonb)
  returns public.notification_settings
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_row public.notification_settings;
begin
  if changes ? 'timezone' and changes ->> 'timezone' is not null
    and not exists (select from pg_catalog.pg_timezone_names z where z.name = changes ->> 'timezone')
  then
    perform private.refuse(422, 'notification_settings_invalid', 'timezone');
  end if;
  insert into public.notification_settings (tenant_id, user_id)
  values ($1, v_me)
  on conflict (tenant_id, user_id) do nothing;
  select s.* into v_row
  from public.notification_settings s
  where s.tenant_id = $1
    and s.user_id = v_me
  for update;
  begin
    v_row := jsonb_populate_record(
      v_row,
      changes - array['tenant_id', 'user_id', 'updated_at']
    );
    update public.notification_settings s
    set
      sound = v_row.sound,
      volume = v_row.volume,
      quiet_from = v_row.quiet_from,
      quiet_until = v_row.quiet_until,
      quiet_days = v_row.quiet_days,
      timezone = v_row.timezone,
      digest = v_row.digest,
      digest_at = v_row.digest_at,
      locale = v_row.locale
    where s.tenant_id = $1
      and s.user_id = v_me
    returning s.* into v_row;
  exception when check_violation or not_null_violation or data_exception then
    perform private.refuse(422, 'notification_settings_invalid');
  end;
  return v_row;
end;
$$;

grant execute on function
  public.set_notification_preference(uuid, text, boolean, boolean, boolean, boolean),
  public.save_notification_settings(uuid, jsonb)
to authenticated;

/* When a person's quiet ends, seen from a moment; null: they may be disturbed then. */
create function private.quiet_until(tenant_id uuid, user_id uuid, at timestamptz)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_settings public.notification_settings;
  v_zone text;
  v_local timestamp;
  v_ends timestamp;
  v_next timestamp;
begin
  select s.* into v_settings
  from public.notification_settings s
  where s.tenant_id = $1
    and s.user_id = $2;
  if v_settings.user_id is null or (v_settings.quiet_from is null and v_settings.quiet_days = '{}') then
    return null;
  end if;
  v_zone := coalesce(v_settings.timezone, (select t.timezone from public.tenants t where t.id = $1));
  v_local := at at time zone v_zone;
  v_ends := v_local;
  -- A quiet night may run into a quiet day, and that into the next night: a week of steps is more than there can be.
  for _ in 1..16 loop
    v_next := v_ends;
    if extract(dow from v_ends)::smallint = any (v_settings.quiet_days) then
      v_next := date_trunc('day', v_ends) + interval '1 day';
    elsif v_settings.quiet_from < v_settings.quiet_until then
      if v_ends::time >= v_settings.quiet_from and v_ends::time < v_settings.quiet_until then
        v_next := v_ends::date + v_settings.quiet_until;
      end if;
    elsif v_settings.quiet_from > v_settings.quiet_until then
      if v_ends::time >= v_settings.quiet_from then
        v_next := v_ends::date + 1 + v_settings.quiet_until;
      elsif v_ends::time < v_settings.quiet_until then
        v_next := v_ends::date + v_settings.quiet_until;
      end if;
    end if;
    exit when v_next = v_ends;
    v_ends := v_next;
  end loop;
  return case when v_ends > v_local then v_ends at time zone v_zone end;
end;
$$;

-- sql/82_notifications.sql

/*
 * What a person should know of, though they do not look: a conversation given to them, a mention, a snooze that
 * is over. Written by private.notify in the transaction of the fact and told on `user:<id>`; push and mail follow
 * the person's preferences. A row holds no word of the customer's: the bell reads the conversation beside it under
 * the conversation's own policies, so that whoever has lost it reads nothing of it here.
 *
 * A customer's message in one's own conversation (type `message`) makes no row: what is unread is the inbox
 * itself. It has push only, from the moment a conversation turns unread, never once a message.
 */

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  type text not null check (type in ('assigned', 'transferred', 'mentioned', 'message', 'participating', 'snooze_over', 'sla_due', 'rule')),
  conversation_id uuid,
  message_id uuid,
  -- Who did it; null: nobody, but a rule, the routing or a clock.
  actor_id uuid,
  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
  -- How often the same happened since it was last read.
  count integer not null default 1 check (count > 0),
  -- Whether it stands in the bell; otherwise it waits for the digest alone.
  in_app boolean not null default true,
  digest boolean not null default true,
  mailed_at timestamptz,
  read_at timestamptz,
  -- When it last happened.
  created_at timestamptz not null default now(),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.notifications is 'What a person is told, until they have read it.';

-- One a person, type and conversation while it is unread.
create unique index notifications_unread_idx on public.notifications (tenant_id, user_id, conversation_id, type) where read_at is null;
create index notifications_newest_idx on public.notifications (tenant_id, user_id, created_at desc, id desc);
create index notifications_conversation_idx on public.notifications (tenant_id, conversation_id);
create index notifications_unmailed_idx on public.notifications (created_at) where read_at is null and mailed_at is null and digest;
create index notifications_age_idx on public.notifications using brin (created_at);

alter table public.notifications enable row level security;

create policy select_self on public.notifications
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.notifications to authenticated;

/* Whether a member sees a conversation: what private.sees_conversation says of the signed-in person, of somebody else. */
create function private.member_sees(user_id uuid, conversation public.conversations)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return
    private.member_may($2.tenant_id, $1, 'conversations.read_all')
    or (
      (
        coalesce($2.assignee_id = $1, false)
        or exists (
          select
          from public.team_members m
          where m.tenant_id = $2.tenant_id
            and m.team_id = $2.team_id
            and m.user_id = $1
        )
      )
      and private.member_may($2.tenant_id, $1, 'conversations.read')
    )
    or (
      $2.assignee_id is null
      and $2.team_id is null
      and private.member_may($2.tenant_id, $1, 'conversations.pick')
    );
end;
$$;

/*
 * Tells people of something: a row each, told on `user:<id>`, with push by their preference. Never the one who did
 * it (unless nobody chose them: `detail.cause` names a rule or the routing), never anybody who does not see the
 * conversation. What is still unread is told again as the same row.
 */
create function private.notify(tenant_id uuid, user_ids uuid[], type text, conversation_id uuid, message_id uuid, detail jsonb default '{}')
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_detail jsonb := coalesce($6, '{}');
  v_actor uuid := case when v_detail -> 'cause' is null then auth.uid() end;
  v_conversation public.conversations;
  v_user uuid;
  v_ways record;
  v_row public.notifications;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.tenant_id = $1
    and c.id = $4;

  for v_user in select distinct u from unnest($2) u where u is distinct from v_actor order by u loop
    continue when v_user is null or private.member_sees(v_user, v_conversation) is not true;
    v_ways := private.notification_ways($1, v_user, $3);
    -- A transfer says all that an assignment in the same breath would.
    if $3 = 'transferred' then
      delete from public.notifications n
      where n.tenant_id = $1
        and n.user_id = v_user
        and n.conversation_id = $4
        and n.type = 'assigned'
        and n.read_at is null
        and n.created_at = now();
    elsif $3 = 'assigned' then
      continue when exists (
        select
        from public.notifications n
        where n.tenant_id = $1
          and n.user_id = v_user
          and n.conversation_id = $4
          and n.type = 'transferred'
          and n.read_at is null
          and n.created_at = now()
      );
    end if;

    if v_ways.in_app or v_ways.digest then
      insert into public.notifications as n (tenant_id, user_id, type, conversation_id, message_id, actor_id, detail, in_app, digest)
      values ($1, v_user, $3, $4, $5, v_actor, v_detail, v_ways.in_app, v_ways.digest)
      on conflict (tenant_id, user_id, conversation_id, type) where read_at is null do update
      set
        count = n.count + 1,
        message_id = excluded.message_id,
        actor_id = excluded.actor_id,
        detail = excluded.detail,
        in_app = excluded.in_app,
        digest = excluded.digest,
        mailed_at = null,
        created_at = excluded.created_at
      returning n.* into v_row;
      if v_ways.in_app then
        perform private.broadcast(
          array['user:' || v_user],
          'notification',
          to_jsonb(v_row) || jsonb_build_object(
            'conversation', private.notified_conversation(v_conversation),
            'sound', v_ways.sound
          )
        );
      end if;
    end if;
    if v_ways.push then
      perform private.push($1, v_user, $3, $4, v_row.id, v_detail);
    end if;
  end loop;
end;
$$;

/* The conversation beside a notification, as the bell reads it: whose it is, and its last words. */
create function private.notified_conversation(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'id', $1.id,
      'preview', $1.preview,
      'preview_kind', $1.preview_kind,
      'contact', jsonb_build_object('id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone)
    )
    from public.contacts c
    where c.tenant_id = $1.tenant_id
      and c.id = $1.contact_id
  );
end;
$$;

/*
 * Notes that the signed-in person has read their notifications: those named, those of a conversation, or all. Their
 * other windows are told. Answers how many there were. Raises tenant_not_found.
 */
create function public.read_notifications(tenant_id uuid, ids uuid[] default null, conversation_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_ids uuid[];
begin
  with gone as (
    update public.notifications n
    set read_at = now()
    where n.tenant_id = $1
      and n.user_id = v_me
      and n.read_at is null
      and ($2 is null or n.id = any ($2))
      and ($3 is null or n.conversation_id = $3)
    returning n.id
  )
  select array_agg(g.id) into v_ids
  from gone g;
  if v_ids is not null then
    perform private.broadcast(array['user:' || v_me], 'notifications_read', jsonb_build_object('tenant_id', $1, 'ids', v_ids));
  end if;
  return coalesce(cardinality(v_ids), 0);
end;
$$;

/* Turns one notification of the signed-in person unread again. Raises tenant_not_found, notification_not_found. */
create function public.unread_notification(tenant_id uuid, id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  begin
    update public.notifications n
    set
      read_at = null,
      mailed_at = now()
    where n.tenant_id = $1
      and n.user_id = v_me
      and n.id = $2;
  exception when unique_violation then
    return; -- It has happened again meanwhile and is unread anyway.
  end;
  if not found then
    perform private.refuse(404, 'notification_not_found');
  end if;
end;
$$;

grant execute on function
  public.read_notifications(uuid, uuid[], uuid),
  public.unread_notification(uuid, uuid)
to authenticated;

/*
 * A conversation has come to somebody: they are told. Whoever had it need not read of it any more. `set_cause`
 * (sql/41_activity.sql) says whether a person chose.
 */
create function private.tg_conversations__notify_assigned()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_cause jsonb := nullif(current_setting('prosa.cause', true), '')::jsonb;
begin
  if old.assignee_id is not null then
    update public.notifications n
    set read_at = now()
    where n.tenant_id = old.tenant_id
      and n.user_id = old.assignee_id
      and n.conversation_id = old.id
      and n.type in ('assigned', 'transferred', 'snooze_over', 'sla_due')
      and n.read_at is null;
  end if;
  if new.assignee_id is not null and new.status = 'open' then
    perform private.notify(
      new.tenant_id,
      array[new.assignee_id],
      'assigned',
      new.id,
      null,
      case when v_cause is null then '{}' else jsonb_build_object('cause', v_cause) end
    );
  end if;
  return null;
end;
$$;

create trigger _700_notify_assigned
  after update on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id)
  execute function private.tg_conversations__notify_assigned();

/* Forgets what is older than three months. */
create function private.purge_notifications()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.notifications n
  where n.created_at < now() - interval '90 days';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_notifications() to prosa_worker;

-- sql/82_promise_alerts.sql

/*
 * Whoever owes an answer is told when the promise falls due, and before it where the schedule says so. Nothing is
 * enqueued when a wait begins: a message would pay for every promise, and nearly all are kept. Instead one job looks
 * every minute at what falls due within the next (`conversations_due_idx`), and comes again to the second for it; no
 * promise is shorter than a minute, so none is made that it could miss.
 *
 * What is answered, closed or marked as spam by then is not in that index, nor what is snoozed: that is told when it is
 * back in the queue and still overdue.
 */

/* What was told of a promise that is still owed. Once it is kept its row goes. */
create table private.promise_alerts (
  tenant_id uuid not null,
  conversation_id uuid not null,
  is_warning boolean not null,
  -- Which promise: the next one has another moment.
  due_at timestamptz not null,
  primary key (tenant_id, conversation_id, is_warning),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table private.promise_alerts is 'Which promises people have been told of.';

alter table private.promise_alerts enable row level security;

/* Who owes the answer: whoever has the conversation, else its team, else those who hand out conversations. */
create function private.answerers(conversation public.conversations)
  returns uuid[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_team uuid[];
begin
  if conversation.assignee_id is not null then
    return array[conversation.assignee_id];
  end if;
  v_team := array(
    select t.user_id
    from public.team_members t
    join public.memberships m on m.tenant_id = t.tenant_id and m.user_id = t.user_id
    where t.tenant_id = conversation.tenant_id
      and t.team_id = conversation.team_id
      and m.deactivated_at is null
  );
  if v_team <> '{}' then
    return v_team;
  end if;
  return array(
    select m.user_id
    from public.memberships m
    where m.tenant_id = conversation.tenant_id
      and m.deactivated_at is null
      and private.permissions_of_role(m.tenant_id, m.role, m.role_id) @> '{conversations.read_all,conversations.assign}'
  );
end;
$$;

/*
 * Open conversations whose promise falls due, or is to be warned of, between a day ago and a minute from here, each at
 * its moment.
 */
create function private.promise_moments()
  returns table (conversation_id uuid, is_warning boolean, due_at timestamptz, at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select c.id, moment.is_warning, c.sla_due_at, moment.at
  from (
    select t.id as tenant_id, coalesce(max(h.warning_minutes), 0) as ahead
    from public.tenants t
    left join public.business_hours h on h.tenant_id = t.id
    group by t.id
  ) t
  -- A tenant at a time and in the index's order: whatever the planner believes of a day's promises, it reads no more.
  cross join lateral (
    select c.id, c.tenant_id, c.team_id, c.sla_due_at
    from public.conversations c
    where c.tenant_id = t.tenant_id
      and c.folder = 'open'
      and c.sla_due_at > now() - interval '1 day'
      and c.sla_due_at <= now() + make_interval(mins => t.ahead + 1)
    order by c.sla_due_at
  ) c
  cross join lateral (
    select false as is_warning, c.sla_due_at as at
    union all
    select true, c.sla_due_at - make_interval(mins => (private.hours_of(c.tenant_id, c.team_id)).warning_minutes)
    where t.ahead > 0
      and c.sla_due_at > now()
  ) moment
  where moment.at <= now() + interval '1 minute';
end;
$$;

/*
 * Tells whoever owes an answer of promises that have fallen due or are about to, 500 at most, each once however often
 * and beside whom it runs. Has itself called again at the moment of the next. Returns how many were told.
 */
create function private.tell_promises()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_moment record;
  v_conversation public.conversations;
  v_told integer := 0;
  v_next timestamptz;
begin
  for v_moment in
    select p.*
    from private.promise_moments() p
    join public.conversations c on c.id = p.conversation_id
    where p.at <= now()
      and not exists (
        select
        from private.promise_alerts a
        where a.tenant_id = c.tenant_id
          and a.conversation_id = c.id
          and a.is_warning = p.is_warning
          and a.due_at = p.due_at
      )
    order by p.at
    limit 500
  loop
    -- As it is by now: whoever answers at this moment is through, or waits for us.
    select c.* into v_conversation
    from public.conversations c
    where c.id = v_moment.conversation_id
      and c.folder = 'open'
      and c.sla_due_at = v_moment.due_at
    for update skip locked;
    continue when not found;
    insert into private.promise_alerts as a (tenant_id, conversation_id, is_warning, due_at)
    values (v_conversation.tenant_id, v_conversation.id, v_moment.is_warning, v_moment.due_at)
    on conflict (tenant_id, conversation_id, is_warning) do update
    set due_at = excluded.due_at
    where a.due_at <> excluded.due_at;
    continue when not found;
    v_told := v_told + 1;
    perform private.notify(
      v_conversation.tenant_id, private.answerers(v_conversation), 'sla_due', v_conversation.id, null,
      jsonb_build_object('stage', case when v_moment.is_warning then 'warning' else 'due' end, 'due_at', v_moment.due_at)
    );
  end loop;

  select min(p.at) into v_next
  from private.promise_moments() p
  where p.at > now();
  if v_next is not null then
    perform graphile_worker.add_job('promises__tell', '{}', job_key => 'promises__tell', run_at => v_next);
  end if;
  return v_told;
end;
$$;

/* A promise that is kept, or holds no more, need not be read of. Returns how many were. */
create function private.settle_promises()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_over uuid[];
  v_read record;
begin
  with gone as (
    delete from private.promise_alerts a
    using public.conversations c
    where c.tenant_id = a.tenant_id
      and c.id = a.conversation_id
      and c.sla_due_at is distinct from a.due_at
    returning a.conversation_id
  )
  select array_agg(distinct g.conversation_id) into v_over
  from gone g;

  for v_read in
    with gone as (
      update public.notifications n
      set read_at = now()
      from public.conversations c
      where c.id = any (v_over)
        and n.tenant_id = c.tenant_id
        and n.conversation_id = c.id
        and n.type = 'sla_due'
        and n.read_at is null
      returning n.tenant_id, n.user_id, n.id
    )
    select g.tenant_id, g.user_id, array_agg(g.id) as ids
    from gone g
    group by g.tenant_id, g.user_id
  loop
    perform private.broadcast(
      array['user:' || v_read.user_id], 'notifications_read', jsonb_build_object('tenant_id', v_read.tenant_id, 'ids', v_read.ids)
    );
  end loop;
  return coalesce(cardinality(v_over), 0);
end;
$$;

grant execute on function
  private.tell_promises(),
  private.settle_promises()
to prosa_worker;

-- sql/82_push.sql

/*
 * Push to a person's devices (RFC 8030, 8291, 8292). A device's address is a secret: whoever has it may wake the device.
 * It lies in `private`, and people see of their devices what they need to recognise them.
 *
 * What is to be pushed waits here, one row a device and conversation: what happens again before it has left is the
 * same push. The key holds the conversation, whose row is locked by whoever writes: two receiving
 * transactions never wait for one another here, and the job's key is the conversation's for the same reason.
 */

alter table public.tenants
  -- What a push shows on a locked screen: nothing but that something happened, who wrote, or what they wrote.
  add column push_shows text not null default 'name' check (push_shows in ('nothing', 'name', 'text'));

grant update (push_shows) on public.tenants to authenticated;

create table private.push_subscriptions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  endpoint text not null check (length(endpoint) between 12 and 2000 and endpoint ~ '^https?://'),
  -- The device's public key and shared secret, base64url.
  p256dh text not null check (p256dh ~ '^[A-Za-z0-9_-]{80,100}$'),
  auth text not null check (auth ~ '^[A-Za-z0-9_-]{16,40}$'),
  label text not null default '' check (length(label) <= 120),
  -- Refusals in a row; a push that arrives begins anew.
  failures integer not null default 0,
  last_sent_at timestamptz,
  created_at timestamptz not null default now(),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  unique (tenant_id, endpoint)
);

comment on table private.push_subscriptions is 'A person''s device that wants pushes of one workspace.';

create index on private.push_subscriptions (tenant_id, user_id);
create index on private.push_subscriptions (endpoint);

create table private.pushes (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  user_id uuid not null,
  subscription_id uuid not null references private.push_subscriptions on delete cascade,
  type text not null,
  -- Null: a test push.
  conversation_id uuid,
  notification_id uuid,
  detail jsonb not null default '{}',
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  unique (subscription_id, conversation_id)
);

create index on private.pushes (tenant_id, user_id, conversation_id);

alter table private.push_subscriptions enable row level security;
alter table private.pushes enable row level security;

/* Has something pushed to every device of a person. Costs one look into an index where there is none. */
create function private.push(tenant_id uuid, user_id uuid, type text, conversation_id uuid, notification_id uuid, detail jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  insert into private.pushes as p (tenant_id, user_id, subscription_id, type, conversation_id, notification_id, detail)
  select $1, $2, s.id, $3, $4, $5, $6
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = $2
  order by s.id
  on conflict (subscription_id, conversation_id) do update
  set
    -- A mention or an assignment says more than that a message came.
    type = case when excluded.type = 'message' then p.type else excluded.type end,
    notification_id = coalesce(excluded.notification_id, p.notification_id),
    detail = excluded.detail,
    due_at = excluded.due_at;
  if found then
    perform private.wake_push($1, $2, $4, now());
  end if;
end;
$$;

create function private.wake_push(tenant_id uuid, user_id uuid, conversation_id uuid, at timestamptz)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'push__send',
    json_build_object('tenant_id', $1, 'user_id', $2, 'conversation_id', $3),
    job_key => 'push:' || $2 || ':' || coalesce($3::text, 'test'),
    run_at => $4,
    max_attempts => 5
  );
end;
$$;

/*
 * A conversation of somebody's has turned unread, or is read: their windows and devices are told. Fired by the row's
 * own change and only then, so that the second message of a burst costs nothing.
 */
create function private.tg_conversations__tell_unread()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(
    array['user:' || new.assignee_id],
    'unread',
    jsonb_build_object('tenant_id', new.tenant_id, 'conversation_id', new.id, 'unread', new.unread_count > 0)
      || case when new.unread_count > 0 then jsonb_build_object('conversation', private.notified_conversation(new)) else '{}' end
  );
  if new.unread_count > 0
    and exists (
      select
      from private.push_subscriptions s
      where s.tenant_id = new.tenant_id
        and s.user_id = new.assignee_id
    )
    and (private.notification_ways(new.tenant_id, new.assignee_id, 'message')).push
  then
    perform private.push(new.tenant_id, new.assignee_id, 'message', new.id, null, '{}');
  end if;
  return null;
end;
$$;

create trigger _700_tell_unread
  after update on public.conversations
  for each row
  when (new.assignee_id is not null and (old.unread_count = 0) <> (new.unread_count = 0) and not new.is_spam)
  execute function private.tg_conversations__tell_unread();

/*
 * Keeps the signed-in person's device, under the address its browser gave. A device has one person: who used it before
 * is told nothing on it any more. At most ten a person and workspace, the oldest goes. Raises tenant_not_found,
 * push_subscription_invalid.
 */
create function public.save_push_device(tenant_id uuid, endpoint text, p256dh text, auth text, label text)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_id uuid;
begin
  delete from private.push_subscriptions s
  where s.endpoint = $2
    and s.user_id <> v_me;
  begin
    insert into private.push_subscriptions as s (tenant_id, user_id, endpoint, p256dh, auth, label)
    values ($1, v_me, $2, $3, $4, left(coalesce($5, ''), 120))
    on conflict (tenant_id, endpoint) do update
    set
      p256dh = excluded.p256dh,
      auth = excluded.auth,
      label = excluded.label,
      failures = 0
    returning s.id into v_id;
  exception when check_violation or not_null_violation then
    perform private.refuse(422, 'push_subscription_invalid');
  end;
  delete from private.push_subscriptions s
  where s.id in (
    select o.id
    from private.push_subscriptions o
    where o.tenant_id = $1
      and o.user_id = v_me
      and o.id <> v_id
    order by o.created_at desc
    offset 9
  );
  return v_id;
end;
$$;

/* The signed-in person's devices in a workspace, newest first, without their addresses: {id, label, created_at, last_sent_at}. Raises tenant_not_found. */
create function public.my_push_devices(tenant_id uuid)
  returns table (id uuid, label text, created_at timestamptz, last_sent_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  return query
  select s.id, s.label, s.created_at, s.last_sent_at
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = v_me
  order by s.created_at desc, s.id;
end;
$$;

/* Tells nothing more on one of the signed-in person's devices; by address: on this one, in every workspace. Idempotent. Raises tenant_not_found. */
create function public.forget_push_device(tenant_id uuid, id uuid default null, endpoint text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  delete from private.push_subscriptions s
  where s.user_id = v_me
    and ((s.tenant_id = $1 and s.id = $2) or s.endpoint = $3);
end;
$$;

/* Pushes a word of greeting to one of the signed-in person's devices. Raises tenant_not_found, push_device_not_found. */
create function public.test_push(tenant_id uuid, id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  -- One at a time: somebody who presses again gets the same one.
  delete from private.pushes p
  where p.subscription_id = $2
    and p.conversation_id is null
    and p.user_id = v_me;
  insert into private.pushes (tenant_id, user_id, subscription_id, type)
  select s.tenant_id, s.user_id, s.id, 'test'
  from private.push_subscriptions s
  where s.tenant_id = $1
    and s.user_id = v_me
    and s.id = $2;
  if not found then
    perform private.refuse(404, 'push_device_not_found');
  end if;
  perform private.wake_push($1, v_me, null, now());
end;
$$;

grant execute on function
  public.save_push_device(uuid, text, text, text, text),
  public.my_push_devices(uuid),
  public.forget_push_device(uuid, uuid, text),
  public.test_push(uuid, uuid)
to authenticated;

/*
 * What is to be pushed of a conversation to a person: [{id, type, attempts, created_at, subscription: {endpoint, p256dh, auth}, …}]
 * with what the payload may say. What has been read meanwhile, what they no longer see, and what falls into their
 * quiet hours is dropped.
 */
create function private.claim_pushes(tenant_id uuid, user_id uuid, conversation_id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_conversation public.conversations;
  v_tenant public.tenants;
  v_contact text;
begin
  select t.* into v_tenant from public.tenants t where t.id = $1;
  if $3 is not null then
    select c.* into v_conversation from public.conversations c where c.tenant_id = $1 and c.id = $3;
    delete from private.pushes p
    where p.tenant_id = $1
      and p.user_id = $2
      and p.conversation_id = $3
      and (
        private.member_sees($2, v_conversation) is not true
        or (p.type = 'message' and v_conversation.unread_count = 0)
        or exists (select from public.notifications n where n.id = p.notification_id and n.read_at is not null)
        or private.quiet_until($1, $2, now()) is not null
      );
    select coalesce(nullif(c.name, ''), c.username, c.phone) into v_contact
    from public.contacts c
    where c.id = v_conversation.contact_id;
  end if;
  return (
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', p.id,
      'type', p.type,
      'stage', case when p.type = 'sla_due' then p.detail ->> 'stage' end,
      'attempts', p.attempts,
      'created_at', p.created_at,
      'conversation_id', p.conversation_id,
      'workspace', v_tenant.slug,
      'workspace_name', v_tenant.name,
      'locale', coalesce((select s.locale from public.notification_settings s where s.tenant_id = $1 and s.user_id = $2), v_tenant.locale),
      'contact', case when v_tenant.push_shows in ('name', 'text') then v_contact end,
      'preview', case when v_tenant.push_shows = 'text' and v_conversation.preview_direction = 'in' then nullif(v_conversation.preview, '') end,
      'endpoint', s.endpoint,
      'p256dh', s.p256dh,
      'auth', s.auth
    ) order by p.id), '[]')
    from private.pushes p
    join private.push_subscriptions s on s.id = p.subscription_id
    where p.tenant_id = $1
      and p.user_id = $2
      and p.conversation_id is not distinct from $3
      and p.due_at <= now()
  );
end;
$$;

/*
 * Notes what came of a push: `sent`; `gone`, the device is forgotten; `refused`, after ten in a row too; `later`, it is
 * tried again at `retry_at`, for four hours.
 */
create function private.settle_push(id bigint, outcome text, retry_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_push private.pushes;
begin
  select p.* into v_push from private.pushes p where p.id = $1 for update;
  if v_push.id is null then
    return;
  end if;
  if outcome = 'later' and v_push.created_at > now() - interval '4 hours' then
    update private.pushes p
    set
      attempts = p.attempts + 1,
      due_at = retry_at
    where p.id = $1;
    perform private.wake_push(v_push.tenant_id, v_push.user_id, v_push.conversation_id, retry_at);
    return;
  end if;
  delete from private.pushes p where p.id = $1;
  case outcome
    when 'sent' then
      update private.push_subscriptions s
      set
        failures = 0,
        last_sent_at = now()
      where s.id = v_push.subscription_id;
    when 'gone' then
      delete from private.push_subscriptions s where s.id = v_push.subscription_id;
    else
      update private.push_subscriptions s set failures = s.failures + 1 where s.id = v_push.subscription_id;
      delete from private.push_subscriptions s where s.id = v_push.subscription_id and s.failures >= 10;
  end case;
end;
$$;

grant execute on function
  private.claim_pushes(uuid, uuid, uuid),
  private.settle_push(bigint, text, timestamptz)
to prosa_worker;

-- sql/82_telling_by_mail.sql

/*
 * The letter itself. Once a minute the worker bundles, for everybody whose time has come, what is unread and was not
 * mailed yet: one letter a person and window, soon after it happened, at the full hour, or once a day. Nothing on the way of a
 * message knows of it: what happens writes its notification, and the letter is found by looking.
 *
 * A letter is a row until the mail server has taken it or refused it for good, and its id is the Message-ID: a worker that
 * dies between the two sends it again under the same one, so that it is never lost and no mail program need show it twice. A
 * letter that did not leave gives back what was in it to the next.
 */

create table private.digest_mails (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  notification_ids uuid[] not null,
  -- Conversations of the person's own with something unread.
  conversation_ids uuid[] not null,
  -- Up to when letters reached before this one.
  since timestamptz not null,
  attempts integer not null default 0,
  created_at timestamptz not null default now(),
  -- One at a time.
  unique (tenant_id, user_id),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table private.digest_mails is 'Letters that have not left yet.';

alter table private.digest_mails enable row level security;

/* When a person's letters are next due after a moment. */
create function private.next_digest(digest text, at time, zone text, since timestamptz)
  returns timestamptz
  language plpgsql
  stable
  set search_path = ''
as $$
declare
  v_local timestamp := since at time zone zone;
begin
  case digest
    when 'soon' then
      return since + interval '1 minute';
    when 'hourly' then
      return (date_trunc('hour', v_local) + interval '1 hour') at time zone zone;
    when 'daily' then
      return (v_local::date + at + case when v_local::time >= at then interval '1 day' else interval '0' end) at time zone zone;
    else
      return 'infinity';
  end case;
end;
$$;

/* The clock a person's letters go by: their own, or the company's. */
create function private.digest_zone(tenant_id uuid, settings public.notification_settings)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return coalesce(settings.timezone, (select t.timezone from public.tenants t where t.id = $1), 'America/Sao_Paulo');
end;
$$;

/* Somebody sets how they want to be mailed: it holds from now on, and an address that was refused is tried again. */
create function private.tg_notification_settings__digest()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update private.digests d
  set
    look_at = private.next_digest(new.digest, new.digest_at, private.digest_zone(new.tenant_id, new), now()),
    refusals = 0
  where d.tenant_id = new.tenant_id
    and d.user_id = new.user_id;
  return null;
end;
$$;

create trigger _700_digest
  after insert or update of digest, digest_at, timezone on public.notification_settings
  for each row
  execute function private.tg_notification_settings__digest();

/* Bundles what waits for one person, if now is the time. Answers the letter's id, or null. */
create function private.compose_digest(digest private.digests)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_settings public.notification_settings;
  v_next timestamptz;
  v_quiet timestamptz := private.quiet_until(digest.tenant_id, digest.user_id, now());
  v_until timestamptz := now();
  v_notifications uuid[];
  v_conversations uuid[] := '{}';
  v_id uuid;
begin
  select s.* into v_settings
  from public.notification_settings s
  where s.tenant_id = digest.tenant_id
    and s.user_id = digest.user_id;
  v_settings.digest := coalesce(v_settings.digest, 'hourly');
  v_next := case
    when digest.refusals >= 5 then 'infinity'
    when v_settings.digest = 'never' then 'infinity'
    when v_quiet is not null then v_quiet
    -- Whoever looks needs no letter; a moment after they have left they do.
    when v_settings.digest <> 'daily' and digest.seen_at > now() - interval '3 minutes' then now() + interval '1 minute'
  end;
  if v_next is null then
    v_next := private.next_digest(
      v_settings.digest, coalesce(v_settings.digest_at, '08:00'), private.digest_zone(digest.tenant_id, v_settings), now()
    );
    -- The app has the first word.
    if v_settings.digest = 'soon' then
      v_until := now() - interval '2 minutes';
    end if;
    v_notifications := array(
      select n.id
      from public.notifications n
      join public.conversations c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
      where n.tenant_id = digest.tenant_id
        and n.user_id = digest.user_id
        and n.digest
        and n.read_at is null
        and n.mailed_at is null
        and n.created_at <= v_until
        and private.member_sees(n.user_id, c)
      order by n.created_at desc
      limit 200
    );
    if (private.notification_ways(digest.tenant_id, digest.user_id, 'message')).digest then
      v_conversations := array(
        select c.id
        from public.conversations c
        where c.tenant_id = digest.tenant_id
          and c.assignee_id = digest.user_id
          and c.folder = 'open'
          and c.unread_count > 0
          and c.last_message_at > digest.mailed_until
          and c.last_message_at <= v_until
          and private.member_sees(digest.user_id, c)
        order by c.last_message_at desc
        limit 200
      );
    end if;
    if v_notifications || v_conversations <> '{}' then
      insert into private.digest_mails (tenant_id, user_id, notification_ids, conversation_ids, since)
      values (digest.tenant_id, digest.user_id, v_notifications, v_conversations, digest.mailed_until)
      on conflict (tenant_id, user_id) do nothing
      returning id into v_id;
    end if;
    if v_id is not null then
      update public.notifications n set mailed_at = now() where n.id = any (v_notifications);
      perform graphile_worker.add_job('digest__send', json_build_object('digest_mail_id', v_id), job_key => 'digest:' || v_id);
    end if;
  end if;

  update private.digests d
  set
    look_at = v_next,
    mailed_until = case when v_id is null then d.mailed_until else v_until end
  where d.tenant_id = digest.tenant_id
    and d.user_id = digest.user_id;
  return v_id;
end;
$$;

/* Bundles letters for those whose time has come, 200 people at most. Returns how many people were looked at. */
create function private.compose_digests()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_digest private.digests;
  v_count integer := 0;
begin
  for v_digest in
    select d.*
    from private.digests d
    where d.look_at <= now()
    order by d.look_at
    limit 200
    for update skip locked
  loop
    perform private.compose_digest(v_digest);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

grant execute on function private.compose_digests() to prosa_worker;

-- sql/82_telling_by_mail_sent.sql

/* A letter on its way: what it says, what the mail server made of it, and whoever wants no more of them. */

/*
 * What a letter says at this moment: {id, to, name, locale, …, items: [{type, conversation_id, contact, preview, …}], attempts}. Null where nothing in it
 * is unread any more, or its reader wants none: then it is gone.
 */
create function private.claim_digest(id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_mail private.digest_mails;
  v_settings public.notification_settings;
  v_items jsonb;
  v_letter jsonb;
begin
  select m.* into v_mail from private.digest_mails m where m.id = $1 for update;
  if v_mail.id is null then
    return null;
  end if;
  select s.* into v_settings
  from public.notification_settings s
  where s.tenant_id = v_mail.tenant_id
    and s.user_id = v_mail.user_id;

  select jsonb_agg(item.said || private.mailed_conversation(item.conversation) order by item.at desc) into v_items
  from (
    select
      c as conversation,
      n.created_at as at,
      jsonb_build_object(
        'type', n.type,
        'stage', case when n.type = 'sla_due' then n.detail ->> 'stage' end,
        'count', n.count,
        'at', n.created_at,
        'actor', (select m.display_name from public.memberships m where m.tenant_id = n.tenant_id and m.user_id = n.actor_id)
      ) as said
    from public.notifications n
    join public.conversations c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
    where n.id = any (v_mail.notification_ids)
      and n.read_at is null
      and private.member_sees(n.user_id, c)
    union all
    select
      c,
      c.last_message_at,
      jsonb_build_object('type', 'message', 'stage', null, 'count', c.unread_count, 'at', c.last_message_at, 'actor', null)
    from public.conversations c
    where c.tenant_id = v_mail.tenant_id
      and c.id = any (v_mail.conversation_ids)
      and c.assignee_id = v_mail.user_id
      and c.folder = 'open'
      and c.unread_count > 0
      and private.member_sees(v_mail.user_id, c)
  ) item;

  select jsonb_build_object(
    'id', v_mail.id,
    'to', u.email,
    'name', m.display_name,
    'locale', coalesce(v_settings.locale, t.locale),
    'zone', private.digest_zone(t.id, v_settings),
    'workspace', t.slug,
    'workspace_name', t.name,
    'token', d.unsubscribe_token,
    'created_at', v_mail.created_at,
    'attempts', v_mail.attempts,
    'items', v_items
  )
  into v_letter
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  join private.digests d on d.tenant_id = m.tenant_id and d.user_id = m.user_id
  join auth.users u on u.id = m.user_id
  where m.tenant_id = v_mail.tenant_id
    and m.user_id = v_mail.user_id
    and m.deactivated_at is null
    and u.email <> ''
    and coalesce(v_settings.digest, '') <> 'never';

  if v_items is null or v_letter is null then
    delete from private.digest_mails m where m.id = $1;
    return null;
  end if;
  return v_letter;
end;
$$;

/* A conversation as a letter shows it: no more than a few of the customer's words, and where pushes show nothing neither does a letter. */
create function private.mailed_conversation(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'conversation_id', conversation.id,
      'contact', case when t.push_shows <> 'nothing' then coalesce(nullif(p.name, ''), p.username, p.phone) end,
      'preview', case when t.push_shows <> 'nothing' and conversation.preview_direction = 'in' then nullif(left(conversation.preview, 80), '') end
    )
    from public.contacts p
    join public.tenants t on t.id = p.tenant_id
    where p.tenant_id = conversation.tenant_id
      and p.id = conversation.contact_id
  );
end;
$$;

/*
 * Notes what came of a letter: `sent`; `later`, it is tried again at `retry_at`, for a day; `refused`, for good. One that
 * does not leave gives back what was in it. `problem`: the mail server's words.
 */
create function private.settle_digest(id uuid, outcome text, problem text default null, retry_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_mail private.digest_mails;
begin
  select m.* into v_mail from private.digest_mails m where m.id = $1 for update;
  if v_mail.id is null then
    return;
  end if;
  update private.digests d
  set
    sent_at = case when $2 = 'sent' then now() else d.sent_at end,
    problem = case when $2 <> 'sent' then left(coalesce($3, 'no answer'), 300) end,
    problem_at = case when $2 <> 'sent' then now() end,
    refusals = case $2 when 'sent' then 0 when 'refused' then least(d.refusals + 1, 100) else d.refusals end
  where d.tenant_id = v_mail.tenant_id
    and d.user_id = v_mail.user_id;

  if $2 = 'later' and v_mail.created_at > now() - interval '1 day' then
    update private.digest_mails m set attempts = m.attempts + 1 where m.id = $1;
    perform graphile_worker.add_job(
      'digest__send', json_build_object('digest_mail_id', $1), job_key => 'digest:' || $1, run_at => $4
    );
    return;
  end if;
  delete from private.digest_mails m where m.id = $1;
  if $2 <> 'sent' then
    update public.notifications n
    set mailed_at = null
    where n.id = any (v_mail.notification_ids)
      and n.read_at is null;
    update private.digests d
    set mailed_until = least(d.mailed_until, v_mail.since)
    where d.tenant_id = v_mail.tenant_id
      and d.user_id = v_mail.user_id;
  end if;
end;
$$;

/* Whoever holds the token of a letter wants no more of them. Idempotent. Answers whether it was anybody's. */
create function private.unsubscribe_digest(token uuid)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_digest private.digests;
begin
  select d.* into v_digest from private.digests d where d.unsubscribe_token = $1;
  if v_digest.user_id is null then
    return false;
  end if;
  insert into public.notification_settings (tenant_id, user_id, digest)
  values (v_digest.tenant_id, v_digest.user_id, 'never')
  on conflict (tenant_id, user_id) do update
  set digest = 'never';
  return true;
end;
$$;

grant execute on function
  private.claim_digest(uuid),
  private.settle_digest(uuid, text, text, timestamptz)
to prosa_worker;

grant execute on function private.unsubscribe_digest(uuid) to prosa_door;

-- sql/82_told_followers.sql

/*
 * Those who follow a conversation hear of what its customer writes, from the moment it turns unread: never once a message,
 * and nothing at all where nobody follows (`is_followed` is a column of the row that the message changes anyway).
 * Whoever has the conversation is told of it as their own (sql/82_push.sql).
 */

create function private.tg_conversations__tell_followers()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.notify(
    new.tenant_id,
    array(
      select p.user_id
      from public.participants p
      where p.tenant_id = new.tenant_id
        and p.conversation_id = new.id
        and p.user_id is distinct from new.assignee_id
    ),
    'participating', new.id, null, '{"of": "customer"}'
  );
  return null;
end;
$$;

create trigger _710_tell_followers
  after update on public.conversations
  for each row
  when (
    new.is_followed
    and old.unread_count = 0
    and new.unread_count > 0
    and old.last_inbound_at is distinct from new.last_inbound_at
    and not new.is_spam
  )
  execute function private.tg_conversations__tell_followers();

-- sql/83_automation.sql

/*
 * Automation rules: when something happens to a conversation, if conditions hold, then actions are done. They run in the
 * transaction of what happened, so that nobody sees a conversation that its rules have not been to, and no rule is
 * forgotten. Whatever a rule does wrong is its own: every action stands in a savepoint, what fails is told in the run,
 * and the message is received.
 *
 * Messages are looked at once a statement, whatever its number of rows; a tenant without rules pays that look, one
 * descent of an index that is nearly empty. Conversations are looked at only where something changed that rules can be
 * about, which no ordinary message does.
 *
 * Loops end: for one event, with all that it causes, no rule runs twice; once ten have run, what they do causes no more;
 * and none runs on one conversation more than twenty times an hour, which ends a talk with another machine.
 */

create table public.automation_rules (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null check (name = btrim(name) and length(name) between 1 and 80),
  trigger text not null check (trigger in (
    'conversation_created', 'message_received', 'message_sent', 'conversation_assigned', 'conversation_closed',
    'conversation_reopened', 'tag_added', 'priority_changed', 'snooze_over', 'waiting'
  )),
  -- How long a customer has waited for an answer; for the trigger `waiting` alone.
  waiting_minutes integer check (waiting_minutes between 1 and 43200),
  conditions jsonb not null default '{"match": "all", "rules": []}',
  actions jsonb not null,
  enabled boolean not null default true,
  -- No later rule runs for the same event.
  stop_after boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check ((trigger = 'waiting') = (waiting_minutes is not null))
);

comment on table public.automation_rules is 'When something happens, if conditions hold, then actions are done.';

-- What every message asks: has its tenant a rule for it?
create index automation_rules_active_idx on public.automation_rules (tenant_id, trigger, position) where enabled;

create trigger _100_touch
  before update on public.automation_rules
  for each row
  execute function private.tg_touch();

-- One row a run, never a counter in the rule: that would make all of a tenant's messages wait for one another.
create table public.automation_runs (
  id uuid not null default gen_random_uuid(),
  tenant_id uuid not null,
  rule_id uuid not null,
  conversation_id uuid not null,
  message_id uuid,
  trigger text not null,
  -- partly: some actions failed. limited: it had run too often. looped: too many rules had caused one another.
  outcome text not null check (outcome in ('done', 'partly', 'failed', 'limited', 'looped')),
  -- [{action, code, detail}] of the actions that failed.
  errors jsonb not null default '[]',
  -- Which wait it was, so that a rule runs once in each.
  waited_since timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, id),
  foreign key (tenant_id, rule_id) references public.automation_rules (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.automation_runs is 'What rules did, and what of it failed. Kept 30 days.';

create index on public.automation_runs (tenant_id, rule_id, created_at desc);
create index on public.automation_runs (tenant_id, conversation_id, rule_id, created_at desc);
create index on public.automation_runs (created_at);

alter table public.automation_rules enable row level security;
alter table public.automation_runs enable row level security;

create policy select_manager on public.automation_rules
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('automation.manage'))));

create policy select_manager on public.automation_runs
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('automation.manage'))));

grant select on public.automation_rules, public.automation_runs to authenticated;

alter publication supabase_realtime add table public.automation_rules;

-- sql/83_automation_rules.sql

/* Writing rules, trying them on what has been, and what became of their runs. */

/* A rule of a tenant where the signed-in person manages them. Raises rule_not_found. */
create function private.rule_in_sight(rule_id uuid)
  returns public.automation_rules
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules;
begin
  select r.* into v_rule
  from public.automation_rules r
  where r.id = $1
    and r.tenant_id = any (array(select private.my_tenant_ids('automation.manage')));
  if v_rule.id is null then
    perform private.refuse(404, 'rule_not_found');
  end if;
  return v_rule;
end;
$$;

/*
 * Makes a rule, or changes one: {name, trigger, waiting_minutes, conditions, actions, enabled, stop_after}. Actions that
 * need a person (`me`, mark_read) are none for a rule. Raises tenant_not_found, not_allowed, rule_not_found, rule_invalid,
 * conditions_invalid, actions_invalid.
 */
create function public.save_rule(tenant_id uuid, rule_id uuid, rule jsonb)
  returns public.automation_rules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_rule public.automation_rules;
  v_place bigint;
  v_conditions jsonb := coalesce(rule -> 'conditions', '{"match": "all", "rules": []}');
begin
  perform private.require($1, 'automation.manage');
  if rule_id is not null and (private.rule_in_sight(rule_id)).tenant_id <> $1 then
    perform private.refuse(404, 'rule_not_found');
  end if;
  perform private.check_conditions(v_conditions);
  perform private.check_actions(rule -> 'actions');
  select min(a.ordinality) - 1 into v_place
  from jsonb_array_elements(rule -> 'actions') with ordinality a
  where a.value ->> 'type' = 'mark_read' or a.value ->> 'agent' = 'me';
  if v_place is not null then
    perform private.refuse(422, 'actions_invalid', v_place::text);
  end if;

  begin
    if rule_id is null then
      insert into public.automation_rules (tenant_id, name, trigger, waiting_minutes, conditions, actions, enabled, stop_after, position)
      values (
        $1, btrim(rule ->> 'name'), rule ->> 'trigger', case when rule ->> 'trigger' = 'waiting' then (rule ->> 'waiting_minutes')::integer end,
        v_conditions, rule -> 'actions', coalesce((rule ->> 'enabled')::boolean, true), coalesce((rule ->> 'stop_after')::boolean, false),
        (select coalesce(max(r.position), 0) + 1 from public.automation_rules r where r.tenant_id = $1)
      )
      returning * into v_rule;
    else
      update public.automation_rules r
      set
        name = btrim(rule ->> 'name'),
        trigger = rule ->> 'trigger',
        waiting_minutes = case when rule ->> 'trigger' = 'waiting' then (rule ->> 'waiting_minutes')::integer end,
        conditions = v_conditions,
        actions = rule -> 'actions',
        enabled = coalesce((rule ->> 'enabled')::boolean, r.enabled),
        stop_after = coalesce((rule ->> 'stop_after')::boolean, r.stop_after)
      where r.id = rule_id
      returning r.* into v_rule;
    end if;
  exception when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
    perform private.refuse(422, 'rule_invalid', sqlerrm);
  end;
  return v_rule;
end;
$$;

/* Switches a rule on or off. Raises rule_not_found. */
create function public.switch_rule(rule_id uuid, enabled boolean)
  returns public.automation_rules
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules := private.rule_in_sight($1);
begin
  update public.automation_rules r
  set enabled = $2
  where r.id = v_rule.id
    and r.enabled <> $2
  returning r.* into v_rule;
  return private.rule_in_sight($1);
end;
$$;

/* Puts a tenant's rules in this order, in which they run. Raises tenant_not_found, not_allowed. */
create function public.order_rules(tenant_id uuid, rule_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  update public.automation_rules r
  set position = o.place
  from unnest(rule_ids) with ordinality o (id, place)
  where r.tenant_id = $1
    and r.id = o.id
    and r.position <> o.place;
end;
$$;

/* Throws a rule away, with its runs. Raises rule_not_found. */
create function public.delete_rule(rule_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules := private.rule_in_sight($1);
begin
  delete from public.automation_rules r where r.id = v_rule.id;
end;
$$;

/* How often each rule of a tenant has run in 30 days, when last, and what went wrong last. Raises tenant_not_found, not_allowed. */
create function public.rule_statistics(tenant_id uuid)
  returns table (rule_id uuid, runs bigint, failures bigint, last_run_at timestamptz, last_failure_at timestamptz, last_errors jsonb)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  return query
  select r.id, s.runs, s.failures, s.last_run_at, f.created_at, f.errors
  from public.automation_rules r
  cross join lateral (
    select
      count(*) filter (where a.outcome not in ('limited', 'looped')) as runs,
      count(*) filter (where a.outcome <> 'done') as failures,
      max(a.created_at) as last_run_at
    from public.automation_runs a
    where a.tenant_id = r.tenant_id
      and a.rule_id = r.id
      and a.created_at > now() - interval '30 days'
  ) s
  left join lateral (
    select a.created_at, a.errors
    from public.automation_runs a
    where a.tenant_id = r.tenant_id
      and a.rule_id = r.id
      and a.outcome <> 'done'
    order by a.created_at desc
    limit 1
  ) f on true
  where r.tenant_id = $1;
end;
$$;

/*
 * Which of the last 100 conversations a rule with these conditions would have touched, asked of each with its newest
 * message from the customer. Changes nothing. Raises tenant_not_found, not_allowed, conditions_invalid.
 */
create function public.try_conditions(tenant_id uuid, conditions jsonb)
  returns table (conversation_id uuid, contact_name text, preview text, last_message_at timestamptz, matches boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'automation.manage');
  perform private.check_conditions($2);
  return query
  select
    (c.row).id, coalesce(nullif(p.name, ''), p.phone, ''), (c.row).preview, (c.row).last_message_at,
    private.matches_conditions(c.row, $2, null, private.message_facts(m.message), now())
  from (
    select o as row
    from public.conversations o
    where o.tenant_id = $1
      and not o.is_history
    order by o.last_message_at desc
    limit 100
  ) c
  join public.contacts p on p.tenant_id = (c.row).tenant_id and p.id = (c.row).contact_id
  left join lateral (
    select n as message
    from public.messages n
    where n.tenant_id = (c.row).tenant_id
      and n.conversation_id = (c.row).id
      and n.direction = 'in'
    order by n.seq desc
    limit 1
  ) m on true
  order by (c.row).last_message_at desc;
end;
$$;

grant execute on function
  public.save_rule(uuid, uuid, jsonb),
  public.switch_rule(uuid, boolean),
  public.order_rules(uuid, uuid[]),
  public.delete_rule(uuid),
  public.rule_statistics(uuid),
  public.try_conditions(uuid, jsonb)
to authenticated;

-- sql/83_automation_running.sql

/* Running rules on one conversation: which, in what order, what came of each, and where it ends. */

/* What a message says to rules. */
create function private.message_facts(message public.messages)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if message.id is null then
    return null;
  end if;
  return jsonb_build_object('text', message.body, 'kind', message.kind, 'is_first', message.seq = 1);
end;
$$;

/* How deep in rules that cause one another we are; 0: nothing of this was done by a rule. */
create function private.rule_depth()
  returns integer
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return coalesce(nullif(current_setting('prosa.rule_depth', true), ''), '0')::integer;
end;
$$;

/*
 * Runs one rule on a conversation whose conditions held: each action in a savepoint, and keeps what came of it.
 * prosa.rules names those that have run for this event.
 */
create function private.run_rule(rule public.automation_rules, conversation_id uuid, event text, message_id uuid, waited_since timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_depth integer := private.rule_depth();
  v_cause jsonb := private.set_cause(jsonb_build_object('type', 'rule', 'id', rule.id, 'name', rule.name));
  v_errors jsonb := '[]';
  v_code text;
  v_detail text;
  v_count integer := jsonb_array_length(rule.actions);
begin
  perform set_config('prosa.rules', concat(current_setting('prosa.rules', true), rule.id, ' '), true);
  perform set_config('prosa.rule_depth', (v_depth + 1)::text, true);
  for i in 0 .. v_count - 1 loop
    begin
      -- As it is now: another rule may have been to it meanwhile.
      select c.* into v_conversation from public.conversations c where c.id = $2 for update;
      perform private.perform_action(v_conversation, rule.actions -> i, null, gen_random_uuid());
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
        if sqlstate !~ '^PT' then
          v_detail := v_code;
          v_code := 'action_failed';
        end if;
        v_errors := v_errors || jsonb_build_object('action', i, 'code', v_code, 'detail', nullif(v_detail, ''));
    end;
  end loop;
  perform set_config('prosa.rule_depth', v_depth::text, true);
  perform private.set_cause(v_cause);

  insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome, errors, waited_since)
  values (
    rule.tenant_id, rule.id, $2, $4, $3,
    case jsonb_array_length(v_errors) when 0 then 'done' when v_count then 'failed' else 'partly' end,
    v_errors, $5
  );
end;
$$;

/*
 * Runs the rules of a conversation's tenant for what happened to it, in their order. Never raises
 * what a rule did wrong.
 */
create function private.run_rules(conversation_id uuid, events text[], message public.messages default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_rule public.automation_rules;
  v_depth integer := private.rule_depth();
  v_ran text;
  v_outcome text;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  if v_conversation.id is null or v_conversation.is_history then
    return;
  end if;

  for v_rule in
    select r.*
    from public.automation_rules r
    where r.tenant_id = v_conversation.tenant_id
      and r.trigger = any (events)
      and r.enabled
    order by r.position, r.id
  loop
    v_ran := coalesce(current_setting('prosa.rules', true), '');
    continue when strpos(v_ran, v_rule.id::text) > 0;
    begin
      select c.* into v_conversation from public.conversations c where c.id = $1;
      continue when not private.matches_conditions(v_conversation, v_rule.conditions, null, private.message_facts(message), clock_timestamp());

      v_outcome := case
        when v_depth > 0 and length(v_ran) >= 10 * 37 then 'looped'
        when (
          select count(*) >= 20
          from (
            select
            from public.automation_runs a
            where a.tenant_id = v_rule.tenant_id
              and a.conversation_id = $1
              and a.rule_id = v_rule.id
              and a.created_at > clock_timestamp() - interval '1 hour'
              and a.outcome not in ('limited', 'looped')
            limit 20
          ) recent
        ) then 'limited'
      end;
      if v_outcome is null then
        perform private.run_rule(v_rule, $1, v_rule.trigger, message.id);
        exit when v_rule.stop_after;
      else
        -- Told once an hour, not once a message.
        insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome)
        select v_rule.tenant_id, v_rule.id, $1, message.id, v_rule.trigger, v_outcome
        where not exists (
          select
          from public.automation_runs a
          where a.tenant_id = v_rule.tenant_id
            and a.conversation_id = $1
            and a.rule_id = v_rule.id
            and a.created_at > clock_timestamp() - interval '1 hour'
            and a.outcome = v_outcome
        );
      end if;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        insert into public.automation_runs (tenant_id, rule_id, conversation_id, message_id, trigger, outcome, errors)
        values (
          v_rule.tenant_id, v_rule.id, $1, message.id, v_rule.trigger, 'failed',
          jsonb_build_array(jsonb_build_object('action', null, 'code', 'action_failed', 'detail', sqlerrm))
        );
    end;
  end loop;
  if v_depth = 0 then
    perform set_config('prosa.rules', '', true);
  end if;
end;
$$;

-- sql/83_automation_triggers.sql

/* What makes rules run: messages, changes of a conversation, and the wait of a customer. */

/* Once a statement: which of the messages it wrote do their tenants have rules for? */
create function private.tg_messages__automate()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
begin
  for v_message in
    select a.*
    from added a
    where not a.is_private
      and a.kind not in ('reaction', 'edit', 'revoke', 'system')
      and exists (
        select
        from public.automation_rules r
        where r.tenant_id = a.tenant_id
          and r.enabled
          and r.trigger in (case when a.direction = 'in' then 'message_received' else 'message_sent' end, 'conversation_created')
      )
    order by a.conversation_id, a.seq
  loop
    perform private.run_rules(
      v_message.conversation_id,
      case when v_message.seq = 1 then array['conversation_created'] else '{}' end
        || case when v_message.direction = 'in' then 'message_received' else 'message_sent' end,
      v_message
    );
  end loop;
  return null;
end;
$$;

create trigger _950_automation
  after insert on public.messages
  referencing new table as added
  for each statement
  execute function private.tg_messages__automate();

/* What changed about a conversation, as rules call it. */
create function private.tg_conversations__automate()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_events text[] := array_remove(
    array[
      case when new.status <> old.status then case new.status when 'closed' then 'conversation_closed' else 'conversation_reopened' end end,
      case
        when (new.assignee_id is not null and new.assignee_id is distinct from old.assignee_id)
          or (new.team_id is not null and new.team_id is distinct from old.team_id)
          then 'conversation_assigned'
      end,
      case when not new.tag_ids <@ old.tag_ids then 'tag_added' end,
      case when new.priority <> old.priority then 'priority_changed' end,
      case when old.snoozed_until <= clock_timestamp() and new.snoozed_until is null and new.status = 'open' then 'snooze_over' end
    ],
    null
  );
begin
  if v_events <> '{}'
    and current_setting('prosa.quiet', true) is distinct from 'on'
    and exists (
      select
      from public.automation_rules r
      where r.tenant_id = new.tenant_id
        and r.enabled
        and r.trigger = any (v_events)
    )
  then
    perform private.run_rules(new.id, v_events);
  end if;
  return null;
end;
$$;

create trigger _950_automation
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.tag_ids <> new.tag_ids
    or old.priority <> new.priority
    or (old.snoozed_until is not null and new.snoozed_until is null)
  )
  execute function private.tg_conversations__automate();

/*
 * Runs the rules about waiting: once for each wait of a customer that has become long enough. A job asks every minute.
 * What somebody holds at this moment is left for the next minute. Returns how many ran, `at_most` of each rule.
 */
create function private.run_waiting_rules(at_most integer default 200)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_rule public.automation_rules;
  v_conversation public.conversations;
  v_count integer := 0;
begin
  for v_rule in
    select r.*
    from public.automation_rules r
    where r.trigger = 'waiting'
      and r.enabled
    order by r.tenant_id, r.position, r.id
  loop
    for v_conversation in
      select c.*
      from public.conversations c
      where c.tenant_id = v_rule.tenant_id
        and c.status = 'open'
        and c.folder = 'open'
        and c.waiting_since <= now() - make_interval(mins => v_rule.waiting_minutes)
        and not exists (
          select
          from public.automation_runs a
          where a.tenant_id = c.tenant_id
            and a.conversation_id = c.id
            and a.rule_id = v_rule.id
            and a.waited_since = c.waiting_since
        )
        and not exists (
          -- An earlier rule of this wait that lets no later one run.
          select
          from public.automation_runs a
          join public.automation_rules s on s.tenant_id = a.tenant_id and s.id = a.rule_id
          where a.tenant_id = c.tenant_id
            and a.conversation_id = c.id
            and a.waited_since = c.waiting_since
            and s.stop_after
            and s.position < v_rule.position
        )
        and private.matches_conditions(c, v_rule.conditions, null, null, now())
      order by c.waiting_since
      limit at_most
      for update skip locked
    loop
      perform private.run_rule(v_rule, v_conversation.id, 'waiting', null, v_conversation.waiting_since);
      perform set_config('prosa.rules', '', true);
      v_count := v_count + 1;
    end loop;
  end loop;
  return v_count;
end;
$$;

/* Forgets runs older than 30 days, 10,000 at most. Returns how many. */
create function private.purge_automation_runs()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.automation_runs a
  where a.ctid = any (array(
    select r.ctid
    from public.automation_runs r
    where r.created_at < now() - interval '30 days'
    order by r.created_at
    limit 10000
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.run_waiting_rules(integer), private.purge_automation_runs() to prosa_worker;

-- sql/88_price_ledger.sql

/*
 * What a message costs. Providers publish lists of prices by country and category and change them on
 * announced days, so a price is looked up in the list of its own day and never overwritten. Lists come
 * from dated CSV files (core/prices), loaded by `npm run prices`; nobody types a price in.
 */

create table private.price_lists (
  id uuid primary key default gen_random_uuid(),
  provider text not null check (provider ~ '^[a-z_]{1,40}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- In the workspace's own time zone, as the provider counts it in the account's.
  effective_from date not null,
  -- Where the amounts were found, in words that can be checked.
  source text not null,
  -- Service messages a number sends free of charge in a calendar month. Null: all of them.
  free_service_messages integer check (free_service_messages >= 0),
  -- Whether a utility template costs nothing while the customer's window is open.
  utility_free_in_window boolean not null,
  unique (provider, currency, effective_from)
);

create table private.prices (
  price_list_id uuid not null references private.price_lists on delete cascade,
  -- A country of its own (ISO 3166, `BR`) or one of the provider's regions (`rest_of_latin_america`, `other`).
  market text not null check (market ~ '^([A-Z]{2}|[a-z_]{4,40})$'),
  category text not null check (category ~ '^[a-z_]{1,40}$'),
  -- From how many messages of the month on; 0 is the price of the list itself.
  tier_from bigint not null default 0 check (tier_from >= 0),
  -- Null: the country is known to have a price of its own, and nobody could find it.
  amount numeric(12, 6) check (amount >= 0),
  source text not null,
  primary key (price_list_id, market, category, tier_from)
);

/* Which country a number belongs to by how it begins, and the region that country is in where it has no price of its own. */
create table private.calling_codes (
  prefix text primary key check (prefix ~ '^[1-9][0-9]{0,5}$'),
  country text not null check (country ~ '^[A-Z]{2}$'),
  region text not null check (region ~ '^[a-z_]{4,40}$')
);

alter table private.price_lists enable row level security;
alter table private.prices enable row level security;
alter table private.calling_codes enable row level security;

/* The country and region of a number; nulls where there is no number. A beginning that nobody lists is `other`, as the provider says. */
create function private.country_of(phone text, out country text, out region text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if phone is null then
    return;
  end if;
  -- The longest beginning wins: +1 809 is the Dominican Republic, +1 is North America.
  select c.country, c.region into country_of.country, country_of.region
  from private.calling_codes c
  where c.prefix = any (array[left(phone, 6), left(phone, 5), left(phone, 4), left(phone, 3), left(phone, 2), left(phone, 1)])
  order by length(c.prefix) desc
  limit 1;
  country_of.region := coalesce(country_of.region, 'other');
end;
$$;

/* The list of a day: the newest that had come into force. Null where there is none. */
create function private.price_list_of(provider text, currency text, day date)
  returns private.price_lists
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_list private.price_lists;
begin
  select l.* into v_list
  from private.price_lists l
  where l.provider = $1
    and l.currency = $2
    and l.effective_from <= $3
  order by l.effective_from desc
  limit 1;
  return v_list;
end;
$$;

/*
 * The price of one message: of the country where it has a price of its own, else of its region. `volume`
 * is how many were sent this month before it. Without an amount, `reason` says why: no_price_list,
 * country_unknown, price_unknown.
 */
create function private.find_price(
  list private.price_lists,
  country text,
  region text,
  category text,
  volume bigint default 0,
  out amount numeric,
  out market text,
  out reason text
)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if list.id is null then
    reason := 'no_price_list';
    return;
  end if;
  if region is null then
    reason := 'country_unknown';
    return;
  end if;
  market := case
    when exists (select from private.prices p where p.price_list_id = list.id and p.market = find_price.country) then country
    else region
  end;
  select p.amount into find_price.amount
  from private.prices p
  where p.price_list_id = list.id
    and p.market = find_price.market
    and p.category = find_price.category
    and p.tier_from <= find_price.volume
  order by p.tier_from desc
  limit 1;
  if find_price.amount is null then
    reason := 'price_unknown';
  end if;
end;
$$;

-- sql/88_price_ledger_charges.sql

/*
 * The ledger: one row a message that the provider has told a price of. It is computed anew from all that
 * was told of the message (public.message_events), so that statuses may come repeated, shuffled and late
 * and end in the same row. It outlives the messages it speaks of.
 */

create table public.charges (
  tenant_id uuid not null references public.tenants on delete cascade,
  message_id uuid not null,
  message_created_at timestamptz not null,
  channel_id uuid not null,
  conversation_id uuid not null,
  contact_id uuid not null,
  author public.message_author not null,
  author_id uuid,
  template text,
  category text not null check (category ~ '^[a-z_]{1,40}$'),
  -- The provider's own word: regular, free_customer_service, free_entry_point, … Null: it said none.
  pricing_type text,
  pricing_model text,
  country text,
  region text,
  market text,
  -- Why it costs nothing; null: it is charged.
  free_reason text,
  -- Whether the free thousand is ours to count, because the provider does not say.
  is_counted boolean not null default false,
  -- 0 where free; null where the price is not known, and `reason` says why.
  amount numeric(12, 6),
  currency text not null,
  price_list_id uuid,
  reason text,
  -- When it was delivered; before that, when its price was first told.
  occurred_at timestamptz not null,
  -- The day and month it is charged in, by the workspace's clock.
  charged_on date not null,
  -- Null: not delivered (yet), so nothing is owed.
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  -- A message is charged once.
  primary key (tenant_id, message_id),
  check ((amount is null) = (reason is not null)),
  check (free_reason is null or amount = 0)
);

comment on table public.charges is 'What each message cost, as the provider told it. One row a message.';

create index on public.charges (tenant_id, charged_on);
create index on public.charges (tenant_id, conversation_id);
create index on public.charges (tenant_id, contact_id);
create index charges_service_idx on public.charges (tenant_id, channel_id, charged_on) where category = 'service';
create index charges_counted_idx on public.charges (channel_id, date_trunc('month', charged_on::timestamp), occurred_at, message_id) where is_counted;
create index charges_unknown_idx on public.charges (tenant_id, charged_on) where amount is null;

create trigger _100_touch
  before update on public.charges
  for each row
  execute function private.tg_touch();

alter table public.charges enable row level security;

create policy select_accountant on public.charges
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('costs.read'))));

grant select on public.charges to authenticated;

-- sql/88_price_ledger_pricing.sql

/* What a row of the ledger costs, by the price list of its day. */

/*
 * Why a message costs nothing, or null where it is charged. The provider's `type` is the truth; then its
 * `billable`; and only where it says neither do the published rules decide.
 */
create function private.free_reason(pricing jsonb, category text, list private.price_lists)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when pricing ->> 'type' like 'free\_%' then pricing ->> 'type'
    when pricing ->> 'type' is not null then null
    when pricing ->> 'billable' = 'false' then 'not_billable'
    when pricing ->> 'billable' = 'true' then null
    when category = 'referral_conversion' then 'free_entry_point'
    when category = 'service' and list.id is not null and list.free_service_messages is null then 'free_customer_service'
  end;
end;
$$;

/*
 * Of the service messages whose price is ours to judge, the first thousand of a number's month are free,
 * in the order in which they were delivered, whatever order we heard of them in. Called under the lock
 * of private.lock_counting, so that two doors count one after the other.
 */
create function private.count_free_messages(channel_id uuid, day date)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_month timestamp := date_trunc('month', day::timestamp);
  v_last public.charges;
  v_charge public.charges;
  v_quota integer;
begin
  select l.free_service_messages into v_quota
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, 'USD', day) l
  where n.id = $1;

  -- The last that is free.
  select c.* into v_last
  from public.charges c
  where c.channel_id = $1
    and c.is_counted
    and date_trunc('month', c.charged_on::timestamp) = v_month
  order by c.occurred_at, c.message_id
  offset greatest(v_quota, 1) - 1
  limit 1;

  for v_charge in
    select c.*
    from public.charges c
    where c.channel_id = $1
      and c.is_counted
      and date_trunc('month', c.charged_on::timestamp) = v_month
      and (c.free_reason is not null) is distinct from (
        v_quota > 0 and (v_last.message_id is null or (c.occurred_at, c.message_id) <= (v_last.occurred_at, v_last.message_id))
      )
  loop
    v_charge.free_reason := case when v_charge.free_reason is null then 'free_customer_service' end;
    perform private.set_price(v_charge);
  end loop;
end;
$$;

create function private.lock_counting(channel_id uuid)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('charges:' || channel_id, 0))
$$;

/* A row of the ledger with its price filled in, from the list of its day. */
create function private.priced(charge public.charges, list private.price_lists)
  returns public.charges
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_price record;
begin
  select * into v_price from private.find_price(list, charge.country, charge.region, charge.category);
  charge.market := v_price.market;
  charge.price_list_id := list.id;
  charge.amount := case when charge.free_reason is not null then 0 else v_price.amount end;
  charge.reason := case when charge.free_reason is null then v_price.reason end;
  if charge.free_reason is null and charge.pricing_model = 'CBP' then
    -- Charged by conversation, as until July 2025: a message has no price.
    charge.amount := null;
    charge.reason := 'charged_by_conversation';
  end if;
  return charge;
end;
$$;

/* Prices a row that is in the ledger already. Returns whether that changed anything. */
create function private.set_price(charge public.charges)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_list private.price_lists;
  v_new public.charges;
begin
  select l.* into v_list
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, charge.currency, charge.charged_on) l
  where n.id = charge.channel_id;
  v_new := private.priced(charge, v_list);

  update public.charges c
  set
    free_reason = v_new.free_reason,
    amount = v_new.amount,
    reason = v_new.reason,
    market = v_new.market,
    price_list_id = v_new.price_list_id
  where c.tenant_id = charge.tenant_id
    and c.message_id = charge.message_id
    and (c.free_reason, c.amount, c.reason, c.market, c.price_list_id)
      is distinct from (v_new.free_reason, v_new.amount, v_new.reason, v_new.market, v_new.price_list_id);
  return found;
end;
$$;

/*
 * Prices the ledger anew from a day on: what had no price when it was told gets it once a list is added,
 * and what a corrected list changes is changed. Every change is audited. Returns how many there were.
 * Null tenant: everybody's, for whoever loads lists.
 */
create function private.reprice(tenant_id uuid, since date)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_charge public.charges;
  v_changed integer := 0;
begin
  for v_charge in
    select c.*
    from public.charges c
    where (c.tenant_id = $1 or $1 is null)
      and c.charged_on >= since
    order by c.tenant_id, c.message_id
    for update
  loop
    v_changed := v_changed + private.set_price(v_charge)::integer;
  end loop;
  return v_changed;
end;
$$;

-- sql/88_price_ledger_recorded.sql

/* A message's row in the ledger, from all that was told of it; it goes where the message goes. */

/*
 * Writes what a message costs, from everything that was told of it: the event has just been added to
 * public.message_events, whose message is locked. Of several prices told, the one of the delivery counts,
 * and one that names its type before one that does not.
 */
create function private.record_charge(message public.messages, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_pricing jsonb;
  v_priced_at timestamptz;
  v_charge public.charges;
  v_known public.charges;
  v_phone text;
  v_list private.price_lists;
begin
  select
    (array_agg(e.detail -> 'pricing' order by (e.detail #>> '{pricing,type}') is null, e.type = 'sent', e.occurred_at, e.detail #>> '{pricing}') filter (where e.detail #>> '{pricing,category}' is not null))[1],
    min(e.occurred_at) filter (where e.detail #>> '{pricing,category}' is not null),
    min(e.occurred_at) filter (where e.type in ('delivered', 'read', 'played'))
  into v_pricing, v_priced_at, v_charge.delivered_at
  from public.message_events e
  where e.tenant_id = message.tenant_id
    and e.message_id = message.id
    and e.message_created_at = message.created_at;
  if v_pricing is null then
    return;
  end if;

  select c.* into v_known from public.charges c where c.tenant_id = message.tenant_id and c.message_id = message.id;
  v_charge.category := lower(v_pricing ->> 'category');
  v_charge.pricing_type := v_pricing ->> 'type';
  v_charge.pricing_model := v_pricing ->> 'pricing_model';
  v_charge.occurred_at := coalesce(v_charge.delivered_at, v_priced_at);
  -- Most of what is told is told again.
  if (v_known.category, v_known.pricing_type, v_known.pricing_model, v_known.delivered_at, v_known.occurred_at)
    is not distinct from (v_charge.category, v_charge.pricing_type, v_charge.pricing_model, v_charge.delivered_at, v_charge.occurred_at)
  then
    return;
  end if;

  -- The number this very message went to; people change theirs.
  select i ->> 'value' into v_phone
  from jsonb_array_elements(coalesce(event -> 'identities', '[]')) i
  where i ->> 'kind' = 'phone'
  limit 1;
  if v_phone is null and v_known.region is null then
    select c.phone into v_phone from public.contacts c where c.tenant_id = message.tenant_id and c.id = message.contact_id;
  end if;
  if v_phone is null then
    v_charge.country := v_known.country;
    v_charge.region := v_known.region;
  else
    select p.country, p.region into v_charge.country, v_charge.region from private.country_of(v_phone) p;
  end if;

  select (v_charge.occurred_at at time zone t.timezone)::date into v_charge.charged_on
  from public.tenants t
  where t.id = message.tenant_id;
  v_charge.currency := 'USD';
  select l.* into v_list
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, 'USD', v_charge.charged_on) l
  where n.id = message.channel_id;

  v_charge.free_reason := private.free_reason(v_pricing, v_charge.category, v_list);
  v_charge.is_counted := v_charge.free_reason is null
    and v_charge.category = 'service'
    and v_pricing ->> 'type' is null
    and v_pricing ->> 'billable' is null
    and v_charge.delivered_at is not null
    and v_list.free_service_messages is not null;
  if v_charge.is_counted or v_known.is_counted then
    perform private.lock_counting(message.channel_id);
  end if;
  v_charge := private.priced(v_charge, v_list);

  insert into public.charges as c (
    tenant_id, message_id, message_created_at, channel_id, conversation_id, contact_id, author, author_id, template,
    category, pricing_type, pricing_model, country, region, market, free_reason, is_counted, amount, currency,
    price_list_id, reason, occurred_at, charged_on, delivered_at
  )
  values (
    message.tenant_id, message.id, message.created_at, message.channel_id, message.conversation_id, message.contact_id,
    message.author, message.author_id, case when message.kind = 'template' then message.content ->> 'name' end,
    v_charge.category, v_charge.pricing_type, v_charge.pricing_model, v_charge.country, v_charge.region, v_charge.market,
    v_charge.free_reason, v_charge.is_counted, v_charge.amount, v_charge.currency,
    v_charge.price_list_id, v_charge.reason, v_charge.occurred_at, v_charge.charged_on, v_charge.delivered_at
  )
  on conflict (tenant_id, message_id) do update
  set
    category = excluded.category,
    pricing_type = excluded.pricing_type,
    pricing_model = excluded.pricing_model,
    country = excluded.country,
    region = excluded.region,
    market = excluded.market,
    free_reason = excluded.free_reason,
    is_counted = excluded.is_counted,
    amount = excluded.amount,
    price_list_id = excluded.price_list_id,
    reason = excluded.reason,
    occurred_at = excluded.occurred_at,
    charged_on = excluded.charged_on,
    delivered_at = excluded.delivered_at;

  if v_charge.is_counted then
    perform private.count_free_messages(message.channel_id, v_charge.charged_on);
  end if;
  if v_known.is_counted
    and (not v_charge.is_counted or date_trunc('month', v_known.charged_on::timestamp) <> date_trunc('month', v_charge.charged_on::timestamp))
  then
    perform private.count_free_messages(message.channel_id, v_known.charged_on);
  end if;
end;
$$;

/* A message that moves to another conversation, because two people turned out to be one or were parted again, takes its cost along. */
create function private.tg_messages__move_charge()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.charges c
  set
    conversation_id = new.conversation_id,
    contact_id = new.contact_id
  where c.tenant_id = new.tenant_id
    and c.message_id = new.id;
  return null;
end;
$$;

create trigger _500_move_charge
  after update of conversation_id, contact_id on public.messages
  for each row
  when (new.direction = 'out' and (old.conversation_id <> new.conversation_id or old.contact_id <> new.contact_id))
  execute function private.tg_messages__move_charge();

-- sql/88_price_ledger_reports.sql

/*
 * What people ask of the ledger: what the next message would cost, and the
 * costs of a period by what they belong to. Only what was delivered counts.
 */

/*
 * What a message of this category to this person would cost now: {amount, currency, free, reason, country}.
 * `free` with the reason free_entry_point, free_customer_service or window_open; no amount with country_unknown,
 * price_unknown or no_price_list. Raises conversation_not_found.
 */
create function public.price_of(conversation_id uuid, category text)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_channel public.channels;
  v_category text := lower(category);
  v_today date;
  v_country record;
  v_list private.price_lists;
  v_price record;
  v_free text;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  select n.* into v_channel from public.channels n where n.id = v_conversation.channel_id;
  select (now() at time zone t.timezone)::date into v_today from public.tenants t where t.id = v_conversation.tenant_id;
  select p.* into v_country
  from public.contacts c
  cross join lateral private.country_of(c.phone) p
  where c.tenant_id = v_conversation.tenant_id
    and c.id = v_conversation.contact_id;
  v_list := private.price_list_of(v_channel.type::text, 'USD', v_today);
  select * into v_price from private.find_price(v_list, v_country.country, v_country.region, v_category);

  v_free := case
    -- 72 hours from an advertisement everything is free; an answer opened it, and any message of ours is one.
    when exists (
      select
      from public.messages m
      where m.tenant_id = v_conversation.tenant_id
        and m.conversation_id = v_conversation.id
        and m.direction = 'in'
        and m.created_at > now() - interval '8 days'
        and m.sent_at > now() - interval '72 hours'
        and m.content ? 'referral'
    ) then 'free_entry_point'
    when v_category = 'utility' and v_list.utility_free_in_window and v_conversation.window_expires_at > now() then 'window_open'
    when v_category = 'service' and v_list.id is not null and private.is_service_free(v_conversation.tenant_id, v_channel.id, v_today, v_list.free_service_messages)
      then 'free_customer_service'
  end;

  return jsonb_build_object(
    'amount', case when v_free is not null then 0 else v_price.amount end,
    'currency', coalesce(v_list.currency, 'USD'),
    'free', v_free is not null,
    'reason', coalesce(v_free, v_price.reason),
    'country', v_country.country
  );
end;
$$;

/* Whether the next service message of a number is among the month's free ones. Counts no further than it has to. */
create function private.is_service_free(tenant_id uuid, channel_id uuid, day date, quota integer)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return quota is null
    or quota > (
      select count(*)
      from (
        select
        from public.charges c
        where c.tenant_id = $1
          and c.channel_id = $2
          and c.category = 'service'
          and c.charged_on >= date_trunc('month', day::timestamp)::date
          and c.charged_on < (date_trunc('month', day::timestamp) + interval '1 month')::date
          and c.delivered_at is not null
          and c.free_reason is distinct from 'free_entry_point'
        limit quota
      ) told
    );
end;
$$;

/*
 * The costs of a period, both days included, by day, channel, category, template, agent, country or
 * conversation (the 100 dearest). `key` is what the rows of the group share, `label` its name where it has
 * one. Raises tenant_not_found, not_allowed, report_invalid.
 */
create function public.costs(tenant_id uuid, since date, until date, by text)
  returns table (
    key text, label text, messages bigint, charged bigint, free bigint, unknown bigint, amount numeric, currency text
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'costs.read') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'costs.read');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if $2 is null or $3 is null or $2 > $3 or $3 - $2 > 366
    or coalesce($4, '') not in ('day', 'channel', 'category', 'template', 'agent', 'country', 'conversation')
  then
    perform private.refuse(422, 'report_invalid');
  end if;

  return query
  with told as (
    select
      case $4
        when 'day' then c.charged_on::text
        when 'channel' then c.channel_id::text
        when 'category' then c.category
        when 'template' then c.template
        when 'agent' then coalesce(c.author_id::text, c.author::text)
        when 'country' then coalesce(c.country, c.region)
        when 'conversation' then c.conversation_id::text
      end as key,
      count(*) as messages,
      count(*) filter (where c.amount > 0) as charged,
      count(*) filter (where c.amount = 0) as free,
      count(*) filter (where c.amount is null) as unknown,
      coalesce(sum(c.amount), 0) as amount,
      c.currency
    from public.charges c
    where c.tenant_id = $1
      and c.charged_on between $2 and $3
      and c.delivered_at is not null
      and ($4 <> 'template' or c.template is not null)
    group by 1, c.currency
  )
  select
    t.key,
    case $4
      when 'channel' then (select n.name from public.channels n where n.tenant_id = $1 and n.id::text = t.key)
      when 'agent' then (select m.display_name from public.memberships m where m.tenant_id = $1 and m.user_id::text = t.key)
      when 'conversation' then (
        select p.name
        from public.conversations v
        join public.contacts p on p.tenant_id = v.tenant_id and p.id = v.contact_id
        where v.tenant_id = $1
          and v.id::text = t.key
      )
    end,
    t.messages, t.charged, t.free, t.unknown, t.amount, t.currency
  from told t
  order by
    case when $4 = 'day' then t.key end,
    t.amount desc,
    t.messages desc,
    t.key
  limit case when $4 = 'conversation' then 100 else 1000 end;
end;
$$;

/*
 * Prices the workspace's ledger anew from a day on, after a list was added or corrected. Audited row by
 * row. Returns how many rows changed. Raises tenant_not_found, not_allowed.
 */
create function public.reprice_costs(tenant_id uuid, since date)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'tenant.manage') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'tenant.manage');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return private.reprice($1, coalesce(since, current_date - 366));
end;
$$;

/*
 * The price lists there are, newest first, with where their amounts come from. The lists are everybody's;
 * asked for in a workspace. Raises tenant_not_found, not_allowed.
 */
create function public.price_lists(tenant_id uuid)
  returns table (id uuid, provider text, currency text, effective_from date, source text, prices bigint, missing bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'costs.read') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'costs.read');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select
    l.id, l.provider, l.currency, l.effective_from, l.source,
    (select count(*) from private.prices p where p.price_list_id = l.id and p.amount is not null),
    (select count(distinct p.market) from private.prices p where p.price_list_id = l.id and p.amount is null)
  from private.price_lists l
  order by l.effective_from desc, l.provider, l.currency;
end;
$$;

grant execute on function
  public.price_of(uuid, text),
  public.costs(uuid, date, date, text),
  public.reprice_costs(uuid, date),
  public.price_lists(uuid)
to authenticated;

-- sql/88_price_ledger_sums.sql

/*
 * What one conversation, or one person, has cost: the sum and what it is made of, from the same rows. Only what was
 * delivered counts.
 */

/*
 * {amount, currency, messages, charged, free, unknown, parts}: `unknown` are delivered messages whose price nobody knows yet,
 * and the amount is without them; `parts` the same by month and category, newest first, dearest first. `subject` is
 * conversation_id or contact_id.
 */
create function private.sum_of_charges(tenant_id uuid, subject text, id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_sum jsonb;
begin
  execute format(
    $sql$
      with parts as (
        select
          to_char(c.charged_on, 'YYYY-MM') as month,
          c.category,
          min(c.currency) as currency,
          coalesce(sum(c.amount), 0) as amount,
          count(*) as messages,
          count(*) filter (where c.amount > 0) as charged,
          count(*) filter (where c.amount = 0) as free,
          count(*) filter (where c.amount is null) as unknown
        from public.charges c
        where c.tenant_id = $1
          and c.%I = $2
          and c.delivered_at is not null
        group by 1, 2
      )
      select jsonb_build_object(
        'amount', coalesce(sum(p.amount), 0),
        'currency', coalesce(min(p.currency), 'USD'),
        'messages', coalesce(sum(p.messages), 0),
        'charged', coalesce(sum(p.charged), 0),
        'free', coalesce(sum(p.free), 0),
        'unknown', coalesce(sum(p.unknown), 0),
        'parts', coalesce(jsonb_agg(to_jsonb(p) order by p.month desc, p.amount desc, p.category), '[]')
      )
      from parts p
    $sql$,
    subject
  )
  into v_sum
  using $1, $3;
  return v_sum;
end;
$$;

/* What a conversation has cost: private.sum_of_charges. Raises conversation_not_found, not_allowed. */
create function public.conversation_cost(conversation_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  if not private.may(v_conversation.tenant_id, 'costs.read') then
    perform private.refuse(403, 'not_allowed', 'costs.read');
  end if;
  return private.sum_of_charges(v_conversation.tenant_id, 'conversation_id', v_conversation.id);
end;
$$;

/* What a person has cost over all conversations: private.sum_of_charges. Raises contact_not_found, not_allowed. */
create function public.contact_cost(contact_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select c.tenant_id into v_tenant_id
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_tenant_id, 'costs.read') then
    perform private.refuse(403, 'not_allowed', 'costs.read');
  end if;
  return private.sum_of_charges(v_tenant_id, 'contact_id', $1);
end;
$$;

grant execute on function
  public.conversation_cost(uuid),
  public.contact_cost(uuid)
to authenticated;

-- sql/90_audit.sql

/*
 * Who changed what, and when. Written by triggers in the transaction of the change, so that one
 * cannot be without the other. Nobody may write or alter it by hand. A conversation's traffic is not
 * audited (messages are their own record): its status, assignee, team and owner are.
 */

create table public.audit_log (
  id bigint generated always as identity primary key,
  tenant_id uuid not null,
  -- Null: not a signed-in person, but the door, a worker or the platform.
  actor_id uuid,
  action text not null check (action in ('insert', 'update', 'delete')),
  table_name text not null,
  row_id text not null,
  -- Only the columns that changed.
  before jsonb,
  after jsonb,
  created_at timestamptz not null default clock_timestamp()
);

comment on table public.audit_log is 'Who changed what, and when. Append-only.';

create index on public.audit_log (tenant_id, created_at desc);
create index on public.audit_log (tenant_id, table_name, row_id, id desc);

alter table public.audit_log enable row level security;

create policy select_auditor on public.audit_log
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('audit.read'))));

grant select on public.audit_log to authenticated;

/* Writes one audit row. Arguments: the column that names the tenant, the column or columns that name the row. */
create function private.tg_audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  -- Clocks and counters of a thread: every change moves them. How far somebody is in getting to know the product is theirs.
  c_unsaid constant text[] := '{updated_at,last_seq,read_seq,onboarding}';
  v_before jsonb := case when tg_op <> 'INSERT' then to_jsonb(old) - c_unsaid end;
  v_after jsonb := case when tg_op <> 'DELETE' then to_jsonb(new) - c_unsaid end;
  v_row jsonb := coalesce(v_after, v_before);
begin
  if tg_op = 'UPDATE' then
    select jsonb_object_agg(b.key, b.value), jsonb_object_agg(b.key, v_after -> b.key)
    into v_before, v_after
    from jsonb_each(v_before) b
    where b.value is distinct from v_after -> b.key;
    if v_before is null then
      return null;
    end if;
  end if;

  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, before, after)
  values (
    (v_row ->> tg_argv[0])::uuid,
    auth.uid(),
    lower(tg_op),
    tg_table_name,
    v_row ->> tg_argv[1],
    v_before,
    v_after
  );
  return null;
end;
$$;

create trigger _800_audit
  after insert or update or delete on public.tenants
  for each row
  execute function private.tg_audit('id', 'id');

create trigger _800_audit
  after insert or update or delete on public.memberships
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or delete on public.invitations
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_update
  after update on public.invitations
  for each row
  when (
    old.closed_at is distinct from new.closed_at
    or old.role is distinct from new.role
    or old.role_id is distinct from new.role_id
    or old.expires_at <> new.expires_at
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.roles
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.channels
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.templates
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_update
  after update on public.templates
  for each row
  when (
    old.status <> new.status
    or old.draft is distinct from new.draft
    or old.work is distinct from new.work
    or old.category is distinct from new.category
    or old.components is distinct from new.components
  )
  execute function private.tg_audit('tenant_id', 'id');

-- The ledger writes itself; what is audited is a price that changes after it was written.
create trigger _800_audit
  after update on public.charges
  for each row
  when (old.amount is distinct from new.amount and old.created_at < now())
  execute function private.tg_audit('tenant_id', 'message_id');

create trigger _800_audit
  after insert or update or delete on public.business_hours
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.holidays
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.teams
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.canned_responses
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.tags
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or delete on public.team_members
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or update or delete on public.attribute_definitions
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.agent_skills
  for each row
  execute function private.tg_audit('tenant_id', 'user_id');

-- What people say; who came and went stands in availability_periods.
create trigger _800_audit
  after update of wanted on public.agent_availability
  for each row
  when (old.wanted <> new.wanted)
  execute function private.tg_audit('tenant_id', 'user_id');

create trigger _800_audit
  after insert or update or delete on public.macros
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert or update or delete on public.automation_rules
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.owner <> new.owner
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.contact_id <> new.contact_id
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_delete
  after delete on public.conversations
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after delete on public.contacts
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- What a person has written of a contact; the provider's names and numbers are its own record.
create trigger _800_audit_update
  after update on public.contacts
  for each row
  when (
    old.email is distinct from new.email
    or old.language is distinct from new.language
    or old.attributes <> new.attributes
    or (old.name <> new.name and new.name_at is null)
  )
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit
  after insert on public.consent_events
  for each row
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_identity
  after update of contact_id on public.contact_identities
  for each row
  when (old.contact_id <> new.contact_id)
  execute function private.tg_audit('tenant_id', 'value');

create trigger _800_audit
  after insert or update on public.contact_merges
  for each row
  execute function private.tg_audit('tenant_id', 'id');

-- Private filters are nobody's business.
create trigger _800_audit
  after insert on public.saved_filters
  for each row
  when (new.is_shared)
  execute function private.tg_audit('tenant_id', 'id');

create trigger _800_audit_change
  after update or delete on public.saved_filters
  for each row
  when (old.is_shared)
  execute function private.tg_audit('tenant_id', 'id');
