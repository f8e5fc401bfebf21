-- Accepts an address without a country: the API requires one, but SQL may write older addresses.
create or replace function check_country(address jsonb) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if address ->> 'country' is not null and not exists (select from countries c where c.code = address ->> 'country') then
    raise exception using errcode = 'SWINV', detail = '{"field": "shipping_address/country"}',
      message = 'The country must be an ISO 3166-1 code of two capital letters, such as "US".';
  end if;
end;
$$;
comment on function check_country(jsonb) is 'Refuses an address whose country is not in ISO 3166-1. SWINV.';
