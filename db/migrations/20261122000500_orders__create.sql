-- migrate:up
create table checkouts (
  id bigint generated always as identity primary key,
  buyer_id bigint not null references users (id) on delete restrict,
  idempotency_key text,
  status text not null default 'pending',
  subtotal numeric(10, 2) not null,
  shipping numeric(10, 2) not null,
  total numeric(10, 2) not null,
  shipping_address jsonb not null,
  settle_job_id uuid,
  charge_until timestamptz not null default now() + interval '40 seconds',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Outlives every retention of idempotency records: one key makes one checkout, for ever.
  constraint checkouts_buyer_id_idempotency_key_key unique (buyer_id, idempotency_key),
  -- Lets an order say that its buyer is the checkout's buyer.
  constraint checkouts_id_buyer_id_key unique (id, buyer_id),
  constraint checkouts_status_is_known check (status in ('pending', 'paid', 'cancelled')),
  constraint checkouts_total_is_its_parts check (total = subtotal + shipping),
  constraint checkouts_amounts_are_not_negative check (subtotal >= 0 and shipping >= 0),
  constraint checkouts_idempotency_key_has_1_to_255_characters check (char_length(idempotency_key) between 1 and 255),
  constraint checkouts_shipping_address_is_an_object check (jsonb_typeof(shipping_address) = 'object')
);
create index checkouts_pending_idx on checkouts (created_at) where status = 'pending';
comment on table checkouts is 'One payment: groups the orders, one per shop, that a buyer paid for together.';
comment on column checkouts.charge_until is 'Until then a charge may be begun; none lasts 20 s, so from 20 s later on an unknown charge is one that never was.';
comment on column checkouts.settle_job_id is 'The pg-boss job that settles the payment should the call that charged die; null once settled.';
comment on column checkouts.idempotency_key is 'The buyer''s key; null again when the payment failed before any charge, so that the key can be tried again.';

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
  constraint payments_status_is_known check (status in ('pending', 'paid', 'declined', 'failed', 'refunded')),
  constraint payments_amount_is_not_negative check (amount >= 0),
  constraint payments_refunded_is_within_amount check (refunded between 0 and amount),
  constraint payments_method_has_a_sane_length check (char_length(method) between 1 and 255)
);
create index payments_provider_reference_idx on payments (provider, provider_reference);
comment on table payments is 'The one payment of a checkout, as the provider last told it.';
comment on column payments.method is 'The provider''s token; null for an order that an administrator made and settles without a provider.';

create table checkout_lines (
  checkout_id bigint not null references checkouts (id) on delete cascade,
  product_id bigint not null references products (id) on delete restrict,
  reserved_until timestamptz,
  price_when_added numeric(10, 2),
  added_at timestamptz not null,
  primary key (checkout_id, product_id)
);
create index checkout_lines_product_id_idx on checkout_lines (product_id);
comment on table checkout_lines is 'The cart lines a pending checkout took, so that a declined payment gives them back with the rest of their hold.';

create table orders (
  id bigint generated always as identity primary key,
  checkout_id bigint not null,
  buyer_id bigint not null references users (id) on delete restrict,
  shop_id bigint not null references shops (id) on delete restrict,
  status text not null default 'pending',
  subtotal numeric(10, 2) not null,
  shipping numeric(10, 2) not null,
  total numeric(10, 2) not null,
  tracking jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint orders_checkout_id_buyer_id_fkey foreign key (checkout_id, buyer_id)
    references checkouts (id, buyer_id) on delete restrict,
  constraint orders_checkout_id_shop_id_key unique (checkout_id, shop_id),
  constraint orders_status_is_known
    check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded')),
  constraint orders_total_is_its_parts check (total = subtotal + shipping),
  constraint orders_amounts_are_not_negative check (subtotal >= 0 and shipping >= 0),
  constraint orders_tracking_names_carrier_and_number check (tracking ?& array['carrier', 'tracking_number']),
  constraint orders_shipped_with_tracking check (status <> 'shipped' or tracking is not null)
);
create index orders_buyer_id_idx on orders (buyer_id, id desc);
create index orders_shop_id_idx on orders (shop_id, id desc);
create index orders_status_idx on orders (status);
comment on table orders is 'What one shop sends to one buyer: a checkout leaves one order per shop.';

create table order_items (
  order_id bigint not null references orders (id) on delete restrict,
  product_id bigint not null references products (id) on delete restrict,
  title text not null,
  quantity integer not null,
  price_at_purchase numeric(10, 2) not null,
  primary key (order_id, product_id),
  constraint order_items_quantity_is_positive check (quantity > 0),
  constraint order_items_price_at_purchase_is_not_negative check (price_at_purchase >= 0)
);
create index order_items_product_id_idx on order_items (product_id);
comment on table order_items is 'What was bought, at the title and price of that moment. Rows never change.';

create table order_events (
  id bigint generated always as identity primary key,
  order_id bigint not null references orders (id) on delete restrict,
  status text not null,
  actor_id bigint references users (id) on delete restrict,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint order_events_status_is_known
    check (status in ('pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'))
);
create index order_events_order_id_idx on order_events (order_id, id);
create index order_events_actor_id_idx on order_events (actor_id);
comment on table order_events is 'The audit trail: each status an order took, by whom, with what. Append-only: the database refuses update and delete.';
comment on column order_events.actor_id is 'Who moved the order; null where the payment did.';
comment on column order_events.detail is 'What the move brought with it: the tracking at shipped, the amount at refunded.';

create table refunds (
  id bigint generated always as identity primary key,
  payment_id bigint not null references payments (id) on delete restrict,
  order_id bigint not null unique references orders (id) on delete restrict,
  amount numeric(10, 2) not null,
  status text not null default 'pending',
  provider_reference text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_status_is_known check (status in ('pending', 'refunded')),
  constraint refunds_amount_is_not_negative check (amount >= 0)
);
create index refunds_payment_id_idx on refunds (payment_id);
comment on table refunds is 'What went back to the buyer: at most once an order, so money and stock return once.';

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
  constraint idempotency_keys_fingerprint_is_a_sha256 check (octet_length(fingerprint) = 32),
  constraint idempotency_keys_key_has_1_to_255_characters check (char_length(key) between 1 and 255),
  constraint idempotency_keys_answers_once check (num_nonnulls(body, refusal) <= 1 and (body is null) = (status_code is null))
);
create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
create index idempotency_keys_checkout_id_idx on idempotency_keys (checkout_id);
comment on table idempotency_keys is 'What each call with an Idempotency-Key answered. Commits in the transaction of the effect.';
comment on column idempotency_keys.call is 'Method and route template, so that a key means one thing.';
comment on column idempotency_keys.fingerprint is 'SHA-256 of the validated body in canonical form.';
comment on column idempotency_keys.locked_until is 'While unanswered: until then the first call is taken to be alive.';
comment on column idempotency_keys.refusal is 'A final refusal as {code, message, detail, request_id}, from which the same problem is rendered again.';

-- migrate:down
drop table idempotency_keys;
drop table refunds;
drop table order_events;
drop table order_items;
drop table orders;
drop table checkout_lines;
drop table payments;
drop table checkouts;
