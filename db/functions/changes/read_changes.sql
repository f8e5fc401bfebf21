-- Only one relay works at a time. The lease is longer than one turn of the relay's loop, and another process replaces a dead or
-- frozen relay within 5 s. A transaction that commits late can add a low id; the next call returns that id.
create or replace function read_changes(holder uuid, batch_size integer)
returns table (id bigint, keys text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if claim_lease('relay', holder, 5) then
    return query select c.id, c.keys from changes c order by c.id limit batch_size;
  end if;
end;
$$;
comment on function read_changes(uuid, integer) is
  'Returns up to batch_size of the oldest changes that the relay has not handled yet, by id. Returns no row unless `holder` '
  'has the relay''s lease.';
