-- A trigger and not a CHECK, because its error names the field.
create or replace function tg_users__check_email() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform check_email(new.email);
  return new;
end;
$$;
comment on function tg_users__check_email() is 'Refuses an e-mail address that no mail server accepts. SWINV.';

create or replace trigger users__check_email before insert or update of email on users
  for each row execute function tg_users__check_email();
