-- Cuts a query into segments: the longest synonym phrase at each place ("tea light"), two words that are one compound in the
-- vocabulary ("bird house"), or a single word. `own` is the segment as typed. `wide` adds synonyms and other spellings. `weight`
-- is higher for rarer words. `phrases` has the same as words, the typed ones first, for an engine with its own stemmer. Stop
-- words count only in a query that has no other words.
create or replace function search_segments(tokens text[]) returns table (own tsquery, wide tsquery, weight real, phrases text[])
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_at integer := 1;
  v_length integer;
  v_key text;
  v_others text[];
  v_joined text;
  v_is_word boolean := exists (
    select from unnest(tokens) t (token) where not is_stop_word(t.token)
  );
begin
  while v_at <= cardinality(tokens) loop
    v_length := least(4, cardinality(tokens) - v_at + 1) + 1;
    loop
      v_length := v_length - 1;
      v_key := stem_key(array_to_string(tokens[v_at:v_at + v_length - 1], ' '));
      v_others := synonyms_of(v_key);
      if v_length = 2 then
        v_joined := tokens[v_at] || tokens[v_at + 1];
        if exists (select from search_words sw where sw.word = v_joined) then
          v_others := v_others || v_joined || synonyms_of(stem_key(v_joined));
        end if;
      end if;
      exit when v_others is not null or v_length = 1;
    end loop;
    if v_length = 1 then
      v_others := v_others || compounds_of(tokens[v_at]);
    end if;
    own := all_query(array(select phrase_query(s.stem) from string_to_table(v_key, ' ') s (stem)));
    wide := any_query(own || array(select phrase_query(stem_key(o.phrase)) from unnest(v_others) o (phrase)));
    weight := idf(v_key);
    phrases := array_to_string(tokens[v_at:v_at + v_length - 1], ' ') || coalesce(v_others, '{}');
    if wide is not null and (v_length > 1 or not v_is_word or not is_stop_word(tokens[v_at])) then
      return next;
    end if;
    v_at := v_at + v_length;
  end loop;
end;
$$;
comment on function search_segments(text[]) is 'The segments of a query, one a row.';
