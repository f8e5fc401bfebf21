-- One relay at a time works; the lease outlives a slow turn of its loop, and a relay that died or froze is replaced within 5 s.
-- No row for who does not hold it. In the order in which they were written; what commits late with a low id comes next time.
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
comment on function read_changes(uuid, integer) is 'The oldest changes that caches and the search index have not heard of, for the one relay that works.';
