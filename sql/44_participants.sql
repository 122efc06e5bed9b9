/*
 * Who follows a conversation and is told of it, whoever has it. Following shows nobody what they may not see.
 */

create table public.participants (
  tenant_id uuid not null,
  conversation_id uuid not null,
  user_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, conversation_id, user_id),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade,
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade
);

comment on table public.participants is 'Who follows a conversation.';

create index on public.participants (tenant_id, user_id);

alter table public.participants enable row level security;

create policy select_conversation_reader on public.participants
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = participants.tenant_id
        and c.id = participants.conversation_id
    )
  );

grant select on public.participants to authenticated;

/* Notes on a conversation whether anybody follows it. */
create function private.tg_participants__note_followed()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.conversations c
  set is_followed = not c.is_followed
  where c.tenant_id = coalesce(new.tenant_id, old.tenant_id)
    and c.id in (new.conversation_id, old.conversation_id)
    and c.is_followed <> exists (
      select
      from public.participants p
      where p.tenant_id = c.tenant_id
        and p.conversation_id = c.id
    );
  return null;
end;
$$;

create trigger _100_note_followed
  after insert or delete or update of conversation_id on public.participants
  for each row
  execute function private.tg_participants__note_followed();

/* Tells those who look at a conversation who follows it now. */
create function private.tg_participants__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid := coalesce(new.tenant_id, old.tenant_id);
  v_conversation_id uuid := coalesce(new.conversation_id, old.conversation_id);
begin
  perform private.broadcast(
    array['conversation:' || v_conversation_id], 'participants',
    jsonb_build_object('user_ids', (
      select coalesce(jsonb_agg(p.user_id order by p.created_at, p.user_id), '[]')
      from public.participants p
      where p.tenant_id = v_tenant_id
        and p.conversation_id = v_conversation_id
    ))
  );
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or delete on public.participants
  for each row
  execute function private.tg_participants__broadcast();

/* Has somebody follow a conversation, or not any more. Nobody follows what they may not see. */
create function private.apply_following(conversation public.conversations, user_id uuid, following boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if not following then
    delete from public.participants p
    where p.tenant_id = conversation.tenant_id
      and p.conversation_id = conversation.id
      and p.user_id = apply_following.user_id;
    return conversation;
  end if;
  if not exists (select from private.conversation_viewers(conversation) viewer where viewer = apply_following.user_id) then
    perform private.refuse(422, 'participant_cannot_see');
  end if;
  insert into public.participants (tenant_id, conversation_id, user_id)
  values (conversation.tenant_id, conversation.id, apply_following.user_id)
  on conflict do nothing;
  return conversation;
end;
$$;

/*
 * Follows a conversation, or stops: whoever sees it for themselves, for others who may assign. Idempotent. Raises
 * conversation_not_found, not_allowed, participant_cannot_see.
 */
create function public.follow_conversation(conversation_id uuid, user_id uuid, following boolean)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(
    conversation_id, case when user_id = auth.uid() then 'conversations.read' else 'conversations.assign' end
  );
begin
  return private.apply_following(v_conversation, user_id, coalesce(following, false));
end;
$$;

grant execute on function public.follow_conversation(uuid, uuid, boolean) to authenticated;
