create or replace function check_order_items(o orders, items jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_line_id bigint;
begin
  select i.line_id into v_line_id from jsonb_to_recordset(items) as i (line_id bigint)
  where not exists (select from order_items oi where oi.order_id = o.id and oi.id = i.line_id)
  limit 1;
  if found then
    raise exception using errcode = 'SWINV', message = format('%s is not a line of this order.', v_line_id),
      detail = '{"field": "items"}';
  end if;
  select i.line_id into v_line_id from jsonb_to_recordset(items) as i (line_id bigint)
  group by i.line_id having count(*) > 1
  limit 1;
  if found then
    raise exception using errcode = 'SWINV', message = format('Line %s is named twice.', v_line_id),
      detail = '{"field": "items"}';
  end if;
end;
$$;
comment on function check_order_items(orders, jsonb) is
  'Refuses items that name a line twice, or a line of another order. SWINV.';
