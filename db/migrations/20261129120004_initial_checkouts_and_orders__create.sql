-- migrate:up
-- Ids of checkouts and orders carry their month (ADR 18), so that an id says in which partition its row is.
create function next_dated_id(ids regclass) returns bigint language sql volatile security definer
set search_path = public, pg_temp as $$
  select (extract(year from now() at time zone 'UTC') * 100 + extract(month from now() at time zone 'UTC'))::bigint * 1000000000
    + nextval(ids)
$$;
comment on function next_dated_id(regclass) is
  'The next id of a sequence with the month before it: 202611000000042. A month has room for 999,999,999, 385 a second all month long.';
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
  settle_job_id uuid,
  charge_until timestamptz not null default now() + interval '40 seconds',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- One key makes one checkout for ever: this row outlives the record of the key.
  constraint checkouts_buyer_id_idempotency_key_key unique (buyer_id, idempotency_key),
  -- The key by which an order states that its buyer is the buyer of its checkout.
  constraint checkouts_id_buyer_id_key unique (id, buyer_id),
  constraint checkouts_amounts_are_not_negative check (least(subtotal, discount, shipping, tax, total) >= 0),
  constraint checkouts_idempotency_key_has_1_to_255_characters check (char_length(idempotency_key) between 1 and 255),
  constraint checkouts_shipping_address_is_an_object check (jsonb_typeof(shipping_address) = 'object'),
  constraint checkouts_status_is_known check (status in ('pending', 'paid', 'cancelled')),
  constraint checkouts_total_is_its_parts check (total = subtotal - discount + shipping + tax)
);
alter sequence checkouts_id_seq owned by checkouts.id;
create index checkouts_pending_idx on checkouts (created_at) where status = 'pending';
comment on table checkouts is 'One payment: groups the orders, one per shop, that a buyer paid for together.';
comment on column checkouts.id is
  'The month of the checkout, then its number: 202611000000042. Its orders are of the same month.';
comment on column checkouts.buyer_id is 'Who pays.';
comment on column checkouts.idempotency_key is
  'The buyer''s key; null again when the payment failed before any charge, so that the key can be tried again.';
comment on column checkouts.status is 'pending until the payment is known, then paid or cancelled for ever.';
comment on column checkouts.subtotal is 'The items of all orders, in US dollars.';
comment on column checkouts.discount is 'What is taken off the subtotal, in US dollars.';
comment on column checkouts.shipping is 'The postage of all orders, in US dollars.';
comment on column checkouts.tax is 'The tax, in US dollars.';
comment on column checkouts.total is 'subtotal - discount + shipping + tax: what is charged, in US dollars.';
comment on column checkouts.shipping_address is
  'Where the orders go, as the buyer gave it: name, line1, line2, city, region, postal_code, country.';
comment on column checkouts.settle_job_id is
  'The pg-boss job that settles the payment should the call that charged die; null once settled.';
comment on column checkouts.charge_until is
  'Until then a charge may be begun; none lasts 20 s, so from 20 s later on an unknown charge is one that never was.';
comment on column checkouts.created_at is 'When the orders were written, before the charge.';
comment on column checkouts.updated_at is 'When the row last changed.';

create table checkout_lines (
  id bigint generated always as identity primary key,
  checkout_id bigint not null references checkouts (id) on delete cascade,
  product_id bigint not null references products (id) on delete restrict,
  reserved_until timestamptz,
  price_when_added numeric(10, 2),
  added_at timestamptz not null,
  shipping_base_when_added numeric(10, 2),
  shipping_extra_when_added numeric(10, 2)
);
create index checkout_lines_checkout_id_idx on checkout_lines (checkout_id);
create index checkout_lines_product_id_idx on checkout_lines (product_id);
comment on table checkout_lines is
  'The cart lines a pending checkout took, so that a declined payment gives them back with the rest of their hold.';
comment on column checkout_lines.id is 'The line.';
comment on column checkout_lines.checkout_id is 'The pending checkout that took the line.';
comment on column checkout_lines.product_id is 'The listing of the line. Its units are in order_items.';
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
comment on table payments is 'The one payment of a checkout, as the provider last told it.';
comment on column payments.id is 'The payment.';
comment on column payments.checkout_id is 'The checkout that it pays for.';
comment on column payments.method is
  'The provider''s token; null for an order that an administrator made and settles without a provider.';
comment on column payments.amount is 'What the buyer was asked for, in US dollars: the checkout''s total.';
comment on column payments.refunded is 'What of it was given back or is owed to the buyer, in US dollars.';
comment on column payments.status is
  'pending until the provider has said; then paid, declined, or failed where nothing was charged; refunded when all of it is.';
comment on column payments.provider is 'The provider that was asked, such as `stripe`; null until it has told.';
comment on column payments.provider_reference is 'The charge, as the provider calls it; null until the provider has told.';
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
  'What payment providers told by webhook, each event once. Append-only: the database refuses update and delete.';
comment on column payment_events.provider is 'The payment provider that sent the event, such as `stripe`.';
comment on column payment_events.event_id is 'The event, as the provider calls it; unique to it.';
comment on column payment_events.checkout_id is
  'The checkout that the event names. No foreign key: an event about a checkout that is not here is money to look after, and is kept.';
comment on column payment_events.outcome is 'What became of the payment: paid or declined.';
comment on column payment_events.provider_reference is 'The charge, as the provider calls it; null where the event named none.';
comment on column payment_events.received_at is 'When it was taken.';

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
comment on table late_charges is
  'Charges that turned out paid after their checkout had been cancelled: each goes back whole, once.';
