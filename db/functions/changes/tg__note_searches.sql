-- Categories and synonyms change the results of any search.
create or replace function tg__note_searches() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes('{searches}');
  return null;
end;
$$;
comment on function tg__note_searches() is 'Writes into changes that the results of every search may differ.';

create or replace trigger search_synonyms__note_searches after insert or update or delete on search_synonyms
  for each statement execute function tg__note_searches();
create or replace trigger categories__note_searches after insert or update or delete on categories
  for each statement execute function tg__note_searches();
