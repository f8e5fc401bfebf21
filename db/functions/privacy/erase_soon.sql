-- Deleting the data of a person takes some 20 ms, and strangers decide how many guests use an address. So each has a job.
create or replace function erase_soon(user_ids bigint[]) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  update users u set password = '*', erased_at = clock_timestamp() where u.id = any (user_ids) and u.erased_at is null;
  delete from sessions s where s.user_id = any (user_ids);
  perform enqueue_job('erase_user', jsonb_build_object('user_id', p.id)) from unnest(user_ids) p (id);
end;
$$;
comment on function erase_soon(bigint[]) is
  'Closes accounts or guests: their sessions end now, and a job for each deletes their data. The caller has locked them.';
