/*
 * What a person should know of, though they do not look: a conversation given to them, a mention, a snooze that
 * is over. Written by private.notify in the transaction of the fact and told on `user:<id>`; push and mail follow
 * the person's preferences. A row holds no word of the customer's: the bell reads the conversation beside it under
 * the conversation's own policies, so that whoever has lost it reads nothing of it here.
 *
 * A customer's message in one's own conversation (type `message`) makes no row: what is unread is the inbox
 * itself. It has push only, from the moment a conversation turns unread, never once a message.
 */

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null,
  user_id uuid not null,
  type text not null check (type in ('assigned', 'transferred', 'mentioned', 'message', 'participating', 'snooze_over', 'sla_due', 'rule')),
  conversation_id uuid,
  message_id uuid,
  -- Who did it; null: nobody, but a rule, the routing or a clock.
  actor_id uuid,
  detail jsonb not null default '{}' check (jsonb_typeof(detail) = 'object'),
  -- How often the same happened since it was last read.
  count integer not null default 1 check (count > 0),
  -- Whether it stands in the bell; otherwise it waits for the digest alone.
  in_app boolean not null default true,
  digest boolean not null default true,
  mailed_at timestamptz,
  read_at timestamptz,
  -- When it last happened.
  created_at timestamptz not null default now(),
  foreign key (tenant_id, user_id) references public.memberships (tenant_id, user_id) on delete cascade,
  foreign key (tenant_id, conversation_id) references public.conversations (tenant_id, id) on delete cascade
);

comment on table public.notifications is 'What a person is told, until they have read it.';

-- One a person, type and conversation while it is unread.
create unique index notifications_unread_idx on public.notifications (tenant_id, user_id, conversation_id, type) where read_at is null;
create index notifications_newest_idx on public.notifications (tenant_id, user_id, created_at desc, id desc);
create index notifications_conversation_idx on public.notifications (tenant_id, conversation_id);
create index notifications_unmailed_idx on public.notifications (created_at) where read_at is null and mailed_at is null and digest;
create index notifications_age_idx on public.notifications using brin (created_at);

alter table public.notifications enable row level security;

create policy select_self on public.notifications
  for select to authenticated
  using (
    user_id = (select auth.uid())
    and tenant_id = any (array(select private.my_tenant_ids('conversations.read')))
  );

grant select on public.notifications to authenticated;

/* Whether a member sees a conversation: what private.sees_conversation says of the signed-in person, of somebody else. */
create function private.member_sees(user_id uuid, conversation public.conversations)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return
    private.member_may($2.tenant_id, $1, 'conversations.read_all')
    or (
      (
        coalesce($2.assignee_id = $1, false)
        or exists (
          select
          from public.team_members m
          where m.tenant_id = $2.tenant_id
            and m.team_id = $2.team_id
            and m.user_id = $1
        )
      )
      and private.member_may($2.tenant_id, $1, 'conversations.read')
    )
    or (
      $2.assignee_id is null
      and $2.team_id is null
      and private.member_may($2.tenant_id, $1, 'conversations.pick')
    );
end;
$$;

/*
 * Tells people of something: a row each, told on `user:<id>`, with push by their preference. Never the one who did
 * it (unless nobody chose them: `detail.cause` names a rule or the routing), never anybody who does not see the
 * conversation. What is still unread is told again as the same row.
 */
create function private.notify(tenant_id uuid, user_ids uuid[], type text, conversation_id uuid, message_id uuid, detail jsonb default '{}')
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_detail jsonb := coalesce($6, '{}');
  v_actor uuid := case when v_detail -> 'cause' is null then auth.uid() end;
  v_conversation public.conversations;
  v_user uuid;
  v_ways record;
  v_row public.notifications;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.tenant_id = $1
    and c.id = $4;

  for v_user in select distinct u from unnest($2) u where u is distinct from v_actor order by u loop
    continue when v_user is null or private.member_sees(v_user, v_conversation) is not true;
    v_ways := private.notification_ways($1, v_user, $3);
    -- A transfer says all that an assignment in the same breath would.
    if $3 = 'transferred' then
      delete from public.notifications n
      where n.tenant_id = $1
        and n.user_id = v_user
        and n.conversation_id = $4
        and n.type = 'assigned'
        and n.read_at is null
        and n.created_at = now();
    elsif $3 = 'assigned' then
      continue when exists (
        select
        from public.notifications n
        where n.tenant_id = $1
          and n.user_id = v_user
          and n.conversation_id = $4
          and n.type = 'transferred'
          and n.read_at is null
          and n.created_at = now()
      );
    end if;

    if v_ways.in_app or v_ways.digest then
      insert into public.notifications as n (tenant_id, user_id, type, conversation_id, message_id, actor_id, detail, in_app, digest)
      values ($1, v_user, $3, $4, $5, v_actor, v_detail, v_ways.in_app, v_ways.digest)
      on conflict (tenant_id, user_id, conversation_id, type) where read_at is null do update
      set
        count = n.count + 1,
        message_id = excluded.message_id,
        actor_id = excluded.actor_id,
        detail = excluded.detail,
        in_app = excluded.in_app,
        digest = excluded.digest,
        mailed_at = null,
        created_at = excluded.created_at
      returning n.* into v_row;
      if v_ways.in_app then
        perform private.broadcast(
          array['user:' || v_user],
          'notification',
          to_jsonb(v_row) || jsonb_build_object(
            'conversation', private.notified_conversation(v_conversation),
            'sound', v_ways.sound
          )
        );
      end if;
    end if;
    if v_ways.push then
      perform private.push($1, v_user, $3, $4, v_row.id, v_detail);
    end if;
  end loop;
