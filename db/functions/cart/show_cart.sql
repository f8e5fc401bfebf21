-- kept_lines are the lines as they were kept, or null to read them. Reading a cart counts as having seen what it lost; a cart that lost nothing is
-- only read.
create or replace function show_cart(user_id bigint, kept_lines text) returns table (lines text, body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_lines jsonb;
begin
  perform see_lapses(show_cart.user_id);
  v_lines := coalesce(kept_lines::jsonb, cart_lines(show_cart.user_id));
  return query select v_lines::text, cart_page(show_cart.user_id, v_lines);
end;
$$;
comment on function show_cart(bigint, text) is 'Somebody''s cart, with its lines as they are kept for next time.';
