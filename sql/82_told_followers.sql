/*
 * Those who follow a conversation hear of what its customer writes, from the moment it turns unread: never once a message,
 * and nothing at all where nobody follows (`is_followed` is a column of the row that the message changes anyway).
 * Whoever has the conversation is told of it as their own (sql/82_push.sql).
 */

create function private.tg_conversations__tell_followers()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.notify(
    new.tenant_id,
    array(
      select p.user_id
      from public.participants p
      where p.tenant_id = new.tenant_id
        and p.conversation_id = new.id
        and p.user_id is distinct from new.assignee_id
    ),
    'participating', new.id, null, '{"of": "customer"}'
  );
  return null;
end;
$$;

create trigger _710_tell_followers
  after update on public.conversations
  for each row
  when (
    new.is_followed
    and old.unread_count = 0
    and new.unread_count > 0
    and old.last_inbound_at is distinct from new.last_inbound_at
    and not new.is_spam
  )
  execute function private.tg_conversations__tell_followers();
