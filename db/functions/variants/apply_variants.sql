-- Triggers call it after each statement that changes variants, with all listings that the statement reached. The rules have locked
-- these listings before; the lock here orders plain SQL. It touches the listing even if no sum changes, so that a change of a
-- variant changes the version of its listing; a row that this transaction wrote before has its new version already. When the last
-- variant goes, the listing keeps the quantity that it had.
-- Only this function gives a listing another stock_by or has_variants. The API, an import and plain SQL all reach it.
-- Locks: the listings by id, then the cart lines of those (move_cart_lines).
create or replace function apply_variants(product_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_most constant integer := 400;
  v_worst record;
  v_moved_ids bigint[];
begin
  perform from products p where p.id = any (apply_variants.product_ids) order by p.id for no key update;
  select v.product_id, count(*) as variants, count(v.quantity) as stocks, sum(cardinality(v.images)) as pictures into v_worst
  from variants v
  where v.product_id = any (apply_variants.product_ids) and v.archived_at is null
  group by v.product_id
  having count(*) > v_most or sum(cardinality(v.images)) > v_most or count(v.quantity) not in (0, count(*))
  limit 1;
  if v_worst.variants > v_most then
    raise exception using errcode = 'SWINV',
      message = format('A listing can have %s variants.', v_most), detail = '{"field": "variants"}';
  elsif v_worst.pictures > v_most then
    raise exception using errcode = 'SWINV',
      message = format('The variants of a listing can have %s pictures in all.', v_most), detail = '{"field": "variants"}';
  elsif found then
    raise exception using errcode = 'SWINV',
      message = 'Either each variant of a listing has its own quantity, or none has one.', detail = '{"field": "quantity"}';
  end if;
  with listed as (
    select p.id, p.stock_by as stock_before, p.has_variants as had_variants, coalesce(p.base_price, p.price) as base_price,
      count(v.id) > 0 as has_variants, sum(v.quantity) as quantity, min(variant_price(v, p)) as lowest,
      max(variant_price(v, p)) filter (where v.id is not null) as highest
    from products p
    left join variants v on v.product_id = p.id and v.archived_at is null
    where p.id = any (apply_variants.product_ids)
    group by p.id
  ),
  changed as (
    update products p set
      has_variants = l.has_variants,
      base_price = case when l.has_variants then l.base_price end,
      price = case when l.has_variants then l.lowest else l.base_price end,
      highest_price = case when l.has_variants then l.highest end,
      quantity = coalesce(l.quantity, p.quantity),
      stock_by = case when l.quantity is null then 'product' else 'variant' end
    from listed l
    where p.id = l.id
      and (
        p.xmin <> pg_current_xact_id()::xid
        or (p.has_variants, p.price, p.highest_price, p.quantity, p.stock_by) is distinct from (
          l.has_variants, case when l.has_variants then l.lowest else l.base_price end, case when l.has_variants then l.highest end,
          coalesce(l.quantity, p.quantity), case when l.quantity is null then 'product' else 'variant' end
        )
      )
    returning p.id, (p.stock_by, p.has_variants) <> (l.stock_before, l.had_variants) as is_moved
  )
  select array_agg(c.id) into v_moved_ids from changed c where c.is_moved;
  if v_moved_ids is not null then
    perform move_cart_lines(v_moved_ids);
  end if;
end;
$$;
comment on function apply_variants(bigint[]) is
  'Brings the price, highest price, quantity and stock_by of listings in step with their variants. SWINV: more than 400 variants '
  'or 400 pictures of variants, or a quantity for some variants only. SWHLD: a buyer holds a listing whose stock would be another.';
