-- The state machine of orders.
--
--   pending -> paid | cancelled          only by the payment (settle_checkout)
--   paid -> shipped | cancelled | refunded
--   shipped -> delivered | refunded
--   delivered -> refunded
--   refunded -> paid | shipped | delivered    only when a refund fails (settle_refund)
--
-- Every other move raises SWSTA.
create or replace function check_move(o orders, new_status text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if not (
    o.status = 'paid' and new_status in ('shipped', 'cancelled', 'refunded')
    or o.status = 'shipped' and new_status in ('delivered', 'refunded')
    or o.status = 'delivered' and new_status = 'refunded'
  ) then
    raise exception using errcode = 'SWSTA', message = format('The order is %s. It cannot become %s.', o.status, new_status),
      detail = json_build_object('order_status', o.status);
  end if;
end;
$$;
comment on function check_move(orders, text) is 'Refuses a move of an order that its status does not allow. SWSTA.';
