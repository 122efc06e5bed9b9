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
