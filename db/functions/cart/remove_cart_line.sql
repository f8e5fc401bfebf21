-- A missing line is no error. Locks: the line, then its hold (mark_lapses_seen).
create or replace function remove_cart_line(user_id bigint, line_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_removed cart_items;
begin
  delete from cart_items ci where ci.id = remove_cart_line.line_id and ci.user_id = remove_cart_line.user_id
  returning ci.* into v_removed;
  perform mark_lapses_seen(user_id, v_removed.product_id, coalesce(v_removed.stock_variant_id, 0));
end;
$$;
comment on function remove_cart_line(bigint, bigint) is 'Removes a cart line and ends its hold.';
