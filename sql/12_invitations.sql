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
