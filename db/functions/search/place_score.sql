-- No search_path is set, so that the planner can inline the expression.
-- `wide` is null where it would be the same as `own`. Reads no document: an index has found the words in it.
create or replace function place_score(own tsquery, wide tsquery, title tsvector, labels tsvector) returns double precision
language sql immutable parallel safe
as $$
  select case
    when title @@ own then ranking_constant('title_own')
    when title @@ wide then ranking_constant('title_wide')
    when labels @@ own then ranking_constant('labels_own')
    when labels @@ wide then ranking_constant('labels_wide')
    else ranking_constant('elsewhere')
  end
$$;
comment on function place_score(tsquery, tsquery, tsvector, tsvector) is
  'What the best place of one segment is worth in a listing that has it.';
