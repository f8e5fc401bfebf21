-- migrate:up
-- Rows are copied into a narrow table: what filters and counts stands beside the title, and the two long vectors are
-- moved out of the row, so that 10,000 matches are some hundred pages and no look-up in products.
-- Whoever changes a listing waits while the rows are copied and indexed; searches go on until the names change hands.
set local lock_timeout = '3s';
set local statement_timeout = '30min';
lock table products in share row exclusive mode;

create table product_search_narrow (
  product_id bigint primary key,
  shop_id bigint not null,
  category_id bigint,
  price numeric(10, 2) not null,
  is_vintage boolean not null,
  in_stock boolean not null,
  title tsvector not null,
  labels tsvector not null,
  document tsvector not null,
  words tsvector not null
) with (toast_tuple_target = 256, fillfactor = 90);
alter table product_search_narrow alter column document set storage external;
alter table product_search_narrow alter column words set storage external;

insert into product_search_narrow (product_id, shop_id, category_id, price, is_vintage, in_stock, title, labels, document, words)
select ps.product_id, p.shop_id, p.category_id, p.price, p.is_vintage, p.quantity > 0, ps.title, ps.labels, ps.document, ps.words
from product_search ps
join products p on p.id = ps.product_id
order by ps.product_id;
create index product_search_narrow_document_idx on product_search_narrow using gin (document);
create index product_search_narrow_title_idx on product_search_narrow using gin (title);

-- squawk-ignore ban-drop-table
drop table product_search;
-- squawk-ignore renaming-table
alter table product_search_narrow rename to product_search;
alter index product_search_narrow_pkey rename to product_search_pkey;
alter index product_search_narrow_document_idx rename to product_search_document_idx;
alter index product_search_narrow_title_idx rename to product_search_title_idx;
-- squawk-ignore adding-foreign-key-constraint, constraint-missing-not-valid
alter table product_search add constraint product_search_product_id_fkey foreign key (product_id) references products (id) on delete cascade;
comment on table product_search is 'What full-text search reads of each listing on the shelf: what is matched, ranked, filtered and counted.';
comment on column product_search.shop_id is 'Follows products, like category_id, price, is_vintage and in_stock.';
comment on column product_search.in_stock is 'In no index, like price and is_vintage: when stock ends, PostgreSQL writes no index entry.';
comment on column product_search.labels is 'Tags and category names.';
comment on column product_search.document is 'Title, labels and description: what is matched. The others only rank.';
comment on column product_search.words is 'The unstemmed words of title and labels, as the vocabulary counted them.';

create function tg_products__index_facts() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  update product_search ps
  set price = new.price, is_vintage = new.is_vintage, in_stock = new.quantity > 0
  where ps.product_id = new.id;
  return null;
end;
$$;
comment on function tg_products__index_facts() is 'Keeps price, vintage and whether there is stock beside the text of a listing.';

create trigger products__index_facts after update of price, quantity, is_vintage on products
  for each row when ((old.price, old.quantity > 0, old.is_vintage) is distinct from (new.price, new.quantity > 0, new.is_vintage))
  execute function tg_products__index_facts();

-- migrate:down
drop trigger products__index_facts on products;
drop function tg_products__index_facts();
alter table product_search
  drop column shop_id, drop column category_id, drop column price, drop column is_vintage, drop column in_stock,
  reset (toast_tuple_target, fillfactor);
