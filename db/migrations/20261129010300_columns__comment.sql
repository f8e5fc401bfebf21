-- migrate:up
-- What each column is, its unit, and what null means. A comment locks its table against other changes of its form alone: people buy on.
set local lock_timeout = '2s';
set local statement_timeout = '5s';
comment on table schema_migrations is 'The migrations that this database has, one row each, as dbmate records them.';

comment on column cart_additions.product_id is 'The listing.';
comment on column cart_additions.added_on is 'The day in UTC.';
comment on column cart_additions.lines is 'How many lines with the listing were added to carts that day.';

comment on column cart_items.id is 'The line.';
comment on column cart_items.user_id is 'Whose cart it is in.';
comment on column cart_items.product_id is 'The listing; a cart has at most one line of it.';
comment on column cart_items.quantity is 'Units the buyer wants.';
comment on column cart_items.added_at is 'When the line was added; a line that comes back from a failed payment keeps its time.';

comment on column categories.id is 'The category.';
comment on column categories.name is 'The name that people read.';
comment on column categories.parent_id is 'The category above it; null for a root.';
comment on column categories.slug is 'The name in URLs and filters: small letters, digits and hyphens.';

comment on column changes.id is 'Its place in the queue: the relay takes the lowest first.';
comment on column changes.noted_at is 'When the change was noted.';

comment on column checkout_lines.checkout_id is 'The pending checkout that took the line.';
comment on column checkout_lines.product_id is 'The listing of the line. Its units are in order_items.';
comment on column checkout_lines.reserved_until is 'End of the hold that the line had; null where it had none.';
comment on column checkout_lines.price_when_added is 'As in cart_items, for the line that a failed payment gives back.';
comment on column checkout_lines.added_at is 'As in cart_items, for the line that a failed payment gives back.';

comment on column checkouts.id is 'The month of the checkout, then its number: 202611000000042. Its orders are of the same month.';
comment on column checkouts.buyer_id is 'Who pays.';
comment on column checkouts.status is 'pending until the payment is known, then paid or cancelled for ever.';
comment on column checkouts.subtotal is 'The items of all orders, in US dollars.';
comment on column checkouts.shipping is 'The postage of all orders, in US dollars.';
comment on column checkouts.total is 'subtotal and shipping: what is charged, in US dollars.';
comment on column checkouts.shipping_address is 'Where the orders go, as the buyer gave it: name, line1, line2, city, region, postal_code, country.';
comment on column checkouts.created_at is 'When the orders were written, before the charge.';
comment on column checkouts.updated_at is 'When the row last changed.';

comment on column dated_ids.since is 'The first day of that month, in UTC.';

comment on column favorites.user_id is 'Who likes it.';
comment on column favorites.fav_type is 'What fav_id is: product or shop.';
comment on column favorites.created_at is 'When it was added.';

comment on column idempotency_keys.user_id is 'Who made the call. Keys of two people have nothing to do with each other.';
comment on column idempotency_keys.key is 'The Idempotency-Key as it was sent.';
comment on column idempotency_keys.checkout_id is 'The checkout that the call made; null for a call that makes none, or none yet.';
comment on column idempotency_keys.status_code is 'The HTTP status that was answered; null while there is no answer, and for a refusal.';
comment on column idempotency_keys.body is 'The body that was answered, byte by byte; null while there is no answer, and for a refusal.';
comment on column idempotency_keys.location is 'The Location header that was answered; null where there was none.';
comment on column idempotency_keys.created_at is 'When the key first came. The record is kept for 48 hours.';

comment on column late_charges.payment_id is 'The payment that was charged.';
comment on column late_charges.amount is 'What goes back, in US dollars: the whole payment.';
comment on column late_charges.status is 'pending until the provider has given it back, then refunded.';
comment on column late_charges.created_at is 'When the charge turned out to be paid.';
comment on column late_charges.updated_at is 'When the row last changed.';

comment on column leases.name is 'The work, such as `search indexer`.';
comment on column leases.holder is 'The process that does it: an id that it made for itself.';
comment on column leases.held_until is 'Until then nobody else may take the lease.';

comment on column loaded_synonyms.line is 'The line as the file has it.';
comment on column loaded_synonyms.loaded_at is 'When it was loaded.';

