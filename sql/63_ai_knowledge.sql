/*
 * What AI agents may say: documents that people paste (text, Markdown, CSV) or bring as files (PDF, web pages), whose words
 * a worker reads, cut into pieces by a worker (core/src/ai's cut). A file lies in bucket `media`, where whoever brought it
 * has put it, and is kept as it came. Every answer keeps which pieces it stands on.
 */

create table public.ai_documents (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  title text not null check (title = btrim(title) and length(title) between 1 and 120),
  format text not null check (format in ('text', 'markdown', 'csv', 'html', 'pdf')),
  -- Its words; null: a worker has not read them out of the file yet, or could not.
  body text check (length(body) between 1 and 400000),
  path text check (starts_with(path, tenant_id || '/')),
  filename text check (length(filename) between 1 and 240),
  -- Bytes, of the file or the text.
  size bigint not null check (size > 0),
  -- Raised with every change: pieces of an earlier one are thrown away.
  revision integer not null default 1,
  pieces integer not null default 0,
  -- Null: a worker has not cut this revision yet.
  indexed_at timestamptz,
  -- How much of its file is read, in hundredths.
  progress smallint not null default 0 check (progress between 0 and 100),
  -- Why its file could not be read: an error's code.
  error text check (length(error) <= 80),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  check (body is not null or path is not null),
  check ((path is null) = (filename is null))
);

comment on table public.ai_documents is 'What a tenant''s AI agents know.';

create index on public.ai_documents (tenant_id, title);
create index on public.ai_documents (path) where path is not null;

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
  primary key (tenant_id, document_id, position),
  foreign key (tenant_id, document_id) references public.ai_documents (tenant_id, id) on delete cascade
);

comment on table public.ai_pieces is 'Documents, cut to what fits a question.';

create index ai_pieces_words_idx on public.ai_pieces using gin (tenant_id, words);

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
    insert into public.ai_documents (tenant_id, title, format, body, size)
    values ($1, btrim($3), $4, $5, octet_length($5))
    returning * into v_document;
  else
    update public.ai_documents d
    set
      title = btrim($3),
      format = $4,
      body = $5,
      size = octet_length($5),
      path = null,
      filename = null,
      error = null,
      revision = d.revision + 1,
      indexed_at = null
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

/*
 * Makes a document of a file that the signed-in person has uploaded; a worker reads it. Raises tenant_not_found,
 * not_allowed, ai_document_invalid, ai_file_missing.
 */
create function public.save_ai_file(tenant_id uuid, title text, format text, path text, filename text)
  returns public.ai_documents
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_size bigint;
  v_document public.ai_documents;
begin
  perform private.require($1, 'ai.manage');
  if $3 not in ('html', 'pdf') then
    perform private.refuse(422, 'ai_document_invalid');
  end if;
  select greatest(coalesce((o.metadata ->> 'size')::bigint, 1), 1) into v_size
  from storage.objects o
  where o.bucket_id = 'media'
    and o.name = $4
    and starts_with(o.name, $1 || '/uploads/' || auth.uid() || '/');
  if v_size is null then
    perform private.refuse(422, 'ai_file_missing');
  end if;
  insert into public.ai_documents (tenant_id, title, format, path, filename, size)
  values ($1, btrim($2), $3, $4, left($5, 240), v_size)
  returning * into v_document;
  perform graphile_worker.add_job(
    'ai__read_file', json_build_object('document_id', v_document.id), max_attempts => 5, job_key => 'ai_read:' || v_document.id
  );
  return v_document;
exception when check_violation or not_null_violation then
  perform private.refuse(422, 'ai_document_invalid');
end;
$$;

/* Whether a document is made of the file: it is no upload any more, and isn't thrown away. */
create function private.is_ai_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (select from public.ai_documents d where d.path = $1);
end;
$$;

/* A file to read: {format, path, revision}; null: gone, or read. */
create function private.ai_file_to_read(document_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object('format', d.format, 'path', d.path, 'revision', d.revision)
  from public.ai_documents d
  where d.id = $1
    and d.path is not null
    and d.body is null
$$;

/*
 * Writes down how far a worker is with a file, or what came of it: {progress}, {body} to be cut into pieces next, or
 * {error}. Of a revision that is gone nothing is kept.
 */
create function private.keep_ai_reading(document_id uuid, revision integer, reading jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.ai_documents d
  set
    progress = coalesce((reading ->> 'progress')::smallint, d.progress),
    error = reading ->> 'error',
    body = coalesce(left(reading ->> 'body', 400000), d.body)
  where d.id = $1
    and d.revision = $2;
  if found and reading ? 'body' then
    perform graphile_worker.add_job('ai__index', json_build_object('document_id', $1), job_key => 'ai_index:' || $1);
  end if;
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
    and d.body is not null
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
  set pieces = jsonb_array_length($3), indexed_at = clock_timestamp(), progress = 100
  where d.id = v_document.id;
end;
$$;

grant execute on function
  public.save_ai_document(uuid, uuid, text, text, text),
  public.save_ai_file(uuid, text, text, text, text),
  public.delete_ai_document(uuid)
to authenticated;

grant execute on function
  private.ai_document_to_index(uuid),
  private.ai_file_to_read(uuid),
  private.keep_ai_reading(uuid, integer, jsonb),
  private.keep_ai_pieces(uuid, integer, jsonb)
to prosa_worker;
