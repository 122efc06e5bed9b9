/*
 * What a message costs. Providers publish lists of prices by country and category and change them on
 * announced days, so a price is looked up in the list of its own day and never overwritten. Lists come
 * from dated CSV files (core/prices), loaded by `npm run prices`; nobody types a price in.
 */

create table private.price_lists (
  id uuid primary key default gen_random_uuid(),
  provider text not null check (provider ~ '^[a-z_]{1,40}$'),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  -- In the workspace's own time zone, as the provider counts it in the account's.
  effective_from date not null,
  -- Where the amounts were found, in words that can be checked.
  source text not null,
  -- Service messages a number sends free of charge in a calendar month. Null: all of them.
  free_service_messages integer check (free_service_messages >= 0),
  -- Whether a utility template costs nothing while the customer's window is open.
  utility_free_in_window boolean not null,
  unique (provider, currency, effective_from)
);

create table private.prices (
  price_list_id uuid not null references private.price_lists on delete cascade,
  -- A country of its own (ISO 3166, `BR`) or one of the provider's regions (`rest_of_latin_america`, `other`).
  market text not null check (market ~ '^([A-Z]{2}|[a-z_]{4,40})$'),
  category text not null check (category ~ '^[a-z_]{1,40}$'),
  -- From how many messages of the month on; 0 is the price of the list itself.
  tier_from bigint not null default 0 check (tier_from >= 0),
  -- Null: the country is known to have a price of its own, and nobody could find it.
  amount numeric(12, 6) check (amount >= 0),
  source text not null,
  primary key (price_list_id, market, category, tier_from)
);

/* Which country a number belongs to by how it begins, and the region that country is in where it has no price of its own. */
create table private.calling_codes (
  prefix text primary key check (prefix ~ '^[1-9][0-9]{0,5}$'),
  country text not null check (country ~ '^[A-Z]{2}$'),
  region text not null check (region ~ '^[a-z_]{4,40}$')
);

alter table private.price_lists enable row level security;
alter table private.prices enable row level security;
alter table private.calling_codes enable row level security;

/* The country and region of a number; nulls where there is no number. A beginning that nobody lists is `other`, as the provider says. */
create function private.country_of(phone text, out country text, out region text)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if phone is null then
    return;
  end if;
  -- The longest beginning wins: +1 809 is the Dominican Republic, +1 is North America.
  select c.country, c.region into country_of.country, country_of.region
  from private.calling_codes c
  where c.prefix = any (array[left(phone, 6), left(phone, 5), left(phone, 4), left(phone, 3), left(phone, 2), left(phone, 1)])
  order by length(c.prefix) desc
  limit 1;
  country_of.region := coalesce(country_of.region, 'other');
end;
$$;

/* The list of a day: the newest that had come into force. Null where there is none. */
create function private.price_list_of(provider text, currency text, day date)
  returns private.price_lists
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_list private.price_lists;
begin
  select l.* into v_list
  from private.price_lists l
  where l.provider = $1
    and l.currency = $2
    and l.effective_from <= $3
  order by l.effective_from desc
  limit 1;
  return v_list;
end;
$$;

/*
 * The price of one message: of the country where it has a price of its own, else of its region. `volume`
 * is how many were sent this month before it. Without an amount, `reason` says why: no_price_list,
 * country_unknown, price_unknown.
 */
create function private.find_price(
  list private.price_lists,
  country text,
  region text,
  category text,
  volume bigint default 0,
  out amount numeric,
  out market text,
  out reason text
)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  if list.id is null then
    reason := 'no_price_list';
    return;
  end if;
  if region is null then
    reason := 'country_unknown';
    return;
  end if;
  market := case
    when exists (select from private.prices p where p.price_list_id = list.id and p.market = find_price.country) then country
    else region
  end;
  select p.amount into find_price.amount
  from private.prices p
  where p.price_list_id = list.id
    and p.market = find_price.market
    and p.category = find_price.category
    and p.tier_from <= find_price.volume
  order by p.tier_from desc
  limit 1;
  if find_price.amount is null then
    reason := 'price_unknown';
  end if;
end;
$$;
