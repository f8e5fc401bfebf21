-- The first working day counts, if days is 0. Working days are all days but days_off and those of a vacation with dates. A
-- vacation without dates has no end to count from. The range below ends late enough for one working day a week.
create or replace function ship_by_day(paid_on date, days integer, days_off smallint[], vacation_from date, vacation_until date)
returns date
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if days_off = '{}' and (
    vacation_until is null or vacation_until < paid_on or paid_on + days < vacation_from
  ) then
    return paid_on + days;
  end if;
  return (
    select d.day
    from (
      select paid_on + n as day
      from generate_series(
        least(days, 1), 7 * (days + 2) + greatest(vacation_until - paid_on, 0) + 7
      ) n
    ) d
    where extract(isodow from d.day) <> all (days_off)
      and (vacation_from is null or d.day not between vacation_from and vacation_until)
    order by d.day
    offset greatest(days - 1, 0)
    limit 1
  );
end;
$$;
comment on function ship_by_day(date, integer, smallint[], date, date) is
  'Returns the day by which a shop ships what was paid on paid_on: this many working days later, not on its days off or its vacation.';
