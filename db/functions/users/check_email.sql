-- src/http/formats.ts has the same pattern; db/test/emails.test.ts compares the two.
create or replace function check_email(email text) returns void
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  -- RFC 5321, 4.1.2: a dot-atom of at most 64 characters, @, and a host name of RFC 1035 with a top-level domain of RFC 3696.
  v_atom constant text := '[A-Za-z0-9!#$%&''*+/=?^_`{|}~-]+';
  v_label constant text := '[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?';
  v_top_level constant text := '[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]';
begin
  if email !~ format('^%1$s(\.%1$s)*@(%2$s\.)+%3$s$', v_atom, v_label, v_top_level) or position('@' in email) > 65 then
    raise exception using errcode = 'SWINV',
      message = 'must be an e-mail address such as ann@example.com', detail = '{"field": "email"}';
  end if;
end;
$$;
comment on function check_email(text) is 'Refuses an e-mail address that no mail server accepts. SWINV.';
