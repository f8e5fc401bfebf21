create or replace function request_email_verification(user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  perform refuse_guest(user_id);
  perform write_mail('verify_email', user_id);
end;
$$;
comment on function request_email_verification(bigint) is
  'Mails a link that proves the address of an account. A verified account can prove it again. SWVFY: a guest.';
