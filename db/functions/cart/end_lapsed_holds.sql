-- The caller has locked the lines and knows that their holds have lapsed. A line that came back from a failed payment stays
-- without its hold, and so does a line of several units with one held unit. Every other line is deleted, and its buyer's cart
-- shows it as lost for a day (cart_json). The end of the hold is stored for the next hold (hold_item).
-- Locks: the holds by user, product and stock.
create or replace function end_lapsed_holds(line_ids bigint[]) returns setof cart_items
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with kept as (
    update cart_items ci set reserved_until = null where ci.id = any (line_ids) and (ci.outlives_hold or ci.quantity > 1)
  ),
  deleted as (
    delete from cart_items ci where ci.id = any (line_ids) and not (ci.outlives_hold or ci.quantity > 1) returning ci.*
  ),
  noted as (
    insert into holds (user_id, product_id, stock_variant_id, held_until, lapsed_at, is_lapse_unseen)
    select d.user_id, d.product_id, coalesce(d.stock_variant_id, 0), d.reserved_until, clock_timestamp(), true
    from deleted d
    order by d.user_id, d.product_id, d.stock_variant_id
    on conflict on constraint holds_pkey do update
      set held_until = excluded.held_until, lapsed_at = excluded.lapsed_at, is_lapse_unseen = true
  )
  select d.* from deleted d
$$;
comment on function end_lapsed_holds(bigint[]) is
  'Ends lapsed holds. Returns the deleted lines, and records for their buyers that they are gone.';
