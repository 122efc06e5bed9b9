/*
 * Finding people and messages. Words are compared without accents and case, and by their Portuguese
 * stem besides, so that "promocao" finds "Promoções" and "running" still finds "running". One GIN
 * index a month of messages, one over contacts and one over their numbers; each begins with the
 * tenant, so that a small company's search is as quick beside a large one's (btree_gin: the shorter
 * of two lists is walked, the longer skipped through). Nothing is stored twice: the index holds what
 * is made of `body`, and docs/decisions tells what that costs when a message comes in.
 */

create extension if not exists unaccent with schema extensions;
create extension if not exists pg_trgm with schema extensions;
create extension if not exists btree_gin with schema extensions;

/*
 * A text as it is compared: small letters without accents. Immutable by our word: the rules of
 * unaccent are part of Postgres and change with a major version, when indexes are made anew.
 */
create function private.fold(text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return lower(extensions.unaccent('extensions.unaccent'::regdictionary, normalize($1, NFC)));
end;
$$;

/* The words of a text, folded, one blank between: `bia@padaria.com` is `bia padaria com`. */
create function private.words_of(text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return btrim(regexp_replace(private.fold($1), '[^[:alnum:]]+', ' ', 'g'));
end;
$$;

/*
 * Folded words with their commonest plurals as singulars, before the stemmer: it knows plurals by
 * their accents, which people leave out (acoes, ações: acao; homens: homem; animais: animal).
 */
create function private.singular(words text)
  returns text
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  if $1 !~ '(oes|aes|aos|ns|[aeo]is)\M' then
    return $1;
  end if;
  return regexp_replace(
    regexp_replace(
      regexp_replace($1, '(oes|aes|aos)\M', 'ao', 'g'),
      '(\w\w[aeo])is\M', '\1l', 'g'
    ),
    '(\w[eiou])ns\M', '\1m', 'g'
  );
end;
$$;

/*
 * The numbers of a text, however they are written: `(11) 98765-4321` is 11987654321. Each from each of
 * its digits on, so that any four in a row begin one: `#4321`. In all, that is what `like '%4321%'` would find.
 */
create function private.number_parts(body text)
  returns text[]
  language plpgsql
  immutable
  strict
  parallel safe
as $$
begin
  return coalesce(
    (
      select array_agg(distinct '#' || substr(n.digits, i))
      from regexp_matches($1, '\d(?:[ .()/+-]{0,3}\d){3,}', 'g') m
      cross join lateral (select left(regexp_replace(m[1], '\D', '', 'g'), 40)) n (digits)
      cross join lateral generate_series(1, length(n.digits) - 3) i
    ),
    '{}'
  );
end;
$$;

/* What a message is found by: its words, their stems, the parts of its numbers. */
create function private.search_vector(body text)
  returns tsvector
  language plpgsql
  immutable
  strict
  parallel safe
  -- Some 30 µs: never to be made for what an index could leave out.
  cost 20000
as $$
declare
  v_words text := private.words_of(left($1, 20000));
  v_vector tsvector := to_tsvector('pg_catalog.simple', v_words) || to_tsvector('pg_catalog.portuguese', private.singular(v_words));
begin
  if $1 ~ '\d.{0,3}\d.{0,3}\d' then
    return v_vector || array_to_tsvector(private.number_parts(left($1, 20000)));
  end if;
  return v_vector;
end;
$$;

/* What a person is found by besides their numbers: name, username and what is known of them, such as an e-mail address. */
create function private.contact_text(name text, username text, attributes jsonb)
  returns text
  language plpgsql
  immutable
  parallel safe
  security definer
  set search_path = ''
as $$
begin
  return ' ' || private.words_of(
    concat_ws(' ', $1, $2, case when $3 <> '{}' then (select string_agg(a.value, ' ' order by a.key) from jsonb_each_text($3) a) end)
  );
end;
$$;

-- People change their own contacts' names under this role, and the index with them.
grant execute on function private.contact_text(text, text, jsonb) to authenticated;

create index contacts_search_idx on public.contacts
  using gin (tenant_id, private.contact_text(name, username, attributes) extensions.gin_trgm_ops);

create index contact_identities_number_idx on public.contact_identities
  using gin (tenant_id, value extensions.gin_trgm_ops)
  where kind = 'phone';

/*
 * What somebody looks for, read once: quoted phrases, words to leave out (-), numbers, and the rest as
 * words, the last of them unfinished while it is typed.
 *
 *   tsquery   for messages; null where nothing in it can be looked for
 *   words     for people: every word, folded
 *   numbers   runs of four digits and more
 *   exact, beginnings, stems   what makes a word of a text a hit
 */
create function private.read_search(
  query text,
  out tsquery tsquery,
  out words text[],
  out numbers text[],
  out exact text[],
  out beginnings text[],
  out stems text[]
)
  language plpgsql
  immutable
  security definer
  set search_path = ''
as $$
declare
  v_query text := left(coalesce($1, ''), 200);
  v_tokens text[];
  v_token text;
  v_without boolean;
  v_quoted boolean;
  v_parts text[];
  v_digits text;
  v_stem text;
  v_one tsquery;
  v_all tsquery;
  v_common tsquery;
  v_absent tsquery;
begin
  words := '{}';
  numbers := '{}';
  exact := '{}';
  beginnings := '{}';
  stems := '{}';
  -- A number alone may hold blanks.
  if v_query ~ '^[\s+().\d/-]+$' and length(regexp_replace(v_query, '\D', '', 'g')) >= 4 then
    v_tokens := array[v_query];
  else
    v_tokens := array(select m[1] from regexp_matches(v_query, '(-?"[^"]*"?|\S+)', 'g') m limit 16);
  end if;

  for i in 1 .. cardinality(v_tokens) loop
    v_token := v_tokens[i];
    v_without := v_token ~ '^-[^\d\s]' and cardinality(v_tokens) > 1;
    v_quoted := v_token ~ '^-?"';
    v_parts := regexp_split_to_array(private.words_of(v_token), ' ');
    continue when v_parts = array[''];
    v_digits := regexp_replace(v_token, '\D', '', 'g');
    v_one := null;

    if length(v_digits) >= 4 and v_token !~ '[[:alpha:]]' then
      v_one := format('%L:*', '#' || left(v_digits, 37))::tsquery;
      if not v_without then
        numbers := numbers || v_digits;
      end if;
    elsif v_quoted or cardinality(v_parts) > 1 then
      -- The last word of a phrase that isn't closed may be unfinished too.
      v_one := array_to_string(
        array(
          select format('%L', part) || case when place = cardinality(v_parts) and i = cardinality(v_tokens) and v_token !~ '.["\s]$' then ':*' else '' end
          from unnest(v_parts) with ordinality p (part, place)
          order by place
        ),
        ' <-> '
      )::tsquery;
      if not v_without then
        words := words || array_to_string(v_parts, ' ');
        exact := exact || v_parts;
        if i = cardinality(v_tokens) and v_token !~ '.["\s]$' then
          beginnings := beginnings || v_parts[cardinality(v_parts)];
        end if;
      end if;
    else
      v_stem := (pg_catalog.ts_lexize('pg_catalog.portuguese_stem', private.singular(v_parts[1])))[1];
      v_one := format('%L', v_parts[1])::tsquery;
      if v_stem is not null then
        v_one := v_one || format('%L', v_stem)::tsquery;
      end if;
      if i = cardinality(v_tokens) and length(v_parts[1]) > 1 and v_query !~ '\s$' and not v_without then
        v_one := v_one || format('%L:*', v_parts[1])::tsquery;
        beginnings := beginnings || v_parts[1];
      end if;
      if not v_without then
        words := words || v_parts[1];
        exact := exact || v_parts[1];
        stems := stems || coalesce(v_stem, v_parts[1]);
      end if;
      -- "bolo de cenoura" is said in many ways: what every sentence has need not be there.
      if v_stem is null and not v_without then
        v_common := coalesce(v_common && v_one, v_one);
        continue;
      end if;
    end if;
    if v_without then
      v_absent := coalesce(v_absent && !! v_one, !! v_one);
    else
      v_all := coalesce(v_all && v_one, v_one);
    end if;
  end loop;

  -- Something must be looked for: only leaving out would find everything.
  tsquery := coalesce(v_all, v_common);
  if v_absent is not null then
    tsquery := tsquery && v_absent;
  end if;
end;
$$;

/*
 * A text with what was looked for between U+E000 and U+E001, cut to what stands around the first of it.
 * Those two characters are for private use and taken out of the text before, so that whoever draws it
 * can tell ours from theirs without any HTML.
 */
create function private.mark_hits(body text, exact text[], beginnings text[], stems text[], numbers text[], longest integer default 220)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_marked text;
  v_first integer;
  v_start integer;
begin
  select string_agg(case when h.hit then U&'\E000' || p.piece || U&'\E001' else p.piece end, '' order by p.place)
  into v_marked
  from (
    select m[1], place
    from regexp_matches(left(translate($1, U&'\E000\E001', ''), 20000), '(\d(?:[ .()/+-]{0,3}\d){3,}|[[:alnum:]]+|[^[:alnum:]]+)', 'g') with ordinality t (m, place)
  ) p (piece, place)
  cross join lateral (
    select case
      when p.piece !~ '^[[:alnum:]]' then false
      when p.piece ~ '^\d[ .()/+\d-]{3,}$' and exists (
        select from unnest($5) n where position(n in regexp_replace(p.piece, '\D', '', 'g')) > 0
      ) then true
      else (
        select f.word = any ($2)
          or exists (select from unnest($3) b where starts_with(f.word, b))
          or coalesce((pg_catalog.ts_lexize('pg_catalog.portuguese_stem', private.singular(f.word)))[1] = any ($4), false)
        from (select private.fold(p.piece)) f (word)
      )
    end
  ) h (hit);

  v_first := coalesce(nullif(position(U&'\E000' in v_marked), 0), 1);
  if length(v_marked) <= $6 then
    return v_marked;
  end if;
  v_start := greatest(1, least(v_first - $6 / 4, length(v_marked) - $6));
  return case when v_start > 1 then '…' end
    || substr(v_marked, v_start, $6)
    || case when v_start + $6 <= length(v_marked) then '…' else '' end;
end;
$$;

/*
 * People by name, username, number or what else is known of them: those whose words stand first before
 * those that only hold them. Where nobody is found, those whose name sounds alike (word similarity).
 */
create function private.search_people(tenant_id uuid, words text[], numbers text[], most integer)
  returns table (contact_id uuid, rank integer)
  language plpgsql
  stable
  security definer
  set search_path = ''
  -- A name is never looked for by reading every contact.
  set enable_seqscan = off
as $$
declare
  v_text text := array_to_string(words, ' ');
  v_where text;
  v_found integer;
begin
  -- Of one letter or two, only those that begin a word: three are a trigram.
  select string_agg(format('private.contact_text(c.name, c.username, c.attributes) like %L', case when length(w) < 3 then '% ' else '%' end || w || '%'), ' and ')
  into v_where
  from unnest(words) w;

  return query execute format(
    $q$
      with candidates (contact_id, rank) as (
        %s
        (
          select i.contact_id, 0 as rank
          from unnest($3) n
          cross join lateral (
            select i.contact_id
            from public.contact_identities i
            where i.tenant_id = $1
              and i.kind = 'phone'
              and i.value like '%%' || n || '%%'
            limit 200
          ) i
        )
      )
      select c.id, min(f.rank)
      from candidates f
      join public.contacts c on c.tenant_id = $1 and c.id = f.contact_id
      group by c.id, c.updated_at
      order by min(f.rank), c.updated_at desc, c.id
      limit $4
    $q$,
    case when v_where is not null then format(
      $q$
        (
          select
            p.id,
            case
              when p.text = ' ' || $2 then 0
              when starts_with(p.text, ' ' || $2) then 1
              when position(' ' || $2 in p.text) > 0 then 2
              else 3
            end
          from (
            select c.id, private.contact_text(c.name, c.username, c.attributes)
            from public.contacts c
            where c.tenant_id = $1
              and %s
            limit 400
          ) p (id, text)
        )
        union all
      $q$, v_where) else '' end
  ) using $1, v_text, private.number_spellings($3), $4;
  get diagnostics v_found = row_count;

  if v_found = 0 and length(v_text) >= 4 and cardinality($3) = 0 then
    -- One letter in nine may be another: Conseição is Conceição. Its setting is known once its library is loaded.
    perform extensions.word_similarity(v_text, v_text);
    perform set_config('pg_trgm.word_similarity_threshold', '0.5', true);
    return query
    select p.id, 4
    from (
      select c.id, extensions.word_similarity(v_text, private.contact_text(c.name, c.username, c.attributes))
      from public.contacts c
      where c.tenant_id = $1
        and private.contact_text(c.name, c.username, c.attributes) operator(extensions.%>) v_text
      limit 400
    ) p (id, similarity)
    order by p.similarity desc, p.id
    limit $4;
  end if;
end;
$$;

/* A number that is looked for, and as the database writes it: with a Brazilian mobile's ninth digit. */
create function private.number_spellings(numbers text[])
  returns text[]
  language plpgsql
  immutable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select distinct s.spelling
    from unnest($1) n
    cross join lateral (
      values
        (n),
        (case when length(n) = 10 then substr(private.phone_key('55' || n), 3) end),
        (case when length(n) >= 12 then private.phone_key(n) end)
    ) s (spelling)
    where s.spelling is not null
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
  out hits uuid[],
  out times timestamptz[],
  out searched timestamptz
)
  language plpgsql
  stable
  security definer
  set search_path = ''
  set enable_seqscan = off
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
  -- What begins a stretch: now, unless something older was asked for.
  v_top timestamptz := least(v_high, now() + interval '1 day');
  v_span interval := interval '6 hours';
  v_low timestamptz;
  v_ids uuid[];
  v_ats timestamptz[];
  v_sql text := format(
    $q$
      select array_agg(h.id order by h.created_at desc, h.id desc), array_agg(h.created_at order by h.created_at desc, h.id desc)
      from (
        select f.id, f.created_at
        from (
          select m.id, m.created_at
          from public.messages m
          %s
          where m.tenant_id = $1
            and m.created_at >= $3
            and m.created_at <= $4
            and (m.created_at, m.id) < ($5, $6)
            and private.search_vector(m.body) @@ $2
            and m.body <> ''
            and m.kind not in ('reaction', 'edit', 'revoke', 'activity')
            and m.revoked_at is null
            %s %s %s %s
          -- Or the planner walks the stretch by its time and makes each message's words, in the hope of a page soon.
          offset 0
        ) f
        order by f.created_at desc, f.id desc
        limit $7
      ) h
    $q$,
    case when not v_reads_all or filters ? 'assignee_id' then 'join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id' end,
    case when not v_reads_all then 'and (c.assignee_id = $8 or c.team_id = any ($9) or ($10 and c.assignee_id is null and c.team_id is null))' end,
    case when filters ? 'channel_id' then format('and m.channel_id = %L', (filters ->> 'channel_id')::uuid) end,
    case when filters ? 'conversation_id' then format('and m.conversation_id = %L', (filters ->> 'conversation_id')::uuid) end,
    case
      when filters ->> 'assignee_id' = 'none' then 'and c.assignee_id is null'
      when filters ? 'assignee_id' then format('and c.assignee_id = %L', (filters ->> 'assignee_id')::uuid)
    end
  );
begin
  hits := '{}';
  times := '{}';
  loop
    v_low := case when v_span > interval '3000 days' then v_from else greatest(v_from, v_top - v_span) end;
    execute v_sql
    into v_ids, v_ats
    using $1, $2, v_low, v_top, v_high, coalesce($5, '00000000-0000-0000-0000-000000000000'::uuid), most - cardinality(hits), v_me, v_teams, v_picks;
    hits := hits || coalesce(v_ids, '{}');
    times := times || coalesce(v_ats, '{}');
    exit when cardinality(hits) >= most or v_low = v_from;
    if clock_timestamp() > v_deadline then
      searched := v_low;
      return;
    end if;
    -- The next one begins where this one ended; rows of that very microsecond were in this one.
    v_top := v_low - interval '1 microsecond';
    v_span := v_span * case when cardinality(hits) = 0 then 16 else least(16, greatest(2, 2.0 * most / cardinality(hits))) end;
  end loop;
  if cardinality(hits) >= most then
    searched := times[cardinality(times)];
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
  v_found record;
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

  select * into v_found
  from private.search_messages($1, v_read.tsquery, v_filters, ($4 ->> 'at')::timestamptz, ($4 ->> 'id')::uuid, v_most);

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
    order by f.place
  ), '[]')
  into v_messages
  from unnest(v_found.hits, v_found.times) with ordinality f (id, created_at, place)
  join public.messages m on m.tenant_id = $1 and m.id = f.id and m.created_at = f.created_at
  join public.contacts c on c.tenant_id = m.tenant_id and c.id = m.contact_id
  join public.channels h on h.tenant_id = m.tenant_id and h.id = m.channel_id;

  return jsonb_build_object(
    'people', v_people,
    'conversations', v_conversations,
    'messages', v_messages,
    'next', case when v_found.searched is not null then jsonb_build_object(
      'at', v_found.searched,
      'id', case when cardinality(v_found.hits) >= v_most then v_found.hits[cardinality(v_found.hits)] end
    ) end,
    'searched', v_found.searched
  );
end;
$$;

grant execute on function public.search_inbox(uuid, text, jsonb, jsonb, integer) to authenticated;
