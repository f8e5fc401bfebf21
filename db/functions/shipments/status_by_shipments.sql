-- Read after a write to shipments or refunds of the order.
create or replace function status_by_shipments(o orders) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return case
    when o.status = 'paid' and exists (select from shipments s where s.order_id = o.id)
      and not exists (select from order_line_units(o.id) u where u.unshipped > 0)
    then 'shipped'
    else o.status
  end;
end;
$$;
comment on function status_by_shipments(orders) is
  'Returns shipped for a paid order of which all that is not refunded has left, and the order''s own status otherwise.';
