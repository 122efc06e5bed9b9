/*
 * A thread by its pages. Planning a read of all months' partitions under row security takes several times what reading 50
 * messages does; here the plan is kept, and who may see the conversation is asked once instead of at every message.
 */

/*
 * Messages of a conversation: the newest `most` before a place, newest first; or, with `since`, from that place on, oldest
 * first, up to `before`. None where the signed-in person doesn't see the conversation, as of the table itself.
 */
create function public.thread_messages(
  conversation_id uuid,
  before bigint default null,
  since bigint default null,
  most integer default 50
)
  returns setof public.messages
  language plpgsql
  stable
  security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  rows 50
as $$
declare
  v_conversation public.conversations;
  v_before bigint := coalesce($2, 9223372036854775807);
  v_most integer := least(greatest(coalesce($4, 50), 0), 500);
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1;
  -- As the table's own policy.
  if v_conversation.id is null
    or not (
      private.may(v_conversation.tenant_id, 'conversations.read_all')
      or (private.may(v_conversation.tenant_id, 'conversations.read') and private.sees_conversation(v_conversation))
    )
  then
    return;
  end if;
  if $3 is null then
    return query
    select m.*
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = v_conversation.id
      and m.seq < v_before
    order by m.seq desc
    limit v_most;
  else
    return query
    select m.*
    from public.messages m
    where m.tenant_id = v_conversation.tenant_id
      and m.conversation_id = v_conversation.id
      and m.seq >= $3
      and m.seq < v_before
    order by m.seq
    limit v_most;
  end if;
end;
$$;

grant execute on function public.thread_messages(uuid, bigint, bigint, integer) to authenticated;
