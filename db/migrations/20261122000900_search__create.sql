-- migrate:up
-- Edit distance, for the speller. Trusted, like the others.
create extension if not exists fuzzystrmatch with schema public;

-- Two configurations that stem alike. Titles, tags and queries keep words such as "the" and "t" ("t shirt", "the one");
-- descriptions drop them, or the index would hold every listing under "and".
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
-- These three helpers live here because columns and indexes below are made of them.
create function spaced_words(content text) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  -- Two passes of a regular expression take a sixth of the time of one translate() with multi-byte characters.
  select regexp_replace(
    regexp_replace(content, '[''’‘]', '', 'g'),
    '[-/\\_.,:;@&+*=<>()\[\]{}|"#%!?~^$`–—…]', ' ', 'g'
  )
$$;
comment on function spaced_words(text) is 'A text with spaces for everything between words and nothing for apostrophes.';

create function stem_key(content text) returns text
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select coalesce(string_agg(l.lexeme, ' ' order by l.position), '')
  from (
    select t.lexeme, unnest(t.positions) as position
    from unnest(to_tsvector('public.search_words', spaced_words(content))) t
  ) l
$$;
comment on function stem_key(text) is 'The stems of a text''s words in their order: what "Cushion Covers" and "cushion cover" have in common.';

create function stem_keys(terms text[]) returns text[]
language sql immutable strict parallel safe
set search_path = public, pg_temp
as $$
  select coalesce(array_agg(stem_key(t.term) order by t.position), '{}') from unnest(terms) with ordinality t (term, position)
$$;
comment on function stem_keys(text[]) is 'stem_key of each term; null for null.';

create function one_deletes(word text) returns text[]
language sql immutable parallel safe
set search_path = public, pg_temp
as $$
  select array_agg(distinct case when i = 0 then word else overlay(word placing '' from i for 1) end)
  from generate_series(0, least(char_length(word), 24)) i
$$;
comment on function one_deletes(text) is 'A word and what is left of it without one letter: two words one slip apart have one of these in common.';

create table product_search (
  product_id bigint primary key references products (id) on delete cascade,
  title tsvector not null,
  labels tsvector not null,
  document tsvector not null,
  words tsvector not null
);
create index product_search_document_idx on product_search using gin (document);
create index product_search_title_idx on product_search using gin (title);
comment on table product_search is 'What full-text search reads of each listing on the shelf. Apart from products, so that a sale never touches the text index.';
comment on column product_search.labels is 'Tags and category names.';
comment on column product_search.document is 'Title, labels and description: what is matched. The others only rank.';
comment on column product_search.words is 'The unstemmed words of title and labels, as the vocabulary counted them.';

create table search_word_changes (
  id bigint generated always as identity primary key,
  listings smallint not null,
  words tsvector not null,
  constraint search_word_changes_listings_is_one check (listings in (-1, 1))
);
comment on table search_word_changes is 'What the vocabulary has not counted yet; append-only, so that nobody who lists an item waits for a counter.';

create table search_words (
  word text primary key,
  stem text not null,
  listings integer not null,
  constraint search_words_word_has_a_sane_length check (char_length(word) between 1 and 40)
);
create index search_words_stem_idx on search_words (stem);
create index search_words_prefix_idx on search_words (word text_pattern_ops);
create index search_words_one_deletes_idx on search_words using gin (one_deletes(word));
create index search_words_trigrams_idx on search_words using gin (word gin_trgm_ops);
comment on table search_words is 'The vocabulary: words of titles, tags and category names, with how many listings have them.';

create table search_synonyms (
  id bigint generated always as identity primary key,
  terms text[] not null,
  means text[],
  term_keys text[] not null generated always as (stem_keys(terms)) stored,
  means_keys text[] generated always as (stem_keys(means)) stored,
  constraint search_synonyms_terms_are_given check (cardinality(terms) > 0 and array_position(terms, null) is null),
  constraint search_synonyms_means_are_given check (cardinality(means) > 0 and array_position(means, null) is null)
);
comment on table search_synonyms is 'Words and phrases that mean the same. Read by every search, so a changed row counts at once.';
comment on column search_synonyms.means is 'Null: all terms are equal. Otherwise a search for one of the terms also finds these, not the other way round.';

create table loaded_synonyms (
  line text primary key,
  loaded_at timestamptz not null default now()
);
comment on table loaded_synonyms is 'Lines of the shipped synonym files that were loaded once: what an operator changed or deleted stays so.';

-- Which rows changed is settled here; what becomes of them is index_products, in db/functions, so that the way of
-- indexing can change without a migration. A bulk insert is one call. An update that leaves the text alone (a sale)
-- does not even reach the trigger.
create function tg_products__index_inserted() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform index_products(array(select i.id from inserted i));
  return null;
end;
$$;
comment on function tg_products__index_inserted() is 'Indexes new listings for search.';

create function tg_products__index_updated() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  perform index_products(array[new.id]);
  return null;
end;
$$;
comment on function tg_products__index_updated() is 'Indexes a changed listing for search, and takes an archived one out.';

create trigger products__index_inserted after insert on products
  referencing new table as inserted for each statement execute function tg_products__index_inserted();
create trigger products__index_updated after update of title, description, tags, category_id, archived_at on products
  for each row when (
    (old.title, old.description, old.tags, old.category_id, old.archived_at is null)
    is distinct from (new.title, new.description, new.tags, new.category_id, new.archived_at is null)
  )
  execute function tg_products__index_updated();

-- migrate:down
drop trigger products__index_updated on products;
drop trigger products__index_inserted on products;
drop function tg_products__index_updated();
drop function tg_products__index_inserted();
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
drop extension fuzzystrmatch;
