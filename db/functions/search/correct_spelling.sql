create or replace function correct_spelling(tokens text[]) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(string_to_array(c.corrections -> (choose_correction(c.corrections, c.hits) - 1) ->> 'words', ' '), tokens)
    from counted_corrections(tokens) c
  );
end;
$$;
comment on function correct_spelling(text[]) is
  'A query''s words with the misspelled ones corrected; the same words when there is nothing to correct.';
