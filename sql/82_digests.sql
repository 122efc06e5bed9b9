/*
 * What was told and not read while somebody was away is mailed to them, bundled: one job a person, no sooner than
 * they wish, never in their quiet hours, each thing once. Whether somebody is away the browser says: as long as a
 * window is looked at, it notes so every two minutes.
 */

create table private.sightings (
  tenant_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default now(),
  -- Up to when what waits was mailed.
  mailed_until timestamptz not null default now(),
  -- Proves the right to stop the mails, without signing in.
  unsubscribe_token uuid not null default gen_random_uuid(),
  primary key (tenant_id, user_id),
  unique (unsubscribe_token),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table private.sightings is 'When a person last looked, and up to when they were mailed.';

alter table private.sightings enable row level security;

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
  insert into private.sightings as s (tenant_id, user_id)
  values ($1, v_me)
  on conflict (tenant_id, user_id) do update
  set seen_at = excluded.seen_at;
  if $2 in ('pt-BR', 'en') then
    insert into public.notification_settings as s (tenant_id, user_id, locale)
    values ($1, v_me, $2)
    on conflict (tenant_id, user_id) do update
    set locale = excluded.locale
    where s.locale is distinct from excluded.locale;
  end if;
end;
$$;

grant execute on function public.i_am_here(uuid, text) to authenticated;
