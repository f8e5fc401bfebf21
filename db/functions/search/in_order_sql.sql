-- A whole pool holds every page. Of a cut one, only the index of the order itself knows what comes next: so a sorted list
-- is read from products in that index's order.
create or replace function in_order_sql(conditions text, has_words boolean, has_after boolean, sort text) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_key text := case when sort in ('price_asc', 'price_desc') then 'price' else 'created_at' end;
  v_direction text := case when sort = 'price_asc' then '' else ' desc' end;
  v_product text := case when has_words then 'p' else 'ps' end;
  v_from text := case when has_words then 'product_search ps join products p on p.id = ps.product_id' else 'products ps' end;
  v_after text := case when has_after then format(
    ' and (%%1$s.%s, %%1$s.id) %s (($10 ->> 0)::%s, ($10 ->> 1)::bigint)', v_key, case when sort = 'price_asc' then '>' else '<' end,
    case v_key when 'price' then 'numeric' else 'timestamptz' end
  ) else '' end;
  v_page text := format('%s order by %%1$s.%s%s, %%1$s.id%s limit $11', v_after, v_key, v_direction, v_direction);
begin
  return format('select o.id, o.key, row_number() over (order by o.key%s, o.id%s) as position from (', v_direction, v_direction)
    || format('(select p.id, p.%s as key from pool o join products p on p.id = o.id where (select count(*) from pool) <= 10000%s)',
      v_key, format(v_page, 'p'))
    || format(' union all (select %1$s.id, %1$s.%2$s from %3$s where (select count(*) from pool) > 10000 and %4$s%5$s)) o',
      v_product, v_key, v_from, conditions, format(v_page, v_product));
end;
$$;
comment on function in_order_sql(text, boolean, boolean, text) is 'The part of a search statement that finds the candidates of a sorted list.';
