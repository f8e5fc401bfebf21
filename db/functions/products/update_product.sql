-- `changes` has the changed fields with the API's names. Null clears sku, who_made or when_made. `versions` as in
-- lock_own_product. An archived listing stays archived. Locks: the product.
create or replace function update_product(product_id bigint, user_id bigint, changes jsonb, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id, versions);
begin
  perform check_product(v_product.id, v_product.shop_id, changes);
  if changes ?| array['is_vintage', 'when_made'] then
    perform check_age(
      coalesce((changes ->> 'is_vintage')::boolean, v_product.is_vintage),
      case when changes ? 'when_made' then changes ->> 'when_made' else v_product.when_made end
    );
  end if;
  update products p set
    title = coalesce(changes ->> 'title', p.title),
    description = coalesce(changes ->> 'description', p.description),
    price = coalesce((changes ->> 'price')::numeric, p.price),
    quantity = coalesce((changes ->> 'quantity')::integer, p.quantity),
    category_id = coalesce((changes ->> 'category_id')::bigint, p.category_id),
    tags = case when changes ? 'tags' then array(select jsonb_array_elements_text(changes -> 'tags')) else p.tags end,
    images = case when changes ? 'images' then array(select jsonb_array_elements_text(changes -> 'images')) else p.images end,
    is_vintage = coalesce((changes ->> 'is_vintage')::boolean, p.is_vintage),
    sku = case when changes ? 'sku' then changes ->> 'sku' else p.sku end,
    who_made = case when changes ? 'who_made' then changes ->> 'who_made' else p.who_made end,
    when_made = case when changes ? 'when_made' then changes ->> 'when_made' else p.when_made end
  where p.id = v_product.id;
  return query
    select product_json(p, s), row_version(p.xmin, p.updated_at)
    from products p
    join shops s on s.id = p.shop_id
    where p.id = v_product.id;
end;
$$;
comment on function update_product(bigint, bigint, jsonb, text[]) is
  'Changes a listing for its shop''s owner, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV, SWSKU.';
