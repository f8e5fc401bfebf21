-- A buyer who reads or changes the cart has seen which lines it lost. Adding or removing product_id also removes that item
-- from the lost lines: the one of stock_variant_id (0: of the product's stock), or all of the product if it is null. The function
-- writes nothing if the buyer has seen everything.
--
-- The arguments have no defaults: with them, a call of the previous version, which has two arguments, would match both functions
-- while a deploy or a rollback replaces one by the other.
--
-- Locks: the named holds by stock. The caller may hold other holds, so the function waits for no further one. It skips those that
-- another call changes, and the next read of the cart marks them.
create or replace function mark_lapses_seen(
  user_id bigint, product_id bigint, stock_variant_id bigint
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_stock_ids bigint[];
  v_unseen text[];
begin
  if product_id is not null then
    v_stock_ids := array(
      select h.stock_variant_id from holds h
      where h.user_id = mark_lapses_seen.user_id and h.product_id = mark_lapses_seen.product_id
        and h.stock_variant_id = coalesce(mark_lapses_seen.stock_variant_id, h.stock_variant_id) and h.lapsed_at is not null
      order by h.stock_variant_id
      for update
    );
    if v_stock_ids <> '{}' then
      update holds h set is_lapse_unseen = false, lapsed_at = null
      where h.user_id = mark_lapses_seen.user_id and h.product_id = mark_lapses_seen.product_id
        and h.stock_variant_id = any (v_stock_ids);
    end if;
  end if;
  v_unseen := array(
    select format('%s %s', h.product_id, h.stock_variant_id) from holds h
    where h.user_id = mark_lapses_seen.user_id and h.lapsed_at is not null and h.is_lapse_unseen
    for update skip locked
  );
  if v_unseen <> '{}' then
    update holds h set is_lapse_unseen = false
    where h.user_id = mark_lapses_seen.user_id and format('%s %s', h.product_id, h.stock_variant_id) = any (v_unseen);
  end if;
end;
$$;
comment on function mark_lapses_seen(bigint, bigint, bigint) is
  'Records that a buyer has seen the lost lines of the cart, and removes product_id, or one stock of it, from them.';
