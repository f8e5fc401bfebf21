create or replace function slip_patterns(word text) returns text[]
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    select array_agg(distinct p.pattern || '%')
    from generate_series(1, char_length(word)) i
    cross join lateral (
      values
        (left(word, i - 1) || '_' || substr(word, i + 1)),
        (left(word, i - 1) || '_' || substr(word, i)),
        (left(word, i - 1) || substr(word, i + 1)),
        (left(word, i - 1) || substr(word, i + 1, 1) || substr(word, i, 1) || substr(word, i + 2))
    ) p (pattern)
  );
end;
$$;
comment on function slip_patterns(text) is
  'LIKE patterns for words that begin like this one with one letter wrong, missing, too many, or swapped with the next.';
