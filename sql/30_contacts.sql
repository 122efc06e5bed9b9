/*
 * A contact is one person, however many addresses they write from. An identity is one such address
 * under its canonical key: a phone with its Brazilian, Mexican and Argentine variants folded into
 * one, or a business-scoped user id. A person may have no phone at all.
 */

create table public.contacts (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  name text not null default '' check (length(name) <= 200),
  -- When the provider said so; an older message never puts an older name back. Null: a person set it.
  name_at timestamptz default '-infinity',
  username text,
  username_at timestamptz not null default '-infinity',
  phone text check (phone ~ '^[0-9]{3,20}$'),
  phone_at timestamptz not null default '-infinity',
  -- Where they are written to beside the channels; a person says it.
  email text check (email ~ '^[^@\s<>"]+@[^@\s<>"]+\.[^@\s<>".]+$' and length(email) <= 254),
  attributes jsonb not null default '{}' check (jsonb_typeof(attributes) = 'object'),
  tag_ids uuid[] not null default '{}',
  -- The language they write in, as BCP 47; null while nobody has said.
  language text check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  marketing_opt_out boolean not null default false,
  marketing_opt_out_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id)
) with (fillfactor = 80);

comment on table public.contacts is 'One person who writes to a tenant, over any number of identities.';

create index on public.contacts (tenant_id, created_at desc);

create trigger _100_touch
  before update on public.contacts
  for each row
  execute function private.tg_touch();

create type public.identity_kind as enum ('phone', 'bsuid', 'parent_bsuid');

