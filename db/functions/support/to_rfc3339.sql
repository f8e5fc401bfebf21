-- One spelling of time in every representation. No search_path here: with one, PostgreSQL would not inline it.
create or replace function to_rfc3339(moment timestamptz) returns text
language sql immutable parallel safe
as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
comment on function to_rfc3339(timestamptz) is 'A moment as the API writes it: RFC 3339 in UTC, to the millisecond.';
