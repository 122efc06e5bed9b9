/*
 * How soon an answer is due (`sla_due_at`), kept where the wait begins and ends: in the same update, by the
 * schedule's promise. What was promised when the customer wrote stays promised when the schedule changes.
 */

/* When the one who waits since `since` is to be answered; null where nothing is promised. */
create function private.due_at(tenant_id uuid, team_id uuid, since timestamptz, is_first boolean)
  returns timestamptz
  language plpgsql
  stable
  security definer
  set search_path = ''
as $$
declare
  v_hours public.business_hours := private.hours_of($1, $2);
  v_minutes integer := case when is_first then v_hours.first_reply_minutes else v_hours.next_reply_minutes end;
begin
  if v_minutes is null then
    return null;
  end if;
  if not v_hours.pauses_outside then
    return since + make_interval(mins => v_minutes);
  end if;
  return private.add_open_minutes(v_hours, since, v_minutes);
end;
$$;

create function private.tg_conversations__promise()
  returns trigger
  language plpgsql
  security definer
  set search_path = ''
as $$
begin
  new.sla_due_at := case
    when new.waiting_since is not null
      then private.due_at(new.tenant_id, new.team_id, new.waiting_since, new.first_reply_at is null)
  end;
  return new;
end;
$$;

create trigger _060_promise
  before update on public.conversations
  for each row
  when (old.waiting_since is distinct from new.waiting_since or (old.team_id is distinct from new.team_id and new.waiting_since is not null))
  execute function private.tg_conversations__promise();
