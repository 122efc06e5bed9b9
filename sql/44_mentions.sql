/*
 * Who was called by a note, and whether they have looked; who may be called.
 */

create table public.mentions (
  tenant_id uuid not null,
  user_id uuid not null,
  message_id uuid not null,
  conversation_id uuid not null,
  read_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (tenant_id, user_id, message_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.mentions is 'Who was called by a note.';

create index mentions_newest_idx on public.mentions (tenant_id, user_id, created_at desc);
create index mentions_unread_idx on public.mentions (tenant_id, user_id, conversation_id) where read_at is null;
create index on public.mentions (tenant_id, conversation_id);

alter table public.mentions enable row level security;

create policy select_mentioned on public.mentions
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.mentions to authenticated;

alter publication supabase_realtime add table public.mentions;

/* The members who may see a conversation: private.sees_conversation, asked for everybody. */
create function private.conversation_viewers(conversation public.conversations)
  returns setof uuid
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return query
  select m.user_id
  from public.memberships m
  where m.tenant_id = conversation.tenant_id
    and (
      private.member_may(m.tenant_id, m.user_id, 'conversations.read_all')
      or (
        private.member_may(m.tenant_id, m.user_id, 'conversations.read')
        and (
          m.user_id = conversation.assignee_id
          or exists (
            select
            from public.team_members t
            where t.tenant_id = m.tenant_id
              and t.team_id = conversation.team_id
              and t.user_id = m.user_id
          )
        )
      )
      or (
        conversation.assignee_id is null
        and conversation.team_id is null
        and private.member_may(m.tenant_id, m.user_id, 'conversations.pick')
      )
    );
end;
$$;

/* Who may be called in a conversation: its viewers. Raises conversation_not_found. */
create function public.mentionable_members(conversation_id uuid)
  returns table (user_id uuid, display_name text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  return query
  select m.user_id, m.display_name
  from public.memberships m
  where m.tenant_id = v_conversation.tenant_id
    and m.user_id in (select private.conversation_viewers(v_conversation))
  order by m.display_name, m.user_id;
end;
$$;

/* Notes that the signed-in person has seen where they were called in a conversation. Returns how often that was. Raises conversation_not_found. */
create function public.read_mentions(conversation_id uuid)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := (private.lock_conversation(conversation_id, 'conversations.read')).tenant_id;
  v_count integer;
begin
  update public.mentions n
  set read_at = now()
  where n.tenant_id = v_tenant_id
    and n.user_id = auth.uid()
    and n.conversation_id = $1
    and n.read_at is null;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  public.mentionable_members(uuid),
  public.read_mentions(uuid)
to authenticated;
