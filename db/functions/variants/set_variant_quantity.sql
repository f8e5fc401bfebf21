-- Compare and set, as set_quantity does for a listing. `versions` as in lock_own_variant. Locks: the listing, then the variant.
create or replace function set_variant_quantity(variant_id bigint, user_id bigint, quantity integer, versions text[])
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_variant variants := lock_own_variant(variant_id, user_id, versions);
begin
  if v_variant.quantity is null then
    perform refuse_field('quantity', 'The variants share the stock of the listing. Set it with PUT /v1/products/{id}/quantity.');
  end if;
  update variants v set quantity = set_variant_quantity.quantity where v.id = v_variant.id;
  return query
    select variant_quantity_json(v, p), row_version(v.xmin, v.updated_at)
    from variants v
    join products p on p.id = v.product_id
    where v.id = v_variant.id;
end;
$$;
comment on function set_variant_quantity(bigint, bigint, integer, text[]) is
  'Sets the stock of a variant for the owner of its shop, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV.';
