-- No search_path: inlined.
create or replace function product_state(p products) returns text
language sql immutable parallel safe
as $$
  select case when p.is_draft then 'draft' else p.state end
$$;
comment on function product_state(products) is 'Returns the state of a listing for the API: active, sold_out, archived or draft.';
