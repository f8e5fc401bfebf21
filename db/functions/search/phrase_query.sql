-- Quotes each stem, so that typed text never becomes an operator.
create or replace function phrase_query(key text) returns tsquery
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    select string_agg('''' || replace(replace(s.stem, '\', '\\'), '''', '''''') || '''', ' <-> ' order by s.position)::tsquery
    from string_to_table(key, ' ') with ordinality s (stem, position)
    where s.stem <> ''
  );
end;
$$;
comment on function phrase_query(text) is 'The query for a stem_key: its stems one after the other. Null for an empty key.';
