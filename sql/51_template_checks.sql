/*
 * Whether a template may be sent, and reads as Meta would take it: counts and names of values (132000),
 * their form (132012), the length of the text they fill (132005). Checked before a message is queued,
 * since it is the most frequent reason for a campaign to fail. core/src/whatsapp/templates/check.ts holds
 * the same rules for forms; one table of cases proves both equal.
 */

/* The names of a text's variables in the order in which they first stand in it. */
create function private.template_variables(text text)
  returns text[]
  language sql
  immutable
  set search_path = ''
as $$
  select coalesce(array_agg(name order by first), '{}')
  from (
    select m.match[1] as name, min(m.place) as first
    from regexp_matches($1, '\{\{\s*([A-Za-z0-9_]+)\s*\}\}', 'g') with ordinality m (match, place)
    group by m.match[1]
  ) v
$$;

/* The text with its variables filled in. */
create function private.fill_template_text(text text, given jsonb)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select string_agg(p.part || coalesce(given ->> m.match[1], ''), '' order by p.place)
  from unnest(regexp_split_to_array($1, '\{\{\s*[A-Za-z0-9_]+\s*\}\}')) with ordinality p (part, place)
  left join regexp_matches($1, '\{\{\s*([A-Za-z0-9_]+)\s*\}\}', 'g') with ordinality m (match, place) on m.place = p.place
$$;

/* Says what is wrong with a template message, by a code that core has a sentence for. */
create function private.refuse_template(fault text)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  perform private.refuse(422, 'template_parameters_invalid', fault);
end;
$$;

/*
 * The values for the variables of one text (`part` is header or body), as {variable: value}. Raises
 * template_parameters_invalid.
 */
create function private.template_values(part text, text text, parameter_format text, parameters jsonb)
  returns jsonb
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_variables text[] := private.template_variables(text);
  v_values jsonb := '{}';
  v_parameter jsonb;
  v_value text;
  v_name text;
begin
  if jsonb_array_length(parameters) <> cardinality(v_variables) then
    perform private.refuse_template(part || '_count');
  end if;
  if parameter_format = 'POSITIONAL' then
    v_variables := array(select v from unnest(v_variables) v order by length(v), v);
  end if;

  for i in 1 .. cardinality(v_variables) loop
    v_parameter := parameters -> (i - 1);
    v_name := case when parameter_format = 'NAMED' then v_parameter ->> 'parameter_name' else v_variables[i] end;
    if v_name is null or v_name <> all (v_variables) or v_values ? v_name then
      perform private.refuse_template(part || '_name');
    end if;
    v_value := case v_parameter ->> 'type'
      when 'text' then case when jsonb_typeof(v_parameter -> 'text') = 'string' then v_parameter ->> 'text' end
      when 'currency' then v_parameter #>> '{currency,fallback_value}'
      when 'date_time' then v_parameter #>> '{date_time,fallback_value}'
    end;
    if v_value is null then
      perform private.refuse_template('value_type');
    elsif btrim(v_value, E' \t\r\n') = '' then
      perform private.refuse_template('value_empty');
    elsif v_value ~ '[\n\r\t]| {5}' then
      perform private.refuse_template('value_format');
    end if;
    v_values := v_values || jsonb_build_object(v_name, v_value);
  end loop;
  return v_values;
end;
$$;

