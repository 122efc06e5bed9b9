/*
 * What Meta has been given of our files, so that one sent to a thousand people is uploaded once; and what
 * nobody sent, so that it is thrown away.
 */

create table private.media_uploads (
  channel_id uuid not null references public.channels on delete cascade,
  path text not null,
  -- Of the bytes, in hex: the same picture chosen twice lies at two paths.
  sha256 text not null,
  media_id text not null,
  uploaded_at timestamptz not null default now(),
  primary key (channel_id, path)
);

create index on private.media_uploads (channel_id, sha256);
create index on private.media_uploads (uploaded_at);

alter table private.media_uploads enable row level security;

/*
 * Meta's id of a file that this channel has uploaded within 29 days (Meta forgets it after 30), by its path
 * alone or, once its hash is known, by its content. Null: it has to be uploaded.
 */
create function private.known_upload(channel_id uuid, path text, sha256 text default null)
  returns text
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_known private.media_uploads;
begin
  select u.* into v_known
  from private.media_uploads u
  where u.channel_id = $1
    and u.path = $2
    and u.uploaded_at > now() - interval '29 days';
  if found then
    return v_known.media_id;
  end if;

  select u.* into v_known
  from private.media_uploads u
  where u.channel_id = $1
    and u.sha256 = $3
    and u.uploaded_at > now() - interval '29 days'
  order by u.uploaded_at desc
  limit 1;
  if found then
    insert into private.media_uploads as u (channel_id, path, sha256, media_id, uploaded_at)
    values ($1, $2, $3, v_known.media_id, v_known.uploaded_at)
    on conflict on constraint media_uploads_pkey do update
    set
      sha256 = excluded.sha256,
      media_id = excluded.media_id,
      uploaded_at = excluded.uploaded_at;
  end if;
  return v_known.media_id;
end;
$$;

/* Notes that Meta has taken a file under this id. */
create function private.remember_upload(channel_id uuid, path text, sha256 text, media_id text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.media_uploads as u (channel_id, path, sha256, media_id)
  values ($1, $2, $3, $4)
  on conflict on constraint media_uploads_pkey do update
  set
    sha256 = excluded.sha256,
    media_id = excluded.media_id,
    uploaded_at = now();
end;
$$;

/* A person sends a message once more that had failed: its files are given to Meta anew, in case they were what was wrong. */
create function private.forget_uploads(message public.messages)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  delete from private.media_uploads u
  where u.channel_id = message.channel_id
    and u.sha256 in (
      select known.sha256
      from private.media_files f
      join private.media_uploads known on known.channel_id = message.channel_id and known.path = f.path
      where f.tenant_id = message.tenant_id
        and f.message_id = message.id
    );
end;
$$;

/* Forgets what Meta has forgotten. Returns how many, 10,000 at most. */
create function private.purge_media_uploads()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from private.media_uploads
  where ctid = any (array(
    select u.ctid
    from private.media_uploads u
    where u.uploaded_at < now() - interval '30 days'
    order by u.uploaded_at
    limit 10000
    for update skip locked
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

/*
 * Of the 1,000 files behind a path, by name: those that no message and no canned response has after a day
 * (never sent, or of a message that was erased), and where to go on (`next`; null: that was all).
 */
create function private.media_orphans(after text)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  with page as materialized (
    select o.name, o.created_at
    from storage.objects o
    where o.bucket_id = 'media'
      and o.name > $1 collate "C"
    order by o.name collate "C"
    limit 1000
  )
  select jsonb_build_object(
    'paths', coalesce(jsonb_agg(p.name) filter (
      where p.created_at < now() - interval '24 hours'
        and not private.is_attached(p.name)
    ), '[]'),
    'next', case when count(*) = 1000 then max(p.name collate "C") end
  )
  from page p
$$;

grant execute on function
  private.known_upload(uuid, text, text),
  private.remember_upload(uuid, text, text, text),
  private.purge_media_uploads(),
  private.media_orphans(text)
to prosa_worker;
