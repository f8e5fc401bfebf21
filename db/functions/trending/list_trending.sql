-- Returns ids, because the ranking can be cached and prices and stock cannot. A function instead of a query, because an unknown
-- category is an error.
create or replace function list_trending(category text, page_size integer) returns table (product_id bigint)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if category is not null and not exists (select from categories c where c.slug = list_trending.category) then
    raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category"}';
  end if;
  return query
    with below as materialized (
      select b.category_id from categories_below(list_trending.category) b
    ),
    popular as (
      select p.id, pp.score
      from product_popularity pp
      join products p on p.id = pp.product_id
      where p.state = 'active' and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
        and (list_trending.category is null or p.category_id in (select b.category_id from below b))
      order by pp.score desc, pp.product_id desc
      limit page_size
    ),
    -- The newest listings fill the page if too few are popular. Both parts walk an index and stop.
    newest as (
      select p.id, 0 as score
      from products p
      where p.state = 'active' and p.shop_id not in (select s.id from shops s where s.is_on_vacation)
        and (list_trending.category is null or p.category_id in (select b.category_id from below b))
      order by p.created_at desc, p.id desc
      limit page_size
    ),
    chosen as (
      select c.id, max(c.score) as score
      from (select * from popular union all select * from newest) c
      group by c.id
    )
    select c.id
    from chosen c
    join products p on p.id = c.id
    order by c.score desc, p.created_at desc, p.id desc
    limit page_size;
end;
$$;
comment on function list_trending(text, integer) is
  'Returns the popular listings of a category and its descendants; null means all. SWINV.';