/* Checks what is given for a header. Raises template_parameters_invalid. */
create function private.check_template_header(header jsonb, parameter_format text, parameters jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_format text := coalesce(header ->> 'format', 'TEXT');
  v_kind text := lower(v_format);
  v_parameter jsonb := parameters -> 0;
  v_file jsonb;
begin
  if header is null then
    if jsonb_array_length(parameters) > 0 then
      perform private.refuse_template('header_unexpected');
    end if;
    return;
  end if;

  if v_format = 'TEXT' then
    if length(private.fill_template_text(header ->> 'text', private.template_values('header', header ->> 'text', parameter_format, parameters))) > 60 then
      perform private.refuse_template('header_too_long');
    end if;
    return;
  end if;

  if jsonb_array_length(parameters) <> 1 then
    perform private.refuse_template('header_missing');
  elsif v_parameter ->> 'type' is distinct from v_kind then
    perform private.refuse_template('header_type');
  end if;
  v_file := v_parameter -> v_kind;
  if v_kind = 'location' then
    if jsonb_typeof(v_file -> 'latitude') is null or jsonb_typeof(v_file -> 'longitude') is null then
      perform private.refuse_template('header_missing');
    end if;
  elsif coalesce(v_file ->> 'id', '') = '' and coalesce(v_file ->> 'path', '') = '' and coalesce(v_file ->> 'link', '') !~ '^https?://[^\s/]+' then
    perform private.refuse_template('header_missing');
  end if;
end;
$$;

/* Checks what is given for the buttons: `given` are the button components. Raises template_parameters_invalid. */
create function private.check_template_buttons(buttons jsonb, given jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_button jsonb;
  v_given jsonb;
  v_kind text;
  v_value jsonb;
  v_count integer := coalesce(jsonb_array_length(buttons), 0);
begin
  for v_given in select value from jsonb_array_elements(given) loop
    if coalesce(v_given ->> 'index', '') !~ '^[0-9]{1,2}$' or (v_given ->> 'index')::integer >= v_count then
      perform private.refuse_template('button_unexpected');
    end if;
  end loop;

  for i in 0 .. v_count - 1 loop
    v_button := buttons -> i;
    v_kind := v_button ->> 'type';
    if (select count(*) from jsonb_array_elements(given) g where (g.value ->> 'index')::integer = i) > 1 then
      perform private.refuse_template('button_unexpected');
    end if;
    select g.value into v_given from jsonb_array_elements(given) g where (g.value ->> 'index')::integer = i;
    v_value := v_given #> '{parameters,0}';

    if v_given is not null and lower(v_given ->> 'sub_type') is distinct from (case v_kind
      when 'URL' then 'url'
      when 'OTP' then 'url'
      when 'QUICK_REPLY' then 'quick_reply'
      when 'COPY_CODE' then 'copy_code'
      when 'FLOW' then 'flow'
      when 'CATALOG' then 'catalog'
      when 'MPM' then 'mpm'
      when 'SPM' then 'spm'
      when 'VOICE_CALL' then 'voice_call'
    end) then
      perform private.refuse_template('button_type');
    end if;

    if v_kind = 'OTP' or (v_kind = 'URL' and v_button ->> 'url' ~ '\{\{') then
      if btrim(coalesce(v_value ->> 'text', '')) = '' then
        perform private.refuse_template('button_missing');
      elsif v_value ->> 'type' is distinct from 'text' then
        perform private.refuse_template('button_type');
      elsif length(v_value ->> 'text') > 2000 or v_value ->> 'text' ~ '\s' then
        perform private.refuse_template('button_url_invalid');
      end if;
    elsif v_kind = 'URL' and v_value is not null then
      perform private.refuse_template('button_unexpected');
    elsif v_kind = 'COPY_CODE' then
      if btrim(coalesce(v_value ->> 'coupon_code', '')) = '' then
        perform private.refuse_template('button_missing');
      elsif length(v_value ->> 'coupon_code') > 15 then
        perform private.refuse_template('button_code_too_long');
      end if;
    elsif v_kind = 'QUICK_REPLY' and length(v_value ->> 'payload') > 256 then
      perform private.refuse_template('button_payload_too_long');
    end if;
    v_given := null;
  end loop;
end;
$$;

/* Checks one level of a template, the whole or one card, and returns its body filled in. Raises template_parameters_invalid. */
create function private.render_template_part(components jsonb, parameter_format text, given jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_header jsonb := (select c.value from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'HEADER' limit 1);
  v_body jsonb := (select c.value from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'BODY' limit 1);
  v_buttons jsonb := (select c.value -> 'buttons' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'BUTTONS' limit 1);
  v_part jsonb;
  v_header_values jsonb := '[]';
  v_body_values jsonb := '[]';
  v_button_values jsonb := '[]';
  v_seen text[] := '{}';
  v_text text;
begin
  if jsonb_typeof(given) is distinct from 'array' then
    perform private.refuse_template('components_invalid');
  end if;
  for v_part in select value from jsonb_array_elements(given) loop
    if jsonb_typeof(v_part) is distinct from 'object'
      or coalesce(jsonb_typeof(v_part -> 'parameters'), 'array') <> 'array'
      or coalesce(lower(v_part ->> 'type'), '') not in ('header', 'body', 'button', 'carousel', 'limited_time_offer')
      or (lower(v_part ->> 'type') <> 'button' and lower(v_part ->> 'type') = any (v_seen))
    then
      perform private.refuse_template('components_invalid');
    end if;
    v_seen := v_seen || lower(v_part ->> 'type');
    case lower(v_part ->> 'type')
      when 'header' then v_header_values := coalesce(v_part -> 'parameters', '[]');
      when 'body' then v_body_values := coalesce(v_part -> 'parameters', '[]');
      when 'button' then v_button_values := v_button_values || jsonb_build_array(v_part);
      else null;
    end case;
  end loop;

  perform private.check_template_header(v_header, parameter_format, v_header_values);
  v_text := coalesce(v_body ->> 'text', '');
  v_text := private.fill_template_text(v_text, private.template_values('body', v_text, parameter_format, v_body_values));
  -- A body that stands alone may grow longer than one among other parts (Cloud API, template messages).
  if length(v_text) > (case when jsonb_array_length(components) = 1 then 32768 else 1024 end) then
    perform private.refuse_template('body_too_long');
  end if;
  perform private.check_template_buttons(v_buttons, v_button_values);
  return v_text;
end;
$$;

/* Checks what fills a template and returns its body as it will read. Raises template_parameters_invalid. */
create function private.render_template(components jsonb, parameter_format text, given jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_given jsonb := coalesce(nullif(given, 'null'), '[]');
  v_text text := private.render_template_part(components, parameter_format, v_given);
  v_cards jsonb := (select c.value -> 'cards' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'CAROUSEL' limit 1);
  v_offer jsonb := (select c.value -> 'limited_time_offer' from jsonb_array_elements(components) c where upper(c.value ->> 'type') = 'LIMITED_TIME_OFFER' limit 1);
  v_filled jsonb := (select g.value -> 'cards' from jsonb_array_elements(v_given) g where lower(g.value ->> 'type') = 'carousel' limit 1);
  v_card jsonb;
  v_until text := (select g.value #>> '{parameters,0,limited_time_offer,expiration_time_ms}' from jsonb_array_elements(v_given) g where lower(g.value ->> 'type') = 'limited_time_offer' limit 1);
begin
  if coalesce((v_offer ->> 'has_expiration')::boolean, false) and coalesce(v_until, '') !~ '^[0-9]{10,16}$' then
    perform private.refuse_template('offer_missing');
  end if;

  if jsonb_typeof(v_filled) not in ('array', 'null') or coalesce(jsonb_array_length(v_filled), 0) <> coalesce(jsonb_array_length(v_cards), 0) then
    perform private.refuse_template('cards_count');
  end if;
  for i in 0 .. coalesce(jsonb_array_length(v_cards), 0) - 1 loop
    select g.value into v_card from jsonb_array_elements(v_filled) g where g.value ->> 'card_index' = i::text limit 1;
    if not found then
      perform private.refuse_template('cards_count');
    end if;
    perform private.render_template_part(v_cards #> array[i::text, 'components'], parameter_format, coalesce(v_card -> 'components', '[]'));
  end loop;
  return v_text;
end;
$$;
