/*
 * What a company wants to know of its contacts and conversations beyond what every company does: the number of a
 * contract, a plan, the date of a visit. A definition gives the name, the type and the choices; the values stand in
 * `attributes` of the row itself, by key. A value of a defined key always fits its type, whichever way it was written.
 */

create table public.attribute_definitions (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  subject text not null check (subject in ('contact', 'conversation')),
  -- The name in `attributes`, in conditions and in variables; it never changes.
  key text not null check (key ~ '^[a-z][a-z0-9_]{0,39}$'),
  label text not null check (label = btrim(label) and length(label) between 1 and 60),
  type text not null check (type in ('text', 'number', 'date', 'boolean', 'choice', 'link')),
  options text[] not null default '{}' check (cardinality(options) <= 100),
  -- A conversation is closed by a person only once it has a value.
  required_on_close boolean not null default false,
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  unique (tenant_id, subject, key),
  check ((type = 'choice') = (options <> '{}')),
  check (not required_on_close or subject = 'conversation')
);

comment on table public.attribute_definitions is 'Custom attributes of contacts and conversations: key, label, type, choices.';

create trigger _100_touch
  before update on public.attribute_definitions
  for each row
  execute function private.tg_touch();

alter table public.attribute_definitions enable row level security;

create policy select_member on public.attribute_definitions
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read'))));

grant select on public.attribute_definitions to authenticated;

alter publication supabase_realtime add table public.attribute_definitions;

/* Whether a value fits a type; null always does, for it takes the value away. */
create function private.fits_attribute(definition public.attribute_definitions, value jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_type text := jsonb_typeof(value);
  v_text text := value #>> '{}';
begin
  if value is null or v_type = 'null' then
    return true;
  end if;
  case definition.type
    when 'number' then
      return v_type = 'number';
    when 'boolean' then
      return v_type = 'boolean';
    when 'text' then
      return v_type = 'string' and length(v_text) between 1 and 1000;
    when 'choice' then
      return v_type = 'string' and v_text = any (definition.options);
    when 'link' then
      return v_type = 'string' and length(v_text) <= 2000 and v_text ~ '^https?://[^[:space:]"<>]+$';
    when 'date' then
      return v_type = 'string'
        and v_text ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$'
        and pg_input_is_valid(v_text, 'date');
  end case;
end;
$$;

/* Refuses a value that does not fit the definition of its key. Raises attribute_not_found, attribute_invalid (detail: the label). */
create function private.check_attribute(tenant_id uuid, subject text, key text, value jsonb)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_definition public.attribute_definitions;
begin
  select d.* into v_definition
  from public.attribute_definitions d
  where d.tenant_id = $1
    and d.subject = $2
    and d.key = $3;
  if v_definition.id is null then
    perform private.refuse(404, 'attribute_not_found', $3);
  end if;
  if not private.fits_attribute(v_definition, $4) then
    perform private.refuse(422, 'attribute_invalid', v_definition.label);
  end if;
end;
$$;

/* Holds the defined keys of `attributes` to their types, whoever writes the row. Argument: the subject. */
create function private.tg_attributes__check()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_definition public.attribute_definitions;
begin
  select d.* into v_definition
  from public.attribute_definitions d
  where d.tenant_id = new.tenant_id
    and d.subject = tg_argv[0]
    and new.attributes -> d.key is distinct from old.attributes -> d.key
    and not private.fits_attribute(d, new.attributes -> d.key)
  limit 1;
  if v_definition.id is not null then
    perform private.refuse(422, 'attribute_invalid', v_definition.label);
  end if;
  return new;
end;
$$;

-- Only where a statement names the column: messages, which update both rows, never do.
create trigger _200_attributes
  before update of attributes on public.contacts
  for each row
  when (old.attributes is distinct from new.attributes)
  execute function private.tg_attributes__check('contact');

create trigger _200_attributes
  before update of attributes on public.conversations
  for each row
  when (old.attributes is distinct from new.attributes)
  execute function private.tg_attributes__check('conversation');

/* Gives a conversation the value of an attribute, or takes it away (null). Raises attribute_not_found, attribute_invalid. */
create function private.apply_conversation_attribute(conversation public.conversations, key text, value jsonb)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_attributes jsonb := conversation.attributes - $2;
begin
  perform private.check_attribute(conversation.tenant_id, 'conversation', $2, $3);
  if jsonb_typeof($3) <> 'null' then
    v_attributes := v_attributes || jsonb_build_object($2, $3);
  end if;
  if v_attributes = conversation.attributes then
    return conversation;
  end if;
  update public.conversations c
  set attributes = v_attributes
  where c.id = conversation.id
  returning c.* into conversation;
  return conversation;
end;
$$;

/* Gives a contact the value of an attribute, or takes it away (null). Raises contact_not_found, attribute_not_found, attribute_invalid. */
create function private.apply_contact_attribute(tenant_id uuid, contact_id uuid, key text, value jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts;
  v_attributes jsonb;
begin
  perform private.check_attribute($1, 'contact', $3, $4);
  select c.* into v_contact
  from public.contacts c
  where c.tenant_id = $1
    and c.id = $2
  for update;
  if v_contact.id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  v_attributes := v_contact.attributes - $3;
  if jsonb_typeof($4) <> 'null' then
    v_attributes := v_attributes || jsonb_build_object($3, $4);
  end if;
  if v_attributes <> v_contact.attributes then
    update public.contacts c
    set attributes = v_attributes
    where c.id = v_contact.id
    returning c.* into v_contact;
  end if;
  return v_contact;
end;
$$;

/*
 * Gives a conversation the value of an attribute, or takes it away (null). Idempotent. Raises conversation_not_found,
 * not_allowed, attribute_not_found, attribute_invalid (detail: the label).
 */
create function public.set_conversation_attribute(conversation_id uuid, key text, value jsonb)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_conversation_attribute(private.lock_conversation($1, 'conversations.reply'), $2, coalesce($3, 'null'));
end;
$$;

/*
 * Gives a contact the value of an attribute, or takes it away (null). Idempotent. Raises contact_not_found, not_allowed,
 * attribute_not_found, attribute_invalid (detail: the label).
 */
create function public.set_contact_attribute(contact_id uuid, key text, value jsonb)
  returns public.contacts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_before timestamptz := v_contact.updated_at;
begin
  v_contact := private.apply_contact_attribute(v_contact.tenant_id, $1, $2, coalesce($3, 'null'));
  if v_contact.updated_at <> v_before then
    perform private.tell_contacts(v_contact.tenant_id, array[$1]);
  end if;
  return v_contact;
end;
$$;

grant execute on function
  public.set_conversation_attribute(uuid, text, jsonb),
  public.set_contact_attribute(uuid, text, jsonb)
to authenticated;
