-- product_ids: the listings that the caller has locked or made; variants of no other listing change. A variant that the file does
-- not name stays as it is, and an archived one stays archived.
--
-- Locks: changed variants by id.
create or replace function import_variants(rows jsonb, owner_id bigint, product_ids bigint[])
returns table (created bigint, updated bigint)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_incoming jsonb;
  v_changes jsonb;
  v_names text;
  v_options jsonb;
  v_taken record;
begin
  select jsonb_agg(i) into v_incoming
  from (
    select distinct on (p.id) p.id as product_id, p.shop_id, r.value -> 'options' as options, r.value -> 'variants' as variants
    from jsonb_array_elements(rows) with ordinality r
    join shops s on s.owner_id = import_variants.owner_id and s.name = r.value ->> 'shop'
    join products p on p.shop_id = s.id and p.sku = r.value ->> 'sku'
    where p.id = any (import_variants.product_ids)
    order by p.id, r.ordinality desc
  ) i
  where jsonb_array_length(i.variants) > 0;
  with incoming as (
    select i.product_id, i.options
    from jsonb_to_recordset(v_incoming) as i (product_id bigint, options jsonb)
  ),
  had as (
    select i.options, array_agg(o.name order by o.position) as names
    from incoming i
    join product_options o on o.product_id = i.product_id
    where exists (select from variants v where v.product_id = i.product_id and v.archived_at is null)
    group by i.product_id, i.options
  )
  select array_to_string(h.names, ', ') into v_names
  from had h
  where h.names <> array(select o.value ->> 'name' from jsonb_array_elements(h.options) with ordinality o order by o.ordinality)
  limit 1;
  if found then
    raise exception using errcode = 'SWINV',
      message = format('The variants of the listing have other options: %s.', v_names), detail = '{"field": "options"}';
  end if;
  -- New values follow those that the listing has.
  v_options := (
    select jsonb_agg(o)
    from (
      select i.product_id, o.ordinality as position, o.value ->> 'name' as name,
        coalesce(had.option_values, '{}') || array(
          select n.value from jsonb_array_elements_text(o.value -> 'values') with ordinality n (value, place)
          where n.value <> all (coalesce(had.option_values, '{}')) order by n.place
        ) as values
      from jsonb_to_recordset(v_incoming) as i (product_id bigint, options jsonb)
      cross join jsonb_array_elements(i.options) with ordinality o
      left join product_options had on had.product_id = i.product_id and had.position = o.ordinality
    ) o
  );
  perform check_options(jsonb_agg(jsonb_build_object('name', o.name, 'values', o.values) order by o.position))
  from jsonb_to_recordset(v_options) as o (product_id bigint, position integer, name text, "values" jsonb)
  group by o.product_id;
  insert into product_options as had (product_id, position, name, option_values)
  select o.product_id, o.position, o.name, o.values
  from jsonb_to_recordset(v_options) as o (product_id bigint, position integer, name text, "values" text[])
  on conflict (product_id, position) do update set name = excluded.name, option_values = excluded.option_values
  where had.name <> excluded.name or had.option_values <> excluded.option_values;
  v_changes := (
    select jsonb_agg(c)
    from (
      select i.product_id, i.shop_id, c.*
      from jsonb_to_recordset(v_incoming) as i (product_id bigint, shop_id bigint, variants jsonb)
      cross join changed_variants(i.product_id, i.variants) c
    ) c
  );
  select v.sku, array_to_string(v.option_values, ', ') as option_values into v_taken
  from jsonb_to_recordset(v_changes) as c (id bigint, product_id bigint, option_values text[])
  join variants v on v.product_id = c.product_id and v.option_values = c.option_values and v.archived_at is null
    and v.id is distinct from c.id
  limit 1;
  if found then
    raise exception using errcode = 'SWINV', detail = '{"field": "variants"}',
      message = format('The listing already has a variant %s%s. Archive that one or change its values first.', v_taken.option_values,
        ' with the sku ' || v_taken.sku);
  end if;
  -- Without this check the unique index refuses them, and the caller takes that for a concurrent import and retries.
  select c.sku into v_taken
  from jsonb_to_recordset(v_changes) as c (id bigint, shop_id bigint, sku text)
  cross join lateral (
    -- A lookup by the index of each sku, also for a small batch.
    select exists (
      select from variants v where v.shop_id = c.shop_id and v.sku = c.sku and v.archived_at is null offset 0
    ) as is_taken
  ) had
  where c.id is null
  group by c.shop_id, c.sku
  having count(c.sku) > 1 or bool_or(had.is_taken)
  limit 1;
  if found then
    raise exception using errcode = 'SWSKU', detail = '{"field": "sku"}',
      message = format('The sku "%s" is that of a variant of another listing of the shop.', v_taken.sku);
  end if;
  perform from variants v
  where v.id in (select c.id from jsonb_to_recordset(v_changes) as c (id bigint) where c.id is not null)
  order by v.id
  for no key update;
  with changed as (
    update variants v set option_values = c.option_values, price = c.price, quantity = c.quantity, images = c.images
    from jsonb_to_recordset(v_changes) as c (id bigint, option_values text[], price numeric, quantity integer, images text[])
    where v.id = c.id
    returning v.id
  )
  select count(*) into updated from changed;
  with listed as (
    insert into variants (product_id, shop_id, option_values, sku, price, quantity, images)
    select c.product_id, c.shop_id, c.option_values, c.sku, c.price, c.quantity, c.images
    from jsonb_to_recordset(v_changes) as c (
      id bigint, product_id bigint, shop_id bigint, option_values text[], sku text, price numeric, quantity integer, images text[]
    )
    where c.id is null
    returning id
  )
  select count(*) into created from listed;
  return next;
end;
$$;
comment on function import_variants(jsonb, bigint, bigint[]) is
  'Adds or changes the variants of imported listings by sku. Returns the numbers of new and of changed variants. SWINV, SWSKU.';
