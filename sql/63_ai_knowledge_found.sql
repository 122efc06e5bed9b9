/*
 * Finding what fits a question, by the stems of Portuguese words and, where nothing fits, by how words look: a customer's
 * spelling is their own. Every question costs about the same, however much a company has written: a word that stands in
 * thousands of pieces tells nothing, so pieces are fetched by the question's rarest words and ranked by all of them.
 * (At 20,000 pieces ranking all that have any word took 416 ms, and likeness to whole pieces 50 s: likeness is looked for
 * among the words that were ever written, which are few.)
 */

/* In how many pieces of a tenant each stem stands. */
create table private.ai_stems (
  tenant_id uuid not null references public.tenants on delete cascade,
  stem text not null,
  pieces integer not null,
  primary key (tenant_id, stem)
) with (fillfactor = 70);

create index ai_stems_like_idx on private.ai_stems using gin (tenant_id, stem extensions.gin_trgm_ops);

alter table private.ai_stems enable row level security;

/* In order of the stems: documents that are cut at once never wait for each other in a circle. */
create function private.tg_ai_pieces__count_stems()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  if tg_op = 'INSERT' then
    insert into private.ai_stems as s (tenant_id, stem, pieces)
    select a.tenant_id, w.stem, count(*)
    from added a
    cross join lateral unnest(tsvector_to_array(a.words)) w (stem)
    group by a.tenant_id, w.stem
    order by a.tenant_id, w.stem
    on conflict on constraint ai_stems_pkey do update
    set pieces = s.pieces + excluded.pieces;
  else
    perform
    from private.ai_stems s
    where (s.tenant_id, s.stem) in (
      select r.tenant_id, w.stem from removed r cross join lateral unnest(tsvector_to_array(r.words)) w (stem)
    )
    order by s.tenant_id, s.stem
    for update;
    update private.ai_stems s
    set pieces = s.pieces - g.pieces
    from (
      select r.tenant_id, w.stem, count(*) as pieces
      from removed r
      cross join lateral unnest(tsvector_to_array(r.words)) w (stem)
      group by r.tenant_id, w.stem
    ) g
    where s.tenant_id = g.tenant_id
      and s.stem = g.stem;
    delete from private.ai_stems s
    where s.pieces <= 0
      and (s.tenant_id, s.stem) in (
        select r.tenant_id, w.stem from removed r cross join lateral unnest(tsvector_to_array(r.words)) w (stem)
      );
  end if;
  return null;
end;
$$;

create trigger _900_count_stems
  after insert on public.ai_pieces
  referencing new table as added
  for each statement
  execute function private.tg_ai_pieces__count_stems();

create trigger _901_uncount_stems
  after delete on public.ai_pieces
  referencing old table as removed
  for each statement
  execute function private.tg_ai_pieces__count_stems();

/*
 * What the index is asked for a question's stems: the rarest, together in about 600 pieces at most; where even the rarest
 * stands in more, those that hold the three rarest together. Null: none of them was ever written.
 */
create function private.knowledge_asked(tenant_id uuid, stems text[])
  returns tsquery
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select case
    when min(k.pieces) <= 600 then string_agg(quote_literal(k.stem), ' | ') filter (where k.sum <= 600)
    else array_to_string((array_agg(quote_literal(k.stem) order by k.pieces, k.stem))[1:3], ' & ')
  end::tsquery
  from (
    select s.stem, s.pieces, sum(s.pieces) over (order by s.pieces, s.stem) as sum
    from private.ai_stems s
    where s.tenant_id = $1
      and s.stem = any ($2)
  ) k
$$;

/* Stems of a tenant's that look like a question's words. */
create function private.stems_like(tenant_id uuid, words text)
  returns text[]
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select array_agg(distinct s.stem)
  from (
    select distinct w.word from regexp_split_to_table($2, '\s+') w (word) where length(w.word) >= 4 limit 20
  ) q
  cross join lateral (
    select o.stem
    from private.ai_stems o
    where o.tenant_id = $1
      and o.stem operator(extensions.%) q.word
    order by extensions.similarity(o.stem, q.word) desc, o.stem
    limit 3
  ) s
$$;

/* The pieces that fit a question best: [{document_id, position, title, heading, text}]. */
create function private.search_knowledge(tenant_id uuid, question text, most integer default 6)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
  -- Without it a large limit looks as if reading the whole table were cheaper.
  set enable_seqscan = off
as $$
declare
  v_words text := private.singular(left(private.words_of(left($2, 2000)), 600));
  v_stems text[] := tsvector_to_array(to_tsvector('portuguese'::regconfig, v_words));
  v_asked tsquery := private.knowledge_asked($1, v_stems);
  v_ranked tsquery;
begin
  if v_asked is null then
    v_stems := private.stems_like($1, v_words);
    v_asked := private.knowledge_asked($1, v_stems);
  end if;
  if v_asked is null then
    return '[]';
  end if;
  v_ranked := (select string_agg(quote_literal(s.stem), ' | ')::tsquery from unnest(v_stems) s (stem));
  return coalesce((
    select jsonb_agg(f.told order by f.rank desc)
    from (
      select
        jsonb_build_object('document_id', p.document_id, 'position', p.position, 'title', d.title, 'heading', p.heading, 'text', p.body) as told,
        p.rank
      from (
        select c.document_id, c.position, c.heading, c.body, ts_rank_cd(c.words, v_ranked, 1) as rank
        from (
          select o.document_id, o.position, o.heading, o.body, o.words
          from public.ai_pieces o
          where o.tenant_id = $1
            and o.words @@ v_asked
          limit 600
        ) c
        order by rank desc
        limit least(greatest($3, 1), 12)
      ) p
      join public.ai_documents d on d.tenant_id = $1 and d.id = p.document_id
    ) f
  ), '[]');
end;
$$;

/* What an agent would find for a question, as it would be given it. Raises tenant_not_found, not_allowed. */
create function public.find_ai_knowledge(tenant_id uuid, question text)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'ai.read');
  if btrim(coalesce($2, '')) = '' then
    return '[]';
  end if;
  return private.search_knowledge($1, $2);
end;
$$;

grant execute on function public.find_ai_knowledge(uuid, text) to authenticated;
grant execute on function private.search_knowledge(uuid, text, integer) to prosa_worker;
