/*
 * What people see of an AI agent's turn beside what it said: what the answer was drawn from, what it made of the customer's
 * words, and what it took. Turns are read with their messages, a page at a time; the rest is asked for when it is looked at.
 */

create index ai_turns_message_idx on public.ai_turns (tenant_id, message_id) where message_id is not null;

/*
 * A turn looked at closely: {version, sources: [{document_id, position, title, heading, text, state}], calls}. `state`: as
 * it was read (`same`), changed since (`changed`, the text as it is now), or not there any more (`gone`). `calls`, for who
 * may see the log of calls: {count, input_tokens, output_tokens, cost, latency_ms}, of all calls since the turn before. Raises
 * conversation_not_found.
 */
create function public.ai_turn_story(turn_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_turn public.ai_turns;
  v_conversation public.conversations;
begin
  select t.* into v_turn from public.ai_turns t where t.id = $1;
  select c.* into v_conversation from public.conversations c where c.id = v_turn.conversation_id;
  if v_conversation.id is null
    or not (
      private.may(v_turn.tenant_id, 'conversations.read_all')
      or (private.may(v_turn.tenant_id, 'conversations.read') and private.sees_conversation(v_conversation))
    )
  then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return jsonb_build_object(
    'version', (select v.number from public.ai_agent_versions v where v.tenant_id = v_turn.tenant_id and v.id = v_turn.version_id),
    'sources', private.ai_sources(v_turn),
    'calls', case when private.may(v_turn.tenant_id, 'ai.manage') then private.ai_turn_calls(v_turn) end
  );
end;
$$;

/* The pieces that an answer was drawn from: where a document was changed, the one that still says the same. */
create function private.ai_sources(turn public.ai_turns)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(jsonb_agg(
    jsonb_build_object(
      'document_id', s.cited ->> 'document_id',
      'position', coalesce(p.position, (s.cited ->> 'position')::integer),
      'title', coalesce(d.title, s.cited ->> 'title'),
      'heading', coalesce(p.heading, ''),
      'text', p.body,
      'state', case when p.body is null then 'gone' when s.cited ->> 'hash' is null or p.same then 'same' else 'changed' end
    )
    order by s.place
  ), '[]')
  from jsonb_array_elements(turn.citations) with ordinality s (cited, place)
  left join public.ai_documents d on d.tenant_id = turn.tenant_id and d.id = (s.cited ->> 'document_id')::uuid
  left join lateral (
    select o.position, o.heading, o.body, md5(o.body) = s.cited ->> 'hash' as same
    from public.ai_pieces o
    where o.tenant_id = turn.tenant_id
      and o.document_id = d.id
      and (o.position = (s.cited ->> 'position')::integer or md5(o.body) = s.cited ->> 'hash')
    order by same desc nulls last, o.position = (s.cited ->> 'position')::integer desc
    limit 1
  ) p on true
$$;

/* What a turn took: the calls of its conversation since the turn before it. */
create function private.ai_turn_calls(turn public.ai_turns)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'count', count(*),
    'input_tokens', coalesce(sum(c.input_tokens), 0),
    'output_tokens', coalesce(sum(c.output_tokens), 0),
    -- Of one call nobody knows what it cost: nor of all.
    'cost', case when count(*) = count(c.cost) then coalesce(sum(c.cost), 0) end,
    'latency_ms', coalesce(round(extract(epoch from max(c.done_at) - min(c.created_at)) * 1000), 0)
  )
  from public.ai_calls c
  where c.tenant_id = turn.tenant_id
    and c.conversation_id = turn.conversation_id
    and c.agent_id = turn.agent_id
    and c.created_at < turn.created_at
    and c.created_at > coalesce((
      select o.created_at
      from public.ai_turns o
      where o.tenant_id = turn.tenant_id
        and o.conversation_id = turn.conversation_id
        and o.created_at < turn.created_at
      order by o.created_at desc
      limit 1
    ), turn.created_at - interval '1 hour')
$$;

grant execute on function public.ai_turn_story(uuid) to authenticated;
