-- Parties and amounts of a sale are written once; tg__refuse_other_buyer has the one exception. Items and events of orders are
-- written once too, and so are events of payments.
create or replace function tg__refuse_change() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWAPP',
    message = case tg_level
      when 'STATEMENT' then format('%s is append-only: %s is refused.', tg_table_name, lower(tg_op))
      else format('The parties and amounts of %s never change.', tg_table_name)
    end;
end;
$$;
comment on function tg__refuse_change() is 'Refuses to change what is written once (SWAPP).';

-- These name their columns, so that an update of other columns costs nothing.
create or replace trigger checkouts__refuse_change
  before update of subtotal, discount, shipping, tax, total on checkouts
  for each row execute function tg__refuse_change();
create or replace trigger payments__refuse_change before update of checkout_id, amount or delete on payments
  for each row execute function tg__refuse_change();
create or replace trigger orders__refuse_change
  before update of checkout_id, shop_id, subtotal, discount, shipping, tax, total on orders
  for each row execute function tg__refuse_change();
create or replace trigger refunds__refuse_change before update of payment_id, order_id, amount, shipping or delete on refunds
  for each row execute function tg__refuse_change();
create or replace trigger disputes__refuse_change before update of payment_id, provider_reference or delete on disputes
  for each row execute function tg__refuse_change();

-- tg_order_items__refuse_rewrite guards the columns of later migrations.
create or replace trigger order_items__refuse_change
  before update of id, order_id, product_id, title, quantity, price_at_purchase or delete or truncate on order_items
  for each statement execute function tg__refuse_change();
create or replace trigger order_events__refuse_change before update or delete or truncate on order_events
  for each statement execute function tg__refuse_change();
create or replace trigger refund_items__refuse_change before update or delete or truncate on refund_items
  for each statement execute function tg__refuse_change();
create or replace trigger shipment_items__refuse_change before update or delete or truncate on shipment_items
  for each statement execute function tg__refuse_change();
create or replace trigger ledger_transactions__refuse_change before update or delete or truncate on ledger_transactions
  for each statement execute function tg__refuse_change();
create or replace trigger ledger_entries__refuse_change before update or delete or truncate on ledger_entries
  for each statement execute function tg__refuse_change();
create or replace trigger order_commissions__refuse_change before update or delete or truncate on order_commissions
  for each statement execute function tg__refuse_change();
create or replace trigger payout_items__refuse_change before update or delete or truncate on payout_items
  for each statement execute function tg__refuse_change();
create or replace trigger payouts__refuse_change before update of id, shop_id, provider, amount or delete on payouts
  for each row execute function tg__refuse_change();
create or replace trigger transfers__refuse_change before update of transaction_id, shop_id, order_id, amount or delete on transfers
  for each row execute function tg__refuse_change();
create or replace trigger payment_events__refuse_change before update or delete or truncate on payment_events
  for each statement execute function tg__refuse_change();
