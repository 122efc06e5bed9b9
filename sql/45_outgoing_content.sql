/*
 * Refuses what WhatsApp would refuse, before it is queued. The rules are data (45_outgoing_rules.sql), the
 * same that forms show as one writes (core/src/whatsapp/outgoing); what follows reads them, as
 * core/src/whatsapp/outgoing/check.ts does. One table of cases, and messages made up at random, prove that
 * both come to the same answer.
 */

/* Whether a text is exactly one emoji (Unicode TR 51): Extended_Pictographic of Unicode 17, flags, keycaps, joined ones. */
create function private.is_one_emoji(text text)
  returns boolean
  language plpgsql
  immutable
as $$
declare
  v_sign constant text := '['
    || '\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9-\u21aa\u231a-\u231b\u2328\u23cf\u23e9-\u23f3'
    || '\u23f8-\u23fa\u24c2\u25aa-\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614-\u2615'
    || '\u2618\u261d\u2620\u2622-\u2623\u2626\u262a\u262e-\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653'
    || '\u265f-\u2660\u2663\u2665-\u2666\u2668\u267b\u267e-\u267f\u2692-\u2697\u2699\u269b-\u269c'
    || '\u26a0-\u26a1\u26a7\u26aa-\u26ab\u26b0-\u26b1\u26bd-\u26be\u26c4-\u26c5\u26c8\u26ce-\u26cf\u26d1'
    || '\u26d3-\u26d4\u26e9-\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712'
    || '\u2714\u2716\u271d\u2721\u2728\u2733-\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763-\u2764'
    || '\u2795-\u2797\u27a1\u27b0\u27bf\u2934-\u2935\u2b05-\u2b07\u2b1b-\u2b1c\u2b50\u2b55\u3030\u303d\u3297'
    || '\u3299\U0001f004\U0001f02c-\U0001f02f\U0001f094-\U0001f09f\U0001f0af-\U0001f0b0\U0001f0c0'
    || '\U0001f0cf-\U0001f0d0\U0001f0f6-\U0001f0ff\U0001f170-\U0001f171\U0001f17e-\U0001f17f\U0001f18e'
    || '\U0001f191-\U0001f19a\U0001f1ae-\U0001f1e5\U0001f201-\U0001f20f\U0001f21a\U0001f22f'
    || '\U0001f232-\U0001f23a\U0001f23c-\U0001f23f\U0001f249-\U0001f25f\U0001f266-\U0001f321'
    || '\U0001f324-\U0001f393\U0001f396-\U0001f397\U0001f399-\U0001f39b\U0001f39e-\U0001f3f0'
    || '\U0001f3f3-\U0001f3f5\U0001f3f7-\U0001f3fa\U0001f400-\U0001f4fd\U0001f4ff-\U0001f53d'
    || '\U0001f549-\U0001f54e\U0001f550-\U0001f567\U0001f56f-\U0001f570\U0001f573-\U0001f57a\U0001f587'
    || '\U0001f58a-\U0001f58d\U0001f590\U0001f595-\U0001f596\U0001f5a4-\U0001f5a5\U0001f5a8'
    || '\U0001f5b1-\U0001f5b2\U0001f5bc\U0001f5c2-\U0001f5c4\U0001f5d1-\U0001f5d3\U0001f5dc-\U0001f5de'
    || '\U0001f5e1\U0001f5e3\U0001f5e8\U0001f5ef\U0001f5f3\U0001f5fa-\U0001f64f\U0001f680-\U0001f6c5'
    || '\U0001f6cb-\U0001f6d2\U0001f6d5-\U0001f6e5\U0001f6e9\U0001f6eb-\U0001f6f0\U0001f6f3-\U0001f6ff'
    || '\U0001f7da-\U0001f7ff\U0001f80c-\U0001f80f\U0001f848-\U0001f84f\U0001f85a-\U0001f85f'
    || '\U0001f888-\U0001f88f\U0001f8ae-\U0001f8af\U0001f8bc-\U0001f8bf\U0001f8c2-\U0001f8cf'
    || '\U0001f8d9-\U0001f8ff\U0001f90c-\U0001f93a\U0001f93c-\U0001f945\U0001f947-\U0001f9ff'
    || '\U0001fa58-\U0001fa5f\U0001fa6e-\U0001faff\U0001fc00-\U0001fffd'
    || ']';
  v_one constant text := v_sign || '\uFE0F?[\U0001F3FB-\U0001F3FF]?(?:[\U000E0020-\U000E007E]+\U000E007F)?';
