-- migrate:up
-- Caches and the search index must learn of every change, whoever makes it: a call, a job, an import, a person at psql. So
-- triggers of the tables write it down, in the transaction of the change (db/functions/<domain>/tg_<table>__note_*.sql). Rows
-- live for a fraction of a second. Autovacuum sweeps often, because a read would otherwise walk over the dead ones.
create table changes (
  id bigint generated always as identity primary key,
  keys text[] not null,
  product_ids bigint[] not null default '{}',
  stock_ids bigint[] not null default '{}',
  sales_shop_ids bigint[] not null default '{}',
  noted_at timestamptz not null default clock_timestamp()
) with (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000);
comment on table changes is
  'An outbox of changes for caches and the search index. Triggers write it; the relay empties it within a fraction of a second.';
comment on column changes.id is 'The place in the queue: the relay takes the lowest first.';
comment on column changes.keys is 'The cache keys that are stale now, such as product:12, shop:3:products, cart:9.';
comment on column changes.product_ids is 'The listings whose documents the search index has to update.';
comment on column changes.stock_ids is 'The listings of which only the stock changed.';
comment on column changes.sales_shop_ids is 'The shops whose rating or sales changed; all their listings are ranked by them.';
comment on column changes.noted_at is 'When the row was written.';

create sequence search_versions as bigint;
comment on sequence search_versions is
  'Versions of search_changes. No version is given twice, so that a row that came back is not taken for the old one.';

create sequence search_revisions as bigint;
comment on sequence search_revisions is 'Revisions of documents in search indexes: the later a listing was read, the higher.';

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
  'The listings whose document in the search index is out of date: one row each, however often they change.';
comment on column search_changes.product_id is 'The listing. A deleted or archived listing leaves the index.';
comment on column search_changes.is_stock_only is 'Only its stock changed, or the rating and sales of its shop.';
comment on column search_changes.version is
  'Rises with every change. The indexer deletes a row only if its version is the one that it wrote into the index.';
comment on column search_changes.queued_at is 'Since when the index is out of date.';
comment on column search_changes.refusal is
  'The search engine''s reason for refusing the document, which is sent again when the listing changes. Null: not refused.';

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
  'The shops whose new rating or sales are not in the documents of all their listings yet. The indexer walks through these.';
comment on column search_shop_changes.shop_id is 'The shop.';
comment on column search_shop_changes.next_product_id is 'The walk has queued the listings up to this one.';
comment on column search_shop_changes.is_again is 'It changed again during the walk; another walk follows.';
comment on column search_shop_changes.queued_at is 'Since when the index is out of date.';

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
comment on table search_indexes is 'The search index that has every change, so that searches may use it.';
comment on column search_indexes.alias is 'The name that searches use: SEARCH_INDEX.';
comment on column search_indexes.index_name is
  'The index behind the alias, with every change since it was built. Null: a rebuild is due.';
comment on column search_indexes.index_uuid is 'The engine''s id of the index: another index of the same name has another one.';
comment on column search_indexes.format is 'The number of its mapping in search/index.json.';
comment on column search_indexes.next_index_name is
  'The index that a rebuild fills. Changes are written into it, too. Null without a rebuild.';
comment on column search_indexes.last_number is 'The highest number of an index. No number is given twice.';
comment on column search_indexes.seen_at is
  'When a process last asked for changes, to the minute. After an hour without one, changes are no longer kept.';

-- migrate:down
drop table search_indexes;
drop table search_shop_changes;
drop table search_changes;
drop table changes;
drop sequence search_revisions;
drop sequence search_versions;
