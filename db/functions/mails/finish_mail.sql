-- Locks: for a rejection the person, then the mail.
-- outcome: sent, rejected with the mail server's reason (failure), or dropped because there is no mail server.
-- end_tokens can drop a mail while the mail server gets it: then it was sent all the same.
create or replace function finish_mail(mail_id bigint, outcome text, failure text default null) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_mail mails;
begin
  -- Not by lock_buyer: the last mail to a person comes after the deletion of the account.
  if outcome = 'rejected' then
    perform from users u
    where u.id = (select m.user_id from mails m where m.id = finish_mail.mail_id)
    for no key update;
  end if;
  update mails m
  set status = outcome, failure = left(finish_mail.failure, 500),
    sent_at = case when outcome = 'sent' then clock_timestamp() end
  where m.id = finish_mail.mail_id and m.status in ('pending', 'dropped')
  returning m.* into v_mail;
  if v_mail.status = 'rejected' then
    update users u set mail_rejected_at = clock_timestamp() where u.id = v_mail.user_id and u.email = v_mail.email;
  end if;
end;
$$;
comment on function finish_mail(bigint, text, text) is
  'Notes the outcome of a mail: the mail server accepted it (sent) or rejected it for good (rejected), or the service has no '
  'mail server (dropped).';
