-- Of the last mail to a person, and of one that was sent while the account was deleted.
create or replace function tg_mails__forget_erased() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  delete from mails m using users u where m.id = new.id and u.id = m.user_id and u.erased_at is not null;
  return null;
end;
$$;
comment on function tg_mails__forget_erased() is 'Deletes a mail to a deleted account once it is sent, rejected or dropped.';

create or replace trigger mails__forget_erased after update of status on mails
  for each row when (new.status <> 'pending') execute function tg_mails__forget_erased();
