-- The caller has locked the cart. A shop on vacation is named before any
-- line; of the lines in trouble one: a hold before a shortage, and only where the stock would do without it.
create or replace function check_cart(buyer_id bigint, line_ids bigint[], expected_total numeric) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_trouble record;
  v_total numeric;
begin
  select s.id, s.name into v_trouble
  from cart_items ci
  join products p on p.id = ci.product_id
  join shops s on s.id = p.shop_id
  where ci.id = any (line_ids) and s.is_on_vacation
  order by s.id
  limit 1;
  if found then
    raise exception using errcode = 'SWVAC', message = format('The shop "%s" is on vacation.', v_trouble.name),
      detail = json_build_object('success', false, 'shop_id', v_trouble.id);
  end if;
  select p.id, p.title, ci.quantity as wanted, available.quantity as available, held.until as held_until into v_trouble
  from cart_items ci
  join products p on p.id = ci.product_id
  cross join lateral (select case when p.archived_at is null then p.quantity else 0 end as quantity) available
  left join lateral (
    select max(other.reserved_until) as until, sum(other.quantity) as quantity
    from cart_items other
    where other.product_id = p.id and other.user_id <> check_cart.buyer_id and other.reserved_until > clock_timestamp()
  ) held on true
  where ci.id = any (line_ids) and ci.quantity > available.quantity - coalesce(held.quantity, 0)
  order by (ci.quantity > available.quantity), p.id
  limit 1;
  if found and v_trouble.wanted <= v_trouble.available then
    raise exception using errcode = 'SWRES', message = 'Someone else is checking out...',
      detail = json_build_object(
        'success', false, 'product_id', v_trouble.id, 'reserved_until', to_rfc3339(v_trouble.held_until));
  elsif found then
    raise exception using errcode = 'SWSTK',
      message = case v_trouble.available
        when 0 then format('"%s" is sold out.', v_trouble.title)
        else format('Only %s left of "%s".', v_trouble.available, v_trouble.title)
      end,
      detail = json_build_object('success', false, 'product_id', v_trouble.id, 'available', v_trouble.available);
  end if;
  select sum(costs.items + costs.shipping) into v_total
  from (
    select sum(ci.quantity * p.price) as items, shipping_cost(s.shipping, sum(ci.quantity)) as shipping
    from cart_items ci
    join products p on p.id = ci.product_id
    join shops s on s.id = p.shop_id
    where ci.id = any (line_ids)
    group by s.id
  ) costs;
  if v_total <> check_cart.expected_total then
    raise exception using errcode = 'SWPRC', message = format('The total is now $%s.', round(v_total, 2)),
      detail = json_build_object('total', round(v_total, 2)::text);
  elsif v_total >= 100000000 then
    raise exception using errcode = 'SWINV', message = 'One checkout takes less than $100,000,000.', detail = '{"field": "total"}';
  end if;
end;
$$;
comment on function check_cart(bigint, bigint[], numeric) is
  'Refuses a locked cart that cannot be ordered as it is. SWVAC, SWSTK, SWRES, SWPRC, SWINV (a total that no payment can carry).';
