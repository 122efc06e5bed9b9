/*
 * What the customer's phone shows of us while we read: blue ticks once an agent has seen their message, and
 * "typing…" while one answers. Both are one call to the provider, about the newest message read; neither is
 * worth much when it comes late, so it is tried little and holds nothing up.
 */

/* How far a conversation's customer was told that we have read, and when they last saw us type. */
create table private.receipts (
  conversation_id uuid primary key references public.conversations on delete cascade,
  tenant_id uuid not null,
  -- The seq up to which the provider knows.
  seq bigint not null default 0,
  typed_at timestamptz
);

create index on private.receipts (tenant_id);

alter table private.receipts enable row level security;

/*
 * Has the customer told what was read: one job a conversation, however many messages. Not of history, nor
 * where the tenant keeps it to itself.
 */
create function private.enqueue_receipt(conversation public.conversations)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  if conversation.is_history
    or not (select t.send_read_receipts from public.tenants t where t.id = conversation.tenant_id)
  then
    return;
  end if;
  perform graphile_worker.add_job(
    'receipt__send',
    json_build_object('conversation_id', conversation.id),
    job_key => 'receipt:' || conversation.id,
    max_attempts => 3::smallint
  );
end;
$$;

/*
 * Shows the customer that somebody types, for 25 seconds or until the answer; it marks their newest message
 * as read, too. Called as often as keys are pressed, it goes out at most once in 20 seconds. Does nothing
 * where the tenant sends no read receipts. Raises conversation_not_found, not_allowed, conversation_closed, window_closed.
 */
create function public.show_typing(conversation_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations := private.lock_conversation(conversation_id, 'conversations.reply');
begin
  if v_conversation.status = 'closed' then
    perform private.refuse(409, 'conversation_closed');
  end if;
  if coalesce(v_conversation.window_expires_at, '-infinity') <= now() then
    perform private.refuse(409, 'window_closed');
  end if;
  if not (select t.send_read_receipts from public.tenants t where t.id = v_conversation.tenant_id) then
    return;
  end if;

  insert into private.receipts as r (conversation_id, tenant_id, typed_at)
  values (v_conversation.id, v_conversation.tenant_id, now())
  on conflict on constraint receipts_pkey do update
  set typed_at = excluded.typed_at
  where r.typed_at is null
    or r.typed_at <= excluded.typed_at - interval '20 seconds';
  if not found then
    return;
  end if;

  perform graphile_worker.add_job(
    'receipt__send',
    json_build_object('conversation_id', v_conversation.id, 'typing', true),
    job_key => 'typing:' || v_conversation.id,
    max_attempts => 1::smallint
  );
end;
$$;

/*
 * What the worker needs to tell a customer that we have read, and perhaps that we type: the newest message
 * from them that was read, not older than the provider takes (30 days) and not told before. Null: nothing
 * is to be told, or not by a channel that needs attention.
 */
create function private.claim_receipt(conversation_id uuid, typing boolean)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_conversation public.conversations;
  v_channel public.channels;
  v_message public.messages;
  v_told private.receipts;
  -- Who types has seen all there is; a job that waited this long shows nobody typing any more.
  v_typing boolean;
begin
  select c.* into v_conversation from public.conversations c where c.id = $1;
  select c.* into v_channel from public.channels c where c.id = v_conversation.channel_id;
  if v_channel.status is distinct from 'connected' or v_conversation.is_history then
    return null;
  end if;
  select r.* into v_told from private.receipts r where r.conversation_id = $1;
  v_typing := coalesce(typing and v_told.typed_at > now() - interval '20 seconds', false);
  if typing and not v_typing then
    return null;
  end if;

  select m.* into v_message
  from public.messages m
  where m.tenant_id = v_conversation.tenant_id
    and m.conversation_id = v_conversation.id
    and m.direction = 'in'
    and m.external_id is not null
    and m.sent_at > now() - interval '30 days'
    and m.created_at > now() - interval '31 days'
    and m.seq <= case when v_typing then v_conversation.last_seq else v_conversation.read_seq end
    and (v_typing or m.seq > coalesce(v_told.seq, 0))
  order by m.seq desc
  limit 1;
  if not found then
    return null;
  end if;

  return jsonb_build_object(
    'channel_id', v_channel.id,
    'phone_number_id', v_channel.phone_number_id,
    'external_id', v_message.external_id,
    'seq', v_message.seq,
    'typing', v_typing,
    'token', (
      select jsonb_build_object('key_id', s.key_id, 'nonce', encode(s.nonce, 'hex'), 'ciphertext', encode(s.ciphertext, 'hex'))
      from private.channel_secrets s
      where s.channel_id = v_channel.id
        and s.name = 'access_token'
    )
  );
end;
$$;

/* The customer was told up to `seq`, or never will be: it is not tried again. */
create function private.settle_receipt(conversation_id uuid, seq bigint)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  insert into private.receipts as r (conversation_id, tenant_id, seq)
  select c.id, c.tenant_id, settle_receipt.seq
  from public.conversations c
  where c.id = settle_receipt.conversation_id
  on conflict on constraint receipts_pkey do update
  set seq = greatest(r.seq, excluded.seq);
end;
$$;

grant execute on function public.show_typing(uuid) to authenticated;

grant execute on function
  private.claim_receipt(uuid, boolean),
  private.settle_receipt(uuid, bigint),
  private.hold_channel(uuid, jsonb)
to prosa_worker;
