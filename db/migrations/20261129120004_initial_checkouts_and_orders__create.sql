-- migrate:up
-- Ids of checkouts and orders carry their month (ADR 18), so that an id says in which partition its row is.
create function next_dated_id(ids regclass) returns bigint language plpgsql volatile security definer
set search_path = public, pg_temp as $$
begin
  return (extract(year from now() at time zone 'UTC') * 100 + extract(month from now() at time zone 'UTC'))::bigint * 1000000000
    + nextval(ids);
end;
$$;
comment on function next_dated_id(regclass) is
  'The next id of a sequence with the month before it: 202611000000042. A month has room for 999,999,999: 385 a second.';
revoke execute on function next_dated_id(regclass) from public;

create sequence checkouts_id_seq maxvalue 999999999 cycle;
create sequence orders_id_seq maxvalue 999999999 cycle;
-- No identities: partitions have none up to PostgreSQL 16, and must have one from 17 on.
create sequence order_items_id_seq;
create sequence order_events_id_seq;

create table checkouts (
  id bigint not null default next_dated_id('checkouts_id_seq') primary key,
  buyer_id bigint not null references users (id) on delete restrict,
  idempotency_key text,
  status text not null default 'pending',
  subtotal numeric(10, 2) not null,
  discount numeric(10, 2) not null default 0,
  shipping numeric(10, 2) not null,
  tax numeric(10, 2) not null default 0,
  total numeric(10, 2) not null,
  shipping_address jsonb not null,
  settle_after timestamptz not null default now() + interval '10 seconds',
  charge_until timestamptz not null default now() + interval '40 seconds',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- One key makes one checkout for ever: this row outlives the record of the key.
  constraint checkouts_buyer_id_idempotency_key_key unique (buyer_id, idempotency_key),
  -- The key by which an order states that its buyer is the buyer of its checkout.
  constraint checkouts_id_buyer_id_key unique (id, buyer_id),
  constraint checkouts_amounts_are_not_negative check (least(subtotal, discount, shipping, tax, total) >= 0),
  constraint checkouts_discount_is_within_subtotal check (discount <= subtotal),
  constraint checkouts_idempotency_key_has_1_to_255_characters check (char_length(idempotency_key) between 1 and 255),
  constraint checkouts_shipping_address_is_an_object check (jsonb_typeof(shipping_address) = 'object'),
  constraint checkouts_status_is_known check (status in ('pending', 'paid', 'cancelled')),
  constraint checkouts_total_is_its_parts check (total = subtotal - discount + shipping + tax)
);
alter sequence checkouts_id_seq owned by checkouts.id;
create index checkouts_pending_idx on checkouts (settle_after) where status = 'pending';
comment on table checkouts is 'One payment and its orders, one per shop, that a buyer pays for together.';
comment on column checkouts.id is
  'The month of the checkout, then its number: 202611000000042. Its orders are of the same month.';
comment on column checkouts.buyer_id is 'The buyer.';
comment on column checkouts.idempotency_key is
  'The buyer''s key; null again when the payment failed before any charge, so that the key can be tried again.';
comment on column checkouts.status is 'pending until the payment is known, then paid or cancelled. These two are final.';
comment on column checkouts.subtotal is 'The items of all orders, in US dollars.';
comment on column checkouts.discount is 'What is taken off the subtotal, in US dollars.';
comment on column checkouts.shipping is 'The postage of all orders, in US dollars.';
comment on column checkouts.tax is 'The tax, in US dollars.';
comment on column checkouts.total is 'subtotal - discount + shipping + tax: what is charged, in US dollars.';
comment on column checkouts.shipping_address is
  'The address of the orders as the buyer gave it: name, line1, line2, city, region, postal_code, country.';
comment on column checkouts.settle_after is
  'While it is pending: when the worker asks the provider about the payment. 10 s later, because by then its call ended or died.';
comment on column checkouts.charge_until is
  'Until then a charge may begin. No charge lasts 20 s, so from 20 s later on an unknown charge never happened.';
