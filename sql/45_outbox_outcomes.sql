/*
 * What came of attempts, settled in batches. A status webhook may have told it before, may be telling it at
 * this moment, or may never come; whatever the order, the rows end the same, and nobody waits for anybody.
 */

create type private.settling as (
  attempt_id uuid,
  tenant_id uuid,
  message_id uuid,
  created_at timestamptz
);

/*
 * Settles attempts. Returns those whose message a status webhook holds at this moment: to be settled a moment
 * later. Waiting for them, with other messages held, could be for ever. Settling twice changes nothing.
 */
create function private.settle_sends(outcomes jsonb)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_outcomes private.send_outcome[];
  v_open private.settling[];
  v_settled uuid[];
  v_busy uuid[] := '{}';
begin
  select array_agg(o) into v_outcomes
  from jsonb_populate_recordset(null::private.send_outcome, outcomes) o;
  if v_outcomes is null then
    return v_busy;
  end if;

  -- First of all: whoever queues one more message waits until it is clear whether its conversation is idle.
  perform
  from private.outbox o
  where o.conversation_id = any (array(select x.conversation_id from unnest(v_outcomes) x))
  order by o.conversation_id::text
  for update;

  -- The message before its attempt, as a status webhook locks them.
  select array_agg((l.attempt_id, l.tenant_id, l.id, l.created_at)::private.settling) into v_open
  from (
    select o.attempt_id, m.tenant_id, m.id, m.created_at
    from unnest(v_outcomes) o
    cross join lateral (
      select t.*
      from public.message_attempts t
      where t.id = o.attempt_id
        and (t.result is null or t.result = 'unknown')
      limit 1
    ) a
    cross join lateral (
      select s.tenant_id, s.id, s.created_at
      from public.messages s
      where s.tenant_id = a.tenant_id
        and s.id = a.message_id
        and s.created_at = a.message_created_at
      limit 1
      for update skip locked
    ) m
  ) l;

  if coalesce(cardinality(v_open), 0) < cardinality(v_outcomes) then
    v_busy := array(
      select a.id
      from public.message_attempts a
      where a.id = any (array(select o.attempt_id from unnest(v_outcomes) o))
        and (a.result is null or a.result = 'unknown')
        and a.id <> all (array(select l.attempt_id from unnest(v_open) l))
    );
  end if;

  with finished as (
    update public.message_attempts a
    set
      result = o.result,
      error = o.error,
      finished_at = clock_timestamp()
    from unnest(v_outcomes) o
    where a.id = any (array(select l.attempt_id from unnest(v_open) l))
      and a.id is not distinct from o.attempt_id
      and (a.result is null or a.result = 'unknown')
    returning a.id
  )
  select array_agg(f.id) into v_settled from finished f;

  if v_settled is not null then
    perform private.apply_outcomes(
      array(select o from unnest(v_outcomes) o where o.attempt_id = any (v_settled)),
      array(select l from unnest(v_open) l where l.attempt_id = any (v_settled))
    );
  end if;
  perform private.release_conversations(
    array(select o from unnest(v_outcomes) o where o.attempt_id <> all (v_busy))
  );
  return v_busy;
end;
$$;

