/* Writing the definitions of custom attributes, which whoever manages them does. */

/*
 * Makes an attribute, or changes one: label, choices, whether closing needs it. Key, type and subject stay what they
 * were made as. A choice that is taken away stays where it was chosen. Raises tenant_not_found, not_allowed,
 * attribute_not_found, attribute_exists, attribute_definition_invalid (detail: what is wrong).
 */
create function public.save_attribute(tenant_id uuid, attribute_id uuid, attribute jsonb)
  returns public.attribute_definitions
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_definition public.attribute_definitions;
  v_label text := btrim(coalesce(attribute ->> 'label', ''));
  v_options text[];
  v_required boolean := coalesce((attribute ->> 'required_on_close')::boolean, false);
begin
  perform private.require($1, 'attributes.manage');
  if jsonb_typeof(attribute -> 'options') = 'array' then
    v_options := array(
      select o.text
      from (
        select btrim(e.value) as text, min(e.ordinality) as place
        from jsonb_array_elements_text(attribute -> 'options') with ordinality e
        where btrim(e.value) <> ''
        group by btrim(e.value)
      ) o
      order by o.place
    );
  end if;

  begin
    if attribute_id is null then
      insert into public.attribute_definitions (tenant_id, subject, key, label, type, options, required_on_close, position)
      values (
        $1, attribute ->> 'subject', attribute ->> 'key', v_label, attribute ->> 'type', coalesce(v_options, '{}'), v_required,
        (
          select coalesce(max(d.position), 0) + 1
          from public.attribute_definitions d
          where d.tenant_id = $1 and d.subject = attribute ->> 'subject'
        )
      )
      returning * into v_definition;
    else
      update public.attribute_definitions d
      set
        label = v_label,
        options = coalesce(v_options, d.options),
        required_on_close = v_required
      where d.tenant_id = $1
        and d.id = attribute_id
      returning d.* into v_definition;
      if v_definition.id is null then
        perform private.refuse(404, 'attribute_not_found');
      end if;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'attribute_exists');
    when check_violation or not_null_violation then
      perform private.refuse(422, 'attribute_definition_invalid', sqlerrm);
  end;
  return v_definition;
end;
$$;

/* Puts the attributes of a subject in this order. Raises tenant_not_found, not_allowed. */
create function public.order_attributes(tenant_id uuid, attribute_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'attributes.manage');
  update public.attribute_definitions d
  set position = o.place
  from unnest(attribute_ids) with ordinality o (id, place)
  where d.tenant_id = $1
    and d.id = o.id
    and d.position <> o.place;
end;
$$;

/*
 * Forgets an attribute. What was written under its key stays in the rows, unseen, and is there again if the key is
 * made again. Raises attribute_not_found, not_allowed.
 */
create function public.delete_attribute(attribute_id uuid)
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
  from public.attribute_definitions d
  where d.id = $1
    and d.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'attribute_not_found');
  end if;
  perform private.require(v_tenant_id, 'attributes.manage');
  delete from public.attribute_definitions d where d.id = $1;
end;
$$;

grant execute on function
  public.save_attribute(uuid, uuid, jsonb),
  public.order_attributes(uuid, uuid[]),
  public.delete_attribute(uuid)
to authenticated;
