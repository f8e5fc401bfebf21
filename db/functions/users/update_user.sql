-- A null argument leaves its column unchanged.
create or replace function update_user(
  user_id bigint, display_name text default null, locale text default null, receives_notices boolean default null
)
returns table (body json)
language sql volatile security definer
set search_path = public, pg_temp
as $$
  update users u
  set display_name = coalesce(update_user.display_name, u.display_name),
    locale = coalesce(update_user.locale, u.locale),
    receives_notices = coalesce(update_user.receives_notices, u.receives_notices)
  where u.id = update_user.user_id and u.erased_at is null
  returning user_json(u)
$$;
comment on function update_user(bigint, text, text, boolean) is 'Changes the profile of a user.';