comment on column order_events.id is 'Events of an order in the order in which they happened.';
comment on column order_events.order_id is 'The order.';
comment on column order_events.status is 'The status that the order took.';
comment on column order_events.created_at is 'When it took it.';

comment on column order_items.order_id is 'The order.';
comment on column order_items.product_id is 'The listing that was bought.';
comment on column order_items.title is 'Its title at that moment.';
comment on column order_items.quantity is 'Units bought.';
comment on column order_items.price_at_purchase is 'What a unit cost at that moment, in US dollars.';

comment on column orders.checkout_id is 'The payment that the order is part of. Both are of one month.';
comment on column orders.buyer_id is 'Who bought; that of the checkout.';
comment on column orders.shop_id is 'The shop that sends it.';
comment on column orders.status is 'pending, paid, shipped, delivered, cancelled or refunded. move_order says which follows which.';
comment on column orders.subtotal is 'Its items, in US dollars.';
comment on column orders.shipping is 'Its postage by the shop''s profile at that moment, in US dollars.';
comment on column orders.total is 'subtotal and shipping, in US dollars.';
comment on column orders.tracking is 'carrier and tracking_number; null until it is shipped.';
comment on column orders.created_at is 'When the order was written, in the month that its id names.';
comment on column orders.updated_at is 'When the row last changed.';

comment on column payment_events.provider is 'The payment provider that sent the event, such as `stripe`.';
comment on column payment_events.event_id is 'The event, as the provider calls it; unique to it.';
comment on column payment_events.outcome is 'What became of the payment: paid or declined.';
comment on column payment_events.provider_reference is 'The charge, as the provider calls it; null where the event named none.';
comment on column payment_events.received_at is 'When it was taken.';

comment on column payments.id is 'The payment.';
comment on column payments.checkout_id is 'The checkout that it pays for.';
comment on column payments.amount is 'What the buyer was asked for, in US dollars: the checkout''s total.';
comment on column payments.refunded is 'What of it was given back or is owed to the buyer, in US dollars.';
comment on column payments.status is 'pending until the provider has said; then paid, declined, or failed where nothing was charged; refunded when all of it is.';
comment on column payments.provider is 'The provider that was asked, such as `stripe`; null until it has told.';
comment on column payments.provider_reference is 'The charge, as the provider calls it; null until the provider has told.';
comment on column payments.created_at is 'When the checkout was written.';
comment on column payments.updated_at is 'When the row last changed.';

comment on column pictures.id is 'The picture; part of its URL.';
comment on column pictures.owner_id is 'Who uploaded it, and alone may use it.';
comment on column pictures.width is 'Width of the largest file, in pixels.';
comment on column pictures.height is 'Height of the largest file, in pixels.';
comment on column pictures.created_at is 'When it was first uploaded.';

comment on column processes.id is 'The process: an id that it made for itself at its start.';
comment on column processes.seen_at is 'When it last said that it runs. After 3 s it counts as gone.';

comment on column product_neighbors.product_id is 'The listing.';
comment on column product_neighbors.neighbor_id is 'A listing that the same people like or buy.';
comment on column product_neighbors.similarity is 'How near it is, above 0: larger is nearer. Figures of one rebuild alone can be compared.';

comment on column product_popularity.product_id is 'The listing. One without a row was neither seen, liked nor bought for 14 days.';
comment on column product_popularity.score is 'Points, each worth half after three days: 1 for a view, 5 for a favorite, 10 for a unit sold.';

comment on column product_search.product_id is 'The listing. An archived one has no row.';
comment on column product_search.category_id is 'Its category; null for none.';
comment on column product_search.price is 'Its price, in US dollars.';
comment on column product_search.is_vintage is 'Whether it is vintage.';
comment on column product_search.title is 'Its title, stemmed.';

comment on column product_views.product_id is 'The listing.';
comment on column product_views.viewed_on is 'The day in UTC.';
comment on column product_views.views is 'How often its page was read that day.';

comment on column products.id is 'The listing.';
comment on column products.shop_id is 'The shop that sells it.';
comment on column products.title is 'What it is, in 1 to 200 characters.';
comment on column products.description is 'What the seller says of it, as plain text.';
comment on column products.price is 'The price of a unit, in US dollars, without postage.';
comment on column products.category_id is 'Where it is filed; null for nowhere.';
comment on column products.tags is 'At most 13 words or phrases of the seller, which search reads.';
comment on column products.images is 'At most 10 URLs of pictures, the main one first.';
comment on column products.is_vintage is 'Whether the seller calls it vintage.';
comment on column products.who_made is 'i_did, someone_else or collective; null where the seller does not say.';
comment on column products.when_made is 'When it was made, such as made_to_order or 1960s; null where the seller does not say.';
comment on column products.archived_at is 'Since when it is off the shelf; null while it is on it. Orders go on naming it.';
comment on column products.created_at is 'When it was listed.';
comment on column products.updated_at is 'When the row last changed, stock included.';

