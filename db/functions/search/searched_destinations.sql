-- A listing that is sent to the whole world or, for a member, to the European Union, is sent to the country. `eu` finds listings
-- that are sent to all of its members, and `world` those that are sent everywhere.
create or replace function searched_destinations(ships_to text) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if ships_to is null then
    return null;
  end if;
  if ships_to not in ('eu', 'world') and not exists (select from countries c where c.code = ships_to) then
    raise exception using errcode = 'SWINV', detail = '{"field": "ships_to"}',
      message = 'The destination must be an ISO 3166-1 code of two capital letters, such as "US", or "eu" or "world".';
  end if;
  return destinations_to(ships_to);
end;
$$;
comment on function searched_destinations(text) is
  'The destinations of which a listing must have one to pass the filter `ships_to`; null for null. SWINV: no such place.';
