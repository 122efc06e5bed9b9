/* Doing one action (sql/44_actions.sql) to one conversation, whoever asks for it: a person, a macro or a rule. */

/*
 * Does one action to a locked conversation and gives it back as it then is. `actor` is the person who does it; null: the
 * system does. `client_id` makes what is sent or noted one message, however often it is asked for. Raises whatever the
 * verb raises.
 */
create function private.perform_action(conversation public.conversations, action jsonb, actor uuid, client_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_type text := action ->> 'type';
  v_author constant public.message_author := case when actor is null then 'system' else 'agent' end;
  v_ids uuid[];
begin
  case v_type
    when 'assign_agent' then
      if action ->> 'agent' = 'me' and actor is null then
        perform private.refuse(422, 'assignee_not_member');
      end if;
      return private.apply_assignment(conversation, conversation.team_id, case action ->> 'agent'
        when 'me' then actor
        when 'nobody' then null
        else (action ->> 'agent')::uuid
      end);
    when 'assign_team' then
      return private.apply_team(conversation, (action ->> 'team')::uuid);
    when 'route' then
      if action ->> 'team' is null and conversation.team_id is null then
        perform private.refuse(404, 'team_not_found');
      end if;
      -- A conversation that waits in a team is given by the router (sql/43_routing.sql).
      return private.apply_assignment(conversation, coalesce((action ->> 'team')::uuid, conversation.team_id), null);
    when 'add_tags' then
      v_ids := array(select e.value::uuid from jsonb_array_elements_text(action -> 'tags') e);
      return private.apply_tags(conversation, v_ids, '{}');
    when 'remove_tags' then
      v_ids := array(select e.value::uuid from jsonb_array_elements_text(action -> 'tags') e);
      return private.apply_tags(conversation, '{}', v_ids);
    when 'set_priority' then
      return private.apply_priority(conversation, (action ->> 'priority')::smallint);
    when 'snooze' then
      return private.apply_snooze(conversation, private.snooze_moment(conversation.tenant_id, action -> 'until'));
    when 'unsnooze' then
      return private.apply_unsnooze(conversation);
    when 'close' then
      return private.apply_close(conversation);
    when 'reopen' then
      return private.apply_reopen(conversation);
    when 'mark_spam' then
      return private.apply_spam(conversation, (action ->> 'spam')::boolean);
    when 'mark_read' then
      return public.mark_read(conversation.id, conversation.last_seq);
    when 'send_text' then
      perform private.queue_message(
        conversation, client_id, jsonb_build_object('kind', 'text', 'text', private.fill_variables(action ->> 'text', conversation, actor)),
        null, v_author, actor
      );
    when 'send_canned' then
      perform private.send_canned(conversation, (action ->> 'canned')::uuid, actor, client_id);
    when 'send_template' then
      perform private.queue_message(conversation, client_id, action -> 'content', null, v_author, actor);
    when 'add_note' then
      perform private.apply_note(conversation, client_id, jsonb_build_object(
        'text', action ->> 'text',
        'mentions', coalesce(action -> 'mentions', '[]')
      ));
    when 'set_conversation_attribute' then
      return private.apply_conversation_attribute(conversation, action ->> 'key', action -> 'value');
    when 'set_contact_attribute' then
      perform private.apply_contact_attribute(conversation.tenant_id, conversation.contact_id, action ->> 'key', action -> 'value');
      return conversation;
    when 'notify' then
      perform private.notify(
        conversation.tenant_id, private.people_to_notify(conversation, action -> 'people'), 'rule', conversation.id, null,
        jsonb_strip_nulls(jsonb_build_object('text', nullif(btrim(action ->> 'text'), ''), 'cause', private.cause()))
      );
      return conversation;
    else
      perform private.refuse(422, 'actions_invalid', v_type);
  end case;

  -- What was said took places in the thread.
  select c.* into conversation from public.conversations c where c.id = conversation.id;
  return conversation;
end;
$$;

/* Whom `people` of a notice means: named ones, `assignee`, and `team`, all its members. */
create function private.people_to_notify(conversation public.conversations, people jsonb)
  returns uuid[]
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return array(
    select m.user_id
    from public.memberships m
    where m.tenant_id = conversation.tenant_id
      and (
        people ? m.user_id::text
        or (people ? 'assignee' and m.user_id = conversation.assignee_id)
        or (
          people ? 'team'
          and exists (
            select
            from public.team_members t
            where t.tenant_id = conversation.tenant_id
              and t.team_id = conversation.team_id
              and t.user_id = m.user_id
          )
        )
      )
  );
end;
$$;
