/*
 * What the words of two people about being written to become when the two are made one, or parted again.
 */

/* Which consents moved with a merge: whose they are when the contacts are parted. */
create table private.merged_consents (
  merge_id uuid not null references public.contact_merges on delete cascade,
  event_id uuid not null references public.consent_events on delete cascade,
  primary key (merge_id, event_id)
);

create index on private.merged_consents (event_id);

alter table private.merged_consents enable row level security;

/* The words of a contact that goes become the kept one's, and it is written down which. */
create function private.merge_consents(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.merged_consents (merge_id, event_id)
  select merge.id, e.id
  from public.consent_events e
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.gone_id;
  if not found then
    return;
  end if;
  delete from public.consents c where c.tenant_id = merge.tenant_id and c.contact_id = merge.gone_id;
  update public.consent_events e
  set contact_id = merge.kept_id
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.gone_id;
  perform private.settle_consents(merge.tenant_id, merge.kept_id);
end;
$$;

/* Gives each of two parted contacts their own words back. What was stopped since the merge was said by one of the two: both are left alone. */
create function private.part_consents(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.consent_events e
  set contact_id = merge.gone_id
  from private.merged_consents m
  where m.merge_id = merge.id
    and e.id = m.event_id;
  insert into public.consent_events (
    tenant_id, contact_id, purpose, channel_type, state, source, evidence_message_id, note, recorded_by, occurred_at
  )
  select e.tenant_id, merge.gone_id, e.purpose, e.channel_type, e.state, e.source, e.evidence_message_id, e.note, e.recorded_by, e.occurred_at
  from public.consent_events e
  where e.tenant_id = merge.tenant_id
    and e.contact_id = merge.kept_id
    and e.state <> 'granted'
    and e.created_at > merge.merged_at;
  delete from private.merged_consents m where m.merge_id = merge.id;
  perform private.settle_consents(merge.tenant_id, merge.gone_id);
  perform private.settle_consents(merge.tenant_id, merge.kept_id);
end;
$$;
