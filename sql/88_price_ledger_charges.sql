/*
 * The ledger: one row a message that the provider has told a price of. It is computed anew from all that
 * was told of the message (public.message_events), so that statuses may come repeated, shuffled and late
 * and end in the same row. It outlives the messages it speaks of.
 */

create table public.charges (
  tenant_id uuid not null references public.tenants on delete cascade,
  message_id uuid not null,
  message_created_at timestamptz not null,
  channel_id uuid not null,
  conversation_id uuid not null,
  contact_id uuid not null,
  author public.message_author not null,
  author_id uuid,
  template text,
  category text not null check (category ~ '^[a-z_]{1,40}$'),
  -- The provider's own word: regular, free_customer_service, free_entry_point, … Null: it said none.
  pricing_type text,
  pricing_model text,
  country text,
  region text,
  market text,
  -- Why it costs nothing; null: it is charged.
  free_reason text,
  -- Whether the free thousand is ours to count, because the provider does not say.
  is_counted boolean not null default false,
  -- 0 where free; null where the price is not known, and `reason` says why.
  amount numeric(12, 6),
  currency text not null,
  price_list_id uuid,
  reason text,
  -- When it was delivered; before that, when its price was first told.
  occurred_at timestamptz not null,
  -- The day and month it is charged in, by the workspace's clock.
  charged_on date not null,
  -- Null: not delivered (yet), so nothing is owed.
  delivered_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  -- A message is charged once.
  primary key (tenant_id, message_id),
  check ((amount is null) = (reason is not null)),
  check (free_reason is null or amount = 0)
);

comment on table public.charges is 'What each message cost, as the provider told it. One row a message.';

create index on public.charges (tenant_id, charged_on);
create index on public.charges (tenant_id, conversation_id);
create index on public.charges (tenant_id, contact_id);
create index charges_service_idx on public.charges (tenant_id, channel_id, charged_on) where category = 'service';
create index charges_counted_idx on public.charges (channel_id, date_trunc('month', charged_on::timestamp), occurred_at, message_id) where is_counted;
create index charges_unknown_idx on public.charges (tenant_id, charged_on) where amount is null;

create trigger _100_touch
  before update on public.charges
  for each row
  execute function private.tg_touch();

alter table public.charges enable row level security;

create policy select_accountant on public.charges
  for select to authenticated
  using (tenant_id = any (array(select private.my_tenant_ids('costs.read'))));

grant select on public.charges to authenticated;

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
