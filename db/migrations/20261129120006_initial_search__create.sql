-- migrate:up
-- Two configurations that stem alike, and one for the speller. Titles, tags and queries keep words such as "the" and "t" ("t
-- shirt", "the one"); descriptions drop them, or the index would hold every listing under "and".
create text search dictionary english_stem_all (template = snowball, language = english);
create text search configuration search_words (copy = english);
alter text search configuration search_words
  alter mapping for asciiword, word, numword, int, uint, float, sfloat, version, asciihword, hword, numhword,
    hword_part, hword_asciipart, hword_numpart with unaccent, english_stem_all;
create text search configuration search_prose (copy = english);
alter text search configuration search_prose
  alter mapping for asciiword, word, numword, int, uint, float, sfloat, version, asciihword, hword, numhword,
    hword_part, hword_asciipart, hword_numpart with unaccent, english_stem;
create text search configuration search_spelling (copy = simple);
alter text search configuration search_spelling
  alter mapping for asciiword, word, numword, int, uint, float, sfloat, version, asciihword, hword, numhword,
    hword_part, hword_asciipart, hword_numpart with unaccent, simple;

-- The parser would read "Earrings/Studs" as a file path and "hand-made" as three words, so everything between words
-- becomes a space; apostrophes vanish, which makes "men's" and "mens" one word.
-- These four functions are no files of db/functions, because columns and indexes below need them.
create function spaced_words(content text) returns text
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
begin
  -- Two passes of a regular expression take a sixth of the time of one translate() with multi-byte characters.
  return regexp_replace(
    regexp_replace(content, '[''’‘]', '', 'g'),
    '[-/\\_.,:;@&+*=<>()\[\]{}|"#%!?~^$`–—…]', ' ', 'g'
  );
end;
$$;
comment on function spaced_words(text) is 'A text with a space for each separator and without apostrophes.';

create function stem_key(content text) returns text
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(string_agg(l.lexeme, ' ' order by l.position), '')
    from (
      select t.lexeme, unnest(t.positions) as position
      from unnest(to_tsvector('public.search_words', spaced_words(content))) t
    ) l
  );
end;
$$;
comment on function stem_key(text) is
  'The stems of a text''s words in their order: what "Cushion Covers" and "cushion cover" have in common.';

create function stem_keys(terms text[]) returns text[]
language sql immutable strict parallel safe
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(stem_key(t.term) order by t.position), '{}') from unnest(terms) with ordinality t (term, position)
$$;
comment on function stem_keys(text[]) is 'stem_key of each term; null for null.';

create function one_deletes(word text) returns text[]
language plpgsql immutable parallel safe
set search_path = public, pg_temp
as $$
begin
  return (
    select array_agg(distinct case when i = 0 then word else overlay(word placing '' from i for 1) end)
    from generate_series(0, least(char_length(word), 24)) i
  );
end;
$$;
comment on function one_deletes(text) is
  'A word and the word without each one of its letters: two words one slip apart have one of these in common.';

-- A narrow table: columns that filter and count stand beside the title. In a row above 2 KB, the two long vectors are stored
-- outside. The two short ones never are, because a search ranks thousands of listings by them.
create table product_search (
  product_id bigint primary key references products (id) on delete cascade,
  shop_id bigint not null,
  category_id bigint,
  price numeric(10, 2) not null,
  is_vintage boolean not null,
  in_stock boolean not null,
  title tsvector not null,
  labels tsvector not null,
  document tsvector not null,
  words tsvector not null
) with (toast_tuple_target = 256, fillfactor = 75);
alter table product_search
  alter column title set storage main,
  alter column labels set storage main,
  alter column document set storage external,
  alter column words set storage external;
create index product_search_document_idx on product_search using gin (document);
create index product_search_title_idx on product_search using gin (title);
comment on table product_search is
  'The columns of each listing on the shelf that full-text search matches, ranks, filters and counts.';
comment on column product_search.product_id is 'The listing. An archived one has no row.';
comment on column product_search.shop_id is
  'The shop. Triggers copy it from products, like category_id, price, is_vintage and in_stock.';
comment on column product_search.category_id is 'Its category; null for none.';
comment on column product_search.price is 'Its price, in US dollars.';
comment on column product_search.is_vintage is 'Whether it is vintage.';
comment on column product_search.in_stock is
  'Whether it is in stock. No index holds it, nor price and is_vintage, so that a change of stock writes no index entry.';
comment on column product_search.title is 'Its title, stemmed.';
comment on column product_search.labels is 'Tags and category names.';
comment on column product_search.document is 'Title, labels and description, for matching. title and labels only rank.';
comment on column product_search.words is 'The unstemmed words of title and labels, as the vocabulary counts them.';

