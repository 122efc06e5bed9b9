/*
 * What is done to a conversation, as data: [{type, …}] by core/src/actions. Macros hold such lists, rules do them when
 * something happens, and the bulk bar does one to many conversations at once. Each thing done is one private.apply_<verb>,
 * the same that the button in the thread calls.
 *
 * What a person did to many they may take back for ten minutes: what stood before is kept, and put back where nobody
 * has changed it since, also where the conversation has left their sight by it.
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
    when 'send_text', 'send_canned', 'send_template' then
      perform private.queue_message(
        conversation, client_id, private.action_content(conversation, action, actor), null,
        case when actor is null then 'system' else 'agent' end::public.message_author, actor
      );
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

/* What an action sends, as core's OutgoingContent. Raises canned_response_not_found. */
create function private.action_content(conversation public.conversations, action jsonb, actor uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_text text;
begin
  case action ->> 'type'
    when 'send_template' then
      return action -> 'content';
    when 'send_text' then
      return jsonb_build_object('kind', 'text', 'text', private.fill_variables(action ->> 'text', conversation, actor));
    else
      -- Its published text for this channel; of several that are tried against each other the first.
      select v.text into v_text
      from public.canned_responses r
      join public.canned_response_variants v on v.tenant_id = r.tenant_id and v.response_id = r.id and v.version = r.published_version
      join public.channels c on c.id = conversation.channel_id
      where r.tenant_id = conversation.tenant_id
        and r.id = (action ->> 'canned')::uuid
        and r.archived_at is null
        and (r.owner_id is null or r.owner_id = actor)
        and (v.channel_type is null or v.channel_type = c.type::text)
      order by v.channel_type nulls last, v.position
      limit 1;
      if v_text is null then
        perform private.refuse(404, 'canned_response_not_found');
      end if;
      return jsonb_build_object('kind', 'text', 'text', private.fill_variables(v_text, conversation, actor));
  end case;
end;
$$;

/*
 * A text with its variables filled in, as core/src/canned does it: {{contact.first_name|cliente}}, what stands behind the
 * line where nothing is known. What is not known and has nothing behind it is left out.
 */
create function private.fill_variables(text text, conversation public.conversations, actor uuid)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_values jsonb;
  v_found text[];
begin
  if strpos($1, '{{') = 0 then
    return $1;
  end if;
  select
    jsonb_build_object(
      'contact.name', p.name,
      'contact.first_name', split_part(btrim(p.name), ' ', 1),
      'contact.phone', p.phone,
      'agent.name', m.display_name,
      'agent.first_name', split_part(m.display_name, ' ', 1),
      'workspace.name', t.name,
      'conversation.id', upper(left(conversation.id::text, 8)),
      'greeting', case t.locale
        when 'en' then (array['good morning', 'good afternoon', 'good evening'])[hour.part]
        else (array['bom dia', 'boa tarde', 'boa noite'])[hour.part]
      end
    )
    || (select coalesce(jsonb_object_agg('contact_attribute.' || a.key, a.value), '{}') from jsonb_each_text(p.attributes) a)
    || (select coalesce(jsonb_object_agg('conversation_attribute.' || a.key, a.value), '{}') from jsonb_each_text(conversation.attributes) a)
  into v_values
  from public.contacts p
  join public.tenants t on t.id = p.tenant_id
  left join public.memberships m on m.tenant_id = p.tenant_id and m.user_id = coalesce($3, conversation.assignee_id)
  cross join lateral (
    select case
      when extract(hour from now() at time zone t.timezone) < 5 then 3
      when extract(hour from now() at time zone t.timezone) < 12 then 1
      when extract(hour from now() at time zone t.timezone) < 18 then 2
      else 3
    end as part
  ) hour
  where p.tenant_id = conversation.tenant_id
    and p.id = conversation.contact_id;

  for v_found in select f.match from regexp_matches($1, '(\{\{\s*([A-Za-z_.0-9]+)\s*(?:\|([^{}]*))?\}\})', 'g') f (match) loop
    text := replace(text, v_found[1], coalesce(nullif(v_values ->> v_found[2], ''), btrim(v_found[3]), ''));
  end loop;
  return btrim(text);
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

/* What of a conversation actions change and undoing puts back. */
create function private.undoable_state(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'status', conversation.status,
    'team_id', conversation.team_id,
    'assignee_id', conversation.assignee_id,
    'priority', conversation.priority,
    'tag_ids', conversation.tag_ids,
    'snoozed_until', conversation.snoozed_until,
    'is_spam', conversation.is_spam,
    'waiting_since', conversation.waiting_since,
    'attributes', conversation.attributes,
    'contact_attributes', (select p.attributes from public.contacts p where p.tenant_id = conversation.tenant_id and p.id = conversation.contact_id)
  );
end;
$$;

/* Those members of one object that differ from another's. */
create function private.differing(one jsonb, other jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return (
    select coalesce(jsonb_object_agg(e.key, e.value), '{}')
    from jsonb_each(one) e
    where e.value is distinct from other -> e.key
  );
end;
$$;

/* What a person did to conversations with one call, with what stood before, for as long as they may take it back. */
create table private.action_batches (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  -- [{id, before, after}]: the members of private.undoable_state that were changed.
  changes jsonb not null,
  created_at timestamptz not null default now()
);

create index on private.action_batches (user_id, created_at);

alter table private.action_batches enable row level security;

/*
 * Does actions to one conversation in a person's name, all of them or none. Gives {outcome: done | refused, code, detail,
 * action, before, after}. With `preview` nothing of it stays.
 */
create function private.perform_for_person(conversation_id uuid, actions jsonb, preview boolean default false)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_before jsonb;
  v_after jsonb;
  v_place integer := 0;
  v_action jsonb;
  v_code text;
  v_detail text;
begin
  begin
    v_conversation := private.lock_conversation($1, 'conversations.read');
    v_before := private.undoable_state(v_conversation);
    for v_action in select e.value from jsonb_array_elements(actions) with ordinality e order by e.ordinality loop
      if not private.may(v_conversation.tenant_id, private.action_permission(v_action ->> 'type')) then
        perform private.refuse(403, 'not_allowed', private.action_permission(v_action ->> 'type'));
      end if;
      perform private.perform_action(v_conversation, v_action, auth.uid(), gen_random_uuid());
      -- As it is now: a rule may have been to it because of that.
      select c.* into v_conversation from public.conversations c where c.id = $1;
      v_place := v_place + 1;
    end loop;
    v_after := private.undoable_state(v_conversation);
    if preview then
      perform private.refuse(409, 'preview_ends');
    end if;
  exception
    -- Nothing to do with the actions: the whole call is tried again, or not.
    when transaction_rollback or insufficient_resources or operator_intervention then
      raise;
    when others then
      get stacked diagnostics v_code = message_text, v_detail = pg_exception_detail;
      if v_code <> 'preview_ends' then
        if sqlstate !~ '^PT' then
          v_detail := v_code;
          v_code := 'action_failed';
        end if;
        return jsonb_build_object('conversation_id', $1, 'outcome', 'refused', 'code', v_code, 'detail', nullif(v_detail, ''), 'action', v_place);
      end if;
  end;
  return jsonb_build_object(
    'conversation_id', $1,
    'outcome', 'done',
    'before', private.differing(v_before, v_after),
    'after', private.differing(v_after, v_before)
  );
end;
$$;

/* Does actions to conversations, and keeps what stood before. Gives {undo_id, results}. */
create function private.perform_batch(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_done jsonb;
  v_results jsonb := '[]';
  v_changes jsonb := '[]';
  v_undo_id uuid;
begin
  -- In the order of their ids, so that two people who do something to the same ones wait and do not deadlock.
  for v_id in select distinct c from unnest(conversation_ids) c where c is not null order by c loop
    v_done := private.perform_for_person(v_id, actions);
    v_results := v_results || (v_done - 'before' - 'after');
    if v_done -> 'after' <> '{}' then
      v_changes := v_changes || jsonb_build_object('id', v_id, 'before', v_done -> 'before', 'after', v_done -> 'after');
    end if;
  end loop;

  if v_changes <> '[]' then
    delete from private.action_batches b
    where b.user_id = auth.uid()
      and b.created_at < now() - interval '10 minutes';
    insert into private.action_batches (user_id, changes)
    values (auth.uid(), v_changes)
    returning id into v_undo_id;
  end if;
  return jsonb_build_object('undo_id', v_undo_id, 'results', v_results);
end;
$$;

/*
 * Does actions (core/src/actions) to up to 500 conversations; to each all of them or, where one is refused, none. Gives
 * {undo_id, results: [{conversation_id, outcome: done | refused, code, detail, action}]}: what a person may not see or do
 * is refused for that conversation alone. Raises actions_invalid, too_many_conversations.
 */
create function public.perform_actions(conversation_ids uuid[], actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.check_actions($2);
  if cardinality($1) > 500 then
    perform private.refuse(422, 'too_many_conversations');
  end if;
  return private.perform_batch($1, $2);
end;
$$;

/*
 * What actions would do to a conversation, done and taken back at once: {before, after} of what would change, or the
 * code of what would be refused. Raises actions_invalid, conversation_not_found.
 */
create function public.preview_actions(conversation_id uuid, actions jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_preview jsonb;
begin
  perform private.check_actions($2);
  v_preview := private.perform_for_person($1, $2, true);
  if v_preview ->> 'code' = 'conversation_not_found' then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return jsonb_build_object('before', '{}'::jsonb, 'after', '{}'::jsonb) || (v_preview - 'conversation_id' - 'outcome');
end;
$$;

/* Puts back what stood in a conversation before, where it still is what it was made. Says whether all of it was. */
create function private.undo_change(change jsonb)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_now jsonb;
  -- Only what nobody has changed since.
  v_back jsonb;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = (change ->> 'id')::uuid
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  for update;
  if v_conversation.id is null then
    return false;
  end if;
  v_now := private.undoable_state(v_conversation);
  select coalesce(jsonb_object_agg(b.key, b.value), '{}') into v_back
  from jsonb_each(change -> 'before') b
  where v_now -> b.key = change -> 'after' -> b.key;

  if v_back ->> 'status' = 'open' then
    v_conversation := private.apply_reopen(v_conversation);
  end if;
  if v_back ?| array['team_id', 'assignee_id'] then
    v_conversation := private.apply_assignment(
      v_conversation,
      case when v_back ? 'team_id' then (v_back ->> 'team_id')::uuid else v_conversation.team_id end,
      case when v_back ? 'assignee_id' then (v_back ->> 'assignee_id')::uuid else v_conversation.assignee_id end
    );
  end if;
  if v_back ? 'priority' then
    v_conversation := private.apply_priority(v_conversation, (v_back ->> 'priority')::smallint);
  end if;
  if v_back ? 'tag_ids' then
    v_conversation := private.apply_tags(
      v_conversation,
      array(select e.value::uuid from jsonb_array_elements_text(v_back -> 'tag_ids') e),
      array(select t from unnest(v_conversation.tag_ids) t where not v_back -> 'tag_ids' ? t::text)
    );
  end if;
  if v_back ? 'is_spam' then
    v_conversation := private.apply_spam(v_conversation, (v_back ->> 'is_spam')::boolean);
  end if;
  if v_back ? 'snoozed_until' then
    v_conversation := case
      when coalesce((v_back ->> 'snoozed_until')::timestamptz, '-infinity') <= clock_timestamp() then private.apply_unsnooze(v_conversation)
      else private.apply_snooze(v_conversation, (v_back ->> 'snoozed_until')::timestamptz)
    end;
  end if;
  if v_back ? 'waiting_since' and v_conversation.waiting_since is null and v_conversation.status = 'open' then
    update public.conversations c
    set waiting_since = (v_back ->> 'waiting_since')::timestamptz
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'attributes' then
    update public.conversations c
    set attributes = v_back -> 'attributes'
    where c.id = v_conversation.id
    returning c.* into v_conversation;
  end if;
  if v_back ? 'contact_attributes' then
    update public.contacts p
    set attributes = v_back -> 'contact_attributes'
    where p.id = v_conversation.contact_id;
  end if;
  if v_back ->> 'status' = 'closed' then
    v_conversation := private.apply_close(v_conversation);
  end if;
  return v_back = change -> 'before';
end;
$$;

/*
 * Takes back what perform_actions or run_macro did in the last ten minutes, once; what somebody has changed since stays
 * as they made it. Messages and notes stay said. Gives {undone, kept}. Raises undo_expired.
 */
create function public.undo_actions(undo_ids uuid[])
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_changes jsonb;
  v_change jsonb;
  v_undone integer := 0;
  v_kept integer := 0;
begin
  with gone as (
    delete from private.action_batches b
    where b.id = any ($1)
      and b.user_id = auth.uid()
      and b.created_at >= now() - interval '10 minutes'
    returning b.changes
  )
  select jsonb_agg(c.value order by c.value ->> 'id') into v_changes
  from gone, jsonb_array_elements(gone.changes) c;
  if v_changes is null then
    perform private.refuse(409, 'undo_expired');
  end if;

  for v_change in select e.value from jsonb_array_elements(v_changes) with ordinality e order by e.ordinality loop
    begin
      if private.undo_change(v_change) then
        v_undone := v_undone + 1;
      else
        v_kept := v_kept + 1;
      end if;
    exception
      when transaction_rollback or insufficient_resources or operator_intervention then
        raise;
      when others then
        v_kept := v_kept + 1;
    end;
  end loop;
  return jsonb_build_object('undone', v_undone, 'kept', v_kept);
end;
$$;

grant execute on function
  public.perform_actions(uuid[], jsonb),
  public.preview_actions(uuid, jsonb),
  public.undo_actions(uuid[])
to authenticated;
