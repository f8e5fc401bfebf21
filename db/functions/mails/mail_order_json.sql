-- to_seller: with the address of the order, the buyer's note and the sku of each line. shows_gift: with the message of the gift.
-- Either: with the personalization, which is a text of the buyer too.
create or replace function mail_order_json(o orders, to_seller boolean default false, shows_gift boolean default false) returns json
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select row_to_json(j) from (
      select
        o.id, (select s.name from shops s where s.id = o.shop_id) as shop_name, o.ship_by,
        delivery_json(o.delivery_from, o.delivery_to) as delivery,
        o.shipping_method, o.discount::text, o.shipping::text, o.tax::text, o.total::text,
        (
          select json_agg(i) from (
            select oi.title, oi.option_values, case when to_seller then oi.sku end as sku,
              case when to_seller or shows_gift then oi.personalization end as personalization, oi.quantity,
              (oi.quantity * oi.price_at_purchase)::text as amount
            from order_items oi where oi.order_id = o.id order by oi.id
          ) i
        ) as items,
        o.is_gift, case when to_seller or shows_gift then o.gift_message end as gift_message,
        case when to_seller then o.note end as note,
        (select c.shipping_address from checkouts c where to_seller and c.id = o.checkout_id) as shipping_address
    ) j
  );
end;
$$;
comment on function mail_order_json(orders, boolean, boolean) is 'Returns an order for the mails about it.';
