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

/*
 * How a search says whose rows it wants, of a column, as `$1`. The list of a tenant's rows stands in the index beside those of
 * words, and is walked along with them: of a small tenant it is the shorter, and saves reading what others wrote. Of one that
 * has a quarter of all rows and more it is most of the work and saves next to nothing: such a one is told apart at the row.
 */
create function private.of_tenant(column_name text, tenant_id uuid)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if exists (
    select
    from pg_catalog.pg_stats s
    cross join unnest(s.most_common_vals::text::uuid[], s.most_common_freqs) c (id, share)
    where s.schemaname = 'public'
      and s.tablename = 'conversations'
      and s.attname = 'tenant_id'
      and c.id = $2
      and c.share >= 0.25
  ) then
    return format('(%s = $1) is true', column_name);
  end if;
  return format('%s = $1', column_name);
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
