create or replace function refund_of_rest(o orders) returns refunds
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_refund refunds;
begin
  v_refund.amount := o.total - o.refunded;
  v_refund.shipping := least(postage_left(o), v_refund.amount);
  return v_refund;
end;
$$;
comment on function refund_of_rest(orders) is 'Returns the amount and the postage of a refund of all that is left of an order.';
