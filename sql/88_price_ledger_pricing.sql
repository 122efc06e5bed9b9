/* What a row of the ledger costs, by the price list of its day. */

/*
 * Why a message costs nothing, or null where it is charged. The provider's `type` is the truth; then its
 * `billable`; and only where it says neither do the published rules decide.
 */
create function private.free_reason(pricing jsonb, category text, list private.price_lists)
  returns text
  language plpgsql
  immutable
  set search_path = ''
as $$
begin
  return case
    when pricing ->> 'type' like 'free\_%' then pricing ->> 'type'
    when pricing ->> 'type' is not null then null
    when pricing ->> 'billable' = 'false' then 'not_billable'
    when pricing ->> 'billable' = 'true' then null
    when category = 'referral_conversion' then 'free_entry_point'
    when category = 'service' and list.id is not null and list.free_service_messages is null then 'free_customer_service'
  end;
end;
$$;

/*
 * Of the service messages whose price is ours to judge, the first thousand of a number's month are free,
 * in the order in which they were delivered, whatever order we heard of them in. Called under the lock
 * of private.lock_counting, so that two doors count one after the other.
 */
create function private.count_free_messages(channel_id uuid, day date)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_month timestamp := date_trunc('month', day::timestamp);
  v_last public.charges;
  v_charge public.charges;
  v_quota integer;
begin
  select l.free_service_messages into v_quota
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, 'USD', day) l
  where n.id = $1;

  -- The last that is free.
  select c.* into v_last
  from public.charges c
  where c.channel_id = $1
    and c.is_counted
    and date_trunc('month', c.charged_on::timestamp) = v_month
  order by c.occurred_at, c.message_id
  offset greatest(v_quota, 1) - 1
  limit 1;

  for v_charge in
    select c.*
    from public.charges c
    where c.channel_id = $1
      and c.is_counted
      and date_trunc('month', c.charged_on::timestamp) = v_month
      and (c.free_reason is not null) is distinct from (
        v_quota > 0 and (v_last.message_id is null or (c.occurred_at, c.message_id) <= (v_last.occurred_at, v_last.message_id))
      )
  loop
    v_charge.free_reason := case when v_charge.free_reason is null then 'free_customer_service' end;
    perform private.set_price(v_charge);
  end loop;
end;
$$;

create function private.lock_counting(channel_id uuid)
  returns void
  language sql
  volatile
  security definer
  set search_path = ''
as $$
  select pg_advisory_xact_lock(hashtextextended('charges:' || channel_id, 0))
$$;

/* A row of the ledger with its price filled in, from the list of its day. */
create function private.priced(charge public.charges, list private.price_lists)
  returns public.charges
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_price record;
begin
  select * into v_price from private.find_price(list, charge.country, charge.region, charge.category);
  charge.market := v_price.market;
  charge.price_list_id := list.id;
  charge.amount := case when charge.free_reason is not null then 0 else v_price.amount end;
  charge.reason := case when charge.free_reason is null then v_price.reason end;
  if charge.free_reason is null and charge.pricing_model = 'CBP' then
    -- Charged by conversation, as until July 2025: a message has no price.
    charge.amount := null;
    charge.reason := 'charged_by_conversation';
  end if;
  return charge;
end;
$$;

/* Prices a row that is in the ledger already. Returns whether that changed anything. */
create function private.set_price(charge public.charges)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_list private.price_lists;
  v_new public.charges;
begin
  select l.* into v_list
  from public.channels n
  cross join lateral private.price_list_of(n.type::text, charge.currency, charge.charged_on) l
  where n.id = charge.channel_id;
  v_new := private.priced(charge, v_list);

  update public.charges c
  set
    free_reason = v_new.free_reason,
    amount = v_new.amount,
    reason = v_new.reason,
    market = v_new.market,
    price_list_id = v_new.price_list_id
  where c.tenant_id = charge.tenant_id
    and c.message_id = charge.message_id
    and (c.free_reason, c.amount, c.reason, c.market, c.price_list_id)
      is distinct from (v_new.free_reason, v_new.amount, v_new.reason, v_new.market, v_new.price_list_id);
  return found;
end;
$$;

/*
 * Prices the ledger anew from a day on: what had no price when it was told gets it once a list is added,
 * and what a corrected list changes is changed. Every change is audited. Returns how many there were.
 * Null tenant: everybody's, for whoever loads lists.
 */
create function private.reprice(tenant_id uuid, since date)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_charge public.charges;
  v_changed integer := 0;
begin
  for v_charge in
    select c.*
    from public.charges c
    where (c.tenant_id = $1 or $1 is null)
      and c.charged_on >= since
    order by c.tenant_id, c.message_id
    for update
  loop
    v_changed := v_changed + private.set_price(v_charge)::integer;
  end loop;
  return v_changed;
end;
$$;
