-- The caller has locked the listings and changed their stock_by or has_variants, so their cart lines take another stock than before.
-- Holds are of one stock: a live hold refuses the change, and lapsed holds end. After the last variant no line of a variant can be
-- ordered, so its hold ends too, live or not: erase_user must not wait for a buyer, and archive_variant has refused before.
-- Locks: all cart lines of the listings by product and id, then the holds.
create or replace function move_cart_lines(product_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_lapsed bigint[];
begin
  perform from cart_items ci where ci.product_id = any (move_cart_lines.product_ids) order by ci.product_id, ci.id for update;
  perform refuse_held(p.id) from products p where p.id = any (move_cart_lines.product_ids) and p.has_variants order by p.id;
  v_lapsed := array(
    select ci.id from cart_items ci
    where ci.product_id = any (move_cart_lines.product_ids) and ci.reserved_until <= clock_timestamp()
    order by ci.product_id, ci.id
  );
  if cardinality(v_lapsed) > 0 then
    perform end_lapsed_holds(v_lapsed);
  end if;
  update cart_items ci set stock_variant_id = stock_variant(p, ci.variant_id), reserved_until = null
  from products p
  where p.id = any (move_cart_lines.product_ids) and ci.product_id = p.id and ci.variant_id is not null;
end;
$$;
comment on function move_cart_lines(bigint[]) is
  'Brings the cart lines of locked listings to the stock that they have since their stock_by or has_variants changed. SWHLD.';
