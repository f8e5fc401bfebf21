-- A query that looks like an e-mail address, a telephone number or a card number is no search for a listing, so it is not kept.
create or replace function loggable_query(q text) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select case when loggable_query.q !~ '@|(\d[ -]?){7}'
    then nullif(left(array_to_string(search_tokens(loggable_query.q), ' '), 200), '')
  end
$$;
comment on function loggable_query(text) is 'A query as the log keeps it: its words. Null for a query that is not kept.';
