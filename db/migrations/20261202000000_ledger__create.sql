-- migrate:up
-- Shorter than deadlock_timeout (1 s), so that a deadlock ends this migration and no call.
set local lock_timeout = '500ms';
set local statement_timeout = '10s';
-- The foreign keys also lock these tables. Locked in the order of the calls (db/README.md).
lock table shops, categories in share row exclusive mode;

create table settings (
  name text not null primary key,
  value text not null,
  updated_at timestamptz not null default now(),
  constraint settings_name_is_upper_case check (name ~ '^[A-Z][A-Z_]*$')
);
comment on table settings is 'Environment variables that functions read. Each start of the server stores them.';
comment on column settings.name is 'The environment variable.';
comment on column settings.value is 'Its value as text. A variable that is not set has no row.';
comment on column settings.updated_at is 'When a start last changed it.';

create table commission_rates (
  id bigint generated always as identity primary key,
  position integer not null,
  shop_id bigint references shops (id) on delete restrict,
  category_id bigint references categories (id) on delete restrict,
  percent numeric(5, 2) not null default 0,
  fixed_per_unit numeric(10, 2) not null default 0,
  min numeric(10, 2) not null default 0,
  max numeric(10, 2),
  on_shipping boolean not null default false,
  tax_percent numeric(5, 2) not null default 0,
  is_returned_on_refund boolean not null default true,
  valid tstzrange not null default '(,)',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint commission_rates_position_key unique (position),
  constraint commission_rates_percent_is_0_to_100 check (percent between 0 and 100),
  constraint commission_rates_tax_percent_is_0_to_100 check (tax_percent between 0 and 100),
  constraint commission_rates_amounts_are_not_negative check (least(fixed_per_unit, min, max) >= 0),
  constraint commission_rates_min_is_within_max check (min <= max),
  constraint commission_rates_valid_is_not_empty check (not isempty(valid)),
  -- So one rate fits each sale, and it is the last one to be tried.
  constraint commission_rates_catch_all_is_last_and_always_valid check (
    (shop_id is null and category_id is null) = (position = 2147483647) and (position < 2147483647 or valid = '(,)')
  )
);
create index commission_rates_shop_id_idx on commission_rates (shop_id);
create index commission_rates_category_id_idx on commission_rates (category_id);
insert into commission_rates (position) values (2147483647);
comment on table commission_rates is
  'What the marketplace keeps of a sale. The first rate by position that fits a line counts. One fits all: the last one.';
comment on column commission_rates.id is 'The rate.';
comment on column commission_rates.position is 'Rates are tried in this order. 2147483647 is the rate that fits all lines.';
comment on column commission_rates.shop_id is 'The shop whose sales it is for; null for all shops.';
comment on column commission_rates.category_id is 'The category, with those below it, whose listings it is for; null for all.';
comment on column commission_rates.percent is 'Percent of what the buyer pays for the lines.';
comment on column commission_rates.fixed_per_unit is 'US dollars for each unit, besides the percent.';
comment on column commission_rates.min is 'At least this for the lines of an order, in US dollars, but never more than they cost.';
comment on column commission_rates.max is 'At most this for the lines of an order, in US dollars; null without a limit.';
comment on column commission_rates.on_shipping is
  'Whether the percent is also of the postage. The postage of an order goes with the lines of its first rate by position.';
comment on column commission_rates.tax_percent is 'The tax on the commission, in percent of it, which the shop pays too.';
comment on column commission_rates.is_returned_on_refund is 'Whether a refund returns its part of the commission to the shop.';
comment on column commission_rates.valid is 'When a sale must be for the rate to count.';
comment on column commission_rates.created_at is 'When the rate was made.';
comment on column commission_rates.updated_at is 'When the row last changed.';

create table order_commissions (
  order_id bigint not null,
  rate_id bigint not null,
  percent numeric(5, 2) not null,
  fixed_per_unit numeric(10, 2) not null,
  units integer not null,
  base numeric(10, 2) not null,
  amount numeric(10, 2) not null,
  tax_percent numeric(5, 2) not null,
  tax numeric(10, 2) not null,
  is_returned_on_refund boolean not null,
  primary key (order_id, rate_id),
  constraint order_commissions_units_is_positive check (units > 0),
  constraint order_commissions_amount_is_within_base check (amount >= 0 and tax >= 0 and amount + tax <= base)
) partition by range (order_id);
comment on table order_commissions is
  'The commission of an order as it was at the sale, a row for each rate. An order without a row has none. Rows never change.';
