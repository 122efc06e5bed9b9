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
