-- No search_path: inlined. Lists its columns, so that the password hash cannot leak.
create or replace function user_json(u users) returns json
language sql stable parallel safe
as $$
  select json_build_object(
    'id', u.id, 'email', u.email, 'email_verified', u.email_verified_at is not null, 'is_guest', u.is_guest,
    'display_name', u.display_name, 'locale', u.locale, 'receives_notices', u.receives_notices,
    'created_at', to_rfc3339(u.created_at)
  )
$$;
comment on function user_json(users) is 'Renders a user for that user.';
