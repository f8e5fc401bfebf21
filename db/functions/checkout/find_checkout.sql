-- The key is looked up after the buyer's lock, so the second of two calls with one key finds the checkout of the first. An erased
-- buyer counts as missing: an erasure or an adoption (adopt_guest_orders) was first.
create or replace function find_checkout(buyer_id bigint, idempotency_key text) returns checkouts
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_checkout checkouts;
begin
  perform from users u where u.id = find_checkout.buyer_id and u.erased_at is null for no key update;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such buyer.', detail = '{"field": "buyer_id"}';
  end if;
  select c.* into v_checkout from checkouts c
  where c.buyer_id = find_checkout.buyer_id and c.idempotency_key = find_checkout.idempotency_key;
  return v_checkout;
end;
$$;
comment on function find_checkout(bigint, text) is
  'Locks a buyer and returns the checkout of a key, or null if the key made none. SWNTF: no such buyer, or a deleted one.';
