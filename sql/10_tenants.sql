/*
 * A tenant is one company's workspace. People reach its rows only through a membership, so every
 * policy in this database asks the same question: is the row's tenant one of mine?
 */

create table public.tenants (
  id uuid primary key default gen_random_uuid(),
  name text not null check (length(name) between 1 and 120),
  -- The first part of every address of the workspace; not one of the web's own.
  slug text not null unique check (
    slug ~ '^[a-z0-9](-?[a-z0-9]){1,39}$'
    and slug not in ('sign-in', 'sign-up', 'sign-out', 'forgot-password', 'reset-password', 'join', 'second-factor', 'avatars', 'profile', 'new', 'session', 'unsubscribe', 'healthz', 'admin', 'api')
  ),
  locale text not null default 'pt-BR' check (locale in ('pt-BR', 'en')),
  timezone text not null default 'America/Sao_Paulo',
  -- Whether agents see, and may take, conversations that nobody has yet.
  agents_pick boolean not null default true,
  -- Whether customers see that we have read them (blue ticks) and that somebody types.
  send_read_receipts boolean not null default true,
  -- Whether its rows open only to sessions that have shown a second factor (aal2). Asked by private.my_tenant_ids.
  requires_mfa boolean not null default false,
  -- Who signed it up; null: whoever runs the installation.
  created_by uuid references auth.users on delete set null,
  -- The first steps (sql/13_first_steps.sql) are all taken, or an admin has put them away.
  first_steps_closed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp()
);

create index on public.tenants (created_by, created_at);

comment on table public.tenants is 'One company''s workspace.';

create trigger _100_touch
  before update on public.tenants
  for each row
  execute function private.tg_touch();

alter table public.tenants enable row level security;
