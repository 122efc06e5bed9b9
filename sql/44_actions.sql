/*
 * What is done to a conversation, as data: [{type, …}] by core/src/actions. Macros hold such lists, rules do them when
 * something happens, and the bulk bar does one to many conversations at once. Each thing done is one private.apply_<verb>,
 * the same that the button in the thread calls.
 */

/* The permission a person needs for an action; null where nobody knows the action. PERMISSION_OF of core/src/actions. */
create function private.action_permission(type text)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when type in ('assign_agent', 'assign_team', 'route') then 'conversations.assign'
    when type in ('close', 'reopen', 'mark_spam') then 'conversations.close'
    when type in (
      'add_tags', 'remove_tags', 'set_priority', 'snooze', 'unsnooze', 'mark_read', 'send_text', 'send_canned', 'send_template',
      'add_note', 'set_conversation_attribute', 'notify'
    ) then 'conversations.reply'
    when type = 'set_contact_attribute' then 'contacts.write'
  end;
end;
$$;

/* Whether an action has what its kind needs, in the shapes of core/src/actions. */
create function private.action_fits(action jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_until jsonb := action -> 'until';
  v_uuid constant text := '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$';
begin
  if jsonb_typeof(action) is distinct from 'object' then
    return false;
  end if;
  return coalesce(
    case action ->> 'type'
      when 'assign_agent' then action ->> 'agent' in ('me', 'nobody') or action ->> 'agent' ~ v_uuid
      when 'assign_team' then action -> 'team' = 'null' or action ->> 'team' ~ v_uuid
      when 'route' then action -> 'team' = 'null' or action ->> 'team' ~ v_uuid
      when 'add_tags' then private.are_uuids(action -> 'tags')
      when 'remove_tags' then private.are_uuids(action -> 'tags')
      when 'set_priority' then action -> 'priority' in ('0', '1', '2', '3', '4')
      when 'snooze' then
        v_until in ('"answer"', '"tomorrow"', '"monday"')
        or (jsonb_typeof(v_until -> 'minutes') = 'number' and (v_until ->> 'minutes')::numeric between 1 and 525600)
        or (jsonb_typeof(v_until) = 'string' and v_until #>> '{}' ~ '^[0-9]{4}-' and pg_input_is_valid(v_until #>> '{}', 'timestamptz'))
      when 'mark_spam' then jsonb_typeof(action -> 'spam') = 'boolean'
      when 'send_text' then length(btrim(action ->> 'text', E' \t\r\n')) between 1 and 4096
      when 'send_canned' then action ->> 'canned' ~ v_uuid
      when 'send_template' then action #>> '{content,kind}' = 'template'
      when 'add_note' then
        length(btrim(action ->> 'text', E' \t\r\n')) between 1 and 4096
        and (action -> 'mentions' is null or action -> 'mentions' = '[]' or private.are_uuids(action -> 'mentions'))
      when 'set_conversation_attribute' then action ->> 'key' <> '' and action ? 'value'
      when 'set_contact_attribute' then action ->> 'key' <> '' and action ? 'value'
      when 'notify' then jsonb_typeof(action -> 'people') = 'array' and jsonb_array_length(action -> 'people') between 1 and 20
      else private.action_permission(action ->> 'type') is not null
    end,
    false
  );
end;
$$;

/* Whether this is a list of 1 to 20 uuids. */
create function private.are_uuids(list jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return jsonb_typeof(list) = 'array'
    and jsonb_array_length(list) between 1 and 20
    and not exists (
      select
      from jsonb_array_elements_text(list) e
      where not pg_input_is_valid(e.value, 'uuid')
    );
end;
$$;

/* Refuses what is no list of 1 to 20 actions. Raises actions_invalid (detail: which one, from 0). */
create function private.check_actions(actions jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_place bigint;
begin
  if jsonb_typeof(actions) is distinct from 'array' or jsonb_array_length(actions) not between 1 and 20 then
    perform private.refuse(422, 'actions_invalid');
  end if;
  select min(a.ordinality) - 1 into v_place
  from jsonb_array_elements(actions) with ordinality a
  where not private.action_fits(a.value);
  if v_place is not null then
    perform private.refuse(422, 'actions_invalid', v_place::text);
  end if;
end;
$$;

/* The moment that `until` of a snooze means now, mornings by the tenant's clock: 8 o'clock. */
create function private.snooze_moment(tenant_id uuid, until jsonb)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_zone text := (select t.timezone from public.tenants t where t.id = $1);
  v_today date := (now() at time zone v_zone)::date;
begin
  if jsonb_typeof(until) = 'object' then
    return clock_timestamp() + make_interval(secs => (until ->> 'minutes')::numeric::double precision * 60);
  end if;
  return case until #>> '{}'
    when 'answer' then 'infinity'
    when 'tomorrow' then (v_today + 1 + time '08:00') at time zone v_zone
    when 'monday' then (v_today + (8 - extract(isodow from v_today)::integer) + time '08:00') at time zone v_zone
    else (until #>> '{}')::timestamptz
  end;
end;
$$;

/* Puts a conversation into a team (null: none). Whoever has it keeps it if they are of that team. */
create function private.apply_team(conversation public.conversations, team_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.team_id is not distinct from $2 then
    return conversation;
  end if;
  return private.apply_assignment(conversation, $2, (
    select conversation.assignee_id
    where $2 is null
      or exists (
        select
        from public.team_members m
        where m.tenant_id = conversation.tenant_id
          and m.team_id = $2
          and m.user_id = conversation.assignee_id
      )
  ));
end;
$$;
