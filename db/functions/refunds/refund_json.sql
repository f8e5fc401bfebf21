create or replace function refund_json(r refunds) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select
        r.id, r.order_id, r.amount::text, r.status, r.reason, r.note,
        coalesce((
          select json_agg(i) from (
            select ri.line_id, ri.quantity from refund_items ri where ri.refund_id = r.id order by ri.line_id
          ) i
        ), '[]') as items,
        (select coalesce(sum(ri.restocked), 0) from refund_items ri where ri.refund_id = r.id) as restocked,
        to_rfc3339(r.created_at) as created_at
    ) j
  );
end;
$$;
comment on function refund_json(refunds) is
  'Renders a refund: its amount, its state and its units. restocked: units back in the stock.';
