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
