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
  set max_parallel_workers_per_gather = 0
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
            where %s
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
            where %s
              and %s
            limit 400
          ) p (id, text)
        )
        union all
      $q$, private.of_tenant('c.tenant_id', $1), v_where) else '' end,
    private.of_tenant('i.tenant_id', $1)
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
