-- Each key is a table of docs/PRIVACY.md with the person's rows, except secrets, hashes, and copies of what is here already. A new
-- column of these tables is in the export at once; a new table needs its line here (db/test/export_user.test.ts).
-- The orders of a seller are the buyers': their money is in the shop's statistics, balances, payouts and statements. Guests of the
-- address are other persons.
create or replace function export_user(user_id bigint) returns table (body json)
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
declare
  v_user_id constant bigint := export_user.user_id;
begin
  return query
    with own_orders as materialized (select o.* from orders o where o.buyer_id = v_user_id),
    own_payments as materialized (
      select p.* from payments p join checkouts c on c.id = p.checkout_id where c.buyer_id = v_user_id
    ),
    own_shops as materialized (select s.* from shops s where s.owner_id = v_user_id),
    exported (name, rows) as (values
      ('users', (select jsonb_agg(to_jsonb(u) - 'password') from users u where u.id = v_user_id)),
      ('sessions', (select jsonb_agg(to_jsonb(s) - 'token_hash') from sessions s where s.user_id = v_user_id)),
      ('sign_in_addresses', (
        select jsonb_agg(to_jsonb(a) - 'address_hash') from sign_in_addresses a where a.user_id = v_user_id
      )),
      ('account_quotas', (select jsonb_agg(to_jsonb(q)) from account_quotas q where q.user_id = v_user_id)),
      ('user_tokens', (select jsonb_agg(to_jsonb(t) - 'token_hash') from user_tokens t where t.user_id = v_user_id)),
      ('mails', (select jsonb_agg(to_jsonb(m)) from mails m where m.user_id = v_user_id)),
      ('addresses', (select jsonb_agg(to_jsonb(a)) from addresses a where a.user_id = v_user_id)),
      ('second_factors', (select jsonb_agg(to_jsonb(f) - 'secret') from second_factors f where f.user_id = v_user_id)),
      ('recovery_codes', (select jsonb_agg(to_jsonb(r) - 'code_hash') from recovery_codes r where r.user_id = v_user_id)),
      ('cart_items', (select jsonb_agg(to_jsonb(ci)) from cart_items ci where ci.user_id = v_user_id)),
      ('holds', (select jsonb_agg(to_jsonb(h)) from holds h where h.user_id = v_user_id)),
      ('favorites', (select jsonb_agg(to_jsonb(f)) from favorites f where f.user_id = v_user_id)),
      ('pictures', (select jsonb_agg(to_jsonb(p)) from pictures p where p.owner_id = v_user_id)),
      ('idempotency_keys', (
        select jsonb_agg(to_jsonb(k) - '{fingerprint, body, refusal}'::text[]) from idempotency_keys k where k.user_id = v_user_id
      )),
      ('key_counts', (select jsonb_agg(to_jsonb(k)) from key_counts k where k.user_id = v_user_id)),
      ('checkouts', (select jsonb_agg(to_jsonb(c) - 'fingerprint') from checkouts c where c.buyer_id = v_user_id)),
      ('checkout_lines', (
        select jsonb_agg(to_jsonb(l)) from checkout_lines l join checkouts c on c.id = l.checkout_id where c.buyer_id = v_user_id
      )),
      ('payments', (select jsonb_agg(to_jsonb(p) - 'next_action') from own_payments p)),
      ('payment_events', (
        select jsonb_agg(to_jsonb(e)) from payment_events e join own_payments p on p.checkout_id = e.checkout_id
      )),
      ('disputes', (select jsonb_agg(to_jsonb(d)) from disputes d join own_payments p on p.id = d.payment_id)),
      ('late_charges', (select jsonb_agg(to_jsonb(lc)) from late_charges lc join own_payments p on p.id = lc.payment_id)),
      ('orders', (select jsonb_agg(to_jsonb(o)) from own_orders o)),
      ('order_items', (select jsonb_agg(to_jsonb(i)) from order_items i join own_orders o on o.id = i.order_id)),
      ('order_events', (select jsonb_agg(to_jsonb(e)) from order_events e join own_orders o on o.id = e.order_id)),
      ('shipments', (select jsonb_agg(to_jsonb(s)) from shipments s join own_orders o on o.id = s.order_id)),
      ('shipment_items', (select jsonb_agg(to_jsonb(i)) from shipment_items i join own_orders o on o.id = i.order_id)),
      ('refunds', (select jsonb_agg(to_jsonb(r)) from refunds r join own_orders o on o.id = r.order_id)),
      ('refund_items', (select jsonb_agg(to_jsonb(i)) from refund_items i join own_orders o on o.id = i.order_id)),
      ('reviews', (select jsonb_agg(to_jsonb(r)) from reviews r where r.reviewer_id = v_user_id)),
      ('shops', (select jsonb_agg(to_jsonb(s)) from own_shops s)),
      ('processing_profiles', (
        select jsonb_agg(to_jsonb(pp)) from processing_profiles pp join own_shops s on s.id = pp.shop_id
      )),
      ('payout_accounts', (select jsonb_agg(to_jsonb(a)) from payout_accounts a join own_shops s on s.id = a.shop_id)),
      ('shop_sections', (select jsonb_agg(to_jsonb(x)) from shop_sections x join own_shops s on s.id = x.shop_id)),
      ('products', (select jsonb_agg(to_jsonb(p)) from products p join own_shops s on s.id = p.shop_id)),
      ('product_options', (
        select jsonb_agg(to_jsonb(o)) from product_options o join products p on p.id = o.product_id join own_shops s on s.id = p.shop_id
      )),
      ('variants', (select jsonb_agg(to_jsonb(v)) from variants v join own_shops s on s.id = v.shop_id)),
      ('shipping_profiles', (select jsonb_agg(to_jsonb(sp)) from shipping_profiles sp join own_shops s on s.id = sp.shop_id)),
      ('shipping_rates', (
        select jsonb_agg(to_jsonb(r)) from shipping_rates r
        join shipping_profiles sp on sp.id = r.profile_id join own_shops s on s.id = sp.shop_id
      )),
      ('shipping_upgrades', (
        select jsonb_agg(to_jsonb(u)) from shipping_upgrades u
        join shipping_profiles sp on sp.id = u.profile_id join own_shops s on s.id = sp.shop_id
      )),
      ('shop_statistics', (select jsonb_agg(to_jsonb(st)) from shop_statistics st join own_shops s on s.id = st.shop_id)),
      ('shop_balances', (select jsonb_agg(to_jsonb(b)) from shop_balances b join own_shops s on s.id = b.shop_id)),
      ('payouts', (select jsonb_agg(to_jsonb(p) order by p.id) from payouts p join own_shops s on s.id = p.shop_id)),
      ('replies', (
        select jsonb_agg(jsonb_build_object('review_id', r.id, 'reply', r.reply, 'replied_at', r.replied_at))
        from reviews r join own_shops s on s.id = r.shop_id where r.reply is not null
      ))
    )
    select json_object_agg(e.name, coalesce(e.rows, '[]') order by e.name) from exported e;
end;
$$;
comment on function export_user(bigint) is 'Returns all that is kept of a person: for each table a list of rows.';
