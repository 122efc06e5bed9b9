/*
 * A model's help for people: the edge function `ai` asks in a person's name, whose token it has verified; here it is
 * decided what that person may ask about, and what is kept. The calls themselves are counted as any other (64_ai_calls).
 */

/*
 * What a person's question needs: {tenant, voice, model, contact, said, summary, tags, stands, documents, message, up_to,
 * accounts, key}. `person`: {id, aal} of the verified token. `ask`: {task, draft, message_id}. The key is the tenant's own,
 * still encrypted. Raises conversation_not_found, not_allowed, mfa_required, message_not_found.
 */
create function private.assist_reading(person jsonb, conversation_id uuid, ask jsonb)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.assisted_conversation($1, $2);
  v_tenant public.tenants;
  v_contact public.contacts;
  v_said jsonb := private.said_in(v_conversation, v_conversation.last_seq);
  v_message text;
begin
  select t.* into v_tenant from public.tenants t where t.id = v_conversation.tenant_id;
  select p.* into v_contact from public.contacts p where p.tenant_id = v_tenant.id and p.id = v_conversation.contact_id;
  if ask ? 'message_id' then
    select m.body into v_message
    from public.messages m
    where m.tenant_id = v_tenant.id
      and m.id = (ask ->> 'message_id')::uuid
      and m.conversation_id = v_conversation.id
      and m.revoked_at is null
      and m.body <> '';
    if v_message is null then
      perform private.refuse(404, 'message_not_found');
    end if;
  end if;
  return jsonb_build_object(
    'tenant', jsonb_build_object('id', v_tenant.id, 'name', v_tenant.name, 'timezone', v_tenant.timezone, 'language', v_tenant.locale),
    'voice', (
      select jsonb_build_object('number', coalesce(v.number, 0), 'definition', coalesce(v.definition, a.draft))
      from public.ai_agents a
      left join public.ai_agent_versions v on v.tenant_id = a.tenant_id and v.id = a.published_version_id
      where a.tenant_id = v_tenant.id
      order by a.published_version_id is null, a.created_at
      limit 1
    ),
    'model', private.ai_model_of(v_tenant.id),
    'contact', jsonb_build_object('name', coalesce(v_contact.name, ''), 'language', v_contact.language, 'facts', private.facts_of(v_tenant.id, v_contact.id)),
    'said', v_said,
    'summary', (
      select s.text from public.conversation_summaries s
      where s.tenant_id = v_tenant.id and s.conversation_id = v_conversation.id
      order by s.up_to_seq desc limit 1
    ),
    'tags', coalesce((
      select jsonb_agg(g.name order by g.name) from public.tags g where g.tenant_id = v_tenant.id and g.id = any (v_conversation.tag_ids)
    ), '[]'),
    'stands', jsonb_build_object(
      'status', v_conversation.status,
      'waiting', v_conversation.waiting_since is not null,
      'assigned', v_conversation.assignee_id is not null,
      'team', (select o.name from public.teams o where o.tenant_id = v_tenant.id and o.id = v_conversation.team_id)
    ),
    'documents', case
      when ask ->> 'task' = 'suggest' then private.search_knowledge(v_tenant.id, concat_ws(E'\n', private.last_words(v_said), ask ->> 'draft'))
      else '[]'
    end,
    'message', case when v_message is not null then jsonb_build_object('text', left(v_message, 8000)) end,
    'up_to', v_conversation.last_seq,
    'accounts', private.ai_accounts(v_tenant.id, null),
    'key', private.ai_key_of(v_tenant.id)
  );
end;
$$;

/*
 * The conversation that a person may have help in, not locked. Acts in their name for the rest of the transaction. Raises
 * conversation_not_found, not_allowed, mfa_required.
 */
create function private.assisted_conversation(person jsonb, conversation_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
begin
  perform private.speak_as($1);
  select c.* into v_conversation
  from public.conversations c
  where c.id = $2
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  perform private.require(v_conversation.tenant_id, 'ai.assist');
  return v_conversation;
end;
$$;

/* The words of the customer that nobody has answered, of what was said (said_in). */
create function private.last_words(said jsonb)
  returns text
  language sql
  immutable
  set search_path = ''
as $$
  select string_agg(s.value ->> 'text', E'\n' order by s.ordinality)
  from jsonb_array_elements(said) with ordinality s
  where s.ordinality > coalesce((
    select max(o.ordinality) from jsonb_array_elements(said) with ordinality o where o.value ->> 'author' = 'company'
  ), 0)
$$;

/*
 * Keeps what a person had made for everybody: {message_id, language, source_language, text, made_by} a translation,
 * {language, text, up_to, made_by} a summary. Raises conversation_not_found, not_allowed, mfa_required, message_not_found.
 */
create function private.keep_assisted(person jsonb, conversation_id uuid, kept jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.assisted_conversation($1, $2);
begin
  if kept ? 'message_id' then
    if not exists (
      select
      from public.messages m
      where m.tenant_id = v_conversation.tenant_id
        and m.id = (kept ->> 'message_id')::uuid
        and m.conversation_id = v_conversation.id
    ) then
      perform private.refuse(404, 'message_not_found');
    end if;
    perform private.keep_translation(
      v_conversation.tenant_id, (kept ->> 'message_id')::uuid, kept ->> 'language', kept ->> 'source_language',
      left(kept ->> 'text', 20000), left(kept ->> 'made_by', 80)
    );
  else
    perform private.keep_summary(
      v_conversation.tenant_id, v_conversation.id, kept ->> 'language', left(kept ->> 'text', 4000), '[]',
      (kept ->> 'up_to')::bigint, left(kept ->> 'made_by', 80)
    );
  end if;
end;
$$;

grant execute on function
  private.assist_reading(jsonb, uuid, jsonb),
  private.keep_assisted(jsonb, uuid, jsonb),
  private.begin_ai_call(jsonb),
  private.settle_ai_call(uuid, jsonb)
to prosa_ai;
