create or replace function forget_tokens(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with forgotten as (
    delete from user_tokens t
    where t.token_hash in (
      select old.token_hash from user_tokens old
      where old.expires_at < kept_since('user_tokens')
      order by old.expires_at
      limit batch_size
      for update skip locked
    )
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_tokens(integer) is 'Deletes up to batch_size tokens of mails that expired long ago. Returns the number.';
