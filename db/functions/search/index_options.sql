-- A variant sold out or came back: its words stay, so nothing is parsed, and the row changes without a new index entry.
create or replace function index_options(product_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update product_search ps set options = o.options, option_keys = o.option_keys
  from listing_options(product_ids) o
  where o.product_id = ps.product_id
    and (ps.options, ps.option_keys) is distinct from (o.options, o.option_keys);
end;
$$;
comment on function index_options(bigint[]) is
  'Writes into product_search which option values of these listings are in stock.';
