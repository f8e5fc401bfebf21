-- The part of erase_user about money and parcels. The caller has locked the person.
create or replace function erase_person_from_orders(user_id bigint, shop_ids bigint[], patterns text[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_order_ids bigint[];
begin
  perform from checkouts c where c.buyer_id = erase_person_from_orders.user_id order by c.id for no key update;
  update checkouts c
  set shipping_address = jsonb_build_object('country', c.shipping_address -> 'country'), idempotency_key = null, fingerprint = null
  where c.buyer_id = erase_person_from_orders.user_id;
  v_order_ids := array(
    select o.id from orders o where o.buyer_id = erase_person_from_orders.user_id
    union
    select o.id from orders o where o.shop_id = any (shop_ids)
  );
  perform from orders o where o.id = any (v_order_ids) order by o.id for no key update;
  update orders o
  set note = null, gift_message = null
  where o.buyer_id = erase_person_from_orders.user_id and num_nonnulls(o.note, o.gift_message) > 0;
  update orders o
  set note = without_person(o.note, patterns, 500), gift_message = without_person(o.gift_message, patterns, 500)
  where o.shop_id = any (shop_ids) and concat_ws(' ', o.note, o.gift_message) ~* any (patterns);
  update order_items oi
  set personalization = null
  from orders o
  where o.id = any (v_order_ids) and oi.order_id = any (v_order_ids) and oi.order_id = o.id and oi.personalization is not null
    and (o.buyer_id = erase_person_from_orders.user_id or oi.personalization ~* any (patterns));
  update checkout_lines cl
  set personalization = null
  from checkouts c
  where c.buyer_id = erase_person_from_orders.user_id and cl.checkout_id = c.id and cl.personalization is not null;
  update refunds r set note = without_person(r.note, patterns, 1000) where r.order_id = any (v_order_ids) and r.note ~* any (patterns);
end;
$$;
comment on function erase_person_from_orders(bigint, bigint[], text[]) is
  'Deletes addresses, notes and personalizations of a person from their checkouts, orders and refunds, and those of their shops.';
