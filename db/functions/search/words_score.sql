-- A query has at most twelve segments (search_tokens). They are written out because a loop over arrays costs ten times as much
-- per listing. The first CASE of a segment that a query does not have ends the sum.
-- No search_path is set, so that the planner can inline the expression.
create or replace function words_score(
  own tsquery[], wide tsquery[], weights real[], title tsvector, labels tsvector
) returns double precision
language sql immutable parallel safe
as $$
  select
    weights[1] * place_score(own[1], wide[1], title, labels) + case when weights[2] is null then 0 else
    weights[2] * place_score(own[2], wide[2], title, labels) + case when weights[3] is null then 0 else
    weights[3] * place_score(own[3], wide[3], title, labels) + case when weights[4] is null then 0 else
    weights[4] * place_score(own[4], wide[4], title, labels) + case when weights[5] is null then 0 else
    weights[5] * place_score(own[5], wide[5], title, labels) + case when weights[6] is null then 0 else
    weights[6] * place_score(own[6], wide[6], title, labels) + case when weights[7] is null then 0 else
    weights[7] * place_score(own[7], wide[7], title, labels) + case when weights[8] is null then 0 else
    weights[8] * place_score(own[8], wide[8], title, labels) + case when weights[9] is null then 0 else
    weights[9] * place_score(own[9], wide[9], title, labels) + case when weights[10] is null then 0 else
    weights[10] * place_score(own[10], wide[10], title, labels) + case when weights[11] is null then 0 else
    weights[11] * place_score(own[11], wide[11], title, labels) + case when weights[12] is null then 0 else
    weights[12] * place_score(own[12], wide[12], title, labels)
    end end end end end end end end end end end
$$;
comment on function words_score(tsquery[], tsquery[], real[], tsvector, tsvector) is
  'What the words of a query are worth in a listing that has all of them, from 0 to 1.';
