-- Raises a readable message before the constraint would fail. Null means that the profile does not change.
create or replace function check_shipping(shipping jsonb) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  if (shipping ->> 'processing_days_max')::integer < (shipping ->> 'processing_days_min')::integer then
    raise exception using errcode = 'SWINV', message = 'processing_days_max must not be less than processing_days_min.',
      detail = '{"field": "shipping/processing_days_max"}';
  end if;
end;
$$;
comment on function check_shipping(jsonb) is
  'Rejects a shipping profile with processing_days_max below processing_days_min. SWINV.';
