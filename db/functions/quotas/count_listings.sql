-- Archived listings count, too: otherwise listing and archiving in turn would fill the disk.
-- Counts of each shop only what is newer than the count that listing_counts keeps, oldest first and at most so many: a refusal takes
-- back what it counted, so each refused call counts the same again. Listings by SQL or an import are counted by the next calls in turn.
-- Keeps a new count after 100 more that are 10 s old. A call runs for 2.2 s at most, and its listing is dated by the start of its
-- transaction: none that waited is dated before a kept count.
-- The count misses listings that SQL or an import dates before the stored count, and those of a transaction that runs for more than 10 s.
-- It still includes listings that SQL deletes. set_quota recounts all of them.
-- The caller has locked the owner.
create or replace function count_listings(owner_id bigint, at_most bigint default 1000) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_keep_after constant integer := 100;
  v_settled_at constant timestamptz := clock_timestamp() - interval '10 seconds';
  v_listings bigint := 0;
  v_shop record;
begin
  for v_shop in
    select s.id, coalesce(kept.listings, 0) as kept, newer.listings as newer, newer.settled, newer.created_at, newer.newest_id
    from shops s
    left join listing_counts kept on kept.shop_id = s.id
    cross join lateral (
      select count(*) as listings, count(*) filter (where n.is_settled) as settled,
        max(n.created_at) filter (where n.is_settled) as created_at,
        (array_agg(n.id order by n.created_at desc, n.id desc) filter (where n.is_settled))[1] as newest_id
      from (
        select p.created_at, p.id, p.created_at < v_settled_at as is_settled from products p
        where p.shop_id = s.id
          and (p.created_at, p.id) > (coalesce(kept.newest_created_at, '-infinity'), coalesce(kept.newest_id, 0))
        order by p.created_at, p.id
        limit count_listings.at_most
      ) n
    ) newer
    where s.owner_id = count_listings.owner_id
    order by s.id
  loop
    v_listings := v_listings + v_shop.kept + v_shop.newer;
    if v_shop.settled >= v_keep_after then
      insert into listing_counts (shop_id, listings, newest_created_at, newest_id)
      values (v_shop.id, v_shop.kept + v_shop.settled, v_shop.created_at, v_shop.newest_id)
      on conflict (shop_id) do update set
        listings = excluded.listings, newest_created_at = excluded.newest_created_at, newest_id = excluded.newest_id;
    end if;
  end loop;
  return v_listings;
end;
$$;
comment on function count_listings(bigint, bigint) is
  'How many listings the shops of an account have, archived ones included; of each shop at most so many since its last count (null: all).';
