/* What an agent is given to think with: who it is, whom it answers, what was said, and what its tools may name. */

/* What was last said in a conversation until a place, as a model may read it, oldest first: [{seq, author, kind, text}]. */
create function private.said_in(conversation public.conversations, up_to bigint, most integer default 30)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select coalesce(jsonb_agg(s.told order by s.seq), '[]')
  from (
    select m.seq, jsonb_build_object(
      'seq', m.seq, 'author', case when m.direction = 'in' then 'customer' else 'company' end, 'kind', m.kind, 'text', m.body
    ) as told
    from public.messages m
    where m.tenant_id = conversation.tenant_id
      and m.conversation_id = conversation.id
      and m.seq <= up_to
      and m.created_at > now() - interval '30 days'
      and not m.is_private
      and m.revoked_at is null
      and m.kind not in ('reaction', 'edit', 'revoke', 'system')
    order by m.seq desc
    limit most
  ) s
$$;

/* What an agent's tools may name: {flows, known_tags, fields, sgp, connections}; the last two are integrations that are on. */
create function private.ai_surroundings(tenant_id uuid)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'flows', coalesce((
      select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name) order by f.name)
      from (select o.id, o.name from public.flows o where o.tenant_id = $1 and o.published_version_id is not null order by o.name limit 40) f
    ), '[]'),
    'known_tags', coalesce((
      select jsonb_agg(g.name order by g.name)
      from (select o.name from public.tags o where o.tenant_id = $1 order by o.name limit 100) g
    ), '[]'),
    'fields', coalesce((
      select jsonb_agg(jsonb_build_object('key', d.key, 'label', d.label, 'type', d.type) order by d.key)
      from public.attribute_definitions d
      where d.tenant_id = $1 and d.subject = 'contact'
    ), '[]'),
    'sgp', exists (select from public.tenant_modules o where o.tenant_id = $1 and o.module = 'sgp' and o.enabled),
    'connections', coalesce((
      select jsonb_agg(o.id) from public.tenant_modules o where o.tenant_id = $1 and o.module = 'http' and o.enabled
    ), '[]')
  )
$$;

/* All that an agent is given to think with. */
create function private.ai_reading(conversation public.conversations, thread private.ai_threads, up_to bigint)
  returns jsonb
  language sql
  stable
  security definer
  set search_path = ''
as $$
  select jsonb_build_object(
    'tenant', jsonb_build_object('id', t.id, 'name', t.name, 'timezone', t.timezone, 'language', t.locale),
    'agent', jsonb_build_object('id', v.agent_id, 'version_id', v.id, 'number', v.number, 'definition', v.definition),
    'contact', jsonb_build_object(
      'id', p.id, 'name', coalesce(p.name, ''), 'language', p.language, 'phone', p.phone, 'email', p.email, 'attributes', p.attributes,
      'facts', private.facts_of(t.id, p.id)
    ),
    'tags', coalesce((select jsonb_agg(g.name order by g.name) from public.tags g where g.tenant_id = t.id and g.id = any (conversation.tag_ids)), '[]'),
    'summary', (
      select s.text from public.conversation_summaries s
      where s.tenant_id = t.id and s.conversation_id = conversation.id
      order by s.up_to_seq desc limit 1
    ),
    -- A burst is read whole, as far as it is one that somebody types.
    'said', private.said_in(conversation, up_to, least(150, greatest(30, (
      select count(*)
      from public.messages m
      where m.tenant_id = conversation.tenant_id
        and m.conversation_id = conversation.id
        and m.seq > thread.cursor
        and m.created_at > thread.started_at - interval '10 minutes'
        and m.direction = 'in'
    )))::integer),
    'up_to', up_to,
    'owner_epoch', thread.owner_epoch,
    'revision', thread.revision,
    'tries', thread.tries,
    'answers', thread.answers,
    'masks', thread.masks
  ) || private.ai_surroundings(t.id)
  from public.tenants t
  join public.contacts p on p.tenant_id = t.id and p.id = conversation.contact_id
  join public.ai_agent_versions v on v.tenant_id = t.id and v.id = thread.version_id
  where t.id = conversation.tenant_id
$$;
