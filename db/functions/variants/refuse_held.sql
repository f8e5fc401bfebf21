-- The caller has locked the listing, so no hold and no checkout begins meanwhile. Without variant_id, any line of the listing
-- counts. A pending checkout counts too, because its units return to the stock that they came from if the payment fails. A
-- pending checkout without an outcome after its deadline gets one soon. checkout_lines has no index for this: it has only the lines of
-- pending checkouts, and a change of a listing is rare.
create or replace function refuse_held(product_id bigint, variant_id bigint default null) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_until timestamptz;
begin
  select max(held.until) into v_until
  from (
    select ci.reserved_until as until from cart_items ci
    where ci.product_id = refuse_held.product_id
      and (refuse_held.variant_id is null or ci.variant_id = refuse_held.variant_id)
      and ci.reserved_until > clock_timestamp()
    union all
    select greatest(action_deadline(c), clock_timestamp() + interval '1 minute')
    from checkout_lines cl
    join checkouts c on c.id = cl.checkout_id
    where cl.product_id = refuse_held.product_id
      and (refuse_held.variant_id is null or cl.variant_id = refuse_held.variant_id)
  ) held;
  if v_until is not null then
    raise exception using errcode = 'SWHLD',
      message = 'A buyer holds the item. Repeat the change after reserved_until.',
      detail = json_build_object('product_id', refuse_held.product_id, 'reserved_until', to_rfc3339(v_until));
  end if;
end;
$$;
comment on function refuse_held(bigint, bigint) is
  'Refuses a change of a listing, or of one of its variants, that a buyer holds or is paying for. SWHLD: detail.reserved_until is '
  'the end of the hold.';
