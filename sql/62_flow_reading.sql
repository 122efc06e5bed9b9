/* What a worker reads to take a conversation's run further, in one question. */

/* What is known around a step: core's Facts. `hours_of`: the teams whose doors are asked about, '' the tenant's. */
create function private.flow_facts(conversation public.conversations, hours_of text[])
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
  select jsonb_build_object(
    'tenant', jsonb_build_object(
      'id', t.id, 'name', t.name, 'timezone', t.timezone,
      'variables', (select coalesce(jsonb_object_agg(v.name, v.value), '{}') from public.flow_variables v where v.tenant_id = t.id)
    ),
    'contact', jsonb_build_object(
      'id', p.id, 'name', coalesce(p.name, ''), 'phone', p.phone, 'language', p.language, 'attributes', p.attributes
    ),
    'conversation', jsonb_build_object(
      'id', conversation.id, 'channel_type', h.type, 'priority', conversation.priority, 'attributes', conversation.attributes
    ),
    'subject', to_jsonb(conversation) || jsonb_build_object(
      'contact', jsonb_build_object('language', p.language, 'attributes', p.attributes),
      'channel', jsonb_build_object('type', h.type)
    ),
    'open', (
      select coalesce(jsonb_object_agg(o.team, private.is_open(t.id, nullif(o.team, '')::uuid)), '{}')
      from unnest($2) o (team)
    )
  )
  from public.tenants t
  join public.contacts p on p.id = conversation.contact_id
  join public.channels h on h.id = conversation.channel_id
  where t.id = conversation.tenant_id
  );
end;
$$;

/*
 * What the customer said behind a seq, oldest first, up to 50. Messages stand in partitions: planning this anew took 8 ms,
 * a plan that is kept 0.1 ms.
 */
create function private.flow_messages(tenant_id uuid, conversation_id uuid, after bigint, since timestamptz)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
begin
  return (
    select coalesce(jsonb_agg(s.said order by s.seq), '[]')
    from (
      select m.seq, jsonb_build_object(
        'id', m.id, 'seq', m.seq, 'kind', m.kind, 'body', m.body, 'content', m.content, 'media', m.media,
        'received_at', extract(epoch from m.created_at) * 1000
      ) as said
      from public.messages m
      where m.tenant_id = $1
        and m.conversation_id = $2
        and m.seq > $3
        and m.created_at > $4
        and m.direction = 'in'
        and m.kind not in ('reaction', 'edit', 'revoke', 'system')
      order by m.seq
      limit 50
    ) s
  );
end;
$$;

/*
 * Where a conversation's run stands and what has happened since: {at, run, facts, messages, outcome, triggers}. Without a
 * run, and where the conversation is nobody's, `triggers` are those that its newest messages might set off. Null: nothing
 * is to be done.
 */
create function private.read_flow(conversation_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_run public.flow_runs;
  v_hours text[] := '{}';
  v_triggers jsonb;
  v_since timestamptz;
  v_after bigint;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  select r.* into v_run from public.flow_runs r where r.conversation_id = $1 and r.status = 'live';
  if v_run.id is not null then
    v_hours := array(
      select distinct o.team
      from public.flow_versions v
      cross join lateral unnest(v.hours_of) o (team)
      where v.tenant_id = v_run.tenant_id
        and v.id in (select p.value::uuid from jsonb_each_text(v_run.pins) p)
    );
    v_after := v_run.cursor;
    v_since := v_run.started_at - interval '10 minutes';
  else
    if v_conversation.id is null or not private.is_nobodys(v_conversation) then
      return null;
    end if;
    select jsonb_agg(jsonb_build_object('id', t.id, 'flow_id', t.flow_id, 'trigger', t.settings) order by t.active_since, t.position), min(t.active_since)
    into v_triggers, v_since
    from public.flow_triggers t
    where t.tenant_id = v_conversation.tenant_id
      and t.active
      and t.on_message;
    if v_triggers is null then
      return null;
    end if;
    v_since := greatest(v_since, now() - interval '10 minutes');
    -- Whichever of them begins: what its versions, and those that it calls, ask about.
    v_hours := array(
      select distinct o.team
      from public.flows f
      join public.flow_versions v on v.tenant_id = f.tenant_id and v.id = f.published_version_id
      cross join lateral unnest(v.hours_of) o (team)
      where f.tenant_id = v_conversation.tenant_id
    );
    if '' <> all (v_hours) and exists (select from jsonb_array_elements(v_triggers) t where t.value #>> '{trigger,type}' = 'outside_hours') then
      v_hours := v_hours || ''::text;
    end if;
    select coalesce(max(r.cursor), 0) into v_after
    from public.flow_runs r
    where r.conversation_id = $1;
  end if;

  return jsonb_build_object(
    'at', extract(epoch from clock_timestamp()) * 1000,
    'last_seq', v_conversation.last_seq,
    'run', case when v_run.id is not null then jsonb_build_object(
      'id', v_run.id, 'flow_id', v_run.flow_id, 'version_id', v_run.version_id, 'pins', v_run.pins, 'state', v_run.state,
      'revision', v_run.revision, 'begins_with', v_run.begins_with, 'cursor', v_run.cursor
    ) end,
    'triggers', v_triggers,
    'facts', private.flow_facts(v_conversation, v_hours),
    'first', case when v_run.state is null and v_run.begins_with ? 'seq' then
      private.flow_messages(v_conversation.tenant_id, $1, (v_run.begins_with ->> 'seq')::bigint - 1, v_since) -> 0
    end,
    'messages', private.flow_messages(v_conversation.tenant_id, $1, v_after, v_since),
    'outcome', (
      select jsonb_build_object('effect', f.effect, 'outcome', f.outcome)
      from private.flow_calls f
      where f.run_id = v_run.id
        and v_run.state #>> '{waiting,for}' = 'effect'
        and f.effect = (v_run.state #>> '{waiting,effect}')::integer
        and f.outcome is not null
    )
  );
end;
$$;

/* The same of several conversations: [reading], in their order. */
create function private.read_flows(conversation_ids uuid[])
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
begin
  return (select jsonb_agg(private.read_flow(i.id) order by i.ordinality) from unnest($1) with ordinality i (id));
end;
$$;

/* The definitions of versions, which never change: {id: definition}. */
create function private.flow_definitions(version_ids uuid[])
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(jsonb_object_agg(v.id, v.definition), '{}')
  from public.flow_versions v
  where v.id = any ($1)
$$;

grant execute on function
  private.read_flows(uuid[]),
  private.flow_definitions(uuid[])
to prosa_worker;
