-- The caller has locked the listing. This function writes only the quantities. The triggers of variants then set stock_by and the
-- quantity of the listing, and move its cart lines (apply_variants).
-- Locks: variants by id, then cart lines.
create or replace function change_stock_by(product products, stock_by text, variant_quantities jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_quantities constant jsonb := coalesce(variant_quantities, '[]');
  v_place integer;
begin
  if change_stock_by.stock_by = product.stock_by then
    return;
  elsif not product.has_variants then
    perform refuse_field('stock_by', 'A listing without variants has stock_by product.');
  end if;
  perform from variants v where v.product_id = product.id and v.archived_at is null order by v.id for no key update;
  if change_stock_by.stock_by = 'variant' then
    select (q.ordinality - 1)::integer into v_place
    from jsonb_array_elements(v_quantities) with ordinality q
    where not exists (
      select from variants v
      where v.id = (q.value ->> 'variant_id')::bigint and v.product_id = product.id and v.archived_at is null
    )
    limit 1;
    if found then
      perform refuse_field(format('variant_quantities/%s/variant_id', v_place), 'The listing has no such variant.');
    elsif (select count(distinct q.value ->> 'variant_id') from jsonb_array_elements(v_quantities) q)
      <> (select count(*) from variants v where v.product_id = product.id and v.archived_at is null)
      or (select count(distinct q.value ->> 'variant_id') <> count(*) from jsonb_array_elements(v_quantities) q)
    then
      perform refuse_field('variant_quantities', 'Send the quantity of each variant once.');
    end if;
  end if;
  update variants v set quantity = (
    select (q.value ->> 'quantity')::integer from jsonb_array_elements(v_quantities) q
    where change_stock_by.stock_by = 'variant' and (q.value ->> 'variant_id')::bigint = v.id
  )
  where v.product_id = product.id and v.archived_at is null;
end;
$$;
comment on function change_stock_by(products, text, jsonb) is
  'Makes the variants of a locked listing share its stock, or have these quantities of their own. SWINV, SWHLD.';
