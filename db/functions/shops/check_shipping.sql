-- Says in words what a constraint would refuse by name. Null where a change leaves the profile as it is.
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
comment on function check_shipping(jsonb) is 'Refuses a shipping profile whose longest processing time is shorter than its shortest. SWINV.';
