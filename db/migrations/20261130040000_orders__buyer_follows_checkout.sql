-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- adopt_guest_orders changes the buyer of a checkout and of its orders in two statements. All others are still checked at once.
alter table orders alter constraint orders_checkout_id_buyer_id_fkey deferrable initially immediate;

-- migrate:down
alter table orders alter constraint orders_checkout_id_buyer_id_fkey not deferrable;
