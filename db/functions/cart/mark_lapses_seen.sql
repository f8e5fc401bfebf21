-- A buyer who reads or changes the cart has seen which lines it lost. Adding or removing product_id also removes that item
-- from the lost lines. The function writes nothing if the buyer has seen everything.
--
-- Locks: the hold on product_id. The caller may hold other holds, so the function waits for no further one. It skips those that
-- another call changes, and the next read of the cart marks them.
create or replace function mark_lapses_seen(user_id bigint, product_id bigint default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product_ids bigint[];
begin
  if product_id is not null then
    update holds h set is_lapse_unseen = false, lapsed_at = null
    where h.user_id = mark_lapses_seen.user_id and h.product_id = mark_lapses_seen.product_id and h.lapsed_at is not null;
  end if;
  v_product_ids := array(
    select h.product_id from holds h
    where h.user_id = mark_lapses_seen.user_id and h.lapsed_at is not null and h.is_lapse_unseen
    for update skip locked
  );
  if v_product_ids <> '{}' then
    update holds h set is_lapse_unseen = false
    where h.user_id = mark_lapses_seen.user_id and h.product_id = any (v_product_ids);
  end if;
end;
$$;
comment on function mark_lapses_seen(bigint, bigint) is
  'Records that a buyer has seen the lost lines of the cart, and removes product_id from them.';