create table public.contact_identities (
  tenant_id uuid not null,
  contact_id uuid not null,
  kind public.identity_kind not null,
  -- The canonical key: one person, one value, however the provider spells it.
  value text not null check (length(value) between 1 and 200),
  -- As the provider spells it: what to send to. Of two spellings of one number the greater, whichever came
  -- last: with the ninth digit in Brazil and Argentina, without the 1 in Mexico, as those numbers are today.
  address text not null check (length(address) between 1 and 200),
  -- The address (`kind:value`) it was first named together with: whose it is when merged contacts are parted.
  beside text,
  created_at timestamptz not null default now(),
  primary key (tenant_id, kind, value),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

create index on public.contact_identities (tenant_id, contact_id);

alter table public.contacts enable row level security;
alter table public.contact_identities enable row level security;

create policy select_member on public.contacts
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

create policy update_agent on public.contacts
  for update to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.write'))))
  with check (tenant_id = any (array(select private.my_tenant_ids('contacts.write'))));

create policy select_member on public.contact_identities
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.contacts, public.contact_identities to authenticated;
grant update (name, attributes) on public.contacts to authenticated;

/* A name that a person typed stays: the provider's later names no longer replace it. */
create function private.tg_contacts__keep_typed_name()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  new.name_at := null;
  return new;
end;
$$;

create trigger _200_keep_typed_name
  before update of name on public.contacts
  for each row
  -- A person's own update runs under this role; functions that merge and part put both back themselves.
  when (old.name is distinct from new.name and current_user = 'authenticated')
  execute function private.tg_contacts__keep_typed_name();

/*
 * The contact behind a person of an event, made or completed where needed: identities that one
 * event names together are one person, so contacts they belonged to become one. Names and numbers
 * follow the provider's clock, whatever order events arrive in.
 */
create function private.resolve_contact(tenant_id uuid, person jsonb, at timestamptz)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_identities jsonb := person -> 'identities';
  v_name text := left(coalesce(person ->> 'name', ''), 200);
  v_username text := person ->> 'username';
  v_phone text;
  v_known uuid[];
  v_missing boolean;
  v_found uuid;
  v_address text;
  -- The last of the named that was known before.
  v_beside text;
  v_contact_id uuid;
  v_made uuid;
begin
  -- A message without any sender we understand is kept under one nameless contact.
  if v_identities is null or jsonb_array_length(v_identities) = 0 then
    v_identities := '[{"kind": "bsuid", "value": "unknown", "address": "unknown"}]';
  end if;

  loop
    v_known := '{}';
    v_missing := false;
    -- One by one: a join would let the planner guess at how many there are, and scan.
    for n in 0 .. jsonb_array_length(v_identities) - 1 loop
      select i.contact_id, i.address into v_found, v_address
      from public.contact_identities i
      where i.tenant_id = resolve_contact.tenant_id
        and i.kind = (v_identities -> n ->> 'kind')::public.identity_kind
        and i.value = v_identities -> n ->> 'value';
      if v_found is null then
        v_missing := true;
      else
        v_beside := (v_identities -> n ->> 'kind') || ':' || (v_identities -> n ->> 'value');
        if v_found <> all (v_known) then
          v_known := v_known || v_found;
        end if;
      end if;
      if v_identities -> n ->> 'address' > v_address then
        update public.contact_identities i
        set address = greatest(i.address, v_identities -> n ->> 'address')
        where i.tenant_id = resolve_contact.tenant_id
          and i.kind = (v_identities -> n ->> 'kind')::public.identity_kind
          and i.value = v_identities -> n ->> 'value';
      end if;
      -- Identities come oldest first: after a change of number the last one is current.
      if v_identities -> n ->> 'kind' = 'phone' then
        v_phone := v_identities -> n ->> 'value';
      end if;
    end loop;
    v_contact_id := v_known[1];
    exit when cardinality(v_known) = 1 and not v_missing;

    if cardinality(v_known) > 1 then
      v_contact_id := private.parted_contact(tenant_id, v_known, v_identities, at);
      -- Somebody has parted them: what is the other's stays theirs.
      if v_contact_id is not null and not exists (
        select
        from public.contact_identities i
        where i.tenant_id = resolve_contact.tenant_id
          and i.kind = 'phone'
          and i.value = v_phone
          and i.contact_id = v_contact_id
      ) then
        v_phone := null;
      end if;
      exit when v_contact_id is not null and not v_missing;
    end if;

    if v_contact_id is null and cardinality(v_known) > 1 then
      v_contact_id := private.merge_contacts(tenant_id, v_known, jsonb_build_object('identities', v_identities, 'at', at));
    elsif v_contact_id is null then
      -- As it is told, so that it is written once.
      insert into public.contacts (tenant_id, name, name_at, username, username_at, phone, phone_at)
      values (
        tenant_id, v_name, case when v_name <> '' then at else '-infinity' end,
        v_username, case when v_username is not null then at else '-infinity' end,
        v_phone, case when v_phone is not null then at else '-infinity' end
      )
      returning id into v_made;
      v_contact_id := v_made;
    end if;

    -- Where another transaction takes one of them meanwhile, this waits for it, and the next turn finds two to merge.
    insert into public.contact_identities (tenant_id, contact_id, kind, value, address, beside)
    select resolve_contact.tenant_id, v_contact_id, x.kind, x.value, x.address, v_beside
    from jsonb_to_recordset(v_identities) x (kind public.identity_kind, value text, address text)
    order by x.kind, x.value
    on conflict do nothing;
  end loop;

  -- That other transaction had them all: nobody needs the contact made here.
  if v_made <> v_contact_id then
    delete from public.contacts c where c.id = v_made;
  end if;

  update public.contacts c
  set
    -- A typed name has no clock (null): no provider's name is newer.
    name = case when v_name <> '' and (at, v_name) >= (c.name_at, c.name) then v_name else c.name end,
    name_at = case when v_name <> '' and at > c.name_at then at else c.name_at end,
    username = case when v_username is not null and (at, v_username) >= (c.username_at, coalesce(c.username, '')) then v_username else c.username end,
    username_at = case when v_username is not null then greatest(c.username_at, at) else c.username_at end,
    phone = case when v_phone is not null and (at, v_phone) >= (c.phone_at, coalesce(c.phone, '')) then v_phone else c.phone end,
    phone_at = case when v_phone is not null then greatest(c.phone_at, at) else c.phone_at end
  where c.id = v_contact_id
    and (
      (v_name <> '' and (at, v_name) > (c.name_at, c.name))
      or (v_username is not null and (at, v_username) > (c.username_at, coalesce(c.username, '')))
      or (v_phone is not null and (at, v_phone) > (c.phone_at, coalesce(c.phone, '')))
    );

  return v_contact_id;
end;
$$;
