-- Names every line that cannot be ordered, in the order of the cart: shops by id, lines as they were added. The problem itself is that of
-- the first. `pointer` is the line's place in the cart as the API shows it.
-- Raises SWSTK (archived, sold out, or too few), SWRES (another buyer holds it), SWVAC, SWOWI; of no line in trouble it raises nothing.
create or replace function refuse_lines(buyer_id bigint, line_ids bigint[]) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_first record;
begin
  with told as (
    select l.*, case when l.unavailable_reason = 'archived' then 0 else l.stock end as available,
      case l.unavailable_reason
        when 'archived' then format('"%s" is no longer for sale.', l.title)
        when 'own_item' then format('"%s" is from your own shop.', l.title)
        when 'shop_on_vacation' then format('The shop "%s" is on vacation.', l.shop_name)
        when 'sold_out' then format('"%s" is sold out.', l.title)
        when 'insufficient_stock' then format('Only %s left of "%s".', l.stock, l.title)
        when 'item_reserved' then 'Someone else is checking out...'
      end as telling
    from placed_lines(refuse_lines.buyer_id, refuse_lines.line_ids) l
    where l.unavailable_reason is not null
  )
  select t.*, json_agg(json_build_object(
    'pointer', t.pointer, 'detail', t.telling, 'product_id', t.product_id, 'code', t.unavailable_reason
  )) over (order by t.shop_id, t.line_id rows between unbounded preceding and unbounded following) as errors
  into v_first
  from told t
  order by t.shop_id, t.line_id
  limit 1;
  if v_first.unavailable_reason = 'item_reserved' then
    raise exception using errcode = 'SWRES', message = v_first.telling,
      detail = json_build_object('success', false, 'product_id', v_first.product_id,
        'reserved_until', to_rfc3339(v_first.held_until), 'errors', v_first.errors);
  elsif v_first.unavailable_reason = 'shop_on_vacation' then
    raise exception using errcode = 'SWVAC', message = v_first.telling,
      detail = json_strip_nulls(json_build_object('success', false, 'product_id', v_first.product_id, 'shop_id', v_first.shop_id,
        'vacation_message', v_first.vacation_message, 'errors', v_first.errors));
  elsif v_first.unavailable_reason = 'own_item' then
    raise exception using errcode = 'SWOWI', message = v_first.telling,
      detail = json_build_object('success', false, 'product_id', v_first.product_id, 'shop_id', v_first.shop_id, 'errors', v_first.errors);
  elsif v_first.unavailable_reason is not null then
    raise exception using errcode = 'SWSTK', message = v_first.telling,
      detail = json_build_object('success', false, 'product_id', v_first.product_id, 'available', v_first.available, 'errors', v_first.errors);
  end if;
end;
$$;
comment on function refuse_lines(bigint, bigint[]) is 'Refuses a locked cart and names every line that cannot be ordered. SWSTK, SWRES, SWVAC, SWOWI.';