comment on column refunds.id is 'The refund; the provider gets it as its key, so that asking twice gives back once.';
comment on column refunds.payment_id is 'The payment that it is given back from.';
comment on column refunds.order_id is 'The order that was cancelled or refunded.';
comment on column refunds.amount is 'What goes back, in US dollars: the order''s total.';
comment on column refunds.status is 'pending until the provider has given it back, then refunded.';
comment on column refunds.provider_reference is 'The refund, as the provider calls it; null until it is done.';
comment on column refunds.created_at is 'When it was owed.';
comment on column refunds.updated_at is 'When the row last changed.';

comment on column reviews.id is 'The review.';
comment on column reviews.order_id is 'The order that it is about.';
comment on column reviews.reviewer_id is 'Who wrote it: the buyer of the order.';
comment on column reviews.shop_id is 'The shop of the order.';
comment on column reviews.rating is '1 to 5 stars.';
comment on column reviews.comment is 'What the buyer says, as plain text; may be empty.';
comment on column reviews.created_at is 'When it was written.';

comment on column schema_migrations.version is 'The number that the name of the migration''s file begins with.';

comment on column search_changes.product_id is 'The listing; one that is gone or archived leaves the index.';

comment on column search_indexes.alias is 'The name that searches ask for: SEARCH_INDEX.';

comment on column search_queries.day is 'The day in UTC.';
comment on column search_queries.q is 'The query, in small letters and without what could name somebody.';
comment on column search_queries.searches is 'How often it was searched for that day.';
comment on column search_queries.zero_results is 'How often of these it found nothing.';

comment on column search_reformulations.day is 'The day in UTC.';
comment on column search_reformulations.from_q is 'The query that found nothing.';
comment on column search_reformulations.to_q is 'The query that was tried next and found something.';
comment on column search_reformulations.times is 'How often that happened that day.';

comment on column search_shop_changes.shop_id is 'The shop.';
comment on column search_shop_changes.queued_at is 'Since when the index lags behind.';

comment on column search_synonyms.id is 'The row, as `bun run synonyms` names it.';
comment on column search_synonyms.terms is 'Words and phrases as an operator wrote them.';
comment on column search_synonyms.term_keys is 'The stems of terms, which queries are looked up by. PostgreSQL works them out.';
comment on column search_synonyms.means_keys is 'The stems of means; null where that is. PostgreSQL works them out.';

comment on column search_word_changes.id is 'Its place in the queue: the lowest is counted first.';
comment on column search_word_changes.listings is '1 for a listing that came, -1 for one that went.';
comment on column search_word_changes.words is 'The unstemmed words of its title and labels.';

comment on column search_words.word is 'The word, unstemmed, in small letters and without accents.';
comment on column search_words.stem is 'Its stem, as queries are compared by.';
comment on column search_words.listings is 'How many listings have it in title, tags or category names.';

comment on column service_secrets.name is 'What it is for: cursor signs page cursors, installation names this database to the payment provider, keyed_hash hashes addresses.';
comment on column service_secrets.secret is 'The key: random bytes, made by the migration.';

comment on column sessions.id is 'The session, as its owner sees it in the list of devices.';
comment on column sessions.user_id is 'Who is signed in.';
comment on column sessions.token_hash is 'SHA-256 of the bearer token.';
comment on column sessions.created_at is 'When the device signed in.';
comment on column sessions.expires_at is 'When the token stops working.';

comment on column shop_statistics.shop_id is 'The shop.';
comment on column shop_statistics.day is 'The day in UTC.';

comment on column shops.id is 'The shop.';
comment on column shops.owner_id is 'Who runs it.';
comment on column shops.name is 'Its name, 1 to 100 characters.';
comment on column shops.description is 'What the owner says of it, as plain text.';
comment on column shops.review_count is 'How many reviews it has; rating is their mean.';
comment on column shops.created_at is 'When it was opened.';

