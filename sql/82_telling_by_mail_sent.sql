/* A letter on its way: what it says, what the mail server made of it, and whoever wants no more of them. */

/*
 * What a letter says at this moment: {id, to, name, locale, …, items: [{type, conversation_id, contact, preview, …}], attempts}. Null where nothing in it
 * is unread any more, or its reader wants none: then it is gone.
 */
create function private.claim_digest(id uuid)
  returns jsonb
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_mail private.digest_mails;
  v_settings public.notification_settings;
  v_items jsonb;
  v_letter jsonb;
begin
  select m.* into v_mail from private.digest_mails m where m.id = $1 for update;
  if v_mail.id is null then
    return null;
  end if;
  select s.* into v_settings
  from public.notification_settings s
  where s.tenant_id = v_mail.tenant_id
    and s.user_id = v_mail.user_id;

  select jsonb_agg(item.said || private.mailed_conversation(item.conversation) order by item.at desc) into v_items
  from (
    select
      c as conversation,
      n.created_at as at,
      jsonb_build_object(
        'type', n.type,
        'stage', case when n.type = 'sla_due' then n.detail ->> 'stage' end,
        'count', n.count,
        'at', n.created_at,
        'actor', (select m.display_name from public.memberships m where m.tenant_id = n.tenant_id and m.user_id = n.actor_id)
      ) as said
    from public.notifications n
    join public.conversations c on c.tenant_id = n.tenant_id and c.id = n.conversation_id
    where n.id = any (v_mail.notification_ids)
      and n.read_at is null
      and private.member_sees(n.user_id, c)
    union all
    select
      c,
      c.last_message_at,
      jsonb_build_object('type', 'message', 'stage', null, 'count', c.unread_count, 'at', c.last_message_at, 'actor', null)
    from public.conversations c
    where c.tenant_id = v_mail.tenant_id
      and c.id = any (v_mail.conversation_ids)
      and c.assignee_id = v_mail.user_id
      and c.folder = 'open'
      and c.unread_count > 0
      and private.member_sees(v_mail.user_id, c)
  ) item;

  select jsonb_build_object(
    'id', v_mail.id,
    'to', u.email,
    'name', m.display_name,
    'locale', coalesce(v_settings.locale, t.locale),
    'zone', private.digest_zone(t.id, v_settings),
    'workspace', t.slug,
    'workspace_name', t.name,
    'token', d.unsubscribe_token,
    'created_at', v_mail.created_at,
    'attempts', v_mail.attempts,
    'items', v_items
  )
  into v_letter
  from public.memberships m
  join public.tenants t on t.id = m.tenant_id
  join private.digests d on d.tenant_id = m.tenant_id and d.user_id = m.user_id
  join auth.users u on u.id = m.user_id
  where m.tenant_id = v_mail.tenant_id
    and m.user_id = v_mail.user_id
    and m.deactivated_at is null
    and u.email <> ''
    and coalesce(v_settings.digest, '') <> 'never';

  if v_items is null or v_letter is null then
    delete from private.digest_mails m where m.id = $1;
    return null;
  end if;
  return v_letter;
end;
$$;

/* A conversation as a letter shows it: no more than a few of the customer's words, and where pushes show nothing neither does a letter. */
create function private.mailed_conversation(conversation public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return (
    select jsonb_build_object(
      'conversation_id', conversation.id,
      'contact', case when t.push_shows <> 'nothing' then coalesce(nullif(p.name, ''), p.username, p.phone) end,
      'preview', case when t.push_shows <> 'nothing' and conversation.preview_direction = 'in' then nullif(left(conversation.preview, 80), '') end
    )
    from public.contacts p
    join public.tenants t on t.id = p.tenant_id
    where p.tenant_id = conversation.tenant_id
      and p.id = conversation.contact_id
  );
end;
$$;

/*
 * Notes what came of a letter: `sent`; `later`, it is tried again at `retry_at`, for a day; `refused`, for good. One that
 * does not leave gives back what was in it. `problem`: the mail server's words.
 */
create function private.settle_digest(id uuid, outcome text, problem text default null, retry_at timestamptz default null)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_mail private.digest_mails;
begin
  select m.* into v_mail from private.digest_mails m where m.id = $1 for update;
  if v_mail.id is null then
    return;
  end if;
  update private.digests d
  set
    sent_at = case when $2 = 'sent' then now() else d.sent_at end,
    problem = case when $2 <> 'sent' then left(coalesce($3, 'no answer'), 300) end,
    problem_at = case when $2 <> 'sent' then now() end,
    refusals = case $2 when 'sent' then 0 when 'refused' then least(d.refusals + 1, 100) else d.refusals end
  where d.tenant_id = v_mail.tenant_id
    and d.user_id = v_mail.user_id;

  if $2 = 'later' and v_mail.created_at > now() - interval '1 day' then
    update private.digest_mails m set attempts = m.attempts + 1 where m.id = $1;
    perform graphile_worker.add_job(
      'digest__send', json_build_object('digest_mail_id', $1), job_key => 'digest:' || $1, run_at => $4
    );
    return;
  end if;
  delete from private.digest_mails m where m.id = $1;
  if $2 <> 'sent' then
    update public.notifications n
    set mailed_at = null
    where n.id = any (v_mail.notification_ids)
      and n.read_at is null;
    update private.digests d
    set mailed_until = least(d.mailed_until, v_mail.since)
    where d.tenant_id = v_mail.tenant_id
      and d.user_id = v_mail.user_id;
  end if;
end;
$$;

/* Whoever holds the token of a letter wants no more of them. Idempotent. Answers whether it was anybody's. */
create function private.unsubscribe_digest(token uuid)
  returns boolean
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_digest private.digests;
begin
  select d.* into v_digest from private.digests d where d.unsubscribe_token = $1;
  if v_digest.user_id is null then
    return false;
  end if;
  insert into public.notification_settings (tenant_id, user_id, digest)
  values (v_digest.tenant_id, v_digest.user_id, 'never')
  on conflict (tenant_id, user_id) do update
  set digest = 'never';
  return true;
end;
$$;

grant execute on function
  private.claim_digest(uuid),
  private.settle_digest(uuid, text, text, timestamptz)
to prosa_worker;

grant execute on function private.unsubscribe_digest(uuid) to prosa_door;
