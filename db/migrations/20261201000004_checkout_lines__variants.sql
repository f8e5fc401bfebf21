-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
alter table checkout_lines
  add column variant_id bigint,
  add column stock_variant_id bigint,
  add column personalization text,
  add constraint checkout_lines_personalization_has_a_sane_length
    check (char_length(personalization) between 1 and 1024) not valid,
  add constraint checkout_lines_stock_variant_id_is_its_variant
    check (stock_variant_id is null or stock_variant_id is not distinct from variant_id) not valid;
comment on column checkout_lines.variant_id is 'As in cart_items.';
comment on column checkout_lines.stock_variant_id is 'As in cart_items.';
comment on column checkout_lines.personalization is 'As in cart_items.';

-- migrate:down
alter table checkout_lines drop column variant_id, drop column stock_variant_id, drop column personalization;
