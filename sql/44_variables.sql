/* The variables of what macros and rules say. */

/*
 * A text with its variables filled in, as core/src/canned does it: {{contact.first_name|cliente}}, what stands behind the
 * line where nothing is known. What is not known and has nothing behind it is left out.
 */
create function private.fill_variables(text text, conversation public.conversations, actor uuid)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_values jsonb;
  v_found text[];
begin
  if strpos($1, '{{') = 0 then
    return $1;
  end if;
  select
    jsonb_build_object(
      'contact.name', p.name,
      'contact.first_name', split_part(btrim(p.name), ' ', 1),
      'contact.phone', p.phone,
      'agent.name', m.display_name,
      'agent.first_name', split_part(m.display_name, ' ', 1),
      'workspace.name', t.name,
      'conversation.id', upper(left(conversation.id::text, 8)),
      'greeting', case t.locale
        when 'en' then (array['good morning', 'good afternoon', 'good evening'])[hour.part]
        else (array['bom dia', 'boa tarde', 'boa noite'])[hour.part]
      end
    )
    || (select coalesce(jsonb_object_agg('contact_attribute.' || a.key, a.value), '{}') from jsonb_each_text(p.attributes) a)
    || (select coalesce(jsonb_object_agg('conversation_attribute.' || a.key, a.value), '{}') from jsonb_each_text(conversation.attributes) a)
  into v_values
  from public.contacts p
  join public.tenants t on t.id = p.tenant_id
  left join public.memberships m on m.tenant_id = p.tenant_id and m.user_id = coalesce($3, conversation.assignee_id)
  cross join lateral (
    select case
      when extract(hour from now() at time zone t.timezone) < 5 then 3
      when extract(hour from now() at time zone t.timezone) < 12 then 1
      when extract(hour from now() at time zone t.timezone) < 18 then 2
      else 3
    end as part
  ) hour
  where p.tenant_id = conversation.tenant_id
    and p.id = conversation.contact_id;

  for v_found in select f.match from regexp_matches($1, '(\{\{\s*([A-Za-z_.0-9]+)\s*(?:\|([^{}]*))?\}\})', 'g') f (match) loop
    text := replace(text, v_found[1], coalesce(nullif(v_values ->> v_found[2], ''), btrim(v_found[3]), ''));
  end loop;
  return btrim(text);
end;
$$;
