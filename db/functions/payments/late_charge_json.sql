create or replace function late_charge_json(lc late_charges) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select
        null::bigint as id, null::bigint as order_id, lc.amount::text, lc.status, 'other' as reason, null::text as note,
        '[]'::json as items, 0 as restocked, to_rfc3339(lc.created_at) as created_at
    ) j
  );
end;
$$;
comment on function late_charge_json(late_charges) is
  'Renders the refund of a late charge like that of an order (refund_json), without an order.';
