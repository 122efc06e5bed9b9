/*
 * The conversations whose flow has something to do: a row each, however much happens. Workers take many at once and give
 * them back with the step that they keep, so that a conversation costs no job of the queue. A worker that dies holds what
 * it took for some seconds; a step is kept once anyway, by its run's revision. docs/decisions/0033-flow-wakes.md.
 */

create table private.flow_wakes (
  conversation_id uuid primary key references public.conversations on delete cascade,
  tenant_id uuid not null,
  -- Raised with whatever happens: what happened while a step was thought out is looked at again.
  version integer not null default 1,
  -- Not before. Whoever takes it moves this on by as long as that may last.
  due_at timestamptz not null default clock_timestamp(),
  -- How often it was taken and not given back.
  tries smallint not null default 0
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

comment on table private.flow_wakes is 'One row a conversation whose flow has something to do.';

create index flow_wakes_due_idx on private.flow_wakes (due_at);
create index on private.flow_wakes (tenant_id);

alter table private.flow_wakes enable row level security;

/* Has flows of conversations taken further, or begun, by the next worker that is free. */
create function private.call_flows(conversation_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.flow_wakes as w (conversation_id, tenant_id)
  select c.id, c.tenant_id
  from public.conversations c
  where c.id = any ($1)
  order by c.id
  on conflict (conversation_id) do update
  set
    version = w.version + 1,
    due_at = clock_timestamp(),
    tries = 0;
  -- One a transaction, however often it is called.
  perform pg_notify('flow_wakes', '');
end;
$$;

/*
 * Takes conversations whose flow has something to do, longest waiting first: [{conversation_id, version, reading}]. Each is
 * the caller's for 8 s, longer each time that it was taken in vain; `reading` is read_flow's.
 */
create function private.take_flow_wakes(most integer)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Few things by their keys, whatever the tables held when this was planned.
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_taken jsonb;
begin
  with due as (
    select w.conversation_id
    from private.flow_wakes w
    -- Not by clock_timestamp(), which changes within a statement: no index could be asked for it.
    where w.due_at <= now()
    order by w.due_at
    limit most
    for update skip locked
  ),
  taken as (
    update private.flow_wakes w
    set
      due_at = clock_timestamp() + least(power(2, w.tries) * interval '8 seconds', interval '15 minutes'),
      tries = least(w.tries + 1, 10)
    from due d
    where w.conversation_id = d.conversation_id
    returning w.conversation_id, w.version
  )
  select jsonb_agg(jsonb_build_object('conversation_id', t.conversation_id, 'version', t.version))
  into v_taken
  from taken t;
  -- After they are taken: what a snapshot of before would not show is known by the version.
  return (
    select coalesce(jsonb_agg(t.value || jsonb_build_object('reading', private.read_flow((t.value ->> 'conversation_id')::uuid))), '[]')
    from jsonb_array_elements(v_taken) t
  );
end;
$$;

/*
 * Gives back conversations that were taken, [{conversation_id, version}]: all is done, unless something happened meanwhile.
 * What another has locked is being called just now, and stays: to wait for it could be to wait in a ring.
 */
create function private.rest_flows(rests jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Few things by their keys, whatever the tables held when this was planned.
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
begin
  delete from private.flow_wakes w
  where w.conversation_id = any (array(
    select o.conversation_id
    from jsonb_to_recordset($1) r (conversation_id uuid, version integer)
    join private.flow_wakes o on o.conversation_id = r.conversation_id and o.version = r.version
    for update of o skip locked
  ));
end;
$$;

grant execute on function
  private.call_flows(uuid[]),
  private.take_flow_wakes(integer),
  private.rest_flows(jsonb)
to prosa_worker;
