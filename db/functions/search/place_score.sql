-- No search_path is set, so that the planner can inline the expression.
-- `wide` is null where it would be the same as `own`.
-- `document` is the largest column, so it is read last. It is not read if `has_all` shows that the listing has the words.
create or replace function place_score(
  own tsquery, wide tsquery, has_all boolean, title tsvector, labels tsvector, document tsvector
) returns double precision
language sql immutable parallel safe
as $$
  select case
    when title @@ own then ranking_constant('title_own')
    when title @@ wide then ranking_constant('title_wide')
    when labels @@ own then ranking_constant('labels_own')
    when labels @@ wide then ranking_constant('labels_wide')
    when has_all or document @@ coalesce(wide, own) then ranking_constant('elsewhere')
    else 0
  end
$$;
comment on function place_score(tsquery, tsquery, boolean, tsvector, tsvector, tsvector) is
  'What the best place of one segment in a listing is worth.';