comment on column order_commissions.order_id is 'The order. No foreign key, so that old months can be detached together.';
comment on column order_commissions.rate_id is 'The rate, which can have changed since.';
comment on column order_commissions.percent is 'The percent of the rate at the sale.';
comment on column order_commissions.fixed_per_unit is 'US dollars for each unit at the sale.';
comment on column order_commissions.units is 'Units of the lines that the rate is for.';
comment on column order_commissions.base is 'What the buyer paid for these lines, and for postage if the rate counts it, in US dollars.';
comment on column order_commissions.amount is 'The commission, in US dollars, rounded half up once.';
comment on column order_commissions.tax_percent is 'The tax rate on the commission at the sale, in percent.';
comment on column order_commissions.tax is 'The tax on the commission, in US dollars, rounded half up once.';
comment on column order_commissions.is_returned_on_refund is 'Whether a refund returns its part to the shop.';

create sequence ledger_transactions_id_seq maxvalue 999999999 cycle;
create table ledger_transactions (
  id bigint not null,
  kind text not null,
  source text not null,
  actor_id bigint,
  note text,
  created_at timestamptz not null default now(),
  primary key (id),
  constraint ledger_transactions_kind_is_known check (
    kind in (
      'sale', 'refund', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost', 'release', 'payout', 'payout_paid',
      'payout_failed', 'payout_returned', 'provider_fee', 'adjustment'
    )
  ),
  constraint ledger_transactions_source_names_a_row check (source ~ '^[a-z_]+:.{1,200}$'),
  constraint ledger_transactions_note_has_1_to_1000_characters check (char_length(note) between 1 and 1000)
) partition by range (id);
alter sequence ledger_transactions_id_seq owned by ledger_transactions.id;
create index ledger_transactions_day_idx on ledger_transactions (((created_at at time zone 'UTC')::date));
comment on table ledger_transactions is
  'Movements of money, each booked once: kind and source are unique, because a source is always of the same month. Rows never '
  'change; a later transaction corrects an earlier one.';
comment on column ledger_transactions.id is 'The month of its source, as in the ids of orders, then a number.';
comment on column ledger_transactions.kind is
  'sale, refund, refund_failed, dispute_opened, dispute_won, dispute_lost, release, payout, payout_paid, payout_failed, '
  'payout_returned, provider_fee or adjustment.';
comment on column ledger_transactions.source is 'What caused it: checkout:ID, refund:ID, dispute:ID, order:ID, payout:ID, or an operator''s key.';
comment on column ledger_transactions.actor_id is 'The operator who booked it; null if the service did.';
comment on column ledger_transactions.note is 'Why, in the words of the operator; null without one.';
comment on column ledger_transactions.created_at is 'When it was booked.';

create table ledger_entries (
  transaction_id bigint not null,
  line_no smallint not null,
  account text not null,
  shop_id bigint,
  order_id bigint,
  amount numeric(12, 2) not null,
  created_at timestamptz not null default now(),
  primary key (transaction_id, line_no),
  constraint ledger_entries_account_is_known check (
    account in (
      'provider', 'seller_pending', 'seller_available', 'seller_in_transit', 'commission', 'commission_tax', 'tax_payable',
      'provider_fees', 'disputed', 'platform_funding', 'bad_debt'
    )
  ),
  constraint ledger_entries_amount_is_not_0 check (amount <> 0),
  constraint ledger_entries_sellers_have_a_shop check ((account like 'seller\_%') = (shop_id is not null))
) partition by range (transaction_id);
create index ledger_entries_shop_id_created_at_idx on ledger_entries (shop_id, created_at, transaction_id) where shop_id is not null;
create index ledger_entries_order_id_idx on ledger_entries (order_id) where order_id is not null;
comment on table ledger_entries is
  'The lines of ledger transactions. Those of a transaction add up to 0, and those of a shop to its row in shop_balances. Rows '
  'never change.';
comment on column ledger_entries.transaction_id is 'The transaction.';
comment on column ledger_entries.line_no is 'The place in the transaction, from 1.';
comment on column ledger_entries.account is
  'provider (money there is negative), seller_pending, seller_available, seller_in_transit, commission, commission_tax, '
  'tax_payable, provider_fees, disputed, platform_funding or bad_debt.';
