/* A message's row in the ledger, from all that was told of it; it goes where the message goes. */

/*
 * Writes what a message costs, from everything that was told of it: the event has just been added to
 * public.message_events, whose message is locked. Of several prices told, the one of the delivery counts,
 * and one that names its type before one that does not.
 */
create function private.record_charge(message public.messages, event jsonb)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_pricing jsonb;
  v_priced_at timestamptz;
  v_charge public.charges;
  v_known public.charges;
  v_phone text;
  v_list private.price_lists;
begin
  select
    (array_agg(e.detail -> 'pricing' order by (e.detail #>> '{pricing,type}') is null, e.type = 'sent', e.occurred_at, e.detail #>> '{pricing}') filter (where e.detail #>> '{pricing,category}' is not null))[1],
    min(e.occurred_at) filter (where e.detail #>> '{pricing,category}' is not null),
    min(e.occurred_at) filter (where e.type in ('delivered', 'read', 'played'))
  into v_pricing, v_priced_at, v_charge.delivered_at
  from public.message_events e
  where e.tenant_id = message.tenant_id
    and e.message_id = message.id
    and e.message_created_at = message.created_at;
  if v_pricing is null then
    return;
  end if;

  select c.* into v_known from public.charges c where c.tenant_id = message.tenant_id and c.message_id = message.id;
  v_charge.category := lower(v_pricing ->> 'category');
  v_charge.pricing_type := v_pricing ->> 'type';
  v_charge.pricing_model := v_pricing ->> 'pricing_model';
  v_charge.occurred_at := coalesce(v_charge.delivered_at, v_priced_at);
  -- Most of what is told is told again.
  if (v_known.category, v_known.pricing_type, v_known.pricing_model, v_known.delivered_at, v_known.occurred_at)
    is not distinct from (v_charge.category, v_charge.pricing_type, v_charge.pricing_model, v_charge.delivered_at, v_charge.occurred_at)
  then
    return;
  end if;

  -- The number this very message went to; people change theirs.
  select i ->> 'value' into v_phone
  from jsonb_array_elements(coalesce(event -> 'identities', '[]')) i
  where i ->> 'kind' = 'phone'
  limit 1;
  if v_phone is null and v_known.region is null then
    select c.phone into v_phone from public.contacts c where c.tenant_id = message.tenant_id and c.id = message.contact_id;
  end if;
  if v_phone is null then
    v_charge.country := v_known.country;
    v_charge.region := v_known.region;
  else
    select p.country, p.region into v_charge.country, v_charge.region from private.country_of(v_phone) p;
  end if;

  select (v_charge.occurred_at at time zone t.timezone)::date into v_charge.charged_on
  from public.tenants t
  where t.id = message.tenant_id;
  v_charge.currency := 'USD';
  select l.* into v_list
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, 'USD', v_charge.charged_on) l
  where n.id = message.channel_id;

  v_charge.free_reason := private.free_reason(v_pricing, v_charge.category, v_list);
  v_charge.is_counted := v_charge.free_reason is null
    and v_charge.category = 'service'
    and v_pricing ->> 'type' is null
    and v_pricing ->> 'billable' is null
    and v_charge.delivered_at is not null
    and v_list.free_service_messages is not null;
  if v_charge.is_counted or v_known.is_counted then
    perform private.lock_counting(message.channel_id);
  end if;
  v_charge := private.priced(v_charge, v_list);

  insert into public.charges as c (
    tenant_id, message_id, message_created_at, channel_id, conversation_id, contact_id, author, author_id, template,
    category, pricing_type, pricing_model, country, region, market, free_reason, is_counted, amount, currency,
    price_list_id, reason, occurred_at, charged_on, delivered_at
  )
  values (
    message.tenant_id, message.id, message.created_at, message.channel_id, message.conversation_id, message.contact_id,
    message.author, message.author_id, case when message.kind = 'template' then message.content ->> 'name' end,
    v_charge.category, v_charge.pricing_type, v_charge.pricing_model, v_charge.country, v_charge.region, v_charge.market,
    v_charge.free_reason, v_charge.is_counted, v_charge.amount, v_charge.currency,
    v_charge.price_list_id, v_charge.reason, v_charge.occurred_at, v_charge.charged_on, v_charge.delivered_at
  )
  on conflict (tenant_id, message_id) do update
  set
    category = excluded.category,
    pricing_type = excluded.pricing_type,
    pricing_model = excluded.pricing_model,
    country = excluded.country,
    region = excluded.region,
    market = excluded.market,
    free_reason = excluded.free_reason,
    is_counted = excluded.is_counted,
    amount = excluded.amount,
    price_list_id = excluded.price_list_id,
    reason = excluded.reason,
    occurred_at = excluded.occurred_at,
    charged_on = excluded.charged_on,
    delivered_at = excluded.delivered_at;

  if v_charge.is_counted then
    perform private.count_free_messages(message.channel_id, v_charge.charged_on);
  end if;
  if v_known.is_counted
    and (not v_charge.is_counted or date_trunc('month', v_known.charged_on::timestamp) <> date_trunc('month', v_charge.charged_on::timestamp))
  then
    perform private.count_free_messages(message.channel_id, v_known.charged_on);
  end if;
end;
$$;

/* A message that moves to another conversation, because two people turned out to be one or were parted again, takes its cost along. */
create function private.tg_messages__move_charge()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  update public.charges c
  set
    conversation_id = new.conversation_id,
    contact_id = new.contact_id
  where c.tenant_id = new.tenant_id
    and c.message_id = new.id;
  return null;
end;
$$;

create trigger _500_move_charge
  after update of conversation_id, contact_id on public.messages
  for each row
  when (new.direction = 'out' and (old.conversation_id <> new.conversation_id or old.contact_id <> new.contact_id))
  execute function private.tg_messages__move_charge();
