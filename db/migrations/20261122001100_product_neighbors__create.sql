-- migrate:up
create table product_neighbors (
  product_id bigint not null references products (id) on delete cascade,
  neighbor_id bigint not null references products (id) on delete cascade,
  similarity double precision not null,
  primary key (product_id, neighbor_id),
  constraint product_neighbors_are_two_products check (product_id <> neighbor_id),
  constraint product_neighbors_similarity_is_positive check (similarity > 0)
);
create index product_neighbors_neighbor_id_idx on product_neighbors (neighbor_id);
comment on table product_neighbors is 'Which listings the same people like or buy: the 20 nearest of each. Rebuilt by rebuild_product_neighbors.';

create table product_popularity (
  product_id bigint primary key references products (id) on delete cascade,
  score double precision not null,
  constraint product_popularity_score_is_positive check (score > 0)
);
create index product_popularity_score_idx on product_popularity (score desc, product_id desc);
comment on table product_popularity is 'What is popular now: views, favorites and sales, decayed. Rebuilt by rebuild_product_popularity.';

-- migrate:down
drop table product_popularity;
drop table product_neighbors;
