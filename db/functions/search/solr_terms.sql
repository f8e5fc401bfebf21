-- Returns each term on one line and without punctuation, because a comma or an arrow would end the term.
create or replace function solr_terms(terms text[]) returns text[]
language sql immutable
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(trim(t.plain) order by t.position), '{}')
  from unnest(terms) with ordinality w (term, position)
  cross join lateral (select regexp_replace(spaced_words(w.term), '\s+', ' ', 'g') as plain, w.position) t
  where trim(t.plain) <> ''
$$;
comment on function solr_terms(text[]) is 'Terms as a synonym rule in Solr format may hold them.';
