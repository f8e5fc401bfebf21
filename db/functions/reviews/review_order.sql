-- Locks: the order, then its shop. Recomputes the shop's rating from all reviews, so that rounding cannot drift.
-- Raises SWOWN (not the buyer), SWOWI (the buyer's own shop), SWSTA (not shipped yet), SWREV (already reviewed).
create or replace function review_order(
  order_id bigint, user_id bigint, rating integer, comment text, requires_verified boolean default false
)
returns table (shop_id bigint, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order orders := lock_order(order_id, user_id, 'buyer');
  v_review reviews;
begin
  perform check_verified(review_order.user_id, requires_verified);
  if exists (select from shops s where s.id = v_order.shop_id and s.owner_id = review_order.user_id) then
    raise exception using errcode = 'SWOWI', message = 'This order is from your own shop.',
      detail = json_build_object('shop_id', v_order.shop_id);
  end if;
  if v_order.status not in ('shipped', 'delivered')
    and not (v_order.status = 'refunded' and exists (select from shipments s where s.order_id = v_order.id))
  then
    raise exception using errcode = 'SWSTA',
      message = format('The order is %s. It can be reviewed once it was shipped.', v_order.status),
      detail = json_build_object('order_status', v_order.status);
  end if;
  perform from shops s where s.id = v_order.shop_id for no key update;
  insert into reviews as r (order_id, reviewer_id, shop_id, rating, comment)
  values (v_order.id, review_order.user_id, v_order.shop_id, review_order.rating, coalesce(review_order.comment, ''))
  on conflict do nothing
  returning r.* into v_review;
  if v_review.id is null then
    raise exception using errcode = 'SWREV', message = 'This order already has a review. Change that review instead.';
  end if;
  update shops s set (rating, review_count) = (
    select round(avg(r.rating), 2), count(*) from reviews r where r.shop_id = v_order.shop_id
  )
  where s.id = v_order.shop_id;
  return query select v_review.shop_id, review_json(v_review, u) from users u where u.id = v_review.reviewer_id;
end;
$$;
comment on function review_order(bigint, bigint, integer, text, boolean) is
  'Adds the buyer''s one review of an order and updates the shop''s rating. SWNTF, SWOWN, SWOWI, SWSTA, SWREV, SWVFY.';