begin
  return text ~ (
    '^(?:[\U0001F1E6-\U0001F1FF]{2}|[0-9#*]\uFE0F?\u20E3|' || v_one || '(?:\u200D' || v_one || ')*)$'
  );
end;
$$;

/* The first fault of a value by a rule, or null. Asked of every part of a message: it stays free of `set`, which would cost more than it does. */
create function private.fault_of(rule jsonb, value jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_type text := jsonb_typeof(value);
  v_text text := value #>> '{}';
  v_number float8;
begin
  case rule ->> 'is'
    when 'text' then
      return case
        when v_type <> 'string' then 'value_invalid'
        when rule ? 'empty' and btrim(v_text, E' \t\r\n') = '' then rule ->> 'empty'
        when length(v_text) > (rule ->> 'max')::integer then rule ->> 'long'
        when v_text !~ (rule #>> '{like,pattern}') then rule #>> '{like,fault}'
      end;
    when 'number' then
      -- JavaScript reads anything larger as infinite.
      if v_type <> 'number' or abs(v_text::numeric) > 1.7976931348623157e308 then
        return 'value_invalid';
      end if;
      v_number := v_text::float8;
      return case
        when rule ? 'whole' and trunc(v_number) <> v_number then 'value_invalid'
        when v_number < (rule ->> 'min')::float8 then rule ->> 'low'
        when v_number > (rule ->> 'max')::float8 then rule ->> 'high'
      end;
    when 'boolean' then
      return case when v_type <> 'boolean' then 'value_invalid' end;
    when 'word' then
      return case when v_type <> 'string' or not rule -> 'of' ? v_text then rule ->> 'fault' end;
    when 'mime' then
      return case
        when v_type <> 'string' or not rule -> 'of' ? lower(btrim(split_part(v_text, ';', 1))) then rule ->> 'fault'
      end;
    when 'index' then
      return case when v_type not in ('number', 'string') or v_text !~ '^[0-9](\.0+)?$' or (v_type = 'string' and length(v_text) > 1) then 'value_invalid' end;
    when 'emoji' then
      return case
        when v_type <> 'string' then 'value_invalid'
        when v_text <> '' and not private.is_one_emoji(v_text) then 'reaction_not_one_emoji'
      end;
    when 'data' then
      return case when v_type <> 'object' or value = '{}' then rule ->> 'fault' end;
    when 'list' then
      return private.fault_of_list(rule, value);
    when 'object' then
      return private.fault_of_object(rule, value);
    when 'variant' then
      v_text := case when v_type = 'object' and jsonb_typeof(value -> (rule ->> 'by')) = 'string' then value ->> (rule ->> 'by') end;
      if v_text is null or not rule -> 'of' ? v_text then
        return 'kind_unknown';
      end if;
      return private.fault_of(rule #> array['of', v_text], value);
    when 'shared' then
      return private.fault_of(private.content_rule(rule ->> 'rule'), value);
  end case;
end;
$$;

create function private.fault_of_list(rule jsonb, list jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_item jsonb;
  v_differ jsonb;
  v_fault text;
begin
  if jsonb_typeof(list) <> 'array' then
    return 'value_invalid';
  elsif jsonb_array_length(list) < (rule ->> 'min')::integer then
    return rule ->> 'few';
  elsif jsonb_array_length(list) > (rule ->> 'max')::integer then
    return rule ->> 'many';
  end if;

  for v_item in select value from jsonb_array_elements(list) loop
    v_fault := private.fault_of(rule -> 'of', v_item);
    if v_fault is not null then
      return v_fault;
    end if;
  end loop;

  for v_differ in select value from jsonb_array_elements(rule -> 'differ') loop
    if exists (
      select
      from jsonb_array_elements(list) item
      cross join lateral (select array(select jsonb_array_elements_text(v_differ -> 'at')) as at) path
      where jsonb_typeof(item.value #> path.at) = 'string'
      group by item.value #> path.at
      having count(*) > 1
    ) then
      return v_differ ->> 'fault';
    end if;
  end loop;
  return null;
end;
$$;

create function private.fault_of_object(rule jsonb, object jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_field jsonb;
  v_value jsonb;
  v_fault text;
begin
  if jsonb_typeof(object) <> 'object' then
    return 'value_invalid';
  end if;
  -- Null says the same as nothing.
  if exists (select from jsonb_each(object) e where not rule -> 'names' ? e.key and e.value <> 'null') then
    return 'field_unknown';
  end if;

  for v_field in select value from jsonb_array_elements(rule -> 'fields') loop
    v_value := nullif(object -> (v_field ->> 'name'), 'null');
    v_fault := case when v_value is null then v_field ->> 'missing' else private.fault_of(v_field -> 'rule', v_value) end;
    if v_fault is not null then
      return v_fault;
    end if;
  end loop;

  -- Most objects are no more than their fields.
  if rule ?| array['exactly_one', 'at_least_one', 'needs', 'also', 'sections', 'alike'] then
    return private.fault_of_structure(rule, object);
  end if;
  return null;
end;
$$;

/* What is wrong with an object as a whole, once its fields were looked at one by one. */
create function private.fault_of_structure(rule jsonb, object jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_one jsonb := rule -> 'exactly_one';
  v_some jsonb := rule -> 'at_least_one';
  v_needs jsonb := rule -> 'needs';
  v_present text[] := array(select e.key from jsonb_each(object) e where e.value <> 'null');
  v_also jsonb;
  v_fault text;
begin
  if v_one is not null then
    case (select count(*) from jsonb_array_elements_text(v_one -> 'of') name where name = any (v_present))
      when 0 then return v_one ->> 'none';
      when 1 then null;
      else return v_one ->> 'many';
    end case;
  end if;
  if not exists (select from jsonb_array_elements_text(v_some -> 'of') name where name = any (v_present)) and v_some is not null then
    return v_some ->> 'none';
  end if;
  if v_needs ->> 'with' = any (v_present)
    and exists (select from jsonb_array_elements_text(v_needs -> 'fields') name where name <> all (v_present))
  then
    return v_needs ->> 'fault';
  end if;

  for v_also in select value from jsonb_array_elements(rule -> 'also') loop
    if (object -> (v_also ->> 'when') is not distinct from 'true') = (v_also ->> 'is')::boolean
      and v_also ->> 'field' = any (v_present)
    then
      v_fault := private.fault_of(v_also -> 'rule', object -> (v_also ->> 'field'));
      if v_fault is not null then
        return v_fault;
      end if;
    end if;
  end loop;

  if rule ? 'sections' and jsonb_typeof(object -> 'sections') = 'array' then
    v_fault := private.fault_of_sections(rule -> 'sections', object -> 'sections');
    if v_fault is not null then
      return v_fault;
    end if;
  end if;

  if rule ? 'alike' and (
    select count(distinct (card.value ->> 'type', card.value #>> '{header,type}', case jsonb_typeof(card.value #> '{action,buttons}') when 'array' then jsonb_array_length(card.value #> '{action,buttons}') else 0 end))
    from jsonb_array_elements(object -> 'cards') card
  ) > 1 then
    return rule #>> '{alike,fault}';
  end if;
  return null;
end;
$$;

/* Sections of a list: so many items in all, no id twice, and titles as soon as there are two. Their fields were looked at before. */
create function private.fault_of_sections(rule jsonb, sections jsonb)
  returns text
  language plpgsql
  immutable
as $$
declare
  v_ids text[] := array(
    select item.value ->> (rule ->> 'id')
    from jsonb_array_elements(sections) section
    cross join lateral jsonb_array_elements(section.value -> (rule ->> 'items')) item
  );
begin
  return case
    when cardinality(v_ids) > (rule ->> 'max')::integer then rule ->> 'many'
    when (select count(distinct id) from unnest(v_ids) id) < cardinality(v_ids) then rule ->> 'repeated'
    when jsonb_array_length(sections) > 1
      and exists (select from jsonb_array_elements(sections) section where section.value ->> 'title' is null)
      then rule ->> 'untitled'
  end;
end;
$$;

/* Refuses content that WhatsApp would refuse: content_invalid, with the fault's code as detail. Unknown kinds and fields are refused. */
create function private.check_content(content jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_rule jsonb := private.content_rule(content ->> 'kind');
  v_fault text := case
    -- A list of ten long options has 3 KB, 257 cards of contacts may have 100: this is for what nobody writes.
    when pg_column_size(content) > 500000 then 'content_too_large'
    when v_rule -> 'names' ? 'kind' then private.fault_of(v_rule, content)
    else 'kind_unknown'
  end;
begin
  if v_fault is not null then
    perform private.refuse(422, 'content_invalid', v_fault);
  end if;
end;
$$;
