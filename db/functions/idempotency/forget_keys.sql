-- The API promises 24 hours. 48 hours leave room for clock differences and late retries. The key of a pending checkout stays
-- until it has a response. After that, checkouts_buyer_id_idempotency_key_key still allows one checkout a key, forever.
create or replace function forget_keys(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from key_counts c where c.newest_created_at <= kept_since('key_counts');
  with forgotten as (
    delete from idempotency_keys k
    using (
      select old.user_id, old.call, old.key from idempotency_keys old
      where old.created_at < kept_since('idempotency_keys')
        and old.locked_until <= statement_timestamp()
        and (num_nonnulls(old.body, old.refusal) = 1 or old.checkout_id is null)
      order by old.created_at
      limit batch_size
      for update skip locked
    ) old
    where k.user_id = old.user_id and k.call = old.call and k.key = old.key
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_keys(integer) is
  'Deletes up to batch_size records of Idempotency-Keys older than 48 hours, and counts that are a day old. Returns the number '
  'of records.';
