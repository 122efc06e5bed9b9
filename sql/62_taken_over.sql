/*
 * Whoever is given a conversation of a bot or of an AI agent has it, and one that is closed or spam is nobody's: from this
 * moment on neither says anything. What they still thought out falls behind `owner_epoch`.
 */
create function private.tg_conversations__take_over()
  returns trigger
  language plpgsql
as $$
begin
  new.owner := 'human';
  new.owner_epoch := old.owner_epoch + 1;
  return new;
end;
$$;

create trigger _210_take_over
  before update of assignee_id, status, is_spam on public.conversations
  for each row
  when (
    old.owner <> 'human' and new.owner = old.owner
    and ((new.assignee_id is not null and old.assignee_id is distinct from new.assignee_id) or new.status <> 'open' or new.is_spam)
  )
  execute function private.tg_conversations__take_over();
