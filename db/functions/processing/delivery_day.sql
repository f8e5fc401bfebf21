-- No search_path: inlined.
create or replace function delivery_day(s shops, processing_days integer, transit_days integer) returns date
language sql stable
as $$
  select case when transit_days is not null then
    ship_by_day((now() at time zone 'UTC')::date, processing_days, s.days_off, s.vacation_from, s.vacation_until) + transit_days
  end
$$;
comment on function delivery_day(shops, integer, integer) is
  'Returns the day on which something arrives that is paid today. Null if the days in the post are not known.';
