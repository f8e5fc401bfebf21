-- Counted by the index on (fav_type, fav_id), not kept in a counter: a row that many people like would be a row that they
-- wait for. plpgsql, because its plan is kept: a page of 24 calls it 24 times.
create or replace function count_favorites(fav_type text, fav_id bigint) returns integer
language plpgsql stable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select count(*) from favorites f where f.fav_type = count_favorites.fav_type and f.fav_id = count_favorites.fav_id
  );
end;
$$;
comment on function count_favorites(text, bigint) is 'How many people like a product or a shop.';
