-- Counts the rows of search_word_changes into the vocabulary. A running server calls it every few seconds, and an import calls it
-- at its end. One call works at a time. A concurrent call returns 0 at once.
create or replace function refresh_search_words(batch_size integer default 50000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_count integer;
begin
  if not pg_try_advisory_xact_lock(hashtextextended('refresh_search_words', 0)) then
    return 0;
  end if;
  with taken as (
    delete from search_word_changes c
    where c.id in (select s.id from search_word_changes s order by s.id limit batch_size)
    returning c.listings, c.words
  ),
  counted as (
    select w.lexeme as word, sum(t.listings) as listings
    from taken t
    cross join unnest(t.words) w
    where char_length(w.lexeme) <= 40
    group by w.lexeme
    having sum(t.listings) <> 0
  ),
  written as (
    insert into search_words as sw (word, stem, listings)
    select c.word, stem_key(c.word), c.listings from counted c
    on conflict (word) do update set listings = sw.listings + excluded.listings
  )
  select count(*) into v_count from taken;
  if v_count > 0 then
    delete from search_words sw where sw.listings <= 0;
    perform note_changes('{searches}');
  end if;
  return v_count;
end;
$$;
comment on function refresh_search_words(integer) is
  'Counts pending changes into the vocabulary; returns how many it took, 0 after the last one.';
