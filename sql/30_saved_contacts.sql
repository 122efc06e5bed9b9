/*
 * A person saves a contact: from a card that a customer sent, or typed. Whoever has one of the numbers
 * already is that contact.
 */

/*
 * One key for every way a phone number is written: `phoneKey` of core/src/whatsapp/phone.ts, said again
 * here because what a person types must find who wrote. A test holds the two together. Null: no number.
 */
create function private.phone_key(written text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_digits text := regexp_replace(regexp_replace(written, '[^0-9]', '', 'g'), '^00', '');
begin
  return case
    when v_digits !~ '^[1-9][0-9]{5,19}$' then null
    -- A Brazilian mobile without its ninth digit; landlines (2 to 5) never had one.
    when v_digits ~ '^55[1-9][0-9][6-9][0-9]{7}$' then left(v_digits, 4) || '9' || substr(v_digits, 5)
    -- The 1 once needed before Mexican mobiles, the 9 before Argentine ones.
    when v_digits ~ '^521[0-9]{10}$' then '52' || substr(v_digits, 4)
    when v_digits ~ '^549[0-9]{10}$' then '54' || substr(v_digits, 4)
    else v_digits
  end;
end;
$$;

/*
 * The contact who has one of these numbers, made where nobody has, with the numbers that were missing. A
 * known contact keeps their name unless they have none. Numbers that belong to somebody else stay theirs:
 * merging is said outright. Raises tenant_not_found, not_allowed, phone_invalid.
 */
create function public.save_contact(tenant_id uuid, name text, phones text[])
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_name text := left(btrim(coalesce(save_contact.name, '')), 200);
  v_keys text[] := array(
    select private.phone_key(p.phone)
    from unnest(save_contact.phones) with ordinality p (phone, place)
    where private.phone_key(p.phone) is not null
    group by private.phone_key(p.phone)
    order by min(p.place)
  );
  v_contact public.contacts;
begin
  if save_contact.tenant_id is null or not private.may(save_contact.tenant_id, 'contacts.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if not private.may(save_contact.tenant_id, 'contacts.write') then
    perform private.refuse(403, 'not_allowed', 'contacts.write');
  end if;
  if cardinality(v_keys) = 0 or cardinality(v_keys) > 20 then
    perform private.refuse(422, 'phone_invalid');
  end if;

  perform private.lock_people(array[(
    1, null, true, save_contact.tenant_id, null,
    jsonb_build_object(
      'type', 'identity',
      'identities', (select jsonb_agg(jsonb_build_object('kind', 'phone', 'value', k)) from unnest(v_keys) k)
    )
  )::private.incoming]);

  select c.* into v_contact
  from unnest(v_keys) with ordinality k (value, place)
  join public.contact_identities i
    on i.tenant_id = save_contact.tenant_id
    and i.kind = 'phone'
    and i.value = k.value
  join public.contacts c on c.id = i.contact_id
  order by k.place
  limit 1;

  if not found then
    insert into public.contacts (tenant_id, name, name_at, phone)
    values (save_contact.tenant_id, v_name, case when v_name = '' then '-infinity'::timestamptz end, v_keys[1])
    returning * into v_contact;
  elsif v_contact.name = '' and v_name <> '' then
    update public.contacts c
    set
      name = v_name,
      name_at = null
    where c.id = v_contact.id
    returning c.* into v_contact;
  end if;

  insert into public.contact_identities (tenant_id, contact_id, kind, value, address)
  select save_contact.tenant_id, v_contact.id, 'phone', k, k
  from unnest(v_keys) k
  on conflict do nothing;
  return v_contact;
end;
$$;

grant execute on function public.save_contact(uuid, text, text[]) to authenticated;
