/*
 * A person who asked on one channel is answered on another: in the conversation that is open there, or in a new one.
 */

/* Whether a person has an address that a channel can write to: on WhatsApp a number, or an id of the account it belongs to. */
create function private.is_reachable(contact_id uuid, channel public.channels)
  returns boolean
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return exists (
    select
    from public.contact_identities i
    where i.tenant_id = channel.tenant_id
      and i.contact_id = $1
      and (
        i.kind = 'phone'
        -- Ids of a person differ from account to account: only where they have written to this one before.
        or (i.kind = 'bsuid' and exists (
          select
          from public.conversations c
          join public.channels n on n.id = c.channel_id
          where c.tenant_id = channel.tenant_id
            and c.contact_id = $1
            and n.waba_id = channel.waba_id
        ))
      )
  );
end;
$$;

/*
 * The channels on which a conversation could go on, besides its own: connected ones that reach the person, with the
 * conversation that is open there (null: none, or one that is not the signed-in person's to see; `taken` tells the two
 * apart). Raises conversation_not_found.
 */
create function public.other_channels(conversation_id uuid)
  returns table (channel_id uuid, name text, type public.channel_type, number text, open_id uuid, taken boolean)
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_conversation public.conversations;
begin
  select c.* into v_conversation
  from public.conversations c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('conversations.read')));
  if v_conversation.id is null or private.sees_conversation(v_conversation) is not true then
    perform private.refuse(404, 'conversation_not_found');
  end if;
  return query
  select n.id, n.name, n.type, n.display_phone_number, case when private.sees_conversation(o) then o.id end, coalesce(not private.sees_conversation(o), false)
  from public.channels n
  left join public.conversations o
    on o.tenant_id = n.tenant_id
    and o.channel_id = n.id
    and o.contact_id = v_conversation.contact_id
    and o.status = 'open'
  where n.tenant_id = v_conversation.tenant_id
    and n.id <> v_conversation.channel_id
    and n.status <> 'disconnected'
    and private.is_reachable(v_conversation.contact_id, n)
  order by n.name;
end;
$$;

/*
 * Goes on with a conversation's person on another channel: gives the conversation that is open there, or opens one that is
 * the signed-in person's, with the team of the first. Doing it twice gives the same one. The window there is its own: where
 * it is closed a template opens it. Raises conversation_not_found, not_allowed, channel_not_found, channel_unreachable, and
 * conversation_open_elsewhere where a colleague has the one that is open there.
 */
create function public.continue_on_channel(conversation_id uuid, channel_id uuid)
  returns public.conversations
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_from public.conversations := private.lock_conversation($1, 'conversations.reply');
  v_channel public.channels;
  v_to public.conversations;
begin
  select n.* into v_channel
  from public.channels n
  where n.tenant_id = v_from.tenant_id
    and n.id = $2;
  if v_channel.id is null then
    perform private.refuse(404, 'channel_not_found');
  end if;
  if v_channel.status = 'disconnected' or not private.is_reachable(v_from.contact_id, v_channel) then
    perform private.refuse(409, 'channel_unreachable');
  end if;

  insert into public.conversations as c (tenant_id, contact_id, channel_id, team_id, assignee_id)
  values (v_from.tenant_id, v_from.contact_id, v_channel.id, v_from.team_id, auth.uid())
  on conflict (channel_id, contact_id) where status = 'open' do nothing
  returning c.* into v_to;
  if v_to.id is null then
    select c.* into v_to
    from public.conversations c
    where c.channel_id = v_channel.id
      and c.contact_id = v_from.contact_id
      and c.status = 'open';
    if private.sees_conversation(v_to) is not true then
      perform private.refuse(409, 'conversation_open_elsewhere');
    end if;
  end if;
  return v_to;
end;
$$;

grant execute on function
  public.other_channels(uuid),
  public.continue_on_channel(uuid, uuid)
to authenticated;
