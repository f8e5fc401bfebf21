-- The owner's rights: a person's row has a password, which the API may not read.
create or replace function show_user(user_id bigint) returns table (body json)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select user_json(u) from users u where u.id = show_user.user_id
$$;
comment on function show_user(bigint) is 'A person''s own profile; no row for nobody.';
