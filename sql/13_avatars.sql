/*
 * A picture of each person, the same in all their companies. The file is the person's alone to put and to take away,
 * `<user>/<uuid>.webp` in one private bucket; colleagues see the one that stands in a membership. A new picture is a new
 * file, so that whoever has fetched one never asks for it again.
 */

-- 256 pixels square, made small by the browser: a tenth of this.
insert into storage.buckets (id, name, public, file_size_limit, allowed_mime_types)
values ('avatars', 'avatars', false, 262144, '{image/webp,image/png,image/jpeg}')
on conflict (id) do update
set
  public = false,
  file_size_limit = excluded.file_size_limit,
  allowed_mime_types = excluded.allowed_mime_types;

/* Whether a file is the picture of somebody in a tenant whose members the signed-in person sees. */
create function private.sees_avatar(path text)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.memberships m
    where m.user_id::text = split_part($1, '/', 1)
      and m.avatar = $1
      and m.tenant_id = any (array(select private.my_tenant_ids('members.read')))
  );
end;
$$;

/* Whether the signed-in person has room for another file: the present picture, the next one, and what a lost page left. */
create function private.may_add_avatar()
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.is_proven() and (
    select count(*) from storage.objects o where o.bucket_id = 'avatars' and starts_with(o.name, auth.uid() || '/')
  ) < 4;
end;
$$;

grant execute on function private.sees_avatar(text), private.may_add_avatar() to authenticated;

create policy select_avatar_colleague on storage.objects
  for select to authenticated
  using (
    bucket_id = 'avatars'
    and private.sees_avatar(name)
  );

create policy select_avatar_self on storage.objects
  for select to authenticated
  using (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
  );

create policy insert_avatar_self on storage.objects
  for insert to authenticated
  with check (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
    and name ~ '^[^/]+/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(webp|png|jpg)$'
    and (select private.may_add_avatar())
  );

-- Nobody replaces a file: there is no policy for update.
create policy delete_avatar_self on storage.objects
  for delete to authenticated
  using (
    bucket_id = 'avatars'
    and split_part(name, '/', 1) = (select auth.uid())::text
  );

/*
 * Makes an uploaded file the picture of the signed-in person in all their companies; null: none. The files of before are
 * the browser's to take away. Raises avatar_not_found.
 */
create function public.set_my_avatar(path text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if auth.uid() is null or not private.is_proven() or ($1 is not null and (
    split_part($1, '/', 1) <> auth.uid()::text
    or not exists (select from storage.objects o where o.bucket_id = 'avatars' and o.name = $1)
  )) then
    perform private.refuse(404, 'avatar_not_found');
  end if;
  update public.memberships m
  set avatar = $1
  where m.user_id = auth.uid()
    and m.avatar is distinct from $1;
end;
$$;

grant execute on function public.set_my_avatar(text) to authenticated;
