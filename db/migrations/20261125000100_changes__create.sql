-- migrate:up
-- Whatever is kept outside PostgreSQL (caches, the search index) must hear of every change, from whatever path it comes: a
-- call, a job, an import, a hand at psql. So the tables themselves write it down, in the transaction of the change.
set local lock_timeout = '3s';

create table changes (
  id bigint generated always as identity primary key,
  keys text[] not null,
  product_id bigint,
  is_stock_only boolean not null default false,
  sales_shop_id bigint,
  noted_at timestamptz not null default clock_timestamp()
)
-- Rows live for a fraction of a second; what they leave behind is swept often, or each read would walk over it.
with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
comment on table changes is 'What caches and the search index have not heard of yet: an outbox, written by triggers, emptied by the relay within a fraction of a second.';
comment on column changes.keys is 'The cached things that are stale now, such as product:12, shop:3:products, cart:9.';
comment on column changes.product_id is 'The listing that the search index must show as it is now; null where no listing changed.';
comment on column changes.is_stock_only is 'Nothing of the listing but its stock.';
comment on column changes.sales_shop_id is 'The shop whose rating or sales changed, which all its listings are ranked by.';

create table processes (
  id uuid primary key,
  has_own_cache boolean not null,
  seen_at timestamptz not null
);
comment on table processes is 'The running API processes: one that caches for itself may do so only while it is alone.';
comment on column processes.has_own_cache is 'It keeps its cache in itself, where no other process can make anything stale.';

create table leases (
  name text primary key,
  holder uuid not null,
  held_until timestamptz not null
);
comment on table leases is 'Work that one process at a time does; whoever does not renew its lease is replaced.';

create function tg_products__note_inserted() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(
    array(
      select k.key from inserted i cross join lateral (values ('product:' || i.id), ('shop:' || i.shop_id), ('shop:' || i.shop_id || ':products')) k (key)
      group by k.key
    ),
    array(select i.id from inserted i order by i.id)
  );
  return null;
end;
$$;
comment on function tg_products__note_inserted() is 'Writes new listings into changes.';

create function tg_products__note_deleted() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(
    array(
      select k.key from deleted d cross join lateral (values ('product:' || d.id), ('shop:' || d.shop_id), ('shop:' || d.shop_id || ':products')) k (key)
      group by k.key
    ),
    array(select d.id from deleted d order by d.id)
  );
  return null;
end;
$$;
comment on function tg_products__note_deleted() is 'Writes deleted listings into changes.';

create function tg_products__note_updated() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
declare
  v_keys text[] := array['product:' || new.id, 'shop:' || new.shop_id || ':products'];
  v_stock_changed boolean := old.quantity <> new.quantity;
  v_document_changed boolean :=
    (old.title, old.description, old.tags, old.category_id, old.price, old.is_vintage, old.created_at, old.archived_at is null)
    is distinct from
    (new.title, new.description, new.tags, new.category_id, new.price, new.is_vintage, new.created_at, new.archived_at is null);
begin
  if (old.archived_at is null) <> (new.archived_at is null) then
    v_keys := v_keys || ('shop:' || new.shop_id);
  end if;
  perform note_changes(
    v_keys,
    case when v_document_changed or v_stock_changed then array[new.id] else '{}' end,
    not v_document_changed
  );
  return null;
end;
$$;
comment on function tg_products__note_updated() is 'Writes a changed listing into changes: its page, its shop''s list, and what of it the search index holds.';

create trigger products__note_inserted after insert on products
  referencing new table as inserted for each statement execute function tg_products__note_inserted();
create trigger products__note_deleted after delete on products
  referencing old table as deleted for each statement execute function tg_products__note_deleted();
create trigger products__note_updated after update on products
  for each row execute function tg_products__note_updated();

-- A product's page shows its shop's name and rating.
create function tg_shops__note_updated() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
declare
  v_keys text[] := array['shop:' || new.id];
begin
  if (old.name, old.rating) is distinct from (new.name, new.rating) then
    v_keys := v_keys || ('shop:' || new.id || ':products')
      || array(select 'product:' || p.id from products p where p.shop_id = new.id and p.archived_at is null);
  end if;
  perform note_changes(
    v_keys, sales_shop_id => case when (old.rating, old.sales_count) is distinct from (new.rating, new.sales_count) then new.id end
  );
  return null;
end;
$$;
comment on function tg_shops__note_updated() is 'Writes a changed shop into changes: its page, its listings where they show it, and its rating and sales.';

create trigger shops__note_updated after update on shops
  for each row execute function tg_shops__note_updated();

create function tg_favorites__note_change() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(array(select c.fav_type || ':' || c.fav_id from changed c group by c.fav_type, c.fav_id));
  return null;
end;
$$;
comment on function tg_favorites__note_change() is 'Writes into changes that a product''s or shop''s number of favorites is another.';

create trigger favorites__note_inserted after insert on favorites
  referencing new table as changed for each statement execute function tg_favorites__note_change();
create trigger favorites__note_deleted after delete on favorites
  referencing old table as changed for each statement execute function tg_favorites__note_change();

create function tg_cart_items__note_change() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(array(select 'cart:' || c.user_id from changed c group by c.user_id));
  return null;
end;
$$;
comment on function tg_cart_items__note_change() is 'Writes into changes whose carts are others.';

create trigger cart_items__note_inserted after insert on cart_items
  referencing new table as changed for each statement execute function tg_cart_items__note_change();
create trigger cart_items__note_updated after update on cart_items
  referencing new table as changed for each statement execute function tg_cart_items__note_change();
create trigger cart_items__note_deleted after delete on cart_items
  referencing old table as changed for each statement execute function tg_cart_items__note_change();

create function tg_sessions__note_ended() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes(array(select 'session:' || encode(e.token_hash, 'hex') from ended e));
  return null;
end;
$$;
comment on function tg_sessions__note_ended() is 'Writes into changes which sessions have ended.';

create trigger sessions__note_ended after delete on sessions
  referencing old table as ended for each statement execute function tg_sessions__note_ended();

-- What searches are made of besides listings and shops.
create function tg__note_searches() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform note_changes('{searches}');
  return null;
end;
$$;
comment on function tg__note_searches() is 'Writes into changes that every search may answer otherwise.';

create trigger search_synonyms__note_searches after insert or update or delete on search_synonyms
  for each statement execute function tg__note_searches();
create trigger categories__note_searches after insert or update or delete on categories
  for each statement execute function tg__note_searches();

-- migrate:down
drop trigger categories__note_searches on categories;
drop trigger search_synonyms__note_searches on search_synonyms;
drop function tg__note_searches();
drop trigger sessions__note_ended on sessions;
drop function tg_sessions__note_ended();
drop trigger cart_items__note_deleted on cart_items;
drop trigger cart_items__note_updated on cart_items;
drop trigger cart_items__note_inserted on cart_items;
drop function tg_cart_items__note_change();
drop trigger favorites__note_deleted on favorites;
drop trigger favorites__note_inserted on favorites;
drop function tg_favorites__note_change();
drop trigger shops__note_updated on shops;
drop function tg_shops__note_updated();
drop trigger products__note_updated on products;
drop trigger products__note_deleted on products;
drop trigger products__note_inserted on products;
drop function tg_products__note_updated();
drop function tg_products__note_deleted();
drop function tg_products__note_inserted();
drop table leases;
drop table processes;
drop table changes;
