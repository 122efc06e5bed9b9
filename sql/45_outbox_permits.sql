/*
 * The limits that hold back a conversation, not a number: the pace towards one person and the portfolio's quota
 * of people (22_sending_limits, 23_portfolio_quota).
 */

/* Those heads that may go by the pace of their people and the quota of the portfolio; the others are put off. */
create function private.permitted_heads(channel public.channels, heads private.outbox_head[])
  returns private.outbox_head[]
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_outside uuid[];
  v_refused uuid[];
  v_returns_at timestamptz;
begin
  if channel.messaging_limit is not null and exists (select from unnest(heads) h where h.kind = 'template') then
    v_outside := array(
      select h.contact_id
      from unnest(heads) with ordinality h
      join public.conversations c on c.tenant_id = h.tenant_id and c.id = h.conversation_id
      where h.kind = 'template'
        and coalesce(c.window_expires_at, '-infinity') <= clock_timestamp()
      order by h.ordinality
    );
    select a.refused, a.returns_at into v_refused, v_returns_at
    from private.admit_people(channel, v_outside) a;
    if cardinality(v_refused) > 0 then
      update private.outbox o
      set due_at = v_returns_at
      from unnest(heads) h
      where o.conversation_id = h.conversation_id
        and h.contact_id = any (v_refused)
        and h.kind = 'template';
      heads := array(select h from unnest(heads) h where h.contact_id <> all (v_refused) or h.kind <> 'template');
    end if;
  end if;

  v_refused := private.keep_pace(channel.tenant_id, channel.id, array(select h.contact_id from unnest(heads) h));
  if cardinality(v_refused) > 0 then
    update private.outbox o
    set due_at = private.pace_allows_at(channel.id, h.contact_id)
    from unnest(heads) h
    where o.conversation_id = h.conversation_id
      and h.contact_id = any (v_refused);
    heads := array(select h from unnest(heads) h where h.contact_id <> all (v_refused));
  end if;
  return heads;
end;
$$;
