/*
 * What is known of a contact beside their fields: short sentences that an AI agent learnt from what they wrote, or that a
 * person wrote down. Everybody who has the contact sees them, may correct and erase them; agents and people's helpers read
 * them in later conversations. What says who somebody is, or opens their money, is never one of them.
 */

create function private.is_personal(text)
  returns boolean
  language sql
  immutable
  strict
  parallel safe
  set search_path = ''
as $$
  -- Coarser than core's masking, which has looked before an AI's facts come here.
  select $1 ~ '(\d[./() -]?){8,}' or $1 ~ '[^\s@]+@[^\s@]+\.[^\s@]+' or $1 ~ '\[[A-Za-z]{2,8}_\d+'
$$;

create table public.contact_facts (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  contact_id uuid not null,
  text text not null,
  -- Of its words: what was erased is not learnt again.
  key text not null,
  -- The agent that learnt it; null: a person wrote it.
  agent_id uuid,
  -- Where the customer said it. No foreign keys: a fact stays when its month is dropped.
  conversation_id uuid,
  message_id uuid,
  said_at timestamptz,
  -- The person who wrote or corrected it last.
  written_by uuid,
  -- Its words go an hour later (private.tidy_contact_facts); until then it can be brought back.
  erased_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade,
  check (erased_at is not null or (text = btrim(text) and length(text) between 2 and 200 and not private.is_personal(text)))
);

comment on table public.contact_facts is 'What is known of contacts beside their fields: learnt by AI agents, or written by people.';

create index on public.contact_facts (tenant_id, contact_id, created_at desc);
create index contact_facts_erased_idx on public.contact_facts (erased_at) where erased_at is not null;

create trigger _100_touch
  before update on public.contact_facts
  for each row
  execute function private.tg_touch();

alter table public.contact_facts enable row level security;

