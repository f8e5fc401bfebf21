-- Bounds what one account can keep from others and what one checkout must lock. 50 live holds are more than anybody buys in
-- a quarter of an hour, and too few to hold a shop; 200 lines are far above the largest cart of a person.
-- The caller has locked the buyer. The line on product_id itself, if there is one, takes no new room.
-- Raises SWFUL (as many lines as a cart takes), SWCAP (as many live holds as a buyer may have).
create or replace function check_cart_room(user_id bigint, product_id bigint, holding boolean) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_max_lines constant integer := 200;
  v_max_holds constant integer := 50;
  v_lines integer;
  v_holds integer;
  v_is_there boolean;
begin
  select count(*), count(*) filter (where ci.reserved_until > clock_timestamp() and ci.product_id <> check_cart_room.product_id),
    coalesce(bool_or(ci.product_id = check_cart_room.product_id), false)
  into v_lines, v_holds, v_is_there
  from cart_items ci where ci.user_id = check_cart_room.user_id;
  if v_lines >= v_max_lines and not v_is_there then
    raise exception using errcode = 'SWFUL',
      message = format('A cart can hold %s different items. Remove one first.', v_max_lines),
      detail = json_build_object('success', false, 'limit', v_max_lines);
  end if;
  if holding and v_holds >= v_max_holds then
    raise exception using errcode = 'SWCAP',
      message = format('A buyer can hold %s items at a time. Remove one from the cart first.', v_max_holds),
      detail = json_build_object('success', false, 'limit', v_max_holds);
  end if;
end;
$$;
comment on function check_cart_room(bigint, bigint, boolean) is
  'Refuses one more line above 200 (SWFUL) and, when holding, one more live hold above 50 (SWCAP), for a locked buyer.';
