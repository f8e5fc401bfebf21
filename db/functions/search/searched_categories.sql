create or replace function searched_categories(category text) returns bigint[]
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_ids bigint[];
begin
  if category is null then
    return null;
  end if;
  v_ids := array(select b.category_id from categories_below(category) b);
  if cardinality(v_ids) = 0 then
    raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category"}';
  end if;
  return v_ids;
end;
$$;
comment on function searched_categories(text) is 'The ids of a category and its descendants. Null for null. SWINV.';
