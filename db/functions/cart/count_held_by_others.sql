create or replace function count_held_by_others(product_id bigint, user_id bigint) returns bigint
language sql stable
set search_path = public, pg_temp
as $$
  select coalesce(sum(ci.quantity), 0) from cart_items ci
  where ci.product_id = count_held_by_others.product_id
    and ci.user_id <> count_held_by_others.user_id
    and ci.reserved_until > clock_timestamp()
$$;
comment on function count_held_by_others(bigint, bigint) is 'How many units of a product other buyers hold right now.';
