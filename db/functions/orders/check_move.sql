-- The statuses of an order, and what moves it:
--
--   pending -> paid | cancelled                  the payment (settle_checkout)
--   paid -> cancelled                            a person (cancel_order)
--   paid -> shipped                              a person (ship_lines), or the refund of all that has not left (write_refund)
--   shipped -> delivered                         a person (deliver_order, receive_order)
--   paid | shipped | delivered -> refunded       the refund of all that is left (write_refund)
--   refunded -> paid | shipped | delivered       a refund that fails (settle_refund)
--
-- This function guards only the moves that people ask for. The other functions derive the status.
create or replace function check_move(o orders, new_status text) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if (o.status, new_status) not in (('paid', 'shipped'), ('paid', 'cancelled'), ('shipped', 'delivered')) then
    raise exception using errcode = 'SWSTA', message = format('The order is %s. It cannot become %s.', o.status, new_status),
      detail = json_build_object('order_status', o.status);
  end if;
end;
$$;
comment on function check_move(orders, text) is
  'Refuses to ship, deliver or cancel an order whose status does not allow it. SWSTA.';