comment on column ledger_entries.shop_id is 'The shop, for the accounts of sellers; otherwise null.';
comment on column ledger_entries.order_id is 'The order that the money is of; null for payouts, fees and adjustments.';
comment on column ledger_entries.amount is
  'In US dollars. Positive: the marketplace owes or has earned it. Negative: it has the money, gave it or lost it, or a shop owes it.';
comment on column ledger_entries.created_at is 'When it was booked, like its transaction.';

create table shop_balances (
  shop_id bigint not null primary key references shops (id) on delete restrict,
  pending numeric(12, 2) not null default 0,
  available numeric(12, 2) not null default 0,
  in_transit numeric(12, 2) not null default 0,
  updated_at timestamptz not null default now(),
  constraint shop_balances_in_transit_is_not_negative check (in_transit >= 0)
) with (fillfactor = 50);
comment on table shop_balances is
  'What the marketplace owes each shop: the sums of its ledger entries, which write them. A shop without entries has no row.';
comment on column shop_balances.shop_id is 'The shop.';
comment on column shop_balances.pending is 'From sales that are not released yet, in US dollars.';
comment on column shop_balances.available is 'Ready for a payout, in US dollars. Negative: the shop owes it, and its next sales pay it.';
comment on column shop_balances.in_transit is 'In payouts on their way, in US dollars.';
comment on column shop_balances.updated_at is 'When an entry last changed it.';

create table order_holds (
  order_id bigint not null,
  kind text not null,
  source text not null,
  amount numeric(10, 2) not null default 0,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  is_lost boolean not null default false,
  primary key (order_id, kind, source),
  constraint order_holds_kind_is_known check (kind in ('dispute', 'operator')),
  constraint order_holds_amount_is_not_negative check (amount >= 0),
  constraint order_holds_lost_ones_have_ended check (not is_lost or ended_at is not null)
);
create index order_holds_live_idx on order_holds (order_id) where ended_at is null;
comment on table order_holds is 'Why the earnings of an order stay pending: a dispute, or an operator.';
comment on column order_holds.order_id is 'The order. No foreign key, so that old months of orders can be detached.';
comment on column order_holds.kind is 'dispute or operator.';
comment on column order_holds.source is 'The dispute (dispute:ID), or the operator''s words.';
comment on column order_holds.amount is 'The order''s part of the disputed amount, in US dollars; 0 for an operator''s hold.';
comment on column order_holds.created_at is 'When it began.';
comment on column order_holds.ended_at is 'When it ended; null while it holds.';
comment on column order_holds.is_lost is 'Whether the bank gave the disputed amount to the buyer.';

-- The functions of this deploy book sales before it makes the partitions of the months ahead, so each month of orders has its own
-- already. The last checkouts of the month before can be paid after the deploy. None of these tables has a foreign key, so this
-- locks no other table.
do $$
declare
  v_month date;
  v_parent text;
  v_partition text;
begin
  for v_month in
    select to_date(right(c.relname, 6), 'YYYYMM')
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'orders'::regclass
      and right(c.relname, 6) >= to_char(now() at time zone 'UTC' - interval '1 month', 'YYYYMM')
    order by 1
  loop
    foreach v_parent in array array['order_commissions', 'ledger_transactions', 'ledger_entries'] loop
      v_partition := v_parent || to_char(v_month, '_YYYYMM');
      execute format(
        'create table %I partition of %I for values from (%L) to (%L)', v_partition, v_parent,
        to_char(v_month, 'YYYYMM') || '000000000', to_char(v_month + interval '1 month', 'YYYYMM') || '000000000'
      );
      execute format(
        'comment on table %I is %L', v_partition, format('The part of %s of %s.', v_parent, to_char(v_month, 'YYYY-MM'))
      );
    end loop;
    execute format(
      'alter table %I add constraint %I unique (kind, source)', 'ledger_transactions' || to_char(v_month, '_YYYYMM'),
      'ledger_transactions' || to_char(v_month, '_YYYYMM') || '_kind_source_key'
    );
  end loop;
end;
$$;

-- migrate:down
drop table order_holds;
drop table shop_balances;
drop table ledger_entries;
drop table ledger_transactions;
drop table order_commissions;
drop table commission_rates;
drop table settings;
