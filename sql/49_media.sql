/*
 * Files of messages lie in one private bucket. Who may read one follows from the message it belongs to,
 * never from its path: a message follows its conversation when contacts or threads are merged, a path
 * could not.
 *
 *   <tenant>/<message>/…                       what arrived, put there by the worker with the service key
 *   <tenant>/uploads/<user>/<uuid>/<file>      what an agent is about to send, put there by the browser
 */

-- The largest file that WhatsApp delivers or takes (a document).
insert into storage.buckets (id, name, public, file_size_limit)
values ('media', 'media', false, 104857600)
on conflict (id) do update
set
  public = false,
  file_size_limit = excluded.file_size_limit;

/* Which message a file belongs to; a file that is sent on belongs to several. Without a row it is an upload not yet sent. */
create table private.media_files (
  path text not null,
  message_id uuid not null,
  tenant_id uuid not null,
  message_created_at timestamptz not null,
  primary key (path, message_id),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade,
  check (starts_with(path, tenant_id || '/'))
);

create index on private.media_files (tenant_id, message_id);

alter table private.media_files enable row level security;

/* Whether a message or a canned response has the file: it is no upload any more. */
create function private.is_attached(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (select from private.media_files f where f.path = $1) or private.is_canned_file($1) or private.is_ai_file($1);
end;
$$;

/* Whether a file is the signed-in person's own upload, of the last 23 hours (after 24 it is thrown away), that nothing has yet. */
create function private.is_own_upload(tenant_id uuid, path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return starts_with($2, $1 || '/uploads/' || auth.uid() || '/')
    and not private.is_attached($2)
    and exists (
      select
      from storage.objects o
      where o.bucket_id = 'media'
        and o.name = $2
        and o.created_at > now() - interval '23 hours'
    );
end;
$$;

/*
 * Whether the signed-in person sees a conversation with a message that has the file, or a canned response that has it. One
 * descent to the file, one to its message.
 */
create function private.sees_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from private.media_files f
    join public.messages m on m.tenant_id = f.tenant_id and m.id = f.message_id and m.created_at = f.message_created_at
    join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
    where f.path = $1
      and private.sees_conversation(c)
  ) or private.sees_canned_file($1);
end;
$$;

grant execute on function
  private.is_attached(text),
  private.sees_file(text)
to authenticated;

-- The tenant in the path spares most rows the question behind it; it never lets anybody in by itself.
create policy select_message_reader on storage.objects
  for select to authenticated
  using (
    bucket_id = 'media'
    and split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.read')::text))
    and private.sees_file(name)
  );

create policy select_uploader on storage.objects
  for select to authenticated
  using (
    bucket_id = 'media'
    -- Who answers, and who teaches AI agents what files say.
    and (
      split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
      or split_part(name, '/', 1) = any (array(select private.my_tenant_ids('ai.manage')::text))
    )
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and not private.is_attached(name)
  );

create policy insert_uploader on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'media'
    -- Who answers, and who teaches AI agents what files say.
    and (
      split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
      or split_part(name, '/', 1) = any (array(select private.my_tenant_ids('ai.manage')::text))
    )
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and name ~ '^[^/]+/uploads/[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/[^/]+$'
  );

-- Nobody replaces a file (there is no policy for update), and nobody takes back what a message shows.
create policy delete_uploader on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'media'
    -- Who answers, and who teaches AI agents what files say.
    and (
      split_part(name, '/', 1) = any (array(select private.my_tenant_ids('conversations.reply')::text))
      or split_part(name, '/', 1) = any (array(select private.my_tenant_ids('ai.manage')::text))
    )
    and split_part(name, '/', 2) = 'uploads'
    and split_part(name, '/', 3) = (select auth.uid())::text
    and not private.is_attached(name)
  );

/* The kinds of message that have a file. Has no `set`, so that the planner may inline it. */
create function private.is_media(kind text)
  returns boolean
  language sql
  immutable
as $$
  select $1 in ('image', 'audio', 'video', 'document', 'sticker')
$$;

/* `messages.media` in one state, with what the message's content claims of the file (core/src/media/media.ts). */
create function private.media_of(status text, content jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'status', status,
    'path', null,
    'thumbnail', null,
    'mime_type', content -> 'mime_type',
    'size', null,
    'width', null,
    'height', null,
    'duration_seconds', null,
    'waveform', null,
    'sha256', null,
    'filename', content -> 'filename',
    'animated', case when content ->> 'kind' = 'sticker' then content -> 'animated' end,
    'error', null
  );
end;
$$;

/*
 * Binds an uploaded file to a message that was just written: the signed-in person's own upload, a file of a message that
 * they see, which is so sent on, or (`lent`) one that the company's own canned response has. Whoever sees the message's
 * conversation reads the file from now on. Its picture, size and waveform follow by a job. Returns the message with its
 * `media`: of several files (a carousel's) the first one's. Raises media_not_found.
 */
create function private.attach_media(message public.messages, path text, lent boolean default false)
  returns public.messages
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_known jsonb;
  v_object storage.objects;
begin
  select o.* into v_object
  from storage.objects o
  where o.bucket_id = 'media'
    and o.name = path;

  if v_object.id is null
    or not starts_with(path, message.tenant_id || '/')
    or not (
      private.sees_file(path)
      or private.is_own_upload(message.tenant_id, path)
      or (lent and private.is_canned_file(path))
    )
  then
    perform private.refuse(404, 'media_not_found');
  end if;

  -- What is known of a file that is sent on needs no second look.
  select m.media into v_known
  from private.media_files f
  join public.messages m on m.tenant_id = f.tenant_id and m.id = f.message_id and m.created_at = f.message_created_at
  where f.path = attach_media.path
    and m.media ->> 'status' = 'stored'
    and m.media ->> 'path' = attach_media.path
  limit 1;

  insert into private.media_files (path, message_id, tenant_id, message_created_at)
  select file, message.id, message.tenant_id, message.created_at
  from unnest(array[path, v_known ->> 'thumbnail']) file
  where file is not null
  on conflict do nothing;

  if message.media is not null then
    return message;
  end if;
  update public.messages m
  set media = coalesce(
    v_known || jsonb_build_object('filename', coalesce(message.content ->> 'filename', v_known ->> 'filename')),
    private.media_of('stored', message.content) || jsonb_build_object(
      'path', path,
      'mime_type', coalesce(message.content ->> 'mime_type', v_object.metadata ->> 'mimetype'),
      'size', v_object.metadata -> 'size'
    )
  )
  where m.tenant_id = message.tenant_id
    and m.id = message.id
    and m.created_at = message.created_at
  returning m.* into message;

  -- Without its hash nobody has looked into it yet.
  if v_known ->> 'sha256' is null then
    perform graphile_worker.add_job(
      'media__describe',
      json_build_object('tenant_id', message.tenant_id, 'message_id', message.id, 'created_at', message.created_at),
      job_key => 'media__describe:' || message.id
    );
  end if;
  return message;
end;
$$;
