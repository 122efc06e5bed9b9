/*
 * A conversation in a few sentences, written by the workers and shown at the head of its details. `up_to_seq` says how far
 * it reaches: what was said since is counted beside it. `points` are the facts one would ask first, each {label, value}.
 */

create table public.conversation_summaries (
  tenant_id uuid not null,
  conversation_id uuid not null,
  language text not null check (language ~ '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'),
  text text not null check (length(text) between 1 and 4000),
  points jsonb not null default '[]' check (jsonb_typeof(points) = 'array'),
  up_to_seq bigint not null check (up_to_seq >= 0),
  made_by text not null check (length(made_by) between 1 and 80),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, conversation_id, language),
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.conversation_summaries is 'Conversations in a few sentences, as workers summarised them.';

create trigger _100_touch
  before update on public.conversation_summaries
  for each row
  execute function private.tg_touch();

alter table public.conversation_summaries enable row level security;

create policy select_follower on public.conversation_summaries
  for select to authenticated
  using (
    tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
    and exists (
      select
      from public.conversations c
      where c.tenant_id = conversation_summaries.tenant_id
        and c.id = conversation_summaries.conversation_id
    )
  );

grant select on public.conversation_summaries to authenticated;
grant select, insert, update, delete on public.conversation_summaries to service_role;

/* Tells whoever has the conversation open. */
create function private.tg_conversation_summaries__broadcast()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.broadcast(array['conversation:' || new.conversation_id], 'summary', to_jsonb(new));
  return null;
end;
$$;

create trigger _900_broadcast
  after insert or update on public.conversation_summaries
  for each row
  execute function private.tg_conversation_summaries__broadcast();

/*
 * Keeps the summary of a conversation in a language. One that reaches further stays: jobs may run twice and overtake each
 * other. Raises conversation_not_found.
 */
create function private.keep_summary(
  tenant_id uuid, conversation_id uuid, language text, summary text, points jsonb, up_to_seq bigint, made_by text
)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if not exists (select from public.conversations c where c.tenant_id = $1 and c.id = $2) then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  insert into public.conversation_summaries as s (tenant_id, conversation_id, language, text, points, up_to_seq, made_by)
  values ($1, $2, $3, $4, coalesce($5, '[]'), $6, $7)
  on conflict on constraint conversation_summaries_pkey do update
  set
    text = excluded.text,
    points = excluded.points,
    up_to_seq = excluded.up_to_seq,
    made_by = excluded.made_by
  where excluded.up_to_seq >= s.up_to_seq;
end;
$$;

grant execute on function private.keep_summary(uuid, uuid, text, text, jsonb, bigint, text) to prosa_worker, service_role;