comment on column statistics_days.day is 'The day in UTC.';
comment on column statistics_days.computed_at is 'When it was last worked out.';

comment on column users.id is 'The person.';
comment on column users.email is 'The e-mail as it was given at registration. normal_email makes it unique.';
comment on column users.display_name is 'The name that others see.';
comment on column users.created_at is 'When the account was made.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
do $$
declare
  v_column text;
begin
  foreach v_column in array '{
    cart_additions.product_id, cart_additions.added_on, cart_additions.lines, cart_items.id, cart_items.user_id, cart_items.product_id,
    cart_items.quantity, cart_items.added_at, categories.id, categories.name, categories.parent_id, categories.slug, changes.id,
    changes.noted_at, checkout_lines.checkout_id, checkout_lines.product_id, checkout_lines.reserved_until, checkout_lines.price_when_added,
    checkout_lines.added_at, checkouts.id, checkouts.buyer_id, checkouts.status, checkouts.subtotal, checkouts.shipping, checkouts.total,
    checkouts.shipping_address, checkouts.created_at, checkouts.updated_at, dated_ids.since, favorites.user_id, favorites.fav_type,
    favorites.created_at, idempotency_keys.user_id, idempotency_keys.key, idempotency_keys.checkout_id, idempotency_keys.status_code,
    idempotency_keys.body, idempotency_keys.location, idempotency_keys.created_at, late_charges.payment_id, late_charges.amount,
    late_charges.status, late_charges.created_at, late_charges.updated_at, leases.name, leases.holder, leases.held_until,
    loaded_synonyms.line, loaded_synonyms.loaded_at, order_events.id, order_events.order_id, order_events.status, order_events.created_at,
    order_items.order_id, order_items.product_id, order_items.title, order_items.quantity, order_items.price_at_purchase,
    orders.checkout_id, orders.buyer_id, orders.shop_id, orders.status, orders.subtotal, orders.shipping, orders.total, orders.tracking,
    orders.created_at, orders.updated_at, payment_events.provider, payment_events.event_id, payment_events.outcome,
    payment_events.provider_reference, payment_events.received_at, payments.id, payments.checkout_id, payments.amount, payments.refunded,
    payments.status, payments.provider, payments.provider_reference, payments.created_at, payments.updated_at, pictures.id,
    pictures.owner_id, pictures.width, pictures.height, pictures.created_at, processes.id, processes.seen_at, product_neighbors.product_id,
    product_neighbors.neighbor_id, product_neighbors.similarity, product_popularity.product_id, product_popularity.score,
    product_search.product_id, product_search.category_id, product_search.price, product_search.is_vintage, product_search.title,
    product_views.product_id, product_views.viewed_on, product_views.views, products.id, products.shop_id, products.title,
    products.description, products.price, products.category_id, products.tags, products.images, products.is_vintage, products.who_made,
    products.when_made, products.archived_at, products.created_at, products.updated_at, refunds.id, refunds.payment_id, refunds.order_id,
    refunds.amount, refunds.status, refunds.provider_reference, refunds.created_at, refunds.updated_at, reviews.id, reviews.order_id,
    reviews.reviewer_id, reviews.shop_id, reviews.rating, reviews.comment, reviews.created_at, schema_migrations.version,
    search_changes.product_id, search_indexes.alias, search_queries.day, search_queries.q, search_queries.searches,
    search_queries.zero_results, search_reformulations.day, search_reformulations.from_q, search_reformulations.to_q,
    search_reformulations.times, search_shop_changes.shop_id, search_shop_changes.queued_at, search_synonyms.id, search_synonyms.terms,
    search_synonyms.term_keys, search_synonyms.means_keys, search_word_changes.id, search_word_changes.listings, search_word_changes.words,
    search_words.word, search_words.stem, search_words.listings, service_secrets.name, service_secrets.secret, sessions.id,
    sessions.user_id, sessions.token_hash, sessions.created_at, sessions.expires_at, shop_statistics.shop_id, shop_statistics.day, shops.id,
    shops.owner_id, shops.name, shops.description, shops.review_count, shops.created_at, statistics_days.day, statistics_days.computed_at,
    users.id, users.email, users.display_name, users.created_at
  }'::text[] loop
    execute format('comment on column %s is null', v_column);
  end loop;
end;
$$;
comment on table schema_migrations is null;
