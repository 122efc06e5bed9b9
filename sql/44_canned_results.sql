/*
 * What comes of canned responses: which text was used in which message, who uses which, and how the texts
 * of a response do against each other.
 */

/* Notes which texts a message was made of. Those the message's tenant has not are passed over; twice is once. */
create function private.note_canned_uses(message public.messages, variant_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into public.canned_response_uses (tenant_id, variant_id, message_id, message_created_at, conversation_id, user_id)
  select message.tenant_id, v.id, message.id, message.created_at, message.conversation_id, message.author_id
  from public.canned_response_variants v
  where v.tenant_id = message.tenant_id
    and v.id = any (variant_ids[1:20])
  on conflict do nothing;
end;
$$;

/* Notes which texts a message was made of, by its `client_id`. Raises message_not_found, not_allowed. */
create function public.note_canned_use(tenant_id uuid, client_id uuid, variant_ids uuid[])
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_message public.messages;
begin
  select m.* into v_message
  from private.client_keys k
  join public.messages m on m.tenant_id = k.tenant_id and m.id = k.message_id and m.created_at = k.created_at
  join public.conversations c on c.tenant_id = m.tenant_id and c.id = m.conversation_id
  where k.tenant_id = $1
    and k.client_id = $2
    and k.tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and private.sees_conversation(c);
  if not found then
    perform private.refuse(404, 'message_not_found');
  end if;
  if not private.may($1, 'conversations.reply') then
    perform private.refuse(403, 'not_allowed', 'conversations.reply');
  end if;
  perform private.note_canned_uses(v_message, variant_ids);
end;
$$;

/* How often the signed-in person used each response in the last 90 days, and when last: what they find first. */
create function public.my_canned_uses(tenant_id uuid)
  returns table (response_id uuid, uses bigint, last_used_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if $1 is null or not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select v.response_id, count(*), max(u.used_at)
  from (
    select l.variant_id, l.used_at
    from public.canned_response_uses l
    where l.tenant_id = $1
      and l.user_id = auth.uid()
      and l.used_at > now() - interval '90 days'
    order by l.used_at desc
    limit 2000
  ) u
  join public.canned_response_variants v on v.tenant_id = $1 and v.id = u.variant_id
  group by v.response_id;
end;
$$;

/*
 * How each text of the published version does. A text counts in every version it stood in unchanged. `settled` are the
 * uses whose 24 hours are over or that were answered within them: only of these one knows. `resolved`: closed within seven
 * days. Raises canned_response_not_found, not_allowed.
 */
create function public.canned_response_results(response_id uuid)
  returns table (
    variant_id uuid, uses bigint, settled bigint, replied bigint, resolved bigint, median_reply_seconds float8, first_used_at timestamptz
  )
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_response public.canned_responses := private.lock_canned_response(response_id);
begin
  return query
  select
    p.id, count(u.message_id), count(u.message_id) filter (where u.settled), count(u.reply_after), count(u.message_id) filter (where u.resolved),
    percentile_cont(0.5) within group (order by u.reply_after), min(u.used_at)
  from public.canned_response_variants p
  left join lateral (
    select
      s.message_id, s.used_at, a.reply_after,
      a.reply_after is not null or s.message_created_at < now() - interval '24 hours' as settled,
      c.closed_at between s.message_created_at and s.message_created_at + interval '7 days' as resolved
    from public.canned_response_variants same
    join public.canned_response_uses s on s.tenant_id = same.tenant_id and s.variant_id = same.id
    join public.conversations c on c.tenant_id = s.tenant_id and c.id = s.conversation_id
    join public.messages m on m.tenant_id = s.tenant_id and m.id = s.message_id and m.created_at = s.message_created_at
    left join lateral (
      select extract(epoch from i.created_at - m.created_at)::float8 as reply_after
      from public.messages i
      where i.tenant_id = m.tenant_id
        and i.conversation_id = m.conversation_id
        and i.seq > m.seq
        and i.direction = 'in'
        and i.created_at between m.created_at and m.created_at + interval '24 hours'
        and i.kind <> 'reaction'
      order by i.seq
      limit 1
    ) a on true
    where same.tenant_id = p.tenant_id
      and same.response_id = p.response_id
      and same.text = p.text
      and same.channel_type is not distinct from p.channel_type
  ) u on true
  where p.tenant_id = v_response.tenant_id
    and p.response_id = v_response.id
    and p.version = v_response.published_version
  group by p.id, p.position
  order by p.position;
end;
$$;

grant execute on function
  public.note_canned_use(uuid, uuid, uuid[]),
  public.my_canned_uses(uuid),
  public.canned_response_results(uuid)
to authenticated;
