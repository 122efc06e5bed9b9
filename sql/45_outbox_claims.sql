/*
 * Taking messages out of the outbox: which may go now, the attempts written before their calls, and all that
 * those calls need.
 */

/* The first message of a conversation that may go. */
create type private.outbox_head as (
  conversation_id uuid,
  tries smallint,
  tenant_id uuid,
  contact_id uuid,
  message_id uuid,
  created_at timestamptz,
  kind text,
  attempt_id uuid
);

/*
 * Begins to drain a shard. What an earlier drain left in flight belongs to a worker that died in the middle
 * of its calls: those attempts are unknown. Returns how many.
 */
create function private.begin_drain(channel_id uuid, shard integer, drain_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- Few things by their keys, whatever the tables held when this was planned.
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_left_behind private.send_outcome[];
begin
  insert into private.outbox_drains (channel_id, shard, tenant_id, drain_id)
  select c.id, $2, c.tenant_id, $3 from public.channels c where c.id = $1
  on conflict on constraint outbox_drains_pkey do update set drain_id = excluded.drain_id;

  v_left_behind := array(
    select (o.attempt_id, o.conversation_id, 'unknown', null, null, null, null, null)::private.send_outcome
    from private.outbox o
    where o.channel_id = $1
      and o.shard = $2
      and o.attempt_id is not null
    -- By no index: none of them is in this order and holds only these.
    order by o.conversation_id::text
    for update
  );
  update public.message_attempts a
  set
    result = 'unknown',
    finished_at = clock_timestamp()
  where a.id = any (array(select l.attempt_id from unnest(v_left_behind) l))
    and a.result is null;
  perform private.release_conversations(v_left_behind);
  return cardinality(v_left_behind);
end;
$$;

/* Up to `most` conversations of a shard that may send now, locked: the urgent lane first, the longest waiting first. */
create function private.due_conversations(channel_id uuid, shard integer, most integer)
  returns uuid[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_ids uuid[] := '{}';
begin
  for v_lane in 0 .. 1 loop
    v_ids := v_ids || array(
      select o.conversation_id
      from private.outbox o
      where o.channel_id = $1
        and o.shard = $2
        and o.lane = v_lane
        and o.attempt_id is null
        and o.due_at <= clock_timestamp()
      order by o.due_at
      limit $3 - cardinality(v_ids)
      -- Who is just queueing there rings when they are done.
      for update skip locked
    );
    exit when cardinality(v_ids) >= $3;
  end loop;
  return v_ids;
end;
$$;

/*
 * Takes up to `most` messages of a shard: one a conversation, the oldest. Writes their attempts and marks them
 * `sending`. Gives {claims, phone_number_id, token (encrypted), limited, next_ms: when to ask again, null where
 * nothing waits}. {stop: true} where nothing may be taken: the channel needs attention and holds its outbox, is
 * gone, or another job drains the shard.
 */
create function private.claim_sends(channel_id uuid, shard integer, drain_id uuid, most integer)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_channel public.channels;
  v_paused_until timestamptz;
  v_due uuid[];
  v_heads private.outbox_head[];
  v_claims jsonb;
begin
  select c.* into v_channel
  from public.channels c
  join private.outbox_drains d on d.channel_id = c.id and d.shard = $2 and d.drain_id = $3
  where c.id = $1
    and c.status = 'connected';
  if not found then
    return '{"stop": true, "claims": []}';
  end if;

  select l.paused_until into v_paused_until
  from private.sending_limits l
  where l.channel_id = $1
    and l.paused_until > clock_timestamp();
  if not found and most > 0 then
    v_due := private.due_conversations($1, $2, $4);
  end if;

  if cardinality(v_due) > 0 then
    select array_agg((d.id, o.tries, m.tenant_id, m.contact_id, m.id, m.created_at, m.kind, gen_random_uuid())::private.outbox_head order by d.ordinality)
    into v_heads
    from unnest(v_due) with ordinality d (id)
    -- One descent each, here and below: what is nearly empty when a plan is made may be full when it is used.
    cross join lateral (select w.tries from private.outbox w where w.conversation_id = d.id limit 1) o
    cross join lateral (
      select q.tenant_id, q.contact_id, q.id, q.created_at, q.kind
      from private.queued_messages q
      where q.tenant_id = v_channel.tenant_id
        and q.conversation_id = d.id
      order by q.seq
      limit 1
    ) m;
    if coalesce(cardinality(v_heads), 0) < cardinality(v_due) then
      -- What was queued there is gone, with its conversation or at somebody's word.
      delete from private.outbox o
      where o.conversation_id = any (v_due)
        and o.conversation_id <> all (array(select h.conversation_id from unnest(v_heads) h));
    end if;
    -- Two threads with one person: one after the other.
    v_heads := array(
      select v_heads[min(n)]
      from generate_subscripts(v_heads, 1) n
      group by (v_heads[n]).contact_id
      order by min(n)
    );
    v_heads := private.permitted_heads(v_channel, v_heads);
  end if;

  if cardinality(v_heads) > 0 then
    v_claims := private.begin_attempts(v_heads);
  end if;

  return jsonb_build_object(
    'claims', coalesce(v_claims, '[]'),
    'channel_id', v_channel.id,
    'phone_number_id', v_channel.phone_number_id,
    'messages_per_second', v_channel.messages_per_second,
    'next_ms', extract(epoch from private.next_due_at($1, $2, v_paused_until) - clock_timestamp()) * 1000,
    'token', case when v_claims is not null then (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    ) end
  );
end;
$$;

/* When the next conversation of a shard may send, not before `earliest`. Null: none waits. */
create function private.next_due_at(channel_id uuid, shard integer, earliest timestamptz)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
  select greatest(least(urgent.due_at, bulk.due_at), $3)
  from
    (select min(o.due_at) as due_at from private.outbox o where o.channel_id = $1 and o.shard = $2 and o.lane = 0 and o.attempt_id is null) urgent,
    (select min(o.due_at) as due_at from private.outbox o where o.channel_id = $1 and o.shard = $2 and o.lane = 1 and o.attempt_id is null) bulk
  );
end;
$$;

/* Writes an attempt for each message and gives what its call needs, in order. */
create function private.begin_attempts(heads private.outbox_head[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
  -- In plpgsql, which keeps its plans: a function in SQL is planned at every call, here over all partitions of messages.
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_claims jsonb;
begin
  with attempt as (
    insert into public.message_attempts (id, tenant_id, message_id, message_created_at)
    select h.attempt_id, h.tenant_id, h.message_id, h.created_at
    from unnest($1) h
  ),
  marked as (
    update private.outbox o
    set attempt_id = h.attempt_id
    from unnest($1) h
    where o.conversation_id = any (array(select x.conversation_id from unnest($1) x))
      and o.conversation_id is not distinct from h.conversation_id
  ),
  sending as (
    update public.messages m
    set status = 'sending'
    where m.tenant_id = any (array(select x.tenant_id from unnest($1) x limit 1))
      and m.id = any (array(select x.message_id from unnest($1) x))
      and m.created_at = any (array(select x.created_at from unnest($1) x))
    returning m.id, m.kind, m.content, m.media, m.target_external_id, m.seq, m.lane
  )
  select jsonb_agg(
    jsonb_build_object(
      'attempt_id', h.attempt_id,
      -- Which try this is, for pauses that grow.
      'attempt', h.tries + 1,
      'message_id', h.message_id,
      'tenant_id', h.tenant_id,
      'conversation_id', h.conversation_id,
      'contact_id', h.contact_id,
      'seq', m.seq,
      'lane', m.lane,
      'kind', m.kind,
      'content', m.content,
      'media', m.media,
      'quoted_external_id', m.target_external_id,
      'to', (
        select i.address
        from public.contact_identities i
        join public.contacts c on c.id = i.contact_id
        where i.tenant_id = h.tenant_id
          and i.contact_id = h.contact_id
          and i.kind = 'phone'
        order by (i.value = c.phone) desc, i.created_at desc
        limit 1
      ),
      'recipient', (
        select i.address
        from public.contact_identities i
        where i.tenant_id = h.tenant_id
          and i.contact_id = h.contact_id
          and i.kind = 'bsuid'
        order by i.created_at desc
        limit 1
      )
    )
    order by h.ordinality
  )
  into v_claims
  from unnest($1) with ordinality h
  join sending m on m.id = h.message_id;
  return v_claims;
end;
$$;

grant execute on function
  private.begin_drain(uuid, integer, uuid),
  private.claim_sends(uuid, integer, uuid, integer)
to prosa_worker;
