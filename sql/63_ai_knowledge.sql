/*
 * What AI agents may say: documents that people paste (text, Markdown, CSV), cut into pieces by a worker (core/src/ai's
 * cut). Found by the stems of Portuguese words and, where nothing fits, by how words look: a customer's spelling is their
 * own. Every answer keeps which pieces it stands on.
 */

create table public.ai_documents (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  title text not null check (title = btrim(title) and length(title) between 1 and 120),
  format text not null check (format in ('text', 'markdown', 'csv')),
  body text not null check (length(body) between 1 and 400000),
  -- Raised with every change: pieces of an earlier one are thrown away.
  revision integer not null default 1,
  pieces integer not null default 0,
  -- Null: a worker has not cut this revision yet.
  indexed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
);

comment on table public.ai_documents is 'What a tenant''s AI agents know.';

create index on public.ai_documents (tenant_id, title);

create trigger _100_touch
  before update on public.ai_documents
  for each row
  execute function private.tg_touch();

create table public.ai_pieces (
  tenant_id uuid not null,
  document_id uuid not null,
  position integer not null,
  -- The headings above it.
  heading text not null default '' check (length(heading) <= 400),
  body text not null check (length(body) between 1 and 4000),
  words tsvector not null generated always as (
    to_tsvector('portuguese'::regconfig, private.singular(private.words_of(heading || ' ' || body)))
  ) stored,
  folded text not null generated always as (private.words_of(heading || ' ' || body)) stored,
  primary key (tenant_id, document_id, position),
  foreign key (tenant_id, document_id) references public.ai_documents (tenant_id, id) on delete cascade
);

comment on table public.ai_pieces is 'Documents, cut to what fits a question.';

create index ai_pieces_words_idx on public.ai_pieces using gin (tenant_id, words);
create index ai_pieces_folded_idx on public.ai_pieces using gin (tenant_id, folded extensions.gin_trgm_ops);

alter table public.ai_documents enable row level security;
alter table public.ai_pieces enable row level security;

create policy select_reader on public.ai_documents
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.read'))));

create policy select_reader on public.ai_pieces
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('ai.read'))));

grant select on public.ai_documents, public.ai_pieces to authenticated;

/*
 * Makes a document (`document_id` null) or puts new words in its place. Raises tenant_not_found, not_allowed,
 * ai_document_not_found, ai_document_invalid.
 */
create function public.save_ai_document(tenant_id uuid, document_id uuid, title text, format text, body text)
  returns public.ai_documents
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_document public.ai_documents;
begin
  perform private.require($1, 'ai.manage');
  if $2 is null then
    insert into public.ai_documents (tenant_id, title, format, body)
    values ($1, btrim($3), $4, $5)
    returning * into v_document;
  else
    update public.ai_documents d
    set title = btrim($3), format = $4, body = $5, revision = d.revision + 1, indexed_at = null
    where d.tenant_id = $1
      and d.id = $2
    returning d.* into v_document;
    if v_document.id is null then
      perform private.refuse(404, 'ai_document_not_found');
    end if;
  end if;
  perform graphile_worker.add_job(
    'ai__index', json_build_object('document_id', v_document.id), job_key => 'ai_index:' || v_document.id
  );
  return v_document;
exception when check_violation or not_null_violation then
  perform private.refuse(422, 'ai_document_invalid');
end;
$$;

/* Throws a document away. Raises ai_document_not_found, not_allowed. */
create function public.delete_ai_document(document_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select d.tenant_id into v_tenant_id
  from public.ai_documents d
  where d.id = $1
    and d.tenant_id = any (array(select private.my_tenant_ids('ai.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'ai_document_not_found');
  end if;
  perform private.require(v_tenant_id, 'ai.manage');
  delete from public.ai_documents d where d.id = $1;
end;
$$;

/* A document to cut; null: gone, or done. */
create function private.ai_document_to_index(document_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object('format', d.format, 'body', d.body, 'revision', d.revision)
  from public.ai_documents d
  where d.id = $1
    and d.indexed_at is null
$$;

/* Puts the pieces [{heading, body}] of a revision in the place of a document's; those of an earlier one are no good. */
create function private.keep_ai_pieces(document_id uuid, revision integer, pieces jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_document public.ai_documents;
begin
  select d.* into v_document from public.ai_documents d where d.id = $1 and d.revision = $2 for update;
  if v_document.id is null then
    return;
  end if;
  delete from public.ai_pieces p where p.tenant_id = v_document.tenant_id and p.document_id = v_document.id;
  insert into public.ai_pieces (tenant_id, document_id, position, heading, body)
  select v_document.tenant_id, v_document.id, p.ordinality, left(p.value ->> 'heading', 400), p.value ->> 'body'
  from jsonb_array_elements($3) with ordinality p;
  update public.ai_documents d
  set pieces = jsonb_array_length($3), indexed_at = clock_timestamp()
  where d.id = v_document.id;
end;
$$;

/* The pieces that fit a question best: [{document_id, position, title, heading, text}]. */
create function private.search_knowledge(tenant_id uuid, question text, most integer default 6)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_folded text := left(private.words_of(left($2, 2000)), 600);
  v_words tsquery := nullif(
    replace(plainto_tsquery('portuguese'::regconfig, private.singular(v_folded))::text, ' & ', ' | '), ''
  )::tsquery;
  v_found jsonb;
begin
  select jsonb_agg(f.told order by f.rank desc) into v_found
  from (
    select
      jsonb_build_object('document_id', p.document_id, 'position', p.position, 'title', d.title, 'heading', p.heading, 'text', p.body) as told,
      ts_rank_cd(p.words, v_words, 1) as rank
    from public.ai_pieces p
    join public.ai_documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
    where p.tenant_id = $1
      and p.words @@ v_words
    order by rank desc
    limit least(greatest($3, 1), 12)
  ) f;
  if v_found is not null then
    return v_found;
  end if;
  return coalesce((
    select jsonb_agg(f.told order by f.rank desc)
    from (
      select
        jsonb_build_object('document_id', p.document_id, 'position', p.position, 'title', d.title, 'heading', p.heading, 'text', p.body) as told,
        extensions.word_similarity(v_folded, p.folded) as rank
      from public.ai_pieces p
      join public.ai_documents d on d.tenant_id = p.tenant_id and d.id = p.document_id
      where p.tenant_id = $1
        and v_folded operator(extensions.<%) p.folded
      order by rank desc
      limit least(greatest($3, 1), 12)
    ) f
  ), '[]');
end;
$$;

grant execute on function
  public.save_ai_document(uuid, uuid, text, text, text),
  public.delete_ai_document(uuid)
to authenticated;

grant execute on function
  private.ai_document_to_index(uuid),
  private.keep_ai_pieces(uuid, integer, jsonb),
  private.search_knowledge(uuid, text, integer)
to prosa_worker;
