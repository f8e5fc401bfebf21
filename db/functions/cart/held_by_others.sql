-- A hold keeps one unit, whatever the quantity of its line: only an item with stock 1 is held, and the line may have grown since.
-- stock_variant_id: the variant whose stock it is, or null for the stock of the product. No search_path: inlined.
create or replace function held_by_others(product_id bigint, stock_variant_id bigint, user_id bigint)
returns table (quantity bigint, until timestamptz)
language sql stable
as $$
  select count(*), max(ci.reserved_until) from cart_items ci
  where ci.product_id = held_by_others.product_id
    and coalesce(ci.stock_variant_id, 0) = coalesce(held_by_others.stock_variant_id, 0)
    and ci.user_id <> held_by_others.user_id
    and ci.reserved_until > clock_timestamp()
$$;
comment on function held_by_others(bigint, bigint, bigint) is
  'Returns the number of units of a stock that other buyers hold now, 0 or 1, and the end of the hold.';
