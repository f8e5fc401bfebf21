create or replace function is_destination(destination text) returns boolean
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return destination in ('eu', 'world') or exists (select from countries c where c.code = destination);
end;
$$;
comment on function is_destination(text) is 'Whether a shipping rate can go there: a country of ISO 3166-1, eu or world.';
