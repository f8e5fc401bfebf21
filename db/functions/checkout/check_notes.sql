-- The step "check" of split_cart. notes: as in checkout_split_orders. lines: rows of lines_to_order.
create or replace function check_notes(notes jsonb, lines jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_place bigint;
  v_message text;
begin
  select n.place - 1,
    case when n.is_repeated then format('Shop %s comes twice.', n.shop_id)
      else format('The cart has no item of shop %s.', n.shop_id) end
  into v_place, v_message
  from (
    select n.shop_id, n.place, row_number() over (partition by n.shop_id order by n.place) > 1 as is_repeated
    from rows from (jsonb_to_recordset(check_notes.notes) as (shop_id bigint)) with ordinality as n (shop_id, place)
  ) n
  where n.is_repeated
    or not exists (select from jsonb_to_recordset(check_notes.lines) as l (shop_id bigint) where l.shop_id = n.shop_id)
  order by n.place
  limit 1;
  if found then
    raise exception using errcode = 'SWINV', message = v_message,
      detail = json_build_object('field', format('notes/%s/shop_id', v_place));
  end if;
end;
$$;
comment on function check_notes(jsonb, jsonb) is
  'Refuses a note for a shop that is not in the cart, or that another note names. SWINV.';
