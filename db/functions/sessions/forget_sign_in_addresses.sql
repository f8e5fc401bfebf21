-- find_credentials reads the last 30 days only. Skips locked rows.
create or replace function forget_sign_in_addresses(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with forgotten as (
    delete from sign_in_addresses a
    where (a.user_id, a.address_hash) in (
      select old.user_id, old.address_hash from sign_in_addresses old
      where old.last_signed_in_at <= kept_since('sign_in_addresses')
      order by old.last_signed_in_at
      limit batch_size
      for update skip locked
    )
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_sign_in_addresses(integer) is
  'Deletes up to batch_size addresses from which an account has not signed in for 30 days. Returns the number.';