comment on column late_charges.payment_id is 'The payment that was charged.';
comment on column late_charges.amount is 'What goes back, in US dollars: the whole payment.';
comment on column late_charges.status is 'pending until the provider has given it back, then refunded.';
comment on column late_charges.provider_reference is 'The refund, as the provider calls it.';
comment on column late_charges.created_at is 'When the charge turned out to be paid.';
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
  'What one shop sends to one buyer: a checkout leaves one order per shop. A partition a month; each has a unique (checkout_id, shop_id).';
comment on column orders.id is 'The month of the order, then its number: 202611000000042.';
comment on column orders.checkout_id is 'The payment that the order is part of. Both are of one month.';
comment on column orders.buyer_id is 'Who bought; that of the checkout.';
comment on column orders.shop_id is 'The shop that sends it.';
comment on column orders.status is
  'pending, paid, shipped, delivered, cancelled or refunded. move_order says which follows which.';
comment on column orders.subtotal is 'Its items, in US dollars.';
comment on column orders.discount is 'What is taken off the subtotal, in US dollars.';
comment on column orders.shipping is 'Its postage by the shop''s profile at that moment, in US dollars.';
comment on column orders.tax is 'The tax, in US dollars.';
comment on column orders.total is 'subtotal - discount + shipping + tax, in US dollars.';
comment on column orders.refunded is 'What of the total was given back or is owed to the buyer, in US dollars.';
comment on column orders.ship_by is
  'The day by which the shop is to send it: the day paid plus the shop''s longest processing time. Null until it is paid.';
comment on column orders.ship_to_country is
  'The country that it goes to, ISO 3166-1 alpha-2; null for an order without an address.';
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
  'What was bought, at the title and price of that moment. Rows never change. A partition a month of the order.';
comment on column order_items.id is 'The line.';
comment on column order_items.order_id is 'The order.';
comment on column order_items.product_id is 'The listing that was bought.';
comment on column order_items.title is 'Its title at that moment.';
comment on column order_items.quantity is 'Units bought.';
comment on column order_items.price_at_purchase is 'What a unit cost at that moment, in US dollars.';

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
  'The audit trail: each status an order took, by whom, with what. Append-only: the database refuses update and delete. A partition a month of the order.';
comment on column order_events.id is 'Events of an order in the order in which they happened.';
comment on column order_events.order_id is 'The order.';
comment on column order_events.status is 'The status that the order took.';
comment on column order_events.actor_id is 'Who moved the order; null where the payment did.';
comment on column order_events.detail is 'What the move brought with it: the tracking at shipped, the amount at refunded.';
comment on column order_events.created_at is 'When it took it.';

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
comment on table refunds is 'What went back to the buyer: at most once an order, so money and stock return once.';
comment on column refunds.id is 'The refund; the provider gets it as its key, so that asking twice gives back once.';
comment on column refunds.payment_id is 'The payment that it is given back from.';
comment on column refunds.order_id is 'The order that was cancelled or refunded.';
comment on column refunds.amount is 'What goes back, in US dollars: the order''s total.';
comment on column refunds.status is 'pending until the provider has given it back, then refunded.';
comment on column refunds.provider_reference is 'The refund, as the provider calls it; null until it is done.';
comment on column refunds.created_at is 'When it was owed.';
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
  constraint idempotency_keys_answers_once check (num_nonnulls(body, refusal) <= 1 and (body is null) = (status_code is null)),
  constraint idempotency_keys_fingerprint_is_a_sha256 check (octet_length(fingerprint) = 32),
  constraint idempotency_keys_key_has_1_to_255_characters check (char_length(key) between 1 and 255)
);
create index idempotency_keys_checkout_id_idx on idempotency_keys (checkout_id);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
create index idempotency_keys_user_id_created_at_idx on idempotency_keys (user_id, created_at);
comment on table idempotency_keys is 'What each call with an Idempotency-Key answered. Commits in the transaction of the effect.';
comment on column idempotency_keys.user_id is 'Who made the call. Keys of two people have nothing to do with each other.';
comment on column idempotency_keys.call is 'Method and route template, so that a key means one thing.';
comment on column idempotency_keys.key is 'The Idempotency-Key as it was sent.';
comment on column idempotency_keys.fingerprint is 'SHA-256 of the validated body in canonical form.';
comment on column idempotency_keys.checkout_id is
  'The checkout that the call made; null for a call that makes none, or none yet.';
comment on column idempotency_keys.locked_until is 'While unanswered: until then the first call is taken to be alive.';
comment on column idempotency_keys.status_code is
  'The HTTP status that was answered; null while there is no answer, and for a refusal.';
comment on column idempotency_keys.body is
  'The body that was answered, byte by byte; null while there is no answer, and for a refusal.';
comment on column idempotency_keys.location is 'The Location header that was answered; null where there was none.';
comment on column idempotency_keys.refusal is
  'A final refusal as {code, message, detail, request_id}, from which the same problem is rendered again.';
comment on column idempotency_keys.created_at is 'When the key first came. The record is kept for 48 hours.';

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
  'Each row counts the Idempotency-Keys that an account sent since its previous row, a hundred or more. Nothing is lost when the newest row is deleted: the next call counts its keys again.';
comment on column key_counts.user_id is 'The account.';
comment on column key_counts.newest_created_at is 'created_at of the newest of these keys.';
comment on column key_counts.keys is 'How many keys it sent.';
comment on column key_counts.bytes is 'How large the answers kept for them are, in bytes.';

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
