-- The path identifies a category: "Home > Lighting" and "Shop > Lighting" are two. Creates missing levels.
-- A slug is the last name in ASCII. If it is taken, the parent's slug precedes it, then a number follows it.
-- Creating a category locks out other creators until the end of the transaction, so that a free slug stays free.
-- Readers of the tree and new listings do not wait.
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
comment on function find_category(text[]) is 'Returns the id of the category with this path of names. Creates it if missing.';