end;
$$;

/* The conversation beside a notification, as the bell reads it: whose it is, and its last words. */
create function private.notified_conversation(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'id', $1.id,
      'preview', $1.preview,
      'preview_kind', $1.preview_kind,
      'contact', jsonb_build_object('id', c.id, 'name', c.name, 'username', c.username, 'phone', c.phone)
    )
    from public.contacts c
    where c.tenant_id = $1.tenant_id
      and c.id = $1.contact_id
  );
end;
$$;

/*
 * Notes that the signed-in person has read their notifications: those named, those of a conversation, or all. Their
 * other windows are told. Answers how many there were. Raises tenant_not_found.
 */
create function public.read_notifications(tenant_id uuid, ids uuid[] default null, conversation_id uuid default null)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_me uuid := private.me_in($1);
  v_ids uuid[];
begin
  with gone as (
    update public.notifications n
    set read_at = now()
    where n.tenant_id = $1
      and n.user_id = v_me
      and n.read_at is null
      and ($2 is null or n.id = any ($2))
      and ($3 is null or n.conversation_id = $3)
    returning n.id
  )
  select array_agg(g.id) into v_ids
  from gone g;
  if v_ids is not null then
    perform private.broadcast(array['user:' || v_me], 'notifications_read', jsonb_build_object('tenant_id', $1, 'ids', v_ids));
  end if;
  return coalesce(cardinality(v_ids), 0);
end;
$$;

/* Turns one notification of the signed-in person unread again. Raises tenant_not_found, notification_not_found. */
create function public.unread_notification(tenant_id uuid, id uuid)
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
  if not private.may($1, 'conversations.read') then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  begin
    update public.notifications n
    set
      read_at = null,
      mailed_at = now()
    where n.tenant_id = $1
      and n.user_id = v_me
      and n.id = $2;
  exception when unique_violation then
    return; -- It has happened again meanwhile and is unread anyway.
  end;
  if not found then
    perform private.refuse(404, 'notification_not_found');
  end if;
end;
$$;

grant execute on function
  public.read_notifications(uuid, uuid[], uuid),
  public.unread_notification(uuid, uuid)
to authenticated;

/*
 * A conversation has come to somebody: they are told. Whoever had it need not read of it any more. `set_cause`
 * (sql/41_activity.sql) says whether a person chose.
 */
create function private.tg_conversations__notify_assigned()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_cause jsonb := nullif(current_setting('prosa.cause', true), '')::jsonb;
begin
  if old.assignee_id is not null then
    update public.notifications n
    set read_at = now()
    where n.tenant_id = old.tenant_id
      and n.user_id = old.assignee_id
      and n.conversation_id = old.id
      and n.type in ('assigned', 'transferred', 'snooze_over', 'sla_due')
      and n.read_at is null;
  end if;
  if new.assignee_id is not null and new.status = 'open' then
    perform private.notify(
      new.tenant_id,
      array[new.assignee_id],
      'assigned',
      new.id,
      null,
      case when v_cause is null then '{}' else jsonb_build_object('cause', v_cause) end
    );
  end if;
  return null;
end;
$$;

create trigger _700_notify_assigned
  after update on public.conversations
  for each row
  when (old.assignee_id is distinct from new.assignee_id)
  execute function private.tg_conversations__notify_assigned();

/* Forgets what is older than three months. */
create function private.purge_notifications()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.notifications n
  where n.created_at < now() - interval '90 days';
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function private.purge_notifications() to prosa_worker;
