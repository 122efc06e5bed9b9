/*
 * Contacts are made one because an event names them together, or because a person says so (43_merging does it).
 */

/* Makes several contacts of one tenant one, because one event named them together: the oldest stays. Returns it. */
create function private.merge_contacts(tenant_id uuid, contact_ids uuid[], evidence jsonb)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_keep public.contacts;
  v_gone public.contacts;
begin
  perform from public.contacts c where c.id = any (contact_ids) order by c.id for update;
  for v_gone in
    select c.*
    from public.contacts c
    where c.tenant_id = merge_contacts.tenant_id
      and c.id = any (contact_ids)
    order by c.created_at, c.id
  loop
    if v_keep.id is null then
      v_keep := v_gone;
      continue;
    end if;
    perform private.merge_contact(v_keep, v_gone, evidence);
    select c.* into v_keep from public.contacts c where c.id = v_keep.id;
  end loop;
  return v_keep.id;
end;
$$;

/* Waits until nothing arrives for these contacts, and keeps the doors waiting until the transaction ends. */
create function private.lock_contacts(tenant_id uuid, contact_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.lock_people(array[(
    1, null, true, lock_contacts.tenant_id, null,
    jsonb_build_object(
      'type', 'identity',
      'identities', (
        select coalesce(jsonb_agg(jsonb_build_object('kind', i.kind, 'value', i.value)), '[]')
        from public.contact_identities i
        where i.tenant_id = lock_contacts.tenant_id
          and i.contact_id = any (contact_ids)
      )
    )
  )::private.incoming]);
  perform from public.contacts c where c.tenant_id = lock_contacts.tenant_id and c.id = any (contact_ids) order by c.id for update;
end;
$$;

/*
 * Says that two contacts are one person: `gone` becomes part of `keep`. Gives back what was written down
 * of it, by which they can be parted again. Raises contact_not_found, not_allowed, contacts_same.
 */
create function public.merge_contacts(keep uuid, gone uuid)
  returns public.contact_merges
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_keep public.contacts;
  v_gone public.contacts;
begin
  select c.* into v_keep
  from public.contacts c
  where c.id = merge_contacts.keep
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if not found or not exists (
    select
    from public.contacts c
    where c.id = merge_contacts.gone
      and c.tenant_id = v_keep.tenant_id
  ) then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_keep.tenant_id, 'contacts.merge') then
    perform private.refuse(403, 'not_allowed', 'contacts.merge');
  end if;
  if keep = gone then
    perform private.refuse(422, 'contacts_same');
  end if;

  perform private.lock_contacts(v_keep.tenant_id, array[keep, gone]);
  -- As they are now that nobody else changes them.
  select c.* into v_keep from public.contacts c where c.id = merge_contacts.keep;
  select c.* into v_gone from public.contacts c where c.id = merge_contacts.gone;
  if v_keep.id is null or v_gone.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  return private.merge_contact(v_keep, v_gone, null);
end;
$$;

grant execute on function public.merge_contacts(uuid, uuid) to authenticated;
