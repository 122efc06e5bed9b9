/*
 * What a person has allowed us to write to them for. Every word of theirs is kept as it was said (consent_events: nothing
 * is ever changed or taken away), with who wrote it down and what proves it; what holds now stands beside it (consents),
 * one row a purpose and channel, so that a campaign finds its people by one descent.
 *
 * The newest word holds; of two said in one moment the one that leaves the person alone. No word is no consent.
 */

create table public.consent_events (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  contact_id uuid not null,
  purpose text not null check (purpose in ('marketing', 'service', 'survey')),
  -- Null: every channel there is.
  channel_type public.channel_type,
  state text not null check (state in ('granted', 'denied', 'withdrawn')),
  -- Who says so: a member who wrote it down, a message of theirs, the provider (WhatsApp's own switch), a form, an import.
  source text not null check (source in ('member', 'message', 'provider', 'form', 'import')),
  -- The message it was said in. No foreign key: the word stays when its month is dropped.
  evidence_message_id uuid,
  note text not null default '' check (length(note) <= 500),
  -- Null: nobody who is signed in.
  recorded_by uuid,
  occurred_at timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

comment on table public.consent_events is 'Every word of a person about what they may be written to for. Append-only.';

-- A person's words, newest first.
create index on public.consent_events (tenant_id, contact_id, occurred_at desc);

create table public.consents (
  tenant_id uuid not null,
  contact_id uuid not null,
  purpose text not null,
  -- A word about every channel has a row for each: a type that is added later needs them made from consent_events.
  channel_type public.channel_type not null,
  state text not null,
  since timestamptz not null,
  event_id uuid not null,
  primary key (tenant_id, contact_id, purpose, channel_type),
  foreign key (tenant_id, event_id) references public.consent_events (tenant_id, id) on delete cascade,
  foreign key (tenant_id, contact_id) references public.contacts (tenant_id, id) on delete cascade
);

comment on table public.consents is 'What a person allows now, by purpose and channel. Kept by private.add_consent.';

create index on public.consents (tenant_id, event_id);
-- Who has said yes to marketing on WhatsApp: one stretch of it.
create index consents_granted_idx on public.consents (tenant_id, purpose, channel_type, contact_id) where state = 'granted';

alter table public.consent_events enable row level security;
alter table public.consents enable row level security;

create policy select_member on public.consent_events
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

create policy select_member on public.consents
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('contacts.read'))));

grant select on public.consent_events, public.consents to authenticated;

/* Makes what holds now from all that was said. */
create function private.settle_consents(tenant_id uuid, contact_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  delete from public.consents c where c.tenant_id = $1 and c.contact_id = $2;
  insert into public.consents (tenant_id, contact_id, purpose, channel_type, state, since, event_id)
  select distinct on (e.purpose, t.type) e.tenant_id, e.contact_id, e.purpose, t.type, e.state, e.occurred_at, e.id
  from public.consent_events e
  cross join unnest(enum_range(null::public.channel_type)) t (type)
  where e.tenant_id = $1
    and e.contact_id = $2
    and coalesce(e.channel_type, t.type) = t.type
  order by e.purpose, t.type, e.occurred_at desc, e.state = 'granted', e.created_at desc;
end;
$$;

/*
 * Writes down a word, and what holds by it. `said` has purpose, channel_type, state, source and occurred_at, and may have
 * evidence_message_id and note. Whoever stops marketing on WhatsApp is sent no marketing template
 * (contacts.marketing_opt_out). Returns what was written; all nulls where it was known.
 */
create function private.add_consent(tenant_id uuid, contact_id uuid, said jsonb)
  returns public.consent_events
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_event public.consent_events := jsonb_populate_record(null::public.consent_events, said);
  v_stop boolean := v_event.state <> 'granted';
begin
  -- What a provider tells again is one word. No unique index: contacts that are merged may have said the same.
  if exists (
    select
    from public.consent_events e
    where e.tenant_id = $1
      and e.contact_id = $2
      and (e.occurred_at, e.purpose, e.state, e.source) = (v_event.occurred_at, v_event.purpose, v_event.state, v_event.source)
      and e.channel_type is not distinct from v_event.channel_type
  ) then
    return null;
  end if;
  insert into public.consent_events (
    tenant_id, contact_id, purpose, channel_type, state, source, evidence_message_id, note, recorded_by, occurred_at
  )
  values (
    $1, $2, v_event.purpose, v_event.channel_type, v_event.state, v_event.source, v_event.evidence_message_id,
    coalesce(v_event.note, ''), auth.uid(), v_event.occurred_at
  )
  returning * into v_event;

  insert into public.consents as c (tenant_id, contact_id, purpose, channel_type, state, since, event_id)
  select $1, $2, v_event.purpose, t.type, v_event.state, v_event.occurred_at, v_event.id
  from unnest(enum_range(null::public.channel_type)) t (type)
  where coalesce(v_event.channel_type, t.type) = t.type
  on conflict on constraint consents_pkey do update
  set
    state = excluded.state,
    since = excluded.since,
    event_id = excluded.event_id
  where (excluded.since, excluded.state <> 'granted') >= (c.since, c.state <> 'granted');

  if v_event.purpose = 'marketing' and coalesce(v_event.channel_type, 'whatsapp') = 'whatsapp' then
    update public.contacts c
    set
      marketing_opt_out = v_stop,
      marketing_opt_out_at = v_event.occurred_at
    where c.tenant_id = $1
      and c.id = $2
      -- Told both in one second, the person is left alone.
      and (v_event.occurred_at, v_stop) > (c.marketing_opt_out_at, c.marketing_opt_out);
  end if;
  return v_event;
end;
$$;
