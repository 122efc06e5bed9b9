/*
 * Conditions of core/src/conditions, asked of one conversation in the database: what a rule needs while a message is being
 * received. A test holds both to the same answers; a word added there is added here. Every question is answered yes or
 * no, never unknown: what isn't there `is_not` anything.
 */

/* A number, text or truth value as JavaScript writes it; null for null. */
create function private.text_of(value jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case jsonb_typeof(value)
    when 'null' then null
    when 'number' then trim_scale((value #>> '{}')::numeric)::text
    else value #>> '{}'
  end;
end;
$$;

/* How a single value, which may be null, answers a question with these values. */
create function private.matches_single(known jsonb, op text, "values" jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_known jsonb := coalesce(known, 'null');
  v_first jsonb := "values" -> 0;
begin
  case op
    when 'is', 'in' then
      return exists (select from jsonb_array_elements("values") e where e.value = v_known);
    when 'is_not', 'not_in' then
      return not exists (select from jsonb_array_elements("values") e where e.value = v_known);
    when 'set' then
      return v_known <> 'null';
    when 'not_set' then
      return v_known = 'null';
    when 'gt' then
      return jsonb_typeof(v_known) = 'number' and jsonb_typeof(v_first) = 'number' and v_known > v_first;
    when 'lt' then
      return jsonb_typeof(v_known) = 'number' and jsonb_typeof(v_first) = 'number' and v_known < v_first;
    when 'contains' then
      return v_known <> 'null' and strpos(lower(private.text_of(v_known)), lower(coalesce(private.text_of(v_first), 'null'))) > 0;
    when 'not_contains' then
      return v_known = 'null' or strpos(lower(private.text_of(v_known)), lower(coalesce(private.text_of(v_first), 'null'))) = 0;
    else
      return false;
  end case;
end;
$$;

/* How an attribute answers: by its text, and where asked for more or less, numbers and texts each among themselves. */
create function private.matches_attribute(value jsonb, op text, "values" jsonb)
  returns boolean
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_first jsonb := "values" -> 0;
begin
  if op in ('gt', 'lt') then
    if jsonb_typeof(value) is distinct from jsonb_typeof(v_first) then
      return false;
    end if;
    return coalesce(
      case jsonb_typeof(value)
        when 'number' then case op when 'gt' then value > v_first else value < v_first end
        when 'string' then case op
          when 'gt' then (value #>> '{}') collate "C" > (v_first #>> '{}') collate "C"
          else (value #>> '{}') collate "C" < (v_first #>> '{}') collate "C"
        end
      end,
      false
    );
  end if;
  return private.matches_single(
    to_jsonb(private.text_of(value)),
    op,
    (select coalesce(jsonb_agg(to_jsonb(private.text_of(e.value)) order by e.ordinality), '[]') from jsonb_array_elements("values") with ordinality e)
  );
end;
$$;

/*
 * How a conversation answers one rule {field, op, value}. `me` is whom `me` means, null: nobody. `message`, where one is
 * asked about: {text, kind, is_first}.
 */
create function private.matches_rule(conversation public.conversations, rule jsonb, me uuid, message jsonb, at timestamptz)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_field text := rule ->> 'field';
  v_op text := rule ->> 'op';
  v_value jsonb := rule -> 'value';
  v_values jsonb := case jsonb_typeof(v_value) when 'array' then v_value else case when v_value is null then '[]' else jsonb_build_array(v_value) end end;
  v_instant timestamptz;
  v_states jsonb;
begin
  if v_field like 'contact\_attribute.%' then
    return private.matches_attribute(
      (
        select p.attributes -> split_part(v_field, '.', 2)
        from public.contacts p
        where p.tenant_id = conversation.tenant_id
          and p.id = conversation.contact_id
      ),
      v_op, v_values
    );
  end if;
  if v_field like 'conversation\_attribute.%' then
    return private.matches_attribute(conversation.attributes -> split_part(v_field, '.', 2), v_op, v_values);
  end if;

  case v_field
    when 'channel_id' then
      return private.matches_single(to_jsonb(conversation.channel_id), v_op, v_values);
    when 'team_id' then
      return private.matches_single(to_jsonb(conversation.team_id), v_op, v_values);
    when 'assignee_id' then
      if v_values ? 'me' then
        v_values := (v_values - 'me') || case when me is null then '[]' else jsonb_build_array(me) end;
      end if;
      return private.matches_single(to_jsonb(conversation.assignee_id), v_op, v_values);
    when 'priority' then
      return private.matches_single(to_jsonb(conversation.priority), v_op, v_values);
    when 'folder' then
      return private.matches_single(to_jsonb(conversation.folder), v_op, v_values);
    when 'owner' then
      return private.matches_single(to_jsonb(conversation.owner), v_op, v_values);
    when 'unread' then
      return private.matches_single(to_jsonb(conversation.unread_count > 0), v_op, v_values);
    when 'channel_type' then
      return private.matches_single((select to_jsonb(c.type) from public.channels c where c.id = conversation.channel_id), v_op, v_values);
    when 'language' then
      return private.matches_single(
        (
          select to_jsonb(p.language)
          from public.contacts p
          where p.tenant_id = conversation.tenant_id
            and p.id = conversation.contact_id
        ),
        v_op, v_values
      );
    when 'tag_id' then
      return case v_op
        when 'set' then conversation.tag_ids <> '{}'
        when 'not_set' then conversation.tag_ids = '{}'
        else (v_op in ('is', 'in')) = exists (select from unnest(conversation.tag_ids) t where v_values ? t::text)
      end;
    when 'waiting_minutes' then
      if v_op in ('set', 'not_set') then
        return (v_op = 'set') = (conversation.waiting_since is not null);
      end if;
      v_instant := at - make_interval(secs => (v_value #>> '{}')::numeric::double precision * 60);
      return coalesce(case v_op when 'gt' then conversation.waiting_since < v_instant else conversation.waiting_since > v_instant end, false);
    when 'window' then
      if v_op in ('set', 'not_set') then
        return (v_op = 'set') = (conversation.window_expires_at is not null);
      end if;
      v_states := case when coalesce(conversation.window_expires_at > at, false) then '["open"]' else '["closed"]' end::jsonb;
      if conversation.window_expires_at > at and conversation.window_expires_at <= at + interval '4 hours' then
        v_states := v_states || '"closing"';
      end if;
      return (v_op in ('is', 'in')) = exists (select from jsonb_array_elements(v_values) e where v_states @> jsonb_build_array(e.value));
    when 'created_at', 'last_message_at' then
      v_instant := case v_field when 'created_at' then conversation.created_at else conversation.last_message_at end;
      if v_op = 'within_days' then
        return v_instant >= at - make_interval(secs => (v_value #>> '{}')::numeric::double precision * 86400);
      end if;
      -- A date alone is midnight in Greenwich, as in JavaScript.
      return case v_op
        when 'gt' then v_instant > ((v_value #>> '{}') || case when length(v_value #>> '{}') = 10 then 'T00:00:00Z' else '' end)::timestamptz
        else v_instant < ((v_value #>> '{}') || case when length(v_value #>> '{}') = 10 then 'T00:00:00Z' else '' end)::timestamptz
      end;
    when 'message_text' then
      return message is not null and private.matches_single(message -> 'text', v_op, v_values);
    when 'message_kind' then
      return message is not null and private.matches_single(message -> 'kind', v_op, v_values);
    when 'is_first_message' then
      return message is not null and private.matches_single(message -> 'is_first', v_op, v_values);
    when 'in_business_hours' then
      return message is not null and private.matches_single(
        to_jsonb(private.is_open(conversation.tenant_id, conversation.team_id, at)), v_op, v_values
      );
    else
      return false;
  end case;
end;
$$;

/* Whether a conversation fulfils conditions {match: all | any, rules}; no rule at all holds for everything. */
create function private.matches_conditions(
  conversation public.conversations,
  conditions jsonb,
  me uuid default null,
  message jsonb default null,
  at timestamptz default now()
)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_all boolean := conditions ->> 'match' is distinct from 'any';
  v_rule jsonb;
  v_holds boolean;
begin
  if jsonb_array_length(coalesce(conditions -> 'rules', '[]')) = 0 then
    return true;
  end if;
  for v_rule in select e.value from jsonb_array_elements(conditions -> 'rules') e loop
    v_holds := case
      when v_rule ? 'rules' then private.matches_conditions(conversation, v_rule, me, message, at)
      else private.matches_rule(conversation, v_rule, me, message, at)
    end;
    if v_holds <> v_all then
      return v_holds;
    end if;
  end loop;
  return v_all;
end;
$$;

/* Refuses what is no conditions: unknown fields or ways to ask, groups in groups, more than 20 rules. Raises conditions_invalid. */
create function private.check_conditions(conditions jsonb, depth integer default 0)
  returns integer
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_rule jsonb;
  v_count integer := 0;
begin
  if jsonb_typeof(conditions) is distinct from 'object'
    or coalesce(conditions ->> 'match', '') not in ('all', 'any')
    or jsonb_typeof(conditions -> 'rules') is distinct from 'array'
  then
    perform private.refuse(422, 'conditions_invalid');
  end if;
  for v_rule in select e.value from jsonb_array_elements(conditions -> 'rules') e loop
    if v_rule ? 'rules' and depth = 0 then
      v_count := v_count + private.check_conditions(v_rule, 1);
    elsif coalesce(v_rule ->> 'field', '') !~ '^((contact|conversation)_attribute\.[a-z][a-z0-9_]{0,59}|channel_id|channel_type|tag_id|team_id|assignee_id|priority|folder|waiting_minutes|window|language|unread|owner|created_at|last_message_at|message_text|message_kind|is_first_message|in_business_hours)$'
      or coalesce(v_rule ->> 'op', '') not in ('is', 'is_not', 'in', 'not_in', 'contains', 'not_contains', 'gt', 'lt', 'set', 'not_set', 'within_days')
    then
      perform private.refuse(422, 'conditions_invalid', v_rule ->> 'field');
    else
      v_count := v_count + 1;
    end if;
  end loop;
  if v_count > 20 then
    perform private.refuse(422, 'conditions_invalid');
  end if;
  return v_count;
end;
$$;
