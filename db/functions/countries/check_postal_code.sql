create or replace function check_postal_code(address jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if address ->> 'postal_code' is null
    and exists (select from countries c where c.code = address ->> 'country' and c.has_postal_codes)
  then
    raise exception using errcode = 'SWINV', message = 'An address in this country must have a postal_code.',
      detail = '{"field": "shipping_address/postal_code"}';
  end if;
end;
$$;
comment on function check_postal_code(jsonb) is 'Refuses an address without a postal code in a country that has them. SWINV.';
