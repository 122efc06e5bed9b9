/*
 * What is kept of a message that goes out besides its content: the text that lists and search show, and its
 * files as storage knows them, whatever a browser says of them.
 */

/* The text of a message by kind, as core reads it from one that arrives (core/src/whatsapp/messages). A template's is told by private.check_template. */
create function private.body_of(content jsonb)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return coalesce(
    case content ->> 'kind'
      when 'text' then content ->> 'text'
      when 'reaction' then content ->> 'emoji'
      when 'location' then concat_ws(', ', nullif(content ->> 'name', ''), nullif(content ->> 'address', ''))
      when 'contacts' then (
        select string_agg(card.value #>> '{name,formatted_name}', ', ' order by card.ordinality)
        from jsonb_array_elements(content -> 'contacts') with ordinality card
      )
      when 'interactive' then content #>> '{interactive,body,text}'
      when 'document' then coalesce(nullif(content ->> 'caption', ''), content ->> 'filename')
      else content ->> 'caption'
    end,
    ''
  );
end;
$$;

/*
 * The content with the type and size of its uploaded files as storage recorded them. A Flow's own data may
 * hold anything and is left alone. Raises media_not_found. Whether the person may send a file on is asked
 * when it is bound to the message (private.attach_media).
 */
create function private.with_recorded_files(content jsonb, tenant_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_variable
declare
  v_metadata jsonb;
begin
  case jsonb_typeof(content)
    when 'array' then
      return (
        select coalesce(jsonb_agg(private.with_recorded_files(item.value, tenant_id) order by item.ordinality), '[]')
        from jsonb_array_elements(content) with ordinality item
      );
    when 'object' then
      if jsonb_typeof(content -> 'path') is distinct from 'string' then
        return (
          select coalesce(
            jsonb_object_agg(
              part.key,
              case when part.key in ('flow_action_payload', 'flow_action_data') then part.value else private.with_recorded_files(part.value, tenant_id) end
            ),
            '{}'
          )
          from jsonb_each(content) part
        );
      end if;
      select o.metadata into v_metadata
      from storage.objects o
      where o.bucket_id = 'media'
        and o.name = content ->> 'path'
        and starts_with(o.name, tenant_id || '/');
      if not found then
        perform private.refuse(404, 'media_not_found');
      end if;
      return content || jsonb_build_object('mime_type', v_metadata ->> 'mimetype', 'size', v_metadata -> 'size');
    else
      return content;
  end case;
end;
$$;

/* The uploaded files of a message that was checked: its own, its header's, its cards', its variables'. */
create function private.file_paths(content jsonb)
  returns text[]
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return array(
    select distinct file.path #>> '{}'
    from (
      select jsonb_path_query($1, '$.path')
      union all
      select jsonb_path_query($1, '$.interactive.header.*.path')
      union all
      select jsonb_path_query($1, '$.interactive.action.cards[*].header.*.path')
      union all
      select jsonb_path_query($1, '$.components[*].parameters[*].*.path')
      union all
      select jsonb_path_query($1, '$.components[*].cards[*].components[*].parameters[*].*.path')
    ) file (path)
    where jsonb_typeof(file.path) = 'string'
  );
end;
$$;
