-- ship_by is set when an order is paid. No search_path: inlined.
create or replace function shows_address(o orders, user_id bigint) returns boolean
language sql immutable
as $$
  select o.ship_by is not null or o.buyer_id = shows_address.user_id
$$;
comment on function shows_address(orders, bigint) is
  'Returns whether a user sees the address, note and gift message of an order: its buyer always, its seller once the order was '
  'paid.';
