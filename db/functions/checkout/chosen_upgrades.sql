-- The step "quote" of split_cart. shipping_options: [{shop_id, upgrade_id}]. quotes: rows of quote_lines. Returns what quote_lines
-- takes as upgrades. An upgrade applies if it is one of the profile whose base the shop's order pays: the cart shows these.
create or replace function chosen_upgrades(shipping_options jsonb, quotes jsonb, country text) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_upgrades jsonb := '[]';
  v_option record;
begin
  for v_option in
    select o.shop_id, o.place - 1 as place, q.shop_id is not null as is_in_cart,
      row_number() over (partition by o.shop_id order by o.place) > 1 as is_repeated, u.id, u.name,
      jsonb_build_object('base', u.price, 'per_extra_item', u.per_extra_item) as rate
    from rows from (jsonb_to_recordset(chosen_upgrades.shipping_options) as (shop_id bigint, upgrade_id bigint))
      with ordinality as o (shop_id, upgrade_id, place)
    left join jsonb_to_recordset(chosen_upgrades.quotes) as q (shop_id bigint, profile_id bigint) on q.shop_id = o.shop_id
    left join profile_upgrades(q.profile_id, chosen_upgrades.country) u on u.id = o.upgrade_id
    order by o.place
  loop
    if v_option.is_repeated or not v_option.is_in_cart then
      raise exception using errcode = 'SWINV',
        message = case when v_option.is_repeated then format('Shop %s comes twice.', v_option.shop_id)
          else format('The cart has no item of shop %s.', v_option.shop_id) end,
        detail = json_build_object('field', format('shipping_options/%s/shop_id', v_option.place));
    elsif v_option.id is null then
      raise exception using errcode = 'SWINV', message = 'The shop has no such upgrade for this order. Read the cart again.',
        detail = json_build_object('field', format('shipping_options/%s/upgrade_id', v_option.place));
    end if;
    v_upgrades := v_upgrades || jsonb_build_object(
      'shop_id', v_option.shop_id, 'name', v_option.name, 'rate', v_option.rate
    );
  end loop;
  return v_upgrades;
end;
$$;
comment on function chosen_upgrades(jsonb, jsonb, text) is
  'Returns the upgrades that a buyer chose. SWINV: for a shop that is not in the cart or comes twice, or one that does not apply.';
