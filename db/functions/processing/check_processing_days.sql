-- Raises a readable message before the constraint would fail.
create or replace function check_processing_days(days_min integer, days_max integer) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if days_max < days_min then
    raise exception using errcode = 'SWINV', message = 'days_max must not be less than days_min.',
      detail = '{"field": "days_max"}';
  end if;
end;
$$;
comment on function check_processing_days(integer, integer) is 'Rejects a days_max below days_min. SWINV.';
