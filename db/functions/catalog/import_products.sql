-- Upserts the listings by (shop, sku). A row without changes writes nothing: no updated_at, no search index.
-- If two rows name the same item, the later row counts. An archived item gets the new values and stays archived.
--
-- Locks: changed products by id, like a cart. If two concurrent imports list the same item, the later one fails on its sku
-- (23505), and its caller retries. lock_timeout: an import waits longer than a request.
create or replace function import_products(rows jsonb) returns table (created bigint, updated bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '60s'
as $$
declare
  v_category_ids constant jsonb := prepare_import(rows);
  v_owner_id constant bigint := find_importer();
begin
  return query
    with incoming as materialized (
      select distinct on (s.id, i.sku)
        s.id as shop_id, i.*, (v_category_ids ->> (r.value ->> 'category'))::bigint as category_id, r.ordinality as position
      from jsonb_array_elements(rows) with ordinality r
      cross join jsonb_to_record(r.value) as i (
        shop text, sku text, title text, description text, price numeric(10, 2), quantity integer,
        tags text[], images text[], is_vintage boolean, created_at timestamptz
      )
      join shops s on s.owner_id = v_owner_id and s.name = i.shop
      order by s.id, i.sku, r.ordinality desc
    ),
    changing as materialized (
      select p.id, i.position
      from incoming i
      join products p on p.shop_id = i.shop_id and p.sku = i.sku
      where (p.title, p.description, p.price, p.quantity, p.category_id, p.tags, p.images, p.is_vintage, p.created_at)
        is distinct from (
          i.title, i.description, i.price, i.quantity, i.category_id, i.tags, i.images, i.is_vintage, i.created_at
        )
      order by p.id
      for no key update of p
    ),
    changed as (
      update products p set
        title = i.title, description = i.description, price = i.price, quantity = i.quantity, category_id = i.category_id,
        tags = i.tags, images = i.images, is_vintage = i.is_vintage, created_at = i.created_at
      from changing c
      join incoming i on i.position = c.position
      where p.id = c.id
      returning p.id
    ),
    listed as (
      insert into products (
        shop_id, sku, title, description, price, quantity, category_id, tags, images, is_vintage, created_at
      )
      select
        i.shop_id, i.sku, i.title, i.description, i.price, i.quantity, i.category_id, i.tags, i.images, i.is_vintage, i.created_at
      from incoming i
      where not exists (select from products p where p.shop_id = i.shop_id and p.sku = i.sku)
      order by i.position
      returning id
    )
    select (select count(*) from listed), (select count(*) from changed);
end;
$$;
comment on function import_products(jsonb) is
  'Lists or changes the items of a catalog, by shop and sku, in shops of the importing account. Returns the numbers of new '
  'and of changed items.';
