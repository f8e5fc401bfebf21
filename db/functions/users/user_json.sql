-- No search_path: inlined. Names its columns one by one: the password hash has no way out.
create or replace function user_json(u users) returns json
language sql stable parallel safe
as $$
  select json_build_object('id', u.id, 'email', u.email, 'display_name', u.display_name, 'created_at', to_rfc3339(u.created_at))
$$;
comment on function user_json(users) is 'A person as the API shows them to themselves.';
