/*
 * A lead is business that a conversation may turn into. Flows and AI agents note what they find out; people note, correct
 * and close. What is noted by itself goes to the person's open lead, if there is one: a chat that is led twice is one lead.
 */

create table public.leads (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references public.tenants on delete cascade,
  contact_id uuid not null,
  -- Where it was noted last.
  conversation_id uuid,
  title text not null check (length(btrim(title)) between 1 and 200),
  temperature text not null check (temperature in ('cold', 'warm', 'hot')),
  value numeric(14, 2) check (value >= 0),
  currency text not null default 'BRL' check (currency ~ '^[A-Z]{3}$'),
  -- Why it is as warm as it is, in a sentence; '' where nobody said.
  reason text not null default '' check (length(reason) <= 300),
  -- Who noted it first, and which flow, agent or person that was.
  source text not null check (source in ('flow', 'ai', 'agent')),
  source_id uuid,
  status text not null default 'open' check (status in ('open', 'won', 'lost')),
  closed_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete set null (conversation_id),
  check ((status = 'open') = (closed_at is null))
);

comment on table public.leads is 'Business that a conversation may turn into.';

create index on public.leads (tenant_id, contact_id, created_at desc);
create index on public.leads (tenant_id, conversation_id);

create trigger _100_touch
  before update on public.leads
  for each row
  execute function private.tg_touch();

alter table public.leads enable row level security;

create policy select_member on public.leads
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.leads to authenticated;

/*
 * Notes a lead of a locked conversation's contact, by a flow or an AI agent: the open one is brought up to date, or one is
 * made. `lead`: {title, temperature, value, reason}; what is missing stays as it was. Gives its id.
 */
create function private.note_lead(conversation public.conversations, source text, source_id uuid, lead jsonb)
  returns uuid
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_title text := left(btrim(coalesce(lead ->> 'title', '')), 200);
begin
  -- Two conversations of one person, at once: one lead.
  perform from public.contacts c where c.id = conversation.contact_id for no key update;
  select l.id into v_id
  from public.leads l
  where l.tenant_id = conversation.tenant_id
    and l.contact_id = conversation.contact_id
    and l.status = 'open'
  order by l.created_at desc
  limit 1;
  if v_id is null then
    insert into public.leads (tenant_id, contact_id, conversation_id, title, temperature, value, reason, source, source_id)
    values (
      conversation.tenant_id, conversation.contact_id, conversation.id,
      coalesce(nullif(v_title, ''), (select nullif(left(btrim(c.name), 200), '') from public.contacts c where c.id = conversation.contact_id), 'Lead'),
      coalesce(lead ->> 'temperature', 'cold'), (lead ->> 'value')::numeric, left(coalesce(lead ->> 'reason', ''), 300), $2, $3
    )
    returning id into v_id;
    return v_id;
  end if;
  update public.leads l
  set
    conversation_id = conversation.id,
    title = coalesce(nullif(v_title, ''), l.title),
    temperature = coalesce(lead ->> 'temperature', l.temperature),
    value = coalesce((lead ->> 'value')::numeric, l.value),
    reason = coalesce(left(lead ->> 'reason', 300), l.reason)
  where l.id = v_id;
  return v_id;
end;
$$;

/*
 * Notes a lead at a person's word, or corrects the one with this id: {title, temperature, value, reason, status}. Raises
 * conversation_not_found, not_allowed, lead_not_found, lead_invalid.
 */
create function public.save_lead(conversation_id uuid, lead_id uuid, lead jsonb)
  returns public.leads
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation($1, 'contacts.write');
  v_lead public.leads;
begin
  if $2 is null then
    insert into public.leads (tenant_id, contact_id, conversation_id, title, temperature, value, reason, source, source_id)
    values (
      v_conversation.tenant_id, v_conversation.contact_id, v_conversation.id, btrim(lead ->> 'title'),
      coalesce(lead ->> 'temperature', 'cold'), (lead ->> 'value')::numeric, coalesce(lead ->> 'reason', ''), 'agent', auth.uid()
    )
    returning * into v_lead;
    return v_lead;
  end if;
  update public.leads l
  set
    title = case when lead ? 'title' then btrim(lead ->> 'title') else l.title end,
    temperature = coalesce(lead ->> 'temperature', l.temperature),
    value = case when lead ? 'value' then (lead ->> 'value')::numeric else l.value end,
    reason = coalesce(lead ->> 'reason', l.reason),
    status = coalesce(lead ->> 'status', l.status),
    closed_at = case when coalesce(lead ->> 'status', l.status) <> 'open' then coalesce(l.closed_at, clock_timestamp()) end
  where l.tenant_id = v_conversation.tenant_id
    and l.contact_id = v_conversation.contact_id
    and l.id = $2
  returning l.* into v_lead;
  if v_lead.id is null then
    perform private.refuse(404, 'lead_not_found');
  end if;
  return v_lead;
exception
  when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
    perform private.refuse(422, 'lead_invalid');
end;
$$;

grant execute on function public.save_lead(uuid, uuid, jsonb) to authenticated;
