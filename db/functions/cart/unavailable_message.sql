create or replace function unavailable_message(line jsonb) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select case line ->> 'unavailable_reason'
    when 'archived' then format('"%s" is no longer for sale.', line ->> 'title')
    when 'own_item' then format('"%s" is from your own shop.', line ->> 'title')
    when 'shop_on_vacation' then format('The shop "%s" is on vacation.', line ->> 'shop_name')
    when 'variant_gone' then format('This variant of "%s" is no longer for sale. Choose another one.', line ->> 'title')
    when 'sold_out' then format('"%s" is sold out.', line ->> 'title')
    when 'insufficient_stock' then format('Only %s left of "%s".', line ->> 'stock', line ->> 'title')
    when 'item_reserved' then 'Someone else is checking out...'
    when 'personalization_required' then case
      when line ->> 'personalization' is null then format('"%s" needs a personalization. Add it again with one.', line ->> 'title')
      else format('"%s" no longer takes this personalization. Add it again with another one, or without.', line ->> 'title')
    end
    when 'not_shippable' then format('The shop does not send "%s" to this destination.', line ->> 'title')
  end
$$;
comment on function unavailable_message(jsonb) is 'Returns the message for a line of lines_to_order that cannot be ordered.';
