create or replace function cart_line_ids(user_id bigint) returns bigint[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array(select ci.id from cart_items ci where ci.user_id = cart_line_ids.user_id order by ci.id);
end;
$$;
comment on function cart_line_ids(bigint) is
  'Returns the ids of the lines of a cart, the only part of a cart that may be cached.';
