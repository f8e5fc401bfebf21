-- Covers what update_shop changes, and nothing else: a sale, a review or a like is no change of the shop. No search_path: inlined.
create or replace function shop_version(s shops) returns text
language sql stable parallel safe
as $$
  select hashtextextended(
    row(s.name, s.description, s.banner, s.logo, s.is_on_vacation, s.vacation_message, s.shipping)::text, 0
  )::text
$$;
comment on function shop_version(shops) is 'A word for what the owner of a shop says of it, another one after every change of that: for an ETag.';
