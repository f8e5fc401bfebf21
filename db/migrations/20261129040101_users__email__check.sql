-- migrate:up
-- A trigger and not a CHECK: a CHECK, even one that is not valid, refuses every later change of an account whose address was
-- accepted before this rule. The pattern is also in src/http/formats.ts; db/test/emails.test.ts compares the two.
set local lock_timeout = '2s';
set local statement_timeout = '10s';
create function tg_users__check_email() returns trigger language plpgsql volatile
set search_path = public, pg_temp as $$
begin
  -- RFC 5321, 4.1.2: a dot-atom of at most 64 characters, @, and a host name of RFC 1035 with a top-level domain of RFC 3696.
  if new.email !~ '^[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$'
    or position('@' in new.email) > 65
  then
    raise exception using errcode = 'SWINV', message = 'must be an e-mail address such as ann@example.com', detail = '{"field": "email"}';
  end if;
  return new;
end;
$$;
comment on function tg_users__check_email() is 'Refuses a new e-mail that a mail server would not take. SWINV.';

create trigger users__check_email before insert or update of email on users
  for each row execute function tg_users__check_email();

-- migrate:down
set local lock_timeout = '2s';
drop trigger users__check_email on users;
drop function tg_users__check_email();
