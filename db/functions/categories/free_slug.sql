-- At most 200 characters, the limit of the API. The last ten are reserved for the number.
create or replace function free_slug(name text, parent_id bigint) returns text
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_slug text := coalesce(
    nullif(trim(both '-' from regexp_replace(lower(unaccent(free_slug.name)), '[^a-z0-9]+', '-', 'g')), ''), 'category'
  );
  v_candidate text;
  v_number integer := 1;
begin
  v_slug := rtrim(left(v_slug, 190), '-');
  v_candidate := v_slug;
  if exists (select from categories c where c.slug = v_candidate) and free_slug.parent_id is not null then
    select rtrim(left(c.slug || '-' || v_slug, 190), '-') into v_slug from categories c where c.id = free_slug.parent_id;
    v_candidate := v_slug;
  end if;
  while exists (select from categories c where c.slug = v_candidate) loop
    v_number := v_number + 1;
    v_candidate := v_slug || '-' || v_number;
  end loop;
  return v_candidate;
end;
$$;
comment on function free_slug(text, bigint) is 'Returns a free slug for a category with this name.';
