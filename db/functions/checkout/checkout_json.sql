-- Not in language sql: before 18, PostgreSQL plans the statements of such a function in each call, with each index of each month.
-- A payment that waits for its buyer is shown as pending once the checkout is given up: the buyer can no longer act.
-- Only the orders of a paid checkout have refunds, and only a cancelled checkout has a late charge.
create or replace function checkout_json(checkout_id bigint) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(r) from (
      select
        c.id as checkout_id, c.status,
        c.subtotal::text, c.discount::text, c.shipping::text, c.tax::text, c.total::text,
        (select json_strip_nulls(row_to_json(paid)) from (
          select
            p.id,
            case when p.status = 'requires_action' and c.is_given_up then 'pending' else p.status end as status,
            case when not c.is_given_up then p.next_action end as next_action
        ) paid) as payment,
        c.shipping_address,
        parts.orders,
        coalesce(
          (select json_agg(refund_json(r) order by r.id) from refunds r where parts.have_follow_ups and r.payment_id = p.id),
          (select json_agg(late_charge_json(lc)) from late_charges lc where c.status = 'cancelled' and lc.payment_id = p.id),
          '[]'
        ) as refunds,
        to_rfc3339(c.created_at) as created_at
      from checkouts c
      join payments p on p.checkout_id = c.id
      cross join lateral (
        select coalesce(json_agg(order_json(o) order by o.shop_id), '[]') as orders, bool_or(o.has_follow_ups) as have_follow_ups
        from orders o where o.checkout_id = c.id and is_in_month_of(o.id, c.id)
      ) parts
      where c.id = checkout_json.checkout_id
    ) r
  );
end;
$$;
comment on function checkout_json(bigint) is
  'Renders a checkout: its payment, its orders, one for each shop, and their refunds or that of a late charge.';
