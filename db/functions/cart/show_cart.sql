-- cached_lines: the lines that an earlier call returned, or null to read them. A buyer who reads the cart has seen its lost
-- lines. If the cart has lost no lines, the function writes nothing. country: as in cart_json.
create or replace function show_cart(user_id bigint, cached_lines text, country text default null) returns table (lines text, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_line_ids bigint[];
begin
  if show_cart.country is not null then
    perform check_address(jsonb_build_object('country', show_cart.country), path => '');
  end if;
  perform mark_lapses_seen(user_id, null, null);
  v_line_ids := coalesce(cached_lines::bigint[], cart_line_ids(user_id));
  lines := v_line_ids::text;
  body := cart_json(user_id, v_line_ids, show_cart.country);
  return next;
end;
$$;
comment on function show_cart(bigint, text, text) is
  'Returns the cart of a user, and the ids of its lines to cache for the next call. SWINV: an unknown country.';
