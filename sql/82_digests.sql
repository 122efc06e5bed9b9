/*
 * What was told and not read while somebody was away is mailed to them in one letter. A person has one row here: when
 * they last looked, when what waits for them is to be looked at next, and what came of the mails. Whether somebody is away
 * the browser says: as long as a window is looked at, it notes so every two minutes.
 */

create table private.digests (
  tenant_id uuid not null,
  user_id uuid not null,
  seen_at timestamptz not null default '-infinity',
  -- When what waits is next looked at; infinity where no mail is wanted.
  look_at timestamptz not null default now() + interval '10 minutes',
  -- Up to when what waits was mailed.
  mailed_until timestamptz not null default now(),
  -- Proves the right to stop the mails, without signing in.
  unsubscribe_token uuid not null default gen_random_uuid(),
  sent_at timestamptz,
  -- Why the last mail has not left, in the mail server's words; null: it has.
  problem text check (length(problem) <= 300),
  problem_at timestamptz,
  -- How often in a row the address was refused; after five nothing is sent until the person sets something anew.
  refusals smallint not null default 0,
  primary key (tenant_id, user_id),
  unique (unsubscribe_token),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  check ((problem is null) = (problem_at is null))
);

comment on table private.digests is 'When a person last looked, and how it stands with their mails.';

create index on private.digests (look_at);

alter table private.digests enable row level security;

create function private.tg_memberships__begin_digest()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  insert into private.digests (tenant_id, user_id)
  values (new.tenant_id, new.user_id)
  on conflict do nothing;
  return null;
end;
$$;

create trigger _700_begin_digest
  after insert on public.memberships
  for each row
  execute function private.tg_memberships__begin_digest();

/* Notes that the signed-in person looks at a workspace, and in which language. Raises tenant_not_found. */
create function public.i_am_here(tenant_id uuid, locale text default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  update private.digests d
  set seen_at = now()
  where d.tenant_id = $1
    and d.user_id = v_me;
  if $2 in ('pt-BR', 'en') then
    insert into public.notification_settings as s (tenant_id, user_id, locale)
    values ($1, v_me, $2)
    on conflict (tenant_id, user_id) do update
    set locale = excluded.locale
    where s.locale is distinct from excluded.locale;
  end if;
end;
$$;

/*
 * How it stands with the signed-in person's mails: the address, when the last one left, and why one has not; `is_stopped`:
 * it was refused too often. Raises tenant_not_found.
 */
create function public.my_digest(tenant_id uuid)
  returns table (email text, sent_at timestamptz, problem text, problem_at timestamptz, is_stopped boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
begin
  return query
  select u.email::text, d.sent_at, d.problem, d.problem_at, d.refusals >= 5
  from private.digests d
  join auth.users u on u.id = d.user_id
  where d.tenant_id = $1
    and d.user_id = v_me;
end;
$$;

grant execute on function
  public.i_am_here(uuid, text),
  public.my_digest(uuid)
to authenticated;
