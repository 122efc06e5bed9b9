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
