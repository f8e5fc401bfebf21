-- If `means` is null, all terms mean the same. Otherwise a search for one of the terms also finds `means`, but not the reverse.
create or replace function add_synonyms(terms text[], means text[]) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_wrong text := (
    select t.term from unnest(add_synonyms.terms || coalesce(add_synonyms.means, '{}')) t (term)
    where char_length(t.term) > 60 or stem_key(t.term) = '' or cardinality(string_to_array(stem_key(t.term), ' ')) > 4
    limit 1
  );
  v_id bigint;
begin
  if v_wrong is not null then
    raise exception using errcode = 'SWINV', detail = '{"field": "terms"}',
      message = format('"%s" is no term: one to four words, at most 60 characters.', v_wrong);
  end if;
  if coalesce(cardinality(stem_keys(add_synonyms.terms)), 0) = 0
    or (add_synonyms.means is null and (select count(distinct k.key) from unnest(stem_keys(add_synonyms.terms)) k (key)) < 2) then
    raise exception using errcode = 'SWINV', detail = '{"field": "terms"}',
      message = 'Give at least two terms that differ, or terms and what they mean.';
  end if;
  select s.id into v_id from search_synonyms s
  where s.term_keys @> stem_keys(add_synonyms.terms) and s.means_keys is not distinct from stem_keys(add_synonyms.means);
  if v_id is null then
    insert into search_synonyms as s (terms, means) values (add_synonyms.terms, add_synonyms.means) returning s.id into v_id;
  end if;
  return v_id;
end;
$$;
comment on function add_synonyms(text[], text[]) is
  'Adds terms that mean the same, or terms and what else they find; returns the row, an old one where it exists already. SWINV.';