create policy select_member on public.contact_facts
  for select to authenticated
  using (erased_at is null and tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.contact_facts to authenticated;

/* Who wrote, corrected or erased what of whom; the words themselves are not kept there: what is erased is gone. */
create function private.tg_contact_facts__audit()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  -- Words that are wiped were erased before; a contact that is erased takes its facts along.
  if tg_op = 'DELETE' or (tg_op = 'UPDATE' and (new.erased_at is null) = (old.erased_at is null) and new.key = old.key) then
    return null;
  end if;
  insert into public.audit_log (tenant_id, actor_id, action, table_name, row_id, before, after)
  values (
    new.tenant_id,
    auth.uid(),
    case when tg_op = 'UPDATE' and new.erased_at is not null then 'delete' else lower(tg_op) end,
    tg_table_name,
    new.id,
    null,
    jsonb_build_object('contact_id', new.contact_id, 'agent_id', new.agent_id, 'message_id', new.message_id)
  );
  return null;
end;
$$;

create trigger _800_audit
  after insert or update or delete on public.contact_facts
  for each row
  execute function private.tg_contact_facts__audit();

/* So many facts of one contact are kept, and read by agents. */
create function private.most_facts()
  returns integer
  language sql
  immutable
  set search_path = ''
as $$
  select 30
$$;

/* What is known of a contact, newest last, as an agent reads it. */
create function private.facts_of(tenant_id uuid, contact_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(jsonb_agg(f.text order by f.created_at), '[]')
  from (
    select o.text, o.created_at
    from public.contact_facts o
    where o.tenant_id = $1
      and o.contact_id = $2
      and o.erased_at is null
    order by o.created_at desc
    limit private.most_facts()
  ) f
$$;

/* Shows whoever has the contact open that what is known has changed. */
create function private.tell_facts(tenant_id uuid, contact_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.contacts c set updated_at = clock_timestamp() where c.tenant_id = $1 and c.id = $2;
  perform private.tell_contacts($1, array[$2]);
end;
$$;

/*
 * Keeps what an agent learnt of the customer: {text, seq}, where they said it. What is known already, or was erased by a
 * person, is not learnt. Where there are too many, the oldest that no person has touched goes. Raises contact_fact_invalid.
 */
create function private.learn_fact(conversation public.conversations, fact jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_text text := btrim(fact ->> 'text');
  v_key text := md5(private.words_of(v_text));
  v_message public.messages;
begin
  if exists (
    select
    from public.contact_facts f
    where f.tenant_id = conversation.tenant_id
      and f.contact_id = conversation.contact_id
      and (f.key = v_key or (f.erased_at is null and extensions.similarity(f.text, v_text) > 0.7))
  ) then
    return;
  end if;
  select m.* into v_message
  from public.messages m
  where m.tenant_id = conversation.tenant_id
    and m.conversation_id = conversation.id
    and m.seq = (fact ->> 'seq')::bigint
    and m.created_at > now() - interval '30 days'
    and m.direction = 'in';
  insert into public.contact_facts (tenant_id, contact_id, text, key, agent_id, conversation_id, message_id, said_at)
  values (
    conversation.tenant_id, conversation.contact_id, v_text, v_key,
    (select t.agent_id from private.ai_threads t where t.conversation_id = conversation.id), conversation.id, v_message.id,
    v_message.sent_at
  );
  delete from public.contact_facts f
  where f.id in (
    select o.id
    from public.contact_facts o
    where o.tenant_id = conversation.tenant_id
      and o.contact_id = conversation.contact_id
      and o.erased_at is null
      and o.written_by is null
    order by o.created_at
    limit greatest(0, (
      select count(*) - private.most_facts()
      from public.contact_facts a
      where a.tenant_id = conversation.tenant_id
        and a.contact_id = conversation.contact_id
        and a.erased_at is null
    ))
  );
  perform private.tell_facts(conversation.tenant_id, conversation.contact_id);
exception when check_violation or not_null_violation then
  perform private.refuse(422, 'contact_fact_invalid');
end;
$$;

/*
 * Writes down a fact of a contact (`fact_id` null), or corrects one. Raises contact_not_found, not_allowed,
 * contact_fact_not_found, contact_fact_invalid, contact_facts_full.
 */
create function public.save_contact_fact(contact_id uuid, fact_id uuid, text text)
  returns public.contact_facts
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_contact public.contacts := private.lock_contact($1);
  v_text text := btrim($3);
  v_fact public.contact_facts;
begin
  if $2 is null then
    if (
      select count(*)
      from public.contact_facts f
      where f.tenant_id = v_contact.tenant_id
        and f.contact_id = v_contact.id
        and f.erased_at is null
    ) >= private.most_facts() then
      perform private.refuse(409, 'contact_facts_full');
    end if;
    insert into public.contact_facts (tenant_id, contact_id, text, key, written_by)
    values (v_contact.tenant_id, v_contact.id, v_text, md5(private.words_of(v_text)), auth.uid())
    returning * into v_fact;
  else
    update public.contact_facts f
    set text = v_text, key = md5(private.words_of(v_text)), written_by = auth.uid()
    where f.tenant_id = v_contact.tenant_id
      and f.contact_id = v_contact.id
      and f.id = $2
      and f.erased_at is null
    returning f.* into v_fact;
    if v_fact.id is null then
      perform private.refuse(404, 'contact_fact_not_found');
    end if;
  end if;
  perform private.tell_facts(v_contact.tenant_id, v_contact.id);
  return v_fact;
exception when check_violation or not_null_violation then
  perform private.refuse(422, 'contact_fact_invalid');
end;
$$;

/*
 * Erases a fact, or brings it back within the hour that its words are kept. Doing it twice changes nothing. Raises
 * contact_fact_not_found, not_allowed.
 */
create function public.erase_contact_fact(fact_id uuid, erased boolean default true)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_fact public.contact_facts;
begin
  select f.* into v_fact
  from public.contact_facts f
  where f.id = $1
    and f.text <> ''
    and f.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if v_fact.id is null then
    perform private.refuse(404, 'contact_fact_not_found');
  end if;
  perform private.require(v_fact.tenant_id, 'contacts.write');
  if (v_fact.erased_at is not null) = $2 then
    return;
  end if;
  update public.contact_facts f
  set erased_at = case when $2 then now() end
  where f.id = $1;
  perform private.tell_facts(v_fact.tenant_id, v_fact.contact_id);
end;
$$;

/* Wipes the words of what was erased an hour ago, and forgets after 90 days that it was. Returns how many were wiped. */
create function private.tidy_contact_facts()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  update public.contact_facts f
  set text = ''
  where f.erased_at < now() - interval '1 hour'
    and f.text <> '';
  get diagnostics v_count = row_count;
  delete from public.contact_facts f where f.erased_at < now() - interval '90 days';
  return v_count;
end;
$$;

grant execute on function public.save_contact_fact(uuid, uuid, text), public.erase_contact_fact(uuid, boolean) to authenticated;
grant execute on function private.tidy_contact_facts() to prosa_worker;
