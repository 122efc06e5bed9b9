/*
 * What one conversation, or one person, has cost: the sum and what it is made of, from the same rows. Only what was
 * delivered counts.
 */

/*
 * {amount, currency, messages, charged, free, unknown, parts}: `unknown` are delivered messages whose price nobody knows yet,
 * and the amount is without them; `parts` the same by month and category, newest first, dearest first. `subject` is
 * conversation_id or contact_id.
 */
create function private.sum_of_charges(tenant_id uuid, subject text, id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_sum jsonb;
begin
  execute format(
    $sql$
      with parts as (
        select
          to_char(c.charged_on, 'YYYY-MM') as month,
          c.category,
          min(c.currency) as currency,
          coalesce(sum(c.amount), 0) as amount,
          count(*) as messages,
          count(*) filter (where c.amount > 0) as charged,
          count(*) filter (where c.amount = 0) as free,
          count(*) filter (where c.amount is null) as unknown
        from public.charges c
        where c.tenant_id = $1
          and c.%I = $2
          and c.delivered_at is not null
        group by 1, 2
      )
      select jsonb_build_object(
        'amount', coalesce(sum(p.amount), 0),
        'currency', coalesce(min(p.currency), 'USD'),
        'messages', coalesce(sum(p.messages), 0),
        'charged', coalesce(sum(p.charged), 0),
        'free', coalesce(sum(p.free), 0),
        'unknown', coalesce(sum(p.unknown), 0),
        'parts', coalesce(jsonb_agg(to_jsonb(p) order by p.month desc, p.amount desc, p.category), '[]')
      )
      from parts p
    $sql$,
    subject
  )
  into v_sum
  using $1, $3;
  return v_sum;
end;
$$;

/* What a conversation has cost: private.sum_of_charges. Raises conversation_not_found, not_allowed. */
create function public.conversation_cost(conversation_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
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
  if not private.may(v_conversation.tenant_id, 'costs.read') then
    perform private.refuse(403, 'not_allowed', 'costs.read');
  end if;
  return private.sum_of_charges(v_conversation.tenant_id, 'conversation_id', v_conversation.id);
end;
$$;

/* What a person has cost over all conversations: private.sum_of_charges. Raises contact_not_found, not_allowed. */
create function public.contact_cost(contact_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select c.tenant_id into v_tenant_id
  from public.contacts c
  where c.id = $1
    and c.tenant_id = any (array(select private.my_tenant_ids('contacts.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'contact_not_found');
  end if;
  if not private.may(v_tenant_id, 'costs.read') then
    perform private.refuse(403, 'not_allowed', 'costs.read');
  end if;
  return private.sum_of_charges(v_tenant_id, 'contact_id', $1);
end;
$$;

grant execute on function
  public.conversation_cost(uuid),
  public.contact_cost(uuid)
to authenticated;
