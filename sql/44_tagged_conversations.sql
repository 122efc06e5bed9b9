/*
 * Which conversations carry a tag, beside the array on the conversation: under row security no operator on arrays comes
 * near an index, for none of them is leakproof, so that a filter by a tag read everything that was open. Each row holds
 * what a list is narrowed and ordered by, newest first, so that a page is one descent; and whose the conversation is, so
 * that an agent's page passes by what is not theirs without a look at each conversation. Triggers keep it in the
 * transaction that changes any of these; what carries no tag costs nothing.
 */

create table public.conversation_tags (
  tenant_id uuid not null,
  tag_id uuid not null,
  conversation_id uuid not null,
  folder text not null,
  last_message_at timestamptz not null,
  team_id uuid,
  assignee_id uuid,
  -- Also the order of the list, read backwards: there is no second index to keep.
  primary key (tenant_id, tag_id, folder, last_message_at, conversation_id)
);

comment on table public.conversation_tags is 'Which conversations carry a tag, in the order of the list. Kept by triggers.';

/*
 * Keeps the rows of a conversation in step with its tags, its place in the list and whose it is. Another trigger may have
 * changed it once more before this one's turn comes: what it is by now is what is written, whichever change is told first.
 */
create function private.tg_conversations__keep_tags()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_now public.conversations;
begin
  select c.* into v_now
  from public.conversations c
  where c.id = coalesce(new.id, old.id);

  delete from public.conversation_tags t
  using (
    values
      (old.tag_ids, old.folder, old.last_message_at),
      (new.tag_ids, new.folder, new.last_message_at)
  ) stood (tag_ids, folder, last_message_at)
  cross join lateral unnest(stood.tag_ids) s (tag_id)
  where t.tenant_id = coalesce(new.tenant_id, old.tenant_id)
    and t.tag_id = s.tag_id
    and t.folder = stood.folder
    and t.last_message_at = stood.last_message_at
    and t.conversation_id = coalesce(new.id, old.id)
    and (t.tag_id = any (v_now.tag_ids) and t.folder = v_now.folder and t.last_message_at = v_now.last_message_at) is not true;

  insert into public.conversation_tags as t (tenant_id, tag_id, conversation_id, folder, last_message_at, team_id, assignee_id)
  select distinct v_now.tenant_id, n.id, v_now.id, v_now.folder, v_now.last_message_at, v_now.team_id, v_now.assignee_id
  from unnest(v_now.tag_ids) n (id)
  on conflict (tenant_id, tag_id, folder, last_message_at, conversation_id) do update
  set
    team_id = excluded.team_id,
    assignee_id = excluded.assignee_id
  where (t.team_id, t.assignee_id) is distinct from (excluded.team_id, excluded.assignee_id);
  return null;
end;
$$;

create trigger _700_tags_insert
  after insert on public.conversations
  for each row
  when (new.tag_ids <> '{}')
  execute function private.tg_conversations__keep_tags();

create trigger _700_tags_delete
  after delete on public.conversations
  for each row
  when (old.tag_ids <> '{}')
  execute function private.tg_conversations__keep_tags();

create trigger _700_tags_update
  after update on public.conversations
  for each row
  when (
    old.tag_ids <> new.tag_ids
    or (
      new.tag_ids <> '{}'
      and (
        old.last_message_at <> new.last_message_at
        or old.folder <> new.folder
        or old.team_id is distinct from new.team_id
        or old.assignee_id is distinct from new.assignee_id
      )
    )
  )
  execute function private.tg_conversations__keep_tags();

alter table public.conversation_tags enable row level security;

-- The policies of `conversations`, by the same columns: a look at the conversation itself would be one a row, or a read of
-- them all.
create policy select_all_reader on public.conversation_tags
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('conversations.read_all'))));

create policy select_assignee on public.conversation_tags
  for select to authenticated
  using (
    assignee_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

create policy select_picker on public.conversation_tags
  for select to authenticated
  using (
    assignee_id is null
    and team_id is null
    and tenant_id = any (array(select private.my_tenant_ids('conversations.pick')))
  );

create policy select_team on public.conversation_tags
  for select to authenticated
  using (
    team_id = any (array(select private.my_team_ids()))
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.conversation_tags to authenticated;

/*
 * Conversations that carry a tag, as a table that lists are asked of: whatever narrows and orders `conversations` does
 * so here too, and its policies hold. The tag's own rows give the order, newest first: their equality says so to the
 * planner. A bound it has to be told, to begin there: `up_to`. Has no `set`, so that it is inlined and planned with the
 * question.
 */
create function public.tagged_conversations(tenant_id uuid, tag_id uuid, up_to timestamptz default 'infinity')
  returns setof public.conversations
  language sql
  stable
as $$
  select c.*
  from public.conversation_tags t
  join public.conversations c
    on c.tenant_id = t.tenant_id
    and c.id = t.conversation_id
    and c.folder = t.folder
    and c.last_message_at = t.last_message_at
  where t.tenant_id = $1
    and t.tag_id = $2
    and t.last_message_at <= $3
$$;

/* The same of conversations that carry one of several tags, each once. */
create function public.tagged_conversations_any(tenant_id uuid, tag_ids uuid[])
  returns setof public.conversations
  language sql
  stable
as $$
  select c.*
  from public.conversations c
  where c.tenant_id = $1
    and exists (
      select
      from public.conversation_tags t
      where t.tenant_id = c.tenant_id
        and t.tag_id = any ($2)
        and t.conversation_id = c.id
        and t.folder = c.folder
        and t.last_message_at = c.last_message_at
    )
$$;

grant execute on function
  public.tagged_conversations(uuid, uuid, timestamptz),
  public.tagged_conversations_any(uuid, uuid[])
to authenticated;
