create or replace function write_mail(kind text, user_id bigint, fact_id bigint default null, email text default null) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select write_mails(jsonb_build_array(jsonb_build_object(
    'kind', write_mail.kind, 'user_id', write_mail.user_id, 'fact_id', write_mail.fact_id, 'email', write_mail.email
  )))
$$;
comment on function write_mail(text, bigint, bigint, text) is
  'Writes one mail to a person, at their own address unless email is another one.';
