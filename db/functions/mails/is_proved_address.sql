-- An account that was made by SQL counts as proved.
create or replace function is_proved_address(email text) returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select exists (
    select from users u
    where normal_email(u.email) = normal_email(is_proved_address.email) and not u.is_guest and u.email_verified_at is not null
  )
$$;
comment on function is_proved_address(text) is 'Returns whether an account has proved that the address is its own.';
