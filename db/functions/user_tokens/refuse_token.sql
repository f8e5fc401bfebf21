create or replace function refuse_token() returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  raise exception using errcode = 'SWINV', detail = '{"field": "token"}',
    message = 'The link is wrong, was used before, or has expired. Ask for a new mail.';
end;
$$;
comment on function refuse_token() is 'Refuses a mailed token that does not work. SWINV.';
