-- Archived listings count too; otherwise a seller could fill the disk by listing and archiving in turn.
-- For each shop, counts only the listings that are newer than the count in listing_counts: at most at_most, oldest first. A
-- refused call rolls its count back, so each refused call counts the same listings again. After SQL or an import has added many
-- listings, several calls share the counting.
-- Stores a new count when 100 more listings are 10 s old. A call runs for at most 2.2 s and dates its listing by the start of its
-- transaction, so no listing of a call can be older than a stored count.
-- The count misses listings that SQL or an import dates before the stored count, and those of a transaction that runs for more
-- than 10 s. The count still includes listings that SQL deletes. set_quota recounts all of them.
-- The caller has locked the owner.
create or replace function count_listings(owner_id bigint, at_most bigint default 1000) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_keep_after constant integer := 100;
  v_final_before constant timestamptz := clock_timestamp() - interval '10 seconds';
  v_listings bigint := 0;
  v_shop record;
begin
  for v_shop in
    select s.id, coalesce(kept.listings, 0) as kept, newer.listings as newer, newer.final, newer.created_at, newer.newest_id
    from shops s
    left join listing_counts kept on kept.shop_id = s.id
    cross join lateral (
      select count(*) as listings, count(*) filter (where n.is_final) as final,
        max(n.created_at) filter (where n.is_final) as created_at,
        (array_agg(n.id order by n.created_at desc, n.id desc) filter (where n.is_final))[1] as newest_id
      from (
        select p.created_at, p.id, p.created_at < v_final_before as is_final from products p
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
    if v_shop.final >= v_keep_after then
      insert into listing_counts (shop_id, listings, newest_created_at, newest_id)
      values (v_shop.id, v_shop.kept + v_shop.final, v_shop.created_at, v_shop.newest_id)
      on conflict (shop_id) do update set
        listings = excluded.listings, newest_created_at = excluded.newest_created_at, newest_id = excluded.newest_id;
    end if;
  end loop;
  return v_listings;
end;
$$;
comment on function count_listings(bigint, bigint) is
  'Returns how many listings the shops of an account have, archived ones included. Counts at most at_most listings in each '
  'shop since its stored count; null counts all.';
