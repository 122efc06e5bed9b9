/*
 * What a conversation has to tell before it is closed: the attributes that are `required_on_close`. Every way of closing
 * goes through private.apply_close, which asks here; a person is asked for what is missing, a rule says in its run that
 * it could not close.
 */

/* The labels of the attributes that closing still needs of a conversation, in their order; null: none. */
create function private.missing_on_close(conversation public.conversations)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select string_agg(d.label, ', ' order by d.position, d.key)
    from public.attribute_definitions d
    where d.tenant_id = conversation.tenant_id
      and d.subject = 'conversation'
      and d.required_on_close
      and coalesce(jsonb_typeof(conversation.attributes -> d.key), 'null') = 'null'
  );
end;
$$;
