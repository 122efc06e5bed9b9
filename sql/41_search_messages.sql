/* A conversation and what was merged into it: who looks for something in the whole means its parts too. */
create function private.with_parts(tenant_id uuid, conversation_id uuid)
  returns uuid[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return $2 || array(
    select c.id
    from public.conversations c
    where c.tenant_id = $1
      and c.merged_into_id = $2
  );
end;
$$;

/*
 * Messages that hold what is looked for, newest first, of conversations that the signed-in person sees.
 * Looks back in stretches, each as long as what it found so far lets expect, and stops at a page or when
 * its time is over: `searched` is how far back it came, null when it has seen everything.
 */
create function private.search_messages(
  tenant_id uuid,
  tsquery tsquery,
  filters jsonb,
  before timestamptz,
  before_id uuid,
  most integer,
  out hits public.messages[],
  out searched timestamptz
)
  language plpgsql
  stable
  security definer
  set search_path = ''
  set enable_seqscan = off
  -- Of some hundred rows workers are longer in coming than one is in reading.
  set max_parallel_workers_per_gather = 0
as $$
declare
  -- What sees_conversation asks of each, asked once: as a call a row it took ten times the rest.
  v_reads_all boolean := private.may($1, 'conversations.read_all');
  v_picks boolean := private.may($1, 'conversations.pick');
  v_teams uuid[] := array(select private.my_team_ids());
  v_me uuid := auth.uid();
  v_deadline timestamptz := clock_timestamp() + interval '80 milliseconds';
  v_from timestamptz := coalesce((filters ->> 'from')::timestamptz, '-infinity');
  v_high timestamptz := least(coalesce($4, 'infinity'), coalesce((filters ->> 'to')::timestamptz, 'infinity'));
  -- What begins a stretch: now and what a clock that runs ahead wrote, unless something older was asked for.
  v_top timestamptz := least(v_high, now() + interval '1 day');
  v_now timestamptz := least(v_high, now());
  v_span interval := interval '6 hours';
  v_low timestamptz;
  v_begun timestamptz;
  v_took double precision;
  -- The index knows which words stand in a message, not in which order, and the planner thinks phrases far rarer than they
  -- are: it would have every message of the month that holds the words looked at. By the words alone it takes the stretch first.
  v_words tsquery := replace(tsquery::text, ' <-> ', ' & ')::tsquery;
  v_phrased boolean := v_words <> tsquery;
  v_some public.messages[];
  v_sql text := format(
    $q$
      select array_agg(h.message order by (h.message).created_at desc, (h.message).id desc)
      from (
        select f.message
        from (
          select m as message
          from public.messages m
          where %s
            and m.created_at >= $3
            and m.created_at <= $4
            and (m.created_at, m.id) < ($5, $6)
            and private.search_vector(m.body) @@ $11
            and m.body <> ''
            and m.kind not in ('reaction', 'edit', 'revoke', 'activity')
            and m.revoked_at is null
            %s %s %s %s
          -- Or the planner walks the stretch by its time and makes each message's words, in the hope of a page soon.
          offset 0
        ) f
        order by (f.message).created_at desc, (f.message).id desc
        limit $7
      ) h
    $q$,
    private.of_tenant('m.tenant_id', $1),
    case when v_phrased then 'and (private.search_vector(m.body) @@ $2) is true' end,
    case when filters ? 'channel_id' then format('and m.channel_id = %L', (filters ->> 'channel_id')::uuid) end,
    case when filters ? 'conversation_id' then format('and m.conversation_id = any (%L::uuid[])', private.with_parts($1, (filters ->> 'conversation_id')::uuid)) end,
    -- Asked of what was found: as a join it was begun at somebody's conversations, and the words of all that was said in them made.
    case when not v_reads_all or filters ? 'assignee_id' then format(
      'and exists (select from public.conversations c where c.tenant_id = m.tenant_id and c.id = m.conversation_id %s %s offset 0)',
      case when not v_reads_all then 'and (c.assignee_id = $8 or c.team_id = any ($9) or ($10 and c.assignee_id is null and c.team_id is null))' end,
      case
        when filters ->> 'assignee_id' = 'none' then 'and c.assignee_id is null'
        when filters ? 'assignee_id' then format('and c.assignee_id = %L', (filters ->> 'assignee_id')::uuid)
      end
    ) end
  );
begin
  hits := '{}';
  loop
    v_low := case when v_span > interval '3000 days' then v_from else greatest(v_from, least(v_top, v_now) - v_span) end;
    v_begun := clock_timestamp();
    execute v_sql
    into v_some
    using $1, $2, v_low, v_top, v_high, coalesce($5, '00000000-0000-0000-0000-000000000000'::uuid), most - cardinality(hits), v_me, v_teams, v_picks, v_words;
    hits := hits || coalesce(v_some, '{}');
    exit when cardinality(hits) >= most or v_low = v_from;
    if clock_timestamp() > v_deadline then
      searched := v_low;
      return;
    end if;
    -- The next one begins where this one ended; rows of that very microsecond were in this one.
    v_top := v_low - interval '1 microsecond';
    -- Nor longer than what is left of the time lets expect.
    v_took := greatest(extract(epoch from clock_timestamp() - v_begun), 0.001);
    v_span := v_span * least(
      case when cardinality(hits) = 0 then 16 else least(16, greatest(1, 1.5 * (most - cardinality(hits)) / cardinality(hits))) end,
      greatest(1, extract(epoch from v_deadline - clock_timestamp()) / v_took)
    );
  end loop;
  if cardinality(hits) >= most then
    searched := hits[cardinality(hits)].created_at;
  end if;
end;
$$;

/*
 * Looks for people, their conversations and messages in one workspace. Answers
 *
 *   {people: [{id, name, username, phone, text, conversation_id}],
 *    conversations: [rows of the list], messages: [{id, conversation_id, seq, …, text}],
 *    next: {at, id} | null, searched: timestamp | null}
 *
 * where `text` carries its hits between U+E000 and U+E001. `filters`: channel_id, assignee_id (or "none"),
 * from, to, conversation_id, only ("people": no messages, for whoever types a name). With `after` (a former `next`) only further messages come. `next` without an id
 * says that the time was over: there may be more before `searched`. Raises tenant_not_found where one is no
 * member, not_allowed where one reads no conversations, search_empty where nothing is looked for.
 */
create function public.search_inbox(
  tenant_id uuid,
  query text,
  filters jsonb default '{}',
  after jsonb default null,
  most integer default 20
)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_most integer := least(greatest(coalesce($5, 20), 1), 50);
  v_read record;
  v_filters jsonb := jsonb_strip_nulls(coalesce($3, '{}'));
  v_hits public.messages[];
  v_searched timestamptz;
  v_contacts uuid[] := '{}';
  v_people jsonb := '[]';
  v_conversations jsonb := '[]';
  v_messages jsonb;
begin
  if not private.may($1, 'tenant.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may($1, 'conversations.read') then
    perform private.refuse(403, 'not_allowed', 'conversations.read');
  end if;
  select * into v_read from private.read_search($2);
  if v_read.tsquery is null then
    perform private.refuse(422, 'search_empty');
  end if;

  if $4 is null and not v_filters ? 'conversation_id' and private.may($1, 'contacts.read') then
    select coalesce(array_agg(p.contact_id order by p.rank), '{}')
    into v_contacts
    from private.search_people($1, v_read.words, v_read.numbers, 40) p;
  end if;

  if v_contacts <> '{}' then
    -- People belong to a company, whatever channel or period is looked at.
    if v_filters - 'only' = '{}' then
      select coalesce(jsonb_agg(
        jsonb_build_object(
          'id', c.id,
          'name', c.name,
          'username', c.username,
          'phone', c.phone,
          'text', private.mark_hits(c.name, v_read.exact, v_read.exact, '{}', '{}'),
          'conversation_id', (
            select o.id
            from public.conversations o
            where o.tenant_id = $1
              and o.contact_id = c.id
              and private.sees_conversation(o)
            order by (o.status = 'open') desc, o.last_message_at desc
            limit 1
          )
        )
        order by p.place
      ), '[]')
      into v_people
      from unnest(v_contacts[:8]) with ordinality p (id, place)
      join public.contacts c on c.tenant_id = $1 and c.id = p.id;
    end if;

    select coalesce(jsonb_agg(private.inbox_row(o) order by o.last_message_at desc), '[]')
    into v_conversations
    from (
      select o.*
      from public.conversations o
      where o.tenant_id = $1
        and o.contact_id = any (v_contacts)
        and private.sees_conversation(o)
        and (not v_filters ? 'channel_id' or o.channel_id = (v_filters ->> 'channel_id')::uuid)
        and (
          not v_filters ? 'assignee_id'
          or o.assignee_id is not distinct from nullif(v_filters ->> 'assignee_id', 'none')::uuid
        )
        and o.last_message_at >= coalesce((v_filters ->> 'from')::timestamptz, '-infinity')
        and o.created_at <= coalesce((v_filters ->> 'to')::timestamptz, 'infinity')
      order by o.last_message_at desc
      limit 8
    ) o;
  end if;

  if v_filters ->> 'only' = 'people' then
    return jsonb_build_object('people', v_people, 'conversations', v_conversations, 'messages', '[]'::jsonb, 'next', null, 'searched', null);
  end if;

  select f.hits, f.searched into v_hits, v_searched
  from private.search_messages($1, v_read.tsquery, v_filters, ($4 ->> 'at')::timestamptz, ($4 ->> 'id')::uuid, v_most) f;

  select coalesce(jsonb_agg(
    jsonb_build_object(
      'id', m.id,
      'conversation_id', m.conversation_id,
      'seq', m.seq,
      'direction', m.direction,
      'author', m.author,
      'author_id', m.author_id,
      'kind', m.kind,
      'is_private', m.is_private,
      'sent_at', m.sent_at,
      'text', private.mark_hits(m.body, v_read.exact, v_read.beginnings, v_read.stems, v_read.numbers),
      'contact', jsonb_build_object('id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone),
      'channel', jsonb_build_object('id', h.id, 'name', h.name, 'type', h.type)
    )
    order by m.ordinality
  ), '[]')
  into v_messages
  from unnest(v_hits) with ordinality m
  join public.contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
  join public.channels h on h.tenant_id = m.tenant_id and h.id = m.channel_id;

  return jsonb_build_object(
    'people', v_people,
    'conversations', v_conversations,
    'messages', v_messages,
    'next', case when v_searched is not null then jsonb_build_object(
      'at', v_searched,
      'id', case when cardinality(v_hits) >= v_most then v_hits[cardinality(v_hits)].id end
    ) end,
    'searched', v_searched
  );
end;
$$;

grant execute on function public.search_inbox(uuid, text, jsonb, jsonb, integer) to authenticated;
