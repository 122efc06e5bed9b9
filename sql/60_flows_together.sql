/* Who draws a flow at the same time: whoever sees it may be present in `flow:<id>`. Nothing is broadcast there. */

create function private.may_join_flow(topic text)
  returns boolean
  language sql
  stable
  set search_path = ''
as $$
  select case split_part($1, ':', 1)
    when 'flow' then exists (
      select
      from public.flows f
      where f.id = case when split_part($1, ':', 2) ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then split_part($1, ':', 2)::uuid end
    )
    else false
  end
$$;

grant execute on function private.may_join_flow(text) to authenticated;

create policy select_drawer on realtime.messages
  for select to authenticated
  using (
    extension in ('broadcast', 'presence')
    and private.may_join_flow((select realtime.topic()))
  );

create policy insert_drawer on realtime.messages
  for insert to authenticated
  with check (
    extension = 'presence'
    and private.may_join_flow((select realtime.topic()))
  );
