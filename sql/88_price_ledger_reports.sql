/*
 * What people ask of the ledger: what the next message would cost, and the
 * costs of a period by what they belong to. Only what was delivered counts.
 */

/*
 * What a message of this category to this person would cost now: {amount, currency, free, reason, country}.
 * `free` with the reason free_entry_point, free_customer_service or window_open; no amount with country_unknown,
 * price_unknown or no_price_list. Raises conversation_not_found.
 */
create function public.price_of(conversation_id uuid, category text)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_channel public.channels;
  v_category text := lower(category);
  v_today date;
  v_country record;
  v_list private.price_lists;
  v_price record;
  v_free text;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;

  select n.* into v_channel from public.channels n where n.id = v_conversation.channel_id;
  select (now() at time zone t.timezone)::date into v_today from public.tenants t where t.id = v_conversation.tenant_id;
  select p.* into v_country
  from public.contacts c
  cross join lateral private.country_of(c.phone) p
  where c.tenant_id = v_conversation.tenant_id
    and c.id = v_conversation.contact_id;
  v_list := private.price_list_of(v_channel.type::text, 'USD', v_today);
  select * into v_price from private.find_price(v_list, v_country.country, v_country.region, v_category);

  v_free := case
    -- 72 hours from an advertisement everything is free; an answer opened it, and any message of ours is one.
    when exists (
      select
      from public.messages m
      where m.tenant_id = v_conversation.tenant_id
        and m.conversation_id = v_conversation.id
        and m.direction = 'in'
        and m.created_at > now() - interval '8 days'
        and m.sent_at > now() - interval '72 hours'
        and m.content ? 'referral'
    ) then 'free_entry_point'
    when v_category = 'utility' and v_list.utility_free_in_window and v_conversation.window_expires_at > now() then 'window_open'
    when v_category = 'service' and v_list.id is not null and private.is_service_free(v_conversation.tenant_id, v_channel.id, v_today, v_list.free_service_messages)
      then 'free_customer_service'
  end;

  return jsonb_build_object(
    'amount', case when v_free is not null then 0 else v_price.amount end,
    'currency', coalesce(v_list.currency, 'USD'),
    'free', v_free is not null,
    'reason', coalesce(v_free, v_price.reason),
    'country', v_country.country
  );
end;
$$;

/* Whether the next service message of a number is among the month's free ones. Counts no further than it has to. */
create function private.is_service_free(tenant_id uuid, channel_id uuid, day date, quota integer)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return quota is null
    or quota > (
      select count(*)
      from (
        select
        from public.charges c
        where c.tenant_id = $1
          and c.channel_id = $2
          and c.category = 'service'
          and c.charged_on >= date_trunc('month', day::timestamp)::date
          and c.charged_on < (date_trunc('month', day::timestamp) + interval '1 month')::date
          and c.delivered_at is not null
          and c.free_reason is distinct from 'free_entry_point'
        limit quota
      ) told
    );
end;
$$;

/*
 * The costs of a period, both days included, by day, channel, category, template, agent, country or
 * conversation (the 100 dearest). `key` is what the rows of the group share, `label` its name where it has
 * one. Raises tenant_not_found, not_allowed, report_invalid.
 */
create function public.costs(tenant_id uuid, since date, until date, by text)
  returns table (
    key text, label text, messages bigint, charged bigint, free bigint, unknown bigint, amount numeric, currency text
  )
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'costs.read') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'costs.read');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  if $2 is null or $3 is null or $2 > $3 or $3 - $2 > 366
    or coalesce($4, '') not in ('day', 'channel', 'category', 'template', 'agent', 'country', 'conversation')
  then
    perform private.refuse(422, 'report_invalid');
  end if;

  return query
  with told as (
    select
      case $4
        when 'day' then c.charged_on::text
        when 'channel' then c.channel_id::text
        when 'category' then c.category
        when 'template' then c.template
        when 'agent' then coalesce(c.author_id::text, c.author::text)
        when 'country' then coalesce(c.country, c.region)
        when 'conversation' then c.conversation_id::text
      end as key,
      count(*) as messages,
      count(*) filter (where c.amount > 0) as charged,
      count(*) filter (where c.amount = 0) as free,
      count(*) filter (where c.amount is null) as unknown,
      coalesce(sum(c.amount), 0) as amount,
      c.currency
    from public.charges c
    where c.tenant_id = $1
      and c.charged_on between $2 and $3
      and c.delivered_at is not null
      and ($4 <> 'template' or c.template is not null)
    group by 1, c.currency
  )
  select
    t.key,
    case $4
      when 'channel' then (select n.name from public.channels n where n.tenant_id = $1 and n.id::text = t.key)
      when 'agent' then (select m.display_name from public.memberships m where m.tenant_id = $1 and m.user_id::text = t.key)
      when 'conversation' then (
        select p.name
        from public.conversations v
        join public.contacts p on p.tenant_id = v.tenant_id and p.id = v.contact_id
        where v.tenant_id = $1
          and v.id::text = t.key
      )
    end,
    t.messages, t.charged, t.free, t.unknown, t.amount, t.currency
  from told t
  order by
    case when $4 = 'day' then t.key end,
    t.amount desc,
    t.messages desc,
    t.key
  limit case when $4 = 'conversation' then 100 else 1000 end;
end;
$$;

/*
 * Prices the workspace's ledger anew from a day on, after a list was added or corrected. Audited row by
 * row. Returns how many rows changed. Raises tenant_not_found, not_allowed.
 */
create function public.reprice_costs(tenant_id uuid, since date)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if not private.may($1, 'tenant.manage') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'tenant.manage');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return private.reprice($1, coalesce(since, current_date - 366));
end;
$$;

/*
 * The price lists there are, newest first, with where their amounts come from. The lists are everybody's;
 * asked for in a workspace. Raises tenant_not_found, not_allowed.
 */
create function public.price_lists(tenant_id uuid)
  returns table (id uuid, provider text, currency text, effective_from date, source text, prices bigint, missing bigint)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not private.may($1, 'costs.read') then
    if private.may($1, 'tenant.read') then
      perform private.refuse(403, 'not_allowed', 'costs.read');
    end if;
    perform private.refuse(404, 'tenant_not_found');
  end if;
  return query
  select
    l.id, l.provider, l.currency, l.effective_from, l.source,
    (select count(*) from private.prices p where p.price_list_id = l.id and p.amount is not null),
    (select count(distinct p.market) from private.prices p where p.price_list_id = l.id and p.amount is null)
  from private.price_lists l
  order by l.effective_from desc, l.provider, l.currency;
end;
$$;

grant execute on function
  public.price_of(uuid, text),
  public.costs(uuid, date, date, text),
  public.reprice_costs(uuid, date),
  public.price_lists(uuid)
to authenticated;
