-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- A draft has archived_at, so every rule, list and index that leaves out archived listings leaves out drafts, in processes of the
-- previous version too. The generated column state stays as it is: another expression would rewrite the table.
alter table products
  add column is_draft boolean not null default false,
  add constraint products_drafts_are_off_sale check (not is_draft or archived_at is not null) not valid;
comment on column products.is_draft is
  'Whether the owner has not published it yet. A draft is off sale like an archived listing (archived_at), and only its owner sees it.';
comment on column products.archived_at is
  'Since when it is off sale: archived, or a draft (is_draft). Null: the public sees it. Orders still refer to it.';
comment on column products.state is
  'active, sold_out or archived, from quantity and archived_at. A draft is archived here; product_state says draft.';

-- migrate:down
-- A published listing has no archived_at, so a draft becomes an archived listing.
alter table products drop column is_draft;
comment on column products.archived_at is 'Since when it is off the shelf; null while it is on it. Orders still refer to it.';
comment on column products.state is 'active, sold_out or archived, from quantity and archived_at.';
