/*
 * What changed is told to the browsers that may see it, through Supabase Realtime's broadcast from
 * the database, in the transaction of the change.
 *
 *   conversation:<id>                  message, conversation, parted
 *   inbox:<tenant>:all                 conversation, left; for those who read everything
 *   inbox:<tenant>:unassigned          … who may pick
 *   inbox:<tenant>:team:<id>           … its members
 *   inbox:<tenant>:user:<id>           … its assignee
 *   user:<id>, presence:<tenant>       a person's own notices; who is online
 *   flow:<id>                          who draws it, and where: sql/60_flows_together.sql
 *
 * Where a conversation came to stand elsewhere (folder, team, assignee), or is new, `was` says where it stood: browsers
 * move their counts by it, without asking.
 *
 * Clients never broadcast: a forged message must be impossible. They may be present (looking, typing).
 */

/*
 * Tells topics. A broadcast that fails is a warning of realtime.send's: a browser catches up by its
 * cursor, but a message must not be lost.
 */
create function private.broadcast(topics text[], event text, payload jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform realtime.send($3, $2, t, true)
  from unnest(topics) t;
end;
$$;

create function private.tg_messages__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || new.conversation_id], 'message', to_jsonb(new));
  return null;
end;
$$;

create trigger _900_broadcast
  after insert on public.messages
  for each row
  execute function private.tg_messages__broadcast();

create trigger _900_broadcast_update
  after update on public.messages
  for each row
  -- Nobody sees a difference: both wait.
  when (not (old.status = 'queued' and new.status = 'sending'))
  execute function private.tg_messages__broadcast();

/* The inbox topics of a conversation besides `all`: its assignee's and its team's, or nobody's. */
create function private.inbox_topics(conversation public.conversations)
  returns text[]
  language plpgsql
  immutable
as $$
begin
  if conversation.assignee_id is null and conversation.team_id is null then
    return array['inbox:' || conversation.tenant_id || ':unassigned'];
  end if;
  return array_remove(
    array[
      'inbox:' || conversation.tenant_id || ':user:' || conversation.assignee_id,
      'inbox:' || conversation.tenant_id || ':team:' || conversation.team_id
    ],
    null
  );
end;
$$;

/* A row of the list, as the browser draws it. */
create function private.inbox_row(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return to_jsonb(conversation) || jsonb_build_object(
    'contact', (
      select jsonb_build_object(
        'id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone, 'language', c.language, 'attributes', c.attributes,
        -- By it a browser knows that what it has read of the person is old.
        'updated_at', c.updated_at
      )
      from public.contacts c
      where c.id = conversation.contact_id
    ),
    'channel', (select jsonb_build_object('id', c.id, 'name', c.name, 'type', c.type) from public.channels c where c.id = conversation.channel_id)
  );
end;
$$;

create function private.tg_conversations__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_all text := 'inbox:' || coalesce(new.tenant_id, old.tenant_id) || ':all';
  v_before text[] := case when tg_op <> 'INSERT' then private.inbox_topics(old) end;
  v_after text[] := case when tg_op <> 'DELETE' then private.inbox_topics(new) end;
  v_was jsonb := case
    when tg_op <> 'INSERT' then jsonb_build_object('folder', old.folder, 'team_id', old.team_id, 'assignee_id', old.assignee_id)
  end;
  v_row jsonb;
begin
  if tg_op = 'DELETE' then
    perform private.broadcast(
      v_all || v_before, 'left', jsonb_build_object('id', old.id, 'updated_at', clock_timestamp(), 'was', v_was)
    );
    return null;
  end if;

  if tg_op = 'UPDATE' then
    if v_before <> v_after then
      perform private.broadcast(
        array(select t from unnest(v_before) t where t <> all (v_after)),
        'left',
        jsonb_build_object('id', new.id, 'updated_at', new.updated_at, 'was', v_was)
      );
    end if;
    -- The thread's header needs to know what a message does not tell.
    if new.status <> old.status
      or new.owner <> old.owner
      or new.read_seq <> old.read_seq
      or new.contact_id <> old.contact_id
      or new.priority <> old.priority
      or new.tag_ids <> old.tag_ids
      or new.attributes <> old.attributes
      or new.folder <> old.folder
      or new.snoozed_until is distinct from old.snoozed_until
      or v_before <> v_after
    then
      v_after := v_after || ('conversation:' || new.id);
    end if;
  end if;

  v_row := private.inbox_row(new);
  if tg_op = 'INSERT' or new.folder <> old.folder or v_before <> v_after then
    v_row := v_row || jsonb_build_object('was', v_was);
  end if;
  perform private.broadcast(v_all || v_after, 'conversation', v_row);
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update or delete on public.conversations
  for each row
  execute function private.tg_conversations__broadcast();

/*
 * Whether the signed-in person may listen to a topic. Asked once a join, not once a message. Runs as
 * the caller, so that the policies of `conversations` decide who may follow a thread.
 */
create function private.may_join(topic text)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select case split_part($1, ':', 1)
    when 'conversation' then exists (
      select
      from public.conversations c
      where c.id = case when split_part($1, ':', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then split_part($1, ':', 2)::uuid end
    )
    when 'inbox' then case split_part($1, ':', 3)
      when 'all' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read_all')::text))
      when 'unassigned' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.pick')::text))
      when 'user' then
        split_part($1, ':', 4) = (select auth.uid())::text
        and split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read')::text))
      when 'team' then
        split_part($1, ':', 4) = any (array(select private.my_team_ids()::text))
        and split_part($1, ':', 2) = any (array(select private.my_tenant_ids('conversations.read')::text))
      else false
    end
    when 'presence' then split_part($1, ':', 2) = any (array(select private.my_tenant_ids('members.read')::text))
    when 'user' then split_part($1, ':', 2) = (select auth.uid())::text
    else false
  end
$$;

grant execute on function private.may_join(text) to authenticated;

create policy select_listener on realtime.messages
  for select to authenticated
  using (
    extension in ('broadcast', 'presence')
    and private.may_join((select realtime.topic()))
  );

create policy insert_present on realtime.messages
  for insert to authenticated
  with check (
    extension = 'presence'
    and split_part((select realtime.topic()), ':', 1) in ('conversation', 'presence')
    and private.may_join((select realtime.topic()))
  );