comment on column checkouts.created_at is 'When the orders were written, before the charge.';
comment on column checkouts.updated_at is 'When the row last changed.';

create table checkout_lines (
  id bigint primary key,
  checkout_id bigint not null references checkouts (id) on delete cascade,
  product_id bigint not null references products (id) on delete restrict,
  quantity integer not null,
  reserved_until timestamptz,
  price_when_added numeric(10, 2),
  added_at timestamptz not null,
  shipping_base_when_added numeric(10, 2),
  shipping_extra_when_added numeric(10, 2),
  constraint checkout_lines_quantity_is_positive check (quantity > 0)
);
create index checkout_lines_checkout_id_idx on checkout_lines (checkout_id);
create index checkout_lines_product_id_idx on checkout_lines (product_id);
comment on table checkout_lines is
  'The cart lines that a pending checkout took. A declined payment gives them back with the rest of their hold.';
comment on column checkout_lines.id is 'The id that the line had in the cart, and has there again after a failed payment.';
comment on column checkout_lines.checkout_id is 'The pending checkout that took the line.';
comment on column checkout_lines.product_id is 'The listing of the line.';
comment on column checkout_lines.quantity is 'Units that the buyer ordered.';
comment on column checkout_lines.reserved_until is 'End of the hold that the line had; null where it had none.';
comment on column checkout_lines.price_when_added is 'As in cart_items, for the line that a failed payment gives back.';
comment on column checkout_lines.added_at is 'As in cart_items, for the line that a failed payment gives back.';
comment on column checkout_lines.shipping_base_when_added is 'As in cart_items, for the line that a failed payment gives back.';
comment on column checkout_lines.shipping_extra_when_added is 'As in cart_items, for the line that a failed payment gives back.';

create table payments (
  id bigint generated always as identity primary key,
  checkout_id bigint not null unique references checkouts (id) on delete restrict,
  method text,
  amount numeric(10, 2) not null,
  refunded numeric(10, 2) not null default 0,
  status text not null default 'pending',
  provider text,
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_amount_is_not_negative check (amount >= 0),
  constraint payments_method_has_a_sane_length check (char_length(method) between 1 and 255),
  constraint payments_refunded_is_within_amount check (refunded between 0 and amount),
  constraint payments_status_is_known check (status in ('pending', 'paid', 'declined', 'failed', 'refunded'))
);
create index payments_provider_reference_idx on payments (provider, provider_reference);
comment on table payments is 'The one payment of a checkout, as the provider last reported it.';
comment on column payments.id is 'The payment.';
comment on column payments.checkout_id is 'The checkout that it pays for.';
comment on column payments.method is
  'The provider''s token. Null for an order that an administrator wrote and settles without a provider.';
comment on column payments.amount is 'The total of the checkout, in US dollars.';
comment on column payments.refunded is 'The part that was given back or is owed to the buyer, in US dollars.';
comment on column payments.status is
  'pending until the provider''s outcome is known; then paid, declined, failed (not charged), or refunded (all was given back).';
comment on column payments.provider is 'The payment provider, such as `stripe`; null until its outcome is known.';
comment on column payments.provider_reference is 'The provider''s id of the charge; null until its outcome is known.';
comment on column payments.created_at is 'When the checkout was written.';
comment on column payments.updated_at is 'When the row last changed.';

create table payment_events (
  provider text not null,
  event_id text not null,
  checkout_id bigint not null,
  outcome text not null,
  provider_reference text,
  received_at timestamptz not null default clock_timestamp(),
  primary key (provider, event_id),
  constraint payment_events_event_id_has_1_to_255_characters check (char_length(event_id) between 1 and 255),
  constraint payment_events_outcome_is_known check (outcome in ('paid', 'declined'))
);
create index payment_events_checkout_id_idx on payment_events (checkout_id);
comment on table payment_events is
  'The events that payment providers sent by webhook, each once. Append-only: the database refuses update and delete.';