/* Brings the messages of these attempts, all locked, to where their outcomes take them. */
create function private.apply_outcomes(outcomes private.send_outcome[], messages private.settling[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel_id uuid;
  v_row record;
begin
  update public.messages m
  set
    status = next.status,
    error = case when next.status = 'failed' then o.error when next.status <> m.status then null else m.error end,
    external_id = coalesce(m.external_id, o.external_id)
  from unnest(outcomes) o
  join unnest(messages) l on l.attempt_id = o.attempt_id
  cross join lateral (
    select case o.result
      when 'accepted' then 'sent'
      when 'failed' then 'failed'
      else 'queued'
    end::public.message_status as status
    offset 0
  ) next
  where m.tenant_id = any (array(select x.tenant_id from unnest(messages) x limit 1))
    and m.id = any (array(select x.message_id from unnest(messages) x))
    and m.created_at = any (array(select x.created_at from unnest(messages) x))
    and m.id is not distinct from l.message_id
    and case o.result
      when 'accepted' then m.status in ('queued', 'sending') or m.error ->> 'code' = 'outcome_unknown' or m.external_id is null
      when 'failed' then m.status in ('queued', 'sending', 'sent')
      when 'unknown' then false
      else m.status = 'sending'
    end;

  -- The provider has taken them and named them: their ids are remembered, and what was told before is applied.
  insert into private.message_keys (channel_id, external_id, tenant_id, message_id, created_at, fingerprint)
  select m.channel_id, o.external_id, m.tenant_id, m.id, m.created_at, private.fingerprint('out', m.kind, m.id::text, '')
  from unnest(outcomes) o
  join unnest(messages) l on l.attempt_id = o.attempt_id
  cross join lateral (
    select s.* from public.messages s where s.tenant_id = l.tenant_id and s.id = l.message_id and s.created_at = l.created_at limit 1
  ) m
  where o.result = 'accepted'
  order by o.external_id
  on conflict do nothing;

  for v_row in
    select m.channel_id, o.external_id
    from unnest(outcomes) o
    join unnest(messages) l on l.attempt_id = o.attempt_id
    cross join lateral (
      select s.* from public.messages s where s.tenant_id = l.tenant_id and s.id = l.message_id and s.created_at = l.created_at limit 1
    ) m
    where o.result = 'accepted'
      and (
        select e.external_id
        from private.early_events e
        where e.channel_id = m.channel_id
          and e.external_id = o.external_id
        limit 1
      ) is not null
  loop
    perform private.apply_early_events(v_row.channel_id, v_row.external_id);
  end loop;

  for v_row in
    select o.result, o.error, o.pause_seconds, o.not_called, m.message
    from unnest(outcomes) o
    join unnest(messages) l on l.attempt_id = o.attempt_id
    cross join lateral (
      select s as message from public.messages s where s.tenant_id = l.tenant_id and s.id = l.message_id and s.created_at = l.created_at limit 1
    ) m
    where o.result in ('failed', 'hold')
      or o.pause_seconds is not null
  loop
    if v_row.result = 'failed' then
      perform private.act_on_failure(v_row.message, v_row.error);
    elsif v_row.pause_seconds is not null then
      perform private.pause_channel(c, make_interval(secs => v_row.pause_seconds))
      from public.channels c
      where c.id = (v_row.message).channel_id;
    elsif v_row.not_called is not true then
      perform private.hold_channel((v_row.message).channel_id, v_row.error);
    end if;
  end loop;
end;
$$;

/* Settles what is known and claims what may go, in one transaction: {busy, and what private.claim_sends gives}. */
create function private.turn_outbox(channel_id uuid, shard integer, drain_id uuid, outcomes jsonb, most integer)
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
  v_busy uuid[] := private.settle_sends(outcomes);
begin
  return private.claim_sends($1, $2, $3, $5) || jsonb_build_object('busy', v_busy);
end;
$$;

/*
 * Puts back what a drain holds without knowing: messages that it was given in an answer which never arrived.
 * They were not called for. Returns how many.
 */
create function private.recover_claims(channel_id uuid, shard integer, drain_id uuid, known uuid[])
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_lost jsonb;
begin
  select jsonb_agg(jsonb_build_object(
    'attempt_id', o.attempt_id, 'conversation_id', o.conversation_id, 'result', 'hold', 'not_called', true,
    'error', '{"code": "not_called", "title": "The message was not sent yet"}'::jsonb
  )) into v_lost
  from private.outbox o
  join private.outbox_drains d on d.channel_id = o.channel_id and d.shard = o.shard and d.drain_id = $3
  where o.channel_id = $1
    and o.shard = $2
    and o.attempt_id is not null
    and o.attempt_id <> all ($4);
  perform private.settle_sends(v_lost);
  return coalesce(jsonb_array_length(v_lost), 0);
end;
$$;

grant execute on function
  private.settle_sends(jsonb),
  private.recover_claims(uuid, integer, uuid, uuid[]),
  private.turn_outbox(uuid, integer, uuid, jsonb, integer)
to prosa_worker;
