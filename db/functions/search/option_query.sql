-- index_products writes the keys of all variants into `document`, sold out or not, so that a sale does not change it. An index
-- finds them there, and product_search.option_keys has those in stock. Users cannot type these words, because spaced_words removes
-- the equals sign.
create or replace function option_query(keys integer[]) returns tsquery
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (select string_agg('''=' || k.key || '''', '|')::tsquery from unnest(keys) k (key));
end;
$$;
comment on function option_query(integer[]) is
  'Matches the documents of listings with a variant that has one of these keys. Null without keys.';
