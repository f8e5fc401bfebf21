-- Covers the fields of update_shop only: a sale, a review or a favorite does not change it. No search_path: inlined.
create or replace function shop_version(s shops) returns text
language sql stable parallel safe
as $$
  select hashtextextended(
    row(
      s.name, s.description, s.banner, s.logo, s.is_on_vacation, s.vacation_message, s.shipping, s.vacation_from, s.vacation_until,
      s.days_off, s.return_policy
    )::text,
    0
  )::text
$$;
comment on function shop_version(shops) is 'Returns the version of the fields that the owner of a shop sets, for an ETag.';
