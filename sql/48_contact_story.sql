/*
 * The story of a person over all channels: what was said, noted and done, which conversations began and ended, what they
 * allowed, whom they were merged with, what waits to be sent. One order, newest first, paged by where the last page ended;
 * the browser groups what it shows by conversation and day.
 *
 * A page costs one descent a partition into messages_contact_idx (41_messages.sql), which has what is said and noted by the
 * clock on the wall, so that imported history stands where it happened.
 */

/*
 * Up to `size` (200 at most) things before (`before`, `before_id`), newest first. `type`: message, note, activity, opened, closed,
 * consent, merged, parted, scheduled. Of conversations only what the signed-in person sees. Raises contact_not_found.
 */
create function public.contact_story(contact_id uuid, before timestamptz default null, before_id uuid default null, size integer default 60)
  returns table (at timestamptz, id uuid, type text, conversation_id uuid, seq bigint, detail jsonb)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_tenant_id uuid;
  -- What waits to be sent lies ahead.
  v_at timestamptz := coalesce($2, 'infinity');
  v_id uuid := coalesce($3, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  v_size integer := least(greatest(coalesce($4, 60), 1), 200);
  v_seen uuid[];
begin
  select c.tenant_id into v_tenant_id
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  v_seen := array(
    select c.id
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and private.sees_conversation(c)
  );

  return query
  with said as (
    select
      m.sent_at as at, m.id, case when m.is_private then m.kind else 'message' end as type, m.conversation_id, m.seq,
      jsonb_strip_nulls(jsonb_build_object(
        'direction', m.direction,
        'author', m.author,
        'author_id', m.author_id,
        'kind', m.kind,
        'status', case when m.status = 'failed' then m.status end,
        'text', nullif(left(m.body, 200), ''),
        'content', case when m.kind = 'activity' then m.content end
      )) as detail
    from public.messages m
    where m.tenant_id = v_tenant_id
      and m.contact_id = $1
      and m.kind not in ('reaction', 'edit', 'revoke')
      and m.conversation_id = any (v_seen)
      and m.sent_at <= v_at
      and (m.sent_at, m.id) < (v_at, v_id)
    order by m.sent_at desc, m.id desc
    limit v_size
  ),
  began as (
    select c.created_at as at, c.id, 'opened' as type, c.id as conversation_id, 0::bigint as seq, jsonb_build_object('is_history', c.is_history) as detail
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and c.id = any (v_seen)
      and (c.created_at, c.id) < (v_at, v_id)
    order by c.created_at desc, c.id desc
    limit v_size
  ),
  ended as (
    select c.closed_at, c.id, 'closed', c.id, c.last_seq, '{}'::jsonb
    from public.conversations c
    where c.tenant_id = v_tenant_id
      and c.contact_id = $1
      and c.id = any (v_seen)
      and (c.closed_at, c.id) < (v_at, v_id)
    order by c.closed_at desc, c.id desc
    limit v_size
  ),
  allowed as (
    select e.occurred_at, e.id, 'consent', null::uuid, null::bigint, to_jsonb(e) - '{id, tenant_id, contact_id, occurred_at, created_at}'::text[]
    from public.consent_events e
    where e.tenant_id = v_tenant_id
      and e.contact_id = $1
      and e.occurred_at <= v_at
      and (e.occurred_at, e.id) < (v_at, v_id)
    order by e.occurred_at desc, e.id desc
    limit v_size
  ),
  merged as (
    select t.at, g.id, t.type, null::uuid, null::bigint, jsonb_build_object('name', g.gone_name, 'by', t.by)
    from public.contact_merges g
    cross join lateral (values (g.merged_at, 'merged', g.merged_by), (g.parted_at, 'parted', g.parted_by)) t (at, type, by)
    where g.tenant_id = v_tenant_id
      and g.kept_id = $1
      and (t.at, g.id) < (v_at, v_id)
    order by t.at desc, g.id desc
    limit v_size
  ),
  waiting as (
    select s.send_at, s.id, 'scheduled', s.conversation_id, null::bigint,
      jsonb_build_object('author_id', s.author_id, 'kind', s.content ->> 'kind', 'text', left(private.body_of(s.content), 200), 'status', s.status)
    from public.scheduled_messages s
    where s.tenant_id = v_tenant_id
      and s.conversation_id = any (v_seen)
      and s.status in ('scheduled', 'failed')
      and (s.send_at, s.id) < (v_at, v_id)
    order by s.send_at desc, s.id desc
    limit v_size
  )
  select t.*
  from (
    table said
    union all
    table began
    union all
    table ended
    union all
    table allowed
    union all
    table merged
    union all
    table waiting
  ) t
  order by t.at desc, t.id desc
  limit v_size;
end;
$$;

grant execute on function public.contact_story(uuid, timestamptz, uuid, integer) to authenticated;
