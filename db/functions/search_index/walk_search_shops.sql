-- A shop can have a hundred thousand listings, so they are queued in portions. The shop that has waited longest comes first. A
-- shop that sells all the time is walked to its end before it is walked again. The next call handles a shop that another
-- transaction has locked, and the second walk of a shop whose first walk ends. All listings are queued at the end, at once, so
-- that shops are locked before listings, and listings by id, as everywhere.
create or replace function walk_search_shops(room integer) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_shop search_shop_changes;
  v_ids bigint[];
  v_found bigint[] := '{}';
  v_walked bigint[] := '{}';
begin
  while room > 0 loop
    select * into v_shop from search_shop_changes sc
    where sc.shop_id <> all(v_walked) order by sc.queued_at limit 1 for update skip locked;
    exit when not found;
    v_ids := array(
      select p.id from products p
      where p.shop_id = v_shop.shop_id and p.id > v_shop.next_product_id and p.archived_at is null
      order by p.id limit room
    );
    v_found := v_found || v_ids;
    v_walked := v_walked || v_shop.shop_id;
    if cardinality(v_ids) = room then
      update search_shop_changes sc set next_product_id = v_ids[room] where sc.shop_id = v_shop.shop_id;
    elsif v_shop.is_again then
      update search_shop_changes sc set next_product_id = 0, is_again = false, queued_at = clock_timestamp()
      where sc.shop_id = v_shop.shop_id;
    else
      delete from search_shop_changes sc where sc.shop_id = v_shop.shop_id;
    end if;
    room := room - greatest(cardinality(v_ids), 1);
  end loop;
  perform queue_search_changes('{}', v_found, '{}');
end;
$$;
comment on function walk_search_shops(integer) is 'Queues up to `room` listings of shops whose rating or sales changed.';
