-- The caller has locked the listing, so no hold begins meanwhile. Without variant_id, any hold of the listing counts.
create or replace function refuse_held(product_id bigint, variant_id bigint default null) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_until timestamptz;
begin
  select max(ci.reserved_until) into v_until
  from cart_items ci
  where ci.product_id = refuse_held.product_id
    and (refuse_held.variant_id is null or ci.variant_id = refuse_held.variant_id)
    and ci.reserved_until > clock_timestamp();
  if v_until is not null then
    raise exception using errcode = 'SWHLD',
      message = 'A buyer holds the item. Repeat the change after reserved_until.',
      detail = json_build_object('product_id', refuse_held.product_id, 'reserved_until', to_rfc3339(v_until));
  end if;
end;
$$;
comment on function refuse_held(bigint, bigint) is
  'Refuses a change of a listing, or of one of its variants, that a buyer holds. SWHLD: detail.reserved_until is the end of the hold.';
