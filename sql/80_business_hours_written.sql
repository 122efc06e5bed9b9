/* How schedules and holidays are written: by whoever has hours.manage, each value checked before it is kept. */

/*
 * Writes the schedule of the company (`team_id` null) or of a team: {timezone, week, away_enabled, away_message,
 * first_reply_minutes, next_reply_minutes, warning_minutes, pauses_outside}; what is not named stays. Raises tenant_not_found,
 * not_allowed, team_not_found, hours_invalid (detail: the rule that is broken).
 */
create function public.save_business_hours(tenant_id uuid, team_id uuid, hours jsonb)
  returns public.business_hours
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_hours public.business_hours;
begin
  perform private.require($1, 'hours.manage');
  begin
    insert into public.business_hours (tenant_id, team_id, timezone)
    select t.id, $2, coalesce((select h.timezone from public.business_hours h where h.tenant_id = t.id and h.team_id is null), t.timezone)
    from public.tenants t
    where t.id = $1
    on conflict do nothing;

    update public.business_hours h
    set
      timezone = coalesce(hours ->> 'timezone', h.timezone),
      week = coalesce(hours -> 'week', h.week),
      away_enabled = coalesce((hours ->> 'away_enabled')::boolean, h.away_enabled),
      away_message = coalesce(hours ->> 'away_message', h.away_message),
      first_reply_minutes = case when hours ? 'first_reply_minutes' then (hours ->> 'first_reply_minutes')::integer else h.first_reply_minutes end,
      next_reply_minutes = case when hours ? 'next_reply_minutes' then (hours ->> 'next_reply_minutes')::integer else h.next_reply_minutes end,
      warning_minutes = case when hours ? 'warning_minutes' then (hours ->> 'warning_minutes')::integer else h.warning_minutes end,
      pauses_outside = coalesce((hours ->> 'pauses_outside')::boolean, h.pauses_outside)
    where h.tenant_id = $1
      and h.team_id is not distinct from $2
    returning h.* into v_hours;
  exception
    when foreign_key_violation then
      perform private.refuse(404, 'team_not_found');
    when check_violation or not_null_violation or invalid_text_representation or numeric_value_out_of_range then
      perform private.refuse(422, 'hours_invalid', sqlerrm);
  end;
  return v_hours;
end;
$$;

/*
 * Takes a schedule away: a team then keeps the company's hours, a company is then always open. Its holidays stay.
 * Raises tenant_not_found, not_allowed.
 */
create function public.delete_business_hours(tenant_id uuid, team_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
begin
  perform private.require($1, 'hours.manage');
  delete from public.business_hours h
  where h.tenant_id = $1
    and h.team_id is not distinct from $2;
end;
$$;

/*
 * Writes a holiday, or changes one: {day, name, every_year, spans, team_id}. Raises tenant_not_found, not_allowed,
 * holiday_not_found, holiday_exists, team_not_found, hours_invalid (detail: the rule that is broken).
 */
create function public.save_holiday(tenant_id uuid, holiday_id uuid, holiday jsonb)
  returns public.holidays
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_holiday public.holidays;
begin
  perform private.require($1, 'hours.manage');
  begin
    if holiday_id is null then
      insert into public.holidays (tenant_id, team_id, day, name, every_year, spans)
      values (
        $1, (holiday ->> 'team_id')::uuid, (holiday ->> 'day')::date, btrim(holiday ->> 'name'),
        coalesce((holiday ->> 'every_year')::boolean, false), coalesce(holiday -> 'spans', '[]')
      )
      returning * into v_holiday;
    else
      update public.holidays h
      set
        day = coalesce((holiday ->> 'day')::date, h.day),
        name = coalesce(btrim(holiday ->> 'name'), h.name),
        every_year = coalesce((holiday ->> 'every_year')::boolean, h.every_year),
        spans = coalesce(holiday -> 'spans', h.spans)
      where h.tenant_id = $1
        and h.id = holiday_id
      returning h.* into v_holiday;
      if v_holiday.id is null then
        perform private.refuse(404, 'holiday_not_found');
      end if;
    end if;
  exception
    when unique_violation then
      perform private.refuse(409, 'holiday_exists');
    when foreign_key_violation then
      perform private.refuse(404, 'team_not_found');
    when check_violation or not_null_violation or invalid_text_representation or datetime_field_overflow or invalid_datetime_format then
      perform private.refuse(422, 'hours_invalid', sqlerrm);
  end;
  return v_holiday;
end;
$$;

/* Takes a holiday off the list. Raises holiday_not_found, not_allowed. */
create function public.delete_holiday(holiday_id uuid)
  returns void
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_tenant_id uuid;
begin
  select h.tenant_id into v_tenant_id
  from public.holidays h
  where h.id = $1
    and h.tenant_id = any (array(select private.my_tenant_ids('tenant.read')));
  if v_tenant_id is null then
    perform private.refuse(404, 'holiday_not_found');
  end if;
  perform private.require(v_tenant_id, 'hours.manage');
  delete from public.holidays h where h.id = $1;
end;
$$;

grant execute on function
  public.save_business_hours(uuid, uuid, jsonb),
  public.delete_business_hours(uuid, uuid),
  public.save_holiday(uuid, uuid, jsonb),
  public.delete_holiday(uuid)
to authenticated;
