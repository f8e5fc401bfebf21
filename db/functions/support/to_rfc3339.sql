-- All representations use this format. No search_path, and stable like to_char: otherwise PostgreSQL would not inline it.
create or replace function to_rfc3339(moment timestamptz) returns text
language sql stable parallel safe
as $$
  select to_char(moment at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;
comment on function to_rfc3339(timestamptz) is 'Formats a time as the API does: RFC 3339 in UTC, to the millisecond.';
