-- The oldest mails have the lowest ids, so no index of their time is needed. Their tokens go with them.
create or replace function forget_mails(batch_size integer default 1000) returns integer
language sql volatile security definer
set search_path = public, pg_temp
as $$
  with forgotten as (
    delete from mails m
    where m.created_at < kept_since('mails') and m.id in (select oldest.id from mails oldest order by oldest.id limit batch_size)
    returning 1
  )
  select count(*)::integer from forgotten
$$;
comment on function forget_mails(integer) is 'Deletes up to batch_size old mails. Returns the number.';
