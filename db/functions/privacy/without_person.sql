-- at_most: the limit of the column, because the constant can be longer than a name. No search_path: inlined.
create or replace function without_person(body text, pattern text, at_most integer) returns text
language sql immutable
as $$
  select left(regexp_replace(body, pattern, 'a former customer', 'gi'), at_most)
$$;
comment on function without_person(text, text, integer) is
  'Returns a text with a constant in place of what matches person_pattern.';
