-- The pages of listings, and the lists of their shop, show the days of the profile.
create or replace function tg_processing_profiles__note_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform note_changes(array['shop:' || new.shop_id || ':products'] || array(
    select 'product:' || used.id from unnest(products_of_profile(new)) used (id)
  ));
  return null;
end;
$$;
comment on function tg_processing_profiles__note_updated() is 'Writes the listings that show a changed processing profile into changes.';

create or replace trigger processing_profiles__note_updated after update on processing_profiles
  for each row when (
    (old.readiness, old.days_min, old.days_max) is distinct from (new.readiness, new.days_min, new.days_max)
  )
  execute function tg_processing_profiles__note_updated();
