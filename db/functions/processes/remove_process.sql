create or replace function remove_process(id uuid) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from processes p where p.id = remove_process.id
$$;
comment on function remove_process(uuid) is 'Removes an API process that ends.';
