-- A dispute is about a payment, which can have orders of many shops. The amount is the share of the order, by its total.
create or replace function dispute_json(d disputes, o orders) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select d.id, round(d.amount * o.total / p.amount, 2)::text as amount, d.status, d.reason,
        to_rfc3339(d.created_at) as created_at
      from payments p where p.id = d.payment_id
    ) j
  );
end;
$$;
comment on function dispute_json(disputes, orders) is 'Renders a dispute of a payment for one of its orders.';
