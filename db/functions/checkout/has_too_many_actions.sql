-- Counts actions that were not paid: declined, given up, out of time, or still open. A decline after an action is not counted as
-- a declined card. Without this limit an account could test stolen cards by actions, or keep items off sale without end.
-- 10 in an hour for the account: the limit of declined cards (policy declined_account).
-- 3 in 75 minutes with one of the same products: a hold of 15 minutes is followed by a pause until 75 minutes after it began.
-- await_action gave a checkout the action_deadline as its charge_until, unless the buyer gave it up.
create or replace function has_too_many_actions(checkout checkouts) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    with unpaid as (
      select c.id, c.created_at from checkouts c join payments p on p.checkout_id = c.id
      where c.buyer_id = checkout.buyer_id and c.id <> checkout.id and c.status <> 'paid'
        and c.created_at > clock_timestamp() - interval '75 minutes'
        and (c.is_given_up or c.charge_until >= action_deadline(c))
    )
    select count(*) filter (where u.created_at > clock_timestamp() - interval '1 hour') >= 10
      or count(*) filter (where exists (
        select from orders o join order_items i on i.order_id = o.id
        where o.checkout_id = u.id and is_in_month_of(o.id, u.id) and is_in_month_of(i.order_id, u.id)
          and i.product_id in (
            select own_i.product_id from orders own join order_items own_i on own_i.order_id = own.id
            where own.checkout_id = checkout.id and is_in_month_of(own.id, checkout.id)
              and is_in_month_of(own_i.order_id, checkout.id)
          )
      )) >= 3
    from unpaid u
  );
end;
$$;
comment on function has_too_many_actions(checkouts) is
  'Returns whether the buyer of a checkout has too many other checkouts that required an action, such as 3-D Secure, and are '
  'unpaid.';
