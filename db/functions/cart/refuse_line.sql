-- line: a row of lines_to_order. errors: the `errors` of the problem, or null for an error of this line alone.
create or replace function refuse_line(line jsonb, errors jsonb default null) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_reason constant text := line ->> 'unavailable_reason';
  v_more constant jsonb := case v_reason
    when 'item_reserved' then jsonb_build_object('reserved_until', to_rfc3339((line ->> 'held_until')::timestamptz))
    when 'shop_on_vacation' then jsonb_build_object('shop_id', line -> 'shop_id', 'vacation_message', line -> 'vacation_message')
    when 'own_item' then jsonb_build_object('shop_id', line -> 'shop_id')
    when 'not_shippable' then jsonb_build_object('shop_id', line -> 'shop_id')
    when 'personalization_required' then '{}'
    else jsonb_build_object('available', case when v_reason in ('archived', 'variant_gone') then '0' else line -> 'stock' end)
  end;
begin
  raise exception using
    errcode = case v_reason
      when 'item_reserved' then 'SWRES' when 'shop_on_vacation' then 'SWVAC' when 'own_item' then 'SWOWI'
      when 'not_shippable' then 'SWDST' when 'personalization_required' then 'SWPER' else 'SWSTK' end,
    message = unavailable_message(line),
    detail = jsonb_strip_nulls(
      jsonb_build_object('success', false, 'product_id', line -> 'product_id', 'errors', errors) || v_more
    );
end;
$$;
comment on function refuse_line(jsonb, jsonb) is
  'Raises the error of a line that cannot be ordered, by its unavailable_reason. SWRES, SWVAC, SWOWI, SWDST, SWPER, otherwise SWSTK.';
