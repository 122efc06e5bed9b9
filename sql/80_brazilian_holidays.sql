/*
 * The national holidays of Brazil, so that nobody types them: fixed days (Lei 662/1949, Lei 6.802/1980, Lei
 * 14.759/2023) and Good Friday; and the days on which banks and offices stay closed though no law says so
 * (Carnival, Corpus Christi), which are `optional`.
 */

/* Easter Sunday of a year of the Gregorian calendar (Meeus, Jones and Butcher). */
create function private.easter(year integer)
  returns date
  language plpgsql
  immutable
  set search_path = ''
as $$
declare
  a integer := year % 19;
  b integer := year / 100;
  c integer := year % 100;
  h integer := (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
  l integer := (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
  m integer := (a + 11 * h + 22 * l) / 451;
  n integer := h + l - 7 * m + 114;
begin
  return make_date(year, n / 31, n % 31 + 1);
end;
$$;

/* The holidays of a year, by day. */
create function private.brazilian_holidays(year integer)
  returns table (day date, name text, optional boolean)
  language plpgsql
  immutable
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_easter date := private.easter($1);
begin
  return query
  select x.day, x.name, x.optional
  from (
    values
      (make_date($1, 1, 1), 'Confraternização Universal', false),
      (v_easter - 48, 'Carnaval (segunda-feira)', true),
      (v_easter - 47, 'Carnaval (terça-feira)', true),
      (v_easter - 2, 'Paixão de Cristo', false),
      (make_date($1, 4, 21), 'Tiradentes', false),
      (make_date($1, 5, 1), 'Dia do Trabalho', false),
      (v_easter + 60, 'Corpus Christi', true),
      (make_date($1, 9, 7), 'Independência do Brasil', false),
      (make_date($1, 10, 12), 'Nossa Senhora Aparecida', false),
      (make_date($1, 11, 2), 'Finados', false),
      (make_date($1, 11, 15), 'Proclamação da República', false),
      (make_date($1, 11, 20), 'Consciência Negra', false),
      (make_date($1, 12, 25), 'Natal', false)
  ) x (day, name, optional)
  where x.name <> 'Consciência Negra' or $1 >= 2024
  order by x.day;
end;
$$;

/*
 * Puts the national holidays of a year on the company's list, the optional ones where asked for. A day that is
 * there already stays as it is. Gives how many came. Raises tenant_not_found, not_allowed, year_invalid.
 */
create function public.add_brazilian_holidays(tenant_id uuid, year integer, with_optional boolean default false)
  returns integer
  language plpgsql
  volatile
  security definer
  set search_path = ''
as $$
declare
  v_count integer;
begin
  perform private.require($1, 'hours.manage');
  if year is null or year not between 2000 and 2199 then
    perform private.refuse(422, 'year_invalid');
  end if;
  insert into public.holidays (tenant_id, day, name)
  select $1, b.day, b.name
  from private.brazilian_holidays(year) b
  where with_optional or not b.optional
  on conflict do nothing;
  get diagnostics v_count = row_count;
  return v_count;
end;
$$;

grant execute on function public.add_brazilian_holidays(uuid, integer, boolean) to authenticated;
