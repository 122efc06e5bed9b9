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
