/* What a conversation is about and how much it hurries: tags and priority. Both may be set on closed ones too. */

-- Conversations of a tag, for counting, renaming and deleting; most have none and cost nothing.
create index conversations_tags_idx on public.conversations using gin (tag_ids) where tag_ids <> '{}';
create index contacts_tags_idx on public.contacts using gin (tag_ids) where tag_ids <> '{}';

create function private.apply_priority(conversation public.conversations, priority smallint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if priority is null or priority not between 0 and 4 then
    perform private.refuse(422, 'priority_invalid');
  end if;
  if conversation.priority <> apply_priority.priority then
    update public.conversations c
    set priority = apply_priority.priority
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/* Says how much a conversation hurries: 0 none, 1 low to 4 urgent. Idempotent. Raises conversation_not_found, not_allowed, priority_invalid. */
create function public.set_priority(conversation_id uuid, priority smallint)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_priority(private.lock_conversation(conversation_id, 'conversations.reply'), priority);
end;
$$;

/* Hangs tags on a conversation and takes others off. Tags that are not the tenant's are left out. */
create function private.apply_tags(conversation public.conversations, add uuid[], remove uuid[])
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tag_ids uuid[] := array(
    select t.id
    from (
      select w.id, min(w.place) as place
      from unnest(conversation.tag_ids || coalesce(apply_tags.add, '{}')) with ordinality w (id, place)
      where w.id <> all (coalesce(apply_tags.remove, '{}'))
      group by w.id
    ) wanted
    join public.tags t on t.id = wanted.id and t.tenant_id = conversation.tenant_id
    order by wanted.place
  );
begin
  if cardinality(v_tag_ids) > 30 then
    perform private.refuse(422, 'too_many_tags');
  end if;
  if v_tag_ids <> conversation.tag_ids then
    update public.conversations c
    set tag_ids = v_tag_ids
    where c.id = conversation.id
    returning c.* into conversation;
  end if;
  return conversation;
end;
$$;

/* Hangs tags on a conversation and takes others off; 30 at most. Idempotent. Raises conversation_not_found, not_allowed, too_many_tags. */
create function public.tag_conversation(conversation_id uuid, add uuid[] default '{}', remove uuid[] default '{}')
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  return private.apply_tags(private.lock_conversation(conversation_id, 'conversations.reply'), add, remove);
end;
$$;

/* How many conversations and contacts carry each tag of a tenant. Raises tenant_not_found. */
create function public.tag_usage(tenant_id uuid)
  returns table (tag_id uuid, conversations bigint, contacts bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select
    t.id,
    (select count(*) from public.conversations c where c.tag_ids @> array[t.id] and c.tag_ids <> '{}'),
    (select count(*) from public.contacts c where c.tag_ids @> array[t.id] and c.tag_ids <> '{}')
  from public.tags t
  where t.tenant_id = $1;
end;
$$;

/*
 * Takes a tag away, or makes it part of another (`into`): what carries it carries the other one from now on, and nobody
 * is told thread by thread. It is gone at once; the rows are worked off by a job, a portion at a time. Deleting it twice
 * changes nothing. Raises tenant_not_found, not_allowed, tag_not_found (the one to merge into).
 */
create function public.delete_tag(tenant_id uuid, tag_id uuid, into_id uuid default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.need_tags_manager($1);
  if into_id is not null and (into_id = tag_id or not exists (select from public.tags t where t.tenant_id = $1 and t.id = into_id)) then
    perform private.refuse(404, 'tag_not_found');
  end if;
  delete from public.tags t
  where t.tenant_id = $1
    and t.id = tag_id;
  if found then
    perform graphile_worker.add_job(
      'tag__retire',
      json_build_object('tenant_id', $1, 'tag_id', tag_id, 'into_id', into_id),
      job_key => 'tag:' || tag_id
    );
  end if;
end;
$$;

/*
 * Takes a tag that is gone off the next 500 conversations and contacts that still carry it, and hangs the one it became
 * part of on them. Returns how many there were: 0 when all is done.
 */
create function private.retire_tag(tenant_id uuid, tag_id uuid, into_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversations integer;
  v_contacts integer;
begin
  perform private.set_quiet(true);
  update public.conversations c
  set tag_ids = array_remove(c.tag_ids, $2) || case when $3 <> all (c.tag_ids) then array[$3] else '{}' end
  where c.id = any (array(
    select o.id
    from public.conversations o
    where o.tag_ids @> array[$2]
      and o.tag_ids <> '{}'
      and o.tenant_id = $1
    order by o.id
    limit 500
    for update
  ));
  get diagnostics v_conversations = row_count;
  update public.contacts c
  set tag_ids = array_remove(c.tag_ids, $2) || case when $3 <> all (c.tag_ids) then array[$3] else '{}' end
  where c.id = any (array(
    select o.id
    from public.contacts o
    where o.tag_ids @> array[$2]
      and o.tag_ids <> '{}'
      and o.tenant_id = $1
    order by o.id
    limit 500
    for update
  ));
  get diagnostics v_contacts = row_count;
  perform private.set_quiet(false);
  return v_conversations + v_contacts;
end;
$$;

grant execute on function
  public.set_priority(uuid, smallint),
  public.tag_conversation(uuid, uuid[], uuid[]),
  public.tag_usage(uuid),
  public.delete_tag(uuid, uuid, uuid)
to authenticated;

grant execute on function private.retire_tag(uuid, uuid, uuid) to prosa_worker;
