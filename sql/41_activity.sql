/*
 * What was done to a conversation stands in its thread, as private messages of kind `activity`: given to Ana, closed,
 * tagged, snoozed. Triggers write them, so that nobody can forget to. One update of a conversation is one activity that
 * holds all its changes, and takes its place in the thread in that same update.
 *
 * content: {kind, changes: [{type, …}], cause?}, core's ActivityContent. Names are kept as they were: what is told stays readable when a tag, a team
 * or a person is gone.
 */

/*
 * Says why the changes that follow in this transaction happen: {type: rule | macro | routing | schedule | hours, id,
 * name, note?}. Null: nobody's doing but the person's who is signed in. Returns what was said before, to put it back.
 */
create function private.set_cause(cause jsonb)
  returns jsonb
  language plpgsql
  volatile
  set search_path = ''
as $$
declare
  v_before jsonb := private.cause();
begin
  perform set_config('prosa.cause', coalesce(cause::text, ''), true);
  return v_before;
end;
$$;

/* Why what happens now happens; null where nothing was said. */
create function private.cause()
  returns jsonb
  language plpgsql
  stable
  set search_path = ''
as $$
begin
  return nullif(current_setting('prosa.cause', true), '')::jsonb;
end;
$$;

/*
 * Has the changes that follow in this transaction told to nobody (true), or told again: housekeeping, such as a deleted
 * tag that is taken off thousands of conversations.
 */
create function private.set_quiet(quiet boolean)
  returns void
  language plpgsql
  volatile
  set search_path = ''
as $$
begin
  perform set_config('prosa.quiet', case when quiet then 'on' else '' end, true);
end;
$$;

/* Takes the next place in the thread for the activity; messages that the same update makes room for come behind it. */
create function private.tg_conversations__take_activity_seq()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  if current_setting('prosa.quiet', true) = 'on' then
    return new;
  end if;
  new.last_seq := new.last_seq + 1;
  -- What was read stays read: an activity is nothing new to read.
  if new.read_seq >= old.last_seq then
    new.read_seq := new.read_seq + 1;
  end if;
  return new;
end;
$$;

/* A person as they are called now, for what is told: {id, name}. */
create function private.named_member(tenant_id uuid, user_id uuid)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
begin
  return jsonb_build_object(
    'id', user_id,
    'name', (select m.display_name from public.memberships m where m.tenant_id = $1 and m.user_id = $2)
  );
end;
$$;

/* The changes between two versions of a conversation, as activities tell them. */
create function private.changes_between(before public.conversations, after public.conversations)
  returns jsonb
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_changes jsonb := '[]';
begin
  if after.status <> before.status then
    v_changes := v_changes || jsonb_build_object('type', case when after.status = 'closed' then 'closed' else 'reopened' end);
  end if;
  if after.is_spam <> before.is_spam then
    v_changes := v_changes || jsonb_build_object('type', 'spam', 'to', after.is_spam);
  end if;
  if after.snoozed_until is distinct from before.snoozed_until and after.status = before.status and after.is_spam = before.is_spam then
    v_changes := v_changes || case
      when after.snoozed_until is not null then jsonb_build_object('type', 'snoozed', 'until', after.snoozed_until)
      else jsonb_build_object('type', 'woke', 'by', case
        when after.unread_count > before.unread_count then 'answer'
        when auth.uid() is not null or private.cause() is not null then 'person'
        else 'time'
      end)
    end;
  end if;
  if after.team_id is distinct from before.team_id then
    v_changes := v_changes || jsonb_build_object(
      'type', 'team',
      'from', (select jsonb_build_object('id', t.id, 'name', t.name) from public.teams t where t.id = before.team_id),
      'to', (select jsonb_build_object('id', t.id, 'name', t.name) from public.teams t where t.id = after.team_id)
    );
  end if;
  if after.assignee_id is distinct from before.assignee_id then
    v_changes := v_changes || jsonb_build_object(
      'type', 'assignee',
      'from', case when before.assignee_id is not null then private.named_member(after.tenant_id, before.assignee_id) end,
      'to', case when after.assignee_id is not null then private.named_member(after.tenant_id, after.assignee_id) end
    );
  end if;
  if after.priority <> before.priority then
    v_changes := v_changes || jsonb_build_object('type', 'priority', 'from', before.priority, 'to', after.priority);
  end if;
  if after.tag_ids <> before.tag_ids then
    v_changes := v_changes || (
      select jsonb_build_object(
        'type', 'tags',
        'added', coalesce(jsonb_agg(t.told order by t.position) filter (where t.id <> all (before.tag_ids)), '[]'),
        'removed', coalesce(jsonb_agg(t.told order by t.position) filter (where t.id <> all (after.tag_ids)), '[]')
      )
      from (
        select g.id, g.position, jsonb_build_object('id', g.id, 'name', g.name, 'color', g.color) as told
        from public.tags g
        where g.tenant_id = after.tenant_id
          and g.id = any (before.tag_ids || after.tag_ids)
      ) t
    );
  end if;
  return v_changes;
end;
$$;

/* Writes the activity into the place that was taken for it. */
create function private.tg_conversations__tell_activity()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
declare
  v_cause jsonb := private.cause();
  -- A macro is run by a person; the other causes act by themselves, in whoever's transaction.
  v_person uuid := case when v_cause is null or v_cause ->> 'type' = 'macro' then auth.uid() end;
begin
  if current_setting('prosa.quiet', true) = 'on' then
    return null;
  end if;
  insert into public.messages (
    tenant_id, conversation_id, contact_id, channel_id, seq, direction, author, author_id, kind, content, status, is_private
  )
  select
    new.tenant_id, new.id, new.contact_id, new.channel_id, old.last_seq + 1, 'out',
    case when v_person is null then 'system' else 'agent' end::public.message_author, v_person, 'activity',
    jsonb_strip_nulls(jsonb_build_object('kind', 'activity', 'changes', private.changes_between(old, new), 'cause', v_cause)), 'sent', true
  -- It may be gone with its tenant, which took the people away first.
  where exists (select from public.conversations c where c.id = new.id);
  return null;
end;
$$;

create trigger _150_own_tags
  before insert or update of tag_ids on public.conversations
  for each row
  when (new.tag_ids <> '{}')
  execute function private.tg_keep_own_tags();

create trigger _200_activity
  before update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.snoozed_until is distinct from new.snoozed_until
    or old.is_spam <> new.is_spam
    or old.priority <> new.priority
    or old.tag_ids <> new.tag_ids
  )
  execute function private.tg_conversations__take_activity_seq();

create trigger _500_activity
  after update on public.conversations
  for each row
  when (
    old.status <> new.status
    or old.assignee_id is distinct from new.assignee_id
    or old.team_id is distinct from new.team_id
    or old.snoozed_until is distinct from new.snoozed_until
    or old.is_spam <> new.is_spam
    or old.priority <> new.priority
    or old.tag_ids <> new.tag_ids
  )
  execute function private.tg_conversations__tell_activity();
