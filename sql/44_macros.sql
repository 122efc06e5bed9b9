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
