-- No search_path: inlined.
create or replace function cart_json(user_id bigint) returns json
language sql stable
as $$
  select cart_page(user_id, cart_lines(user_id))
$$;
comment on function cart_json(bigint) is 'Renders a cart from the tables.';
