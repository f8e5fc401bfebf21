create or replace function working_days(after date, until date, days_off smallint[]) returns integer
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_days constant integer := greatest(until - after, 0);
begin
  return v_days / 7 * (7 - cardinality(days_off)) + (
    select count(*) from generate_series(1, v_days % 7) n where extract(isodow from after + n) <> all (days_off)
  );
end;
$$;
comment on function working_days(date, date, smallint[]) is
  'Returns the number of days after one and until another that are no days_off.';
