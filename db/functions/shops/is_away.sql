-- The only rule of vacations: the switch, and the dates that a job has not yet turned into it (turn_vacations). today: the day in
-- UTC. No search_path: inlined.
create or replace function is_away(s shops, today date) returns boolean
language sql immutable
as $$
  select (s.is_on_vacation or coalesce(s.vacation_from <= today, false)) and not coalesce(s.vacation_until < today, false)
$$;
comment on function is_away(shops, date) is 'Returns whether a shop is on vacation on a day: by its switch or by its dates.';
