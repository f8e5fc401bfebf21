-- Calls from SQL, such as an import, pass no requires_verified. A guest has no account, so it never sells or reviews.
create or replace function check_verified(user_id bigint, requires_verified boolean) returns void
language plpgsql stable security definer
set search_path = public, pg_temp
as $$
begin
  perform refuse_erased(user_id);
  perform refuse_guest(user_id);
  if requires_verified and exists (
    select from users u where u.id = check_verified.user_id and u.email_verified_at is null
  ) then
    raise exception using errcode = 'SWVFY',
      message = 'Prove your e-mail first: open the link that was mailed to you, or ask for a new one.';
  end if;
end;
$$;
comment on function check_verified(bigint, boolean) is
  'Refuses a guest, and with requires_verified an account whose e-mail is not verified. SWVFY.';
