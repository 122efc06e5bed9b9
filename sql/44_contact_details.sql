/*
 * What a person says of a contact, field by field: name, e-mail, language, tags. (Attributes: 44_attributes.sql. Consents:
 * 32_consents.sql.) Every door answers with the whole row, and has the open conversations told again: the lists show it.
 */

/* The contact, locked, when the signed-in person may change it. Raises contact_not_found, not_allowed. */
create function private.lock_contact(contact_id uuid)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts;
begin
  select c.* into v_contact
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')))
  for update;
  if v_contact.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_contact.tenant_id, 'contacts.write') then
    perform private.refuse(403, 'not_allowed', 'contacts.write');
  end if;
  return v_contact;
end;
$$;

/*
 * Changes what is named of {name, email, language}; the rest stays. An empty e-mail or language is none. A name that a
 * person typed stays: the provider's later ones no longer replace it. Doing it twice changes nothing. Raises
 * contact_not_found, not_allowed, contact_name_invalid, contact_email_invalid, contact_language_invalid.
 */
create function public.edit_contact(contact_id uuid, changes jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_name text := case when $2 ? 'name' then btrim(coalesce($2 ->> 'name', '')) else v_contact.name end;
  v_email text := case when $2 ? 'email' then nullif(lower(btrim($2 ->> 'email')), '') else v_contact.email end;
  v_language text := case when $2 ? 'language' then nullif(btrim($2 ->> 'language'), '') else v_contact.language end;
begin
  if $2 ? 'name' and length(v_name) not between 1 and 200 then
    perform private.refuse(422, 'contact_name_invalid');
  end if;
  begin
    if (v_name, v_email, v_language) is distinct from (v_contact.name, v_contact.email, v_contact.language) then
      update public.contacts c
      set
        name = v_name,
        name_at = case when v_name = c.name then c.name_at end,
        email = v_email,
        language = v_language
      where c.id = v_contact.id
      returning c.* into v_contact;
      perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
    end if;
  exception when check_violation then
    if v_email is distinct from v_contact.email then
      perform private.refuse(422, 'contact_email_invalid');
    end if;
    perform private.refuse(422, 'contact_language_invalid');
  end;
  return v_contact;
end;
$$;

/* Hangs tags on a contact and takes others off. Doing it twice changes nothing. Raises contact_not_found, not_allowed. */
create function public.tag_contact(contact_id uuid, add uuid[], remove uuid[])
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_tags uuid[] := array(
    select t
    from unnest(v_contact.tag_ids || $2) with ordinality named (t, place)
    where t <> all (coalesce($3, '{}'))
    group by t
    order by min(place)
  );
begin
  if v_tags <> v_contact.tag_ids then
    -- A trigger keeps the tenant's own.
    update public.contacts c
    set tag_ids = v_tags
    where c.id = v_contact.id
    returning c.* into v_contact;
    perform private.tell_contacts(v_contact.tenant_id, array[v_contact.id]);
  end if;
  return v_contact;
end;
$$;

grant execute on function
  public.edit_contact(uuid, jsonb),
  public.tag_contact(uuid, uuid[], uuid[])
to authenticated;
