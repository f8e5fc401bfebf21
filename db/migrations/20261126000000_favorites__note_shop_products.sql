-- migrate:up
-- A shop's list shows how many people like each listing, as the listing's own page does.
set local lock_timeout = '2s';
set local statement_timeout = '5s';

create or replace function tg_favorites__note_change() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(array(
    select c.fav_type || ':' || c.fav_id from changed c
    union
    select 'shop:' || p.shop_id || ':products' from changed c join products p on p.id = c.fav_id where c.fav_type = 'product'
  ));
  return null;
end;
$$;

-- migrate:down
create or replace function tg_favorites__note_change() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(array(select c.fav_type || ':' || c.fav_id from changed c group by c.fav_type, c.fav_id));
  return null;
end;
$$;
