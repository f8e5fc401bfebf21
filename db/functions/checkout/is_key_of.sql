-- The record is as old as its checkout, or newer if forget_keys deleted the first one. So the index of a user's newest keys finds
-- it. No search_path: inlined.
create or replace function is_key_of(record idempotency_keys, checkout checkouts) returns boolean
language sql immutable
as $$
  select record.user_id = checkout.buyer_id and record.created_at >= checkout.created_at and record.checkout_id = checkout.id
$$;
comment on function is_key_of(idempotency_keys, checkouts) is 'Whether a record of an Idempotency-Key is the one of a checkout.';
