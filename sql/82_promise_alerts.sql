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
 * Tells whoever owes an answer of promises that have fallen due or are about to, 50 at most, each once however often
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
    limit 50
  loop
    -- As it is by now: whoever answers at this moment is through, or waits for us.
    select c.* into v_conversation
    from public.conversations c
    where c.id = v_moment.conversation_id
      and c.folder = 'open'
      and c.sla_due_at = v_moment.due_at
    for no key update skip locked;
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
