-- at_most: the limit of the column, because the constant can be longer than a name.
create or replace function without_person(body text, patterns text[], at_most integer) returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_pattern text;
begin
  foreach v_pattern in array patterns loop
    body := regexp_replace(body, v_pattern, 'a former customer', 'gi');
  end loop;
  return left(body, at_most);
end;
$$;
comment on function without_person(text, text[], integer) is
  'Returns a text with a constant in place of what matches person_patterns.';
