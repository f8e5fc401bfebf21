-- Limits what one account can keep from others, and what one checkout must lock. People buy fewer than 50 items in a quarter of
-- an hour, and 50 holds are too few to block a shop. The largest cart of a person is far below 200 lines.
-- The caller has locked the buyer and the line `own` (null: a new line), which takes no further room.
create or replace function check_cart_room(user_id bigint, own cart_items, holding boolean) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_max_lines constant integer := 200;
  v_max_holds constant integer := 50;
  v_lines integer;
  v_holds integer;
begin
  select count(*), count(*) filter (where ci.reserved_until > clock_timestamp())
  into v_lines, v_holds
  from cart_items ci where ci.user_id = check_cart_room.user_id and ci.id is distinct from own.id;
  if own.id is null and v_lines >= v_max_lines then
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
comment on function check_cart_room(bigint, cart_items, boolean) is
  'Refuses a new line above 200 (SWFUL) and, if holding, one more live hold above 50 (SWCAP). The caller has locked the buyer.';
