/*
 * Whose a conversation is. Given by hand (assign), taken where nobody has it yet (take), passed on with a
 * word (transfer), or given by the router (sql/43_routing.sql): all through one function, under the lock of
 * its row, so that no race gives it to two people.
 *
 * Who gives a conversation away may lose sight of it. Then the answer is an empty row: where it stands now is
 * not theirs to know. For a minute they may take back what they did, as long as nobody has touched it.
 */

/* Keeps the moment a conversation came to its assignee. Named columns: the message path pays nothing. */
create function private.tg_conversations__assigned_at()
  returns trigger
  language plpgsql
as $$
begin
  new.assigned_at := case when new.assignee_id is not null then clock_timestamp() end;
  return new;
end;
$$;

create trigger _200_assigned_at
  before update of assignee_id on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id)
  execute function private.tg_conversations__assigned_at();

/* The last time a person gave a conversation away, and how it stood before: what undoing needs. One row a conversation. */
create table private.handovers (
  conversation_id uuid primary key,
  tenant_id uuid not null,
  by_id uuid not null,
  from_team_id uuid,
  from_assignee_id uuid,
  to_team_id uuid,
  to_assignee_id uuid,
  at timestamptz not null default clock_timestamp(),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

create index on private.handovers (tenant_id, conversation_id);

alter table private.handovers enable row level security;

/* The conversation where the signed-in person sees it as it stands now, an empty row where they don't. */
create function private.as_seen(conversation public.conversations)
  returns public.conversations
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return case when private.sees_conversation($1) then $1 end;
end;
$$;

/* Whether a member may be given conversations: those who may answer. */
create function private.may_be_assigned(tenant_id uuid, user_id uuid)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return private.member_may($1, $2, 'conversations.reply');
end;
$$;

/*
 * Gives a locked conversation to a team (null: none) and a member (null: nobody). Asks nobody's permission: for
 * the doors below, rules, macros and the router. Changes nothing where it stands so already.
 * Raises conversation_closed, team_not_found, assignee_not_member.
 */
create function private.apply_assignment(conversation public.conversations, team_id uuid, assignee_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := $1;
begin
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if $2 is distinct from v_conversation.team_id and $2 is not null and not exists (
    select
    from public.teams t
    where t.tenant_id = v_conversation.tenant_id
      and t.id = $2
      and t.archived_at is null
  ) then
    perform private.refuse(404, 'team_not_found');
  end if;
  if $3 is not null and not private.may_be_assigned(v_conversation.tenant_id, $3) then
    perform private.refuse(422, 'assignee_not_member');
  end if;
  if ($2, $3) is not distinct from (v_conversation.team_id, v_conversation.assignee_id) then
    return v_conversation;
  end if;

  update public.conversations c
  set
    team_id = $2,
    assignee_id = $3
  where c.id = v_conversation.id
  returning c.* into v_conversation;
  return v_conversation;
end;
$$;

/* Remembers how a conversation stood before a person gave it away, so that they can take that back. */
create function private.remember_handover(before public.conversations, after public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if ($1.team_id, $1.assignee_id) is not distinct from ($2.team_id, $2.assignee_id) then
    return;
  end if;
  insert into private.handovers as h (conversation_id, tenant_id, by_id, from_team_id, from_assignee_id, to_team_id, to_assignee_id)
  values ($1.id, $1.tenant_id, auth.uid(), $1.team_id, $1.assignee_id, $2.team_id, $2.assignee_id)
  on conflict (conversation_id) do update
  set
    by_id = excluded.by_id,
    from_team_id = excluded.from_team_id,
    from_assignee_id = excluded.from_assignee_id,
    to_team_id = excluded.to_team_id,
    to_assignee_id = excluded.to_assignee_id,
    at = excluded.at;
end;
$$;

/*
 * Gives a conversation to a member who may answer, or to nobody (null); its team stays. Idempotent. Answers an
 * empty row where the person no longer sees it.
 * Raises conversation_not_found, not_allowed, conversation_closed, assignee_not_member.
 */
create function public.assign_conversation(conversation_id uuid, assignee_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations := private.lock_conversation(conversation_id, 'conversations.assign');
  v_after public.conversations := private.apply_assignment(v_before, v_before.team_id, assign_conversation.assignee_id);
begin
  perform private.remember_handover(v_before, v_after);
  return private.as_seen(v_after);
end;
$$;

/*
 * Takes a conversation for oneself where nobody has it, or where it is `over`'s still: whom the person saw
 * before taking it over. Of any number who take it at once, one has it, and the others are told who.
 * Taking one's own changes nothing. Raises conversation_taken (detail: who has it, {user_id, name}),
 * conversation_not_found, not_allowed, conversation_closed, assignee_not_member.
 */
create function public.take_conversation(conversation_id uuid, over uuid default null)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations;
  v_after public.conversations;
begin
  select c.* into v_before
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.assign')))
  for no key update;

  -- Who was a moment too late no longer sees it; who saw it then may know who was faster, for five minutes.
  if v_before.assignee_id <> auth.uid()
    and v_before.status = 'open'
    and not private.sees_conversation(v_before)
    and v_before.assigned_at > clock_timestamp() - interval '5 minutes'
    and v_before.team_id is null
    and private.may(v_before.tenant_id, 'conversations.pick')
  then
    perform private.refuse_taken(v_before);
  end if;

  v_before := private.lock_conversation(conversation_id, 'conversations.assign');
  if v_before.assignee_id is distinct from auth.uid() and v_before.assignee_id is distinct from over and v_before.assignee_id is not null then
    perform private.refuse_taken(v_before);
  end if;
  v_after := private.apply_assignment(v_before, v_before.team_id, auth.uid());
  perform private.remember_handover(v_before, v_after);
  return v_after;
end;
$$;

/* Raises conversation_taken with who has it. */
create function private.refuse_taken(conversation public.conversations)
  returns void
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  perform private.refuse(409, 'conversation_taken', (
    select jsonb_build_object('user_id', m.user_id, 'name', m.display_name)::text
    from public.memberships m
    where m.tenant_id = $1.tenant_id
      and m.user_id = $1.assignee_id
  ));
end;
$$;

/*
 * Passes a conversation on: to a team, where it waits for whoever is next, or to a person (in a team or in
 * none); what is said with it becomes a private note. Who passes it on may lose sight of it; then the answer is an empty row. The same transfer again
 * changes nothing.
 * Raises conversation_not_found, not_allowed, conversation_closed, transfer_nowhere, team_not_found,
 * assignee_not_member, note_invalid.
 */
create function public.transfer_conversation(conversation_id uuid, team_id uuid, assignee_id uuid, note text default null)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_before public.conversations := private.lock_conversation(conversation_id, 'conversations.assign');
  v_after public.conversations;
begin
  if $2 is null and $3 is null then
    perform private.refuse(422, 'transfer_nowhere');
  end if;
  if ($2, $3) is not distinct from (v_before.team_id, v_before.assignee_id) then
    return v_before;
  end if;
  -- Before it goes, while who writes it still sees it; it stands above the line that tells of the transfer.
  if trim(note) <> '' then
    perform private.apply_note(v_before, null, jsonb_build_object('text', note));
  end if;
  v_after := private.apply_assignment(v_before, $2, $3);
  perform private.remember_handover(v_before, v_after);
  if $3 is distinct from v_before.assignee_id then
    perform private.notify(
      v_after.tenant_id, array[$3], 'transferred', v_after.id, null, jsonb_strip_nulls(jsonb_build_object('note', nullif(trim(note), '')))
    );
  end if;
  return private.as_seen(v_after);
end;
$$;

/*
 * Takes back what one did a minute ago at most: the conversation stands as before, where nobody has
 * given it on since. The one thing a person may do to a conversation that they no longer see.
 * Raises handover_final, conversation_closed.
 */
create function public.undo_handover(conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_handover private.handovers;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.assign')))
  for no key update;

  select h.* into v_handover
  from private.handovers h
  where h.conversation_id = v_conversation.id
    and h.by_id = auth.uid()
    and h.at > clock_timestamp() - interval '1 minute'
    and (h.to_team_id, h.to_assignee_id) is not distinct from (v_conversation.team_id, v_conversation.assignee_id);
  if not found then
    perform private.refuse(409, 'handover_final');
  end if;

  delete from private.handovers h where h.conversation_id = v_conversation.id;
  return private.as_seen(private.apply_assignment(v_conversation, v_handover.from_team_id, v_handover.from_assignee_id));
end;
$$;

grant execute on function
  public.assign_conversation(uuid, uuid),
  public.take_conversation(uuid, uuid),
  public.transfer_conversation(uuid, uuid, uuid, text),
  public.undo_handover(uuid)
to authenticated;
