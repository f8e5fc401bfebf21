-- Hashed, because clients choose keys, and some choose an e-mail. No search_path: inlined.
create or replace function kept_response_name(record idempotency_keys) returns text
language sql stable
as $$
  select format(
    'idempotency:%s:%s', record.user_id, encode(sha256(convert_to(record.call || ' ' || record.key, 'utf8')), 'hex')
  )
$$;
comment on function kept_response_name(idempotency_keys) is
  'Returns the name of a kept response in the key-value store.';
