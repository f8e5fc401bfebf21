-- The caller's transaction has used a mailed token for the address of the account. The reader of an address owns the orders that
-- name the address. This is the only legal change of a buyer (tg__refuse_other_buyer).
--
-- An adopted guest is erased, also a guest without orders. A checkout of the guest that waits for this transaction fails
-- (find_checkout), and a second account finds no guest. A pending payment goes on: settle_checkout reads the buyer after it has
-- locked the checkout.
--
-- Locks: the account, the guests by id, their checkouts by id, their orders by id, then their mails and keys (end_guests).
-- Not `for update`: a refund that holds its order takes a key share of the checkout. Once all orders are locked, none can.
create or replace function adopt_guest_orders(user_id bigint) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_account users;
  v_guest_ids bigint[];
  v_checkout_ids bigint[];
  v_order_ids bigint[];
begin
  perform lock_buyer(adopt_guest_orders.user_id);
  select u.* into v_account from users u where u.id = adopt_guest_orders.user_id;
  v_guest_ids := array(
    select u.id from users u
    where u.is_guest and u.erased_at is null and normal_email(u.email) = normal_email(v_account.email)
      and not v_account.is_guest and v_account.email_verified_at is not null
    order by u.id
    for no key update
  );
  if v_guest_ids = '{}' then
    return 0;
  end if;
  v_checkout_ids := array(select c.id from checkouts c where c.buyer_id = any (v_guest_ids) order by c.id for no key update);
  v_order_ids := array(select o.id from orders o where o.buyer_id = any (v_guest_ids) order by o.id for no key update);
  set constraints orders_checkout_id_buyer_id_fkey deferred;
  update checkouts c set buyer_id = v_account.id, idempotency_key = null where c.id = any (v_checkout_ids);
  with adopted as (
    update orders o set buyer_id = v_account.id where o.id = any (v_order_ids) returning o.id, o.status
  )
  insert into order_events (order_id, status, actor_id, change, detail)
  select a.id, a.status, v_account.id, 'adoption', jsonb_build_object('buyer_id', v_account.id) from adopted a order by a.id;
  set constraints orders_checkout_id_buyer_id_fkey immediate;
  perform end_guests(v_guest_ids, v_account.id);
  perform note_changes(array['last_write:' || v_account.id]);
  return cardinality(v_order_ids);
end;
$$;
comment on function adopt_guest_orders(bigint) is
  'Makes the orders of the guests of an account''s proved address its own, and ends these guests. Returns the number of orders.';
