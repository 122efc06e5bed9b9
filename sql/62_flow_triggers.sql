/* What makes flows go on, begin and end: messages, tags, the clock, and people who take over. */

/*
 * Once a statement: has what was said anything to do with a flow? A tenant without flows pays two looks into indexes that
 * are nearly empty.
 */
create function private.tg_messages__flows()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_called uuid[];
begin
  select array_agg(said.conversation_id) into v_called
  from (
    select distinct a.conversation_id
    from added a
    where a.direction = 'in'
      and a.kind not in ('reaction', 'edit', 'revoke', 'system')
      and (
        -- One descent a conversation: as `exists` it became a scan of all that live.
        (select r.id from public.flow_runs r where r.conversation_id = a.conversation_id and r.status = 'live' limit 1) is not null
        or (
          exists (
            select
            from public.flow_triggers t
            where t.tenant_id = a.tenant_id
              and t.active
              and t.on_message
              and (t.type <> 'first_message' or a.seq = 1)
              and (t.needles = '{""}' or exists (select from unnest(t.needles) n (word) where strpos(private.flow_words(a.body), n.word) > 0))
          )
          and (
            select c.status = 'open' and c.assignee_id is null and c.first_reply_at is null and not c.is_spam
            from public.conversations c
            where c.id = a.conversation_id
          )
        )
      )
  ) said;
  if v_called is not null then
    perform private.call_flows(v_called);
  end if;
  return null;
end;
$$;

create trigger _960_flows
  after insert on public.messages
  referencing new table as added
  for each statement
  execute function private.tg_messages__flows();

/* A run ends with whatever takes the conversation from the bot: a person who answers or is given it, or closing. */
create function private.tg_conversations__end_flow()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  perform private.end_flow(new, case when new.status = 'closed' then 'closed' else 'taken_over' end);
  return null;
end;
$$;

create trigger _960_end_flow
  after update on public.conversations
  for each row
  when (old.owner = 'bot' and (new.owner <> 'bot' or (old.status = 'open' and new.status = 'closed')))
  execute function private.tg_conversations__end_flow();

/* A tag that somebody gives starts the flow that waits for it. */
create function private.tg_conversations__flow_by_tag()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_trigger public.flow_triggers;
begin
  select t.* into v_trigger
  from public.flow_triggers t
  where t.type = 'tag'
    and t.tenant_id = new.tenant_id
    and t.active
    and t.settings -> 'tags' ?| array(select g::text from unnest(new.tag_ids) g where g <> all (old.tag_ids))
  order by t.active_since, t.position
  limit 1;
  if v_trigger.id is not null and private.is_nobodys(new) then
    perform private.begin_flow(new, v_trigger.flow_id, v_trigger.id, null, new.last_seq);
    perform private.enqueue_flow(new.id);
  end if;
  return null;
end;
$$;

create trigger _965_flow_by_tag
  after update on public.conversations
  for each row
  when (old.tag_ids <> new.tag_ids and new.status = 'open')
  execute function private.tg_conversations__flow_by_tag();

/*
 * Starts the flows whose hour has struck, by their tenants' clocks, in the open conversations with one of their tags that
 * are nobody's: once a day each, 200 at most a call. Returns how many.
 */
create function private.start_scheduled_flows()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_trigger record;
  v_conversation public.conversations;
  v_count integer := 0;
begin
  for v_trigger in
    select t.id, t.tenant_id, t.flow_id, t.settings
    from public.flow_triggers t
    join public.tenants n on n.id = t.tenant_id
    cross join lateral (select now() at time zone n.timezone as at) wall
    where t.type = 'schedule'
      and t.active
      and t.settings -> 'days' @> to_jsonb(extract(dow from wall.at)::integer)
      and wall.at::time >= (t.settings ->> 'at')::time
      and wall.at::time < (t.settings ->> 'at')::time + interval '10 minutes'
  loop
    for v_conversation in
      select c.*
      from public.conversations c
      where c.tenant_id = v_trigger.tenant_id
        and c.folder = 'open'
        and v_trigger.settings -> 'tags' ?| c.tag_ids::text[]
        and c.window_expires_at > now()
        and private.is_nobodys(c)
        and not exists (
          select
          from public.flow_runs r
          where r.conversation_id = c.id
            and (r.status = 'live' or (r.trigger_id = v_trigger.id and r.started_at > now() - interval '20 hours'))
        )
      order by c.last_message_at
      limit 200
      for no key update skip locked
    loop
      perform private.begin_flow(v_conversation, v_trigger.flow_id, v_trigger.id, null, v_conversation.last_seq);
      perform private.enqueue_flow(v_conversation.id);
      v_count := v_count + 1;
    end loop;
  end loop;
  return v_count;
end;
$$;

/* Has runs taken further that are a minute late, because their job was lost. Returns how many. */
create function private.wake_flows()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_id uuid;
  v_count integer := 0;
begin
  for v_id in
    select r.conversation_id
    from public.flow_runs r
    where r.ended_at is null
      and (
        r.waiting_until < now() - interval '1 minute'
        or (r.state is null and r.started_at < now() - interval '1 minute')
      )
    order by r.waiting_until
    limit 500
  loop
    perform private.enqueue_flow(v_id);
    v_count := v_count + 1;
  end loop;
  return v_count;
end;
$$;

/* Forgets the steps and requests of runs that ended 90 days ago, 10,000 at most. Returns how many. */
create function private.purge_flow_runs()
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  delete from public.flow_runs r
  where r.id = any (array(
    select o.id
    from public.flow_runs o
    where o.status = 'ended'
      and o.ended_at < now() - interval '90 days'
    limit 10000
  ));
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function
  private.start_scheduled_flows(),
  private.wake_flows(),
  private.purge_flow_runs()
to prosa_worker;
