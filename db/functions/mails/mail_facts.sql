-- What the template of a kind needs. Null if the subject of the mail no longer exists: then there is nothing to tell.
create or replace function mail_facts(m mails) returns json
language sql stable
set search_path = public, pg_temp
as $$
  select json_build_object('person', json_build_object('display_name', u.display_name))
  from users u where u.id = m.user_id
$$;
comment on function mail_facts(mails) is 'Returns what the template of a mail needs; null if there is nothing left to tell.';
