-- Allows one build at a time, under a lease that the build renews while it works. `above` is the highest number in Elasticsearch,
-- so that an index left by an older database or a killed build is never reused. Returns no row while another process builds.
create or replace function begin_search_build(alias text, holder uuid, above integer)
returns table (index_name text, live_index_name text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if claim_lease('search build', holder, 15) then
    return query
      insert into search_indexes as i (alias, last_number)
      values (begin_search_build.alias, begin_search_build.above + 1)
      on conflict on constraint search_indexes_pkey do update
        set last_number = greatest(i.last_number, begin_search_build.above) + 1, next_index_name = null
      returning i.alias || '_v' || i.last_number, i.index_name;
  end if;
end;
$$;
comment on function begin_search_build(text, uuid, integer) is
  'The name of the index that this process is to build, and the name of the one that searches read meanwhile.';
