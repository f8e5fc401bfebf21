-- A buyer who reads or changes the cart has seen which lines it lost. Adding or removing product_id also removes that item
-- from the lost lines. The function writes nothing if the buyer has seen everything.
-- Locks: the buyer's holds by product.
create or replace function mark_lapses_seen(user_id bigint, product_id bigint default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update holds h
  set is_lapse_unseen = false, lapsed_at = case when h.product_id = mark_lapses_seen.product_id then null else h.lapsed_at end
  from (
    select l.product_id from holds l
    where l.user_id = mark_lapses_seen.user_id and l.lapsed_at is not null
      and (l.is_lapse_unseen or l.product_id = mark_lapses_seen.product_id)
    order by l.product_id
    for update
  ) lapsed
  where h.user_id = mark_lapses_seen.user_id and h.product_id = lapsed.product_id;
end;
$$;
comment on function mark_lapses_seen(bigint, bigint) is
  'Records that a buyer has seen the lost lines of the cart, and removes product_id from them.';
