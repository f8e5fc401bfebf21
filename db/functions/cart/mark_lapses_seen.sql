-- A buyer who reads or changes the cart has seen which lines it lost. Adding or removing product_id also removes that item
-- from the lost lines. The function writes nothing if the buyer has seen everything.
-- Locks: the buyer's holds by product.
create or replace function mark_lapses_seen(user_id bigint, product_id bigint default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product_ids constant bigint[] := array(
    select h.product_id from holds h
    where h.user_id = mark_lapses_seen.user_id and h.lapsed_at is not null
      and (h.is_lapse_unseen or h.product_id = mark_lapses_seen.product_id)
    order by h.product_id
    for update
  );
begin
  if v_product_ids <> '{}' then
    update holds h
    set is_lapse_unseen = false, lapsed_at = case when h.product_id = mark_lapses_seen.product_id then null else h.lapsed_at end
    where h.user_id = mark_lapses_seen.user_id and h.product_id = any (v_product_ids);
  end if;
end;
$$;
comment on function mark_lapses_seen(bigint, bigint) is
  'Records that a buyer has seen the lost lines of the cart, and removes product_id from them.';