comment on column payment_events.provider is 'The payment provider that sent the event, such as `stripe`.';
comment on column payment_events.event_id is 'The provider''s id of the event.';
comment on column payment_events.checkout_id is
  'The checkout that the event names. No foreign key: an event of an unknown checkout may be about money, and is kept.';
comment on column payment_events.outcome is 'The outcome of the payment: paid or declined.';
comment on column payment_events.provider_reference is 'The provider''s id of the charge; null when the event named none.';
comment on column payment_events.received_at is 'When the event arrived.';

create table late_charges (
  payment_id bigint primary key references payments (id) on delete restrict,
  amount numeric(10, 2) not null,
  status text not null default 'pending',
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint late_charges_amount_is_not_negative check (amount >= 0),
  constraint late_charges_status_is_known check (status in ('pending', 'refunded'))
);
create index late_charges_pending_idx on late_charges (payment_id) where status = 'pending';
comment on table late_charges is 'Charges that succeeded after their checkout was cancelled. Each is given back once, in full.';
comment on column late_charges.payment_id is 'The payment that was charged.';
comment on column late_charges.amount is 'The amount to give back, in US dollars: the whole payment.';
comment on column late_charges.status is 'pending until the provider has given it back, then refunded.';
comment on column late_charges.provider_reference is 'The provider''s id of the refund.';
comment on column late_charges.created_at is 'When the charge became known.';
comment on column late_charges.updated_at is 'When the row last changed.';

create table orders (
  id bigint not null default next_dated_id('orders_id_seq') primary key,
  checkout_id bigint not null,
  buyer_id bigint not null,
  shop_id bigint not null,
  status text not null default 'pending',
  subtotal numeric(10, 2) not null,
  discount numeric(10, 2) not null default 0,
  shipping numeric(10, 2) not null,
  tax numeric(10, 2) not null default 0,
  total numeric(10, 2) not null,
  refunded numeric(10, 2) not null default 0,
  ship_by date,
  ship_to_country text,
  tracking jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Named, because PostgreSQL would number the names of a partitioned table's foreign keys.
  constraint orders_buyer_id_fkey foreign key (buyer_id) references users (id) on delete restrict,
  constraint orders_checkout_id_buyer_id_fkey foreign key (checkout_id, buyer_id)
    references checkouts (id, buyer_id) on delete restrict,
  constraint orders_shop_id_fkey foreign key (shop_id) references shops (id) on delete restrict,
  constraint orders_amounts_are_not_negative check (least(subtotal, discount, shipping, tax, total) >= 0),
  constraint orders_discount_is_within_subtotal check (discount <= subtotal),
  constraint orders_id_is_of_the_month_it_was_made check (
    id / 1000000000
      = (extract(year from created_at at time zone 'UTC') * 100 + extract(month from created_at at time zone 'UTC'))::bigint
  ),
  constraint orders_id_is_of_the_month_of_its_checkout check (id / 1000000000 = checkout_id / 1000000000),
  constraint orders_refunded_is_within_total check (refunded between 0 and total),
  constraint orders_ship_to_country_is_two_capital_letters check (ship_to_country ~ '^[A-Z]{2}$'),
  constraint orders_shipped_with_tracking check (status <> 'shipped' or tracking is not null),
  constraint orders_status_is_known check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')),
  constraint orders_total_is_its_parts check (total = subtotal - discount + shipping + tax),
  constraint orders_tracking_names_carrier_and_number check (tracking ?& array['carrier', 'tracking_number'])
) partition by range (id);
alter sequence orders_id_seq owned by orders.id;
create index orders_buyer_id_created_at_idx on orders (buyer_id, created_at desc, id desc);
create index orders_shop_id_created_at_idx on orders (shop_id, created_at desc, id desc);
create index orders_shop_id_status_created_at_idx on orders (shop_id, status, created_at desc, id desc);
comment on table orders is
  'What one shop sends to one buyer: one order per shop of a checkout. A partition a month, each unique (checkout_id, shop_id).';
