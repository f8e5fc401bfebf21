-- A missing line is no error. Locks: the line, then its hold (mark_lapses_seen).
create or replace function remove_cart_line(user_id bigint, line_id bigint) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with removed as (
    delete from cart_items ci where ci.id = remove_cart_line.line_id and ci.user_id = remove_cart_line.user_id
    returning ci.product_id
  )
  select mark_lapses_seen(remove_cart_line.user_id, (select removed.product_id from removed))
$$;
comment on function remove_cart_line(bigint, bigint) is 'Removes a cart line and ends its hold.';
