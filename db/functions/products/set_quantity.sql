-- Compare and set, for scripts that keep a stock elsewhere. It fails if the listing has changed since the version was read, also
-- by a sale. `versions` as in lock_own_product. An archived listing stays archived. Locks: the product.
create or replace function set_quantity(product_id bigint, user_id bigint, quantity integer, versions text[])
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id, versions);
begin
  if v_product.stock_by = 'variant' then
    perform refuse_field('quantity', 'Each variant has its own stock. Set it with PUT /v1/variants/{id}/quantity.');
  end if;
  return query
    update products p set quantity = set_quantity.quantity
    where p.id = v_product.id
    returning quantity_json(p), row_version(p.xmin, p.updated_at);
end;
$$;
comment on function set_quantity(bigint, bigint, integer, text[]) is
  'Sets the stock of a listing for its shop''s owner, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV.';
