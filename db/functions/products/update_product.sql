-- `changes` has the changed fields with the API's names. Null clears sku, section_id, who_made, when_made,
-- processing_profile_id or personalization. In a listing with variants, `base_price`, or else a `price` that is not the lowest
-- one that the listing shows, is the price of the variants without their own: a client can send back what it read. `versions`
-- as in lock_own_product. An archived listing stays archived. `is_draft`: false publishes a draft; a published listing cannot
-- become a draft again. Locks: the product; its variants by id, then its cart lines, with a change of options or stock_by; its
-- shipping profile, if that changes; the skus of the shop last, if an sku is written.
create or replace function update_product(product_id bigint, user_id bigint, changes jsonb, versions text[] default null)
returns table (body json, version text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_product products := lock_own_product(product_id, user_id, versions);
  v_base_price constant numeric := case
    when (changes ->> 'base_price')::numeric <> v_product.base_price then (changes ->> 'base_price')::numeric
    when v_product.has_variants then nullif((changes ->> 'price')::numeric, v_product.price)
  end;
begin
  if changes ->> 'base_price' is not null and not v_product.has_variants then
    perform refuse_field('base_price', 'A listing without variants has only a price.');
  end if;
  perform check_product(v_product.id, v_product.shop_id, changes);
  perform lock_section(v_product.shop_id, changes);
  if changes ? 'shipping_profile_id' then
    perform keep_profile(v_product.shop_id, (changes ->> 'shipping_profile_id')::bigint);
  end if;
  if (changes ->> 'is_draft')::boolean and not v_product.is_draft then
    raise exception using errcode = 'SWINV',
      message = 'A published listing cannot become a draft again. Archive it instead.', detail = '{"field": "is_draft"}';
  end if;
  if changes ?| array['is_vintage', 'when_made'] then
    perform check_age(
      coalesce((changes ->> 'is_vintage')::boolean, v_product.is_vintage),
      case when changes ? 'when_made' then changes ->> 'when_made' else v_product.when_made end
    );
  end if;
  if changes ?| array['is_vintage', 'processing_profile_id'] then
    perform check_processing_profile(
      used.processing_profile_id, v_product.shop_id, coalesce((changes ->> 'is_vintage')::boolean, v_product.is_vintage),
      case when used.is_sent then 'processing_profile_id' else 'is_vintage' end
    )
    from (
      select (changes ->> 'processing_profile_id')::bigint, true where changes ? 'processing_profile_id'
      union all
      select v_product.processing_profile_id, false where not changes ? 'processing_profile_id'
      union all
      select v.processing_profile_id, false from variants v
      where v.product_id = v_product.id and v.archived_at is null and changes ? 'is_vintage'
      group by v.processing_profile_id
    ) used (processing_profile_id, is_sent);
  end if;
  if changes ?| array['options', 'stock_by', 'variant_quantities', 'quantity'] then
    perform check_stock_change(v_product, changes);
    if changes ? 'options' then
      perform change_options(v_product, changes -> 'options');
    end if;
    if changes ? 'stock_by' then
      perform change_stock_by(v_product, changes ->> 'stock_by', changes -> 'variant_quantities');
    end if;
  end if;
  if v_product.is_draft and not (changes ->> 'is_draft')::boolean then
    -- count_listings counts the published draft by its new created_at. If the stored count is locked, it counts the draft twice.
    update listing_counts c set listings = c.listings - 1
    from (
      select x.shop_id from listing_counts x
      where x.shop_id = v_product.shop_id and (x.newest_created_at, x.newest_id) >= (v_product.created_at, v_product.id)
      for update skip locked
    ) counted
    where c.shop_id = counted.shop_id;
  end if;
  update products p set
    title = coalesce(changes ->> 'title', p.title),
    description = coalesce(changes ->> 'description', p.description),
    price = case when p.has_variants then p.price else coalesce((changes ->> 'price')::numeric, p.price) end,
    base_price = coalesce(v_base_price, p.base_price),
    quantity = coalesce((changes ->> 'quantity')::integer, p.quantity),
    category_id = coalesce((changes ->> 'category_id')::bigint, p.category_id),
    tags = case when changes ? 'tags' then array(select jsonb_array_elements_text(changes -> 'tags')) else p.tags end,
    images = case when changes ? 'images' then array(select jsonb_array_elements_text(changes -> 'images')) else p.images end,
    materials = case when changes ? 'materials' then array(select jsonb_array_elements_text(changes -> 'materials'))
      else p.materials end,
    processing_profile_id = case when changes ? 'processing_profile_id' then (changes ->> 'processing_profile_id')::bigint
      else p.processing_profile_id end,
    is_vintage = coalesce((changes ->> 'is_vintage')::boolean, p.is_vintage),
    sku = case when changes ? 'sku' then changes ->> 'sku' else p.sku end,
    who_made = case when changes ? 'who_made' then changes ->> 'who_made' else p.who_made end,
    when_made = case when changes ? 'when_made' then changes ->> 'when_made' else p.when_made end,
    section_id = case when changes ? 'section_id' then (changes ->> 'section_id')::bigint else p.section_id end,
    personalization = case when changes ? 'personalization' then nullif(changes -> 'personalization', 'null')
      else p.personalization end,
    is_draft = p.is_draft and coalesce((changes ->> 'is_draft')::boolean, true),
    -- It is among the newest when buyers first see it.
    created_at = case when p.is_draft and not (changes ->> 'is_draft')::boolean then now() else p.created_at end,
    archived_at = case when p.is_draft and not (changes ->> 'is_draft')::boolean then null else p.archived_at end,
    shipping_profile_id = case when changes ? 'shipping_profile_id' then (changes ->> 'shipping_profile_id')::bigint
      else p.shipping_profile_id end
  where p.id = v_product.id;
  if v_base_price is not null then
    perform apply_variants(array[v_product.id]);
  end if;
  if changes ?| array['shipping_profile_id', 'materials'] then
    -- The trigger of products does not know these columns.
    perform index_products(array[v_product.id]);
    perform note_changes(array['product:' || v_product.id], array[v_product.id]);
  end if;
  return query
    select product_json(p, s), row_version(p.xmin, p.updated_at)
    from products p
    join shops s on s.id = p.shop_id
    where p.id = v_product.id;
end;
$$;
comment on function update_product(bigint, bigint, jsonb, text[]) is
  'Changes a listing, or publishes a draft, for its shop''s owner, if it has one of the versions. SWNTF, SWOWN, SWVER, SWINV, SWSKU, '
  'SWHLD.';
