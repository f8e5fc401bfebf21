
create or replace function plan_words(q text, ranking text, exact boolean)
returns table (own tsquery[], wide tsquery[], weights real[], all_terms tsquery, phrase tsquery, matches tsquery, did_you_mean text, corrected text)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if plan_words.q is not null and plan_words.ranking = 'brief' then
    return query select b.own, b.wide, b.weights, null::tsquery, null::tsquery, b.matches, null::text, null::text from plan_brief(plan_words.q) b;
  elsif plan_words.q is not null then
    return query select p.own, p.wide, p.weights, p.all_terms, p.phrase, p.matches, p.did_you_mean, p.corrected
      from plan_search(plan_words.q, plan_words.exact) p;
  end if;
end;
$$;
comment on function plan_words(text, text, boolean) is 'What a query looks for under a ranking; no row for no words.';
