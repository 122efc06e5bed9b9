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
