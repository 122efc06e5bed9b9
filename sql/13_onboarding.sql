/*
 * Somebody new is shown the product once: who they are, how they are told, whether they are there, three keys. How far
 * they are stands in their membership, so that another browser goes on where this one stopped, and nobody is asked twice.
 */

/*
 * Remembers the next step of the signed-in person in a tenant; null: through with it, or skipped. Only forward, and once
 * through nothing begins again. Raises tenant_not_found, onboarding_step_unknown.
 */
create function public.onboard_me(tenant_id uuid, next_step text)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  c_steps constant text[] := '{name,notifications,availability,keys}';
begin
  if $2 is not null and $2 <> all (c_steps) then
    perform private.refuse(422, 'onboarding_step_unknown');
  end if;
  if not exists (
    select from public.memberships m where m.tenant_id = $1 and m.user_id = auth.uid() and m.deactivated_at is null
  ) then
    perform private.refuse(404, 'tenant_not_found');
  end if;
  update public.memberships m
  set onboarding = $2
  where m.tenant_id = $1
    and m.user_id = auth.uid()
    and m.onboarding is not null
    and ($2 is null or array_position(c_steps, $2) > array_position(c_steps, m.onboarding));
end;
$$;

grant execute on function public.onboard_me(uuid, text) to authenticated;
