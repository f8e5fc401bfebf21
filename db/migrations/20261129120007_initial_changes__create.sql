-- migrate:up
-- Caches and the search index must learn of every change, whoever makes it: a call, a job, an import, a person at psql. So
-- triggers of the tables write it down, in the transaction of the change (db/functions/<domain>/tg_<table>__note_*.sql). Rows
-- live for a fraction of a second. Autovacuum sweeps often, because a read would otherwise walk over the dead ones.
create table changes (
  id bigint generated always as identity primary key,
  keys text[] not null,
  product_id bigint,
  is_stock_only boolean not null default false,
  sales_shop_id bigint,
  noted_at timestamptz not null default clock_timestamp()
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
comment on table changes is
  'What caches and the search index have not heard of yet: an outbox, written by triggers, emptied by the relay within a fraction of a second.';
comment on column changes.id is 'Its place in the queue: the relay takes the lowest first.';
comment on column changes.keys is 'The cached things that are stale now, such as product:12, shop:3:products, cart:9.';
comment on column changes.product_id is
  'The listing that the search index must show as it is now; null where no listing changed.';
comment on column changes.is_stock_only is 'Nothing of the listing but its stock.';
comment on column changes.sales_shop_id is 'The shop whose rating or sales changed, which all its listings are ranked by.';
comment on column changes.noted_at is 'When the change was noted.';

create sequence search_versions as bigint;
comment on sequence search_versions is
  'Versions of search_changes: a version is never given twice, so that a row that came back is not taken for the old one.';

create sequence search_revisions as bigint;
comment on sequence search_revisions is
  'Revisions of what is written into search indexes: the later a listing was read, the higher.';

create table search_changes (
  product_id bigint primary key,
  is_stock_only boolean not null,
  version bigint not null,
  queued_at timestamptz not null default clock_timestamp(),
  refusal text
) with (fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
create index search_changes_queued_at_idx on search_changes (queued_at, product_id) where refusal is null;
comment on table search_changes is
  'The listings that the search index does not show as they are: one row each, however often they change.';
comment on column search_changes.product_id is 'The listing; one that is gone or archived leaves the index.';
comment on column search_changes.is_stock_only is 'Nothing but its stock, or the rating and sales of its shop.';
comment on column search_changes.version is
  'Moves with every change: a row is deleted only if it is still what was written into the index.';
comment on column search_changes.queued_at is 'Since when the index lags behind.';
comment on column search_changes.refusal is
  'Why the search engine does not take the document; it is tried again when the listing changes.';

create table search_shop_changes (
  shop_id bigint primary key,
  next_product_id bigint not null default 0,
  is_again boolean not null default false,
  queued_at timestamptz not null default clock_timestamp()
) with (fillfactor = 70,
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
create index search_shop_changes_queued_at_idx on search_shop_changes (queued_at);
comment on table search_shop_changes is
  'The shops whose rating or sales the index does not know at all their listings yet; walked through page by page.';
comment on column search_shop_changes.shop_id is 'The shop.';
comment on column search_shop_changes.next_product_id is 'The listings up to this one are in search_changes already, or were.';
comment on column search_shop_changes.is_again is 'It changed again during the walk: another one follows.';
comment on column search_shop_changes.queued_at is 'Since when the index lags behind.';

create table search_indexes (
  alias text primary key,
  index_name text,
  index_uuid text,
  format integer,
  next_index_name text,
  last_number integer not null default 0,
  seen_at timestamptz not null default clock_timestamp(),
  constraint search_indexes_index_name_is_known_by_uuid_and_format check (
    (index_name is null) = (index_uuid is null) and (index_name is null) = (format is null)
  )
);
comment on table search_indexes is 'Which search index has heard of every change, so that searches may rely on it.';
comment on column search_indexes.alias is 'The name that searches ask for: SEARCH_INDEX.';
comment on column search_indexes.index_name is 'Followed without a gap since it was built; null: a rebuild is due.';
comment on column search_indexes.index_uuid is 'As the engine knows it: another index of the same name is not it.';
comment on column search_indexes.format is 'The number of its mapping in search/index.json.';
comment on column search_indexes.next_index_name is 'What a rebuild fills: changes are written into it, too.';
comment on column search_indexes.last_number is 'The highest number that an index was given; none is given twice.';
comment on column search_indexes.seen_at is
  'When a process last asked for changes, to the minute. After an hour without one they are no longer kept.';

-- migrate:down
drop table search_indexes;
drop table search_shop_changes;
drop table search_changes;
drop table changes;
drop sequence search_revisions;
drop sequence search_versions;
