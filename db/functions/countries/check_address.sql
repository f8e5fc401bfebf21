-- Accepts an address without a country: the API requires one, but SQL may write older addresses. Only the API requires the
-- postal code. path: where the error's field is, such as 'shipping_address/'.
create or replace function check_address(
  address jsonb, requires_postal_code boolean default false, path text default 'shipping_address/'
) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_country countries;
begin
  if address ->> 'country' is null then
    return;
  end if;
  select c.* into v_country from countries c where c.code = address ->> 'country';
  if not found then
    raise exception using errcode = 'SWINV', detail = json_build_object('field', path || 'country'),
      message = 'The country must be an ISO 3166-1 code of two capital letters, such as "US".';
  elsif requires_postal_code and v_country.has_postal_codes and address ->> 'postal_code' is null then
    raise exception using errcode = 'SWINV', message = 'An address in this country must have a postal_code.',
      detail = json_build_object('field', path || 'postal_code');
  end if;
end;
$$;
comment on function check_address(jsonb, boolean, text) is
  'Refuses an address whose country is not in ISO 3166-1 or, if requires_postal_code, that lacks the postal code of its country. '
  'SWINV.';
