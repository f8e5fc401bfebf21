create or replace function leave_process(id uuid) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from processes p where p.id = leave_process.id
$$;
comment on function leave_process(uuid) is 'Removes an API process that ends.';
