-- A category is its path: "Home > Lighting" and "Shop > Lighting" are two. Missing levels are made.
-- Slugs are the path's last name in ASCII; where that is taken, the parent's slug comes before it, then a number.
-- Who makes a category locks out everybody else who would, until the end of the transaction: only so is a slug that is free
-- still free a moment later. Reading the tree and listing items in it go on meanwhile.
create or replace function find_category(path text[]) returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_parent_id bigint;
  v_id bigint;
  v_name text;
begin
  foreach v_name in array path loop
    select c.id into v_id from categories c where c.parent_id is not distinct from v_parent_id and c.name = v_name;
    if v_id is null then
      lock table categories in share row exclusive mode;
      select c.id into v_id from categories c where c.parent_id is not distinct from v_parent_id and c.name = v_name;
    end if;
    if v_id is null then
      insert into categories (name, parent_id, slug) values (v_name, v_parent_id, free_slug(v_name, v_parent_id))
      returning id into v_id;
    end if;
    v_parent_id := v_id;
    v_id := null;
  end loop;
  return v_parent_id;
end;
$$;
comment on function find_category(text[]) is 'The id of the category with this path of names, made where it is missing.';
