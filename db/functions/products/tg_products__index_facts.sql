create or replace function tg_products__index_facts() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  update product_search ps
  set price = new.price, is_vintage = new.is_vintage, in_stock = new.quantity > 0
  where ps.product_id = new.id;
  return null;
end;
$$;
comment on function tg_products__index_facts() is
  'Copies the price of a listing, whether it is vintage and whether it is in stock into product_search.';

create or replace trigger products__index_facts after update of price, quantity, is_vintage on products
  for each row when ((old.price, old.quantity > 0, old.is_vintage) is distinct from (new.price, new.quantity > 0, new.is_vintage))
  execute function tg_products__index_facts();
