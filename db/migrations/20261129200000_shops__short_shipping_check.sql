-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '10s';
-- PostgreSQL parses every CHECK of a table in each statement that writes it. The profile was most of that text, and each sale
-- updates its shops.
create function is_shipping_profile(shipping jsonb) returns boolean language plpgsql immutable
set search_path = public, pg_temp as $$
begin
  return shipping ?& array['base', 'per_extra_item', 'processing_days_min', 'processing_days_max']
    and (shipping ->> 'base') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'per_extra_item') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'processing_days_min')::integer between 0 and 365
    and (shipping ->> 'processing_days_max')::integer between (shipping ->> 'processing_days_min')::integer and 365;
end;
$$;
comment on function is_shipping_profile(jsonb) is
  'Whether a shipping profile has base and per_extra_item in US dollars, and the least and most days until the shipment.';
alter table shops
  drop constraint shops_shipping_is_a_profile,
  add constraint shops_shipping_is_a_profile check (is_shipping_profile(shipping)) not valid;

-- migrate:down
alter table shops
  drop constraint shops_shipping_is_a_profile,
  add constraint shops_shipping_is_a_profile check (
    shipping ?& array['base', 'per_extra_item', 'processing_days_min', 'processing_days_max']
    and (shipping ->> 'base') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'per_extra_item') ~ '^\d{1,8}(\.\d{1,2})?$'
    and (shipping ->> 'processing_days_min')::integer between 0 and 365
    and (shipping ->> 'processing_days_max')::integer between (shipping ->> 'processing_days_min')::integer and 365
  );
drop function is_shipping_profile(jsonb);
