create or replace function has_moved_letter(one text, other text) returns boolean
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select char_length(one) = char_length(other)
      and one_deletes(one) && one_deletes(other)
      and (select array_agg(c order by c) from string_to_table(one, null) c)
        = (select array_agg(c order by c) from string_to_table(other, null) c)
  );
end;
$$;
comment on function has_moved_letter(text, text) is 'Whether two words differ by one letter that stands elsewhere.';