comment on column orders.id is 'The month of the order, then its number: 202611000000042.';
comment on column orders.checkout_id is 'The payment that the order is part of. Both are of one month.';
comment on column orders.buyer_id is 'The buyer of the checkout.';
comment on column orders.shop_id is 'The shop that sends it.';
comment on column orders.status is
  'pending, paid, shipped, delivered, cancelled or refunded. move_order says which follows which.';
comment on column orders.subtotal is 'The sum of its items, in US dollars.';
comment on column orders.discount is 'What is taken off the subtotal, in US dollars.';
comment on column orders.shipping is 'The postage by the shop''s profile at the time of the sale, in US dollars.';
comment on column orders.tax is 'The tax, in US dollars.';
comment on column orders.total is 'subtotal - discount + shipping + tax, in US dollars.';
comment on column orders.refunded is 'The part of the total that was given back or is owed to the buyer, in US dollars.';
comment on column orders.ship_by is
  'The day by which the shop has to send it: the day paid plus the shop''s longest processing time. Null until it is paid.';
comment on column orders.ship_to_country is 'The country of the address, ISO 3166-1 alpha-2; null for an order without one.';
comment on column orders.tracking is 'carrier and tracking_number; null until it is shipped.';
comment on column orders.created_at is 'When the order was written, in the month that its id names.';
comment on column orders.updated_at is 'When the row last changed.';

create table order_items (
  id bigint not null default nextval('order_items_id_seq'),
  order_id bigint not null,
  product_id bigint not null,
  title text not null,
  quantity integer not null,
  price_at_purchase numeric(10, 2) not null,
  primary key (order_id, id),
  constraint order_items_order_id_fkey foreign key (order_id) references orders (id) on delete restrict,
  constraint order_items_product_id_fkey foreign key (product_id) references products (id) on delete restrict,
  constraint order_items_price_at_purchase_is_not_negative check (price_at_purchase >= 0),
  constraint order_items_quantity_is_positive check (quantity > 0)
) partition by range (order_id);
alter sequence order_items_id_seq owned by order_items.id;
create index order_items_product_id_idx on order_items (product_id);
comment on table order_items is
  'The lines of orders, with title and price of the time of the sale. Rows never change. One partition a month of the order.';
comment on column order_items.id is 'The line. An order can have several lines of one listing.';
comment on column order_items.order_id is 'The order.';
comment on column order_items.product_id is 'The listing that was bought.';
comment on column order_items.title is 'The title at the time of the sale.';
comment on column order_items.quantity is 'Units bought.';
comment on column order_items.price_at_purchase is 'The price of a unit at the time of the sale, in US dollars.';

create table order_events (
  id bigint not null default nextval('order_events_id_seq'),
  order_id bigint not null,
  status text not null,
  actor_id bigint,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  primary key (order_id, id),
  constraint order_events_actor_id_fkey foreign key (actor_id) references users (id) on delete restrict,
  constraint order_events_order_id_fkey foreign key (order_id) references orders (id) on delete restrict,
  constraint order_events_status_is_known check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'))
) partition by range (order_id);
alter sequence order_events_id_seq owned by order_events.id;
create index order_events_actor_id_idx on order_events (actor_id);
create index order_events_paid_created_at_idx on order_events (created_at) where status = 'paid';
comment on table order_events is
  'The audit trail: each status of an order, with actor and detail. Append-only: the database refuses update and delete.';
comment on column order_events.id is 'The event. Within an order, ids rise with time.';
comment on column order_events.order_id is 'The order.';
comment on column order_events.status is 'The new status.';
comment on column order_events.actor_id is 'The person who moved the order; null when the payment did.';
comment on column order_events.detail is
  'Facts of the move: the tracking at shipped, the amount at refunded, the whole order at pending.';
comment on column order_events.created_at is 'When the order moved.';

