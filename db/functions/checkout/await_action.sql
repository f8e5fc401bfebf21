-- The caller has locked the checkout. A repeated call changes nothing.
-- The worker asks the provider every 30 s (enqueue_stuck_checkouts), because no webhook may come.
create or replace function await_action(checkout checkouts, next_action jsonb) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update payments p set status = 'requires_action', next_action = await_action.next_action
  where p.checkout_id = checkout.id and p.status = 'pending';
  if found then
    perform write_mail('payment_action', checkout.buyer_id, checkout.id);
  end if;
  update checkouts c
  set charge_until = action_deadline(c), settle_after = clock_timestamp() + interval '30 seconds'
  where c.id = checkout.id and not c.is_given_up
    and c.charge_until < action_deadline(c);
end;
$$;
comment on function await_action(checkouts, jsonb) is
  'Records what a pending, locked checkout needs from its buyer, such as 3-D Secure, and gives the buyer time until '
  'charge_until.';
