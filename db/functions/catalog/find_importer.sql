-- No password matches this account, so only imports and database administrators can change its shops.
create or replace function find_importer() returns bigint
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_email constant text := 'catalog@stallwright.invalid';
  v_id bigint := (select u.id from users u where normal_email(u.email) = v_email and not u.is_guest);
begin
  if v_id is null then
    insert into users (email, password, display_name) values (v_email, '*', 'Catalog import') on conflict do nothing;
    v_id := (select u.id from users u where normal_email(u.email) = v_email and not u.is_guest);
  end if;
  return v_id;
end;
$$;
comment on function find_importer() is
  'Returns the id of the account that owns every imported shop. Creates it if missing. No one can sign in to it.';
