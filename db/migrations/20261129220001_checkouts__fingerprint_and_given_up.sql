-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table checkouts
  add column fingerprint bytea,
  add column is_given_up boolean not null default false,
  add constraint checkouts_fingerprint_has_16_bytes check (octet_length(fingerprint) = 16) not valid;
comment on column checkouts.fingerprint is
  'The first 16 bytes of the fingerprint of the request (idempotency_keys). It outlives the record of the key; null for an order '
  'written in SQL.';
comment on column checkouts.is_given_up is 'Whether the buyer has given up the payment. Its charge is then cancelled, not awaited.';
comment on column checkouts.charge_until is
  'Until then a charge may begin, or the buyer may act. No charge lasts 20 s, so from 20 s later on an unknown charge never '
  'happened.';

-- migrate:down
comment on column checkouts.charge_until is
  'Until then a charge may begin. No charge lasts 20 s, so from 20 s later on an unknown charge never happened.';
alter table checkouts drop column is_given_up, drop column fingerprint;
