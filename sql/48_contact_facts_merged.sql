/* What becomes of facts where contacts are merged, and parted again. */

/* Which facts moved with a merge: whose they are when the contacts are parted. */
create table private.merged_facts (
  merge_id uuid not null references public.contact_merges on delete cascade,
  fact_id uuid not null references public.contact_facts on delete cascade,
  primary key (merge_id, fact_id)
);

create index on private.merged_facts (fact_id);

alter table private.merged_facts enable row level security;

/* What is known of a contact that goes is known of the kept one. */
create function private.merge_facts(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.merged_facts (merge_id, fact_id)
  select merge.id, f.id
  from public.contact_facts f
  where f.tenant_id = merge.tenant_id
    and f.contact_id = merge.gone_id;
  update public.contact_facts f
  set contact_id = merge.kept_id
  where f.tenant_id = merge.tenant_id
    and f.contact_id = merge.gone_id;
end;
$$;

/* Gives each of two parted contacts what was known of them, and what they said of themselves since. */
create function private.part_facts(merge public.contact_merges)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  update public.contact_facts f
  set contact_id = merge.gone_id
  where f.tenant_id = merge.tenant_id
    and f.contact_id = merge.kept_id
    and (
      f.id in (select m.fact_id from private.merged_facts m where m.merge_id = merge.id)
      or (f.created_at > merge.merged_at and exists (
        select
        from public.conversations c
        where c.id = f.conversation_id
          and c.contact_id = merge.gone_id
      ))
    );
  delete from private.merged_facts m where m.merge_id = merge.id;
end;
$$;
