-- A null argument leaves its column unchanged.
create or replace function update_user(user_id bigint, display_name text default null)
returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update users u
  set display_name = coalesce(update_user.display_name, u.display_name)
  where u.id = update_user.user_id
  returning user_json(u)
$$;
comment on function update_user(bigint, text) is 'Changes the profile of a user.';