create table refunds (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments (id) on delete restrict,
  order_id bigint not null unique references orders (id) on delete restrict,
  amount numeric(10, 2) not null,
  status text not null default 'pending',
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_amount_is_not_negative check (amount >= 0),
  constraint refunds_status_is_known check (status in ('pending', 'refunded'))
);
create index refunds_created_at_idx on refunds (created_at);
create index refunds_payment_id_idx on refunds (payment_id);
comment on table refunds is 'What goes back to the buyer: once an order at most, so that money and stock return once.';
comment on column refunds.id is 'The refund. The provider receives it as a key, so that a repeated request gives back once.';
comment on column refunds.payment_id is 'The payment that it is given back from.';
comment on column refunds.order_id is 'The order that was cancelled or refunded.';
comment on column refunds.amount is 'The amount, in US dollars: the order''s total.';
comment on column refunds.status is 'pending until the provider has given it back, then refunded.';
comment on column refunds.provider_reference is 'The provider''s id of the refund; null until it is done.';
comment on column refunds.created_at is 'When the refund became due.';
comment on column refunds.updated_at is 'When the row last changed.';

create table idempotency_keys (
  user_id bigint not null references users (id) on delete cascade,
  call text not null,
  key text not null,
  fingerprint bytea not null,
  checkout_id bigint references checkouts (id) on delete set null,
  locked_until timestamptz not null,
  status_code integer,
  body text,
  location text,
  refusal jsonb,
  created_at timestamptz not null default now(),
  primary key (user_id, call, key),
  constraint idempotency_keys_answers_once check (num_nonnulls(body, refusal) <= 1 and (status_code is null or body is not null)),
  constraint idempotency_keys_fingerprint_is_a_sha256 check (octet_length(fingerprint) = 32),
  constraint idempotency_keys_key_has_1_to_255_characters check (char_length(key) between 1 and 255)
);
create index idempotency_keys_checkout_id_idx on idempotency_keys (checkout_id);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
create index idempotency_keys_user_id_created_at_idx on idempotency_keys (user_id, created_at);
comment on table idempotency_keys is
  'The response to each call with an Idempotency-Key. It commits in the transaction of the effect.';
comment on column idempotency_keys.user_id is 'The caller. Two people may use the same key.';
comment on column idempotency_keys.call is 'Method and route template. A key counts for one call.';
comment on column idempotency_keys.key is 'The Idempotency-Key as it was sent.';
comment on column idempotency_keys.fingerprint is 'SHA-256 of the validated body in canonical form.';
comment on column idempotency_keys.checkout_id is
  'The checkout that the call made; null for a call that makes none, or has made none yet.';
comment on column idempotency_keys.locked_until is 'Without a response: until then the first call counts as running.';
comment on column idempotency_keys.status_code is
  'The status of the response; null before it, for a refusal, and for a checkout, whose body has its own status.';
comment on column idempotency_keys.body is 'The body of the response, byte by byte; null before it, and for a refusal.';
comment on column idempotency_keys.location is 'The Location header of the response; null without one.';
comment on column idempotency_keys.refusal is
  'A final refusal as {code, message, detail, request_id}. The same problem is rendered from it again.';
comment on column idempotency_keys.created_at is 'The first call with the key. The row is kept for 48 hours.';

create table key_counts (
  user_id bigint not null references users (id) on delete cascade,
  newest_created_at timestamptz not null,
  keys integer not null,
  bytes bigint not null,
  primary key (user_id, newest_created_at),
  constraint key_counts_bytes_is_not_negative check (bytes >= 0),
  constraint key_counts_keys_is_positive check (keys > 0)
);
comment on table key_counts is
  'Each row counts the Idempotency-Keys, 100 or more, of an account since its previous row. A deleted last row is counted again.';
comment on column key_counts.user_id is 'The account.';
comment on column key_counts.newest_created_at is 'created_at of the newest of these keys.';
comment on column key_counts.keys is 'How many keys the account sent.';
comment on column key_counts.bytes is 'The size of the responses kept for them, in bytes.';

-- migrate:down
drop table key_counts;
drop table idempotency_keys;
drop table refunds;
drop table order_events;
drop table order_items;
drop table orders;
drop table late_charges;
drop table payment_events;
drop table payments;
drop table checkout_lines;
drop table checkouts;
drop function next_dated_id(regclass);
