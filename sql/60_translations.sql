/*
 * What was said, in another language: one row a message and language, written by the workers (an AI, or whoever translates)
 * and shown beneath the message to those whose language it is. The words themselves are never replaced.
 */

create table public.message_translations (
  tenant_id uuid not null,
  message_id uuid not null,
  message_created_at timestamptz not null,
  -- Into which language, as BCP 47; and out of which, where that was recognised.
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  source_language text check (source_language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  text text not null check (length(text) between 1 and 20000),
  -- What translated it, to be told and to be found again: 'claude-…', 'deepl'.
  made_by text not null check (length(made_by) between 1 and 80),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, message_id, language),
  foreign key (tenant_id, message_id, message_created_at) references public.messages (tenant_id, id, created_at) on delete cascade
);

comment on table public.message_translations is 'Messages in other languages, as workers translated them.';

create index on public.message_translations (tenant_id, message_id, message_created_at);

create trigger _100_touch
  before update on public.message_translations
  for each row
  execute function private.tg_touch();

alter table public.message_translations enable row level security;

create policy select_message_reader on public.message_translations
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.messages m
      where m.tenant_id = message_translations.tenant_id
        and m.id = message_translations.message_id
        and m.created_at = message_translations.message_created_at
    )
  );

grant select on public.message_translations to authenticated;
grant select, insert, update, delete on public.message_translations to service_role;

/* Tells whoever has the thread open. */
create function private.tg_message_translations__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || m.conversation_id], 'translation', to_jsonb(new))
  from public.messages m
  where m.tenant_id = new.tenant_id
    and m.id = new.message_id
    and m.created_at = new.message_created_at;
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update on public.message_translations
  for each row
  execute function private.tg_message_translations__broadcast();

/*
 * Keeps the translation of a message; one that was there in that language is replaced. A job may run twice. Raises
 * message_not_found.
 */
create function private.keep_translation(
  tenant_id uuid, message_id uuid, language text, source_language text, translated text, made_by text
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_created_at timestamptz;
begin
  select m.created_at into v_created_at
  from public.messages m
  where m.tenant_id = $1
    and m.id = $2;
  if v_created_at is null then
    perform private.refuse(404, 'message_not_found');
  end if;
  insert into public.message_translations as t (tenant_id, message_id, message_created_at, language, source_language, text, made_by)
  values ($1, $2, v_created_at, $3, $4, $5, $6)
  on conflict on constraint message_translations_pkey do update
  set
    source_language = excluded.source_language,
    text = excluded.text,
    made_by = excluded.made_by;
end;
$$;

grant execute on function private.keep_translation(uuid, uuid, text, text, text, text) to prosa_worker, service_role;
