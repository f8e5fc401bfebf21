-- Security definer, because the API role cannot read users, whose rows have passwords.
create or replace function show_user(user_id bigint) returns table (body json)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select user_json(u) from users u where u.id = show_user.user_id
$$;
comment on function show_user(bigint) is 'Returns the profile of a user.';
