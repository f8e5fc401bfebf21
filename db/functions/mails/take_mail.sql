-- The first step of sending. The limit is applied here and not when the mail is written, so that a request takes the same time
-- and steps for each address. token_hash: the SHA-256 of a new random token, stored if the kind has one. Each attempt brings its
-- own token, so nothing has to keep a token that can be read.
-- Returns no row if there is nothing to send: it was sent before, or it is dropped now.
--
-- An address that no account has proved gets three mails an hour that no order caused, all people together. A proved one gets ten
-- of each kind that strangers can ask for, and all others: nobody can suppress the mail about a new password. limit_scale
-- multiplies both numbers.
-- Locks: an advisory lock of the address, then the mail.
create or replace function take_mail(mail_id bigint, token_hash bytea, limit_scale numeric default 1)
returns table (kind text, email text, locale text, token_purpose text, facts json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_mail mails;
  v_kind record;
  v_facts json;
  v_is_proved boolean;
  v_is_beyond_limit boolean;
begin
  select m.* into v_mail from mails m where m.id = take_mail.mail_id and m.status = 'pending';
  if not found then
    return;
  end if;
  select k.* into v_kind from mail_kinds() k where k.kind = v_mail.kind;
  if v_mail.taken_at is null and not v_mail.is_about_order then
    perform pg_advisory_xact_lock(hashtextextended('mails ' || normal_email(v_mail.email), 0));
  end if;
  select m.* into v_mail from mails m where m.id = take_mail.mail_id and m.status = 'pending' for update;
  if not found then
    return;
  end if;
  if v_mail.user_id is null then
    update mails m set user_id = u.id, email = u.email, locale = u.locale
    from users u
    where m.id = v_mail.id and normal_email(u.email) = normal_email(m.email) and not u.is_guest and u.erased_at is null
    returning m.* into v_mail;
    if not found then
      -- An unknown address: the service keeps nothing of it.
      delete from mails m where m.id = take_mail.mail_id;
      return;
    end if;
  elsif v_mail.kind <> 'account_erased' and exists (
    select from users u where u.id = v_mail.user_id and u.erased_at is not null
  ) then
    -- The account was deleted while the mail was written.
    delete from mails m where m.id = take_mail.mail_id;
    return;
  end if;
  v_is_proved := is_proved_address(v_mail.email);
  v_is_beyond_limit := v_mail.taken_at is null and not v_mail.is_about_order
    and (not v_is_proved or v_kind.token_purpose in ('verify_email', 'reset_password'))
    and (
      select count(*) >= limit_scale * case when v_is_proved then 10 else 3 end
      from mails m
      where normal_email(m.email) = normal_email(v_mail.email) and not m.is_about_order
        and m.taken_at > clock_timestamp() - interval '1 hour'
        and (not v_is_proved or m.kind = v_mail.kind)
    );
  v_facts := mail_facts(v_mail);
  if v_is_beyond_limit or v_facts is null then
    update mails m set status = 'dropped' where m.id = v_mail.id;
    return;
  end if;
  if v_mail.taken_at is null then
    update mails m set taken_at = clock_timestamp() where m.id = v_mail.id;
  end if;
  if v_kind.token_purpose is not null then
    insert into user_tokens (token_hash, user_id, mail_id, purpose, email, expires_at)
    values (
      take_mail.token_hash, v_mail.user_id, v_mail.id, v_kind.token_purpose, v_mail.email, clock_timestamp() + v_kind.token_ttl
    );
  end if;
  return query select v_mail.kind, v_mail.email, v_mail.locale, v_kind.token_purpose, v_facts;
end;
$$;
comment on function take_mail(bigint, bytea, numeric) is
  'Returns a mail that is to be sent now, with what its template needs, and stores the hash of its token.';