create table search_word_changes (
  id bigint generated always as identity primary key,
  listings smallint not null,
  words tsvector not null,
  constraint search_word_changes_listings_is_one check (listings in (-1, 1))
);
comment on table search_word_changes is
  'Words that the vocabulary has not counted yet. Append-only, so that a seller who lists an item waits for no counter.';
comment on column search_word_changes.id is 'The place in the queue: the lowest is counted first.';
comment on column search_word_changes.listings is '1 for an added listing, -1 for a removed one.';
comment on column search_word_changes.words is 'The unstemmed words of the listing''s title and labels.';

create table search_words (
  word text primary key,
  stem text not null,
  listings integer not null,
  constraint search_words_word_has_a_sane_length check (char_length(word) between 1 and 40)
);
create index search_words_one_deletes_idx on search_words using gin (one_deletes(word));
create index search_words_prefix_idx on search_words (word text_pattern_ops);
create index search_words_stem_idx on search_words (stem);
create index search_words_trigrams_idx on search_words using gin (word gin_trgm_ops);
comment on table search_words is
  'The vocabulary: words of titles, tags and category names, with the number of listings that have them.';
comment on column search_words.word is 'The word, unstemmed, in small letters and without accents.';
comment on column search_words.stem is 'The stem, by which queries are compared.';
comment on column search_words.listings is 'How many listings have it in title, tags or category names.';

create table search_synonyms (
  id bigint generated always as identity primary key,
  terms text[] not null,
  means text[],
  term_keys text[] not null generated always as (stem_keys(terms)) stored,
  means_keys text[] generated always as (stem_keys(means)) stored,
  constraint search_synonyms_means_are_given check (cardinality(means) > 0 and array_position(means, null) is null),
  constraint search_synonyms_terms_are_given check (cardinality(terms) > 0 and array_position(terms, null) is null)
);
comment on table search_synonyms is
  'Words and phrases that mean the same. Every search reads them, so a changed row counts at once.';
comment on column search_synonyms.id is 'The row, as `bun run synonyms` names it.';
comment on column search_synonyms.terms is 'Words and phrases as an operator wrote them.';
comment on column search_synonyms.means is
  'A search for one of the terms also finds these, but not the reverse. Null: all terms are equal.';
comment on column search_synonyms.term_keys is 'The stems of terms, by which queries are looked up. Generated.';
comment on column search_synonyms.means_keys is 'The stems of means; null where means is null. Generated.';

create table loaded_synonyms (
  line text primary key,
  loaded_at timestamptz not null default now()
);
comment on table loaded_synonyms is
  'Lines of the shipped synonym files that were loaded. A line is loaded once, so that changes of an operator stay.';
comment on column loaded_synonyms.line is 'The line as the file has it.';
comment on column loaded_synonyms.loaded_at is 'When it was loaded.';

create table search_queries (
  day date not null default current_date,
  q text not null,
  searches integer not null,
  zero_results integer not null default 0,
  corrected integer not null default 0,
  primary key (day, q),
  constraint search_queries_counts_are_of_searches check (
    zero_results between 0 and searches and corrected between 0 and searches
  ),
  constraint search_queries_q_has_a_sane_length check (char_length(q) between 1 and 200)
) partition by range (day);
comment on table search_queries is
  'Queries, one row a day, without people. Rare ones are deleted after a week, the others after 90 days. Partitioned by month.';
comment on column search_queries.day is 'The day in UTC.';
comment on column search_queries.q is 'The query, in small letters and without what could name a person.';
comment on column search_queries.searches is 'How often it was searched for that day.';
comment on column search_queries.zero_results is 'How many of these searches found nothing.';
comment on column search_queries.corrected is 'How many of these searches the speller corrected.';

create table search_reformulations (
  day date not null default current_date,
  from_q text not null,
  to_q text not null,
  times integer not null,
  primary key (day, from_q, to_q),
  constraint search_reformulations_are_two_queries check (from_q <> to_q),
  constraint search_reformulations_times_is_positive check (times > 0)
) partition by range (day);
comment on table search_reformulations is
  'Pairs of queries of one person within minutes: the first found nothing, the second did. One partition a month.';
comment on column search_reformulations.day is 'The day in UTC.';
comment on column search_reformulations.from_q is 'The query that found nothing.';
comment on column search_reformulations.to_q is 'The next query, which found something.';
comment on column search_reformulations.times is 'How often the pair occurred that day.';

-- migrate:down
drop table search_reformulations;
drop table search_queries;
drop table loaded_synonyms;
drop table search_synonyms;
drop table search_words;
drop table search_word_changes;
drop table product_search;
drop function one_deletes(text);
drop function stem_keys(text[]);
drop function stem_key(text);
drop function spaced_words(text);
drop text search configuration search_spelling;
drop text search configuration search_prose;
drop text search configuration search_words;
drop text search dictionary english_stem_all;
