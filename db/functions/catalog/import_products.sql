-- Upserts the listings by (shop, sku), and their variants with import_variants. A row without changes writes nothing: no updated_at,
-- no search index. If two rows name the same item, the later row counts. An archived item gets the new values and stays archived.
-- In a listing with variants, `price` is that of the variants without one of their own.
--
-- Locks: changed products by id, like a cart, then variants. import_variants reads the variants again, and a sale in between makes
-- more of them differ from the file: those of listings that this function neither locked nor made stay until the next import. If two concurrent imports list the same item, the later one fails on its
-- sku (23505), and its caller retries. lock_timeout: an import waits longer than a request.
create or replace function import_products(rows jsonb) returns table (created bigint, updated bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '60s'
as $$
declare
  v_category_ids constant jsonb := prepare_import(rows);
  v_owner_id constant bigint := find_importer();
  v_changed_ids bigint[];
  v_own_ids bigint[];
  v_variants record;
begin
  with incoming as materialized (
    select distinct on (s.id, i.sku)
      s.id as shop_id, i.*, (v_category_ids ->> (r.value ->> 'category'))::bigint as category_id, r.ordinality as position
    from jsonb_array_elements(rows) with ordinality r
    cross join jsonb_to_record(r.value) as i (
      shop text, sku text, title text, description text, price numeric(10, 2), quantity integer,
      tags text[], images text[], is_vintage boolean, created_at timestamptz, variants jsonb
    )
    join shops s on s.owner_id = v_owner_id and s.name = i.shop
    order by s.id, i.sku, r.ordinality desc
  ),
  changing as materialized (
    select p.id, i.position, d.is_rewritten
    from incoming i
    join products p on p.shop_id = i.shop_id and p.sku = i.sku
    cross join lateral (
      select (
        p.title, p.description, coalesce(p.base_price, p.price), p.category_id, p.tags, p.images, p.is_vintage, p.created_at,
        case when p.stock_by = 'product' then p.quantity end
      ) is distinct from (
        i.title, i.description, i.price, i.category_id, i.tags, i.images, i.is_vintage, i.created_at,
        case when p.stock_by = 'product' then i.quantity end
      ) as is_rewritten
    ) d
    where d.is_rewritten or exists (select from changed_variants(p.id, i.variants))
    order by p.id
    for no key update of p
  ),
  changed as (
    update products p set
      title = i.title, description = i.description, category_id = i.category_id,
      price = case when p.has_variants then p.price else i.price end,
      base_price = case when p.has_variants then i.price end,
      quantity = case when p.stock_by = 'product' then i.quantity else p.quantity end,
      tags = i.tags, images = i.images, is_vintage = i.is_vintage, created_at = i.created_at
    from changing c
    join incoming i on i.position = c.position
    where p.id = c.id and c.is_rewritten
    returning p.id, p.has_variants
  ),
  listed as (
    insert into products (
      shop_id, sku, title, description, price, quantity, category_id, tags, images, is_vintage, created_at,
      stock_by, has_variants, base_price, highest_price
    )
    select
      i.shop_id, i.sku, i.title, i.description, coalesce(v.lowest, i.price), coalesce(v.quantity, i.quantity), i.category_id,
      i.tags, i.images, i.is_vintage, i.created_at,
      case when v.quantity is null then 'product' else 'variant' end, v.lowest is not null,
      case when v.lowest is not null then i.price end, v.highest
    from incoming i
    cross join lateral (
      select min(coalesce(n.price, i.price)) as lowest, max(coalesce(n.price, i.price)) as highest, sum(n.quantity) as quantity
      from jsonb_to_recordset(i.variants) as n (price numeric(10, 2), quantity integer)
    ) v
    where not exists (select from products p where p.shop_id = i.shop_id and p.sku = i.sku)
    order by i.position
    returning id
  )
  select (select count(*) from listed), (select count(*) from changed), array(select c.id from changed c where c.has_variants),
    array(select c.id from changing c union all select l.id from listed l)
  into created, updated, v_changed_ids, v_own_ids;
  if jsonb_path_exists(rows, '$[*].variants[0]') then
    select * into v_variants from import_variants(rows, v_owner_id, v_own_ids);
    created := created + v_variants.created;
    updated := updated + v_variants.updated;
  end if;
  if cardinality(v_changed_ids) > 0 then
    perform apply_variants(v_changed_ids);
  end if;
  return next;
end;
$$;
comment on function import_products(jsonb) is
  'Lists or changes the items of a catalog, by shop and sku, in shops of the importing account. Returns the numbers of new and '
  'of changed items and variants.';
