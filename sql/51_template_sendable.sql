/*
 * Whether a template may be sent, filled as it is, and whether one that is being written may be handed in.
 */

/*
 * Why Meta would not send this template now, or null: draft, deleted, unread, paused, refused, …. A pause that
 * has passed its time ends by itself, as Meta's does.
 */
create function private.template_stopped_by(template public.templates)
  returns text
  language sql
  stable
  set search_path = ''
as $$
  select case
    when template.problem ->> 'code' in ('132001', '132007', '132016', '132068', '132069') then 'refused'
    when template.work = 'delete' then 'pending_deletion'
    when template.status = 'PAUSED' and template.paused_until <= now() then null
    when template.status <> 'APPROVED' then lower(template.status)
    when template.components is null then 'unread'
  end
$$;

/*
 * Whether this template may be sent in this conversation with these values. Returns its body as it will
 * read, for preview and search. Raises template_not_found, template_not_sendable (detail: why),
 * template_parameters_invalid (detail: a fault that core has a sentence for).
 */
create function private.check_template(conversation public.conversations, content jsonb)
  returns text
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_template public.templates;
  v_reason text;
begin
  select t.* into v_template
  from public.channels c
  join public.templates t on t.tenant_id = c.tenant_id and t.waba_id = c.waba_id
  where c.tenant_id = conversation.tenant_id
    and c.id = conversation.channel_id
    and t.name = content ->> 'name'
    and t.language = content ->> 'language'
    and (content ->> 'template_id' is null or t.id::text = lower(content ->> 'template_id'));
  if not found then
    perform private.refuse(404, 'template_not_found');
  end if;

  v_reason := private.template_stopped_by(v_template);
  if v_reason is null and v_template.category = 'MARKETING' and exists (
    select
    from public.contacts p
    where p.tenant_id = conversation.tenant_id
      and p.id = conversation.contact_id
      and p.marketing_opt_out
  ) then
    v_reason := 'opted_out';
  end if;
  if v_reason is not null then
    perform private.refuse(409, 'template_not_sendable', v_reason);
  end if;

  return private.render_template(v_template.components, v_template.parameter_format, content -> 'components');
end;
$$;

/*
 * The least a draft must have before it is handed to Meta; the form knows more rules and says them as one
 * writes. Authentication templates have no text of their own. Raises template_invalid.
 */
create function private.check_template_draft(category text, components jsonb)
  returns void
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  v_component jsonb;
  v_button jsonb;
  v_fault text;
  v_bodies integer := 0;
begin
  for v_component in select value from jsonb_array_elements(components) loop
    case upper(coalesce(v_component ->> 'type', ''))
      when 'HEADER' then
        if coalesce(v_component ->> 'format', 'TEXT') = 'TEXT' and length(coalesce(v_component ->> 'text', '')) not between 1 and 60 then
          v_fault := 'header_length';
        end if;
      when 'BODY' then
        v_bodies := v_bodies + 1;
        if category <> 'AUTHENTICATION' and length(btrim(coalesce(v_component ->> 'text', ''), E' \t\r\n')) not between 1 and 1024 then
          v_fault := 'body_length';
        end if;
      when 'FOOTER' then
        if category <> 'AUTHENTICATION' and length(coalesce(v_component ->> 'text', '')) not between 1 and 60 then
          v_fault := 'footer_length';
        end if;
      when 'BUTTONS' then
        if coalesce(jsonb_array_length(v_component -> 'buttons'), 0) not between 1 and 10 then
          v_fault := 'buttons_count';
        end if;
        for v_button in select value from jsonb_array_elements(v_component -> 'buttons') loop
          if length(coalesce(v_button ->> 'text', '')) > 25 then
            v_fault := 'button_text_length';
          end if;
        end loop;
      when 'CAROUSEL' then
        if coalesce(jsonb_array_length(v_component -> 'cards'), 0) not between 2 and 10 then
          v_fault := 'carousel_count';
        end if;
      when 'LIMITED_TIME_OFFER' then null;
      else v_fault := 'components_invalid';
    end case;
  end loop;
  if v_bodies <> 1 then
    v_fault := 'body_length';
  end if;
  if v_fault is not null then
    perform private.refuse(422, 'template_invalid', v_fault);
  end if;
end;
$$;
