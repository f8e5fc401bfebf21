-- before: the shop as it is, after: as it shall be. today: the day in UTC. Raises readable messages before the constraints would
-- fail.
create or replace function check_vacation(before shops, after shops, today date) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_field text := 'vacation_until';
  v_message text;
begin
  if (before.vacation_from, before.vacation_until) is not distinct from (after.vacation_from, after.vacation_until) then
    return;
  elsif (after.vacation_from is null) <> (after.vacation_until is null) then
    v_field := case when after.vacation_from is null then 'vacation_from' else 'vacation_until' end;
    v_message := 'Send both vacation_from and vacation_until, or null for both.';
  elsif after.vacation_until < after.vacation_from then
    v_message := 'vacation_until must not be before vacation_from.';
  elsif after.vacation_until < today then
    v_message := format('vacation_until must be today, %s in UTC, or later.', today);
  elsif after.vacation_until > today + interval '2 years' or after.vacation_until > after.vacation_from + interval '2 years' then
    v_message := 'vacation_until must be at most two years ahead, and two years after vacation_from.';
  end if;
  if v_message is not null then
    raise exception using errcode = 'SWINV', message = v_message, detail = json_build_object('field', v_field);
  end if;
end;
$$;
comment on function check_vacation(shops, shops, date) is 'Rejects changed dates of a vacation that are no such period. SWINV.';
