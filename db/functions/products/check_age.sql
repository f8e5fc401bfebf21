-- Vintage is at least 20 years old. The youngest possible year counts: "2000s" is vintage from 2029 on.
create or replace function check_age(is_vintage boolean, when_made text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_this_year constant integer := date_part('year', now() at time zone 'utc');
  v_latest constant integer := latest_year_made(when_made);
  v_first constant integer := substring(when_made from '^\d{4}');
begin
  if v_latest < v_first or coalesce(v_first, v_latest) > v_this_year then
    raise exception using errcode = 'SWINV',
      message = 'when_made must be a valid period that is not in the future.', detail = '{"field": "when_made"}';
  elsif is_vintage and v_latest > v_this_year - 20 then
    raise exception using errcode = 'SWINV',
      message = format('A vintage item must be at least 20 years old, made in %s or earlier.', v_this_year - 20),
      detail = '{"field": "when_made"}';
  end if;
end;
$$;
comment on function check_age(boolean, text) is
  'Rejects an invalid or future when_made, and vintage that is not 20 years old. SWINV.';
