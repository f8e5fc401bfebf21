-- The only list of kinds. The templates are src/domains/mails/templates/<locale>/<kind>.liquid. No search_path: inlined.
--
-- is_about_order: an order caused it. Other mails are limited (take_mail).
-- is_notice: its reader can unsubscribe.
-- token_purpose, token_ttl: the token of its link.
create or replace function mail_kinds()
returns table (kind text, is_about_order boolean, is_notice boolean, token_purpose text, token_ttl interval)
language sql immutable
as $$
  values
    -- To the buyer.
    ('checkout_paid', true, false, 'order_access', interval '90 days'),
    ('payment_failed', false, false, null, null),
    ('payment_action', false, false, null, null),
    ('order_shipped', true, false, 'order_access', interval '90 days'),
    ('tracking_corrected', true, false, 'order_access', interval '90 days'),
    ('order_refunded', true, false, 'order_access', interval '90 days'),
    ('order_cancelled', true, false, 'order_access', interval '90 days'),
    -- To the seller.
    ('order_sold', true, false, null, null),
    ('order_late', true, false, null, null),
    ('sold_order_cancelled', true, false, null, null),
    ('refund_failed', true, false, null, null),
    -- To the owner of an account. change_email goes to the new address.
    ('verify_email', false, false, 'verify_email', interval '24 hours'),
    ('change_email', false, false, 'verify_email', interval '24 hours'),
    ('email_change_requested', false, false, null, null),
    ('email_changed', false, false, null, null),
    ('reset_password', false, false, 'reset_password', interval '1 hour'),
    ('password_changed', false, false, null, null),
    ('new_device', false, true, 'unsubscribe', interval '90 days'),
    ('second_factor_added', false, false, null, null),
    ('second_factor_removed', false, false, null, null),
    ('payout_account_changed', false, false, null, null),
    ('account_erased', false, false, null, null)
$$;
comment on function mail_kinds() is 'Returns all kinds of mails, and the purpose and life of the token in each.';
