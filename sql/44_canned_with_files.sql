/*
 * Files that go with a canned response: a price list, a picture of the shop, the form to fill in. They belong to a version
 * as its texts do, so that an earlier one comes back with its files. A file lies in bucket `media`, where whoever wrote
 * the response has put it; from then on whoever sees the response reads it, and whoever sees a message it went with.
 */

create table public.canned_response_files (
  tenant_id uuid not null,
  response_id uuid not null,
  version integer not null,
  position smallint not null check (position between 0 and 4),
  path text not null check (starts_with(path, tenant_id || '/')),
  kind text not null check (kind in ('image', 'video', 'audio', 'document')),
  mime_type text not null,
  filename text not null check (length(filename) between 1 and 240),
  size bigint not null check (size > 0),
  primary key (tenant_id, response_id, version, position),
  foreign key (tenant_id, response_id, version)
    references public.canned_response_versions (tenant_id, response_id, version) on delete cascade
);

comment on table public.canned_response_files is 'The files that go with a version of a canned response. Never changed.';

create index on public.canned_response_files (path);

alter table public.canned_response_files enable row level security;

create policy select_reader on public.canned_response_files
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.canned_responses r
      where r.tenant_id = canned_response_files.tenant_id
        and r.id = canned_response_files.response_id
    )
  );

grant select on public.canned_response_files to authenticated;

/* Whether a canned response has the file: it is no upload any more, and isn't thrown away. */
create function private.is_canned_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (select from public.canned_response_files f where f.path = $1);
end;
$$;

/* Whether the signed-in person sees a canned response with the file. */
create function private.sees_canned_file(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.canned_response_files f
    join public.canned_responses r on r.tenant_id = f.tenant_id and r.id = f.response_id
    where f.path = $1
      and r.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
      and case r.scope
        when 'shared' then true
        when 'private' then r.owner_id = auth.uid()
        else r.team_id = any (array(select private.my_team_ids())) or private.may(r.tenant_id, 'canned_responses.manage')
      end
  );
end;
$$;

/* The files of a version, as saving takes them. */
create function private.canned_files(response public.canned_responses, version integer)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select coalesce(
      jsonb_agg(
        jsonb_build_object('kind', f.kind, 'path', f.path, 'mime_type', f.mime_type, 'size', f.size, 'filename', f.filename)
        order by f.position
      ),
      '[]'
    )
    from public.canned_response_files f
    where f.tenant_id = response.tenant_id
      and f.response_id = response.id
      and f.version = $2
  );
end;
$$;

/*
 * The files a response is to have, [{kind, path, filename}], with what storage knows of them: those it had in any version,
 * and uploads of the signed-in person's own of the last 23 hours. Raises canned_response_invalid (files), media_not_found,
 * content_invalid.
 */
create function private.check_canned_files(response public.canned_responses, files jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_file jsonb;
  v_files jsonb := '[]';
begin
  if jsonb_typeof(files) is distinct from 'array' or jsonb_array_length(files) > 5 then
    perform private.refuse(422, 'canned_response_invalid', 'files');
  end if;
  for v_file in select e.value from jsonb_array_elements(files) with ordinality e order by e.ordinality loop
    if coalesce(v_file ->> 'kind', '') not in ('image', 'video', 'audio', 'document') or length(coalesce(v_file ->> 'filename', '')) = 0 then
      perform private.refuse(422, 'canned_response_invalid', 'files');
    end if;
    if not exists (
      select
      from public.canned_response_files f
      where f.tenant_id = response.tenant_id
        and f.response_id = response.id
        and f.path = v_file ->> 'path'
    ) and not private.is_own_upload(response.tenant_id, v_file ->> 'path') then
      perform private.refuse(404, 'media_not_found');
    end if;
    v_file := private.with_recorded_files(
      jsonb_build_object('kind', v_file ->> 'kind', 'path', v_file ->> 'path', 'filename', v_file ->> 'filename'), response.tenant_id
    );
    perform private.check_content(v_file);
    v_files := v_files || v_file;
  end loop;
  return v_files;
end;
$$;

/* What a canned response sends, in order: each file, then the words, which go under the one file there is where they fit. */
create function private.canned_parcels(files jsonb, words text)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  if jsonb_array_length(files) = 1 and files #>> '{0,kind}' <> 'audio' and length(words) <= 1024 then
    return jsonb_build_array(files -> 0 || jsonb_build_object('caption', words));
  end if;
  return files || jsonb_build_object('kind', 'text', 'text', words);
end;
$$;
