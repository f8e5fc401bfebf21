-- No search_path, so that the planner puts the expression in place of the call.
-- `document` is the largest column and is read last, and not at all where `has_all` says that the words are there.
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
    when has_all or document @@ wide then ranking_constant('elsewhere')
    else 0
  end
$$;
comment on function place_score(tsquery, tsquery, boolean, tsvector, tsvector, tsvector) is
  'What the best place of one segment in a listing is worth.';
