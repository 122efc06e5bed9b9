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
