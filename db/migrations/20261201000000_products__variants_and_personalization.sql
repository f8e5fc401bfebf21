-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
create function is_personalization(personalization jsonb) returns boolean language plpgsql immutable
set search_path = public, pg_temp as $$
begin
  return jsonb_typeof(personalization) = 'object'
    and char_length(personalization ->> 'instructions') between 1 and 500
    and jsonb_typeof(personalization -> 'is_required') = 'boolean'
    and (personalization ->> 'max_length')::integer between 1 and 1024;
end;
$$;
comment on function is_personalization(jsonb) is
  'Whether a personalization has instructions, is_required and a max_length of 1 to 1,024 characters.';
alter table products
  add column stock_by text not null default 'product',
  add column has_variants boolean not null default false,
  add column base_price numeric(10, 2),
  add column highest_price numeric(10, 2),
  add column personalization jsonb,
  add constraint products_base_price_is_positive check (base_price > 0) not valid,
  add constraint products_highest_price_is_not_below_price check (highest_price >= price) not valid,
  add constraint products_personalization_is_whole
    check (personalization is null or is_personalization(personalization)) not valid,
  add constraint products_stock_by_is_known check (stock_by in ('product', 'variant')) not valid,
  add constraint products_variants_have_prices
    check (has_variants = (base_price is not null) and has_variants = (highest_price is not null)) not valid,
  add constraint products_stock_by_variant_has_variants check (stock_by = 'product' or has_variants) not valid;
comment on column products.stock_by is
  'Whose stock a sale takes. product: one stock for all variants, such as one painting framed or unframed. variant: each has its own, '
  'and quantity is their sum.';
comment on column products.has_variants is 'Whether the listing has variants that are not archived. A buyer then chooses one.';
comment on column products.base_price is
  'The price of variants without one of their own, in US dollars. Null without variants. price is then the lowest of the variants.';
comment on column products.highest_price is 'The highest price of the variants in US dollars. Null without variants.';
comment on column products.personalization is
  'What the buyer can write to be put on the item: {instructions, is_required, max_length}. Null: nothing.';

-- migrate:down
alter table products
  drop column stock_by, drop column has_variants, drop column base_price, drop column highest_price, drop column personalization;
drop function is_personalization(jsonb);
